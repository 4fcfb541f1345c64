"""Link configs that say what a link does, other than its security (cluster-linking reference, sections 5.1 and 6).

A default of None means that no source states one. Minima are given only where a source does, so that a check
never refuses what a server would take.
"""

from __future__ import annotations

from reconciler.model.catalogue import ConfigType, LinkConfig, Unit

_BEHAVIOUR = "cluster-linking reference, section 5.1"


def _number(
    name: str,
    default: int,
    summary: str,
    *,
    unit: Unit = Unit.MILLISECONDS,
    minimum: int | None = None,
    read_only_on_cloud: bool = False,
) -> LinkConfig:
    return LinkConfig(
        name,
        ConfigType.INT,
        default=str(default),
        unit=unit,
        minimum=minimum,
        read_only_on_cloud=read_only_on_cloud,
        summary=summary,
        source=_BEHAVIOUR,
    )


def _switch(name: str, summary: str, *, needs: tuple[str, ...] = (), home: str = "") -> LinkConfig:
    return LinkConfig(
        name,
        ConfigType.BOOLEAN,
        default="false",
        needs=needs,
        home=home,
        summary=summary,
        source=_BEHAVIOUR,
    )


def _filters(name: str, home: str, summary: str) -> LinkConfig:
    return LinkConfig(
        name,
        ConfigType.FILTERS,
        default="",
        home=home,
        summary=summary,
        source="cluster-linking reference, section 6",
    )


_IDENTITY = (
    LinkConfig(
        "link.mode",
        ConfigType.STRING,
        default="DESTINATION",
        immutable=True,
        choices=("DESTINATION", "SOURCE", "BIDIRECTIONAL"),
        home="`mode` of the link",
        summary="which role this link object plays",
        source=_BEHAVIOUR,
    ),
    LinkConfig(
        "connection.mode",
        ConfigType.STRING,
        default="OUTBOUND",
        immutable=True,
        choices=("OUTBOUND", "INBOUND"),
        home="`mode` of the link (bidirectional: under `sides`)",
        summary="whether this side dials the other one or is dialled",
        source=_BEHAVIOUR,
    ),
    LinkConfig(
        "remote.link.connection.mode",
        ConfigType.STRING,
        immutable=True,
        choices=("OUTBOUND", "INBOUND"),
        home="`mode` of the link (bidirectional: under `sides`)",
        summary="the connection mode of the other half of a bidirectional link",
        source=_BEHAVIOUR,
    ),
    LinkConfig(
        "bootstrap.servers",
        ConfigType.LIST,
        home="`bootstrapServers` of the other cluster or of the link",
        summary="the other cluster's listeners, as this side reaches them",
        source=_BEHAVIOUR,
    ),
    LinkConfig(
        "cluster.link.prefix",
        ConfigType.STRING,
        immutable=True,
        home="`prefix` of the link",
        summary="put before the name of each source topic to name its mirror; at most 12 characters",
        source="cluster-linking reference, sections 5.1 and 8",
    ),
    LinkConfig(
        "link.prefix",
        ConfigType.STRING,
        immutable=True,
        home="`prefix` of the link",
        summary="derived by the server from cluster.link.prefix; writes to it are ignored without a word",
        source=_BEHAVIOUR,
    ),
    _switch(
        "cluster.link.paused",
        "pauses every mirror topic of the link",
        home="`state` of the link",
    ),
)

