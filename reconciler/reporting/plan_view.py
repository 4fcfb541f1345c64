"""What a plan has to say, computed once; the printers only lay it out.

Irreversible changes come apart from the others. Where many changes of one link are of one kind, they become a
`Batch`: people get the count, the first names and the differences added up, machines get JSON.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from reconciler.model.address import Address, LinkAddress, MirrorAddress
from reconciler.model.changes import Change, ChangeKind, Delta
from reconciler.model.consent import Grant
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.observed import Gap
from reconciler.model.plan import Plan, Unmanaged
from reconciler.reporting.grouping import MANY, grouped
from reconciler.reporting.words import CREATIONS


@dataclass(frozen=True, slots=True)
class Counts:
    """The figures of the summary line."""

    create: int
    change: int
    irreversible: int
    errors: int
    blocked: int
    waiting: int
    warnings: int
    notes: int
    unreadable: int
    unmanaged: int


@dataclass(frozen=True, slots=True)
class Single:
    """One change with the notes that speak of its object."""

    change: Change
    notes: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """Many changes of one kind on one link, in plan order."""

    kind: ChangeKind
    changes: tuple[Change, ...]

    @property
    def deltas(self) -> tuple[tuple[Delta, int], ...]:
        """Each different delta with how many of the changes have it, the most frequent first."""
        counts = Counter(delta for change in self.changes for delta in change.deltas)
        return tuple(counts.most_common())


Entry: TypeAlias = Single | Batch


@dataclass(frozen=True, slots=True)
class LinkSection:
    """What happens to one link and its mirror topics."""

    link: LinkAddress
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Danger:
    """Irreversible changes of one kind on one link."""

    link: LinkAddress
    kind: ChangeKind
    changes: tuple[Change, ...]
    notes: tuple[Diagnostic, ...] = ()
    grants: tuple[Grant, ...] = ()
    """Those of the plan's consents that speak of these changes."""

    @property
    def known_loss(self) -> int:
        """Records by which these mirrors are known to be behind, together."""
        return sum(c.exposure.records or 0 for c in self.changes if c.exposure)

    @property
    def unknown(self) -> int:
        """How many of these changes have a lag that is not known."""
        return sum(1 for c in self.changes if c.exposure is None or c.exposure.records is None)


@dataclass(frozen=True, slots=True)
class UnmanagedSection:
    """What no file speaks of, on one link: details of the link itself, or mirror topics described alike."""

    link: LinkAddress
    items: tuple[str, ...]
    """Details of the link, or names of mirror topics."""
    detail: str = ""
    """What there is to say of these mirror topics; empty for the link itself."""


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan, arranged for readers: what cannot be undone, what else changes, what is to be said about it."""

    plan: Plan
    counts: Counts
    dangers: tuple[Danger, ...]
    links: tuple[LinkSection, ...]
    findings: tuple[Diagnostic, ...]
    unmanaged: tuple[UnmanagedSection, ...]

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What could not be read."""
        return self.plan.gaps

    @property
    def grants(self) -> tuple[Grant, ...]:
        """The consent that an apply will want."""
        return self.plan.wanted_grants

    def of(self, severity: Severity) -> tuple[Diagnostic, ...]:
        """Findings of one severity that are not told elsewhere."""
        return tuple(d for d in self.findings if d.severity is severity)


def view_plan(plan: Plan) -> PlanView:
    """Arrange a plan for printing."""
    notes = _notes_by_address(plan)
    dangers = _dangers(plan, notes)
    links = _link_sections(plan, notes)
    told = _told(dangers, links) | {gap.diagnostic for gap in plan.gaps}
    return PlanView(
        plan=plan,
        counts=count_plan(plan),
        dangers=dangers,
        links=links,
        findings=tuple(d for d in plan.diagnostics if d not in told),
        unmanaged=_unmanaged(plan.unmanaged),
    )


