"""Appending records to topics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.sandbox import refusals
from reconciler.sandbox.behaviour import flow, following
from reconciler.sandbox.world.topics import deal

if TYPE_CHECKING:
    from reconciler.sandbox.world.cluster import Cluster
    from reconciler.sandbox.world.topics import Topic


def produce(
    cluster: Cluster, topic: str, records: int = 1, partition: int | None = None
) -> tuple[int, int]:
    """Append records to a topic; the partition and offset of the first. Raises Refusal."""
    cluster.world.settle()
    target = cluster.topics.get(topic)
    if target is None or target.gone_ms is not None:
        raise refusals.unknown_topic()
    if cluster.is_read_only(topic):
        raise refusals.read_only_mirror(topic)
    if partition is not None and not 0 <= partition < target.partitions:
        raise refusals.unknown_topic()
    with cluster.world.writing() as now:
        return append(cluster, target, records, now, partition)


def append(
    cluster: Cluster, topic: Topic, records: int, at_ms: int, partition: int | None = None
) -> tuple[int, int]:
    """Append inside a write; in turn over the partitions, the shortest first, unless one is named."""
    following.stir(cluster, topic, at_ms)
    ends = flow.ends(cluster, topic, at_ms)
    if partition is None:
        first = ends.index(min(ends))
        turned = deal(topic.log[first:] + topic.log[:first], records)
        cut = topic.partitions - first
        topic.log = turned[cut:] + turned[:cut]
        return first, ends[first]
    topic.log = [end + records * (at == partition) for at, end in enumerate(topic.log)]
    return partition, ends[partition]
