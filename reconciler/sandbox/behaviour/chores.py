"""The things that happen of their own accord, one source of dues each; `agenda` puts them in order."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from reconciler.sandbox.behaviour import auto_create, conditions, config_sync, following, health
from reconciler.sandbox.behaviour.agenda import Due
from reconciler.sandbox.configs import link_configs as keys
from reconciler.sandbox.operations import lifecycle, linking, restore, topic_admin
from reconciler.sandbox.world import mirrors as states

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reconciler.sandbox.world.cluster import Cluster
    from reconciler.sandbox.world.links import Link
    from reconciler.sandbox.world.mirrors import Mirror
    from reconciler.sandbox.world.world import World


def stops(world: World) -> Iterator[Due]:
    """Promotes and failovers that complete."""
    for cluster, mirror in lifecycle.stopping(world):
        at_ms = lifecycle.stop_due(cluster, mirror)
        if at_ms is not None:
            act = partial(_stop, cluster, mirror)
            yield Due(at_ms, ("stop", cluster.name, mirror.topic), act)


def _stop(cluster: Cluster, mirror: Mirror, at_ms: int) -> bool:
    chained = bool(following.mirrors_of(cluster, mirror.topic))
    lifecycle.stop(cluster, mirror, at_ms)
    return chained


def topic_removals(world: World) -> Iterator[Due]:
    """Topic deletions that end."""
    for cluster in world.clusters.values():
        for name in cluster.leaving:
            at_ms = cluster.topics[name].gone_ms
            if at_ms is not None:
                act = partial(_remove_topic, cluster, name)
                yield Due(at_ms, ("topic", cluster.name, name), act)


def _remove_topic(cluster: Cluster, name: str, at_ms: int) -> bool:
    topic_admin.remove(cluster, name, at_ms)
    return True


def link_removals(world: World) -> Iterator[Due]:
    """Link deletions that end."""
    for cluster in world.clusters.values():
        for link in cluster.links.values():
            if link.gone_ms is not None:
                act = partial(_remove_link, cluster, link)
                yield Due(link.gone_ms, ("link", cluster.name, link.name), act)


def _remove_link(cluster: Cluster, link: Link, at_ms: int) -> bool:
    linking.remove(cluster, link, at_ms)
    return True


def config_copies(world: World) -> Iterator[Due]:
    """Topic configs and partitions that are copied at the next tick."""
    for cluster in world.clusters.values():
        for link in cluster.links.values():
            if link.unsynced and link.broken_ms is None and not link.paused:
                at_ms = config_sync.next_tick(link, world.changed_ms + 1)
                act = partial(_copy_configs, cluster, link)
                yield Due(at_ms, ("configs", cluster.name, link.name), act)


def _copy_configs(cluster: Cluster, link: Link, at_ms: int) -> bool:
    names, link.unsynced = sorted(link.unsynced), set()
    for name in names:
        mirror = cluster.mirrors.get(name)
        if mirror is not None and mirror.may_fetch:
            config_sync.copy(cluster, mirror, at_ms)
    return True


def failures(world: World) -> Iterator[Due]:
    """Mirrors whose source has been gone, or another topic, for too long (section 9)."""
    for cluster in world.clusters.values():
        for name in sorted(cluster.troubled):
            mirror = cluster.mirrors[name]
            # Without its source a promote cannot end either; a swap ends when its far side goes.
            if mirror.status == states.ACTIVE or mirror.promoting:
                configs = cluster.links[mirror.link].configs
                at_ms = mirror.error_ms + keys.millis(configs, keys.RETRY_TIMEOUT_MS)
                yield Due(at_ms, ("fail", cluster.name, name), partial(_fail, cluster, mirror))


def _fail(cluster: Cluster, mirror: Mirror, at_ms: int) -> bool:
    cluster.enter(mirror, states.FAILED, at_ms)
    health.review(cluster, mirror, at_ms)
    return False


def restores(world: World) -> Iterator[Due]:
    """Phases of truncate-and-restore that end."""
    for cluster in world.clusters.values():
        for name in sorted(cluster.moving):
            mirror = cluster.mirrors[name]
            if mirror.status in {states.PENDING_SETUP_FOR_RESTORE, states.PENDING_RESTORE}:
                at_ms = restore.due(cluster, mirror)
                if at_ms is not None:
                    key = ("restore", cluster.name, name)
                    yield Due(at_ms, key, partial(_restore, cluster, mirror))


def _restore(cluster: Cluster, mirror: Mirror, at_ms: int) -> bool:
    restore.proceed(cluster, mirror, at_ms)
    return True


def discoveries(world: World) -> Iterator[Due]:
    """Looks at the source's topics by links that make mirrors of their own."""
    for cluster in world.clusters.values():
        for link in cluster.links.values():
            at_ms = auto_create.next_look(cluster, link)
            if at_ms is not None:
                key = ("discover", cluster.name, link.name)
                yield Due(at_ms, key, partial(_discover, cluster, link))


def _discover(cluster: Cluster, link: Link, at_ms: int) -> bool:
    auto_create.look(cluster, link, at_ms)
    return True


def scheduled(world: World) -> Iterator[Due]:
    """The next change of a cluster that was announced; those after it come up when it is done."""
    if world.schedule:
        change = world.schedule[0]
        key = ("schedule", change.cluster, change.kind)
        yield Due(change.at_ms, key, partial(_change, world))


def _change(world: World, at_ms: int) -> bool:
    conditions.apply(world, world.schedule.pop(0), at_ms)
    return True


_SOURCES = (
    scheduled,
    stops,
    topic_removals,
    link_removals,
    config_copies,
    failures,
    restores,
    discoveries,
)


def dues(world: World) -> Iterator[Due]:
    """All that is to come, as things stand."""
    for source in _SOURCES:
        yield from source(world)
