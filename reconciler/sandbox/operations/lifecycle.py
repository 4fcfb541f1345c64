"""The verbs on mirror topics: when each is legal, what it sets going, and when that is done (cluster-linking reference, section 4).

    ACTIVE | PAUSED --promote|failover--> PENDING_STOPPED --> STOPPED
    ACTIVE <--pause|resume--> PAUSED
    ACTIVE --reverse-*--> PENDING_SYNCHRONIZE --> STOPPED        (`reversal` has the other side)

`LEGAL` says from where each verb is accepted; rows without evidence say "choice". `restore` has the one verb that
starts from STOPPED.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.sandbox.behaviour import config_sync, flow, following, health, offset_sync
from reconciler.sandbox.operations import reversal
from reconciler.sandbox.world import mirrors as states
from reconciler.sandbox.world.mirrors import Move

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reconciler.sandbox.world.cluster import Cluster
    from reconciler.sandbox.world.links import Link
    from reconciler.sandbox.world.mirrors import Mirror
    from reconciler.sandbox.world.world import World

PAUSE, RESUME, PROMOTE, FAILOVER = "pause", "resume", "promote", "failover"

#: From where a verb is legal. Evidence: section 4.2; a derived status counts as the ACTIVE beneath it (choice).
LEGAL: dict[str, frozenset[str]] = {
    PAUSE: frozenset(
        {states.ACTIVE, states.SOURCE_UNAVAILABLE, states.LINK_PAUSED, states.LINK_FAILED}
    ),
    RESUME: frozenset({states.PAUSED}),
    # A promote needs the source, so it is refused where a read shows that there is none (choice).
    PROMOTE: frozenset({states.ACTIVE, states.PAUSED}),
    FAILOVER: frozenset(
        {
            states.ACTIVE,
            states.PAUSED,
            states.SOURCE_UNAVAILABLE,
            states.LINK_PAUSED,
            states.LINK_FAILED,
            states.FAILED,
            states.PENDING_STOPPED,  # the way out of a promote that is stuck (inferred)
            states.PENDING_SYNCHRONIZE,  # choice
        }
    ),
    reversal.START: frozenset({states.ACTIVE}),
    reversal.PAUSE: frozenset({states.ACTIVE}),
}

#: What cannot be had without the topic that was mirrored.
NEEDING_SOURCE = frozenset({PROMOTE}) | reversal.VERBS

_STOPPING = frozenset({states.PENDING_STOPPED, states.PENDING_SYNCHRONIZE})


def objection(cluster: Cluster, mirror: Mirror, status: str, verb: str) -> str | None:
    """Why a verb is refused for a mirror that reads `status`, as the item's `error_message`; None when it is accepted."""
    name, link = mirror.topic, mirror.link
    going = cluster.going(name, cluster.links[link])
    if going is not None:
        return going
    if status == states.STOPPED:
        return f"Topic '{name}' has already stopped its mirror from '{link}'"
    if status == states.PENDING_STOPPED and mirror.move is not None and mirror.move.verb == verb:
        return f"Topic '{name}' is already stopping its mirror from '{link}'"
    if status not in LEGAL[verb]:
        return f"Topic '{name}' cannot {verb} its mirror from '{link}' while it is {status}"
    if verb in NEEDING_SOURCE and mirror.error != states.NO_ERROR:
        # The status beneath is ACTIVE still, but there is no such source any more (choice).
        return f"Topic '{name}' cannot {verb} its mirror from '{link}': {mirror.error}"
    return reversal.objection(cluster, mirror) if verb in reversal.VERBS else None


def act(cluster: Cluster, mirror: Mirror, verb: str, at_ms: int) -> None:
    """Set an accepted verb going; inside a write."""
    if verb in reversal.VERBS:
        reversal.begin(cluster, mirror, verb, at_ms)
        return
    health.review(cluster, mirror, at_ms)
    if verb == PAUSE:
        cluster.enter(mirror, states.PAUSED, at_ms)
    elif verb == RESUME:
        cluster.enter(mirror, states.ACTIVE, at_ms)
        # Configs that changed meanwhile were not copied; let the next tick do it.
        cluster.links[mirror.link].unsynced.add(mirror.topic)
    else:
        reversal.cancel(cluster, mirror)
        cluster.enter(mirror, states.PENDING_STOPPED, at_ms, Move(verb, at_ms))
    health.review(cluster, mirror, at_ms)


