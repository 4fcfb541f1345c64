"""The topics and groups of a scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.sandbox.configs import topic_configs
from reconciler.sandbox.operations import topic_admin
from reconciler.sandbox.refusals import Refusal

if TYPE_CHECKING:
    from reconciler.sandbox.files.fields import Fields
    from reconciler.sandbox.world.cluster import Cluster

#: As many consumers as a group may have here; each is a row in every snapshot.
MAX_MEMBERS = 10_000


def add_topic(cluster: Cluster, row: Fields) -> None:
    name = row.text("name", required=True)
    if name in cluster.topics:
        row.wrong(f"a topic named '{name}' is already there")
    partitions = row.integer("partitions", 1, minimum=1, maximum=topic_admin.MAX_PARTITIONS)
    records = row.integer("records", 0)
    rate, describable = row.number("produceRate", 0.0), row.boolean("describable", default=True)
    copies, given = factor(cluster, row), configs(row)
    row.done()
    try:
        topic = cluster.ensure_topic(
            name,
            partitions=partitions,
            records=records,
            rate=rate,
            configs=given,
            replication_factor=copies,
        )
    except Refusal as refusal:
        row.wrong(refusal.message, "name")
    else:
        topic.describable = describable


def factor(cluster: Cluster, row: Fields) -> int | None:
    """A replication factor that the cluster takes; None for its own."""
    found = row.integer("replicationFactor", 0) or None
    try:
        topic_admin.check_replication(cluster, found)
    except Refusal as refusal:
        row.wrong(refusal.message, "replicationFactor")
    return found


def configs(row: Fields) -> dict[str, str]:
    """The configs of a topic or a mirror topic: those that there are, with values that they can have."""
    section = row.mapping("configs")
    found = {}
    for name, value in section.scalars().items():
        try:
            topic_configs.check_value(name, value)
            found[name] = value
        except Refusal as refusal:
            section.wrong(refusal.message, name)
    return found


def add_group(cluster: Cluster, row: Fields) -> None:
    name = row.text("name", required=True)
    if name in cluster.groups:
        row.wrong(f"a group named '{name}' is already there")
    rates, lags = _readings(cluster, row.mapping("topics"))
    group = cluster.ensure_group(
        name,
        reads=rates,
        members=row.integer("members", 0, maximum=MAX_MEMBERS),
        from_start=row.word("from", "start", ("start", "end")) == "start",
    )
    for topic, lag in lags.items():
        group.readings[topic].committed = [max(0, end - lag) for end in cluster.end_offsets(topic)]
    row.done()


def _readings(cluster: Cluster, reads: Fields) -> tuple[dict[str, float], dict[str, int]]:
    """What a group reads, as rates and lags: `{orders: 10}`, or `{orders: {rate: 10, lag: 3}}`."""
    rates: dict[str, float] = {}
    lags: dict[str, int] = {}
    for topic in reads.names():
        if topic not in cluster.topics:
            reads.wrong(f"there is no topic '{topic}' on cluster '{cluster.name}'")
        elif reads.is_mapping(topic):
            row = reads.mapping(topic)
            rates[topic], lag = row.number("rate", 0.0), row.maybe_integer("lag")
            row.done()
            lags |= {} if lag is None else {topic: lag}
        else:
            rates[topic] = reads.number(topic, 0.0)
    return rates, lags
