"""Link objects: creation of one or both halves, what no server changes, pause, resume, deletion."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.model.address import LinkAddress
from reconciler.model.changes import ChangeKind, FieldDelta, FilterDelta
from reconciler.model.desired import DesiredHalf, DesiredState
from reconciler.model.filters import FilterKind, NameFilter
from reconciler.model.links import ConnectionMode, LinkGoal, LinkMode, Topology
from reconciler.model.mirrors import MirrorGoal
from reconciler.model.observed import ObservedCluster, ObservedLink, ObservedState
from reconciler.model.plan import Plan
from reconciler.model.secrets import Reference, ReferenceKind, Template
from reconciler.model.steps import AlterLink, CreateLink, DeleteLink, SetLinkPaused
from reconciler.planning import make_plan
from tests.planning.builders import (
    CATALOGUE,
    DST,
    LINK,
    SRC,
    cluster,
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

FAR = LinkAddress(SRC, "l")
GROUPS = {FilterKind.GROUP: frozenset({NameFilter("g")})}


def _codes(plan: Plan) -> list[str]:
    return [finding.code for finding in plan.diagnostics]


def _kinds(plan: Plan) -> list[tuple[str, ChangeKind]]:
    return [(str(change.address), change.kind) for change in plan.changes]


def _steps(plan: Plan) -> list[str]:
    return [step.id for step in plan.steps]


def _plan(wish: DesiredState, *clusters: ObservedCluster) -> Plan:
    return make_plan(wish, observed(*clusters), CATALOGUE)


def source_pair(**inbound: object) -> tuple[DesiredHalf, DesiredHalf]:
    """Both halves of a source-initiated link: the dialled one hosts the mirror topics."""
    dialled = replace(half(connection_mode=ConnectionMode.INBOUND), **inbound)  # type: ignore[arg-type]
    dialling = half(FAR, DST, link_mode=LinkMode.SOURCE, hosts_mirrors=False)
    return dialled, dialling


def two_way() -> tuple[DesiredHalf, DesiredHalf]:
    """A bidirectional link whose sides both dial."""
    one = half(link_mode=LinkMode.BIDIRECTIONAL)
    return one, half(FAR, DST, link_mode=LinkMode.BIDIRECTIONAL)


def _live_inbound() -> ObservedLink:
    return live_link(connection_mode="INBOUND")


def _live_source() -> ObservedLink:
    return live_link(FAR, remote=DST, link_mode="SOURCE")


def test_the_first_run_creates_link_and_mirrors_in_order() -> None:
    """The story's first plan: one link and its mirror topics, the link first, with all that it is given."""
    jaas = Template((Reference(ReferenceKind.ENV, "JAAS"),))
    made = half(
        configs={"consumer.offset.sync.enable": "true"},
        credentials={"sasl.jaas.config": jaas, "security.protocol": Template.literal("SASL_SSL")},
        filters=GROUPS,
        prefix="p.",
    )
    wish = desired(entry(mirror("users", prefix="p."), halves=[made]))
    plan = _plan(wish, live(DST), live(SRC, plain=["users"]))
    assert _steps(plan) == ["create-link dst/l", "create-mirror dst/l/p.users"]
    assert plan.steps[0].action == CreateLink(made, remote_cluster_id="id-src")
    assert plan.steps[1].needs == ("create-link dst/l",)
    assert plan.changes[0].deltas == (
        FieldDelta("bootstrap.servers", None, "src:9092"),
        FieldDelta("consumer.offset.sync.enable", None, "true"),
        FieldDelta("prefix", None, "p."),
        FieldDelta("sasl.jaas.config", hidden=True, reference="${env:JAAS}"),
        FieldDelta("security.protocol", None, "SASL_SSL"),
        FilterDelta(FilterKind.GROUP, added=(NameFilter("g"),)),
    )
    assert plan.identities == {"dst": "id-dst", "src": "id-src"}


def test_a_source_without_rest_needs_no_reading() -> None:
    """Plain Kafka as source: its declared id is used, and nothing is asked of it."""
    wish = desired(
        entry(mirror("t")),
        clusters=[cluster(SRC, rest=False, cluster_id="given"), cluster(DST)],
    )
    plan = _plan(wish, live(DST))
    assert _steps(plan) == ["create-link dst/l", "create-mirror dst/l/t"]
    assert plan.steps[0].action == CreateLink(half(), remote_cluster_id="given")


