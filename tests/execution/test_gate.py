"""The promote gate: one look as a table, and the drive to two looks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.execution.gate import Gate, Hold, Open, Shut, gates
from reconciler.model.address import LinkAddress
from reconciler.model.errors import AnswerLostError
from reconciler.model.events import Outcome
from reconciler.model.filters import FilterKind, NameFilter
from reconciler.model.mirrors import MirrorVerb, PartitionLag
from reconciler.model.observed import (
    Gap,
    LinkTask,
    ObservedCluster,
    ObservedConfig,
    ObservedGroup,
    ObservedLink,
    ObservedMirror,
    TaskError,
)
from reconciler.model.steps import ChangeMirrors
from tests.execution.running import execute
from tests.execution.world import CATALOGUE, DST, LINK, Fault, World, change, trouble

A = LINK.mirror("a")
B = LINK.mirror("b")
SWITCH = "consumer.offset.sync.enable"
PREFIX_SWITCH = "consumer.group.prefix.enable"
GAP = Gap("dst", trouble("blind"))
READY = ObservedMirror(
    A, "a", "ACTIVE", "NO_ERROR", 2, (PartitionLag(0, 0, 9), PartitionLag(1, 0, 9))
)
PLAIN = ObservedLink(LINK, configs={})
SYNCING = ObservedLink(
    LINK,
    configs={SWITCH: ObservedConfig(SWITCH, "true")},
    filters={
        FilterKind.GROUP: frozenset({NameFilter("g"), NameFilter("h", filter_type="EXCLUDE")})
    },
    tasks=(LinkTask("ConsumerOffsetSync", "ACTIVE"), LinkTask("AclSync", "IN_ERROR")),
)
GROUPS = {"g": ObservedGroup("g", "EMPTY"), "x": ObservedGroup("x", "STABLE")}


def look(row: ObservedMirror | None = READY, link: ObservedLink = PLAIN, **facts: object) -> Gate:
    cluster = ObservedCluster(
        DST, links={"l": link}, mirrors={"a": row} if row else {}, groups=GROUPS
    )
    seen = replace(cluster, **facts)  # type: ignore[arg-type]
    return gates(LINK, ["a"], seen, CATALOGUE)[A]


def lags(*values: int) -> ObservedMirror:
    return replace(READY, lags=tuple(PartitionLag(n, lag, 9) for n, lag in enumerate(values)))


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (READY, Open),
        (replace(READY, error=None), Open),
        (replace(READY, error="NOT_SET"), Open),
        (None, Shut),
        (replace(READY, address=LinkAddress(DST, "other").mirror("a")), Shut),
        (replace(READY, error="SOURCE_TOPIC_ID_CHANGED"), Shut),
        (replace(READY, error="UNKNOWN"), Hold),
        *((replace(READY, status=s), Shut) for s in ("FAILED", "PAUSED", "LINK_PAUSED", "STOPPED")),
        *(
            (replace(READY, status=s), Hold)
            for s in ("SOURCE_UNAVAILABLE", "LINK_FAILED", "PENDING_STOPPED", "NEW_WORD", None)
        ),
        (lags(0, 1), Hold),
        (lags(0, -1), Hold),
        (lags(0), Hold),
        (lags(), Hold),
        (replace(READY, lags=None), Hold),
        (replace(READY, partitions=None), Hold),
    ],
)
def test_the_mirror_itself(row: ObservedMirror | None, expected: type[Gate]) -> None:
    """ACTIVE, no error, all partitions there, lag exactly 0: nothing less opens the gate."""
    assert expected is type(look(row))


def test_lag_is_said() -> None:
    """Whoever waits can read how far the mirror is behind."""
    assert look(lags(3, 4)) == Hold("lag 7")


def test_never_fetched_is_said_and_let_through() -> None:
    """Lag 0 with nothing ever fetched is empty or not read yet: noted, and left to the server's own check."""
    row = replace(READY, lags=(PartitionLag(0, 0, -1), PartitionLag(1, 0, 9)))
    verdict = look(row)
    assert isinstance(verdict, Open)
    assert verdict.note is not None
    assert verdict.note.code == "nothing-fetched"


BUSY = {"g": ObservedGroup("g", "STABLE")}


