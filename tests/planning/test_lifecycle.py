"""The whole lifecycle table: every wanted state x every live state x where the link ends."""

from __future__ import annotations

import pytest

from reconciler.model.links import LinkGoal
from reconciler.model.mirrors import MirrorGoal, MirrorStatus
from reconciler.model.observed import ObservedCluster, ObservedMirror
from reconciler.model.plan import Plan
from reconciler.planning import make_plan
from reconciler.planning.lifecycle import TABLE, Course, Live, live_of_row
from tests.planning.builders import (
    CATALOGUE,
    DST,
    LINK,
    SRC,
    desired,
    entry,
    live,
    live_link,
    mirror,
    observed,
    row,
)

GOALS = ("active", "paused", "promoted", "failed_over", "released", "absent")

STILL, GO, STOP = "blocked still-mirroring", "failover", "delete-topic"
NO_MIRROR = "blocked mirror-missing"
MOVING = ("waiting in-transition",) * 6
STRANGE = ("waiting unknown-status",) * 6
CUT_OFF = ("-", "pause-mirror", "blocked promote-source-unavailable", GO, STILL, STOP)
FAILED = ("blocked mirror-failed",) * 3 + (GO, STILL, STOP)
STOPPING = ("blocked being-stopped",) * 2 + (
    "waiting stopping", GO, "waiting stopping", "blocked stopping-delete",
)  # fmt: skip
STOPPED = ("blocked mirror-stopped",) * 2 + ("-",) * 3 + ("blocked delete-released",)
ACTIVE = ("-", "pause-mirror", "promote", GO, STILL, STOP)
UNDER_PAUSED_LINK = ("-", "-", "blocked promote-link-paused", GO, STILL, STOP)

# Columns: active, paused, promoted, failed_over, released, absent. Every other word counts as in both tables.
RUNNING: dict[str | None, tuple[str, ...]] = {
    "ACTIVE": ACTIVE,
    "PAUSED": ("resume-mirror", "-", "promote resume-mirror", GO, STILL, STOP),
    "LINK_PAUSED": ACTIVE,
    "SOURCE_UNAVAILABLE": CUT_OFF,
    "LINK_FAILED": CUT_OFF,
    "FAILED": FAILED,
    "PENDING_STOPPED": STOPPING,
    "PENDING_MIRROR": MOVING,
    "PENDING_SYNCHRONIZE": MOVING,
    "PENDING_SETUP_FOR_RESTORE": MOVING,
    "PENDING_RESTORE": MOVING,
    "STOPPED": STOPPED,
    "A_NEW_WORD": STRANGE,
    "active": STRANGE,
    "": STRANGE,
    None: STRANGE,
}
STAYS_PAUSED = RUNNING | {"PAUSED": UNDER_PAUSED_LINK, "LINK_PAUSED": UNDER_PAUSED_LINK}

# (link live, link wanted) -> the table; where a running link is paused at the end, that comes after all else.
LINKS = {
    (False, LinkGoal.ACTIVE): RUNNING,
    (True, LinkGoal.ACTIVE): RUNNING,
    (False, LinkGoal.PAUSED): RUNNING | {"LINK_PAUSED": UNDER_PAUSED_LINK},
    (True, LinkGoal.PAUSED): STAYS_PAUSED,
}

NOTHING = ("create-mirror", "create-mirror pause-mirror", NO_MIRROR, NO_MIRROR, NO_MIRROR, "-")
TAKEN, NOT_LISTED = "blocked name-taken", "blocked mirror-not-listed"
UNVERIFIABLE, KEPT = "note release-unverifiable", "note topic-kept"
FOREIGN = ("blocked owned-by-other-link",) * 5 + (KEPT,)


def _cases() -> list[tuple[str | None, bool, LinkGoal, str, str]]:
    return [
        (status, paused, goal, wanted, expected)
        for (paused, goal), table in LINKS.items()
        for status, cells in table.items()
        for wanted, expected in zip(GOALS, cells, strict=True)
    ]


@pytest.mark.parametrize(("status", "paused", "link_goal", "wanted", "expected"), _cases())
def test_a_listed_mirror_topic(
    status: str | None, paused: bool, link_goal: LinkGoal, wanted: str, expected: str
) -> None:
    """Each cell of the table with a live row does exactly what the design says."""
    plan = _plan(wanted, row("t", status), paused=paused, link_goal=link_goal)
    assert _told(plan) == expected


