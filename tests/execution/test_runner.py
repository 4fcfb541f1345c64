"""Order, failures, interruption and bounds of a run."""

from __future__ import annotations

import asyncio

import pytest

from reconciler.execution import run
from reconciler.model.changes import ChangeKind
from reconciler.model.errors import RejectedError, ThrottledError
from reconciler.model.events import (
    Event,
    Outcome,
    StepFinished,
    StepRetried,
    StepStarted,
    StepWaiting,
)
from reconciler.model.mirrors import MirrorVerb
from reconciler.model.steps import AlterLink, ChangeMirrors, CreateLink, CreateMirror, Step
from tests.execution.running import execute, policy
from tests.execution.world import (
    LINK,
    Fault,
    World,
    change,
    create_mirror,
    half,
    of_link,
    trouble,
)

REFUSED = RejectedError(trouble("no"), status=400)


def creation() -> Step:
    return of_link(CreateLink(half()), ChangeKind.CREATE_LINK)


def test_steps_run_after_what_they_need() -> None:
    """A link is seen before its mirrors are created, and a mirror before it is paused."""
    world = World(delay=3)
    pause = change(MirrorVerb.PAUSE, "a", needs=("create a",))
    ran = execute(world, pause, create_mirror("a", "create-link"), creation())
    assert set(ran.ends().values()) == {Outcome.SUCCEEDED}
    assert [type(call) for call in world.calls] == [CreateLink, CreateMirror, ChangeMirrors]
    assert world.site.mirrors["a"].status == "PAUSED"


def test_accepted_is_not_done() -> None:
    """P10: a step has succeeded only after the wanted state was observed."""
    world = World(delay=1000).link()
    ran = execute(world, create_mirror("a"), timeout=30)
    assert ran.end("create a") is Outcome.TIMED_OUT
    why = ran.why(LINK.mirror("a"))
    assert (why.code, "not listed yet" in why.message) == ("not-settled", True)


def test_one_failure_stops_only_what_depends_on_it() -> None:
    """Dependants are skipped and name the step where the trouble began; the others go on."""
    world = World().link().fail(Fault(REFUSED, kind=CreateMirror))
    ran = execute(
        world,
        create_mirror("a"),
        create_mirror("b"),
        change(MirrorVerb.PAUSE, "a", needs=("create a",)),
        change(MirrorVerb.RESUME, "a", needs=("pause a",)),
        change(MirrorVerb.PAUSE, "b", needs=("create b",)),
    )
    assert ran.ends() == {
        "create a": Outcome.FAILED,
        "create b": Outcome.SUCCEEDED,
        "pause a": Outcome.SKIPPED,
        "resume a": Outcome.SKIPPED,
        "pause b": Outcome.SUCCEEDED,
    }
    assert [d.code for d in ran.outcomes["create a"].diagnostics] == ["no"]
    (because,) = ran.outcomes["resume a"].diagnostics
    assert because.message == "not sent, because it needs the step create a, which did not succeed"


def test_events_tell_the_intent_before_the_outcome() -> None:
    """Every step that is sent has one start before one finish, and a skipped one has no start."""
    world = World(delay=2).link().fail(Fault(ThrottledError(trouble()), kind=CreateMirror))
    ran = execute(world, create_mirror("a"), create_mirror("b", "create a"))
    kinds = [type(event) for event in ran.events if _step_of(event).id == "create a"]
    assert kinds[0] is StepStarted
    assert kinds[1] is StepRetried
    assert set(kinds[2:-1]) == {StepWaiting}
    assert kinds[-1] is StepFinished


def _step_of(event: Event) -> Step:
    return event.result.step if isinstance(event, StepFinished) else event.step


def test_interrupted_before_the_start_sends_nothing() -> None:
    """A run that was interrupted before it began reports all steps as skipped."""
    world = World().link()
    ran = execute(world, create_mirror("a"), create_mirror("b", "create a"), interrupt_after=0)
    assert set(ran.ends().values()) == {Outcome.SKIPPED}
    assert ran.codes("create a") == ran.codes("create b") == {"interrupted"}
    assert world.log == []


def test_interrupted_lets_what_is_in_flight_end() -> None:
    """What was sent is watched to its end; what was not is skipped, also when it was queued already."""
    world = World(delay=2).link()
    steps = [create_mirror(name) for name in "abcdef"]
    ran = execute(world, *steps, parallelism=1, interrupt_after=2)
    assert len(world.calls) == 2
    assert list(ran.ends().values()) == [Outcome.SUCCEEDED] * 2 + [Outcome.SKIPPED] * 4
    assert sum(isinstance(event, StepStarted) for event in ran.events) == 2


def test_interrupted_wait_ends_after_the_grace() -> None:
    """After an interruption a hanging wait costs the grace at most; it is unfinished, not timed out."""
    world = World(delay=1000).link()
    ran = execute(world, create_mirror("a"), timeout=900, interrupt_after=1)
    assert (ran.end("create a"), ran.codes("create a")) == (
        Outcome.UNFINISHED,
        {"left-unfinished"},
    )
    assert world.clock.time < 1000 + 30


