"""What a plan reads (P12): the cheap lists first, more only where the first look shows a need."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.model.address import LinkAddress
from reconciler.model.consent import ConsentKind, Grant
from reconciler.model.desired import DesiredState, MirrorPattern
from reconciler.model.links import ConnectionMode, LinkGoal, LinkMode
from reconciler.model.mirrors import MirrorGoal
from reconciler.model.observed import ObservedCluster, ObservedState
from reconciler.model.reads import ClusterReads
from reconciler.planning import first_reads, further_reads
from tests.planning.builders import (
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

TOPICS = ClusterReads(topics=True)


def _after_first(*clusters: ObservedCluster) -> ObservedState:
    """A world as the first reads show it: no topic lists."""
    return observed(*(replace(c, topics=None) for c in clusters))


def test_first_reads_of_a_destination_initiated_link() -> None:
    """Links, mirrors and the configs of the declared link; of the source its identity only."""
    assert first_reads(desired(entry(mirror("t")))) == {
        DST: ClusterReads(identity=True, links=True, mirrors=True, link_configs=frozenset({"l"})),
        SRC: ClusterReads(identity=True),
    }


def test_a_given_cluster_id_is_not_asked_for() -> None:
    """With both ids in the file, a plan without changes asks L + 2 requests of the destination, none of the source."""
    wish = desired(
        entry(mirror("t")), clusters=[cluster(SRC, cluster_id="a"), cluster(DST, cluster_id="b")]
    )
    assert first_reads(wish) == {
        DST: ClusterReads(links=True, mirrors=True, link_configs=frozenset({"l"}))
    }
    seen = _after_first(live(DST, links=[live_link()], rows=[row("t")]))
    assert further_reads(wish, seen) == {}


def test_both_halves_of_a_pair_are_read() -> None:
    """The source half's link and configs are read where it lives, its mirror topics are not: it has none."""
    dialling = half(LinkAddress(SRC, "l"), DST, link_mode=LinkMode.SOURCE, hosts_mirrors=False)
    wish = desired(entry(halves=[half(connection_mode=ConnectionMode.INBOUND), dialling]))
    reads = first_reads(wish)
    assert reads[SRC] == ClusterReads(identity=True, links=True, link_configs=frozenset({"l"}))
    assert reads[DST].mirrors


def test_a_source_without_rest_is_never_asked() -> None:
    """Plain Kafka cannot be asked, neither first nor later."""
    wish = desired(entry(mirror("new")), clusters=[cluster(SRC, rest=False), cluster(DST)])
    assert set(first_reads(wish)) == {DST}
    assert further_reads(wish, _after_first(live(DST))) == {DST: TOPICS}


@pytest.mark.parametrize(
    ("goal", "expected"),
    [
        (MirrorGoal.ACTIVE, {DST: TOPICS, SRC: TOPICS}),
        (MirrorGoal.PAUSED, {DST: TOPICS, SRC: TOPICS}),
        (MirrorGoal.PROMOTED, {DST: TOPICS}),
        (MirrorGoal.ABSENT, {DST: TOPICS}),
    ],
)
def test_a_declared_mirror_without_a_row_needs_topic_lists(
    goal: MirrorGoal, expected: dict[str, ClusterReads]
) -> None:
    """The destination's list tells whether the name is free, the source's whether there is something to mirror."""
    wish = desired(entry(mirror("t", goal)))
    seen = _after_first(live(DST, links=[live_link()]), live(SRC))
    assert further_reads(wish, seen) == expected
    whole = observed(live(DST, links=[live_link()]), live(SRC))
    assert further_reads(wish, whole) == {}


def test_replication_factor_and_configs_need_their_lists() -> None:
    """Each list is read once, and only when something declared needs it."""
    seen = _after_first(live(DST, links=[live_link()], rows=[row("t")]), live(SRC))
    assert further_reads(desired(entry(mirror("t"))), seen) == {}
    factor = desired(entry(mirror("t", replication_factor=3)))
    assert further_reads(factor, seen) == {DST: TOPICS}
    configs = desired(entry(mirror("t", configs={"x": "1"})))
    assert further_reads(configs, seen) == {DST: ClusterReads(topic_configs=True)}
    released = desired(entry(mirror("t", MirrorGoal.RELEASED, configs={"x": "1"})))
    assert further_reads(released, seen) == {}


