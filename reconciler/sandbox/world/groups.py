"""Consumer groups: who is in them, and how far they have committed, as a function of time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reconciler.sandbox.world.ids import uuid_from
from reconciler.sandbox.world.topics import deal, produced

if TYPE_CHECKING:
    from collections.abc import Sequence


EMPTY = "EMPTY"


@dataclass(frozen=True, slots=True)
class Member:
    """One consumer of a group."""

    consumer_id: str
    client_id: str
    instance_id: str | None = None


@dataclass(slots=True)
class Reading:
    """How far a group has committed one topic: `committed` at `since_ms`, then `rate` records a second up to the end.

    That is exact as long as the log does not jump. Before it does, `forgo` gives up what idle time has saved; then
    `committed` may be less than was ever committed, even less than nothing, as the beginning of the same line.
    """

    committed: list[int]
    since_ms: int
    rate: float = 0.0

    def at(self, at_ms: int, ends: list[int]) -> list[int]:
        """Committed offsets at an instant; a group never commits beyond the end of the log."""
        reached = self._allowed(at_ms, len(ends))
        return [min(offset, end) for offset, end in zip(reached, ends, strict=False)]

    def forgo(self, at_ms: int, ends: list[int]) -> None:
        """Give up all that could be committed beyond these ends by now."""
        over = [
            max(0, may - end)
            for may, end in zip(self._allowed(at_ms, len(ends)), ends, strict=False)
        ]
        if any(over):
            start = self._start(len(ends))
            self.committed = [offset - much for offset, much in zip(start, over, strict=False)]

    def _allowed(self, at_ms: int, partitions: int) -> list[int]:
        """How far it could be, were there records without end."""
        start, total = self._start(partitions), produced(self.rate, at_ms - self.since_ms)
        return deal(start, total) if total else start

    def _start(self, partitions: int) -> list[int]:
        return self.committed + [0] * (partitions - len(self.committed))


@dataclass(slots=True)
class Group:
    """A consumer group; with members it is STABLE, without any EMPTY, and then it commits nothing."""

    name: str
    members: list[Member] = field(default_factory=list)
    readings: dict[str, Reading] = field(default_factory=dict)

    @property
    def state(self) -> str:
        return "STABLE" if self.members else EMPTY

    def at(self, topic: str, at_ms: int, ends: list[int]) -> list[int]:
        """What it has committed for a topic that it reads, the ends of which are given."""
        reading = self.readings[topic]
        return reading.at(self._reads_until(reading, at_ms), ends)

    def forgo(self, topic: str, at_ms: int, ends: list[int]) -> None:
        """The topic's log is about to jump, or has been cut: give up what idle time has saved (`Reading.forgo`)."""
        reading = self.readings.get(topic)
        if reading is not None:
            reading.forgo(self._reads_until(reading, at_ms), ends)

    def settle(self, topic: str, at_ms: int, ends: list[int]) -> None:
        """Make where it is with a topic, if it reads it, its new starting point."""
        reading = self.readings.get(topic)
        if reading is not None:
            reading.committed, reading.since_ms = self.at(topic, at_ms, ends), at_ms

    def _reads_until(self, reading: Reading, at_ms: int) -> int:
        return at_ms if self.members else reading.since_ms


def member_of(members: Sequence[Member], partition: int) -> Member | None:
    """Who reads a partition: they are dealt to the members in turn."""
    return members[partition % len(members)] if members else None


def make_guest(group: str, since_ms: int) -> Member:
    """The consumer that a condition puts into a group at an instant."""
    name = f"consumer-{group}-guest"
    return Member(f"{name}-{uuid_from(f'{group}/guest/{since_ms}')}", name)


def make_members(group: str, members: int | Sequence[Member]) -> list[Member]:
    """The members as given, or as many as are asked for, named after their group."""
    if not isinstance(members, int):
        return list(members)
    return [
        Member(
            consumer_id=f"consumer-{group}-{at}-{uuid_from(f'{group}/{at}')}",
            client_id=f"consumer-{group}-{at}",
        )
        for at in range(1, members + 1)
    ]