def test_a_new_link_that_is_to_be_paused_is_created_and_paused_last() -> None:
    """Creating and pausing are two changes; mirror topics are made in between."""
    wish = desired(entry(mirror("t"), goal=LinkGoal.PAUSED))
    plan = _plan(wish, live(DST), live(SRC, plain=["t"]))
    assert _steps(plan) == ["create-link dst/l", "create-mirror dst/l/t", "pause-link dst/l"]
    assert plan.steps[2].action == SetLinkPaused(LINK, paused=True)
    assert plan.steps[2].needs == ("create-link dst/l", "create-mirror dst/l/t")


def test_auto_create_is_turned_on_after_the_listed_mirror_topics_exist() -> None:
    """A new link gets its topic filter and switch last, or the server would make listed mirrors its own way."""
    made = half(
        configs={"auto.create.mirror.topics.enable": "true"},
        filters={FilterKind.TOPIC: frozenset({NameFilter("*")})},
    )
    wish = desired(entry(mirror("t"), halves=[made]))
    plan = _plan(wish, live(DST), live(SRC, plain=["t"]))
    assert _steps(plan) == ["create-link dst/l", "create-mirror dst/l/t", "auto-create dst/l"]
    assert plan.steps[0].action == CreateLink(replace(made, configs={}, filters={}), "id-src")
    assert plan.steps[2].action == AlterLink(LINK, set_configs=made.configs, filters=made.filters)
    assert plan.steps[2].covers == plan.steps[0].covers
    alone = _plan(desired(entry(halves=[made])), live(DST), live(SRC))
    assert _steps(alone) == ["create-link dst/l"]


def test_both_halves_of_a_source_initiated_link() -> None:
    """INBOUND is made before OUTBOUND, mirror topics after both; no id is passed on."""
    wish = desired(entry(mirror("t"), halves=source_pair(), topology=Topology.SOURCE))
    plan = _plan(wish, live(DST), live(SRC, plain=["t"]))
    assert [(s.id, s.needs) for s in plan.steps] == [
        ("create-link dst/l", ()),
        ("create-link src/l", ("create-link dst/l",)),
        ("create-mirror dst/l/t", ("create-link dst/l", "create-link src/l")),
    ]
    second = plan.steps[1].action
    assert isinstance(second, CreateLink)
    assert (second.remote_cluster_id, second.link_id_from) == ("id-dst", None)


def test_two_sides_that_dial_are_made_one_after_the_other() -> None:
    """The second of two OUTBOUND sides carries the id of the first, whichever lives already."""
    wish = desired(entry(halves=two_way(), topology=Topology.BIDIRECTIONAL))
    both = _plan(wish, live(DST), live(SRC))
    assert [(s.id, s.needs) for s in both.steps] == [
        ("create-link dst/l", ()),
        ("create-link src/l", ("create-link dst/l",)),
    ]
    assert [_giver(plan_step.action) for plan_step in both.steps] == [None, LINK]
    far = live_link(FAR, remote=DST, link_mode="BIDIRECTIONAL")
    first_missing = _plan(wish, live(DST), live(SRC, links=[far]))
    assert [_giver(s.action) for s in first_missing.steps] == [FAR]


def _giver(action: object) -> LinkAddress | None:
    assert isinstance(action, CreateLink)
    return action.link_id_from


def test_a_missing_outbound_half_is_added() -> None:
    """A run that stopped between the halves goes on where it stopped."""
    wish = desired(entry(halves=source_pair(), topology=Topology.SOURCE))
    plan = _plan(wish, live(DST, links=[_live_inbound()]), live(SRC))
    assert _steps(plan) == ["create-link src/l"]


def test_a_missing_inbound_half_is_blocked() -> None:
    """INBOUND missing under a live OUTBOUND cannot be mended in place, and the way out is said."""
    wish = desired(entry(mirror("t"), halves=source_pair(), topology=Topology.SOURCE))
    plan = _plan(wish, live(DST), live(SRC, links=[_live_source()], plain=["t"]))
    assert (plan.changes, _codes(plan)) == ((), ["inbound-missing", "link-unusable"])
    assert "src/l" in plan.blocked[0].cure


