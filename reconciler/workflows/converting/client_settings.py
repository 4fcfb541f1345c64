"""Settings of those who read and write records, which stand in the files of clients, and which a link has no use for
(Apache Kafka: ProducerConfig, ConsumerConfig, AdminClientConfig; librdkafka, CONFIGURATION.md; Schema Registry clients).

Names that a link has too (`request.timeout.ms`) are not among them.
"""

from __future__ import annotations

_EVERY_CLIENT = (
    *("client.id", "client.rack", "client.software.name", "enable.metrics.push"),
    *("metadata.recovery.strategy", "metadata.recovery.rebootstrap.trigger.ms"),
    *("metric.reporters", "metrics.num.samples", "metrics.recording.level"),
    *("metrics.sample.window.ms", "auto.include.jmx.reporter", "interceptor.classes"),
    *("reconnect.backoff.ms", "reconnect.backoff.max.ms", "retry.backoff.max.ms", "retries"),
    *("send.buffer.bytes", "receive.buffer.bytes", "default.api.timeout.ms"),
    *("bootstrap.controllers", "config.providers"),
)
_PRODUCERS = (
    *("acks", "batch.size", "buffer.memory", "linger.ms", "max.block.ms", "max.request.size"),
    *("compression.type", "compression.gzip.level", "compression.lz4.level"),
    *("compression.zstd.level", "delivery.timeout.ms", "enable.idempotence"),
    *("max.in.flight.requests.per.connection", "metadata.max.idle.ms", "transactional.id"),
    *("transaction.timeout.ms", "transaction.two.phase.commit.enable", "partitioner.class"),
    *("partitioner.ignore.keys", "partitioner.adaptive.partitioning.enable"),
    *("partitioner.availability.timeout.ms", "key.serializer", "value.serializer"),
)
_CONSUMERS = (
    *("group.id", "group.instance.id", "group.protocol", "group.remote.assignor"),
    *("session.timeout.ms", "heartbeat.interval.ms", "max.poll.interval.ms", "max.poll.records"),
    *("enable.auto.commit", "auto.commit.interval.ms", "auto.offset.reset", "isolation.level"),
    *("allow.auto.create.topics", "exclude.internal.topics", "check.crcs"),
    *("fetch.min.bytes", "fetch.max.bytes", "fetch.max.wait.ms", "max.partition.fetch.bytes"),
    *("partition.assignment.strategy", "share.acknowledgement.mode"),
    *("key.deserializer", "value.deserializer"),
)
_LIBRDKAFKAS = (
    *("acks", "request.required.acks", "api.version.request", "api.version.request.timeout.ms"),
    *("api.version.fallback.ms", "broker.version.fallback", "broker.address.family"),
    *("broker.address.ttl", "builtin.features", "debug", "enable.partition.eof"),
    *("enable.auto.offset.store", "enabled_events"),
    *("enable.random.seed", "enable.sasl.oauthbearer.unsecure.jwt", "log_level", "log.queue"),
    *("log.connection.close", "log.thread.name", "statistics.interval.ms", "compression.codec"),
    *("compression.level", "batch.num.messages", "queue.buffering.max.ms"),
    *("queue.buffering.max.messages", "queue.buffering.max.kbytes", "queued.min.messages"),
    *("queued.max.messages.kbytes", "message.max.bytes", "message.copy.max.bytes"),
    *("message.timeout.ms", "message.send.max.retries", "receive.message.max.bytes"),
    *("max.in.flight", "fetch.wait.max.ms", "fetch.message.max.bytes", "fetch.error.backoff.ms"),
    *("fetch.queue.backoff.ms", "socket.timeout.ms", "socket.keepalive.enable"),
    *("socket.nagle.disable", "socket.max.fails", "socket.send.buffer.bytes"),
    *("socket.receive.buffer.bytes", "topic.metadata.refresh.interval.ms"),
    *("topic.metadata.refresh.fast.interval.ms", "topic.metadata.refresh.sparse"),
    *("topic.metadata.propagation.max.ms", "coordinator.query.interval.ms", "partitioner"),
    *("plugin.library.paths", "https.ca.location", "https.ca.pem", "sticky.partitioning.linger.ms"),
)
_REGISTRYS = (
    *("auto.register.schemas", "use.latest.version", "use.latest.with.metadata"),
    *("normalize.schemas", "latest.compatibility.strict", "specific.avro.reader"),
    *("key.subject.name.strategy", "value.subject.name.strategy"),
)
_NAMES = frozenset({*_EVERY_CLIENT, *_PRODUCERS, *_CONSUMERS, *_LIBRDKAFKAS, *_REGISTRYS})
_FAMILIES = (
    *("schema.registry.", "basic.auth.", "bearer.auth.", "config.providers.", "metrics.context."),
    "confluent.monitoring.interceptor.",
)


def is_for_clients(name: str) -> bool:
    """Whether a setting is for producers, consumers and the like alone."""
    return name in _NAMES or name.startswith(_FAMILIES)