def stopping(world: World) -> Iterator[tuple[Cluster, Mirror]]:
    """The mirrors on their way to STOPPED."""
    for cluster in world.clusters.values():
        for name in sorted(cluster.moving):
            if cluster.mirrors[name].status in _STOPPING:
                yield cluster, cluster.mirrors[name]


def stop_due(cluster: Cluster, mirror: Mirror) -> int | None:
    """When a mirror in PENDING_STOPPED becomes STOPPED if nobody acts; None when it never does."""
    world = cluster.world
    if mirror.move is None:
        return None
    earliest = mirror.move.since_ms + world.delays.stop
    if mirror.move.verb == FAILOVER:
        return earliest
    if not mirror.flowing:
        return None
    rest = flow.rests_from(cluster, cluster.topics[mirror.topic])
    if rest is None:
        return None
    link = cluster.links[mirror.link]
    earliest = max(earliest, rest, world.changed_ms, config_sync.done_from(world, link, mirror))
    return _last_offsets(cluster, link, mirror, earliest)


def _last_offsets(cluster: Cluster, link: Link, mirror: Mirror, from_ms: int) -> int | None:
    """The tick that copies the offsets for the last time: a promote waits for it (section 4.2)."""
    if not link.syncs_offsets:
        return from_ms
    readers = list(offset_sync.readers(cluster.world, link, mirror.source_topic))
    if any(offset_sync.in_use(cluster, link, group) for group in readers):
        return None
    return offset_sync.next_tick(link, max(from_ms, link.active_ms)) if readers else from_ms


def stop(cluster: Cluster, mirror: Mirror, at_ms: int) -> None:
    """Make a mirror an ordinary, writable topic."""
    health.review(cluster, mirror, at_ms)
    chained = following.mirrors_of(cluster, mirror.topic)
    move = mirror.move
    if mirror.seen is None:
        mirror.seen = health.last_seen(cluster, mirror, at_ms)
    cluster.enter(mirror, states.STOPPED, at_ms)
    mirror.flowing = False
    following.unfollow(cluster, mirror)
    mirror.parted = list(cluster.topics[mirror.topic].log)
    if move is not None and move.verb in reversal.VERBS:
        reversal.complete(cluster, mirror, move.verb, at_ms)
    for place, follower in chained:
        health.review(place, follower, at_ms)


def transition_errors(cluster: Cluster, mirror: Mirror) -> list[tuple[str, str]]:
    """`mirror_state_transition_errors`: why a promote or a swap hangs, as (code, message).

    Only the code for an active group is evidenced; the others are chosen from the same enumeration.
    """
    if mirror.status not in _STOPPING or (mirror.move and mirror.move.verb == FAILOVER):
        return []
    link = cluster.links[mirror.link]
    if link.broken_ms is not None:
        return [(link_error_code(link), link.error_message or "The source is unreachable.")]
    if mirror.error != states.NO_ERROR:
        message = f"Source topic '{mirror.source_topic}' cannot be read: {mirror.error}."
        return [("UNKNOWN_TOPIC_OR_PARTITION_ERROR", message)]
    return [*_lag_errors(cluster, link, mirror), *_group_errors(cluster, link, mirror)]


def _lag_errors(cluster: Cluster, link: Link, mirror: Mirror) -> Iterator[tuple[str, str]]:
    """What keeps the lag from ever being zero."""
    if link.is_held:
        yield "INTERNAL_ERROR", f"Cluster link '{link.name}' is paused."
    elif flow.rests_from(cluster, cluster.topics[mirror.topic]) is None:
        message = f"Source topic '{mirror.source_topic}' still receives records."
        yield "INTERNAL_ERROR", message


def _group_errors(cluster: Cluster, link: Link, mirror: Mirror) -> Iterator[tuple[str, str]]:
    """The groups whose offsets cannot be committed."""
    if not link.syncs_offsets:
        return
    for group in offset_sync.readers(cluster.world, link, mirror.source_topic):
        if offset_sync.in_use(cluster, link, group):
            message = (
                f"Consumer group '{group.name}' is active on the destination, "
                "so its offsets cannot be overwritten."
            )
            yield "CONSUMER_GROUP_IN_USE_ERROR", message


def link_error_code(link: Link) -> str:
    """The task error that stands for a link that does not work; the two enumerations differ (section 2.4)."""
    return "AUTHENTICATION_ERROR" if link.error == "AUTHENTICATION_ERROR" else "INTERNAL_ERROR"
