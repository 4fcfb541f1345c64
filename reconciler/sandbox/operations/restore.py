"""Making a former primary a mirror again: truncate-and-restore (cluster-linking reference, section 4.2).

    topic or STOPPED --> PENDING_SETUP_FOR_RESTORE --> PENDING_RESTORE --> ACTIVE

What the local topic holds beyond the point where the two logs parted is cut off; then it follows the other side.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reconciler.sandbox.behaviour import flow, following, health, pairs
from reconciler.sandbox.world import mirrors as states
from reconciler.sandbox.world.mirrors import Mirror, Move

if TYPE_CHECKING:
    from reconciler.sandbox.world.cluster import Cluster
    from reconciler.sandbox.world.links import Link

VERB = "truncate-and-restore"


@dataclass(frozen=True, slots=True)
class Cut:
    """What one partition loses."""

    partition: int
    to: int
    messages: int


@dataclass(frozen=True, slots=True)
class Counterpart:
    """The topic to be followed from now on, and how far both logs are the same."""

    cluster: Cluster
    topic: str
    parted: list[int]


def objection(cluster: Cluster, link: Link, name: str) -> str | None:
    """Why a topic cannot be restored over a link; None when it can."""
    if not link.is_bidirectional:
        return f"Cluster link '{link.name}' is not bidirectional"
    if name not in cluster.topics:
        return f"Topic '{name}' does not exist"
    going = cluster.going(name, link)
    if going is not None:
        return going
    mirror = cluster.mirrors.get(name)
    if mirror is not None and not mirror.is_stopped:
        return f"Topic '{name}' has not stopped its mirror from '{mirror.link}'"
    return _remote_objection(cluster, link, name) or _reader_objection(cluster, name)


def _remote_objection(cluster: Cluster, link: Link, name: str) -> str | None:
    found = counterpart(cluster, link, name)
    if found is None or link.broken_ms is not None:
        return f"Topic '{name}' has no stopped counterpart on the remote cluster of '{link.name}'"
    if found.topic in found.cluster.leaving:
        return f"The remote topic '{found.topic}' is being deleted"
    if found.cluster.is_read_only(found.topic):
        return f"The remote topic '{found.topic}' is a mirror topic itself"
    return None


def _reader_objection(cluster: Cluster, name: str) -> str | None:
    """Offsets would be cut off under the feet of whoever reads (section 4.2)."""
    active = sorted(
        group.name for group in cluster.groups.values() if group.members and name in group.readings
    )
    if active:
        return f"Consumer group '{active[0]}' is active on topic '{name}'"
    return None


def counterpart(cluster: Cluster, link: Link, name: str) -> Counterpart | None:
    """Where a topic's history goes on: what it mirrored once, or what mirrored it and was stopped."""
    pair = pairs.partner(cluster, link)
    if pair is None:
        return None
    place, other = pair
    own = cluster.mirrors.get(name)
    if own is not None and own.link == link.name and own.parted is not None:
        found = Counterpart(place, own.source_topic, own.parted)
        return found if own.source_topic in place.topics else None
    for mirror in place.mirrors_of(other.name):
        if mirror.source_topic == name and mirror.parted is not None:
            return Counterpart(place, mirror.topic, mirror.parted)
    return None


def cuts(cluster: Cluster, link: Link, name: str, at_ms: int) -> list[Cut]:
    """What would be truncated at an instant."""
    found = counterpart(cluster, link, name)
    if found is None:
        return []
    ends = flow.ends(cluster, cluster.topics[name], at_ms)
    return [
        Cut(at, min(end, parted), end - min(end, parted))
        for at, (end, parted) in enumerate(zip(ends, found.parted, strict=False))
    ]


def begin(cluster: Cluster, link: Link, name: str, at_ms: int) -> None:
    """Set a restore going; inside a write. From now on the topic takes no records."""
    found = counterpart(cluster, link, name)
    if found is None:
        return
    topic = cluster.topics[name]
    following.stir(cluster, topic, at_ms)
    topic.settle(flow.ends(cluster, topic, at_ms), at_ms)
    earlier = cluster.mirrors.get(name)
    if earlier is not None:
        cluster.drop_mirror(earlier)
    mirror = Mirror(
        topic=name,
        source_topic=found.topic,
        source_id=found.cluster.topics[found.topic].topic_id,
        link=link.name,
        created_ms=at_ms,
        state_ms=at_ms,
        fetch_from_ms=at_ms,
        parted=list(found.parted),
    )
    cluster.add_mirror(mirror)
    cluster.enter(mirror, states.PENDING_SETUP_FOR_RESTORE, at_ms, Move(VERB, at_ms))
    health.review(cluster, mirror, at_ms)


def due(cluster: Cluster, mirror: Mirror) -> int | None:
    """When the phase that runs ends; None while the source cannot be reached."""
    if mirror.seen is not None:
        return None
    delays = cluster.world.delays
    if mirror.status == states.PENDING_SETUP_FOR_RESTORE:
        return mirror.state_ms + delays.restore_setup
    return max(cluster.world.changed_ms, mirror.state_ms + delays.restore)


def proceed(cluster: Cluster, mirror: Mirror, at_ms: int) -> None:
    """Enter the next phase; the last one truncates and lets the topic follow."""
    if mirror.status == states.PENDING_SETUP_FOR_RESTORE:
        cluster.enter(mirror, states.PENDING_RESTORE, at_ms, mirror.move)
        return
    topic = cluster.topics[mirror.topic]
    following.stir(cluster, topic, at_ms)
    limits = mirror.parted or []
    following.cut(cluster, topic, limits, at_ms)
    mirror.parted, mirror.fetch_from_ms = None, at_ms
    cluster.enter(mirror, states.ACTIVE, at_ms)
    following.follow(cluster, mirror)
    health.review(cluster, mirror, at_ms)
    health.review_followers(cluster, topic.name, at_ms)
