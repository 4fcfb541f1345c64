"""Mirror topics beyond the table: protection, exact consents, batches, what steps expect."""

from __future__ import annotations

import pytest

from reconciler.model.address import MirrorAddress
from reconciler.model.changes import ChangeKind, Exposure, FieldDelta
from reconciler.model.consent import ConsentKind, Grant
from reconciler.model.filters import FilterKind, NameFilter
from reconciler.model.links import LinkGoal
from reconciler.model.mirrors import MirrorGoal, MirrorVerb
from reconciler.model.observed import ObservedConfig, ObservedMirror
from reconciler.model.plan import Plan
from reconciler.model.steps import AlterMirror, ChangeMirrors, CreateMirror, DeleteTopic
from reconciler.planning import make_plan
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

T = LINK.mirror("t")


def _codes(plan: Plan) -> list[str]:
    return [finding.code for finding in plan.diagnostics]


def _kinds(plan: Plan) -> list[ChangeKind]:
    return [change.kind for change in plan.changes]


def _plan(*rows: ObservedMirror, goal: MirrorGoal, protect: tuple[str, ...] = (), grants: tuple[Grant, ...] = ()) -> Plan:  # fmt: skip
    wish = desired(entry(*(mirror(r.source_topic, goal) for r in rows)), protect=protect)
    here = live(DST, links=[live_link()], rows=rows)
    source = live(SRC, plain=[r.source_topic for r in rows])
    return make_plan(wish, observed(here, source), CATALOGUE, grants=grants)


@pytest.mark.parametrize(
    ("goal", "status"),
    [
        (MirrorGoal.PROMOTED, "ACTIVE"),
        (MirrorGoal.PROMOTED, "PAUSED"),
        (MirrorGoal.FAILED_OVER, "SOURCE_UNAVAILABLE"),
        (MirrorGoal.ABSENT, "ACTIVE"),
    ],
)
def test_protection_beats_every_wish(goal: MirrorGoal, status: str) -> None:
    """A protected mirror topic is not promoted, failed over or deleted, and nothing is half done on the way."""
    plan = _plan(row("t", status), goal=goal, protect=("x*", "t*"))
    assert (_kinds(plan), plan.blocked[0].code) == ([], "protected")
    assert plan.protected == plan.blocked


@pytest.mark.parametrize(
    ("goal", "kind"),
    [
        (MirrorGoal.ACTIVE, ConsentKind.RECREATE),
        (MirrorGoal.ABSENT, ConsentKind.DELETE_RELEASED),
    ],
)
def test_protection_beats_exact_consent(goal: MirrorGoal, kind: ConsentKind) -> None:
    """Not even a consent that names the protected mirror topic itself gets past its protection."""
    plan = _plan(row("t", "STOPPED"), goal=goal, protect=("t",), grants=(Grant(kind, glob=str(T)),))
    assert (_kinds(plan), _codes(plan)) == ([], ["protected"])


def test_protection_does_not_stop_a_pause() -> None:
    """Protection is about what cannot be undone."""
    plan = _plan(row("t"), goal=MirrorGoal.PAUSED, protect=("t",))
    assert _kinds(plan) == [ChangeKind.PAUSE_MIRROR]


def test_a_promotion_shows_how_far_it_has_to_catch_up() -> None:
    """A promotion waits for its lag to be zero, so the plan says how much there is."""
    plan = _plan(row("t", lag=7), goal=MirrorGoal.PROMOTED)
    assert [(c.kind, c.exposure) for c in plan.changes] == [(ChangeKind.PROMOTE, Exposure(7, 1))]


@pytest.mark.parametrize("status", ["STOPPED", "FAILED"])
def test_recreate_deletes_then_creates(status: str) -> None:
    """With its exact consent a dead mirror topic is deleted and then made anew, in that order."""
    grant = Grant(ConsentKind.RECREATE, glob=str(T))
    plan = _plan(row("t", status, lag=7), goal=MirrorGoal.ACTIVE, grants=(grant,))
    clear, create = plan.steps
    assert _kinds(plan) == [ChangeKind.RECREATE_MIRROR]
    assert plan.changes[0].exposure == Exposure(7, 1)
    assert (clear.action, clear.expects) == (DeleteTopic(T), {T: status})
    assert (create.action, create.expects) == (CreateMirror(T, "t"), {T: None})
    assert create.needs == (clear.id,)


