"""Looks at live clusters, shared by everybody who waits.

However many steps wait on a cluster, one look serves them all: whoever joins while a look is being prepared
adds what it wants to see, and gets an observation that was started after it joined.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from reconciler.execution.naps import nap
from reconciler.model.clock import Clock
from reconciler.model.engine import Engine
from reconciler.model.observed import ObservedCluster
from reconciler.model.reads import ClusterReads

FIRST_PAUSE = 0.5
"""Seconds; also the least distance between two looks at one cluster."""
LONGEST_PAUSE = 5.0
GROWTH = 1.6


@dataclass(slots=True)
class _Batch:
    """The next look: what its members want to see, and the task that will have seen it."""

    reads: ClusterReads = field(default_factory=ClusterReads)
    look: asyncio.Task[ObservedCluster] | None = None


class Looks:
    """One queue of looks per cluster, made when somebody first asks."""

    def __init__(self, engine: Engine, clock: Clock, interrupted: asyncio.Event) -> None:
        self._engine = engine
        self._clock = clock
        self._interrupted = interrupted
        self._queues: dict[str, _Queue] = {}

    async def next(
        self, cluster: str, reads: ClusterReads, *, soon: bool = False
    ) -> ObservedCluster:
        """Take part in the next look at a cluster.

        `soon` is for those who have a reason to expect news (something was just sent): the look comes at
        once, and the pauses grow from their start again. The others wait their turn.
        """
        if cluster not in self._queues:
            self._queues[cluster] = _Queue(cluster, self._engine, self._clock, self._interrupted)
        return await self._queues[cluster].join(reads, soon=soon)

    def close(self) -> None:
        """Drop the looks that nobody waits for any more: those of a run that was cancelled."""
        for queue in self._queues.values():
            queue.close()


class _Queue:
    def __init__(
        self, cluster: str, engine: Engine, clock: Clock, interrupted: asyncio.Event
    ) -> None:
        self._cluster = cluster
        self._engine = engine
        self._clock = clock
        self._interrupted = interrupted
        self._urgent = asyncio.Event()
        self._pause = FIRST_PAUSE
        self._not_before = float("-inf")
        self._gathering: _Batch | None = None
        self._running: set[asyncio.Task[ObservedCluster]] = set()

    async def join(self, reads: ClusterReads, *, soon: bool) -> ObservedCluster:
        batch = self._gathering or _Batch()
        batch.reads = batch.reads.union(reads)
        if soon:
            self._urgent.set()
        if batch.look is None:
            self._gathering = batch
            batch.look = asyncio.create_task(self._look(batch))
            self._running.add(batch.look)
            batch.look.add_done_callback(self._running.discard)
        # One member that is cancelled must not take the look away from the others.
        return await asyncio.shield(batch.look)

    def close(self) -> None:
        for look in self._running:
            look.cancel()

    async def _look(self, batch: _Batch) -> ObservedCluster:
        await self._wait_for_the_moment()
        self._gathering = None
        observed = await self._engine.observe({self._cluster: batch.reads})
        self._not_before = self._clock.monotonic() + FIRST_PAUSE
        return observed.cluster(self._cluster)

    async def _wait_for_the_moment(self) -> None:
        if not self._urgent.is_set():
            await nap(self._clock, self._pause, self._urgent, self._interrupted)
        self._pause = (
            FIRST_PAUSE if self._urgent.is_set() else min(self._pause * GROWTH, LONGEST_PAUSE)
        )
        # Many small steps that end one after the other would otherwise cause one list call each.
        distance = self._not_before - self._clock.monotonic()
        if distance > 0:
            await nap(self._clock, distance)
        self._urgent.clear()
