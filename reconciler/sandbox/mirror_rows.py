"""The JSON rows of a cluster's mirrors, kept as text as long as they cannot read differently.

A list of a hundred thousand mirrors must not cost a hundred thousand formattings. A row is written anew when something
touched its mirror, or at every read while its numbers move; the others are joined as they are. Names of topics and
links need no escaping: their alphabet has nothing that JSON or a URL would mind.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reconciler.sandbox import flow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reconciler.sandbox.cluster import Cluster
    from reconciler.sandbox.mirrors import Mirror

#: The key under which the rows of all links together are ordered; no link can have this name.
ALL = ""


@dataclass(slots=True)
class _Row:
    """A row without its beginning, which depends on the URL that the caller used."""

    link: str
    status: str
    partitions: int
    text: str


class MirrorRows:
    """The rows of one cluster, always as the world is when they are asked for."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._rows: dict[str, _Row] = {}
        self._order: dict[str, list[str]] = {}
        self._counts: dict[str, Counter[str]] = {}
        self._touched: set[str] = set()
        self._moving: set[str] = set()

    def touch(self, topic: str) -> None:
        """Something has changed that may show in the row of this mirror."""
        self._touched.add(topic)

    def names(self, link: str) -> list[str]:
        """The mirror topics of a link, sorted."""
        self._refresh(self._now())
        return self._order.get(link, [])

    def counts(self, link: str) -> Counter[str]:
        """The partitions of a link's mirrors by status."""
        self._refresh(self._now())
        return self._counts.get(link, Counter())

    def _now(self) -> int:
        return self._cluster.world.now_ms()

    def one(self, mirror: Mirror, base: str) -> str:
        """The row of one mirror; `base` is the URL of the cluster."""
        return _beginning(base) + self._write(mirror, self._now()).text

    def joined(self, base: str, link: str = ALL, status: str | None = None) -> str:
        """The rows of a link, or of all, separated by commas; with a status, only those that read it."""
        now = self._now()
        self._refresh(now)
        self._write_moving(now)
        rows = self._rows
        names: Iterable[str] = self._order.get(link, ())
        if status is not None:
            names = [name for name in names if rows[name].status == status]
        beginning = _beginning(base)
        text = f",{beginning}".join([rows[name].text for name in names])
        return beginning + text if text else ""

    def _refresh(self, now: int) -> None:
        """Write the rows that were touched."""
        touched, self._touched = self._touched, set()
        for name in touched:
            mirror = self._cluster.mirrors.get(name)
            old = self._rows.get(name)
            if old is not None and (mirror is None or old.link != mirror.link):
                self._drop(name, old)
                old = None
            if mirror is not None:
                row = self._write(mirror, now)
                self._put(name, row, old)
                self._moving.add(name)

    def _write_moving(self, now: int) -> None:
        """Write the rows whose numbers move, and let go of those that have come to rest."""
        rested = []
        for name in self._moving:
            mirror = self._cluster.mirrors[name]
            self._rows[name].text = self._write(mirror, now).text
            if flow.row_rests(self._cluster, mirror, now):
                rested.append(name)
        self._moving.difference_update(rested)

    def _put(self, name: str, row: _Row, old: _Row | None) -> None:
        self._rows[name] = row
        counts = self._counts.setdefault(row.link, Counter())
        counts[row.status] += row.partitions
        if old is not None:
            counts[old.status] -= old.partitions
            return
        insort(self._order.setdefault(row.link, []), name)
        insort(self._order.setdefault(ALL, []), name)

    def _drop(self, name: str, old: _Row) -> None:
        del self._rows[name]
        self._moving.discard(name)
        self._counts[old.link][old.status] -= old.partitions
        for key in (old.link, ALL):
            order = self._order[key]
            del order[bisect_left(order, name)]

    def _write(self, mirror: Mirror, now: int) -> _Row:
        cluster = self._cluster
        status = flow.status(cluster, mirror, now)
        found = flow.lags(cluster, mirror, now)
        lags = ",".join(
            [
                f'{{"partition":{lag.partition},"lag":{lag.lag},'
                f'"last_source_fetch_offset":{lag.fetched}}}'
                for lag in found
            ]
        )
        error = f',"mirror_topic_error":"{mirror.error}"' if cluster.flavour.modern_fields else ""
        text = (
            f'{mirror.link}/mirrors/{mirror.topic}"}},"link_name":"{mirror.link}",'
            f'"mirror_topic_name":"{mirror.topic}","source_topic_name":"{mirror.source_topic}",'
            f'"num_partitions":{len(found)},"mirror_lags":[{lags}],"mirror_status":"{status}",'
            f'"state_time_ms":{mirror.state_ms}{error}}}'
        )
        return _Row(mirror.link, status, len(found), text)


def _beginning(base: str) -> str:
    return f'{{"kind":"KafkaMirrorData","metadata":{{"self":"{base}/links/'
