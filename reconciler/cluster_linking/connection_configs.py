"""Link configs that say how a link connects and fetches (cluster-linking reference, section 5.1).

The vendor's client and fetcher take these over from Apache Kafka, whose own limits hold for them too.
"""

from __future__ import annotations

from reconciler.cluster_linking.behaviour_configs import SOURCE, number
from reconciler.model.catalogue import ConfigType, LinkConfig, Unit

_CLIENT = f"{SOURCE}; type and limits: Apache Kafka, AdminClientConfig"
_BROKER = f"{SOURCE}; limits: Apache Kafka, broker configs"

CONNECTION_CONFIGS = (
    number(
        "availability.check.ms",
        60_000,
        "time between two checks that the source can be reached",
        read_only_on_cloud=True,
    ),
    number(
        "availability.check.consecutive.failure.threshold",
        5,
        "failed checks in a row after which the link is UNAVAILABLE",
        unit=Unit.COUNT,
        read_only_on_cloud=True,
    ),
    number(
        "cluster.link.retry.timeout.ms",
        300_000,
        "time after which unreachable partitions are marked failed",
        read_only_on_cloud=True,
    ),
    number(
        "num.cluster.link.fetchers",
        1,
        "fetcher threads per broker",
        unit=Unit.COUNT,
        read_only_on_cloud=True,
    ),
    number(
        "replica.fetch.backoff.ms",
        1_000,
        "wait after a failed fetch",
        read_only_on_cloud=True,
        source=_BROKER,
    ),
    number(
        "replica.fetch.max.bytes",
        5_242_880,
        "most that is fetched per partition",
        unit=Unit.BYTES,
        read_only_on_cloud=True,
        source=_BROKER,
    ),
    number(
        "replica.fetch.min.bytes",
        1,
        "least that a fetch waits for",
        unit=Unit.BYTES,
        read_only_on_cloud=True,
    ),
    number(
        "replica.fetch.response.max.bytes",
        10_485_760,
        "most that one fetch returns",
        unit=Unit.BYTES,
        read_only_on_cloud=True,
        source=_BROKER,
    ),
    number("replica.fetch.wait.max.ms", 500, "longest wait of one fetch", read_only_on_cloud=True),
    number("replica.socket.timeout.ms", 30_000, "time limit of a fetch", read_only_on_cloud=True),
    number(
        "replica.socket.receive.buffer.bytes",
        -1,
        "receive buffer of fetch connections; -1 leaves it to the system",
        unit=Unit.BYTES,
        minimum=-1,
    ),
    number(
        "metadata.max.age.ms",
        300_000,
        "age at which source metadata is read again; sets how soon new topics are found",
        kind=ConfigType.LONG,
        read_only_on_cloud=True,
        source=_CLIENT,
    ),
    number(
        "request.timeout.ms",
        30_000,
        "time limit of a request",
        read_only_on_cloud=True,
        source=_CLIENT,
    ),
    number(
        "retry.backoff.ms",
        100,
        "wait before a request is repeated",
        kind=ConfigType.LONG,
        read_only_on_cloud=True,
        source=_CLIENT,
    ),
    number(
        "connections.max.idle.ms",
        600_000,
        "idle time after which a connection is closed; -1 for never",
        kind=ConfigType.LONG,
        minimum=-1,
        read_only_on_cloud=True,
        source=_CLIENT,
    ),
    number(
        "socket.connection.setup.timeout.ms",
        10_000,
        "first time limit for a new connection",
        kind=ConfigType.LONG,
        read_only_on_cloud=True,
        source=_CLIENT,
    ),
    number(
        "socket.connection.setup.timeout.max.ms",
        30_000,
        "longest time limit for a new connection",
        kind=ConfigType.LONG,
        read_only_on_cloud=True,
        source=_CLIENT,
    ),
    LinkConfig(
        "client.dns.lookup",
        ConfigType.STRING,
        default="use_all_dns_ips",
        # `default` is what brokers before Kafka 3 also take.
        pattern="use_all_dns_ips|resolve_canonical_bootstrap_servers_only|default",
        shape="`use_all_dns_ips` or `resolve_canonical_bootstrap_servers_only`",
        summary="how host names of the source are looked up",
        source=_CLIENT,
    ),
    LinkConfig(
        "local.listener",
        ConfigType.STRING,
        summary="listener of this cluster that tunnelled requests use, as the vendor's command line names it",
        source=SOURCE,
    ),
    LinkConfig(
        "local.listener.name",
        ConfigType.STRING,
        summary="listener of this cluster that tunnelled requests use",
        source=SOURCE,
    ),
)
"""How a link reaches the other cluster, and how it fetches from it."""
