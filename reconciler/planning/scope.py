"""What `--target` selects. Without targets everything is selected.

A target is an address or a glob over addresses. A link's address selects the whole entry: every half and every
mirror topic; a mirror topic's address selects that mirror topic alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.model.address import Address, matches
from reconciler.model.desired import DesiredLink
from reconciler.model.diagnostics import Diagnostic, Severity


def selects_link(targets: tuple[str, ...], entry: DesiredLink) -> bool:
    """Whether the link objects of an entry take part."""
    return not targets or any(matches(h.address, t) for h in entry.halves for t in targets)


def selects_mirror(targets: tuple[str, ...], entry: DesiredLink, address: Address) -> bool:
    """Whether a mirror topic takes part: by itself or with its link."""
    return selects_link(targets, entry) or any(matches(address, target) for target in targets)


def touches(targets: tuple[str, ...], entry: DesiredLink) -> bool:
    """Whether anything under an entry may take part, so that its links have to be read.

    A pattern's mirror topics are not known before the first reading: a target below its link counts.
    """
    if selects_link(targets, entry) or any(
        matches(mirror.address, target) for mirror in entry.mirrors for target in targets
    ):
        return True
    return any(
        target.startswith(f"{pattern.link}/") or "*" in target
        for pattern in entry.patterns
        for target in targets
    )


def unknown_targets(
    targets: tuple[str, ...], addresses: Iterable[Address]
) -> tuple[Diagnostic, ...]:
    """Targets that select nothing: probably misspelt, and never silently an empty plan."""
    known = tuple(addresses)
    return tuple(
        Diagnostic(
            code="target-unknown",
            severity=Severity.ERROR,
            message=f"no link or mirror topic of the file is named by the target {target}",
            cure="write CLUSTER/LINK or CLUSTER/LINK/MIRROR as the plan without --target shows them, or a glob over these",
            subject=target,
        )
        for target in sorted(set(targets))
        if not any(matches(address, target) for address in known)
    )