_SYNC = (
    _switch(
        "consumer.offset.sync.enable",
        "commits the source's consumer offsets on the destination; false also clears the group filters",
    ),
    _number(
        "consumer.offset.sync.ms",
        30_000,
        "time between two syncs of consumer offsets",
        minimum=1_000,
    ),
    _filters(
        "consumer.offset.group.filters", "`groupFilters` of the link", "groups to take offsets of"
    ),
    _switch(
        "consumer.group.prefix.enable",
        "puts the link's prefix before group names too; refused on bidirectional links",
        needs=("cluster.link.prefix",),
    ),
    _switch(
        "acl.sync.enable",
        "copies matching ACLs from the source and deletes matching ones that the source lacks; not with a prefix",
    ),
    _number("acl.sync.ms", 5_000, "time between two syncs of ACLs"),
    _filters("acl.filters", "`aclFilters` of the link", "ACLs to copy"),
    _switch(
        "auto.create.mirror.topics.enable",
        "creates mirrors of matching source topics; false also clears the topic filters",
    ),
    _filters(
        "auto.create.mirror.topics.filters",
        "`topicFilters` of the link",
        "source topics to create mirrors of",
    ),
    _number("topic.config.sync.ms", 5_000, "time between two syncs of topic configs"),
    LinkConfig(
        "topic.config.sync.include",
        ConfigType.LIST,
        summary="topic configs that follow the source; must hold the four that always do",
        source="cluster-linking reference, sections 5.1 and 9",
    ),
    LinkConfig(
        "mirror.start.offset.spec",
        ConfigType.STRING,
        default="earliest",
        summary="where mirrors created from now on begin: earliest, latest, or an ISO-8601 time",
        source=_BEHAVIOUR,
    ),
)

_CONNECTION = (
    _number(
        "availability.check.ms", 60_000, "time between two checks that the source can be reached"
    ),
    _number(
        "availability.check.consecutive.failure.threshold",
        5,
        "failed checks in a row after which the link is UNAVAILABLE",
        unit=Unit.COUNT,
    ),
    _number(
        "cluster.link.retry.timeout.ms",
        300_000,
        "time after which unreachable partitions are marked failed",
        read_only_on_cloud=True,
    ),
    _number(
        "num.cluster.link.fetchers",
        1,
        "fetcher threads per broker",
        unit=Unit.COUNT,
        read_only_on_cloud=True,
    ),
    _number(
        "replica.fetch.backoff.ms", 1_000, "wait after a failed fetch", read_only_on_cloud=True
    ),
    _number(
        "replica.fetch.max.bytes",
        5_242_880,
        "most that is fetched per partition",
        unit=Unit.BYTES,
        read_only_on_cloud=True,
    ),
    _number(
        "replica.fetch.min.bytes",
        1,
        "least that a fetch waits for",
        unit=Unit.BYTES,
        read_only_on_cloud=True,
    ),
    _number(
        "replica.fetch.response.max.bytes",
        10_485_760,
        "most that one fetch returns",
        unit=Unit.BYTES,
        read_only_on_cloud=True,
    ),
    _number("replica.fetch.wait.max.ms", 500, "longest wait of one fetch", read_only_on_cloud=True),
    _number("replica.socket.timeout.ms", 30_000, "time limit of a fetch", read_only_on_cloud=True),
    _number(
        "replica.socket.receive.buffer.bytes",
        -1,
        "receive buffer of fetch connections; -1 leaves it to the system",
        unit=Unit.BYTES,
    ),
    _number(
        "metadata.max.age.ms",
        300_000,
        "age at which source metadata is read again; sets how soon new topics are found",
        read_only_on_cloud=True,
    ),
    _number("request.timeout.ms", 30_000, "time limit of a request", read_only_on_cloud=True),
    _number("retry.backoff.ms", 100, "wait before a request is repeated", read_only_on_cloud=True),
    _number(
        "connections.max.idle.ms",
        600_000,
        "idle time after which a connection is closed",
        read_only_on_cloud=True,
    ),
    _number(
        "socket.connection.setup.timeout.ms",
        10_000,
        "first time limit for a new connection",
        read_only_on_cloud=True,
    ),
    _number(
        "socket.connection.setup.timeout.max.ms",
        30_000,
        "longest time limit for a new connection",
        read_only_on_cloud=True,
    ),
    LinkConfig(
        "client.dns.lookup",
        ConfigType.STRING,
        default="use_all_dns_ips",
        summary="how host names of the source are looked up",
        source=_BEHAVIOUR,
    ),
    LinkConfig(
        "local.listener",
        ConfigType.STRING,
        summary="listener of this cluster that tunnelled requests use, as the vendor's command line names it",
        source=_BEHAVIOUR,
    ),
    LinkConfig(
        "local.listener.name",
        ConfigType.STRING,
        summary="listener of this cluster that tunnelled requests use",
        source=_BEHAVIOUR,
    ),
)

BEHAVIOUR_CONFIGS = (*_IDENTITY, *_SYNC, *_CONNECTION)
"""What a link is, what it takes along, and how it fetches."""