@pytest.mark.parametrize(
    ("link", "facts", "expected"),
    [
        (SYNCING, {}, Open),
        (SYNCING, {"groups": BUSY}, Shut),
        (SYNCING, {"groups": {"h": ObservedGroup("h", "STABLE")}}, Open),
        (SYNCING, {"groups": {"g": ObservedGroup("g", "UNKNOWN")}}, Hold),
        (SYNCING, {"groups": GAP}, Hold),
        (PLAIN, {"groups": BUSY}, Open),
        (PLAIN, {"groups": GAP}, Open),
        (replace(PLAIN, configs=None), {}, Hold),
        (replace(PLAIN, configs=GAP), {}, Hold),
        (replace(SYNCING, filters={FilterKind.GROUP: GAP}), {}, Hold),
        (replace(SYNCING, filters={}), {"groups": BUSY}, Open),
        (replace(SYNCING, tasks=None), {}, Open),
        (replace(SYNCING, tasks=GAP), {}, Hold),
        (replace(SYNCING, tasks=(LinkTask("ConsumerOffsetSync", "IN_ERROR"),)), {}, Hold),
        (
            replace(
                SYNCING,
                tasks=(LinkTask("ConsumerOffsetSync", "ACTIVE", (TaskError("X_ERROR", "x"),)),),
            ),
            {},
            Hold,
        ),
        (PLAIN, {"links": {}}, Hold),
        (PLAIN, {"links": GAP}, Hold),
        (PLAIN, {"mirrors": GAP}, Hold),
    ],
)
def test_the_consumer_offsets(
    link: ObservedLink, facts: dict[str, object], expected: type[Gate]
) -> None:
    """Where offset sync is on, included groups without members and a task without errors are needed too."""
    assert expected is type(look(READY, link, **facts))


def test_a_busy_group_is_named_even_while_lag_is_worked_off() -> None:
    """What waiting cannot cure is said at once, with the group's name and the mirror's address."""
    verdict = look(lags(5, 5), SYNCING, groups=BUSY)
    assert isinstance(verdict, Shut)
    assert (verdict.diagnostic.code, verdict.diagnostic.address) == ("group-in-use", A)
    assert verdict.diagnostic.message.endswith("on this cluster: g")


def test_prefixed_groups_are_found_under_their_prefix() -> None:
    """Where the link prefixes groups, the destination knows them by the longer name."""
    configs = {
        SWITCH: ObservedConfig(SWITCH, "true"),
        PREFIX_SWITCH: ObservedConfig(PREFIX_SWITCH, "true"),
    }
    link = replace(SYNCING, configs=configs, prefix="east.")
    assert isinstance(look(link=link, groups={"east.g": ObservedGroup("east.g", "STABLE")}), Shut)
    assert isinstance(look(link=link, groups=BUSY), Open)


# The drive


def test_promote_takes_two_looks() -> None:
    """A promote is sent after two looks that found the mirror ready, and has succeeded when it is STOPPED."""
    world = World(delay=3).link().mirror("a")
    ran = execute(world, change(MirrorVerb.PROMOTE, "a"))
    assert ran.end("promote a") is Outcome.SUCCEEDED
    before = [kind for kind, _ in world.log[: [k for k, _ in world.log].index("perform")]]
    gate_looks = [reads for reads in world.looks[: len(before)] if reads[DST].groups]
    assert len(gate_looks) == 2
    assert "ready, to be seen once more" in ran.waited()[0]


def test_one_bad_look_starts_the_count_again() -> None:
    """Ready, not ready, ready: not sent until two looks in a row are good."""
    world = World().link().mirror("a")
    values = iter([0, 0, 5, 0, 0, 0])
    world.before_look = lambda: void(world.mirror("a", lag=next(values, 0)))
    ran = execute(world, change(MirrorVerb.PROMOTE, "a"), timeout=30)
    first_call = [kind for kind, _ in world.log].index("perform")
    assert (ran.end("promote a"), first_call) == (Outcome.TIMED_OUT, 5)


def void(_value: object) -> None:
    """Give nothing back."""


def test_a_laggard_holds_nobody() -> None:
    """Ready mirrors are promoted at once; the laggard follows when it has caught up."""
    world = World(delay=1).link().mirror("a", lag=50).mirror("b")
    world.later(lambda: void(world.mirror("a")), delay=20)
    ran = execute(world, change(MirrorVerb.PROMOTE, "a", "b"))
    assert ran.end("promote a b") is Outcome.SUCCEEDED
    assert [c.mirrors for c in world.calls if isinstance(c, ChangeMirrors)] == [("b",), ("a",)]
    assert any("lag 50" in detail for detail in ran.waited())


