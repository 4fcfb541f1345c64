"""How servers of different kinds and ages differ (cluster-linking reference, sections 1.1, 2.2, 2.7, 3.1, 5.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reconciler.sandbox.world import mirrors as states


@dataclass(frozen=True, slots=True)
class Flavour:
    """What a kind of server has and lacks."""

    name: str
    default_replication_factor: int
    #: Cloud takes no other replication factor than its own.
    fixed_replication_factor: bool = False
    #: Cloud has no list of clusters; Platform lists the one cluster.
    lists_clusters: bool = True
    #: Whether it tells of the replicas of a partition, which are nobody's business on Cloud.
    shows_replicas: bool = True
    #: Whether it tells where a partition begins and ends; of today's Platform only.
    shows_offsets: bool = False
    #: On Cloud the fetch and timeout keys of a link cannot be set.
    read_only_configs: bool = False
    #: Whether who calls may also own the brokers, so that configs can speak of files and of Kerberos on them.
    own_brokers: bool = True
    #: Whether ACL sync cannot be turned on without filters; where it can, its task complains.
    checks_acl_filters: bool = False
    #: On Cloud every answer tells how many more requests are allowed, and a refused one when to come again.
    tells_limits: bool = False
    #: Fields and switches that appeared after 7.5: link state, error, tasks, transition errors, mirror errors.
    modern_fields: bool = True
    #: `is_read_only` and `is_sensitive`; before that `read_only` and `sensitive`.
    modern_flags: bool = True
    #: `mirrors:reverse-*`, truncation and patterns; before that `promote-local-and-*`.
    modern_verbs: bool = True
    #: The words that it has no mirror status of, and what it says instead; None for a status that it never reads.
    older_words: Mapping[str, str | None] = field(default_factory=dict)
    #: How long a link's prefix may be; None where only the names that it makes are limited.
    longest_prefix: int | None = 12
    #: What the ids look like that it gives itself; None for a UUID in Kafka's spelling.
    id_prefix: str | None = None

    def word(self, status: str) -> str:
        """The status as this kind of server words it."""
        return self.older_words.get(status) or status

    @property
    def statuses(self) -> frozenset[str]:
        """Every mirror status that it can read."""
        return frozenset(states.STATUSES) - self.older_words.keys()


CLOUD = Flavour(
    "cloud",
    default_replication_factor=3,
    fixed_replication_factor=True,
    lists_clusters=False,
    shows_replicas=False,
    read_only_configs=True,
    own_brokers=False,
    tells_limits=True,
    id_prefix="lkc-",
)
#: The limit of the documentation is not one of 8.1.2: kcp's tests make links there with longer prefixes.
PLATFORM = Flavour(
    "platform", default_replication_factor=1, shows_offsets=True, longest_prefix=None
)
PLATFORM_7_5 = Flavour(
    "platform-7.5",
    default_replication_factor=1,
    # As the broker sources of 2020 do; those of today let it pass (Cloud, 2025).
    checks_acl_filters=True,
    modern_fields=False,
    modern_flags=False,
    modern_verbs=False,
    # A paused link shows as PAUSED in an answer of 7.1 (section 4.1); the other two are a choice.
    older_words={
        states.LINK_PAUSED: states.PAUSED,
        states.LINK_FAILED: states.FAILED,
        states.SOURCE_UNAVAILABLE: states.ACTIVE,
        states.PENDING_SETUP_FOR_RESTORE: None,
        states.PENDING_RESTORE: None,
    },
)

FLAVOURS = {flavour.name: flavour for flavour in (CLOUD, PLATFORM, PLATFORM_7_5)}
