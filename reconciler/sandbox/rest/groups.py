"""`/consumer-groups`: groups, their members and their lag (cluster-linking reference, section 1.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reconciler.sandbox.behaviour import flow, offset_sync
from reconciler.sandbox.refusals import not_found, unknown_group
from reconciler.sandbox.rest.call import encode, listing, ok, resource
from reconciler.sandbox.world.groups import EMPTY, member_of

if TYPE_CHECKING:
    from reconciler.sandbox.rest.call import Call, Reply
    from reconciler.sandbox.world.groups import Group, Member


@dataclass(frozen=True, slots=True)
class _Progress:
    """How far a group is with a topic: per partition what it has committed, the end of the log, and who reads it."""

    topic: str
    committed: list[int]
    ends: list[int]
    members: list[Member]

    def lags(self) -> list[int]:
        pairs = zip(self.committed, self.ends, strict=True)
        return [max(0, end - committed) for committed, end in pairs]

    def reader(self, partition: int) -> Member | None:
        return member_of(self.members, partition)


def list_groups(call: Call) -> Reply:
    _copy_offsets(call)
    found = sorted((name, group.state) for name, group in call.cluster.groups.items())
    rows = (encode(_row(call, name, state)) for name, state in found)
    return listing("KafkaConsumerGroupList", call.url("consumer-groups"), rows)


def get_group(call: Call) -> Reply:
    group = _group(call)
    return ok(_row(call, group.name, group.state))


def list_consumers(call: Call) -> Reply:
    group = _group(call)
    rows = (encode(_consumer_row(call, group.name, member)) for member in group.members)
    return listing("KafkaConsumerList", call.url("consumer-groups", group.name, "consumers"), rows)


def get_consumer(call: Call) -> Reply:
    group, wanted = _group(call), call.params["consumer"]
    for member in group.members:
        if member.consumer_id == wanted:
            return ok(_consumer_row(call, group.name, member))
    raise not_found(f"Consumer {wanted} cannot be found in consumer group {group.name}.")


def list_lags(call: Call) -> Reply:
    group = _group(call)
    rows = (
        encode(_lag_row(call, group.name, made, at))
        for made in _progress(call, group)
        for at in range(len(made.committed))
    )
    return listing("KafkaConsumerLagList", call.url("consumer-groups", group.name, "lags"), rows)


def get_lag(call: Call) -> Reply:
    group, topic, partition = _group(call), call.params["topic"], call.params["partition"]
    for made in _progress(call, group):
        numbers = {str(at): at for at in range(len(made.committed))}
        if made.topic == topic and partition in numbers:
            return ok(_lag_row(call, group.name, made, numbers[partition]))
    raise not_found(f"Consumer group {group.name} has no offset for partition {topic}-{partition}.")


def lag_summary(call: Call) -> Reply:
    group = _group(call)
    found = [(made, made.lags()) for made in _progress(call, group)]
    if not found:
        raise not_found(f"Consumer group {group.name} has no offsets.")
    worst, lags = max(found, key=lambda pair: max(pair[1]))
    most = max(lags)
    partition = lags.index(most)
    reader = worst.reader(partition)
    here = ("consumer-groups", group.name)
    return ok(
        resource(
            "KafkaConsumerGroupLagSummary",
            call.url(*here, "lag-summary"),
            cluster_id=call.cluster.cluster_id,
            consumer_group_id=group.name,
            max_lag_consumer_id=_consumer_id(reader),
            max_lag_instance_id=reader.instance_id if reader else None,
            max_lag_client_id=reader.client_id if reader else "",
            max_lag_topic_name=worst.topic,
            max_lag_partition_id=partition,
            max_lag=most,
            total_lag=sum(sum(lags) for _, lags in found),
            max_lag_consumer=call.related(*here, "consumers", _consumer_id(reader)),
            max_lag_partition=call.related("topics", worst.topic, "partitions", str(partition)),
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


def _progress(call: Call, group: Group) -> list[_Progress]:
    """How far a group is now, topic by topic; nothing of it changes any more."""
    now = call.world.now_ms()
    found = []
    for topic in sorted(group.readings):
        ends = flow.ends(call.cluster, call.cluster.topics[topic], now)
        found.append(_Progress(topic, group.at(topic, now, ends), ends, group.members))
    return found


def _consumer_id(member: Member | None) -> str:
    return member.consumer_id if member else ""


def _row(call: Call, group: str, state: str) -> dict[str, object]:
    here = ("consumer-groups", group)
    active = state != EMPTY
    row = resource(
        "KafkaConsumerGroup",
        call.url(*here),
        cluster_id=call.cluster.cluster_id,
        consumer_group_id=group,
        is_simple=not active,
        partition_assignor="range" if active else "",
        state=state,
        coordinator=call.related("brokers", "1"),
        consumers=call.related(*here, "consumers"),
        lag_summary=call.related(*here, "lag-summary"),
    )
    if call.cluster.flavour.modern_fields:
        row |= {"type": "CLASSIC", "is_mixed_consumer_group": False}
    return row


def _consumer_row(call: Call, group: str, member: Member) -> dict[str, object]:
    here = ("consumer-groups", group, "consumers", member.consumer_id)
    return resource(
        "KafkaConsumer",
        call.url(*here),
        cluster_id=call.cluster.cluster_id,
        consumer_group_id=group,
        consumer_id=member.consumer_id,
        instance_id=member.instance_id,
        client_id=member.client_id,
        assignments=call.related(*here, "assignments"),
    )


def _lag_row(call: Call, group: str, made: _Progress, partition: int) -> dict[str, object]:
    committed, end = made.committed[partition], made.ends[partition]
    reader = made.reader(partition)
    url = call.url("consumer-groups", group, "lags", made.topic, "partitions", str(partition))
    return resource(
        "KafkaConsumerLag",
        url,
        cluster_id=call.cluster.cluster_id,
        consumer_group_id=group,
        topic_name=made.topic,
        partition_id=partition,
        current_offset=committed,
        log_end_offset=end,
        lag=max(0, end - committed),
        consumer_id=_consumer_id(reader),
        instance_id=reader.instance_id if reader else None,
        client_id=reader.client_id if reader else "",
    )
