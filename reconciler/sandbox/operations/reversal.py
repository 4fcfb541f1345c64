"""Swapping the roles of a mirror and its source on a bidirectional link (cluster-linking reference, section 4.2).

    here:   ACTIVE --reverse-*--> PENDING_SYNCHRONIZE --> STOPPED, writable
    there:  writable --> PENDING_MIRROR, read-only --> ACTIVE | PAUSED

The far side takes no more records from the moment the verb is accepted (choice): that is how nothing is lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.sandbox.behaviour import flow, following, health, pairs
from reconciler.sandbox.world import mirrors as states
from reconciler.sandbox.world.mirrors import Mirror, Move

if TYPE_CHECKING:
    from reconciler.sandbox.world.cluster import Cluster

START, PAUSE = "reverse-and-start-mirror", "reverse-and-pause-mirror"
VERBS = frozenset({START, PAUSE})


def objection(cluster: Cluster, mirror: Mirror) -> str | None:
    """Why roles cannot be swapped, beyond what the status says."""
    link = cluster.links[mirror.link]
    if not link.is_bidirectional:
        return f"Cluster link '{link.name}' is not bidirectional"
    pair = pairs.partner(cluster, link)
    if pair is None:
        return f"The remote cluster has no half of the bidirectional cluster link '{link.name}'"
    if mirror.source_topic in pair[0].leaving:
        return f"The source topic '{mirror.source_topic}' is being deleted"
    if pair[0].is_read_only(mirror.source_topic):
        return f"The source topic '{mirror.source_topic}' is a mirror topic itself"
    return None


def begin(cluster: Cluster, mirror: Mirror, verb: str, at_ms: int) -> None:
    """Set a swap going; inside a write."""
    pair = pairs.partner(cluster, cluster.links[mirror.link])
    if pair is None:
        return
    place, link = pair
    source = place.topics[mirror.source_topic]
    following.stir(place, source, at_ms)
    source.settle(flow.ends(place, source, at_ms), at_ms)
    earlier = place.mirrors.get(source.name)
    if earlier is not None:
        place.drop_mirror(earlier)
    far = Mirror(
        topic=source.name,
        source_topic=mirror.topic,
        source_id=cluster.topics[mirror.topic].topic_id,
        link=link.name,
        created_ms=at_ms,
        state_ms=at_ms,
        fetch_from_ms=at_ms,
    )
    place.add_mirror(far)
    place.enter(far, states.PENDING_MIRROR, at_ms)
    health.review(place, far, at_ms)
    health.review(cluster, mirror, at_ms)
    cluster.enter(mirror, states.PENDING_SYNCHRONIZE, at_ms, Move(verb, at_ms))
    health.review(cluster, mirror, at_ms)


def complete(cluster: Cluster, mirror: Mirror, verb: str, at_ms: int) -> None:
    """The near side has just been stopped: let the far one begin."""
    far = _far(cluster, mirror)
    if far is None:
        return
    place, waiting = far
    waiting.fetch_from_ms = at_ms
    place.enter(waiting, states.PAUSED if verb == PAUSE else states.ACTIVE, at_ms)
    following.follow(place, waiting)
    health.review(place, waiting, at_ms)


def cancel(cluster: Cluster, mirror: Mirror) -> None:
    """End a swap that runs, if one does: the far side has its ordinary topic back (choice)."""
    if mirror.status != states.PENDING_SYNCHRONIZE:
        return
    far = _far(cluster, mirror)
    if far is not None:
        far[0].drop_mirror(far[1])


def _far(cluster: Cluster, mirror: Mirror) -> tuple[Cluster, Mirror] | None:
    """The row on the other side that waits to become a mirror of this topic."""
    pair = pairs.partner(cluster, cluster.links[mirror.link])
    far = pair[0].mirrors.get(mirror.source_topic) if pair else None
    if pair is None or far is None or far.status != states.PENDING_MIRROR:
        return None
    return pair[0], far