@pytest.mark.parametrize("glob", ["dst/l/*", "dst/l/other", None])
def test_recreate_wants_the_exact_address(glob: str | None) -> None:
    """Neither a glob nor another address nor the bare word unlocks a recreation."""
    plan = _plan(
        row("t", "STOPPED"),
        goal=MirrorGoal.ACTIVE,
        grants=(Grant(ConsentKind.RECREATE, glob=glob),),
    )
    assert (_kinds(plan), plan.blocked[0].code) == ([], "mirror-stopped")
    assert "grant-unused" in _codes(plan)


def test_a_released_topic_is_deleted_by_exact_consent_only() -> None:
    """`absent` on a STOPPED mirror topic deletes it only with `delete-released` and its address."""
    grant = Grant(ConsentKind.DELETE_RELEASED, glob=str(T))
    plan = _plan(row("t", "STOPPED"), goal=MirrorGoal.ABSENT, grants=(grant,))
    assert _kinds(plan) == [ChangeKind.DELETE_RELEASED]
    assert plan.steps[0].action == DeleteTopic(T)


def test_one_call_per_link_and_verb() -> None:
    """Many mirror topics with one verb share one step, which covers each of their changes."""
    plan = _plan(row("b", lag=3), row("a", "PAUSED", lag=2), goal=MirrorGoal.FAILED_OVER)
    (step,) = plan.steps
    assert step.action == ChangeMirrors(LINK, MirrorVerb.FAILOVER, ("a", "b"))
    assert step.expects == {LINK.mirror("a"): "PAUSED", LINK.mirror("b"): "ACTIVE"}
    assert [key.address for key in step.covers] == [LINK.mirror("a"), LINK.mirror("b")]
    assert [change.exposure for change in plan.changes] == [Exposure(2, 1), Exposure(3, 1)]
    assert step.needs == ()


def test_a_lag_before_the_first_fetch_is_unknown() -> None:
    """A lag of 0 that was never measured is not shown as nothing to lose."""
    plan = _plan(row("t", lag=0, fetched=-1), goal=MirrorGoal.FAILED_OVER)
    assert plan.changes[0].exposure == Exposure(None, 1)


def test_a_paused_mirror_topic_holds_no_other_promotion_back() -> None:
    """Mirror topics that must be resumed first are promoted in a step of their own, and are expected ACTIVE."""
    plan = _plan(row("a"), row("b", "PAUSED"), goal=MirrorGoal.PROMOTED)
    steps = {step.id: step for step in plan.steps}
    assert steps["promote dst/l"].needs == ()
    assert steps["promote dst/l"].expects == {LINK.mirror("a"): "ACTIVE"}
    assert steps["promote-resumed dst/l"].needs == ("resume-mirror dst/l",)
    assert steps["promote-resumed dst/l"].expects == {LINK.mirror("b"): "ACTIVE"}


def test_a_created_mirror_topic_is_paused_by_itself() -> None:
    """A creation that fails keeps no other mirror topic from being paused."""
    wish = desired(entry(mirror("new", MirrorGoal.PAUSED), mirror("old", MirrorGoal.PAUSED)))
    here = live(DST, links=[live_link()], rows=[row("old")])
    plan = make_plan(wish, observed(here, live(SRC, plain=["new", "old"])), CATALOGUE)
    needs = {step.id: step.needs for step in plan.steps}
    assert needs == {
        "create-mirror dst/l/new": (),
        "pause-mirror dst/l": (),
        "pause-mirror dst/l/new": ("create-mirror dst/l/new",),
    }


