"""Mirror topics: find the row of the lifecycle table, carry out the cell, hold back what may not happen.

Each wanted mirror topic becomes one `Decision`. A cell is held back, in this order, when the topic is protected,
when auto-create would bring a deleted topic back, and when a creation or promotion needs something that is
missing or could not be read. What is held back because of one unreadable scope is said once per link.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from reconciler.model.address import MirrorAddress
from reconciler.model.changes import ChangeKind
from reconciler.model.desired import DesiredMirror
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.filters import FilterKind, NameFilter, selects
from reconciler.model.mirrors import MirrorGoal, MirrorStatus
from reconciler.model.observed import Gap, ObservedMirror
from reconciler.planning.cells import Cell
from reconciler.planning.filters import final_filter
from reconciler.planning.holds import Hold
from reconciler.planning.lifecycle import (
    Course,
    Live,
    Surroundings,
    cell,
    live_of_nothing,
    live_of_row,
)
from reconciler.planning.outlook import HalfOutlook
from reconciler.planning.world import World, counted

_CREATIONS = frozenset({ChangeKind.CREATE_MIRROR, ChangeKind.RECREATE_MIRROR})
_PROTECTED = frozenset(
    {
        ChangeKind.PROMOTE,
        ChangeKind.FAILOVER,
        ChangeKind.DELETE_TOPIC,
        ChangeKind.DELETE_RELEASED,
        ChangeKind.RECREATE_MIRROR,
    }
)
_OURS = frozenset({Live.NOTHING, Live.NOTHING_LINK_PAUSED})


@dataclass(frozen=True, slots=True)
class Decision:
    """What the plan does about one mirror topic."""

    mirror: DesiredMirror
    address: MirrorAddress
    """The live row's own address where there is one."""
    row: ObservedMirror | None = None
    live: Live | None = None
    kinds: tuple[ChangeKind, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    hold: Hold | None = None

    @property
    def ends(self) -> str | None:
        """The status in which the plan leaves the mirror topic; None when there is none then."""
        if {ChangeKind.PROMOTE, ChangeKind.FAILOVER} & set(self.kinds):
            return MirrorStatus.STOPPED
        if {ChangeKind.DELETE_TOPIC, ChangeKind.DELETE_RELEASED} & set(self.kinds):
            return None
        return self.row.status if self.row else None

    @property
    def mirrors_on(self) -> bool:
        """Whether it is a live mirror topic now and stays one."""
        return self.row is not None and self.live in _MIRRORING and not set(self.kinds) & _PROTECTED


_MIRRORING = frozenset(
    {Live.ACTIVE, Live.PAUSED, Live.LINK_STAYS_PAUSED, Live.LINK_RESUMES, Live.CUT_OFF}
)


def decide(world: World, outlook: HalfOutlook, mirror: DesiredMirror) -> Decision:
    """Decide about one mirror topic on the half that hosts it."""
    if isinstance(world.mirrors(mirror.address.cluster), Gap):
        return Decision(mirror, mirror.address, hold=Hold.MIRRORS_UNREADABLE)
    row = world.row(mirror)
    found = _find_row(world, outlook, mirror, row)
    address = row.address if row else mirror.address
    if found is None:
        hold = None if mirror.goal is MirrorGoal.ABSENT else Hold.TOPICS_UNREADABLE
        return Decision(mirror, address, hold=hold)
    decision = _carried_out(world, Decision(mirror, address, row, found), found)
    return _held_back(world, outlook, decision)


def _find_row(
    world: World, outlook: HalfOutlook, mirror: DesiredMirror, row: ObservedMirror | None
) -> Live | None:
    """The row of the table; None when it depends on a topic list that could not be read."""
    if row is not None:
        return live_of_row(row.status, outlook.course)
    if world.holder(mirror.address) is not None:
        return Live.FOREIGN
    topics = world.topics(mirror.address.cluster)
    if isinstance(topics, Gap):
        return None
    around = Surroundings(
        topic_exists=mirror.address.mirror in topics, link_remains=outlook.remains
    )
    return live_of_nothing(around, outlook.course)


def _carried_out(world: World, decision: Decision, live: Live) -> Decision:
    found = cell(live, decision.mirror.goal)
    if found.unlock is not None and world.granted(found.unlock, decision.address):
        return replace(decision, kinds=(found.unlock,))
    said = () if found.severity is None else (_said(world, decision, found, found.severity),)
    return replace(decision, kinds=found.changes, diagnostics=said)


def _held_back(world: World, outlook: HalfOutlook, decision: Decision) -> Decision:
    kinds = set(decision.kinds)
    if kinds & _PROTECTED and (glob := _protecting(world, decision)) is not None:
        return _refused(decision, _protected(decision, glob))
    comes_back = _comes_back(world, outlook, decision)
    if comes_back:
        return _refused(decision, _brought_back(decision, outlook))
    if comes_back is None and kinds:
        return replace(decision, kinds=(), hold=Hold.FILTER_UNREADABLE)
    if kinds & _CREATIONS:
        return _creatable(world, outlook, decision)
    if ChangeKind.PROMOTE in kinds:
        return _promotable(world, outlook, decision)
    return decision


def _promotable(world: World, outlook: HalfOutlook, decision: Decision) -> Decision:
    """A promotion has to catch up: not without the source, nor under a link that may be paused for all we know.
    A mirror topic that shows ACTIVE proves that its link runs.
    """
    if world.gone(outlook.half.remote):
        return replace(decision, kinds=(), hold=Hold.PROMOTE_SOURCE_UNREADABLE)
    if outlook.course is Course.UNKNOWN and decision.live is not Live.ACTIVE:
        return replace(decision, kinds=(), hold=Hold.PROMOTE_LINK_UNREADABLE)
    return decision


def _creatable(world: World, outlook: HalfOutlook, decision: Decision) -> Decision:
    """A creation goes through only with a usable link and a source topic that is there, as far as can be asked."""
    if not outlook.usable:
        return replace(decision, kinds=(), hold=Hold.LINK_UNUSABLE)
    source = outlook.half.remote
    if not world.has_rest(source):
        return decision
    topics = world.topics(source)
    if isinstance(topics, Gap) or world.gone(source):
        return replace(decision, kinds=(), hold=Hold.SOURCE_UNREADABLE)
    if decision.mirror.source_topic not in topics:
        return _refused(decision, _no_source_topic(decision, source))
    return decision


def _comes_back(world: World, outlook: HalfOutlook, decision: Decision) -> bool | None:
    """Whether the link's own filter would make the mirror topic again right after it was deleted; None when the
    filter could not be read.
    """
    absent = decision.mirror.goal is MirrorGoal.ABSENT
    ours = decision.row is not None or decision.live in _OURS
    if not (absent and ours and outlook.remains):
        return False
    link = world.link(outlook.half.address)
    rows = final_filter(outlook.half, link, FilterKind.TOPIC, world.catalogue)
    if rows is None:
        return None
    names = [row for row in rows if isinstance(row, NameFilter)]
    return selects(names, decision.mirror.source_topic)


def _protecting(world: World, decision: Decision) -> str | None:
    names = (decision.address.mirror, decision.mirror.address.mirror)
    return next(
        (
            glob
            for glob in sorted(world.desired.protect)
            if any(fnmatchcase(n, glob) for n in names)
        ),
        None,
    )


def _refused(decision: Decision, finding: Diagnostic) -> Decision:
    return replace(decision, kinds=(), diagnostics=(finding,))


def _said(world: World, decision: Decision, found: Cell, severity: Severity) -> Diagnostic:
    holder = world.holder(decision.address)
    facts = {
        "mirror": decision.address.mirror,
        "link": str(decision.address.link_address),
        "address": str(decision.address),
        "goal": decision.mirror.goal.value,
        "status": (decision.row.status if decision.row else None) or "none given",
        "lag": lag_text(decision.row),
        "holder": f"{holder.address} (from {holder.source_topic})" if holder else "another link",
    }
    return Diagnostic(
        code=found.code,
        severity=severity,
        message=found.message.format_map(facts),
        cure=found.cure.format_map(facts),
        position=decision.mirror.position,
        address=decision.address,
    )


def lag_text(row: ObservedMirror | None) -> str:
    """The lag of a mirror topic for a sentence."""
    lag = row.lag if row else None
    return "an unknown number of records" if lag is None else counted(lag, "record")


def _protected(decision: Decision, glob: str) -> Diagnostic:
    kinds = " and ".join(sorted(kind.value for kind in set(decision.kinds) & _PROTECTED))
    return Diagnostic(
        code="protected",
        severity=Severity.BLOCKED,
        message=f"{decision.address.mirror} is protected by {glob}: {kinds} is refused, whatever the consent",
        cure="take the name out of `protect` in a change of its own, or change the wanted state",
        position=decision.mirror.position,
        address=decision.address,
    )


def _brought_back(decision: Decision, outlook: HalfOutlook) -> Diagnostic:
    return Diagnostic(
        code="comes-back",
        severity=Severity.BLOCKED,
        message=f"{decision.address.mirror} is wanted absent, but the topic filter of {outlook.half.address} selects "
        f"{decision.mirror.source_topic}: auto-create would make it again",
        cure=f"add an EXCLUDE for {decision.mirror.source_topic} to `topicFilters`",
        position=decision.mirror.position,
        address=decision.address,
    )


def _no_source_topic(decision: Decision, source: str) -> Diagnostic:
    return Diagnostic(
        code="source-topic-missing",
        severity=Severity.BLOCKED,
        message=f"{decision.address.mirror} cannot be created: {source} has no topic {decision.mirror.source_topic}",
        cure=f"check the name, or create the topic on {source} first",
        position=decision.mirror.position,
        address=decision.address,
    )
