"""Consumer offsets that a link copies from its source (cluster-linking reference, section 6.3).

A link looks at its source's groups every `consumer.offset.sync.ms`. Between two writes nothing but time changes, so
only the last tick before "now" has to be worked out, and only when somebody looks or is about to change something.
Along a chain of mirrors, where what a link copies was itself copied, that is one tick more for each hop.
"""

from __future__ import annotations

from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING

from reconciler.sandbox.behaviour import flow
from reconciler.sandbox.configs import link_configs as keys
from reconciler.sandbox.world.groups import Group, Reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reconciler.sandbox.world.cluster import Cluster
    from reconciler.sandbox.world.groups import Member
    from reconciler.sandbox.world.links import Link
    from reconciler.sandbox.world.mirrors import Mirror
    from reconciler.sandbox.world.world import World


def committed(cluster: Cluster, group: str, topic: str, at_ms: int) -> list[int]:
    """What a group has committed for a topic at an instant; empty when nothing."""
    found = cluster.groups.get(group)
    if found is None or topic not in found.readings or topic not in cluster.topics:
        return []
    return found.at(topic, at_ms, flow.ends(cluster, cluster.topics[topic], at_ms))


def set_members(cluster: Cluster, group: Group, members: list[Member], at_ms: int) -> None:
    """Let consumers join or leave: from where it is the group reads on, or stays as long as nobody is there."""
    for topic in group.readings:
        group.settle(topic, at_ms, flow.ends(cluster, cluster.topics[topic], at_ms))
    group.members = members


def catch_up(world: World, at_ms: int) -> None:
    """Bring the destination's groups to what the last tick up to `at_ms` wrote."""
    for tick, cluster, link in _ticks(world, at_ms):
        world.mishaps.attempt(_key(cluster, link), partial(_catch_up, cluster, link, tick))


def _key(cluster: Cluster, link: Link) -> tuple[str, ...]:
    return "offsets", cluster.name, link.name


def _catch_up(cluster: Cluster, link: Link, tick: int) -> None:
    _sync(cluster, link, tick)
    link.synced_ms = tick


def _ticks(world: World, at_ms: int) -> list[tuple[int, Cluster, Link]]:
    """The ticks that decide what is there at an instant, in their order; of one instant, those nearer the source first.

    They are the last one of each link, and before it the last one of every link that it copies on from.
    """
    ordered: list[tuple[int, Cluster, Link]] = []
    seen: set[tuple[str, str, int]] = set()
    to_do = [
        (at_ms, cluster, link, False)
        for cluster in world.clusters.values()
        for link in cluster.links.values()
        if link.syncs_offsets
    ]
    while to_do:
        until, cluster, link, nearer_are_in = to_do.pop()
        if nearer_are_in:
            ordered.append((until, cluster, link))
            continue
        tick = world.mishaps.attempt(_key(cluster, link), partial(last_tick, link, until))
        if tick and tick > link.synced_ms and (cluster.name, link.name, tick) not in seen:
            seen.add((cluster.name, link.name, tick))
            to_do.append((tick, cluster, link, True))
            to_do += ((tick, *nearer, False) for nearer in _copies_on(cluster, link))
    return sorted(ordered, key=itemgetter(0))


def _copies_on(cluster: Cluster, link: Link) -> Iterator[tuple[Cluster, Link]]:
    """The links of the source that mirror what this one mirrors from there, and sync the offsets of it."""
    remote = cluster.world.by_id.get(link.remote_id or "")
    if remote is None:
        return
    for nearer in remote.links.values():
        if nearer.syncs_offsets and any(
            (link.name, topic) in cluster.by_source for topic in remote.by_link.get(nearer.name, ())
        ):
            yield remote, nearer


def restart(link: Link, at_ms: int) -> None:
    """Start a link's ticks anew, as after a change of its interval or switch."""
    link.sync_from_ms = link.synced_ms = at_ms
    link.groups_in_use = []


def last_tick(link: Link, at_ms: int) -> int:
    interval = keys.millis(link.configs, keys.OFFSET_SYNC_MS)
    return at_ms - (at_ms - link.sync_from_ms) % interval


def next_tick(link: Link, from_ms: int) -> int:
    """The first tick at or after an instant."""
    tick = last_tick(link, from_ms)
    return (
        tick
        if tick == from_ms and tick > link.sync_from_ms
        else tick + keys.millis(link.configs, keys.OFFSET_SYNC_MS)
    )


def included(world: World, link: Link) -> Iterator[Group]:
    """The source's groups that the link's filter takes."""
    remote = world.by_id.get(link.remote_id or "")
    chosen = link.group_filter
    for group in remote.groups.values() if remote else ():
        if chosen.matches(group.name):
            yield group


def readers(world: World, link: Link, topic: str) -> Iterator[Group]:
    """Those of them that read a topic. Many promotes ask for each of their topics, so the cheap question comes first."""
    remote = world.by_id.get(link.remote_id or "")
    chosen = link.group_filter
    for group in remote.groups.values() if remote else ():
        if topic in group.readings and chosen.matches(group.name):
            yield group


def in_use(cluster: Cluster, link: Link, group: Group) -> bool:
    """Whether the group has members on the destination, which then refuses offsets from outside."""
    here = cluster.groups.get(local_name(link, group.name))
    return here is not None and bool(here.members)


def local_name(link: Link, group: str) -> str:
    return link.prefix + group if keys.is_on(link.configs, keys.GROUP_PREFIX) else group


def _sync(cluster: Cluster, link: Link, tick: int) -> None:
    if link.is_held or link.broken_ms is not None or tick < link.active_ms:
        return
    link.groups_in_use = []
    for group in included(cluster.world, link):
        mirrored = list(_mirrored(cluster, link, group))
        if not mirrored:
            continue
        if in_use(cluster, link, group):
            link.groups_in_use.append(group.name)
            continue
        for mirror in mirrored:
            _copy(cluster, link, group, mirror, tick)


def _mirrored(cluster: Cluster, link: Link, group: Group) -> Iterator[Mirror]:
    """The link's mirrors of what the group reads, as long as they are mirroring."""
    for topic in group.readings:
        mirror = cluster.by_source.get((link.name, topic))
        if mirror is not None and mirror.may_fetch:
            yield mirror


def _copy(cluster: Cluster, link: Link, group: Group, mirror: Mirror, tick: int) -> None:
    """Commit the source's offsets, but never beyond what has been mirrored (section 6.3)."""
    world = cluster.world
    if link.remote_id is None:
        return
    remote = world.by_id[link.remote_id]
    offsets = committed(remote, group.name, mirror.source_topic, tick)
    ends = flow.ends(cluster, cluster.topics[mirror.topic], tick)
    name = local_name(link, group.name)
    target = cluster.groups.setdefault(name, Group(name))
    reached = [min(offset, end) for offset, end in zip(offsets, ends, strict=False)]
    earlier = target.readings.get(mirror.topic)
    target.readings[mirror.topic] = Reading(reached, tick, earlier.rate if earlier else 0.0)