def test_matching_is_by_link_and_source_topic() -> None:
    """A live row counts by its source topic, and the plan speaks of it by its live name."""
    wish = desired(entry(mirror("t", MirrorGoal.PAUSED)))
    here = live(DST, links=[live_link()], rows=[row("t", prefix="old.")])
    plan = make_plan(wish, observed(here, live(SRC, plain=["t"])), CATALOGUE)
    assert [change.address for change in plan.changes] == [MirrorAddress(DST, "l", "old.t")]


def test_the_same_name_from_another_source_topic_is_not_ours() -> None:
    """A mirror topic of this link that carries the name but another source is not steered."""
    wish = desired(entry(mirror("t", MirrorGoal.FAILED_OVER)))
    stranger = ObservedMirror(T, "other", "ACTIVE")
    here = live(DST, links=[live_link()], rows=[stranger])
    plan = make_plan(wish, observed(here, live(SRC, plain=["t"])), CATALOGUE)
    assert (_kinds(plan), _codes(plan)) == ([], ["owned-by-other-link"])


def test_a_source_topic_that_does_not_exist_blocks_its_creation_only() -> None:
    """The missing source topic is named; the other mirror topics are created."""
    wish = desired(entry(mirror("here"), mirror("nowhere")))
    plan = make_plan(
        wish, observed(live(DST, links=[live_link()]), live(SRC, plain=["here"])), CATALOGUE
    )
    assert [str(change.address) for change in plan.changes] == ["dst/l/here"]
    assert _codes(plan) == ["source-topic-missing"]


@pytest.mark.parametrize("rows", [(), (row("t"),), (row("t", "STOPPED"),)])
def test_a_deletion_that_auto_create_would_undo_is_blocked(
    rows: tuple[ObservedMirror, ...],
) -> None:
    """`absent` on a name that the topic filter selects asks for an EXCLUDE instead of deleting."""
    everything = frozenset({NameFilter("*")})
    made = half(
        configs={"auto.create.mirror.topics.enable": "true"}, filters={FilterKind.TOPIC: everything}
    )
    wish = desired(entry(mirror("t", MirrorGoal.ABSENT), halves=[made]))
    link = live_link(
        configs={"auto.create.mirror.topics.enable": config("true")},
        filters={FilterKind.TOPIC: everything},
    )
    plan = make_plan(wish, observed(live(DST, links=[link], rows=rows), live(SRC)), CATALOGUE)
    assert (_kinds(plan), _codes(plan)) == ([], ["comes-back"])


def test_a_deletion_waits_for_the_exclude() -> None:
    """An EXCLUDE that comes with the deletion is written before it."""
    before = frozenset({NameFilter("*")})
    after = before | {NameFilter("t", filter_type="EXCLUDE")}
    made = half(
        configs={"auto.create.mirror.topics.enable": "true"}, filters={FilterKind.TOPIC: after}
    )
    link = live_link(
        configs={"auto.create.mirror.topics.enable": config("true")},
        filters={FilterKind.TOPIC: before},
    )
    wish = desired(entry(mirror("t", MirrorGoal.ABSENT), halves=[made]))
    plan = make_plan(wish, observed(live(DST, links=[link], rows=[row("t")]), live(SRC)), CATALOGUE)
    assert [(step.id, step.needs) for step in plan.steps] == [
        ("narrow dst/l", ()),
        ("delete-topic dst/l/t", ("narrow dst/l",)),
    ]


def test_mirror_topics_of_an_absent_link_are_not_created() -> None:
    """Wanting a mirror topic on a link that goes away is said, once per link."""
    wish = desired(entry(mirror("a"), mirror("b"), goal=LinkGoal.ABSENT))
    plan = make_plan(wish, observed(live(DST), live(SRC, plain=["a", "b"])), CATALOGUE)
    assert (_kinds(plan), _codes(plan)) == ([], ["link-unusable"])
    assert "a, b" in plan.diagnostics[0].message


def _configured(name: str, value: str, live_value: str, **more: str) -> Plan:
    wish = desired(entry(mirror("t", configs={name: value}), halves=[half(configs=more)]))
    shown = {"t": {name: ObservedConfig(name, live_value)}}
    link = live_link(configs={key: config(text) for key, text in more.items()})
    here = live(DST, links=[link], rows=[row("t")], topic_configs=shown)
    return make_plan(wish, observed(here, live(SRC)), CATALOGUE)


