"""Waiting for the wanted state: who ends when, and what is said meanwhile."""

from __future__ import annotations

from reconciler.execution.progress import Progress
from reconciler.model.events import Event, Outcome, StepWaiting
from reconciler.model.mirrors import MirrorVerb
from tests.execution.running import execute
from tests.execution.world import LINK, World, change, create_mirror, trouble

A, B = LINK.mirror("a"), LINK.mirror("b")


def slow_b(then: str) -> World:
    """A world in which `a` is paused already, `b` takes 20 s, and `a` meets another fate after 10 s."""
    world = World(delay=20).link().mirror("a", "PAUSED").mirror("b")
    world.refusals[A] = trouble("already-paused")
    world.later(lambda: stopped_by_others(world, then), delay=10)
    return world


def stopped_by_others(world: World, status: str) -> None:
    world.mirror("a", status)


def test_who_has_settled_stays_so() -> None:
    """What was seen done is not undone by what happens to it while others are waited for."""
    ran = execute(slow_b("FAILED"), change(MirrorVerb.PAUSE, "a", "b"))
    assert (ran.item(A), ran.item(B)) == (Outcome.SUCCEEDED, Outcome.SUCCEEDED)


def test_progress_speaks_of_those_who_still_wait() -> None:
    """Who has settled is not mentioned any more."""
    ran = execute(slow_b("PAUSED"), change(MirrorVerb.PAUSE, "a", "b"))
    assert ran.waited()[-1] == "b: ACTIVE"


def test_unchanged_news_are_no_news() -> None:
    """A wait of many looks that all show the same is one line of progress, which leaves the only object to the step."""
    world = World(delay=40).link()
    ran = execute(world, create_mirror("a"))
    assert len(world.looks) > 5
    assert ran.waited() == ["the mirror topic is not listed yet"]


def test_long_lists_are_cut() -> None:
    """Progress names a few objects and counts the others."""
    said: list[Event] = []
    names = [f"m{n}" for n in range(5)]
    step = change(MirrorVerb.PROMOTE, *names)
    progress = Progress(step, said.append)
    for name in names:
        progress.waits(LINK.mirror(name), "lag 1")
    progress.say()
    assert said == [StepWaiting(step, "m0: lag 1; m1: lag 1; m2: lag 1; and 2 more")]


def test_a_failed_mirror_ends_its_wait() -> None:
    """A state from which the wanted one cannot be reached is not waited for."""
    world = World(delay=1000).link().mirror("a")
    world.later(lambda: stopped_by_others(world, "FAILED"), delay=4)
    ran = execute(world, change(MirrorVerb.PAUSE, "a"), timeout=900)
    assert (ran.end("pause a"), ran.why(A).code) == (Outcome.FAILED, "mirror-ended")
    assert world.clock.time < 1000 + 20
