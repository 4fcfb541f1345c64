"""Where each link object stands, and what can be done with it: judged once, used by all planners.

live half       wanted        standing
------------    -----------   -----------------------------------------------------------
there           any           LIVE; STUCK when it differs in what no server changes in place
not there       active        CREATE; HELD when something it needs is missing or unreadable
not there       absent        GONE
could not read  any           UNREADABLE
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from reconciler.model.desired import DesiredHalf, DesiredLink
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.links import LinkGoal
from reconciler.model.observed import Gap, ObservedLink, known
from reconciler.planning.creation_holds import creation_holds
from reconciler.planning.lifecycle import Course
from reconciler.planning.world import READ_FIRST, World


class Standing(StrEnum):
    """What the plan can do with a link object."""

    LIVE = "live"
    STUCK = "stuck"
    CREATE = "create"
    HELD = "held"
    GONE = "gone"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class HalfOutlook:
    """One link object, judged."""

    half: DesiredHalf
    standing: Standing
    live: ObservedLink | None = None
    course: Course = Course.UNKNOWN
    remains: bool = True
    """Whether the link object exists once the plan has run."""

    whole: bool = True
    """Whether every half of its entry is sound: half a pair mirrors nothing."""

    @property
    def sound(self) -> bool:
        """Whether it is, or is about to be, as declared. Mode and prefix of a live link are among its configs:
        while those are hidden, nobody knows.
        """
        if self.standing is Standing.CREATE:
            return True
        live = self.live
        return (
            self.standing is Standing.LIVE and live is not None and known(live.configs) is not None
        )

    @property
    def usable(self) -> bool:
        """Whether mirror topics can be created on it."""
        return self.remains and self.sound and self.whole


@dataclass(frozen=True, slots=True)
class EntryOutlook:
    """One entry of links.yaml, judged."""

    entry: DesiredLink
    selected: bool
    halves: tuple[HalfOutlook, ...]
    diagnostics: tuple[Diagnostic, ...] = ()


def judge(world: World, entry: DesiredLink, *, selected: bool) -> EntryOutlook:
    """Judge an entry. When its links are not selected, they count as they are, and nothing is said of them."""
    lives = tuple(world.link(half.address) for half in entry.halves)
    if not selected:
        halves = tuple(
            _untouched(half, live) for half, live in zip(entry.halves, lives, strict=True)
        )
        return EntryOutlook(entry, selected, _completed(halves))
    holds = creation_holds(world, entry, lives)
    split = _split_ids(entry, lives)
    outlooks: list[HalfOutlook] = []
    findings: list[Diagnostic] = [*holds, *split]
    for half, live in zip(entry.halves, lives, strict=True):
        if isinstance(live, Gap):
            findings.append(_unreadable(half))
            outlooks.append(HalfOutlook(half, Standing.UNREADABLE))
        elif live is None:
            outlooks.append(_missing(entry, half, held=bool(holds)))
        else:
            differences = _fixed_differences(world, entry, half, live)
            findings.extend(differences)
            outlooks.append(_live(entry, half, live, stuck=bool(differences or split)))
    return EntryOutlook(entry, selected, _completed(outlooks), tuple(findings))


def _completed(halves: Iterable[HalfOutlook]) -> tuple[HalfOutlook, ...]:
    judged = tuple(halves)
    whole = all(half.sound for half in judged)
    return tuple(replace(half, whole=whole) for half in judged)


def is_paused(live: ObservedLink) -> bool | None:
    """Whether a link is paused; None when its configs could not be read."""
    if live.paused is not None:
        return live.paused
    if live.state is not None and live.state.upper() == "PAUSED":
        return True
    return None if live.configs is None or isinstance(live.configs, Gap) else False


def _untouched(half: DesiredHalf, live: ObservedLink | Gap | None) -> HalfOutlook:
    if isinstance(live, Gap):
        return HalfOutlook(half, Standing.UNREADABLE)
    if live is None:
        return HalfOutlook(half, Standing.HELD, remains=False)
    return HalfOutlook(half, Standing.LIVE, live, _resting_course(live))


def _missing(entry: DesiredLink, half: DesiredHalf, *, held: bool) -> HalfOutlook:
    if entry.goal is LinkGoal.ABSENT:
        return HalfOutlook(half, Standing.GONE, course=Course.RUNS, remains=False)
    if held:
        return HalfOutlook(half, Standing.HELD, course=Course.RUNS, remains=False)
    pauses = entry.goal is LinkGoal.PAUSED and half.hosts_mirrors
    return HalfOutlook(half, Standing.CREATE, course=Course.PAUSES if pauses else Course.RUNS)


def _live(entry: DesiredLink, half: DesiredHalf, live: ObservedLink, *, stuck: bool) -> HalfOutlook:
    if entry.goal is LinkGoal.ABSENT:
        return HalfOutlook(half, Standing.LIVE, live, _resting_course(live), remains=False)
    if stuck:
        return HalfOutlook(half, Standing.STUCK, live, _resting_course(live))
    return HalfOutlook(half, Standing.LIVE, live, _steered_course(entry.goal, live))


def _resting_course(live: ObservedLink) -> Course:
    paused = is_paused(live)
    if paused is None:
        return Course.UNKNOWN
    return Course.STAYS_PAUSED if paused else Course.RUNS


def _steered_course(goal: LinkGoal, live: ObservedLink) -> Course:
    resting = _resting_course(live)
    if goal is LinkGoal.PAUSED:
        return Course.PAUSES if resting is Course.RUNS else resting
    return Course.RESUMES if resting is Course.STAYS_PAUSED else resting


def _split_ids(
    entry: DesiredLink, lives: tuple[ObservedLink | Gap | None, ...]
) -> tuple[Diagnostic, ...]:
    ids = {live.link_id for live in lives if isinstance(live, ObservedLink) and live.link_id}
    if len(ids) < 2 or entry.goal is LinkGoal.ABSENT:
        return ()
    places = " and ".join(str(half.address) for half in entry.halves)
    return (
        Diagnostic(
            code="halves-disagree",
            severity=Severity.BLOCKED,
            message=f"{places} have different link ids: they are two links, not the halves of one",
            cure="delete the half that carries no mirror topics (`state: absent` in an entry of its own), then "
            "plan again: the missing half is made with the id of the other",
            position=entry.position,
            address=entry.halves[0].address,
        ),
    )


def _fixed_differences(
    world: World, entry: DesiredLink, half: DesiredHalf, live: ObservedLink
) -> tuple[Diagnostic, ...]:
    if entry.goal is LinkGoal.ABSENT:
        return ()
    wanted_remote, live_remote = world.cluster_id(half.remote), live.remote_cluster_id
    pairs = (
        ("mode", half.link_mode, live.link_mode),
        ("connection mode", half.connection_mode, live.connection_mode),
        ("prefix", half.prefix, live.prefix),
        (f"cluster on the other side ({half.remote})", wanted_remote, live_remote or None),
    )
    differences = [
        f"{what} is {actual or 'none'} where the file says {wanted or 'none'}"
        for what, wanted, actual in pairs
        if wanted is not None and actual is not None and wanted != actual
    ]
    if not differences:
        return ()
    return (
        Diagnostic(
            code="link-immutable",
            severity=Severity.BLOCKED,
            message=f"{half.address}: {'; '.join(differences)}. No server changes that on a live link, and linkctl never "
            "replaces one by itself, so nothing is planned for this link object",
            cure="make the file say what is live, or release the mirror topics, set the link to `state: absent` and "
            "create it anew afterwards",
            position=half.position,
            address=half.address,
        ),
    )


def _unreadable(half: DesiredHalf) -> Diagnostic:
    return Diagnostic(
        code="link-unreadable",
        severity=Severity.BLOCKED,
        message=f"{half.address} could not be read, so nothing is planned for it",
        cure=READ_FIRST,
        position=half.position,
        address=half.address,
    )
