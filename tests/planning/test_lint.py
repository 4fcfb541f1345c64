"""Remarks beside the changes, targets, and the list of codes."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import reconciler.planning
from reconciler.model.consent import ConsentKind, Grant
from reconciler.model.diagnostics import Severity
from reconciler.model.filters import FilterKind, NameFilter
from reconciler.model.mirrors import MirrorGoal
from reconciler.model.observed import Health, HealthLevel, ObservedGroup, ObservedState
from reconciler.planning import CODES, make_plan
from reconciler.planning.holds import Hold
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

HERE = live(DST, links=[live_link()], rows=[row("t")])


def test_a_protection_that_matches_nothing_warns() -> None:
    """A glob is held against declared and live names; a misspelt one is said, a useful one is not."""
    wish = desired(entry(mirror("new", MirrorGoal.ABSENT)), protect=["pay*", "t", "n*"])
    plan = make_plan(wish, observed(HERE, live(SRC)), CATALOGUE)
    assert [(d.code, d.severity) for d in plan.diagnostics] == [
        ("protect-unmatched", Severity.WARNING)
    ]
    assert "pay*" in plan.diagnostics[0].message


def test_a_protection_is_not_judged_blindly() -> None:
    """Without the live names nobody knows what a glob protects."""
    wish = desired(entry(), protect=["pay*"])
    plan = make_plan(wish, observed(replace(HERE, mirrors=gap()), live(SRC)), CATALOGUE)
    assert "protect-unmatched" not in [finding.code for finding in plan.diagnostics]


def test_ill_health_is_noted_and_changes_nothing() -> None:
    """An unhealthy link or mirror topic is a note, counted once per link, and no pending change."""
    ill = Health(HealthLevel.UNHEALTHY, ("AUTHENTICATION_ERROR",))
    link = replace(live_link(), health=ill)
    rows = [row("a", "SOURCE_UNAVAILABLE"), replace(row("b"), health=ill), row("c")]
    wish = desired(entry(*(mirror(name) for name in "abc")))
    plan = make_plan(wish, observed(live(DST, links=[link], rows=rows), live(SRC)), CATALOGUE)
    assert not plan.pending
    assert [finding.code for finding in plan.diagnostics] == ["link-unhealthy", "mirrors-unhealthy"]
    assert "AUTHENTICATION_ERROR" in plan.diagnostics[0].message
    assert "2 of 3 mirror topics not healthy: a (SOURCE_UNAVAILABLE), b (ACTIVE)" in (
        plan.diagnostics[1].message
    )


def test_groups_that_lose_are_named_where_they_are_known() -> None:
    """With the source's groups at hand, the warning names those that fall out of the filter."""
    on = {"consumer.offset.sync.enable": "true"}
    keep = NameFilter("keep")
    made = half(configs=on, filters={FilterKind.GROUP: frozenset({keep})})
    link = live_link(
        configs={"consumer.offset.sync.enable": config("true")},
        filters={FilterKind.GROUP: frozenset({keep, NameFilter("app", "PREFIXED")})},
    )
    groups = {name: ObservedGroup(name) for name in ("app1", "app2", "keep", "x")}
    source = replace(live(SRC), groups=groups)
    plan = make_plan(
        desired(entry(halves=[made])), observed(live(DST, links=[link]), source), CATALOGUE
    )
    assert "without INCLUDE PREFIXED app" in plan.diagnostics[0].message
    assert plan.diagnostics[0].message.endswith("Of what is live: app1, app2.")


def test_a_mirror_target_selects_that_mirror_topic_alone() -> None:
    """Neither the link nor its other mirror topics take part, and nothing is said of them."""
    wish = desired(
        entry(
            mirror("t", MirrorGoal.FAILED_OVER),
            mirror("u", MirrorGoal.FAILED_OVER),
            halves=[half(configs={"consumer.offset.sync.ms": "1"})],
        )
    )
    here = live(DST, links=[live_link()], rows=[row("t"), row("u"), row("unlisted")])
    plan = make_plan(wish, observed(here, live(SRC)), CATALOGUE, targets=("dst/l/t",))
    assert [str(change.address) for change in plan.changes] == ["dst/l/t"]
    assert (plan.diagnostics, plan.unmanaged) == ((), ())


def test_a_mirror_target_does_not_create_its_link() -> None:
    """A creation whose link was not targeted is held back and says how to include it."""
    plan = make_plan(
        desired(entry(mirror("t"))),
        observed(live(DST), live(SRC, plain=["t"])),
        CATALOGUE,
        targets=("dst/l/t",),
    )
    assert [finding.code for finding in plan.blocked] == ["link-unusable"]
    assert "--target" in plan.blocked[0].cure


def test_a_mirror_target_under_an_unreadable_link_can_be_failed_over() -> None:
    """A failover needs nothing but its own row."""
    wish = desired(entry(mirror("t", MirrorGoal.FAILED_OVER)))
    seen = ObservedState({DST: replace(HERE, links=gap())})
    plan = make_plan(wish, seen, CATALOGUE, targets=("dst/l/t",))
    assert [change.kind.value for change in plan.changes] == ["failover"]


def test_a_link_target_selects_all_of_it() -> None:
    """The address of a link stands for its halves and its mirror topics."""
    plan = make_plan(
        desired(entry(mirror("t"))),
        observed(live(DST), live(SRC, plain=["t"])),
        CATALOGUE,
        targets=(str(LINK),),
    )
    assert [str(change.address) for change in plan.changes] == ["dst/l", "dst/l/t"]


def test_a_target_that_names_nothing_is_blocked() -> None:
    """A misspelt target is never a quiet, empty plan."""
    plan = make_plan(
        desired(entry(mirror("t"))), observed(HERE, live(SRC)), CATALOGUE, targets=("dst/l/x",)
    )
    assert [finding.code for finding in plan.of(Severity.ERROR)] == ["target-unknown"]


def test_an_exact_consent_that_names_nothing_warns() -> None:
    """A misspelt address after `recreate` is said."""
    grants = (Grant(ConsentKind.RECREATE, glob="dst/l/x"), Grant(ConsentKind.FAILOVER, glob="x/*"))
    plan = make_plan(
        desired(entry(mirror("t"))), observed(HERE, live(SRC)), CATALOGUE, grants=grants
    )
    assert [finding.code for finding in plan.diagnostics] == ["grant-unused"]


def test_every_code_is_listed_and_every_listed_code_is_said() -> None:
    """The list of codes is complete and holds nothing that nobody says."""
    room = Path(reconciler.planning.__file__).parent
    texts = (path.read_text(encoding="utf-8") for path in sorted(room.glob("*.py")))
    said = {code for text in texts for code in re.findall(r'code="([a-z-]+)"', text)}
    assert said | {hold.value for hold in Hold} == set(CODES)