def test_lag_that_stays_times_out_with_a_cure() -> None:
    """Lag above 0 is waited for until the time limit; nothing was sent, and it is said what to do."""
    world = World().link().mirror("a", lag=50)
    ran = execute(world, change(MirrorVerb.PROMOTE, "a"), timeout=30)
    why = ran.why(A)
    assert (ran.end("promote a"), why.code, world.calls) == (Outcome.TIMED_OUT, "gate-timeout", [])
    assert "lag 50" in why.message
    assert "producers" in why.cure


def test_what_cannot_pass_fails_at_once_and_alone() -> None:
    """A mirror with an error fails with its reason while the others of the step are promoted."""
    world = World().link().mirror("a", error="SOURCE_TOPIC_ID_CHANGED").mirror("b")
    ran = execute(world, change(MirrorVerb.PROMOTE, "a", "b"))
    assert (ran.item(A), ran.item(B)) == (Outcome.FAILED, Outcome.SUCCEEDED)
    assert "SOURCE_TOPIC_ID_CHANGED" in ran.why(A).message


def test_notes_survive_a_success() -> None:
    """What was let through with a doubt is still said at the end."""
    world = World().link().mirror("a", lags=(PartitionLag(0, 0, -1),))
    ran = execute(world, change(MirrorVerb.PROMOTE, "a"))
    assert (ran.item(A), ran.why(A).code) == (Outcome.SUCCEEDED, "nothing-fetched")


def test_moved_before_the_gate_is_skipped() -> None:
    """A mirror that somebody else stops while it waits at the gate is left alone."""
    world = World().link().mirror("a", lag=9)
    world.later(lambda: void(world.mirror("a", "STOPPED")), delay=5)
    ran = execute(world, change(MirrorVerb.PROMOTE, "a"))
    assert (ran.item(A), ran.why(A).code, world.calls) == (Outcome.SKIPPED, "moved", [])


def test_a_hanging_promote_says_what_holds_it() -> None:
    """Stuck in PENDING_STOPPED: the errors of the transition are read and said."""
    world = World().link().mirror("a")
    world.stuck.add("a")
    world.site.stop_errors["a"] = TaskError("CONSUMER_GROUP_IN_USE_ERROR", "group g is active")
    ran = execute(world, change(MirrorVerb.PROMOTE, "a"), timeout=60)
    assert ran.end("promote a") is Outcome.TIMED_OUT
    assert "CONSUMER_GROUP_IN_USE_ERROR: group g is active" in ran.why(A).message
    assert len(world.calls) == 1


def test_resumed_mirrors_pass_the_check_for_moves() -> None:
    """PAUSED in the plan and ACTIVE after this run's own resume is no move."""
    world = World(delay=2).link().mirror("a", "PAUSED")
    ran = execute(
        world,
        change(MirrorVerb.RESUME, "a", saw="PAUSED"),
        change(MirrorVerb.PROMOTE, "a", needs=("resume a",), saw="PAUSED"),
    )
    assert set(ran.ends().values()) == {Outcome.SUCCEEDED}


def test_interrupted_at_the_gate_sends_nothing_more() -> None:
    """Whoever still waits at the gate when the user stops is skipped; who was sent is watched."""
    world = World(delay=2).link().mirror("a", lag=9).mirror("b")
    ran = execute(world, change(MirrorVerb.PROMOTE, "a", "b"), interrupt_after=1)
    assert (ran.item(A), ran.item(B)) == (Outcome.SKIPPED, Outcome.SUCCEEDED)
    assert "interrupted" in ran.codes("promote a b")


@pytest.mark.parametrize("effect", [True, False])
def test_lost_promote_is_looked_up(effect: bool) -> None:
    """A promote whose answer was lost is sent again only when the look shows no effect."""
    world = World(delay=20).link().mirror("a")
    world.fail(Fault(AnswerLostError(trouble()), effect=effect))
    ran = execute(world, change(MirrorVerb.PROMOTE, "a"))
    assert (ran.end("promote a"), len(world.calls)) == (Outcome.SUCCEEDED, 1 if effect else 2)


def test_blind_looks_hold_the_gate() -> None:
    """P6: while the mirrors cannot be read nothing passes, and the wait goes on."""
    world = World().link().mirror("a")

    def go_blind() -> None:
        world.blind_looks = 2 if len(world.looks) == 2 else world.blind_looks

    world.before_look = go_blind
    ran = execute(world, change(MirrorVerb.PROMOTE, "a"))
    assert ran.end("promote a") is Outcome.SUCCEEDED
    assert [kind for kind, _ in world.log].index("perform") == 5
