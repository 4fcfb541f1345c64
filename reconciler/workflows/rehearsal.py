"""The story of `sandbox scenario`: a copy of the live estate for the sandbox, so that a plan can be rehearsed on it.

What a copy can be: clusters with their ids, topics with partitions, configs and about as many records, groups with
their members, links with the configs that somebody set, and mirror topics with status, lag and configs of their own.
Of a secret the copy holds that it is set: the sandbox looks at none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from reconciler.cluster_linking import CATALOGUE
from reconciler.model.address import LinkAddress
from reconciler.model.clusters import Cluster
from reconciler.model.desired import DesiredState
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.mirrors import MirrorStatus
from reconciler.model.observed import (
    ObservedCluster,
    ObservedConfig,
    ObservedLink,
    ObservedMirror,
    ObservedState,
    known,
)
from reconciler.model.reads import ClusterReads, Reads
from reconciler.model.spelling import addresses
from reconciler.planning.diff import is_hidden, overridden
from reconciler.spec.quoting import config_value
from reconciler.spec.writing import Plain, Row, for_editors, write_document
from reconciler.workflows.connect import connect
from reconciler.workflows.environment import Environment
from reconciler.workflows.exporting.names import BOOTSTRAP, name_remotes
from reconciler.workflows.reading import read_completely

HEADER = (
    *for_editors("scenario"),
    "",
    "A copy of live clusters for the sandbox: linkctl sandbox reset --scenario FILE",
)
HALF_A_COPY = Diagnostic(
    code="scenario-unreadable",
    severity=Severity.ERROR,
    message="no scenario was written, because not everything could be read",
    cure="cure what is named below",
    subject="sandbox scenario",
)
STATES = {
    MirrorStatus.PAUSED: "paused",
    MirrorStatus.STOPPED: "stopped",
    MirrorStatus.FAILED: "failed",
}
"""Statuses that a scenario can begin with; every other one is what an active mirror topic shows."""
HIDDEN = "hidden"
"""What stands for a secret that is set."""
COPIES_ON_CLOUD = 3
"""The one replication factor that Confluent Cloud takes (cluster-linking reference, section 3.1)."""


async def scenario(desired: DesiredState, environment: Environment) -> str:
    """The text of a scenario. Sends nothing but GET (P1).

    Raises:
        InputError: a reference that a cluster's `auth` needs cannot be resolved.
        UnreadableError: something could not be read; half an estate would be no copy (P6).
    """
    async with connect(desired, environment) as engine:
        first = _first_reads(desired)
        observed = await read_completely(engine, first, ObservedState(), otherwise=HALF_A_COPY)
        further = _further_reads(observed)
        observed = await read_completely(engine, further, observed, otherwise=HALF_A_COPY)
    return write_scenario(desired, observed)


def _first_reads(desired: DesiredState) -> Reads:
    everything = ClusterReads(
        identity=True, links=True, mirrors=True, topics=True, topic_configs=True, groups=True
    )
    return {name: everything for name, cluster in desired.clusters.items() if cluster.rest}


def _further_reads(observed: ObservedState) -> Reads:
    reads = {
        name: ClusterReads(
            link_configs=frozenset(known(cluster.links) or ()),
            group_offsets=frozenset(known(cluster.groups) or ()),
            group_members=frozenset(
                name
                for name, group in (known(cluster.groups) or {}).items()
                if group.has_members is not False
            ),
        )
        for name, cluster in observed.clusters.items()
    }
    return {name: wanted for name, wanted in reads.items() if wanted != ClusterReads()}


def write_scenario(desired: DesiredState, observed: ObservedState) -> str:
    """What was read, as a scenario; pure."""
    estate = _survey(desired, observed)
    clusters: list[Plain] = [_cluster(estate, name) for name in sorted(estate.clusters)]
    return write_document({"version": 1, "clusters": clusters}, header=HEADER).text


@dataclass(frozen=True, slots=True)
class _Estate:
    """Everything that was read, with each link's other side by name."""

    clusters: Mapping[str, Cluster]
    observed: ObservedState
    remotes: Mapping[LinkAddress, str]
    followed: Mapping[str, tuple[ObservedMirror, ...]]
    """Mirror rows by the cluster that they are copied from."""