def test_a_recreation_looks_for_its_source_topic() -> None:
    """With the consent to recreate, the source's topics are read before the old topic is deleted."""
    wish = desired(entry(mirror("t")))
    seen = _after_first(live(DST, links=[live_link()], rows=[row("t", "FAILED")]), live(SRC))
    grants = (Grant(ConsentKind.RECREATE, glob="dst/l/t"),)
    assert further_reads(wish, seen) == {}
    assert further_reads(wish, seen, grants=grants) == {SRC: TOPICS}


def test_patterns_are_resolved_in_rounds() -> None:
    """A pattern needs the source's topics; what it matches needs the destination's."""
    wish = desired(entry(patterns=[MirrorPattern(LINK, "*")]))
    seen = _after_first(live(DST, links=[live_link()]), live(SRC))
    assert further_reads(wish, seen) == {SRC: TOPICS}
    with_source = seen.merge(observed(live(SRC, plain=["t"])))
    assert further_reads(wish, with_source) == {DST: TOPICS}
    assert further_reads(wish, with_source.merge(observed(live(DST)))) == {}


def test_a_pattern_for_failover_asks_nothing_of_the_source() -> None:
    """A whole link can be failed over with a dead source."""
    pattern = MirrorPattern(LINK, "*", goal=MirrorGoal.FAILED_OVER)
    wish = desired(entry(patterns=[pattern]))
    seen = _after_first(
        live(DST, links=[live_link()], rows=[row("t")]), ObservedCluster(SRC, gap())
    )
    assert further_reads(wish, seen) == {}


def test_what_could_not_be_read_is_not_asked_again() -> None:
    """A gap is an answer: planning goes on with it, and a dead cluster costs no second timeout."""
    wish = desired(entry(mirror("t")))
    dead = ObservedCluster(DST, gap(), gap(), gap())
    assert further_reads(wish, observed(dead, ObservedCluster(SRC, gap()))) == {}
    seen = _after_first(live(DST, links=[live_link()]), ObservedCluster(SRC, gap()))
    assert further_reads(wish, seen) == {DST: TOPICS}
    blind = replace(live(DST, links=[live_link()]), topics=gap())
    assert further_reads(wish, observed(blind, live(SRC))) == {}


def test_targets_narrow_the_reading() -> None:
    """A target reads its own link only; a target that selects nothing reads nothing."""
    other = LinkAddress("dst2", "k")
    wish = desired(
        entry(mirror("t")),
        entry(mirror("u", link=other), halves=[half(other)]),
        clusters=[cluster(SRC), cluster(DST), cluster("dst2")],
    )
    assert set(first_reads(wish, targets=("dst/l/t",))) == {SRC, DST}
    assert set(first_reads(wish, targets=("dst2/k",))) == {SRC, "dst2"}
    assert first_reads(wish, targets=("nowhere/x",)) == {}


def test_a_target_below_a_pattern_reads_its_link() -> None:
    """What a pattern matches is not known before the first reading, so its link is read."""
    wish = desired(entry(patterns=[MirrorPattern(LINK, "*")]))
    assert DST in first_reads(wish, targets=("dst/l/anything",))


def test_an_absent_link_asks_nothing_of_its_source() -> None:
    """Nothing is created on a link that goes away."""
    wish = desired(entry(mirror("t"), goal=LinkGoal.ABSENT))
    seen = _after_first(live(DST, links=[live_link()]), live(SRC))
    assert further_reads(wish, seen) == {DST: TOPICS}


def test_an_undeclared_cluster_is_not_asked() -> None:
    """A half on a cluster that no file declares is left to the room that checks files."""
    wish = DesiredState({}, (entry(mirror("t")),))
    assert first_reads(wish) == {}
