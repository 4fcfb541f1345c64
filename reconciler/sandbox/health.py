"""What can reach what, and so which mirrors receive records: decided when something changes, remembered for the reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.sandbox import flow, following, links
from reconciler.sandbox import mirrors as states

if TYPE_CHECKING:
    from reconciler.sandbox.cluster import Cluster
    from reconciler.sandbox.links import Link
    from reconciler.sandbox.mirrors import Mirror
    from reconciler.sandbox.topics import Topic
    from reconciler.sandbox.world import World


def review(cluster: Cluster, mirror: Mirror, at_ms: int) -> None:
    """Decide anew whether records flow into a mirror; where it stands now is kept either way."""
    if mirror.is_stopped:
        return
    topic = cluster.topics[mirror.topic]
    following.anchor(cluster, mirror, at_ms)
    following.stir(cluster, topic, at_ms)
    link = cluster.links[mirror.link]
    error = _topic_error(mirror, cluster.source_of(mirror))
    if link.broken_ms is None and error != mirror.error:
        mirror.error, mirror.error_ms = error, at_ms
    readable = link.broken_ms is None and error == states.NO_ERROR
    if readable and mirror.status != states.FAILED:
        mirror.seen = None
    elif mirror.seen is None:
        mirror.seen = last_seen(cluster, mirror, at_ms)
    mirror.flowing = readable and mirror.may_fetch and not link.paused


def review_followers(cluster: Cluster, topic: str, at_ms: int) -> None:
    """A topic has come, gone or changed: look again at the mirrors that follow it."""
    for place, mirror in following.mirrors_of(cluster, topic):
        review(place, mirror, at_ms)


def review_link(cluster: Cluster, link: Link, at_ms: int) -> None:
    """Decide anew whether a link reaches the other side, and with it all its mirrors."""
    error, message = _trouble(cluster, link)
    if error == links.NO_ERROR:
        link.broken_ms = None
    elif link.broken_ms is None:
        link.broken_ms = at_ms
    link.error, link.error_message = error, message
    for mirror in cluster.mirrors_of(link.name):
        review(cluster, mirror, at_ms)


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


def _topic_error(mirror: Mirror, origin: tuple[Cluster, Topic] | None) -> str:
    """`mirror_topic_error`: a source topic that is gone, or another one by the same name (section 9)."""
    if origin is None:
        return states.SOURCE_MAY_BE_DELETED
    if origin[1].topic_id != mirror.source_id:
        return states.SOURCE_ID_CHANGED
    return states.NO_ERROR


def _trouble(cluster: Cluster, link: Link) -> tuple[str, str | None]:
    """What keeps a link from working: the word of `link_error`, and a sentence."""
    world = cluster.world
    remote = world.by_id.get(link.remote_id or "")
    dials = not link.is_inbound
    if remote is None or (dials and world.resolve(link.bootstrap) is not remote):
        return links.UNRESOLVABLE, f"No resolvable bootstrap urls for cluster link '{link.name}'."
    if not remote.up or not cluster.up:
        return (
            links.UNREACHABLE,
            f"Connection to cluster {remote.cluster_id} could not be established.",
        )
    dialled = remote if dials else cluster
    if not dialled.accepts_links:
        return (
            links.AUTHENTICATION_ERROR,
            "Authentication failed for the credentials of the link.",
        )
    return links.NO_ERROR, None