def test_interrupted_between_attempts_does_not_wait() -> None:
    """A step that was throttled when the user asked to stop is skipped at once."""
    world = World().link()
    world.fail(Fault(ThrottledError(trouble(), retry_after=60), kind=CreateMirror))
    ran = execute(world, create_mirror("a"), interrupt_after=1)
    assert (ran.end("create a"), len(world.calls)) == (Outcome.SKIPPED, 1)
    assert 60 not in world.clock.slept


def test_writes_at_once_are_bounded() -> None:
    """Never more writes on their way to a cluster than asked for, and as many as that when there is work."""
    world = World().link()
    execute(world, *(create_mirror(f"m{n}") for n in range(30)), parallelism=3)
    assert world.most_at_once == 3


def test_waiting_holds_no_slot() -> None:
    """With one slot, a slow step does not keep another from being sent."""
    world = World(delay=20).link()
    execute(world, create_mirror("a"), create_mirror("b"), parallelism=1)
    performed = [i for i, (kind, _) in enumerate(world.log) if kind == "perform"]
    assert performed[1] - performed[0] <= 2


def test_thousand_waiters_share_looks() -> None:
    """Many steps that wait on one cluster cost one list call per tick, not one each."""
    world = World(delay=10).link()
    ran = execute(world, *(create_mirror(f"m{n}") for n in range(1000)), parallelism=8)
    assert set(ran.ends().values()) == {Outcome.SUCCEEDED}
    assert len(world.looks) < 200


@pytest.mark.parametrize(
    ("steps", "word"),
    [
        ((create_mirror("a", "create b"), create_mirror("b", "create a")), "cycle"),
        ((create_mirror("a", "nobody"),), "nobody"),
        ((create_mirror("a"), create_mirror("a")), "same id"),
    ],
)
def test_impossible_plans_are_refused_whole(steps: tuple[Step, ...], word: str) -> None:
    """Nothing is sent when the steps cannot be ordered."""
    world = World().link()
    with pytest.raises(ValueError, match=word):
        execute(world, *steps)
    assert world.log == []


def test_no_room_is_refused() -> None:
    """A parallelism of zero is an error and not an endless wait."""
    with pytest.raises(ValueError, match="parallelism"):
        execute(World(), parallelism=0)


def test_without_a_journal_nothing_is_sent() -> None:
    """An intent that cannot be written down stops the run with the plain error."""
    world = World().link()

    def emit(_event: Event) -> None:
        raise OSError(28, "No space left on device")

    async def story() -> None:
        await run(
            (create_mirror("a"),),
            world,
            clock=world.clock,
            retry=policy(world),
            emit=emit,
            timeout=60,
            parallelism=1,
        )

    with pytest.raises(OSError, match="No space left"):
        asyncio.run(story())
    assert world.calls == []


def test_second_half_carries_the_first_ones_id() -> None:
    """The id of the first half is read before the second half is sent."""
    other = LINK.__class__("src", "l")
    world = World(clusters=("dst", "src")).link()
    step = of_link(CreateLink(half(other, remote="dst"), link_id_from=LINK), ChangeKind.CREATE_LINK)
    ran = execute(world, step)
    assert ran.end("create-link") is Outcome.SUCCEEDED
    assert world.sites["src"].links["l"].link_id == "id-1"


def test_second_half_is_not_sent_without_the_first() -> None:
    """A first half that is not there, or cannot be read, keeps the second one from being sent."""
    other = LINK.__class__("src", "l")
    step = of_link(CreateLink(half(other), link_id_from=LINK), ChangeKind.CREATE_LINK)
    for world in (World(clusters=("dst", "src")), World(clusters=("dst", "src")).link()):
        world.blind_looks = 1 if world.site.links else 0
        ran = execute(world, step)
        assert (ran.end("create-link"), world.calls) == (Outcome.SKIPPED, [])
        assert ran.codes("create-link") == {"first-half-missing"}


def test_configs_are_waited_for() -> None:
    """A link's configs have settled when a read shows them."""
    world = World(delay=4).link()
    alter = AlterLink(LINK, set_configs={"consumer.offset.sync.ms": "5000"})
    ran = execute(world, of_link(alter, ChangeKind.CONFIGURE_LINK))
    assert ran.end("configure-link") is Outcome.SUCCEEDED
    assert world.site.links["l"].config("consumer.offset.sync.ms") == "5000"
    assert len(world.looks) > 1


def test_a_cancelled_run_leaves_nothing_behind() -> None:
    """Asked a second time to stop, a run ends at once; the journal shows what was begun and not ended."""
    world = World(delay=1000).link()
    events: list[Event] = []

    async def story() -> int:
        running = asyncio.create_task(
            run(
                (create_mirror("a"),),
                world,
                clock=world.clock,
                retry=policy(world),
                emit=events.append,
                timeout=1e9,
                parallelism=1,
            )
        )
        while len(world.looks) < 3:
            await world.clock.sleep(0)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        seen = len(world.looks)
        for _ in range(20):
            await world.clock.sleep(0)
        return len(world.looks) - seen

    assert asyncio.run(story()) == 0
    assert [type(event) for event in events if not isinstance(event, StepWaiting)] == [StepStarted]
