"""What can reach what, and so which mirrors receive records: decided when something changes, remembered for the reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.sandbox.behaviour import flow, following, pairs
from reconciler.sandbox.world import links
from reconciler.sandbox.world import mirrors as states

if TYPE_CHECKING:
    from reconciler.sandbox.world.cluster import Cluster
    from reconciler.sandbox.world.links import Link
    from reconciler.sandbox.world.mirrors import Mirror
    from reconciler.sandbox.world.topics import Topic
    from reconciler.sandbox.world.world import World


def review(cluster: Cluster, mirror: Mirror, at_ms: int) -> None:
    """Decide anew whether records flow into a mirror; where it stands now is kept either way."""
    if mirror.is_stopped:
        return
    topic = cluster.topics[mirror.topic]
    following.anchor(cluster, mirror, at_ms)
    following.stir(cluster, topic, at_ms)
    link = cluster.links[mirror.link]
    origin = cluster.source_of(mirror)
    error = _topic_error(topic, mirror, origin)
    mirror.cut_off = origin is not None and not origin[0].advertises
    if link.broken_ms is None and error != mirror.error:
        mirror.error, mirror.error_ms = error, at_ms
        wrong = error != states.NO_ERROR
        (cluster.troubled.add if wrong else cluster.troubled.discard)(mirror.topic)
    readable = link.broken_ms is None and error == states.NO_ERROR and not mirror.cut_off
    if readable and mirror.status != states.FAILED:
        mirror.seen = None
    elif mirror.seen is None:
        mirror.seen = last_seen(cluster, mirror, at_ms)
    mirror.flowing = readable and mirror.may_fetch and not link.is_held
    if mirror.flowing and origin is not None:
        _go_back(cluster, topic, flow.ends(*origin, at_ms), at_ms)


def _go_back(cluster: Cluster, topic: Topic, ends: list[int], at_ms: int) -> None:
    """What the source has lost, its mirrors lose too, and theirs (choice)."""
    if any(near > far for near, far in zip(topic.log, ends, strict=False)):
        following.cut(cluster, topic, ends, at_ms)
        review_followers(cluster, topic.name, at_ms)


def review_followers(cluster: Cluster, topic: str, at_ms: int) -> None:
    """A topic has come, gone or changed: look again at the mirrors that follow it."""
    for place, mirror in following.mirrors_of(cluster, topic):
        review(place, mirror, at_ms)


def review_link(cluster: Cluster, link: Link, at_ms: int) -> None:
    """Decide anew whether a link reaches the other side, and with it all its mirrors."""
    trouble = _trouble(cluster, link)
    pair = pairs.partner(cluster, link)
    link.source_paused = pair is not None and pair[1].mode == "SOURCE" and pair[1].paused
    if trouble is None:
        link.remote_id = link.remote_id or _answering(cluster, link)
        link.broken_ms, link.error, link.error_message = None, links.NO_ERROR, None
    else:
        link.broken_ms = at_ms if link.broken_ms is None else link.broken_ms
        link.error, link.error_message = trouble
    for mirror in cluster.mirrors_of(link.name):
        review(cluster, mirror, at_ms)


def review_pair(cluster: Cluster, link: Link, at_ms: int) -> None:
    """Look again at a link and at its other half, which may have begun or ceased to work with it."""
    review_link(cluster, link, at_ms)
    pair = pairs.partner(cluster, link)
    if pair is not None:
        review_link(*pair, at_ms)


def review_all(world: World, at_ms: int) -> None:
    for cluster in world.clusters.values():
        for link in cluster.links.values():
            review_link(cluster, link, at_ms)


def last_seen(cluster: Cluster, mirror: Mirror, at_ms: int) -> list[int]:
    """The source's ends as the mirror last saw them; its own where there is no such source any more."""
    origin = cluster.source_of(mirror)
    if origin is None or origin[1].topic_id != mirror.source_id:
        return list(cluster.topics[mirror.topic].log)
    return list(flow.ends(*origin, at_ms))


def _topic_error(topic: Topic, mirror: Mirror, origin: tuple[Cluster, Topic] | None) -> str:
    """`mirror_topic_error`: a source topic that is gone, or another one by the same name (section 9)."""
    if origin is None:
        return states.SOURCE_MAY_BE_DELETED
    if origin[1].topic_id != mirror.source_id:
        fewer = origin[1].partitions < topic.partitions
        return states.PARTITIONS_DECREASED if fewer else states.SOURCE_ID_CHANGED
    return states.NO_ERROR


def _trouble(cluster: Cluster, link: Link) -> tuple[str, str | None] | None:
    """What keeps a link from working: the word of `link_error` and a sentence; None when nothing does."""
    pair = pairs.partner(cluster, link)
    if pair is not None:
        link.met = True
    elif link.is_inbound or link.mode == "SOURCE":
        if link.is_inbound and not link.met:
            return links.NO_ERROR, None
        return links.OTHER_HALF_GONE, "The remote cluster has no link of this name any more."
    if link.is_inbound and pair is not None:
        return _dialling_trouble(*pair)
    return _dialling_trouble(cluster, link)


def _dialling_trouble(cluster: Cluster, link: Link) -> tuple[str, str] | None:
    """What keeps an OUTBOUND half from reaching the other cluster."""
    remote = cluster.world.resolve(link.bootstrap)
    if remote is None or link.remote_id not in {None, remote.cluster_id}:
        return links.UNRESOLVABLE, f"No resolvable bootstrap urls for cluster link '{link.name}'."
    if not remote.up or not cluster.up:
        message = f"Connection to cluster {remote.cluster_id} could not be established."
        return links.UNREACHABLE, message
    if not remote.accepts_links:
        message = "Authentication failed for the credentials of the link."
        return links.AUTHENTICATION_ERROR, message
    return None


def _answering(cluster: Cluster, link: Link) -> str | None:
    """Whom a link reaches that was made without knowing: from its first connection on it mirrors that cluster."""
    remote = cluster.world.resolve(link.bootstrap)
    return remote.cluster_id if remote is not None else None
