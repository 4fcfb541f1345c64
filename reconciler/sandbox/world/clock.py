"""Where the sandbox gets its time: an argument, never the machine's clock behind the caller's back.

All instants inside the sandbox are integer milliseconds since the Unix epoch, the unit of `state_time_ms` in the API.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

#: Where a stepped clock starts unless told otherwise: 2026-01-01T00:00:00Z.
START_MS = 1_767_225_600_000


class Clock(Protocol):
    """Anything that can say what time it is; it must never go backwards."""

    def now_ms(self) -> int:
        """Milliseconds since the Unix epoch."""


class SteppedClock:
    """Time moves only when somebody steps it, so that a run is reproducible and a wait costs nothing."""

    def __init__(self, start_ms: int = START_MS) -> None:
        self._now_ms = float(start_ms)

    def now_ms(self) -> int:
        return int(self._now_ms)

    def advance(self, seconds: float) -> None:
        """Step by `seconds`. Raises ValueError when asked to go backwards."""
        if seconds < 0:
            message = f"a clock cannot be stepped back (asked for {seconds} s)"
            raise ValueError(message)
        self._now_ms += seconds * 1000


class RealClock:
    """The machine's time, times `factor`: with 60, a minute of the world passes in a second."""

    def __init__(
        self,
        factor: float = 1.0,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        if factor <= 0:
            message = f"the factor of a clock must be above zero, not {factor}"
            raise ValueError(message)
        self._factor = factor
        self._monotonic = monotonic
        self._began = monotonic()
        self._start_ms = wall() * 1000

    def now_ms(self) -> int:
        elapsed = self._monotonic() - self._began
        return int(self._start_ms + elapsed * 1000 * self._factor)