def test_no_mirror_topic_is_created_on_half_a_pair() -> None:
    """While the other half is hidden or not as declared, nothing is mirrored through this one."""
    wish = desired(entry(mirror("t"), halves=source_pair(), topology=Topology.SOURCE))
    here = live(DST, links=[_live_inbound()])
    blind = replace(live(SRC, plain=["t"]), links=gap())
    assert _codes(_plan(wish, here, blind)) == ["link-unusable", "link-unreadable"]
    other = live(SRC, links=[replace(_live_source(), link_mode="DESTINATION")], plain=["t"])
    assert _codes(_plan(wish, here, other)) == ["link-unusable", "link-immutable"]


def test_halves_with_two_ids_are_blocked() -> None:
    """Two ids are two links: nothing is written to either."""
    wish = desired(entry(halves=source_pair(configs={"x": "1"}), topology=Topology.SOURCE))
    far = replace(_live_source(), link_id="L2")
    plan = _plan(wish, live(DST, links=[_live_inbound()]), live(SRC, links=[far]))
    assert (plan.changes, _codes(plan)) == ((), ["halves-disagree"])


def test_a_half_is_not_created_beside_one_that_cannot_be_seen() -> None:
    """Could not read is not absent: the other half of an unreadable one is not made."""
    wish = desired(entry(halves=source_pair(), topology=Topology.SOURCE))
    blind = ObservedCluster(SRC, "id-src", gap("src: links"))
    plan = _plan(wish, live(DST), blind)
    assert plan.changes == ()
    assert sorted(_codes(plan)) == ["half-unreadable", "link-unreadable", "remote-unreadable"]


@pytest.mark.parametrize(
    "changed",
    [
        {"link_mode": "BIDIRECTIONAL"},
        {"connection_mode": "INBOUND"},
        {"prefix": "other."},
        {"remote_cluster_id": "somebody-else"},
    ],
)
def test_what_no_server_changes_is_blocked(changed: dict[str, str]) -> None:
    """Mode, connection mode, prefix and the other cluster are never changed by a replace; nothing is written."""
    wish = desired(entry(mirror("t"), halves=[half(configs={"x": "1"})]))
    link = replace(live_link(), **changed)  # type: ignore[arg-type]
    plan = _plan(wish, live(DST, links=[link]), live(SRC, plain=["t"]))
    assert (plan.changes, _codes(plan)) == ((), ["link-immutable", "link-unusable"])


def test_fields_that_a_version_does_not_offer_are_no_difference() -> None:
    """An empty remote id and missing modes are unknown, not other."""
    link = replace(
        live_link(),
        remote_cluster_id="",
        link_mode=None,
        connection_mode=None,
        prefix=None,
        link_id=None,
    )
    assert not _plan(desired(entry()), live(DST, links=[link]), live(SRC)).pending


@pytest.mark.parametrize(
    ("paused", "goal", "expected"),
    [
        (False, LinkGoal.PAUSED, [("dst/l", ChangeKind.PAUSE_LINK)]),
        (True, LinkGoal.ACTIVE, [("dst/l", ChangeKind.RESUME_LINK)]),
        (True, LinkGoal.PAUSED, []),
        (False, LinkGoal.ACTIVE, []),
    ],
)
def test_pausing_and_resuming(
    paused: bool, goal: LinkGoal, expected: list[tuple[str, ChangeKind]]
) -> None:
    """A link is paused or resumed when, and only when, it is not as wanted."""
    plan = _plan(desired(entry(goal=goal)), live(DST, links=[live_link(paused=paused)]), live(SRC))
    assert _kinds(plan) == expected


def test_a_pair_is_paused_where_its_mirrors_live() -> None:
    """The dialling half of a source-initiated link is left alone."""
    wish = desired(entry(halves=source_pair(), topology=Topology.SOURCE, goal=LinkGoal.PAUSED))
    plan = _plan(wish, live(DST, links=[_live_inbound()]), live(SRC, links=[_live_source()]))
    assert _kinds(plan) == [("dst/l", ChangeKind.PAUSE_LINK)]


