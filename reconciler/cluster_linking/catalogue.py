"""The vocabulary of Cluster Linking: every link config that is known, and the rules on topic configs of mirrors.

Facts are those of the cluster-linking reference, sections 5.1 (behaviour), 5.2 (security), 6 (filters) and
9 (topic configs).
"""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

from reconciler.cluster_linking.behaviour_configs import BEHAVIOUR_CONFIGS
from reconciler.cluster_linking.connection_configs import CONNECTION_CONFIGS
from reconciler.cluster_linking.security_configs import SECURITY_CONFIGS
from reconciler.model.catalogue import Catalogue, FilterFamily, LinkConfig
from reconciler.model.filters import FilterKind

_FAMILIES = (
    FilterFamily(FilterKind.GROUP, "consumer.offset.group.filters", "consumer.offset.sync.enable"),
    FilterFamily(
        FilterKind.TOPIC, "auto.create.mirror.topics.filters", "auto.create.mirror.topics.enable"
    ),
    FilterFamily(FilterKind.ACL, "acl.filters", "acl.sync.enable"),
)

_SYNCED_TOPIC_CONFIGS = frozenset(
    {
        "cleanup.policy",
        "max.message.bytes",
        "message.timestamp.type",
        "message.timestamp.difference.max.ms",
    }
)

_OPTIONAL_TOPIC_CONFIGS = frozenset(
    {
        "compression.type",
        "confluent.segment.speculative.prefetch.enable",
        "delete.retention.ms",
        "file.delete.delay.ms",
        "flush.messages",
        "flush.ms",
        "index.interval.bytes",
        "max.compaction.lag.ms",
        "message.downconversion.enable",
        "message.timestamp.after.max.ms",
        "message.timestamp.before.max.ms",
        "min.cleanable.dirty.ratio",
        "min.compaction.lag.ms",
        "min.insync.replicas",
        "preallocate",
        "retention.bytes",
        "retention.ms",
        "segment.bytes",
        "segment.index.bytes",
        "segment.jitter.ms",
        "segment.ms",
        "unclean.leader.election.enable",
    }
)


def _by_name(configs: Iterable[LinkConfig]) -> MappingProxyType[str, LinkConfig]:
    return MappingProxyType({config.name: config for config in configs})


CATALOGUE = Catalogue(
    configs=_by_name((*BEHAVIOUR_CONFIGS, *CONNECTION_CONFIGS, *SECURITY_CONFIGS)),
    families=MappingProxyType({family.kind: family for family in _FAMILIES}),
    synced_topic_configs=_SYNCED_TOPIC_CONFIGS,
    optional_topic_configs=_OPTIONAL_TOPIC_CONFIGS,
)
"""All of it, ready to be injected into the rooms that check and compare configs."""