def test_configs_of_a_mirror_topic_are_compared_and_written() -> None:
    """A declared topic config that differs is one change and one step."""
    plan = _configured("confluent.tier.enable", "true", "false")
    assert plan.changes[0].deltas == (FieldDelta("confluent.tier.enable", "false", "true"),)
    assert plan.steps[0].action == AlterMirror(T, {"confluent.tier.enable": "true"})


@pytest.mark.parametrize(("value", "live_value"), [("true", "TRUE"), ("7", "07"), ("a b", "a b")])
def test_equal_topic_configs_are_no_change(value: str, live_value: str) -> None:
    """Spelling alone is no difference."""
    assert _configured("confluent.x", value, live_value) == _configured("confluent.x", value, value)


def test_configs_that_follow_the_source_are_refused() -> None:
    """A topic config that is always synced, or listed to be, is blocked with the place to set it."""
    included = {"topic.config.sync.include": "cleanup.policy, retention.ms"}
    assert _codes(_configured("cleanup.policy", "compact", "delete")) == ["mirror-config-synced"]
    assert _codes(_configured("retention.ms", "5", "6", **included)) == ["mirror-config-synced"]
    assert _kinds(_configured("retention.ms", "5", "6")) == [ChangeKind.CONFIGURE_MIRROR]


def test_configs_of_released_topics_are_left_alone() -> None:
    """Once STOPPED, a topic belongs to its users: neither configs nor replication factor are compared."""
    wish = desired(
        entry(mirror("t", MirrorGoal.RELEASED, configs={"x": "1"}, replication_factor=9))
    )
    here = live(DST, links=[live_link()], rows=[row("t", "STOPPED")], topic_configs={})
    assert not make_plan(wish, observed(here, live(SRC)), CATALOGUE).pending


def test_unreadable_topic_configs_block_only_themselves() -> None:
    """Without topic configs the rest of the plan stands."""
    wish = desired(entry(mirror("t", MirrorGoal.PAUSED, configs={"x": "1"})))
    here = live(DST, links=[live_link()], rows=[row("t")])
    plan = make_plan(wish, observed(here, live(SRC)), CATALOGUE)
    assert _kinds(plan) == [ChangeKind.PAUSE_MIRROR]
    assert _codes(plan) == ["mirror-configs-unreadable"]


def test_another_replication_factor_is_blocked() -> None:
    """A replication factor cannot be changed through a link, and the plan says what to do."""
    wish = desired(entry(mirror("t", replication_factor=5)))
    here = live(DST, links=[live_link()], rows=[row("t")])
    plan = make_plan(wish, observed(here, live(SRC)), CATALOGUE)
    assert (_kinds(plan), _codes(plan)) == ([], ["replication-factor-fixed"])


def test_a_creation_carries_all_that_is_declared() -> None:
    """Source topic, replication factor and configs go into the one creating step."""
    wish = desired(entry(mirror("t", configs={"b": "2", "a": "1"}, replication_factor=1)))
    plan = make_plan(
        wish, observed(live(DST, links=[live_link()]), live(SRC, plain=["t"])), CATALOGUE
    )
    (step,) = plan.steps
    assert step.action == CreateMirror(T, "t", 1, {"a": "1", "b": "2"})
    assert step.expects == {T: None}


def test_gap_in_the_mirror_list_is_said_once_per_link() -> None:
    """Five thousand mirror topics behind one unreadable list are one message."""
    wish = desired(entry(*(mirror(f"t{n}") for n in range(20))))
    here = live(DST, links=[live_link()])
    blind = observed(here.__class__(DST, "id-dst", here.links, gap("dst: mirror topics")))
    plan = make_plan(wish, blind, CATALOGUE)
    assert _codes(plan) == ["mirrors-unreadable"]
    assert "20 mirror topics" in plan.diagnostics[0].message
    assert "and 15 more" in plan.diagnostics[0].message
