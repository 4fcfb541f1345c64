"""Reading where half of the truth is worth nothing: what is written down from it would be half true."""

from __future__ import annotations

from reconciler.model.diagnostics import Diagnostic
from reconciler.model.engine import Engine
from reconciler.model.errors import UnreadableError
from reconciler.model.observed import ObservedState
from reconciler.model.reads import Reads


async def read_completely(
    engine: Engine, reads: Reads, before: ObservedState, *, otherwise: Diagnostic
) -> ObservedState:
    """A further reading laid over an earlier one. `otherwise` says what is not done if a part of it is missing.

    Raises:
        UnreadableError: something could not be read (P6). A cluster that is gone hides many scopes for one reason,
            which is said once.
    """
    observed = before.merge(await engine.observe(reads)) if reads else before
    if gaps := observed.gaps():
        raise UnreadableError(otherwise, *dict.fromkeys(gap.diagnostic for gap in gaps))
    return observed
