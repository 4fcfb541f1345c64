"""What all parts of one run share."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from reconciler.execution.looks import Looks
from reconciler.execution.retries import RetryPolicy
from reconciler.model.address import MirrorAddress
from reconciler.model.clock import Clock
from reconciler.model.engine import Engine
from reconciler.model.events import Event


@dataclass(frozen=True, slots=True)
class Context:
    """One run: its tools, its limits, and what it has learned so far.

    `timeout` bounds each wait: for the promote gate, and again for the wanted state after a call was taken.
    After an interruption a wait may last `grace` seconds more. Both are seconds.
    """

    engine: Engine
    clock: Clock
    retry: RetryPolicy
    emit: Callable[[Event], None]
    timeout: float
    grace: float
    parallelism: int
    interrupted: asyncio.Event
    looks: Looks
    left: dict[MirrorAddress, str | None] = field(default_factory=dict)
    """The last status in which steps of this run have left mirror topics; None for "no row"."""
    _slots: dict[str, asyncio.Semaphore] = field(default_factory=dict)

    def slot(self, cluster: str) -> asyncio.Semaphore:
        """Room for one call to a cluster. Waiting for the effect of a call takes no room."""
        return self._slots.setdefault(cluster, asyncio.Semaphore(self.parallelism))


class Deadline:
    """The end of one wait: `timeout` seconds from now, or `grace` seconds after an interruption is noticed."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._end = context.clock.monotonic() + context.timeout
        self._shortened = False

    @property
    def over(self) -> bool:
        """Whether it is time to give up."""
        now = self._context.clock.monotonic()
        if self._context.interrupted.is_set() and not self._shortened:
            self._shortened = True
            self._end = min(self._end, now + self._context.grace)
        return now >= self._end
