"""Link configs that say what a link is and what it takes along (cluster-linking reference, sections 5.1 and 6).

A default of None means that no source states one. Types, minima and patterns are no narrower than a source states,
so that a check never refuses what a server would take. Where none states a minimum it is 0: times, sizes and counts
are not negative.
"""

from __future__ import annotations

from reconciler.model.catalogue import ConfigType, LinkConfig, Unit

SOURCE = "cluster-linking reference, section 5.1"

_DATE = r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_TIME = r"T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]+)?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?"


def number(
    name: str,
    default: int,
    summary: str,
    *,
    unit: Unit = Unit.MILLISECONDS,
    kind: ConfigType = ConfigType.INT,
    minimum: int = 0,
    read_only_on_cloud: bool = False,
    source: str = SOURCE,
) -> LinkConfig:
    """A config that counts something."""
    return LinkConfig(
        name,
        kind,
        default=str(default),
        unit=unit,
        minimum=minimum,
        read_only_on_cloud=read_only_on_cloud,
        summary=summary,
        source=source,
    )


def _switch(name: str, summary: str, *, needs: tuple[str, ...] = (), home: str = "") -> LinkConfig:
    return LinkConfig(
        name,
        ConfigType.BOOLEAN,
        default="false",
        needs=needs,
        home=home,
        summary=summary,
        source=SOURCE,
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
        source=SOURCE,
    ),
    LinkConfig(
        "connection.mode",
        ConfigType.STRING,
        default="OUTBOUND",
        immutable=True,
        choices=("OUTBOUND", "INBOUND"),
        home="`mode` of the link (bidirectional: under `sides`)",
        summary="whether this side dials the other one or is dialled",
        source=SOURCE,
    ),
    LinkConfig(
        "remote.link.connection.mode",
        ConfigType.STRING,
        immutable=True,
        choices=("OUTBOUND", "INBOUND"),
        home="`mode` of the link (bidirectional: under `sides`)",
        summary="the connection mode of the other half of a bidirectional link",
        source=SOURCE,
    ),
    LinkConfig(
        "bootstrap.servers",
        ConfigType.ADDRESSES,
        home="`bootstrapServers` of the other cluster or of the link",
        summary="the other cluster's listeners, as this side reaches them",
        source=SOURCE,
    ),
    LinkConfig(
        "cluster.link.prefix",
        ConfigType.STRING,
        immutable=True,
        home="`prefix` of the link",
        summary="put before the name of each source topic to name its mirror; at most 12 characters on Confluent Cloud",
        source="cluster-linking reference, sections 5.1 and 8",
    ),
    LinkConfig(
        "link.prefix",
        ConfigType.STRING,
        immutable=True,
        home="`prefix` of the link",
        summary="derived by the server from cluster.link.prefix; writes to it are ignored without a word",
        source=SOURCE,
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
    number(
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
    # An older page of the vendor's, for Cloud, gives 1000 as the minimum; today's gives none.
    number("acl.sync.ms", 5_000, "time between two syncs of ACLs"),
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
    number("topic.config.sync.ms", 5_000, "time between two syncs of topic configs"),
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
        pattern=rf"(?i:earliest|latest)|{_DATE}({_TIME})?",
        shape="`earliest`, `latest`, or a time such as `2026-01-31T00:00:00Z`",
        summary="where mirrors created from now on begin: earliest, latest, or an ISO-8601 time",
        source=SOURCE,
    ),
)

BEHAVIOUR_CONFIGS = (*_IDENTITY, *_SYNC)
"""What a link is, and what it takes along."""