@pytest.mark.parametrize(("wanted", "expected"), list(zip(GOALS, NOTHING, strict=True)))
def test_no_row_and_no_topic(wanted: str, expected: str) -> None:
    """Where there is nothing, active and paused create and nothing else acts."""
    assert _told(_plan(wanted, None)) == expected


@pytest.mark.parametrize(
    ("wanted", "expected"),
    list(zip(GOALS, ("create-mirror", "create-mirror", *NOTHING[2:]), strict=True)),
)
def test_no_row_and_no_topic_under_a_link_that_stays_paused(wanted: str, expected: str) -> None:
    """Under a paused link "paused" and "link paused" are not told apart, so nothing is paused after a creation."""
    assert _told(_plan(wanted, None, paused=True, link_goal=LinkGoal.PAUSED)) == expected


@pytest.mark.parametrize(
    ("wanted", "expected"),
    list(zip(GOALS, (TAKEN, TAKEN, NOT_LISTED, NOT_LISTED, UNVERIFIABLE, KEPT), strict=True)),
)
def test_a_plain_topic_beside_a_live_link(wanted: str, expected: str) -> None:
    """A plain topic of the name blocks creation, is never deleted, and is no mirror that could be promoted."""
    assert _told(_plan(wanted, None, plain=("t",))) == expected


@pytest.mark.parametrize(
    ("wanted", "expected"),
    list(zip(GOALS, (TAKEN, TAKEN, UNVERIFIABLE, UNVERIFIABLE, "-", KEPT), strict=True)),
)
def test_a_plain_topic_whose_link_is_gone(wanted: str, expected: str) -> None:
    """Once the link is gone for good, a released topic is left in peace."""
    destination = live(DST, plain=("t",))
    wish = desired(entry(mirror("t", MirrorGoal(wanted)), goal=LinkGoal.ABSENT))
    plan = make_plan(wish, observed(destination, live(SRC, plain=("t",))), CATALOGUE)
    assert _told(plan) == expected


@pytest.mark.parametrize(("wanted", "expected"), list(zip(GOALS, FOREIGN, strict=True)))
def test_a_mirror_topic_of_another_link(wanted: str, expected: str) -> None:
    """A name that another link's mirror topic holds is never touched, and its owner is named."""
    other = live_link(LINK.__class__(DST, "other"))
    destination = live(DST, links=[live_link(), other], rows=[row("t", link=other.address)])
    wish = desired(entry(mirror("t", MirrorGoal(wanted))))
    plan = make_plan(wish, observed(destination, live(SRC, plain=("t",))), CATALOGUE)
    assert _told(plan) == expected
    assert "dst/other/t" in plan.diagnostics[0].message


def test_every_word_of_the_api_is_in_the_tables() -> None:
    """No status word that servers are known to say is missing from this test."""
    assert {status.value for status in MirrorStatus} <= set(RUNNING)


def test_every_row_of_the_table_has_a_cell_for_every_goal() -> None:
    """The table is complete, and every cell either acts, speaks or rests, never two of these."""
    assert set(TABLE) == set(Live)
    for cells in TABLE.values():
        assert len(cells) == len(MirrorGoal)
        assert all(bool(c.code) == (c.severity is not None) for c in cells)
        assert not any(c.changes and c.code for c in cells)


def test_an_unreadable_link_is_not_taken_for_a_running_one() -> None:
    """LINK_PAUSED under a link whose configs could not be read counts as paused for good, PAUSED as itself."""
    assert live_of_row("LINK_PAUSED", Course.UNKNOWN) is Live.LINK_STAYS_PAUSED
    assert live_of_row("PAUSED", Course.UNKNOWN) is Live.PAUSED


def _plan(
    wanted: str,
    found: ObservedMirror | None,
    *,
    plain: tuple[str, ...] = (),
    paused: bool = False,
    link_goal: LinkGoal = LinkGoal.ACTIVE,
) -> Plan:
    wish = desired(entry(mirror("t", MirrorGoal(wanted)), goal=link_goal))
    rows = [found] if found else []
    here: ObservedCluster = live(DST, links=[live_link(paused=paused)], rows=rows, plain=plain)
    return make_plan(wish, observed(here, live(SRC, plain=("t",))), CATALOGUE)


def _told(plan: Plan) -> str:
    """What the plan does or says about the mirror topic, as a short word."""
    topic = LINK.mirror("t")
    kinds = [change.kind.value for change in plan.changes if change.address == topic]
    said = [f"{d.severity} {d.code}" for d in plan.diagnostics if d.address == topic]
    return " ".join([*kinds, *said]) or "-"
