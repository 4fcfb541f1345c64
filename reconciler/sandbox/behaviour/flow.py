"""How far a log has come at an instant: closed formulas, so that a read costs what it reads and nothing runs in between.

A mirror starts at a known point and follows its source, at most `catch_up_rate` records a second and partition:

    end(t) = min(source end(t), start + catch_up_rate x (t - start of the flow))

That is exact as long as the source does not jump. When somebody appends records at once, `World.stir` makes "now" the
new starting point of the mirrors that had caught up, so that no budget saved in idle time swallows the jump.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reconciler.sandbox.world import mirrors as states

if TYPE_CHECKING:
    from reconciler.sandbox.world.cluster import Cluster
    from reconciler.sandbox.world.mirrors import Mirror
    from reconciler.sandbox.world.topics import Topic


@dataclass(frozen=True, slots=True)
class Lag:
    """One partition of `mirror_lags`; `fetched` is -1 until something was fetched (section 12.1)."""

    partition: int
    lag: int
    fetched: int


def ends(cluster: Cluster, topic: Topic, at_ms: int) -> list[int]:
    """The end offset of every partition at an instant not earlier than the last write."""
    mirror = cluster.mirrors.get(topic.name)
    if mirror is None or mirror.is_stopped:
        return topic.own_ends(at_ms)
    if not mirror.flowing:
        return topic.log
    origin = cluster.source_of(mirror)
    if origin is None:
        return topic.log
    return _followed(cluster, topic, mirror, ends(*origin, at_ms), at_ms)


def _followed(
    cluster: Cluster, topic: Topic, mirror: Mirror, upstream: list[int], at_ms: int
) -> list[int]:
    """Where a flowing mirror is, its source being at `upstream`."""
    began = max(topic.since_ms, mirror.fetch_from_ms)
    budget = max(0, at_ms - began) * cluster.world.catch_up_rate // 1000
    return [
        max(base, min(above, base + budget))
        for above, base in zip(upstream, topic.log, strict=False)
    ]


def lags(cluster: Cluster, mirror: Mirror, at_ms: int) -> list[Lag]:
    """`mirror_lags` at an instant. A lag that can no longer be observed keeps its last value."""
    return [Lag(*found) for found in lag_numbers(cluster, mirror, at_ms)]


def lag_numbers(cluster: Cluster, mirror: Mirror, at_ms: int) -> list[tuple[int, int, int]]:
    """The same as bare numbers: partition, lag, fetched."""
    topic = cluster.topics[mirror.topic]
    unseen = at_ms < mirror.fetch_from_ms and mirror.seen is None
    if unseen or mirror.status in states.NOT_YET_FOLLOWING:
        return [(partition, 0, -1) for partition in range(topic.partitions)]
    if mirror.is_stopped:
        # A stopped topic takes records of its own; its lag is that of the moment it stopped.
        return _pairs(mirror.parted or topic.log, mirror.seen or topic.log)
    if mirror.seen is not None:
        return _pairs(topic.log, mirror.seen)
    origin = cluster.source_of(mirror)
    if origin is None:
        return _pairs(topic.log, topic.log)
    upstream = ends(*origin, at_ms)
    if not mirror.flowing:
        return _pairs(topic.log, upstream)
    return _pairs(_followed(cluster, topic, mirror, upstream, at_ms), upstream)


def _pairs(local: list[int], upstream: list[int]) -> list[tuple[int, int, int]]:
    """A mirror may hold more than its source while it rests and that one is cut: then it is behind nothing."""
    return [
        (partition, max(0, above - end), end or -1)
        for partition, (end, above) in enumerate(zip(local, upstream, strict=False))
    ]


def numbers_hold_until(
    cluster: Cluster, mirror: Mirror, numbers: list[tuple[int, int, int]], at_ms: int
) -> int:
    """Before which instant a mirror's numbers cannot be others than those of `at_ms`, unless somebody acts.

    A mirror that has caught up moves when its source gets its next record, and not before.
    """
    if at_ms < mirror.fetch_from_ms and mirror.seen is None:
        return mirror.fetch_from_ms
    origin = cluster.source_of(mirror)
    catches_up = mirror.flowing and any(lag for _, lag, _ in numbers)
    if origin is None or catches_up or _follows(*origin):
        return at_ms + 1
    return max(at_ms + 1, origin[1].next_record_ms(at_ms))


def _follows(cluster: Cluster, topic: Topic) -> bool:
    mirror = cluster.mirrors.get(topic.name)
    return mirror is not None and not mirror.is_stopped


def rests_from(cluster: Cluster, topic: Topic) -> int | None:
    """From when on the log no longer grows unless somebody acts; None when it grows for ever."""
    world = cluster.world
    mirror = cluster.mirrors.get(topic.name)
    if mirror is None or mirror.is_stopped:
        return topic.since_ms if not topic.pace else None
    if not mirror.flowing:
        return topic.since_ms
    origin = cluster.source_of(mirror)
    if origin is None:
        return topic.since_ms
    above = rests_from(*origin)
    if above is None:
        return None
    goal = ends(*origin, above)
    behind = max((far - near for far, near in zip(goal, topic.log, strict=False)), default=0)
    began = max(topic.since_ms, mirror.fetch_from_ms)
    return max(above, began + -(-behind * 1000 // world.catch_up_rate))


def row_rests_from(cluster: Cluster, mirror: Mirror) -> int | None:
    """From when on a mirror's lags no longer change unless somebody acts; None when they do for ever."""
    if mirror.is_stopped:
        return 0
    marks = [mirror.fetch_from_ms, rests_from(cluster, cluster.topics[mirror.topic])]
    origin = cluster.source_of(mirror)
    if mirror.seen is None and origin is not None:
        marks.append(rests_from(*origin))
    known = [mark for mark in marks if mark is not None]
    return max(known) if len(known) == len(marks) else None


def status(cluster: Cluster, mirror: Mirror, at_ms: int) -> str:
    """The status that a read shows: what is stored, with the link's state laid over an ACTIVE mirror (section 14.7)."""
    if mirror.status != states.ACTIVE:
        return mirror.status
    link = cluster.links[mirror.link]
    if link.is_held:
        return states.LINK_PAUSED
    if link.broken_ms is not None:
        return states.LINK_FAILED if link.state(at_ms) == "FAILED" else states.SOURCE_UNAVAILABLE
    return states.SOURCE_UNAVAILABLE if mirror.cut_off else states.ACTIVE
