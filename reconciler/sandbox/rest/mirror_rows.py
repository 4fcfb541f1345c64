"""The JSON rows of a cluster's mirrors, kept as bytes as long as they cannot read differently.

A list of a hundred thousand mirrors must not cost a hundred thousand formattings. A row is written anew when something
touched its mirror, and its lags when its source's next record is due, or at every read while it catches up; what lies
still between two moving rows is one piece of bytes. Names of topics and links need no escaping: their alphabet has
nothing that JSON or a URL would mind.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reconciler.sandbox.behaviour import flow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reconciler.sandbox.world.cluster import Cluster
    from reconciler.sandbox.world.mirrors import Mirror

#: The key under which the rows of all links together are ordered; no link can have this name.
ALL = ""

#: How many different lists are kept as pieces: one for each link and URL that somebody asks for.
_KEPT_LISTS = 4

_FEW = 32


@dataclass(slots=True)
class _Row:
    """A row after its beginning, which depends on the URL that the caller used: what comes before its lags, the lags, the rest."""

    link: str
    status: str
    partitions: int
    head: bytes
    numbers: list[tuple[int, int, int]]
    lags: bytes
    tail: bytes
    #: Before then nobody need look at its numbers again.
    holds_until: int = 0


@dataclass(frozen=True, slots=True)
class _Pieces:
    """A list cut at its moving rows: `still[i]` comes before `moving[i]`, and one more at the end."""

    still: list[bytes]
    moving: list[_Row]

    def parts(self) -> list[bytes]:
        parts = [self.still[0]]
        for row, after in zip(self.moving, self.still[1:], strict=True):
            parts += (row.head, row.lags, row.tail, after)
        return parts


class MirrorRows:
    """The rows of one cluster, always as the world is when they are asked for."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._rows: dict[str, _Row] = {}
        self._order: dict[str, list[str]] = {}
        self._counts: dict[str, Counter[str]] = {}
        self._touched: set[str] = set()
        #: The rows whose lags move, and until when; None for one that moves for ever. A touch works that out anew.
        self._moving: dict[str, int | None] = {}
        self._pieces: dict[tuple[str, str], _Pieces] = {}

    def touch(self, topic: str) -> None:
        """Something has changed that may show in the row of this mirror."""
        self._touched.add(topic)

    def names(self, link: str) -> list[str]:
        """The mirror topics of a link, sorted."""
        self._refresh(self._now())
        return self._visible(self._order.get(link, []))

    def counts(self, link: str) -> Counter[str]:
        """The partitions of a link's mirrors by status."""
        self._refresh(self._now())
        return self._counts.get(link, Counter())

    def one(self, mirror: Mirror, base: str) -> bytes:
        """The row of one mirror; `base` is the URL of the cluster."""
        row = self._write(mirror, self._now())
        return b"".join((_beginning(base), row.head, row.lags, row.tail))

    def listed(self, base: str, link: str = ALL, status: str | None = None) -> list[bytes]:
        """The rows of a link, or of all, separated by commas, in parts; with a status, only those that read it."""
        now = self._now()
        self._refresh(now)
        self._write_moving(now)
        names = self._visible(self._order.get(link, []))
        if status is not None:
            names = [name for name in names if self._rows[name].status == status]
        if names is not self._order.get(link):
            return self._cut(names, base).parts()
        pieces = self._pieces.get((link, base))
        if pieces is None:
            pieces = self._cut(names, base)
            while len(self._pieces) >= _KEPT_LISTS:
                del self._pieces[next(iter(self._pieces))]
            self._pieces[link, base] = pieces
        return pieces.parts()

    def _now(self) -> int:
        return self._cluster.world.now_ms()

    def _visible(self, names: list[str]) -> list[str]:
        """The names of mirrors that show already: all, and the very same list, where none is hidden at first."""
        if not self._cluster.world.delays.mirror_visible:
            return names
        return [name for name in names if self._cluster.shows(self._cluster.mirrors[name])]

    def _cut(self, names: Iterable[str], base: str) -> _Pieces:
        beginning = _beginning(base)
        between = b"," + beginning
        still: list[bytes] = []
        moving: list[_Row] = []
        run: list[bytes] = []
        for at, name in enumerate(names):
            row = self._rows[name]
            run.append(between if at else beginning)
            if name in self._moving:
                still.append(b"".join(run))
                moving.append(row)
                run = []
            else:
                run += (row.head, row.lags, row.tail)
        return _Pieces([*still, b"".join(run)], moving)

    def _refresh(self, now: int) -> None:
        """Write the rows that were touched."""
        if not self._touched:
            return
        touched, self._touched = self._touched, set()
        self._pieces.clear()
        fresh: dict[str, list[str]] = {}
        for name in touched:
            mirror = self._cluster.mirrors.get(name)
            old = self._rows.get(name)
            if old is not None and (mirror is None or old.link != mirror.link):
                self._drop(name, old)
                old = None
            if mirror is not None:
                self._put(name, self._write(mirror, now), old)
                rests_from = flow.row_rests_from(self._cluster, mirror)
                if rests_from is None or rests_from > now:
                    self._moving[name] = rests_from
                else:
                    self._moving.pop(name, None)
                if old is None:
                    fresh.setdefault(mirror.link, []).append(name)
                    fresh.setdefault(ALL, []).append(name)
        for key, names in fresh.items():
            _insert(self._order.setdefault(key, []), names)

    def _write_moving(self, now: int) -> None:
        """Write the lags that move, and let go of the rows that have come to rest."""
        rested = []
        for name, rests_from in self._moving.items():
            row = self._rows[name]
            if row.holds_until > now:
                continue
            mirror = self._cluster.mirrors[name]
            numbers = flow.lag_numbers(self._cluster, mirror, now)
            if numbers != row.numbers:
                row.numbers, row.lags = numbers, _lags(numbers)
            row.holds_until = flow.numbers_hold_until(self._cluster, mirror, numbers, now)
            if rests_from is not None and rests_from <= now:
                rested.append(name)
        for name in rested:
            del self._moving[name]
        if rested:
            self._pieces.clear()

    def _put(self, name: str, row: _Row, old: _Row | None) -> None:
        self._rows[name] = row
        counts = self._counts.setdefault(row.link, Counter())
        counts[row.status] += row.partitions
        if old is not None:
            counts[old.status] -= old.partitions

    def _drop(self, name: str, old: _Row) -> None:
        del self._rows[name]
        self._moving.pop(name, None)
        self._counts[old.link][old.status] -= old.partitions
        for key in (old.link, ALL):
            order = self._order[key]
            del order[bisect_left(order, name)]

    def _write(self, mirror: Mirror, now: int) -> _Row:
        cluster = self._cluster
        status = cluster.flavour.word(flow.status(cluster, mirror, now))
        numbers = flow.lag_numbers(cluster, mirror, now)
        error = f',"mirror_topic_error":"{mirror.error}"' if cluster.flavour.modern_fields else ""
        head = (
            f'{mirror.link}/mirrors/{mirror.topic}"}},"link_name":"{mirror.link}",'
            f'"mirror_topic_name":"{mirror.topic}","source_topic_name":"{mirror.source_topic}",'
            f'"num_partitions":{len(numbers)},"mirror_lags":['
        )
        tail = f'],"mirror_status":"{status}","state_time_ms":{mirror.state_ms}{error}}}'
        return _Row(
            link=mirror.link,
            status=status,
            partitions=len(numbers),
            head=head.encode(),
            numbers=numbers,
            lags=_lags(numbers),
            tail=tail.encode(),
        )


def _insert(order: list[str], names: list[str]) -> None:
    """Put names into their places; many at once cost one sort of what is nearly sorted."""
    if len(names) < _FEW:
        for name in names:
            insort(order, name)
    else:
        order += names
        order.sort()


def _lags(numbers: list[tuple[int, int, int]]) -> bytes:
    return ",".join(
        [
            f'{{"partition":{partition},"lag":{lag},"last_source_fetch_offset":{fetched}}}'
            for partition, lag, fetched in numbers
        ]
    ).encode()


def _beginning(base: str) -> bytes:
    return f'{{"kind":"KafkaMirrorData","metadata":{{"self":"{base}/links/'.encode()
