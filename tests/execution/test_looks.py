"""Shared looks: how often, for whom, and from when."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from itertools import pairwise

import pytest

from reconciler.execution.looks import FIRST_PAUSE, LONGEST_PAUSE, Looks
from reconciler.execution.naps import nap
from reconciler.model.observed import ObservedCluster
from reconciler.model.reads import ClusterReads
from tests.execution.world import DST, SteppedClock, World

MIRRORS = ClusterReads(mirrors=True)
LINKS = ClusterReads(links=True)


def story(world: World, tell: Callable[[Looks], Awaitable[None]]) -> None:
    async def run() -> None:
        looks = Looks(world, world.clock, asyncio.Event())
        await tell(looks)
        looks.close()

    asyncio.run(run())


def test_one_look_for_all_waiters() -> None:
    """Everybody who joins before a look starts is served by it, with all that was wished."""
    world = World().link()

    async def tell(looks: Looks) -> None:
        wishes = [looks.next(DST, MIRRORS)] * 1 + [looks.next(DST, LINKS) for _ in range(50)]
        seen: list[ObservedCluster] = await asyncio.gather(*wishes)
        assert all(cluster is seen[0] for cluster in seen)

    story(world, tell)
    assert world.looks == [{DST: MIRRORS.union(LINKS)}]


def test_a_look_is_never_older_than_the_wish() -> None:
    """Who joins while a look is on its way gets the next one."""
    world = World()
    started = asyncio.Event()
    world.before_look = started.set

    async def tell(looks: Looks) -> None:
        first = asyncio.create_task(looks.next(DST, MIRRORS, soon=True))
        await started.wait()
        second = asyncio.create_task(looks.next(DST, MIRRORS, soon=True))
        assert await first is not await second

    story(world, tell)
    assert len(world.looks) == 2


def test_pauses_grow_and_news_shorten_them() -> None:
    """Pauses grow from half a second to five; who expects news is served at once and they start again."""
    world = World()
    at: list[float] = []
    world.before_look = lambda: at.append(world.clock.time)

    async def tell(looks: Looks) -> None:
        for _ in range(10):
            await looks.next(DST, MIRRORS)
        await looks.next(DST, MIRRORS, soon=True)
        await looks.next(DST, MIRRORS)

    story(world, tell)
    pauses = [round(later - earlier, 6) for earlier, later in pairwise(at)]
    assert pauses[:8] == sorted(pauses[:8])
    assert pauses[8] == LONGEST_PAUSE
    assert pauses[-2:] == [FIRST_PAUSE, FIRST_PAUSE]


class StillClock(SteppedClock):
    """A clock on which nobody's sleep ever ends."""

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.Event().wait()


def test_news_wake_those_who_wait() -> None:
    """A newcomer who expects news takes the others of the same look along."""
    world = World()
    world.clock = StillClock()

    async def tell(looks: Looks) -> None:
        patient = asyncio.create_task(looks.next(DST, MIRRORS))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert await looks.next(DST, LINKS, soon=True) is await patient

    story(world, tell)


def test_an_alarm_ends_a_nap_and_an_old_one_does_not() -> None:
    """An event that is set meanwhile wakes; one that was set before is ignored."""

    async def tell() -> None:
        alarm = asyncio.Event()
        sleeper = asyncio.create_task(nap(StillClock(), 60, alarm))
        await asyncio.sleep(0)
        alarm.set()
        await sleeper
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(nap(StillClock(), 60, alarm), 0.01)

    asyncio.run(tell())


def test_a_cancelled_waiter_takes_no_look_from_others() -> None:
    """The look belongs to all who joined it."""
    world = World()

    async def tell(looks: Looks) -> None:
        first = asyncio.create_task(looks.next(DST, MIRRORS))
        second = asyncio.create_task(looks.next(DST, MIRRORS))
        await asyncio.sleep(0)
        first.cancel()
        assert (await second).name == DST

    story(world, tell)


def test_faults_of_an_engine_reach_the_waiters() -> None:
    """An engine that breaks its promise not to raise is not waited for in vain."""
    world = World()

    def broken() -> None:
        raise RuntimeError("a fault of the engine")

    world.before_look = broken

    async def tell(looks: Looks) -> None:
        await looks.next(DST, MIRRORS)

    with pytest.raises(RuntimeError, match="fault of the engine"):
        story(world, tell)
