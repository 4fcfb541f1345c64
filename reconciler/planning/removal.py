"""Deleting link objects: only when nothing mirrors through them any more, and never by force."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.address import LinkAddress, MirrorAddress
from reconciler.model.changes import Change, ChangeKind
from reconciler.model.desired import DesiredHalf, DesiredLink
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.links import LinkGoal
from reconciler.model.mirrors import MirrorStatus
from reconciler.model.observed import Gap
from reconciler.model.steps import DeleteLink
from reconciler.planning.draft import Draft, Move, Stage, joined
from reconciler.planning.outlook import EntryOutlook, Standing
from reconciler.planning.world import World, listing


def draft_removal(
    world: World, outlook: EntryOutlook, ends: Mapping[MirrorAddress, str | None]
) -> Draft:
    """Delete the halves of an entry that is to be absent, in the reverse order of their creation.

    `ends` says in which status the plan leaves the mirror topics that it acts on (None: gone). All rows on all
    halves have to be STOPPED or gone: deleting one half of a pair cuts off the mirrors of the other.
    """
    if not outlook.selected or outlook.entry.goal is not LinkGoal.ABSENT:
        return Draft()
    if not any(judged.live for judged in outlook.halves):
        return Draft()
    findings = _removal_findings(world, outlook, ends)
    if findings:
        return Draft(diagnostics=findings)
    expects = {
        row.address: ends.get(row.address, row.status)
        for judged in outlook.halves
        for row in world.rows_of(judged.half.address)
    }
    halves = [judged.half for judged in reversed(outlook.halves) if judged.live is not None]
    return joined(
        _deletion(outlook.entry, half, place, expects) for place, half in enumerate(halves)
    )


def _deletion(
    entry: DesiredLink,
    half: DesiredHalf,
    place: int,
    expects: Mapping[MirrorAddress, str | None],
) -> Draft:
    change = Change(half.address, ChangeKind.DELETE_LINK, position=half.position or entry.position)
    move = Move(
        Stage.DELETE_LINK,
        entry.halves[0].address,
        "delete-link",
        half.address,
        DeleteLink(half.address),
        (change.key,),
        expects={a: s for a, s in expects.items() if a.link_address == half.address},
        place=place,
    )
    return Draft((change,), (move,))


def _removal_findings(
    world: World, outlook: EntryOutlook, ends: Mapping[MirrorAddress, str | None]
) -> tuple[Diagnostic, ...]:
    entry = outlook.entry
    hidden = [
        judged.half.address
        for judged in outlook.halves
        if judged.standing is Standing.UNREADABLE
        or (
            judged.live is not None
            and judged.half.hosts_mirrors
            and isinstance(world.mirrors(judged.half.address.cluster), Gap)
        )
    ]
    if hidden:
        return (_unreadable_removal(entry, hidden),)
    left = {
        row.address: ends.get(row.address, row.status or "no status")
        for judged in outlook.halves
        for row in world.rows_of(judged.half.address)
    }
    mirroring = {a: s for a, s in left.items() if s is not None and s != MirrorStatus.STOPPED}
    return (_in_use(entry, mirroring),) if mirroring else ()


def _unreadable_removal(entry: DesiredLink, hidden: list[LinkAddress]) -> Diagnostic:
    names = listing(str(address) for address in hidden)
    return Diagnostic(
        code="delete-unreadable",
        severity=Severity.BLOCKED,
        message=f"the link {entry.name} is not deleted: its mirror topics on {names} could not all be read",
        cure="make the clusters on both sides readable and plan again",
        position=entry.position,
        address=entry.halves[0].address,
    )


def _in_use(entry: DesiredLink, mirroring: Mapping[MirrorAddress, str]) -> Diagnostic:
    names = listing(f"{address.mirror} ({status})" for address, status in mirroring.items())
    return Diagnostic(
        code="link-in-use",
        severity=Severity.BLOCKED,
        message=f"the link {entry.name} is not deleted: mirror topics still hang on it: {names}",
        cure="set each of them to `promoted`, `failed_over` or `absent` first; those that the file does not list, too",
        position=entry.position,
        address=entry.halves[0].address,
    )
