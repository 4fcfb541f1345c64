"""Properties of Kafka's clients that mean nothing to a link.

People hand the file of a client to `link create`, and no answer of a server that refuses one is known. Names are those
of Apache Kafka's `CommonClientConfigs`, `AdminClientConfig`, `ConsumerConfig` and `ProducerConfig`, less those that a link
defines itself.
"""

from __future__ import annotations

_COMMON = """
auto.include.jmx.reporter bootstrap.controllers client.id client.rack default.api.timeout.ms enable.metrics.push
metadata.recovery.rebootstrap.trigger.ms metadata.recovery.strategy metric.reporters metrics.num.samples
metrics.recording.level metrics.sample.window.ms receive.buffer.bytes reconnect.backoff.max.ms reconnect.backoff.ms
retries retry.backoff.max.ms security.providers send.buffer.bytes
"""
_CONSUMER = """
allow.auto.create.topics auto.commit.interval.ms auto.offset.reset check.crcs enable.auto.commit
exclude.internal.topics fetch.max.bytes fetch.max.wait.ms fetch.min.bytes group.id group.instance.id group.protocol
group.remote.assignor heartbeat.interval.ms interceptor.classes isolation.level key.deserializer
max.partition.fetch.bytes max.poll.interval.ms max.poll.records partition.assignment.strategy session.timeout.ms
value.deserializer
"""
_PRODUCER = """
acks batch.size buffer.memory compression.gzip.level compression.lz4.level compression.type compression.zstd.level
delivery.timeout.ms enable.idempotence key.serializer linger.ms max.block.ms max.in.flight.requests.per.connection
max.request.size metadata.max.idle.ms partitioner.adaptive.partitioning.enable partitioner.availability.timeout.ms
partitioner.class partitioner.ignore.keys transaction.timeout.ms transactional.id value.serializer
"""

CLIENT_PROPERTIES = frozenset((_COMMON + _CONSUMER + _PRODUCER).split())
