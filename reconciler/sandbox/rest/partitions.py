"""`/topics/{topic}/partitions`: partitions, their offsets and their replicas (cluster-linking reference, sections 1.2, 1.3).

Brokers are numbers here: the replicas of a partition are on 1, 2, … as many as its topic's replication factor says, all
of them in sync, and the first one leads. Offsets and replicas stand in the documents of Platform alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reconciler.sandbox.behaviour import flow
from reconciler.sandbox.operations import topic_admin
from reconciler.sandbox.refusals import not_found, unknown_topic
from reconciler.sandbox.rest.call import encode, listing, ok, resource

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from reconciler.sandbox.rest.call import Call, Reply
    from reconciler.sandbox.world.topics import Topic

_LEADER = 1
#: A segment that stands for all topics or all partitions.
_ALL = "-"


def list_partitions(call: Call) -> Reply:
    topic = _topic(call)
    name = topic.name
    rows = (encode(_partition_row(call, name, at)) for at in range(topic.partitions))
    return listing("KafkaPartitionList", call.url("topics", name, "partitions"), rows)


def get_partition(call: Call) -> Reply:
    topic, partition = _place(call)
    return ok(_partition_row(call, topic.name, partition))


def get_offset(call: Call) -> Reply:
    """Where a partition begins and ends; of today's Platform only."""
    if not call.cluster.flavour.shows_offsets:
        raise not_found()
    topic, partition = _place(call)
    row = resource(
        "KafkaPartitionWithOffsets",
        call.url("topics", topic.name, "partitions", str(partition), "offset"),
        cluster_id=call.cluster.cluster_id,
        topic_name=topic.name,
        partition_id=partition,
        earliest_offset=0,
        latest_offset=flow.ends(call.cluster, topic, call.world.now_ms())[partition],
    )
    return ok(row)


def list_replicas(call: Call) -> Reply:
    _needs_replicas(call)
    topic, partition = _place(call)
    rows = [encode(_replica_row(call, topic.name, partition, broker)) for broker in _brokers(topic)]
    url = call.url("topics", topic.name, "partitions", str(partition), "replicas")
    return listing("KafkaReplicaList", url, rows)


def get_replica(call: Call) -> Reply:
    _needs_replicas(call)
    topic, partition = _place(call)
    brokers = {str(broker): broker for broker in _brokers(topic)}
    if call.params["broker"] not in brokers:
        raise not_found()
    return ok(_replica_row(call, topic.name, partition, brokers[call.params["broker"]]))


def list_statuses(call: Call) -> Reply:
    """How far every replica is: of one partition, of all partitions of a topic, or of all topics."""
    _needs_replicas(call)
    here = call.params.get("topic", _ALL), "partitions", call.params.get("partition", _ALL)
    url = call.url("topics", *here, "replica-status")
    return listing("KafkaReplicaStatusList", url, _status_rows(call, list(_asked_for(call))))


@dataclass(frozen=True, slots=True)
class _Face:
    """What the replicas of some partitions of a topic show at one moment."""

    topic: str
    brokers: range
    ends: list[int]
    partitions: Sequence[int]


def _asked_for(call: Call) -> Iterator[_Face]:
    now = call.world.now_ms()
    if "topic" in call.params:
        found = [_topic(call)]
    else:
        found = [topic for _, topic in sorted(call.cluster.topics.items())]
    for topic in found:
        partitions = [_place(call)[1]] if "partition" in call.params else range(topic.partitions)
        yield _Face(topic.name, _brokers(topic), flow.ends(call.cluster, topic, now), partitions)


def _status_rows(call: Call, faces: Iterable[_Face]) -> Iterator[bytes]:
    now = call.world.now_ms()
    for face in faces:
        for partition in face.partitions:
            for broker in face.brokers:
                yield encode(_status_row(call, face, partition, broker, now))


def _needs_replicas(call: Call) -> None:
    if not call.cluster.flavour.shows_replicas:
        raise not_found()


def _topic(call: Call) -> Topic:
    return topic_admin.find(call.cluster, call.params["topic"])


def _place(call: Call) -> tuple[Topic, int]:
    """The topic and the number of the partition that is asked for. Raises Refusal (404/40403)."""
    topic = _topic(call)
    numbers = {str(number): number for number in range(topic.partitions)}
    if call.params["partition"] not in numbers:
        raise unknown_topic()
    return topic, numbers[call.params["partition"]]


def _brokers(topic: Topic) -> range:
    return range(_LEADER, _LEADER + topic.replication_factor)


def _partition_row(call: Call, topic: str, partition: int) -> dict[str, object]:
    here = ("topics", topic, "partitions", str(partition))
    return resource(
        "KafkaPartition",
        call.url(*here),
        cluster_id=call.cluster.cluster_id,
        topic_name=topic,
        partition_id=partition,
        leader=call.related(*here, "replicas", str(_LEADER)),
        replicas=call.related(*here, "replicas"),
        reassignment=call.related(*here, "reassignment"),
    )


def _replica_row(call: Call, topic: str, partition: int, broker: int) -> dict[str, object]:
    return resource(
        "KafkaReplica",
        call.url("topics", topic, "partitions", str(partition), "replicas", str(broker)),
        cluster_id=call.cluster.cluster_id,
        topic_name=topic,
        partition_id=partition,
        broker_id=broker,
        is_leader=broker == _LEADER,
        is_in_sync=True,
        broker=call.related("brokers", str(broker)),
    )


def _status_row(
    call: Call, face: _Face, partition: int, broker: int, now: int
) -> dict[str, object]:
    here = ("topics", face.topic, "partitions", str(partition), "replica-status", str(broker))
    return resource(
        "KafkaReplicaStatus",
        call.url(*here),
        cluster_id=call.cluster.cluster_id,
        topic_name=face.topic,
        broker_id=broker,
        partition_id=partition,
        is_leader=broker == _LEADER,
        is_observer=False,
        is_isr_eligible=True,
        is_in_isr=True,
        is_caught_up=True,
        log_start_offset=0,
        log_end_offset=face.ends[partition],
        last_caught_up_time_ms=now,
        last_fetch_time_ms=now,
    )
