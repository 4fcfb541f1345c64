"""What happens of its own accord, and when: worked out from the state, never kept as a running task.

After a write the whole agenda is thrown away and worked out again when next needed, because a write may bring things
forward or put them off. Between writes the instants stand still, so looking at the first one is all a read pays.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


@dataclass(order=True, slots=True)
class Due:
    """Something that happens at `at_ms`; `key` puts what falls on one instant in a stable order.

    `act` is called with the instant and returns whether the rest of the agenda has to be worked out again.
    """

    at_ms: int
    key: tuple[str, ...]
    act: Callable[[int], bool] = field(compare=False)


class Agenda:
    """What is to come, the next first."""

    __slots__ = ("_heap",)

    def __init__(self, dues: Iterable[Due]) -> None:
        self._heap = list(dues)
        heapq.heapify(self._heap)

    def pop_due(self, now_ms: int) -> Due | None:
        """Take the next thing that is due by `now_ms`; None when there is none."""
        if self._heap and self._heap[0].at_ms <= now_ms:
            return heapq.heappop(self._heap)
        return None
