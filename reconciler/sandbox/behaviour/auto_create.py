"""Mirrors that a link makes by itself (cluster-linking reference, sections 6.1 and 8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.sandbox.configs import link_configs as keys
from reconciler.sandbox.operations import mirroring, topic_admin
from reconciler.sandbox.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reconciler.sandbox.world.cluster import Cluster
    from reconciler.sandbox.world.links import Link
    from reconciler.sandbox.world.topics import Topic


def next_look(cluster: Cluster, link: Link) -> int | None:
    """When the link looks at its source's topics again; None as long as another look would find the same.

    It looks every `metadata.max.age.ms`, which is why first topics take up to five minutes.
    """
    works = link.hosts_mirrors and not link.is_held and link.broken_ms is None
    if link.is_leaving or not works or not keys.is_on(link.configs, keys.AUTO_CREATE):
        return None
    if link.looked_at == cluster.world.changes:
        return None
    # A client may ask for 0: it looks whenever it can, and there is nothing between one millisecond and the next.
    interval = max(1, keys.millis(link.configs, keys.DISCOVERY_MS))
    elapsed = max(0, cluster.world.changed_ms - link.active_ms)
    return link.active_ms + (elapsed // interval + 1) * interval


def look(cluster: Cluster, link: Link, at_ms: int) -> bool:
    """Make a mirror of every topic that the filter takes and that has none; note those that cannot be had.

    Returns whether it made any. A look that did not is no change, and no reason for other links to look again.
    """
    link.looked_at = cluster.world.changes
    before = len(cluster.mirrors)
    link.names_taken, link.names_hidden, link.names_refused = [], [], []
    remote = cluster.world.by_id[link.remote_id or ""]
    for topic in list(_wanted(remote, link)):
        name = link.prefix + topic.name
        mirror = cluster.mirrors.get(name)
        if mirror is not None and mirror.link == link.name:
            continue
        if name in cluster.topics:
            link.names_taken.append(name)
        elif not topic.describable:
            link.names_hidden.append(topic.name)
        elif (refusal := _objection(cluster, name)) is not None:
            link.names_refused.append(refusal.message)
        else:
            request = mirroring.MirrorRequest(topic.name)
            mirroring.add(cluster, link, (remote, topic), request, at_ms)
    return len(cluster.mirrors) > before


def _objection(cluster: Cluster, name: str) -> Refusal | None:
    try:
        topic_admin.check_free(cluster, name)
    except Refusal as refusal:
        return refusal
    return None


def _wanted(remote: Cluster, link: Link) -> Iterator[Topic]:
    chosen = link.topic_filter
    for name, topic in sorted(remote.topics.items()):
        if (
            topic.gone_ms is None
            and chosen.matches(name)
            and not _is_passed_over(remote, link, name)
        ):
            yield topic


def _is_passed_over(remote: Cluster, link: Link, name: str) -> bool:
    """Internal topics that no rule names on purpose, and prefixed mirrors, which are not chained (sections 6.1 and 8)."""
    mirror = remote.mirrors.get(name)
    chained = mirror is not None and mirror.topic != mirror.source_topic
    return chained or (name.startswith("_") and not link.topic_filter.names_internal(name))
