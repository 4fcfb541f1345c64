"""A plan is a value: it can be printed in every format, saved, compared, applied later, refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reconciler.model.address import Address, LinkAddress
from reconciler.model.changes import Change
from reconciler.model.consent import ConsentKind, Grant, narrowest
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.observed import Gap
from reconciler.model.steps import Step


@dataclass(frozen=True, slots=True)
class Unmanaged:
    """Something live that no file speaks of: reported, never touched."""

    address: Address
    detail: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything between what is wanted and what exists.

    `changes` are sorted for reading, `steps` in an order in which they can run. `diagnostics` hold what is
    blocked, what is waited for, warnings and notes. `gaps` are what could not be read.
    """

    changes: tuple[Change, ...] = ()
    steps: tuple[Step, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    gaps: tuple[Gap, ...] = ()
    unmanaged: tuple[Unmanaged, ...] = ()
    identities: Mapping[str, str] = field(default_factory=dict)
    """Cluster ids by cluster name, as read."""
    targets: tuple[str, ...] = ()
    """What the plan was limited to; of the rest it says nothing."""
    link_ids: Mapping[LinkAddress, str] = field(default_factory=dict)
    """Ids of the live link objects that the plan speaks of: a link that was deleted and made anew has another."""

    def of(self, severity: Severity) -> tuple[Diagnostic, ...]:
        """The diagnostics of one severity."""
        return tuple(d for d in self.diagnostics if d.severity is severity)

    @property
    def blocked(self) -> tuple[Diagnostic, ...]:
        """What was asked for and cannot be done."""
        return self.of(Severity.BLOCKED)

    @property
    def protected(self) -> tuple[Diagnostic, ...]:
        """What was asked for and a `protect` glob forbids, whatever the consent."""
        return tuple(d for d in self.blocked if d.code == "protected")

    @property
    def waiting(self) -> tuple[Diagnostic, ...]:
        """What is on its way without a step of ours."""
        return self.of(Severity.WAITING)

    @property
    def pending(self) -> bool:
        """Whether reality differs from what is wanted: steps to run, something blocked or waited for.

        This is the one place that decides it (`plan --detailed-exitcode`). Unmanaged objects and notes never
        count.
        """
        return bool(self.changes or self.blocked or self.waiting)

    @property
    def wanted_grants(self) -> tuple[Grant, ...]:
        """The narrowest consents that its irreversible changes need, ready to be pasted after `--allow`."""
        return tuple(
            grant
            for kind in ConsentKind
            for grant in narrowest(
                kind, [c.address for c in self.changes if c.kind.consent is kind]
            )
        )
