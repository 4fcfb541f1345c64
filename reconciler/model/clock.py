"""Time as an argument: the real clock, and whatever a sandbox or a test puts in its place."""

from __future__ import annotations

from typing import Protocol


class Clock(Protocol):
    """A clock that can wait. All values are seconds."""

    def now(self) -> float:
        """Seconds since the Unix epoch, for journals and logs."""
        ...

    def monotonic(self) -> float:
        """Seconds that only ever grow, for deadlines."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        ...