def _survey(desired: DesiredState, observed: ObservedState) -> _Estate:
    links = [link for cluster in observed.clusters.values() for link in _links(cluster)]
    ids = {n: i for n, c in observed.clusters.items() if (i := known(c.cluster_id)) is not None}
    named = name_remotes(desired.clusters, ids, links)
    followed = defaultdict(list)
    for cluster in observed.clusters.values():
        for row in _mirrors(cluster):
            if row.address.link_address in named.of:
                followed[named.of[row.address.link_address]].append(row)
    rows = {name: tuple(mirrors) for name, mirrors in followed.items()}
    return _Estate(named.clusters, observed, named.of, rows)


def _links(cluster: ObservedCluster) -> list[ObservedLink]:
    return [link for _, link in sorted((known(cluster.links) or {}).items())]


def _mirrors(cluster: ObservedCluster) -> list[ObservedMirror]:
    return [row for _, row in sorted((known(cluster.mirrors) or {}).items())]


def _cluster(estate: _Estate, name: str) -> dict[str, Plain]:
    live = estate.observed.cluster(name)
    cluster_id = known(live.cluster_id) or estate.clusters[name].cluster_id
    topics = _topics(estate, name)
    sections: dict[str, Plain | None] = {
        "name": name,
        "clusterId": cluster_id,
        "bootstrapServers": _addresses(estate, name) or _out_of_the_way(estate, name),
        "flavour": _flavour(estate, name, cluster_id or ""),
        "topics": [Row(topic) for topic in topics],
        "groups": list(_groups(live, {str(topic["name"]) for topic in topics})),
        "links": [_link(estate, link) for link in _links(live)],
    }
    return {key: value for key, value in sections.items() if value}


def _flavour(estate: _Estate, name: str, cluster_id: str) -> str:
    """The kind of server that would answer as this one did. An id such as Cloud gives is Cloud's, unless the cluster
    does what Cloud does not: tell its id, take another replication factor, or let a fetch or timeout config be set
    (cluster-linking reference, sections 1.1, 3.1 and 5.1). A server before 7.6 tells no state of a link (section 2.2).
    """
    live, declared = estate.observed.cluster(name), estate.clusters[name]
    links = _links(live)
    if links and all(link.state is None for link in links):
        return "platform-7.5"
    told_its_id = declared.rest is not None and declared.cluster_id is None
    factors = {topic.replication_factor for topic in (known(live.topics) or {}).values()}
    altered = {name for link in links for name in _own_configs(link)}
    fixed = {name for name, config in CATALOGUE.configs.items() if config.read_only_on_cloud}
    unlike_cloud = told_its_id or factors - {None, COPIES_ON_CLOUD} or altered & fixed
    return "cloud" if cluster_id.startswith("lkc-") and not unlike_cloud else "platform"


def _addresses(estate: _Estate, name: str) -> str:
    """Every address under which the YAML or a live link dials this cluster."""
    spoken = [estate.clusters[name].bootstrap_servers]
    for cluster in estate.observed.clusters.values():
        spoken += [
            link.config(BOOTSTRAP)
            for link in _links(cluster)
            if estate.remotes[link.address] == name
        ]
    parts = {part.strip() for text in spoken if text for part in text.split(",")}
    once = {addresses(part): part for part in sorted(parts - {""}, reverse=True)}
    return ",".join(sorted(once.values()))


def _out_of_the_way(estate: _Estate, name: str) -> str:
    """An address for a cluster that nobody dials, where the one that the sandbox would give it is another's."""
    given = addresses(f"{name}:9092")
    if any(given & addresses(_addresses(estate, other)) for other in estate.clusters):
        return f"{name}.not-dialled:9092"
    return ""


def _topics(estate: _Estate, name: str) -> list[dict[str, Plain]]:
    """Ordinary topics as they are listed, and source topics that only a mirror row elsewhere tells of."""
    live = estate.observed.cluster(name)
    mirrors = known(live.mirrors) or {}
    partitions = {
        row.source_topic: row.partitions or 1
        for row in estate.followed.get(name, ())
        if row.source_topic not in mirrors
    }
    copies: dict[str, int | None] = dict.fromkeys(partitions)
    for topic in (known(live.topics) or {}).values():
        if topic.name not in mirrors and not topic.internal:
            partitions[topic.name] = topic.partitions or 1
            copies[topic.name] = topic.replication_factor
    configs = known(live.topic_configs) or {}
    rows: list[dict[str, Plain | None]] = [
        {
            "name": topic,
            "partitions": partitions[topic],
            "records": _records(estate, name, topic),
            "replicationFactor": copies[topic],
            "configs": Row(_set_by_somebody(configs.get(topic, {}).values())),
        }
        for topic in sorted(partitions)
    ]
    return [_without_empty(row) for row in rows]


