"""A topic and its log. A log is a number per partition that grows with time; no record is kept."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from reconciler.sandbox.refusals import invalid

MAX_NAME = 249
_LEGAL = re.compile(r"[a-zA-Z0-9._-]+")


@dataclass(slots=True)
class Topic:
    """`log` holds the end offset of each partition at `since_ms`; producers add `rate` records a second, dealt in turn."""

    name: str
    topic_id: str
    replication_factor: int
    log: list[int]
    since_ms: int
    rate: float = 0.0
    configs: dict[str, str] = field(default_factory=dict)
    #: Set while a deletion runs: the instant from which the topic is gone.
    gone_ms: int | None = None
    #: Left behind by a link that was deleted under a stopping mirror: read-only for good (section 2.6).
    locked: bool = False
    #: Whether the principal of a link may read its configs; without that right it cannot be mirrored (section 0.3).
    describable: bool = True

    @property
    def partitions(self) -> int:
        return len(self.log)

    @property
    def pace(self) -> float:
        """Records a second that its producers get in: none while it is locked, however hard they try."""
        return 0.0 if self.locked else self.rate

    def own_ends(self, at_ms: int) -> list[int]:
        """The end offsets that the topic's own producers have brought about."""
        total = produced(self.pace, at_ms - self.since_ms)
        return deal(self.log, total) if total else self.log

    def next_record_ms(self, at_ms: int) -> int:
        """The millisecond in which its producers write the next record; that of `at_ms` when they write none."""
        if not self.pace:
            return at_ms
        written = produced(self.pace, at_ms - self.since_ms)
        return self.since_ms + int((written + 1) * 1000 / self.pace)

    def settle(self, ends: list[int], at_ms: int) -> None:
        """Make `ends` the new starting point."""
        self.log = list(ends)
        self.since_ms = at_ms


def metric_name(name: str) -> str:
    """What Kafka makes of a topic's name for its metrics, which is why `a.b` and `a_b` cannot both be there."""
    return name.replace(".", "_")


def is_internal(name: str) -> bool:
    """Whether a topic is one of the server's own."""
    return name.startswith(("__", "_confluent"))


def produced(rate: float, elapsed_ms: int) -> int:
    """Whole records after `elapsed_ms` at `rate` records a second; never negative."""
    return int(rate * elapsed_ms / 1000) if rate and elapsed_ms > 0 else 0


def deal(base: list[int], total: int) -> list[int]:
    """Add `total` records to the partitions in turn, the first partition first."""
    count = len(base)
    return [start + (total + count - 1 - at) // count for at, start in enumerate(base)]


def check_name(name: str) -> None:
    """Kafka's rules for topic names. Raises Refusal (400/40002)."""
    if not name or name in {".", ".."}:
        raise invalid(f"Topic name is invalid: '{name}' is not allowed")
    if len(name) > MAX_NAME:
        raise invalid(
            f"Topic name is invalid: the length of '{name}' is longer than the max allowed length {MAX_NAME}"
        )
    if not _LEGAL.fullmatch(name):
        raise invalid(
            f"Topic name is invalid: '{name}' contains one or more characters other than "
            "ASCII alphanumerics, '.', '_' and '-'"
        )
