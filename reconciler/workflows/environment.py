"""Everything that a command takes from outside itself, as one argument."""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from reconciler.model.clock import Clock
from reconciler.model.clusters import Cluster

if TYPE_CHECKING:
    import httpx


class SystemClock:
    """The real clock, waiting on the running event loop."""

    def now(self) -> float:
        """Seconds since the Unix epoch."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds that only ever grow."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait without blocking the loop."""
        await asyncio.sleep(seconds)


def _read_text(path: str) -> str:
    return Path(path).read_text("utf-8")


def _real_network(_: Cluster) -> httpx.AsyncBaseTransport | None:
    return None


@dataclass(frozen=True, slots=True)
class Environment:
    """Time, randomness, variables, files and the network.

    The defaults are the real ones; a test or the embedded sandbox puts its own in their place. `transports`
    gives the transport for a cluster's REST calls, or None for the network.
    """

    variables: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    clock: Clock = field(default_factory=SystemClock)
    random: Callable[[], float] = random.random
    read_text: Callable[[str], str] = _read_text
    transports: Callable[[Cluster], httpx.AsyncBaseTransport | None] = _real_network