def _without_empty(row: Mapping[str, Plain | None]) -> dict[str, Plain]:
    return {
        key: value
        for key, value in row.items()
        if value and not (isinstance(value, Row) and not value.values)
    }


def _set_by_somebody(configs: Iterable[ObservedConfig]) -> dict[str, Plain]:
    return {
        config.name: config_value(config.value)
        for config in sorted(configs, key=lambda config: config.name)
        if config.is_default is False and config.value is not None and not config.sensitive
    }


def _records(estate: _Estate, name: str, topic: str) -> int:
    """About how many records the topic holds: what groups or mirror topics say of its end."""
    ends: dict[int, int] = {}
    for offsets in estate.observed.cluster(name).group_offsets.values():
        for row in known(offsets) or ():
            if row.topic == topic:
                ends[row.partition] = max(ends.get(row.partition, 0), row.log_end_offset)
    for mirror in estate.followed.get(name, ()):
        if mirror.source_topic == topic:
            for lag in mirror.lags or ():
                end = max(lag.last_source_fetch_offset, 0) + max(lag.lag, 0)
                ends[lag.partition] = max(ends.get(lag.partition, 0), end)
    return sum(ends.values())


def _groups(live: ObservedCluster, topics: set[str]) -> Iterator[dict[str, Plain]]:
    """Groups as they stand. They go on reading at the pace that a scenario gives them: here none."""
    there = topics | set(known(live.mirrors) or ())
    for name in sorted(known(live.groups) or {}):
        lags: dict[str, int] = {}
        for row in known(live.group_offsets.get(name)) or ():
            if row.topic in there:
                behind = max(0, row.log_end_offset - row.current_offset)
                lags[row.topic] = max(lags.get(row.topic, 0), behind)
        yield {
            "name": name,
            "members": known(live.group_members.get(name)) or 0,
            "topics": {topic: Row({"lag": lag}) for topic, lag in sorted(lags.items())},
        }


def _link(estate: _Estate, link: ObservedLink) -> Plain:
    live = estate.observed.cluster(link.address.cluster)
    remote = estate.remotes[link.address]
    configs = _own_configs(link)
    if addresses(link.config(BOOTSTRAP)) == addresses(_addresses(estate, remote)):
        configs.pop(BOOTSTRAP, None)
    mirrors = [row for row in _mirrors(live) if row.address.link_address == link.address]
    sections: dict[str, Plain | None] = {
        "name": link.address.link,
        "remote": remote,
        "linkId": link.link_id,
        "configs": configs,
        "mirrors": [Row(_mirror(live, row)) for row in mirrors],
    }
    return {key: value for key, value in sections.items() if value}


def _own_configs(link: ObservedLink) -> dict[str, Plain]:
    """The configs that somebody set."""
    configs = known(link.configs) or {}
    found: dict[str, Plain] = {}
    for name, config in sorted(configs.items()):
        if is_hidden(name, configs, CATALOGUE):
            found |= {name: HIDDEN} if config.is_set else {}
        elif config.value is not None and overridden(name, configs, CATALOGUE) is True:
            found[name] = config_value(config.value, CATALOGUE.get(name))
    return found


def _mirror(live: ObservedCluster, row: ObservedMirror) -> dict[str, Plain]:
    lag = max((part.lag for part in row.lags or ()), default=0)
    state = STATES.get(MirrorStatus(row.status)) if row.status in set(MirrorStatus) else None
    found: dict[str, Plain] = {"source": row.source_topic}
    if state is not None:
        found["state"] = state
    if lag > 0 and state != "stopped":
        found["lag"] = lag
    topic = (known(live.topics) or {}).get(row.address.mirror)
    if topic is not None and topic.replication_factor is not None:
        found["replicationFactor"] = topic.replication_factor
    configs = (known(live.topic_configs) or {}).get(row.address.mirror, {})
    if own := _set_by_somebody(configs.values()):
        found["configs"] = Row(own)
    return found
