"""The story of `status`: links, mirror topics and consumer groups as they are, on both sides."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.address import Address, MirrorAddress, matches
from reconciler.model.desired import DesiredHalf, DesiredLink, DesiredState
from reconciler.model.engine import Engine
from reconciler.model.errors import InputError
from reconciler.model.filters import FilterKind, NameFilter, selects
from reconciler.model.observed import (
    Gap,
    ObservedCluster,
    ObservedLink,
    ObservedMirror,
    ObservedState,
)
from reconciler.model.reads import ClusterReads, Reads, union_reads
from reconciler.model.status import GroupReport, LinkReport, MirrorReport, StatusReport
from reconciler.planning.scope import unknown_targets
from reconciler.workflows.connect import connect
from reconciler.workflows.environment import Environment


async def status(
    desired: DesiredState, environment: Environment, *, targets: tuple[str, ...] = ()
) -> StatusReport:
    """How the declared links are doing. Sends nothing but GET (P1).

    Raises:
        InputError: a reference that a cluster's `auth` needs cannot be resolved.
    """
    async with connect(desired, environment) as engine:
        return await status_with(engine, desired, targets=targets)


async def status_with(
    engine: Engine, desired: DesiredState, *, targets: tuple[str, ...] = ()
) -> StatusReport:
    """A report from a fresh reading, on an engine that is already connected.

    The links are read first; their live filters say which groups are worth looking at.

    Raises:
        InputError: a target names nothing.
    """
    if unknown := unknown_targets(targets, _addresses(desired, targets)):
        raise InputError(*unknown)
    halves = [
        (link, half) for link, half in desired.halves() if not targets or _targeted(half, targets)
    ]
    observed = await engine.observe(union_reads(_link_reads(desired, half) for _, half in halves))
    if wanted := union_reads(_group_reads(desired, observed, half) for _, half in halves):
        observed = observed.merge(await engine.observe(wanted))
    return StatusReport(
        links=tuple(
            _link_report(desired, observed, link, half)
            for link, half in sorted(halves, key=lambda pair: pair[1].address)
        ),
        gaps=observed.gaps(),
    )


def _addresses(desired: DesiredState, targets: tuple[str, ...]) -> Iterator[Address]:
    """Everything that a target may name: links, listed mirror topics, and any mirror topic of a link with patterns."""
    for link, half in desired.halves():
        yield half.address
        if link.patterns:
            names = (target.removeprefix(f"{half.address}/") for target in targets)
            yield from (half.address.mirror(name) for name in names if "/" not in name)
    yield from (mirror.address for _, mirror in desired.mirrors())


def _targeted(half: DesiredHalf, targets: tuple[str, ...]) -> bool:
    link = str(half.address)
    return any(matches(half.address, target) or target.startswith(f"{link}/") for target in targets)


def _link_reads(desired: DesiredState, half: DesiredHalf) -> Reads:
    name = frozenset({half.address.link})
    reads: dict[str, ClusterReads] = {
        half.address.cluster: ClusterReads(
            links=True,
            mirrors=half.hosts_mirrors,
            link_configs=name,
            link_tasks=name,
            groups=half.hosts_mirrors,
        )
    }
    if half.hosts_mirrors and desired.clusters[half.remote].rest is not None:
        reads[half.remote] = reads.get(half.remote, ClusterReads()).union(ClusterReads(groups=True))
    return reads


def _group_reads(desired: DesiredState, observed: ObservedState, half: DesiredHalf) -> Reads:
    groups = frozenset(_groups(observed, half))
    if not groups:
        return {}
    there = observed.cluster(half.address.cluster)
    reads = {half.address.cluster: ClusterReads(group_offsets=_known(there, groups))}
    if desired.clusters[half.remote].rest is not None:
        here = observed.cluster(half.remote)
        reads[half.remote] = ClusterReads(group_offsets=_known(here, groups))
    return {cluster: wanted for cluster, wanted in reads.items() if wanted.group_offsets}


def _known(cluster: ObservedCluster, groups: frozenset[str]) -> frozenset[str]:
    """Only groups that exist there have offsets; a list that could not be read is no reason not to ask."""
    if cluster.groups is None or isinstance(cluster.groups, Gap):
        return groups
    return groups & cluster.groups.keys()


def _groups(observed: ObservedState, half: DesiredHalf) -> tuple[str, ...]:
    """Groups that the live filter of a link takes along: those named in it, and those it selects of the ones
    that exist on either side.
    """
    link = observed.link(half.address)
    if not half.hosts_mirrors or not isinstance(link, ObservedLink):
        return ()
    rows = link.filters.get(FilterKind.GROUP, frozenset())
    if isinstance(rows, Gap):
        return ()
    filters = [row for row in rows if isinstance(row, NameFilter)]
    names = {row.name for row in filters if row.pattern_type == "LITERAL" and row.name != "*"}
    for cluster in (observed.cluster(half.remote), observed.cluster(half.address.cluster)):
        if cluster.groups is not None and not isinstance(cluster.groups, Gap):
            names |= cluster.groups.keys()
    return tuple(sorted(name for name in names if selects(filters, name)))


def _link_report(
    desired: DesiredState, observed: ObservedState, link: DesiredLink, half: DesiredHalf
) -> LinkReport:
    return LinkReport(
        address=half.address,
        remote=half.remote,
        observed=observed.link(half.address),
        mirrors=tuple(_mirror_reports(observed, link, half)) if half.hosts_mirrors else (),
        groups=tuple(
            _group_report(desired, observed, half, group) for group in _groups(observed, half)
        ),
    )


def _mirror_reports(
    observed: ObservedState, link: DesiredLink, half: DesiredHalf
) -> Iterator[MirrorReport]:
    """The mirrors that are declared or live on this half, each with what was read of it."""
    rows = observed.cluster(half.address.cluster).mirrors
    limits = {m.address: m.max_lag for m in link.mirrors if m.address.link_address == half.address}
    live: dict[MirrorAddress, ObservedMirror] = {}
    if rows is not None and not isinstance(rows, Gap):
        live = {r.address: r for r in rows.values() if r.address.link_address == half.address}
    for address in sorted(live.keys() | limits.keys()):
        seen = rows if isinstance(rows, Gap) else live.get(address)
        yield MirrorReport(address, seen, limits.get(address))


def _group_report(
    desired: DesiredState, observed: ObservedState, half: DesiredHalf, group: str
) -> GroupReport:
    here = observed.cluster(half.remote)
    there = observed.cluster(half.address.cluster)
    readable = desired.clusters[half.remote].rest is not None
    return GroupReport(
        group=group,
        source_cluster=half.remote,
        destination_cluster=half.address.cluster,
        source=here.group_offsets.get(group, ()) if readable else None,
        destination=there.group_offsets.get(group, ()),
        mirrors=_topics(there, half),
        members_on_destination=_members(there, group),
    )


def _topics(cluster: ObservedCluster, half: DesiredHalf) -> dict[str, str]:
    if cluster.mirrors is None or isinstance(cluster.mirrors, Gap):
        return {}
    return {
        row.source_topic: row.address.mirror
        for row in cluster.mirrors.values()
        if row.address.link_address == half.address
    }


def _members(cluster: ObservedCluster, group: str) -> bool | None:
    if cluster.groups is None or isinstance(cluster.groups, Gap):
        return None
    found = cluster.groups.get(group)
    return found.has_members if found else False