def test_an_old_server_shows_the_pause_as_a_state() -> None:
    """Where the pause config is not offered, the state word tells."""
    link = replace(live_link(), paused=None, state="PAUSED")
    plan = _plan(desired(entry()), live(DST, links=[link]), live(SRC))
    assert _kinds(plan) == [("dst/l", ChangeKind.RESUME_LINK)]


def test_unreadable_configs_block_configs_and_pause_only() -> None:
    """A link whose configs are hidden is neither configured nor paused; its mirror topics go on."""
    wish = desired(
        entry(
            mirror("t", MirrorGoal.FAILED_OVER),
            halves=[half(configs={"x": "1"})],
            goal=LinkGoal.PAUSED,
        )
    )
    link = replace(live_link(), configs=gap("dst: configs of l"), paused=None)
    plan = _plan(wish, live(DST, links=[link], rows=[row("t")]), live(SRC))
    assert _kinds(plan) == [("dst/l/t", ChangeKind.FAILOVER)]
    assert _codes(plan) == ["link-configs-unreadable"]


def test_a_link_without_live_mirrors_is_deleted() -> None:
    """Rows that are STOPPED or that this plan stops or deletes do not hold a link; others steps come first."""
    wish = desired(
        entry(
            mirror("a", MirrorGoal.PROMOTED),
            mirror("b", MirrorGoal.FAILED_OVER),
            mirror("c", MirrorGoal.ABSENT),
            goal=LinkGoal.ABSENT,
        )
    )
    here = live(DST, links=[live_link()], rows=[row("a"), row("b"), row("c"), row("d", "STOPPED")])
    plan = _plan(wish, here, live(SRC))
    last = plan.steps[-1]
    assert last.action == DeleteLink(LINK)
    assert last.needs == ("delete-topic dst/l/c", "failover dst/l", "promote dst/l")
    assert last.expects == {
        LINK.mirror("a"): "STOPPED",
        LINK.mirror("b"): "STOPPED",
        LINK.mirror("c"): None,
        LINK.mirror("d"): "STOPPED",
    }


@pytest.mark.parametrize("status", ["ACTIVE", "PENDING_STOPPED", "FAILED", "WHATEVER", None])
def test_any_other_row_holds_the_link_and_is_named(status: str | None) -> None:
    """A mirror topic that nobody listed keeps its link from being deleted, by name."""
    wish = desired(entry(goal=LinkGoal.ABSENT))
    plan = _plan(wish, live(DST, links=[live_link()], rows=[row("unlisted", status)]), live(SRC))
    assert plan.changes == ()
    assert "link-in-use" in _codes(plan)
    assert "unlisted" in plan.blocked[0].message


def test_a_protected_mirror_topic_holds_its_link() -> None:
    """What protection blocks does not stop, so its link stays."""
    wish = desired(entry(mirror("t", MirrorGoal.FAILED_OVER), goal=LinkGoal.ABSENT), protect=["t"])
    plan = _plan(wish, live(DST, links=[live_link()], rows=[row("t")]), live(SRC))
    assert (plan.changes, sorted(_codes(plan))) == ((), ["link-in-use", "protected"])


def test_both_halves_are_deleted_in_reverse() -> None:
    """The half that was made last goes first."""
    wish = desired(entry(halves=source_pair(), topology=Topology.SOURCE, goal=LinkGoal.ABSENT))
    plan = _plan(wish, live(DST, links=[_live_inbound()]), live(SRC, links=[_live_source()]))
    assert [(s.id, s.needs) for s in plan.steps] == [
        ("delete-link src/l", ()),
        ("delete-link dst/l", ("delete-link src/l",)),
    ]


def test_no_half_is_deleted_while_mirrors_of_the_pair_are_hidden() -> None:
    """A source half is not deleted when nobody can see what still mirrors through it."""
    wish = desired(entry(halves=source_pair(), topology=Topology.SOURCE, goal=LinkGoal.ABSENT))
    blind = ObservedCluster(DST, gap(), gap(), gap())
    plan = _plan(wish, blind, live(SRC, links=[_live_source()]))
    assert plan.changes == ()
    assert sorted(_codes(plan)) == ["delete-unreadable", "link-unreadable"]


