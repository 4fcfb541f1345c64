"""Laws that hold for every plan and every misfortune."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.model.changes import ChangeKey, ChangeKind
from reconciler.model.errors import (
    AnswerLostError,
    EngineError,
    NotSentError,
    RejectedError,
    ServerFaultError,
    ThrottledError,
    UnreadableError,
)
from reconciler.model.events import Outcome, StepFinished, StepStarted
from reconciler.model.mirrors import MirrorVerb
from reconciler.model.steps import (
    Action,
    ChangeMirrors,
    CreateMirror,
    DeleteTopic,
    Step,
)
from tests.execution.running import Ran, execute
from tests.execution.world import LINK, Fault, World, change, create_mirror, delete_topic, trouble

ERRORS: tuple[EngineError, ...] = (
    NotSentError(trouble("not-sent")),
    AnswerLostError(trouble("lost")),
    ThrottledError(trouble("busy"), retry_after=3),
    ServerFaultError(trouble("broken")),
    UnreadableError(trouble("page")),
    RejectedError(trouble("no"), status=400),
    RejectedError(trouble("not-yet"), status=404, not_yet=True),
    RejectedError(trouble("exists"), status=400, exists=True),
    RejectedError(trouble("absent"), status=404, absent=True),
)
MAY_HAVE_WORKED = (AnswerLostError, ServerFaultError, UnreadableError)


@st.composite
def faults(draw: st.DrawFn) -> list[Fault]:
    """Errors for the next calls; only those that leave it open may have taken effect."""
    found = []
    for error in draw(st.lists(st.sampled_from(ERRORS), max_size=8)):
        effect = isinstance(error, MAY_HAVE_WORKED) and draw(st.booleans())
        found.append(Fault(error, effect=effect))
    return found


def _step(number: int, kind: str, needs: tuple[str, ...]) -> Step:
    name = f"m{number}"
    match kind:
        case "create":
            step = create_mirror(name)
        case "delete":
            step = delete_topic(name)
        case _:
            step = change(MirrorVerb(kind), name)
    return replace(step, id=f"s{number}", needs=needs)


@st.composite
def plans(draw: st.DrawFn) -> tuple[Step, ...]:
    """Any acyclic plan over different mirror topics, in any order."""
    kinds = draw(
        st.lists(
            st.sampled_from(["create", "delete", "pause", "promote", "failover"]),
            min_size=1,
            max_size=9,
        )
    )
    steps = []
    for number, kind in enumerate(kinds):
        earlier = st.sampled_from([f"s{n}" for n in range(number)]) if number else st.nothing()
        needs = draw(st.lists(earlier, max_size=3, unique=True)) if number else []
        steps.append(_step(number, kind, tuple(needs)))
    return tuple(draw(st.permutations(steps)))


def world_for(steps: tuple[Step, ...], delay: float = 0) -> World:
    world = World(delay=delay).link()
    for step in steps:
        if not isinstance(step.action, CreateMirror):
            world.mirror(_name(step.action))
    return world


def _name(action: Action) -> str:
    if isinstance(action, ChangeMirrors):
        return action.mirrors[0]
    assert isinstance(action, CreateMirror | DeleteTopic)
    return action.address.mirror


def _irreversible(action: Action) -> bool:
    return isinstance(action, DeleteTopic) or (
        isinstance(action, ChangeMirrors)
        and action.verb in {MirrorVerb.PROMOTE, MirrorVerb.FAILOVER}
    )


def check_irreversible_calls(world: World) -> None:
    """P11: between any two irreversible calls on one mirror there is a look, and one before the first."""
    looked: set[str] = set()
    names = set(world.site.mirrors) | {_name(call) for call in world.calls}
    for kind, what in world.log:
        if kind == "observe":
            looked = set(names)
        elif _irreversible(what):  # type: ignore[arg-type]
            touched = set(what.mirrors) if isinstance(what, ChangeMirrors) else {_name(what)}  # type: ignore[arg-type]
            assert touched <= looked
            looked -= touched


def check_order(ran: Ran, steps: tuple[Step, ...]) -> None:
    """One end per step, nothing starts before its needs have succeeded, dependants of failures are skipped."""
    finished: dict[str, Outcome] = {}
    needs = {step.id: step.needs for step in steps}
    for event in ran.events:
        if isinstance(event, StepStarted):
            assert event.step.id not in finished
            assert all(finished.get(n) is Outcome.SUCCEEDED for n in needs[event.step.id])
        elif isinstance(event, StepFinished):
            assert event.result.step.id not in finished
            finished[event.result.step.id] = event.result.outcome
    assert finished == ran.ends()
    for step in steps:
        if any(ran.end(need) is not Outcome.SUCCEEDED for need in step.needs):
            assert ran.end(step.id) is Outcome.SKIPPED


def check_truth(ran: Ran, world: World, steps: tuple[Step, ...]) -> None:
    """P10: what is called done is so in the world."""
    for step in steps:
        if ran.end(step.id) is Outcome.SUCCEEDED:
            assert _is_done(step.action, world)


def _is_done(action: Action, world: World) -> bool:
    name = _name(action)
    row = world.site.mirrors.get(name)
    match action:
        case CreateMirror():
            return row is not None
        case DeleteTopic():
            return row is None and name not in world.site.topics
        case ChangeMirrors(verb=MirrorVerb.PAUSE):
            return row is not None and row.status == "PAUSED"
        case _:
            return row is not None and row.status == "STOPPED"


@given(plans(), faults(), st.sampled_from([0, 2, 11]), st.integers(0, 2), st.integers(1, 4))
@settings(max_examples=120, deadline=None)
def test_every_run_keeps_the_laws(
    steps: tuple[Step, ...], misfortunes: list[Fault], delay: float, blind: int, parallelism: int
) -> None:
    """Whatever fails: one end per step, in order, true to the world, and nothing irreversible sent blindly."""
    world = world_for(steps, delay).fail(*misfortunes)
    world.blind_looks = blind
    ran = execute(world, *steps, parallelism=parallelism)
    check_order(ran, steps)
    check_truth(ran, world, steps)
    check_irreversible_calls(world)
    assert world.most_at_once <= parallelism


@given(plans(), faults(), st.integers(0, 5))
@settings(max_examples=80, deadline=None)
def test_interrupted_runs_keep_the_laws(
    steps: tuple[Step, ...], misfortunes: list[Fault], after: int
) -> None:
    """The same when the user asks to stop anywhere; and not many more calls are sent after that."""
    world = world_for(steps, 3).fail(*misfortunes)
    ran = execute(world, *steps, interrupt_after=after, parallelism=2)
    check_order(ran, steps)
    check_truth(ran, world, steps)
    check_irreversible_calls(world)
    assert len(world.calls) <= after + 2


class Killed(BaseException):
    """The process is gone."""


@given(plans(), faults(), st.integers(0, 30))
@settings(max_examples=80, deadline=None)
def test_killed_anywhere_and_run_again_converges(
    steps: tuple[Step, ...], misfortunes: list[Fault], entries: int
) -> None:
    """P11: after a kill, what is still to do is planned from a fresh look, and one more run ends it."""
    world = world_for(steps, 3).fail(*misfortunes)
    _run_until_killed(world, steps, entries)
    world.faults.clear()
    world.clock.time += 100
    asyncio.run(world.observe({}))
    left = tuple(step for step in steps if not _is_done(step.action, world))
    ids = {step.id for step in left}
    again = tuple(replace(step, needs=tuple(n for n in step.needs if n in ids)) for step in left)
    ran = execute(world, *again)
    assert set(ran.ends().values()) <= {Outcome.SUCCEEDED}
    check_irreversible_calls(world)


def _run_until_killed(world: World, steps: tuple[Step, ...], entries: int) -> None:
    def perhaps_die() -> None:
        if len(world.log) >= entries:
            raise Killed

    world.before_look = perhaps_die
    try:
        execute(world, *steps)
    except Killed:
        pass
    finally:
        world.before_look = lambda: None


def test_covers_are_what_makes_a_step_irreversible() -> None:
    """The generator above builds steps that the runner takes for irreversible where they are."""
    assert delete_topic("a").irreversible
    assert change(MirrorVerb.PROMOTE, "a").irreversible
    assert not create_mirror("a").irreversible
    assert ChangeKey(LINK.mirror("a"), ChangeKind.PROMOTE) in change(MirrorVerb.PROMOTE, "a").covers
