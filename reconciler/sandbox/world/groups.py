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
    """How far a group has committed one topic: `committed` at `since_ms`, then `rate` records a second up to the end."""

    committed: list[int]
    since_ms: int
    rate: float = 0.0

    def at(self, at_ms: int, ends: list[int]) -> list[int]:
        """Committed offsets at an instant; a group never commits beyond the end of the log."""
        total = produced(self.rate, at_ms - self.since_ms)
        start = self.committed + [0] * (len(ends) - len(self.committed))
        reached = deal(start, total) if total else start
        return [min(offset, end) for offset, end in zip(reached, ends, strict=False)]


@dataclass(slots=True)
class Group:
    """A consumer group; with members it is STABLE, without any EMPTY."""

    name: str
    members: list[Member] = field(default_factory=list)
    readings: dict[str, Reading] = field(default_factory=dict)

    @property
    def state(self) -> str:
        return "STABLE" if self.members else EMPTY


def member_of(members: Sequence[Member], partition: int) -> Member | None:
    """Who reads a partition: they are dealt to the members in turn."""
    return members[partition % len(members)] if members else None


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
