"""`/consumer-groups`: groups, their members and their lag (cluster-linking reference, section 1.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reconciler.sandbox import flow, offset_sync
from reconciler.sandbox.refusals import not_found, unknown_group
from reconciler.sandbox.rest.call import collection, ok, resource

if TYPE_CHECKING:
    from reconciler.sandbox.groups import Group, Member
    from reconciler.sandbox.rest.call import Call, Reply


@dataclass(frozen=True, slots=True)
class _PartitionLag:
    topic: str
    partition: int
    committed: int
    end: int
    member: Member | None

    @property
    def lag(self) -> int:
        return max(0, self.end - self.committed)


def list_groups(call: Call) -> Reply:
    _copy_offsets(call)
    rows = [_row(call, group) for _, group in sorted(call.cluster.groups.items())]
    return ok(collection("KafkaConsumerGroupList", call.url("consumer-groups"), rows))


def get_group(call: Call) -> Reply:
    return ok(_row(call, _group(call)))


def list_consumers(call: Call) -> Reply:
    group = _group(call)
    rows = [_consumer_row(call, group, member) for member in group.members]
    url = call.url("consumer-groups", group.name, "consumers")
    return ok(collection("KafkaConsumerList", url, rows))


def get_consumer(call: Call) -> Reply:
    group, wanted = _group(call), call.params["consumer"]
    for member in group.members:
        if member.consumer_id == wanted:
            return ok(_consumer_row(call, group, member))
    raise not_found(f"Consumer {wanted} cannot be found in consumer group {group.name}.")


def list_lags(call: Call) -> Reply:
    group = _group(call)
    rows = [_lag_row(call, group, lag) for lag in _lags(call, group)]
    url = call.url("consumer-groups", group.name, "lags")
    return ok(collection("KafkaConsumerLagList", url, rows))


def get_lag(call: Call) -> Reply:
    group = _group(call)
    wanted = (call.params["topic"], call.params["partition"])
    for lag in _lags(call, group):
        if (lag.topic, str(lag.partition)) == wanted:
            return ok(_lag_row(call, group, lag))
    raise not_found(f"Consumer group {group.name} has no offset for partition {'-'.join(wanted)}.")


def lag_summary(call: Call) -> Reply:
    group = _group(call)
    lags = _lags(call, group)
    if not lags:
        raise not_found(f"Consumer group {group.name} has no offsets.")
    worst = max(lags, key=lambda lag: lag.lag)
    here = ("consumer-groups", group.name)
    return ok(
        resource(
            "KafkaConsumerGroupLagSummary",
            call.url(*here, "lag-summary"),
            cluster_id=call.cluster.cluster_id,
            consumer_group_id=group.name,
            max_lag_consumer_id=_consumer_id(worst.member),
            max_lag_instance_id=worst.member.instance_id if worst.member else None,
            max_lag_client_id=worst.member.client_id if worst.member else "",
            max_lag_topic_name=worst.topic,
            max_lag_partition_id=worst.partition,
            max_lag=worst.lag,
            total_lag=sum(lag.lag for lag in lags),
            max_lag_consumer=call.related(*here, "consumers", _consumer_id(worst.member)),
            max_lag_partition=call.related(
                "topics", worst.topic, "partitions", str(worst.partition)
            ),
        )
    )


def _copy_offsets(call: Call) -> None:
    """Offsets that links have written by now must be there before a group is looked for."""
    offset_sync.catch_up(call.world, call.world.now_ms())


def _group(call: Call) -> Group:
    _copy_offsets(call)
    group = call.cluster.groups.get(call.params["group"])
    if group is None:
        raise unknown_group(call.params["group"])
    return group


def _lags(call: Call, group: Group) -> list[_PartitionLag]:
    now = call.world.now_ms()
    found = []
    for topic, reading in sorted(group.readings.items()):
        ends = flow.ends(call.cluster, call.cluster.topics[topic], now)
        found += [
            _PartitionLag(topic, at, committed, ends[at], group.member_of(at))
            for at, committed in enumerate(reading.at(now, ends))
        ]
    return found


def _consumer_id(member: Member | None) -> str:
    return member.consumer_id if member else ""


def _row(call: Call, group: Group) -> dict[str, object]:
    here = ("consumer-groups", group.name)
    row = resource(
        "KafkaConsumerGroup",
        call.url(*here),
        cluster_id=call.cluster.cluster_id,
        consumer_group_id=group.name,
        is_simple=not group.members,
        partition_assignor="range" if group.members else "",
        state=group.state,
        coordinator=call.related("brokers", "1"),
        consumers=call.related(*here, "consumers"),
        lag_summary=call.related(*here, "lag-summary"),
    )
    if call.cluster.flavour.modern_fields:
        row |= {"type": "CLASSIC", "is_mixed_consumer_group": False}
    return row


def _consumer_row(call: Call, group: Group, member: Member) -> dict[str, object]:
    here = ("consumer-groups", group.name, "consumers", member.consumer_id)
    return resource(
        "KafkaConsumer",
        call.url(*here),
        cluster_id=call.cluster.cluster_id,
        consumer_group_id=group.name,
        consumer_id=member.consumer_id,
        instance_id=member.instance_id,
        client_id=member.client_id,
        assignments=call.related(*here, "assignments"),
    )


def _lag_row(call: Call, group: Group, lag: _PartitionLag) -> dict[str, object]:
    return resource(
        "KafkaConsumerLag",
        call.url(
            "consumer-groups", group.name, "lags", lag.topic, "partitions", str(lag.partition)
        ),
        cluster_id=call.cluster.cluster_id,
        consumer_group_id=group.name,
        topic_name=lag.topic,
        partition_id=lag.partition,
        current_offset=lag.committed,
        log_end_offset=lag.end,
        lag=lag.lag,
        consumer_id=_consumer_id(lag.member),
        instance_id=lag.member.instance_id if lag.member else None,
        client_id=lag.member.client_id if lag.member else "",
    )
