"""The things that happen of their own accord, one source of chores each; `agenda` puts them in order."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from reconciler.sandbox.behaviour import auto_create, conditions, config_sync, following, health
from reconciler.sandbox.behaviour.agenda import Chore, Due, Effect
from reconciler.sandbox.configs import link_configs as keys
from reconciler.sandbox.operations import lifecycle, linking, restore, topic_admin
from reconciler.sandbox.world import mirrors as states

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reconciler.sandbox.behaviour.conditions import Change
    from reconciler.sandbox.world.cluster import Cluster
    from reconciler.sandbox.world.links import Link
    from reconciler.sandbox.world.mirrors import Mirror
    from reconciler.sandbox.world.world import World


def stops(world: World) -> Iterator[Chore]:
    """Promotes and failovers that complete."""
    for cluster, mirror in lifecycle.stopping(world):
        yield Chore(
            ("stop", cluster.name, mirror.topic),
            partial(lifecycle.stop_due, cluster, mirror),
            partial(_stop, cluster, mirror),
        )


def _stop(cluster: Cluster, mirror: Mirror, at_ms: int) -> Effect:
    chained = bool(following.mirrors_of(cluster, mirror.topic))
    lifecycle.stop(cluster, mirror, at_ms)
    return Effect.FURTHER if chained else Effect.ALONE


def topic_removals(world: World) -> Iterator[Chore]:
    """Topic deletions that end."""
    for cluster in world.clusters.values():
        for name in cluster.leaving:
            yield Chore(
                ("topic", cluster.name, name),
                partial(_topic_removal, cluster, name),
                partial(_remove_topic, cluster, name),
            )


def _topic_removal(cluster: Cluster, name: str) -> int | None:
    return cluster.topics[name].gone_ms


def _remove_topic(cluster: Cluster, name: str, at_ms: int) -> Effect:
    topic_admin.remove(cluster, name, at_ms)
    return Effect.FURTHER


def link_removals(world: World) -> Iterator[Chore]:
    """Link deletions that end."""
    for cluster, link in _links(world):
        if link.is_leaving:
            yield Chore(
                ("link", cluster.name, link.name),
                partial(_link_removal, link),
                partial(_remove_link, cluster, link),
            )


def _link_removal(link: Link) -> int | None:
    return link.gone_ms


def _remove_link(cluster: Cluster, link: Link, at_ms: int) -> Effect:
    linking.remove(cluster, link, at_ms)
    return Effect.FURTHER


def config_copies(world: World) -> Iterator[Chore]:
    """Topic configs and partitions that are copied at the next tick."""
    for cluster, link in _links(world):
        if link.unsynced and link.broken_ms is None and not link.is_held:
            yield Chore(
                ("configs", cluster.name, link.name),
                partial(config_sync.next_tick, link, world.changed_ms + 1),
                partial(_copy_configs, cluster, link),
            )


def _copy_configs(cluster: Cluster, link: Link, at_ms: int) -> Effect:
    names, link.unsynced = sorted(link.unsynced), set()
    for name in names:
        mirror = cluster.mirrors.get(name)
        if mirror is not None and mirror.may_fetch:
            config_sync.copy(cluster, mirror, at_ms)
    return Effect.FURTHER


def failures(world: World) -> Iterator[Chore]:
    """Mirrors whose source has been gone, or another topic, for too long (section 9)."""
    for cluster in world.clusters.values():
        for name in sorted(cluster.troubled):
            mirror = cluster.mirrors[name]
            # Without its source a promote cannot end either; a swap ends when its far side goes.
            if mirror.status == states.ACTIVE or mirror.promoting:
                yield Chore(
                    ("fail", cluster.name, name),
                    partial(_given_up, cluster, mirror),
                    partial(_fail, cluster, mirror),
                )


def _given_up(cluster: Cluster, mirror: Mirror) -> int:
    patience = keys.millis(cluster.links[mirror.link].configs, keys.RETRY_TIMEOUT_MS)
    return mirror.error_ms + patience


def _fail(cluster: Cluster, mirror: Mirror, at_ms: int) -> Effect:
    cluster.enter(mirror, states.FAILED, at_ms)
    health.review(cluster, mirror, at_ms)
    return Effect.ALONE


def restores(world: World) -> Iterator[Chore]:
    """Phases of truncate-and-restore that end."""
    for cluster in world.clusters.values():
        for name in sorted(cluster.moving):
            mirror = cluster.mirrors[name]
            if mirror.status in {states.PENDING_SETUP_FOR_RESTORE, states.PENDING_RESTORE}:
                yield Chore(
                    ("restore", cluster.name, name),
                    partial(restore.due, cluster, mirror),
                    partial(_restore, cluster, mirror),
                )


def _restore(cluster: Cluster, mirror: Mirror, at_ms: int) -> Effect:
    restore.proceed(cluster, mirror, at_ms)
    return Effect.FURTHER


def discoveries(world: World) -> Iterator[Chore]:
    """Looks at the source's topics by links that make mirrors of their own."""
    for cluster, link in _links(world):
        yield Chore(
            ("discover", cluster.name, link.name),
            partial(auto_create.next_look, cluster, link),
            partial(_discover, cluster, link),
        )


def _discover(cluster: Cluster, link: Link, at_ms: int) -> Effect:
    return Effect.FURTHER if auto_create.look(cluster, link, at_ms) else Effect.NONE


def scheduled(world: World) -> Iterator[Chore]:
    """The next change of a cluster that was announced; those after it come up when it is done."""
    for change in world.schedule[:1]:
        yield Chore(
            ("schedule", change.cluster, change.kind, str(change.at_ms)),
            partial(_announced, change),
            partial(_change, world, change),
        )


def _announced(change: Change) -> int:
    return change.at_ms


def _change(world: World, change: Change, at_ms: int) -> Effect:
    world.schedule.remove(change)
    conditions.apply(world, change, at_ms)
    return Effect.FURTHER


def _links(world: World) -> Iterator[tuple[Cluster, Link]]:
    for cluster in world.clusters.values():
        for link in cluster.links.values():
            yield cluster, link


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
        for chore in source(world):
            at_ms = world.mishaps.attempt(chore.key, chore.when)
            if at_ms is not None:
                yield Due(at_ms, chore.key, chore.act)
