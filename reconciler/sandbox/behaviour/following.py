"""Who mirrors a topic, and what happens to them when its log jumps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.sandbox.behaviour import flow

if TYPE_CHECKING:
    from reconciler.sandbox.world.cluster import Cluster
    from reconciler.sandbox.world.mirrors import Mirror
    from reconciler.sandbox.world.topics import Topic


def follow(cluster: Cluster, mirror: Mirror) -> None:
    """Note that a mirror follows its source."""
    followers = cluster.world.followers.setdefault(_source_key(cluster, mirror), set())
    followers.add((cluster.name, mirror.topic))


def unfollow(cluster: Cluster, mirror: Mirror) -> None:
    """Note that it does so no longer; while its link is still there."""
    key = _source_key(cluster, mirror)
    followers = cluster.world.followers.get(key, set())
    followers.discard((cluster.name, mirror.topic))
    if not followers:
        cluster.world.followers.pop(key, None)


def _source_key(cluster: Cluster, mirror: Mirror) -> tuple[str, str]:
    return cluster.links[mirror.link].remote_id or "", mirror.source_topic


def mirrors_of(cluster: Cluster, topic: str) -> list[tuple[Cluster, Mirror]]:
    """The mirrors that follow a topic, with their clusters, in a stable order."""
    clusters = cluster.world.clusters
    names = sorted(cluster.world.followers.get((cluster.cluster_id, topic), ()))
    return [(clusters[place], clusters[place].mirrors[name]) for place, name in names]


def stir(cluster: Cluster, topic: Topic, at_ms: int) -> None:
    """Before a log jumps: its readers and its mirrors, and theirs, start anew from where they are.

    A mirror into which nothing flows jumps with nobody, and so passes nothing on. That also ends the round of two topics
    that were made mirrors of each other's names: what flows cannot go round, since a mirror flows only from the very
    topic it was made from.
    """
    _hold_readers(cluster, topic, at_ms)
    for place, mirror in mirrors_of(cluster, topic.name):
        anchor(place, mirror, at_ms)
        if mirror.flowing:
            stir(place, place.topics[mirror.topic], at_ms)


def _hold_readers(cluster: Cluster, topic: Topic, at_ms: int) -> None:
    """A group reads no faster than it does, however long it had nothing to read."""
    readers = cluster.readers.get(topic.name)
    if readers:
        ends = flow.ends(cluster, topic, at_ms)
        for group in readers:
            cluster.groups[group].forgo(topic.name, at_ms, ends)


def cut(cluster: Cluster, topic: Topic, ends: list[int], at_ms: int) -> None:
    """Take a log back to where it is beyond `ends`, after `stir`.

    Offsets that are cut off go with what they counted, or they would come back as the log grows (choice).
    """
    topic.settle([min(pair) for pair in zip(topic.log, ends, strict=False)], at_ms)
    for group in cluster.groups.values():
        group.forgo(topic.name, at_ms, topic.log)


def widen(cluster: Cluster, topic: Topic, partitions: int, at_ms: int) -> None:
    """Add partitions to a log that is settled: what has been read by now was dealt over those that were there."""
    for group in cluster.groups.values():
        group.settle(topic.name, at_ms, topic.log)
    topic.log = topic.log + [0] * (partitions - topic.partitions)


def anchor(cluster: Cluster, mirror: Mirror, at_ms: int) -> None:
    """Make where a mirror is now its new starting point."""
    topic = cluster.topics[mirror.topic]
    topic.settle(flow.ends(cluster, topic, at_ms), at_ms)
    cluster.rows.touch(mirror.topic)