def test_an_absent_link_that_is_gone_is_nothing_to_do() -> None:
    """Deleting twice is deleting once."""
    plan = _plan(desired(entry(goal=LinkGoal.ABSENT)), live(DST), live(SRC))
    assert (plan.pending, plan.diagnostics) == (False, ())


def test_removing_an_entry_deletes_nothing() -> None:
    """What the file no longer speaks of is reported as unmanaged and left alone (P4)."""
    here = live(DST, links=[live_link(), live_link(LinkAddress(DST, "k"))], rows=[row("t")])
    plan = _plan(desired(entry()), here, live(SRC))
    assert not plan.pending
    assert [(str(u.address), u.detail) for u in plan.unmanaged] == [
        ("dst/k", "link with 0 mirror topics"),
        ("dst/l/t", "mirror topic, ACTIVE"),
    ]


def test_overrides_and_filters_that_nobody_declared_are_unmanaged() -> None:
    """Set configs and filters are reported by name; defaults, declared keys and expected mirrors are not."""
    everything = frozenset({NameFilter("a", "PREFIXED")})
    link = live_link(
        configs={
            "mystery.ms": config("7"),
            "consumer.offset.sync.ms": config("30000", default=True),
            "auto.create.mirror.topics.enable": config("true"),
        },
        filters={FilterKind.TOPIC: everything},
    )
    here = live(DST, links=[link], rows=[row("apple"), row("pear")])
    plan = _plan(desired(entry()), here, live(SRC))
    assert [(str(u.address), u.detail) for u in plan.unmanaged] == [
        ("dst/l", "config auto.create.mirror.topics.enable is set"),
        ("dst/l", "config mystery.ms is set"),
        ("dst/l", "topic filter with 1 row is set"),
        ("dst/l/pear", "mirror topic, ACTIVE"),
    ]


def test_the_source_gone_leaves_failover_pause_and_configs() -> None:
    """With a dead source, creations and promotions are blocked and said; everything else goes on."""
    wish = desired(
        entry(
            mirror("a", MirrorGoal.FAILED_OVER),
            mirror("b", MirrorGoal.PAUSED),
            mirror("c", MirrorGoal.PROMOTED),
            mirror("d"),
            halves=[half(configs={"consumer.offset.sync.ms": "1"})],
        )
    )
    here = live(DST, links=[live_link()], rows=[row("a"), row("b"), row("c")])
    dead = ObservedCluster(SRC, gap("src"), topics=gap("src: topics"))
    plan = make_plan(wish, ObservedState({DST: here, SRC: dead}), CATALOGUE)
    assert _kinds(plan) == [
        ("dst/l", ChangeKind.CONFIGURE_LINK),
        ("dst/l/a", ChangeKind.FAILOVER),
        ("dst/l/b", ChangeKind.PAUSE_MIRROR),
    ]
    assert _codes(plan) == ["promote-source-unreadable", "source-unreadable"]
    assert [g.scope for g in plan.gaps] == ["src", "src: topics"]


def test_a_link_is_not_bound_to_a_cluster_that_nobody_could_identify() -> None:
    """Creation waits for the id of the other side where it can be asked for."""
    dead = ObservedCluster(SRC, gap("src"))
    plan = _plan(desired(entry(mirror("t"))), live(DST), dead)
    assert (plan.changes, _codes(plan)) == ((), ["link-unusable", "remote-unreadable"])


def test_a_link_that_its_own_mirror_topics_speak_of_is_not_created() -> None:
    """P6: where one list shows mirror topics of a link and the other no such link, nothing is made on either word."""
    wish = desired(entry(mirror("t"), mirror("new"), mirror("f", MirrorGoal.FAILED_OVER)))
    here = live(DST, rows=[row("t"), row("f")])
    plan = _plan(wish, here, live(SRC, plain=["new"]))
    assert _kinds(plan) == [("dst/l/f", ChangeKind.FAILOVER)]
    assert _codes(plan) == ["link-unlisted", "link-unusable"]
    assert "2 mirror topics" in plan.blocked[0].message


