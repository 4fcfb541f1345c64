"""Topic configs and partitions that follow the source (cluster-linking reference, section 9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.sandbox.behaviour import following, health
from reconciler.sandbox.configs import link_configs as keys
from reconciler.sandbox.configs import topic_configs

if TYPE_CHECKING:
    from reconciler.sandbox.world.cluster import Cluster
    from reconciler.sandbox.world.links import Link
    from reconciler.sandbox.world.mirrors import Mirror
    from reconciler.sandbox.world.world import World


def synced_names(link: Link) -> frozenset[str]:
    """The topic configs that a link copies."""
    listed = keys.value_of(link.configs, keys.CONFIG_SYNC_INCLUDE)
    return keys.ALWAYS_SYNCED | {name.strip() for name in listed.split(",") if name.strip()}


def may_set(link: Link, name: str) -> bool:
    """Whether a mirror of this link may have its own value."""
    return topic_configs.is_independent(name) or name not in synced_names(link)


def next_tick(link: Link, from_ms: int) -> int:
    """The next instant at which a link copies configs, counted from when it became active."""
    interval = keys.millis(link.configs, keys.CONFIG_SYNC_MS)
    elapsed = max(0, from_ms - link.active_ms)
    return link.active_ms + -(-elapsed // interval) * interval


def done_from(world: World, link: Link, mirror: Mirror) -> int:
    """From when a mirror has its source's configs: at once, unless they have changed since the last tick."""
    return next_tick(link, world.changed_ms + 1) if mirror.topic in link.unsynced else 0


def note_change(cluster: Cluster, topic: str) -> None:
    """A topic's configs or partitions have changed: its mirrors copy them at their next tick."""
    for place, mirror in following.mirrors_of(cluster, topic):
        place.links[mirror.link].unsynced.add(mirror.topic)


def note_all(cluster: Cluster, link: Link) -> None:
    """The list of what is copied has changed: every mirror of the link looks again."""
    link.unsynced.update(mirror.topic for mirror in cluster.mirrors_of(link.name))


def copy(cluster: Cluster, mirror: Mirror, at_ms: int) -> None:
    """Take over the source's synced configs and its new partitions; another topic by its name is not the source."""
    origin = cluster.source_of(mirror)
    if origin is None or origin[1].topic_id != mirror.source_id:
        return
    topic, source = cluster.topics[mirror.topic], origin[1]
    synced = synced_names(cluster.links[mirror.link])
    own = {name: value for name, value in topic.configs.items() if name not in synced}
    before = topic.configs
    topic.configs = own | {name: value for name, value in source.configs.items() if name in synced}
    grown = source.partitions - topic.partitions
    if grown > 0:
        health.review(cluster, mirror, at_ms)
        following.widen(cluster, topic, source.partitions, at_ms)
        health.review(cluster, mirror, at_ms)
    if grown > 0 or topic.configs != before:
        note_change(cluster, topic.name)
