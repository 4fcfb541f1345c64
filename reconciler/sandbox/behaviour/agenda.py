"""What happens of its own accord, and when: worked out from the state, never kept as a running task.

After a write the whole agenda is thrown away and worked out again when next needed, because a write may bring things
forward or put them off. Between writes the instants stand still, so looking at the first one is all a read pays.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Effect(Enum):
    """What has come of something that happened."""

    #: Nothing has changed.
    NONE = auto()
    #: Something has, and all else that is to come stands as it was worked out.
    ALONE = auto()
    #: Something has, and the rest of the agenda has to be worked out again.
    FURTHER = auto()


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to come: `when` works out its instant (None for never, as things stand), `act` does it then."""

    key: tuple[str, ...]
    when: Callable[[], int | None]
    act: Callable[[int], Effect]


@dataclass(order=True, slots=True)
class Due:
    """A chore at its instant; its `key` puts what falls on one instant in a stable order."""

    at_ms: int
    key: tuple[str, ...]
    act: Callable[[int], Effect] = field(compare=False)


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