def count_plan(plan: Plan) -> Counts:
    """The figures of a plan. Each change is counted once, and an error behind a gap only as the gap."""
    unread = {gap.diagnostic for gap in plan.gaps}
    irreversible = sum(c.kind.irreversible for c in plan.changes)
    create = sum(c.kind in CREATIONS for c in plan.changes)
    return Counts(
        create=create,
        change=len(plan.changes) - create - irreversible,
        irreversible=irreversible,
        errors=sum(d not in unread for d in plan.of(Severity.ERROR)),
        blocked=len(plan.blocked),
        waiting=len(plan.waiting),
        warnings=len(plan.of(Severity.WARNING)),
        notes=len(plan.of(Severity.NOTE)),
        unreadable=len(plan.gaps),
        unmanaged=len(plan.unmanaged),
    )


def link_of(address: Address) -> LinkAddress:
    """The link that an address is, or hangs on."""
    return address.link_address if isinstance(address, MirrorAddress) else address


def _notes_by_address(plan: Plan) -> dict[Address, tuple[Diagnostic, ...]]:
    addressed = [d for d in plan.of(Severity.NOTE) if d.address is not None]
    return {a: found for a, found in grouped(addressed, lambda d: d.address).items() if a}


def _dangers(plan: Plan, notes: dict[Address, tuple[Diagnostic, ...]]) -> tuple[Danger, ...]:
    irreversible = [c for c in plan.changes if c.kind.irreversible]
    together = grouped(irreversible, lambda c: (link_of(c.address), c.kind))
    return tuple(
        Danger(link, kind, changes, _notes_on(changes, notes), _grants_on(plan, changes))
        for (link, kind), changes in together.items()
    )


def _grants_on(plan: Plan, changes: Sequence[Change]) -> tuple[Grant, ...]:
    """As the line to paste has them: one number may speak of several links."""
    kinds = {change.kind.consent for change in changes}
    addresses = {str(change.address) for change in changes}
    return tuple(
        grant
        for grant in plan.wanted_grants
        if grant.kind in kinds and (grant.glob is None or grant.glob in addresses)
    )


def _notes_on(
    changes: Sequence[Change], notes: dict[Address, tuple[Diagnostic, ...]]
) -> tuple[Diagnostic, ...]:
    """The notes on a few changes; those on many are left to the section of all notes, which can add them up."""
    if len(changes) > MANY:
        return ()
    return tuple(note for change in changes for note in notes.get(change.address, ()))


def _link_sections(
    plan: Plan, notes: dict[Address, tuple[Diagnostic, ...]]
) -> tuple[LinkSection, ...]:
    reversible = [c for c in plan.changes if not c.kind.irreversible]
    return tuple(
        LinkSection(link, tuple(_entries(changes, notes)))
        for link, changes in grouped(reversible, lambda c: link_of(c.address)).items()
    )


def _entries(
    changes: Sequence[Change], notes: dict[Address, tuple[Diagnostic, ...]]
) -> Iterable[Entry]:
    """Changes in plan order, with a batch in the place of its first one."""
    kinds = grouped(changes, lambda c: c.kind)
    said: set[Address] = set()
    for change in changes:
        alike = kinds[change.kind]
        if len(alike) > MANY:
            if change is alike[0]:
                yield Batch(change.kind, alike)
            continue
        yield Single(change, () if change.address in said else notes.get(change.address, ()))
        said.add(change.address)


def _told(dangers: Iterable[Danger], links: Iterable[LinkSection]) -> set[Diagnostic]:
    told = {note for danger in dangers for note in danger.notes}
    for section in links:
        for entry in section.entries:
            if isinstance(entry, Single):
                told.update(entry.notes)
    return told


def _unmanaged(unmanaged: Iterable[Unmanaged]) -> tuple[UnmanagedSection, ...]:
    """By link, and by what is said of mirror topics; the link's own lines come where its first one does."""

    def place(found: Unmanaged) -> tuple[LinkAddress, str]:
        of_mirror = isinstance(found.address, MirrorAddress)
        return link_of(found.address), found.detail if of_mirror else ""

    return tuple(
        UnmanagedSection(link, tuple(_unmanaged_item(u) for u in found), detail)
        for (link, detail), found in grouped(unmanaged, place).items()
    )


def _unmanaged_item(found: Unmanaged) -> str:
    return found.address.mirror if isinstance(found.address, MirrorAddress) else found.detail
