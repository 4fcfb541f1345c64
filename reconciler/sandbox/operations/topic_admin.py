"""Making, changing and deleting topics (cluster-linking reference, sections 1.2 and 9)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reconciler.sandbox import refusals
from reconciler.sandbox.behaviour import config_sync, following, health
from reconciler.sandbox.configs import topic_configs
from reconciler.sandbox.operations import reversal
from reconciler.sandbox.world import topics
from reconciler.sandbox.world.topics import Topic

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reconciler.sandbox.operations.linking import ConfigChange
    from reconciler.sandbox.world.cluster import Cluster

MAX_PARTITIONS = 100_000


@dataclass(frozen=True, slots=True)
class TopicRequest:
    """The body of the create call."""

    name: str
    partitions: int | None = None
    replication_factor: int | None = None
    configs: Mapping[str, str] = field(default_factory=dict)


def find(cluster: Cluster, name: str) -> Topic:
    """The topic of that name, also while its deletion runs. Raises Refusal (404/40403)."""
    topic = cluster.topics.get(name)
    if topic is None:
        raise refusals.unknown_topic()
    return topic


def standing(cluster: Cluster, name: str) -> Topic:
    """The topic of that name, to be written to: one whose deletion runs is gone for that. Raises Refusal (404/40403)."""
    topic = find(cluster, name)
    if name in cluster.leaving:
        raise refusals.unknown_topic()
    return topic


def create(cluster: Cluster, request: TopicRequest, *, validate_only: bool = False) -> Topic | None:
    """Make a topic; None when it was only checked. Raises Refusal."""
    world = cluster.world
    world.settle()
    check_free(cluster, request.name)
    partitions = 1 if request.partitions is None else request.partitions
    check_partitions(partitions)
    check_replication(cluster, request.replication_factor)
    for name, value in request.configs.items():
        topic_configs.check_value(name, value)
    if validate_only:
        return None
    with world.writing() as now:
        factor = request.replication_factor or cluster.flavour.default_replication_factor
        topic = Topic(request.name, world.new_id(), factor, [0] * partitions, now)
        topic.configs = dict(request.configs)
        add(cluster, topic, now)
        return topic


def check_free(cluster: Cluster, name: str) -> None:
    """Refuse a name that no topic can have there. Raises Refusal (400/40002)."""
    topics.check_name(name)
    if name in cluster.topics:
        raise refusals.topic_exists(name)
    other = cluster.metric_names.get(topics.metric_name(name))
    if other is not None:
        raise refusals.topic_collides(name, other)


def add(cluster: Cluster, topic: Topic, at_ms: int) -> None:
    """Put a topic into its cluster; inside a write. Mirrors of an earlier topic of that name notice."""
    cluster.add_topic(topic)
    health.review_followers(cluster, topic.name, at_ms)


def remove(cluster: Cluster, name: str, at_ms: int) -> None:
    """Take a topic away for good, with its mirror row and the offsets that groups have for it."""
    following.stir(cluster, cluster.topics[name], at_ms)
    for place, follower in following.mirrors_of(cluster, name):
        follower.seen = health.last_seen(place, follower, at_ms)
    mirror = cluster.mirrors.get(name)
    if mirror is not None:
        reversal.cancel(cluster, mirror)
        following.unfollow(cluster, mirror)
        cluster.drop_mirror(mirror)
    cluster.leaving.discard(name)
    cluster.drop_topic(name)
    cluster.readers.pop(name, None)
    for group in cluster.groups.values():
        group.readings.pop(name, None)
    health.review_followers(cluster, name, at_ms)


def check_partitions(count: int) -> None:
    """Refuse a number of partitions that no topic can have here. Raises Refusal (400/40002)."""
    if count < 1:
        raise refusals.invalid("Number of partitions must be larger than 0.")
    if count > MAX_PARTITIONS:
        raise refusals.invalid(f"Number of partitions must not be larger than {MAX_PARTITIONS}.")


def check_replication(cluster: Cluster, factor: int | None) -> None:
    """Refuse a replication factor that the flavour does not take. Raises Refusal (400/40002)."""
    flavour = cluster.flavour
    if factor is None:
        return
    if flavour.fixed_replication_factor and factor != flavour.default_replication_factor:
        raise refusals.invalid(
            f"Topic replication factor must be {flavour.default_replication_factor}"
        )
    if factor < 1:
        raise refusals.invalid("Replication factor must be larger than 0.")


def delete(cluster: Cluster, name: str) -> None:
    """Begin a deletion; the name stays taken until it is done (section 10.3). Raises Refusal."""
    world = cluster.world
    world.settle()
    topic = find(cluster, name)
    if topic.gone_ms is not None:
        return
    with world.writing() as now:
        topic.gone_ms = now + world.delays.topic_gone
        cluster.leaving.add(name)


def grow(cluster: Cluster, name: str, partitions: int) -> Topic:
    """Add partitions. Raises Refusal when there are not more than before, or when the topic is a mirror."""
    world = cluster.world
    world.settle()
    topic = standing(cluster, name)
    if cluster.is_read_only(name):
        raise refusals.invalid(f"Cannot change the partition count of mirror topic '{name}'.")
    check_partitions(partitions)
    if partitions <= topic.partitions:
        raise refusals.invalid(
            f"Topic currently has {topic.partitions} partitions, which is not less than "
            f"the requested {partitions}."
        )
    with world.writing() as now:
        following.stir(cluster, topic, now)
        topic.settle(topic.own_ends(now), now)
        following.widen(cluster, topic, partitions, now)
        config_sync.note_change(cluster, name)
    return topic


def alter(
    cluster: Cluster,
    name: str,
    changes: Sequence[ConfigChange],
    *,
    validate_only: bool = False,
) -> None:
    """Change configs, all or none. Raises Refusal; what a link copies cannot be set on its mirror."""
    world = cluster.world
    world.settle()
    topic = standing(cluster, name)
    configs = dict(topic.configs)
    mirror = cluster.mirrors.get(name)
    for change in changes:
        topic_configs.check_value(
            change.name,
            topic_configs.DEFAULTS.get(change.name, "") if change.value is None else change.value,
        )
        link = cluster.links[mirror.link] if mirror and not mirror.is_stopped else None
        if link is not None and not config_sync.may_set(link, change.name):
            raise refusals.mirror_config(change.name, name)
        if change.value is None:
            configs.pop(change.name, None)
        else:
            configs[change.name] = change.value
    if validate_only or configs == topic.configs:
        return
    with world.writing():
        topic.configs = configs
        config_sync.note_change(cluster, name)
