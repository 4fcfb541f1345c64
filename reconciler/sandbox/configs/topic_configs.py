"""The configs of a topic, and which of them a mirror may have of its own (cluster-linking reference, section 9)."""

from __future__ import annotations

from reconciler.sandbox.configs.numbers import java_integer
from reconciler.sandbox.refusals import invalid

_NEVER = "9223372036854775807"

#: Key to default, as a broker lists them.
DEFAULTS: dict[str, str] = {
    "cleanup.policy": "delete",
    "compression.type": "producer",
    "confluent.key.schema.validation": "false",
    "confluent.key.subject.name.strategy": "io.confluent.kafka.serializers.subject.TopicNameStrategy",
    "confluent.placement.constraints": "",
    "confluent.segment.speculative.prefetch.enable": "false",
    "confluent.tier.enable": "false",
    "confluent.tier.local.hotset.bytes": "-1",
    "confluent.tier.local.hotset.ms": "86400000",
    "confluent.value.schema.validation": "false",
    "confluent.value.subject.name.strategy": "io.confluent.kafka.serializers.subject.TopicNameStrategy",
    "delete.retention.ms": "86400000",
    "file.delete.delay.ms": "60000",
    "flush.messages": _NEVER,
    "flush.ms": _NEVER,
    "follower.replication.throttled.replicas": "",
    "index.interval.bytes": "4096",
    "leader.replication.throttled.replicas": "",
    "max.compaction.lag.ms": _NEVER,
    "max.message.bytes": "1048588",
    "message.downconversion.enable": "true",
    "message.timestamp.after.max.ms": _NEVER,
    "message.timestamp.before.max.ms": _NEVER,
    "message.timestamp.difference.max.ms": _NEVER,
    "message.timestamp.type": "CreateTime",
    "min.cleanable.dirty.ratio": "0.5",
    "min.compaction.lag.ms": "0",
    "min.insync.replicas": "1",
    "preallocate": "false",
    "retention.bytes": "-1",
    "retention.ms": "604800000",
    "segment.bytes": "1073741824",
    "segment.index.bytes": "10485760",
    "segment.jitter.ms": "0",
    "segment.ms": "604800000",
    "unclean.leader.election.enable": "false",
}

_WORDS = {
    "compression.type": {"uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"},
    "message.timestamp.type": {"CreateTime", "LogAppendTime"},
}


def is_independent(name: str) -> bool:
    """Never synced by a link, so a mirror may always have its own value."""
    return name.endswith(".replication.throttled.replicas") or (
        name.startswith("confluent.") and name != "confluent.segment.speculative.prefetch.enable"
    )


def check_value(name: str, value: str) -> None:
    """Refuse unknown keys and values of the wrong type. Raises Refusal (400/40002)."""
    default = DEFAULTS.get(name)
    if default is None:
        raise invalid(f"Unknown topic config name: {name}")
    words = _WORDS.get(name)
    if words is not None and value not in words:
        raise _bad_value(name, value)
    if name == "cleanup.policy" and not set(value.split(",")) <= {"delete", "compact"}:
        raise _bad_value(name, value)
    if default in {"true", "false"} and value.lower() not in {"true", "false"}:
        raise _bad_value(name, value)
    if java_integer(default, bits=64) is not None and java_integer(value, bits=64) is None:
        raise _bad_value(name, value)


def _bad_value(name: str, value: str) -> Exception:
    return invalid(f"Invalid value {value} for configuration {name}.")
