"""`match` and `except`: what they select, on which side."""

from __future__ import annotations

from dataclasses import replace

from reconciler.model.address import LinkAddress
from reconciler.model.desired import MirrorPattern
from reconciler.model.diagnostics import Position
from reconciler.model.links import LinkMode, Topology
from reconciler.model.mirrors import MirrorGoal
from reconciler.model.observed import ObservedCluster, ObservedTopic
from reconciler.model.plan import Plan
from reconciler.planning import make_plan
from tests.planning.builders import (
    CATALOGUE,
    DST,
    LINK,
    SRC,
    cluster,
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


def _told(plan: Plan) -> list[str]:
    return [f"{change.kind} {change.address}" for change in plan.changes]


def _codes(plan: Plan) -> list[str]:
    return [finding.code for finding in plan.diagnostics]


def _plan(*patterns: MirrorPattern, here: ObservedCluster, source: ObservedCluster) -> Plan:
    wish = desired(entry(mirror("listed"), patterns=patterns))
    return make_plan(wish, observed(here, source), CATALOGUE)


HERE = live(DST, links=[live_link()], rows=[row("listed")])


def test_an_active_pattern_is_resolved_on_the_source() -> None:
    """Each matching source topic becomes a mirror topic of the plan, under its prefix; listed ones stay as listed."""
    source = live(SRC, plain=["app.a", "app.b", "app.tmp", "other", "listed"])
    pattern = MirrorPattern(LINK, "app.*", ("*.tmp",), prefix="p.")
    plan = _plan(
        pattern, MirrorPattern(LINK, "l*", goal=MirrorGoal.ACTIVE), here=HERE, source=source
    )
    assert _told(plan) == ["create-mirror dst/l/p.app.a", "create-mirror dst/l/p.app.b"]


def test_internal_topics_only_when_named() -> None:
    """`*` selects neither internal topics nor names that begin with an underscore."""
    source = replace(
        live(SRC),
        topics={
            "_app": ObservedTopic("_app"),
            "hidden": ObservedTopic("hidden", internal=True),
            "t": ObservedTopic("t"),
        },
    )
    assert _told(_plan(MirrorPattern(LINK, "*"), here=HERE, source=source)) == [
        "create-mirror dst/l/t"
    ]
    named = _plan(MirrorPattern(LINK, "_*"), here=HERE, source=source)
    assert _told(named) == ["create-mirror dst/l/_app"]


def test_any_other_state_is_resolved_on_the_live_mirrors() -> None:
    """A whole link is failed over with a dead source; a listed mirror topic keeps its own wish."""
    here = live(DST, links=[live_link()], rows=[row("a"), row("b"), row("listed")])
    pattern = MirrorPattern(LINK, "*", ("b",), goal=MirrorGoal.FAILED_OVER)
    plan = _plan(pattern, here=here, source=ObservedCluster(SRC, gap()))
    assert _told(plan) == ["failover dst/l/a"]


def test_a_pattern_that_cannot_be_resolved_is_blocked() -> None:
    """Unreadable topics, or a source that cannot be asked, are no empty pattern."""
    blind = _plan(MirrorPattern(LINK, "*"), here=HERE, source=replace(live(SRC), topics=gap()))
    assert _codes(blind) == ["pattern-unreadable"]
    wish = desired(
        entry(patterns=[MirrorPattern(LINK, "*")]),
        clusters=[cluster(SRC, rest=False), cluster(DST)],
    )
    assert _codes(make_plan(wish, observed(HERE), CATALOGUE)) == ["pattern-unreadable"]
    pattern = MirrorPattern(LINK, "*", goal=MirrorGoal.PAUSED)
    rows = _plan(pattern, here=replace(HERE, mirrors=gap()), source=live(SRC))
    assert _codes(rows) == ["mirrors-unreadable", "pattern-unreadable"]


def test_a_pattern_that_selects_nothing_warns() -> None:
    """Nobody writes a pattern in order to select nothing."""
    plan = _plan(MirrorPattern(LINK, "x*"), here=HERE, source=live(SRC))
    assert (_codes(plan), plan.pending) == (["pattern-empty"], False)


def test_patterns_that_disagree_are_blocked() -> None:
    """Two patterns with different wishes for one topic: nothing happens to it; equal wishes are one."""
    here = live(DST, links=[live_link()], rows=[row("a"), row("listed")])
    paused = MirrorPattern(LINK, "a*", goal=MirrorGoal.PAUSED, position=Position("f", 2, 1))
    over = MirrorPattern(LINK, "*a", goal=MirrorGoal.FAILED_OVER, position=Position("f", 1, 1))
    plan = _plan(paused, over, here=here, source=live(SRC))
    assert (_told(plan), _codes(plan)) == ([], ["pattern-overlap"])
    assert plan.diagnostics[0].position == Position("f", 1, 1)
    again = MirrorPattern(LINK, "*a", goal=MirrorGoal.PAUSED)
    assert _told(_plan(paused, again, here=here, source=live(SRC))) == ["pause-mirror dst/l/a"]


def test_our_own_topics_are_not_mirrored_back() -> None:
    """On a bidirectional link the other side's mirrors of our topics are not its own."""
    far = LinkAddress(SRC, "l")
    halves = [
        half(link_mode=LinkMode.BIDIRECTIONAL),
        half(far, DST, link_mode=LinkMode.BIDIRECTIONAL),
    ]
    wish = desired(
        entry(halves=halves, topology=Topology.BIDIRECTIONAL, patterns=[MirrorPattern(LINK, "*")])
    )
    mode = "BIDIRECTIONAL"
    here = live(DST, links=[live_link(link_mode=mode)])
    there = live(
        SRC,
        links=[live_link(far, remote=DST, link_mode=mode)],
        rows=[row("ours", link=far), row("was", "STOPPED", link=far)],
        plain=["theirs"],
    )
    plan = make_plan(wish, observed(here, there), CATALOGUE)
    assert _told(plan) == ["create-mirror dst/l/theirs", "create-mirror dst/l/was"]


def test_two_wishes_for_what_is_only_coming_are_one_clash() -> None:
    """P2: what one pattern creates and another wants paused is blocked before it is created, not after the apply."""
    source = live(SRC, plain=["orders-1", "other"])
    patterns = (
        MirrorPattern(LINK, "*"),
        MirrorPattern(LINK, "orders*", goal=MirrorGoal.PAUSED),
    )
    plan = _plan(*patterns, here=HERE, source=source)
    assert _told(plan) == ["create-mirror dst/l/other"]
    assert _codes(plan) == ["pattern-overlap"]


def test_a_clash_is_no_stranger() -> None:
    """A mirror topic that two patterns fight over is spoken of by the file, and not called unmanaged."""
    here = live(DST, links=[live_link()], rows=[row("listed"), row("orders-1")])
    patterns = (
        MirrorPattern(LINK, "*"),
        MirrorPattern(LINK, "orders*", goal=MirrorGoal.PAUSED),
    )
    plan = _plan(*patterns, here=here, source=live(SRC, plain=["orders-1"]))
    assert "pattern-overlap" in _codes(plan)
    assert plan.unmanaged == ()
