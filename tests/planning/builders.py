"""Small builders for both sides of a plan. The wanted and the live side are built separately on purpose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconciler.model.address import LinkAddress, MirrorAddress
from reconciler.model.catalogue import Catalogue, ConfigType, FilterFamily, LinkConfig
from reconciler.model.clusters import Cluster, RestEndpoint
from reconciler.model.desired import (
    DesiredHalf,
    DesiredLink,
    DesiredMirror,
    DesiredState,
    MirrorPattern,
)
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.filters import FilterKind, FilterSet
from reconciler.model.links import ConnectionMode, LinkGoal, LinkMode, Topology
from reconciler.model.mirrors import MirrorGoal, PartitionLag
from reconciler.model.observed import (
    Gap,
    ObservedCluster,
    ObservedConfig,
    ObservedLink,
    ObservedMirror,
    ObservedState,
    ObservedTopic,
    Read,
)
from reconciler.model.secrets import Template

SRC, DST = "src", "dst"
LINK = LinkAddress(DST, "l")

_FAMILIES = (
    FilterFamily(FilterKind.GROUP, "consumer.offset.group.filters", "consumer.offset.sync.enable"),
    FilterFamily(
        FilterKind.TOPIC, "auto.create.mirror.topics.filters", "auto.create.mirror.topics.enable"
    ),
    FilterFamily(FilterKind.ACL, "acl.filters", "acl.sync.enable"),
)
_CONFIGS = (
    *(LinkConfig(f.switch, ConfigType.BOOLEAN, default="false") for f in _FAMILIES),
    *(LinkConfig(f.config, ConfigType.FILTERS, default="", home="filters") for f in _FAMILIES),
    LinkConfig("consumer.offset.sync.ms", ConfigType.INT, default="30000"),
    LinkConfig("bootstrap.servers", ConfigType.ADDRESSES, home="`bootstrapServers`"),
    LinkConfig("topic.config.sync.include", ConfigType.LIST),
    LinkConfig("link.mode", ConfigType.STRING, default="DESTINATION", immutable=True, home="`mode`"),
    LinkConfig("consumer.group.prefix.enable", ConfigType.BOOLEAN, default="false", immutable=True),
    *(
        LinkConfig(prefix + name, kind, default, **facts)
        for prefix in ("", "local.")
        for name, kind, default, facts in (
            ("security.protocol", ConfigType.STRING, "PLAINTEXT", {"choices": ("PLAINTEXT", "SASL_SSL")}),
            ("sasl.jaas.config", ConfigType.PASSWORD, None, {"sensitive": True}),
            ("sasl.mechanism", ConfigType.STRING, "GSSAPI", {"choices": ("GSSAPI", "OAUTHBEARER", "PLAIN", "SCRAM-SHA-512")}),
            ("sasl.login.callback.handler.class", ConfigType.CLASS, None, {"mechanisms": ("OAUTHBEARER",)}),
            ("sasl.oauthbearer.token.endpoint.url", ConfigType.STRING, None, {"mechanisms": ("OAUTHBEARER",)}),
            ("ssl.truststore.certificates", ConfigType.PASSWORD, None, {"sensitive": True}),
            ("ssl.truststore.type", ConfigType.STRING, "JKS", {}),
        )
    ),
)  # fmt: skip
CATALOGUE = Catalogue(
    configs={config.name: config for config in _CONFIGS},
    families={family.kind: family for family in _FAMILIES},
    synced_topic_configs=frozenset({"cleanup.policy"}),
    optional_topic_configs=frozenset({"retention.ms"}),
)


def cluster(name: str, *, rest: bool = True, cluster_id: str | None = None) -> Cluster:
    """A declared cluster."""
    endpoint = RestEndpoint(f"http://{name}:8090/kafka/v3") if rest else None
    return Cluster(name, f"{name}:9092", endpoint, cluster_id)


def half(
    address: LinkAddress = LINK,
    remote: str = SRC,
    *,
    link_mode: LinkMode = LinkMode.DESTINATION,
    connection_mode: ConnectionMode = ConnectionMode.OUTBOUND,
    hosts_mirrors: bool = True,
    prefix: str = "",
    configs: Mapping[str, str] | None = None,
    reset: Iterable[str] = (),
    credentials: Mapping[str, Template] | None = None,
    filters: Mapping[FilterKind, FilterSet] | None = None,
) -> DesiredHalf:
    """A declared link object."""
    dials = connection_mode is ConnectionMode.OUTBOUND
    return DesiredHalf(
        address,
        remote,
        link_mode,
        connection_mode,
        None,
        hosts_mirrors,
        f"{remote}:9092" if dials else None,
        prefix,
        configs or {},
        frozenset(reset),
        credentials or {},
        filters or {},
    )


def mirror(
    source: str,
    goal: MirrorGoal = MirrorGoal.ACTIVE,
    *,
    link: LinkAddress = LINK,
    prefix: str = "",
    configs: Mapping[str, str] | None = None,
    replication_factor: int | None = None,
) -> DesiredMirror:
    """A declared mirror topic."""
    return DesiredMirror(
        link.mirror(prefix + source), source, goal, configs or {}, replication_factor
    )


def entry(
    *mirrors: DesiredMirror,
    halves: Iterable[DesiredHalf] | None = None,
    goal: LinkGoal = LinkGoal.ACTIVE,
    topology: Topology = Topology.DESTINATION,
    patterns: Iterable[MirrorPattern] = (),
) -> DesiredLink:
    """One entry of links.yaml."""
    made = tuple(halves) if halves is not None else (half(),)
    return DesiredLink(made[0].address.link, topology, goal, made, mirrors, tuple(patterns))


def desired(
    *entries: DesiredLink, protect: Iterable[str] = (), clusters: Iterable[Cluster] | None = None
) -> DesiredState:
    """The wanted state of two clusters."""
    declared = tuple(clusters) if clusters is not None else (cluster(SRC), cluster(DST))
    return DesiredState({c.name: c for c in declared}, entries, tuple(protect))


def config(value: str | None, *, default: bool | None = False, sensitive: bool = False, read_only: bool = False) -> ObservedConfig:  # fmt: skip
    """A live config; its name is filled in by `live_link`."""
    return ObservedConfig("", value, default, read_only, sensitive)


def live_link(
    address: LinkAddress = LINK,
    *,
    remote: str = SRC,
    link_id: str | None = "L1",
    configs: Mapping[str, ObservedConfig] | None = None,
    filters: Mapping[FilterKind, Read[FilterSet]] | None = None,
    paused: bool = False,
    prefix: str = "",
    link_mode: str = "DESTINATION",
    connection_mode: str = "OUTBOUND",
) -> ObservedLink:
    """A live link object whose configs were read."""
    shown = dict(configs or {})
    if connection_mode == "OUTBOUND":
        shown.setdefault("bootstrap.servers", config(f"{remote}:9092"))
    named = {
        n: ObservedConfig(n, c.value, c.is_default, c.read_only, c.sensitive)
        for n, c in shown.items()
    }
    return ObservedLink(
        address,
        link_id,
        f"id-{remote}",
        "PAUSED" if paused else "ACTIVE",
        configs=named,
        filters=filters or {},
        link_mode=link_mode,
        connection_mode=connection_mode,
        prefix=prefix,
        paused=paused,
    )


def row(
    source: str,
    status: str | None = "ACTIVE",
    *,
    link: LinkAddress = LINK,
    prefix: str = "",
    lag: int = 0,
    fetched: int = 10,
) -> ObservedMirror:
    """A live mirror row with one partition."""
    address = MirrorAddress(link.cluster, link.link, prefix + source)
    return ObservedMirror(address, source, status, None, 1, (PartitionLag(0, lag, fetched),))


def topics(*names: str, replication_factor: int = 3) -> dict[str, ObservedTopic]:
    """A live topic list."""
    return {name: ObservedTopic(name, 1, replication_factor) for name in names}


def live(
    name: str,
    *,
    links: Iterable[ObservedLink] = (),
    rows: Iterable[ObservedMirror] = (),
    plain: Iterable[str] = (),
    topic_configs: Mapping[str, Mapping[str, ObservedConfig]] | None = None,
) -> ObservedCluster:
    """A live cluster that was read whole."""
    held = {r.address.mirror: r for r in rows}
    return ObservedCluster(
        name,
        f"id-{name}",
        {link.address.link: link for link in links},
        held,
        topics(*held, *plain),
        topic_configs,
    )


def observed(*clusters: ObservedCluster) -> ObservedState:
    """The live side."""
    return ObservedState({c.name: c for c in clusters})


def gap(scope: str = "dst: something") -> Gap:
    """Something that could not be read."""
    return Gap(
        scope,
        Diagnostic(
            "no-answer", Severity.ERROR, "nobody answers", "look at the network", subject=scope
        ),
    )
