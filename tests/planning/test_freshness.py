"""Freshness of a saved plan: what counts as moved."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.model.mirrors import MirrorGoal
from reconciler.model.observed import ObservedCluster, ObservedLink, ObservedMirror
from reconciler.model.plan import Plan
from reconciler.model.steps import CreateMirror
from reconciler.planning import make_plan, what_moved
from tests.planning.builders import (
    CATALOGUE,
    DST,
    LINK,
    SRC,
    config,
    desired,
    entry,
    gap,
    half,
    live,
    live_link,
    mirror,
    observed,
    row,
)

MS = "consumer.offset.sync.ms"
WISH = desired(
    entry(mirror("t", MirrorGoal.FAILED_OVER), mirror("other"), halves=[half(configs={MS: "1"})])
)


def _here(*rows: ObservedMirror, link: ObservedLink | None = None) -> ObservedCluster:
    return live(DST, links=[link or live_link()], rows=rows or (row("t"), row("other")))


def _plan(here: ObservedCluster) -> Plan:
    return make_plan(WISH, observed(here, live(SRC)), CATALOGUE)


SHOWN = _plan(_here())


@pytest.mark.parametrize(
    "here",
    [
        _here(row("t", lag=9), row("other")),
        _here(row("t", "SOURCE_UNAVAILABLE"), row("other")),
        _here(row("t"), row("other", "PAUSED")),
        _here(row("t"), row("other"), row("new")),
    ],
)
def test_lag_health_and_other_objects_may_move(here: ObservedCluster) -> None:
    """A plan stays fresh when only lag, health or objects that it leaves alone have moved."""
    assert what_moved(SHOWN, _plan(here)) == ()


@pytest.mark.parametrize(
    ("here", "code", "part"),
    [
        (replace(_here(), cluster_id="another"), "moved-cluster", "dst"),
        (_here(link=replace(live_link(), link_id="L9")), "moved-link", "dst/l"),
        (_here(row("t", "STOPPED"), row("other")), "moved-change", "failover is no longer"),
        (_here(row("t", "PAUSED"), row("other")), "moved-change", "would start from PAUSED"),
        (_here(row("t", "FAILED"), row("other")), "moved-change", "shown to start from ACTIVE"),
        (_here(row("t", "PENDING_MIRROR"), row("other")), "moved-change", "dst/l/t"),
        (_here(link=live_link(configs={MS: config("2")})), "moved-change", "other details"),
        (_here(link=live_link(paused=True)), "moved-change", "resume-link is needed now"),
        (replace(_here(), mirrors=gap()), "moved-change", "dst/l/t"),
    ],
)
def test_touched_objects_may_not_move(here: ObservedCluster, code: str, part: str) -> None:
    """Anything else on a touched object makes the plan stale, and what moved is named."""
    found = what_moved(SHOWN, _plan(here))
    assert code in [finding.code for finding in found]
    assert any(part in f"{finding.subject} {finding.message}" for finding in found)


def test_another_request_for_the_same_change_is_noticed() -> None:
    """Equal changes carried out by other requests are not the plan that was shown."""
    wish = desired(entry(mirror("new")))
    here = live(DST, links=[live_link()])
    shown = make_plan(wish, observed(here, live(SRC, plain=["new"])), CATALOGUE)
    (step,) = shown.steps
    other = replace(step, action=CreateMirror(LINK.mirror("new"), "new", 9))
    assert [f.code for f in what_moved(shown, replace(shown, steps=(other,)))] == ["moved-step"]


def test_a_plan_is_fresh_beside_itself() -> None:
    """Nothing moved when nothing moved."""
    assert what_moved(SHOWN, _plan(_here())) == ()