@pytest.mark.parametrize("declared", [None, "id-dst"])
def test_a_link_from_a_cluster_to_itself_is_not_created(declared: str | None) -> None:
    """Two names that lead to one cluster: said in the plan, not by the server in the middle of an apply."""
    clusters = (cluster(SRC, cluster_id=declared), cluster(DST))
    twin = replace(live(SRC, plain=["t"]), cluster_id="id-dst")
    plan = _plan(desired(entry(mirror("t")), clusters=clusters), live(DST), twin)
    assert (plan.changes, _codes(plan)) == ((), ["link-to-itself", "link-unusable"])
    assert "src" in plan.blocked[0].message


def test_hidden_configs_hold_back_deletions_and_promotions() -> None:
    """While nobody can see the switch and the pause of a link, what depends on them is held back and said."""
    wish = desired(entry(mirror("a", MirrorGoal.ABSENT), mirror("p", MirrorGoal.PROMOTED)))
    hidden = replace(live_link(), configs=gap(), paused=None)
    here = live(DST, links=[hidden], rows=[row("a"), row("p", "PAUSED")])
    plan = _plan(wish, here, live(SRC))
    assert plan.changes == ()
    assert sorted(_codes(plan)) == [
        "auto-create-unreadable",
        "link-configs-unreadable",
        "promote-link-unreadable",
    ]


def test_a_hidden_topic_filter_holds_back_deletions() -> None:
    """Auto-create is on, and what it selects cannot be read: nothing is deleted."""
    wish = desired(entry(mirror("a", MirrorGoal.ABSENT)))
    link = live_link(
        configs={"auto.create.mirror.topics.enable": config("true")},
        filters={FilterKind.TOPIC: gap()},
    )
    plan = _plan(wish, live(DST, links=[link], rows=[row("a")]), live(SRC))
    assert (plan.changes, _codes(plan)) == ((), ["auto-create-unreadable"])
    declared = desired(
        entry(
            mirror("a", MirrorGoal.ABSENT),
            halves=[half(configs={"auto.create.mirror.topics.enable": "true"})],
        )
    )
    unread = observed(replace(live(DST, rows=[row("a")]), links=gap()), live(SRC))
    assert "auto-create-unreadable" in _codes(make_plan(declared, unread, CATALOGUE))


def test_auto_create_that_is_reset_brings_nothing_back() -> None:
    """A switch that this plan resets selects nothing any more, and the deletion waits for the reset."""
    switch = "auto.create.mirror.topics.enable"
    wish = desired(entry(mirror("a", MirrorGoal.ABSENT), halves=[half(reset=[switch])]))
    link = live_link(
        configs={switch: config("true")}, filters={FilterKind.TOPIC: frozenset({NameFilter("*")})}
    )
    plan = _plan(wish, live(DST, links=[link], rows=[row("a")]), live(SRC))
    assert _steps(plan) == ["narrow dst/l", "delete-topic dst/l/a"]


def test_a_plan_without_any_reading_does_nothing() -> None:
    """A plan that is made before anything was read blocks everything and changes nothing (P6)."""
    wish = desired(entry(mirror("t"), mirror("a", MirrorGoal.ABSENT)))
    plan = make_plan(wish, ObservedState(), CATALOGUE)
    assert plan.changes == ()
    assert set(_codes(plan)) == {"link-unreadable", "mirrors-unreadable"}


def test_unreadable_topics_block_the_creation_only() -> None:
    """Without the topic list nobody knows whether a name is free; an absent name needs no list."""
    wish = desired(
        entry(mirror("t"), mirror("a", MirrorGoal.ABSENT), mirror("p", MirrorGoal.PAUSED))
    )
    here = replace(live(DST, links=[live_link()], rows=[row("p")]), topics=gap())
    plan = _plan(wish, here, live(SRC, plain=["t"]))
    assert _kinds(plan) == [("dst/l/p", ChangeKind.PAUSE_MIRROR)]
    assert _codes(plan) == ["topics-unreadable"]


def test_a_link_with_an_unknown_default_switch_is_created_whole() -> None:
    """A new half without auto-create is made in one step, even while mirror topics are created on it."""
    made = half(configs={"consumer.offset.sync.enable": "true"}, filters=GROUPS)
    wish = desired(entry(mirror("t"), halves=[made]))
    plan = _plan(wish, live(DST), live(SRC, plain=["t"]))
    assert plan.steps[0].action == CreateLink(made, "id-src")
