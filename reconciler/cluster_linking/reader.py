"""Reads -> what exists on one cluster. Whatever cannot be read becomes a `Gap`, and never an absence (P6)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from reconciler.cluster_linking import rows
from reconciler.cluster_linking.api import ClusterApi
from reconciler.cluster_linking.catalogue import CATALOGUE
from reconciler.cluster_linking.filters import parse_filters
from reconciler.cluster_linking.refusals import Scrub
from reconciler.collector import collector_paused
from reconciler.model.address import LinkAddress, MirrorAddress
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.errors import EngineError, RejectedError
from reconciler.model.filters import FilterKind, FilterSet
from reconciler.model.observed import (
    Gap,
    GroupOffset,
    Health,
    HealthLevel,
    ObservedCluster,
    ObservedConfig,
    ObservedGroup,
    ObservedLink,
    ObservedMirror,
    ObservedTopic,
    Read,
)
from reconciler.model.reads import ClusterReads

T = TypeVar("T")
Links = Read[Mapping[str, ObservedLink]]
Mirrors = Read[Mapping[str, ObservedMirror]]


async def read_cluster(api: ClusterApi, wanted: ClusterReads, scrub: Scrub) -> ObservedCluster:
    """Everything that is wanted of one cluster, concurrently once its id is known."""
    try:
        own_id = await api.cluster_id()
    except EngineError as error:
        return _blind(api.name, wanted, error.diagnostics[0])
    return await _Reader(api, own_id, scrub).read(wanted)


def _blind(cluster: str, wanted: ClusterReads, why: Diagnostic) -> ObservedCluster:
    """A cluster of which nothing can be read: a gap for each part that was asked for."""

    def gap(scope: str) -> Gap:
        return Gap(f"{cluster}: {scope}", why)

    return ObservedCluster(
        cluster,
        cluster_id=gap("cluster id"),
        links=gap("cluster links")
        if wanted.links or wanted.link_configs | wanted.link_tasks
        else None,
        mirrors=gap("mirror topics") if wanted.mirrors or wanted.transition_errors else None,
        topics=gap("topics") if wanted.topics else None,
        topic_configs=gap("topic configs") if wanted.topic_configs else None,
        groups=gap("consumer groups") if wanted.groups else None,
        group_offsets={g: gap(f"offsets of group {g}") for g in sorted(wanted.group_offsets)},
        group_members={g: gap(f"members of group {g}") for g in sorted(wanted.group_members)},
    )


class _Reader:
    def __init__(self, api: ClusterApi, own_id: str, scrub: Scrub) -> None:
        self._api = api
        self._own_id = own_id
        self._scrub = scrub

    async def read(self, wanted: ClusterReads) -> ObservedCluster:
        links, mirrors, topics, topic_configs, groups, (offsets, members) = await asyncio.gather(
            self._links(wanted),
            self._mirrors(wanted),
            self._topics() if wanted.topics else _nothing(),
            self._topic_configs() if wanted.topic_configs else _nothing(),
            self._groups() if wanted.groups else _nothing(),
            self._of_groups(wanted),
        )
        observed = ObservedCluster(
            self._api.name,
            cluster_id=self._own_id,
            links=links,
            mirrors=mirrors,
            topics=topics,
            topic_configs=topic_configs,
            groups=groups,
            group_offsets=offsets,
            group_members=members,
            partial_links=links is not None and not _lists_links(wanted),
            partial_mirrors=mirrors is not None and not wanted.mirrors,
        )
        return replace(observed, cluster_id=self._judged_id(observed))

    def _judged_id(self, observed: ObservedCluster) -> Read[str]:
        """The id that all paths named, unless the server said that it is another cluster."""
        for gap in observed.gaps():
            if gap.diagnostic.code == "wrong-cluster-id":
                return Gap(f"{self._api.name}: cluster id", gap.diagnostic)
        return self._own_id

    async def _links(self, wanted: ClusterReads) -> Links | None:
        if _lists_links(wanted):
            return await self._listed_links(wanted)
        if not wanted.link_tasks:
            return None
        found = await asyncio.gather(*(self._tasks_alone(n) for n in sorted(wanted.link_tasks)))
        return {link.address.link: link for link in found if link is not None}

    async def _listed_links(self, wanted: ClusterReads) -> Links:
        listed = await self._or_gap("cluster links", self._api.links())
        if isinstance(listed, Gap):
            return listed
        links = rows.observed_links(self._api.name, self._own_id, listed, self._scrub)
        detailed = await asyncio.gather(
            *(self._with_details(link, wanted) for _, link in sorted(links.items()))
        )
        return {link.address.link: link for link in detailed}

    async def _with_details(self, link: ObservedLink, wanted: ClusterReads) -> ObservedLink:
        name = link.address.link
        tasks, configs = await asyncio.gather(
            self._listed_tasks(name) if name in wanted.link_tasks else _nothing(),
            self._configs(name) if name in wanted.link_configs else _nothing(),
        )
        if tasks is not None:
            # What the list said of the link's health stands where the tasks could not be read.
            ill = link.health.level is HealthLevel.UNHEALTHY and isinstance(tasks.tasks, Gap)
            link = replace(link, tasks=tasks.tasks, health=link.health if ill else tasks.health)
        return link if configs is None else _configured(link, configs)

    async def _tasks_alone(self, name: str) -> ObservedLink | None:
        """A link with its tasks that no list has shown; None when the server says that there is no such link."""
        try:
            return await self._tasks(name)
        except EngineError as error:
            return None if _absent(error) else self._without_tasks(name, error)

    async def _listed_tasks(self, name: str) -> ObservedLink:
        """A link with its tasks that the list has shown. A server that now denies it contradicts itself (P6)."""
        try:
            return await self._tasks(name)
        except EngineError as error:
            return self._without_tasks(name, error)

    async def _tasks(self, name: str) -> ObservedLink:
        row = await self._api.link_with_tasks(name)
        return rows.observed_link(LinkAddress(self._api.name, name), self._own_id, row, self._scrub)

    def _without_tasks(self, name: str, error: EngineError) -> ObservedLink:
        address = LinkAddress(self._api.name, name)
        gap = Gap(f"{address}: tasks", error.diagnostics[0])
        unknown = Health(HealthLevel.UNKNOWN, ("the tasks could not be read",))
        return ObservedLink(address, tasks=gap, health=unknown)

    async def _configs(self, link: str) -> Read[Mapping[str, ObservedConfig]]:
        read = await self._or_gap(f"configs of link {link}", self._api.link_configs(link))
        return read if isinstance(read, Gap) else rows.observed_configs(read)

    async def _mirrors(self, wanted: ClusterReads) -> Mirrors | None:
        mirrors = await self._listed_mirrors() if wanted.mirrors else None
        if isinstance(mirrors, Gap) or not wanted.transition_errors:
            return mirrors
        detailed = await asyncio.gather(
            *(self._mirror(link, name) for link, name in sorted(wanted.transition_errors))
        )
        return {**(mirrors or {}), **{m.address.mirror: m for m in detailed if m is not None}}

    async def _listed_mirrors(self) -> Mirrors:
        listed = await self._or_gap("mirror topics", self._api.mirrors())
        if isinstance(listed, Gap):
            return listed
        with collector_paused():
            return rows.observed_mirrors(self._api.name, listed, self._scrub)

    async def _mirror(self, link: str, name: str) -> ObservedMirror | None:
        """A mirror with the errors of its last change of state. They only explain: without them the row of the list stays."""
        try:
            row = await self._api.mirror_with_errors(link, name)
        except EngineError:
            return None
        return rows.observed_mirror(MirrorAddress(self._api.name, link, name), row, self._scrub)

    async def _topics(self) -> Read[Mapping[str, ObservedTopic]]:
        read = await self._or_gap("topics", self._api.topics())
        return read if isinstance(read, Gap) else rows.observed_topics(read)

    async def _topic_configs(self) -> Read[Mapping[str, Mapping[str, ObservedConfig]]]:
        read = await self._or_gap("topic configs", self._api.topic_configs())
        if isinstance(read, Gap):
            return read
        with collector_paused():
            return rows.observed_topic_configs(read)

    async def _groups(self) -> Read[Mapping[str, ObservedGroup]]:
        read = await self._or_gap("consumer groups", self._api.groups())
        return read if isinstance(read, Gap) else rows.observed_groups(read)

    async def _of_groups(
        self, wanted: ClusterReads
    ) -> tuple[dict[str, Read[tuple[GroupOffset, ...]]], dict[str, Read[int]]]:
        return await asyncio.gather(
            _each(wanted.group_offsets, self._offsets), _each(wanted.group_members, self._members)
        )

    async def _offsets(self, group: str) -> Read[tuple[GroupOffset, ...]]:
        """Offsets of a group; none when the server says that there is no such group."""
        try:
            return rows.group_offsets(group, await self._api.group_lags(group))
        except EngineError as error:
            return () if _absent(error) else self._group_gap("offsets", group, error)

    async def _members(self, group: str) -> Read[int]:
        """How many consumers are in a group; none when the server says that there is no such group."""
        try:
            read = await self._api.group_consumers(group)
        except EngineError as error:
            return 0 if _absent(error) else self._group_gap("members", group, error)
        return len({row.consumer_id for row in read if row.consumer_group_id == group})

    def _group_gap(self, what: str, group: str, error: EngineError) -> Gap:
        return Gap(f"{self._api.name}: {what} of group {group}", error.diagnostics[0])

    async def _or_gap(self, scope: str, reading: Awaitable[T]) -> T | Gap:
        try:
            return await reading
        except EngineError as error:
            return Gap(f"{self._api.name}: {scope}", error.diagnostics[0])


async def _each(names: frozenset[str], reading: Callable[[str], Awaitable[T]]) -> dict[str, T]:
    ordered = sorted(names)
    return dict(zip(ordered, await asyncio.gather(*map(reading, ordered)), strict=True))


def _absent(error: EngineError) -> bool:
    return isinstance(error, RejectedError) and error.absent


def _lists_links(wanted: ClusterReads) -> bool:
    """Configs are read only for links that exist, so they want the list too; tasks come with a row of their own."""
    return wanted.links or bool(wanted.link_configs)


def _configured(link: ObservedLink, configs: Read[Mapping[str, ObservedConfig]]) -> ObservedLink:
    """A link with its configs, and with what only they tell: modes, prefix, pause and filters."""
    if isinstance(configs, Gap):
        return replace(link, configs=configs)
    known = replace(link, configs=configs)
    paused = known.config("cluster.link.paused")
    return replace(
        known,
        filters={kind: _filters(link.address, kind, configs) for kind in FilterKind},
        link_mode=known.config("link.mode"),
        connection_mode=known.config("connection.mode"),
        prefix=known.config("cluster.link.prefix") or "",
        paused=None if paused is None else paused.lower() == "true",
    )


def _filters(
    address: LinkAddress, kind: FilterKind, configs: Mapping[str, ObservedConfig]
) -> Read[FilterSet]:
    family = CATALOGUE.families[kind]
    found = configs.get(family.config)
    try:
        return parse_filters(kind, found.value if found else None)
    except ValueError as error:
        return Gap(f"{address}: {family.config}", _unreadable(address, family.config, str(error)))


def _unreadable(address: LinkAddress, config: str, why: str) -> Diagnostic:
    return Diagnostic(
        code="filter-unreadable",
        severity=Severity.ERROR,
        message=f"the filter that the server holds in {config} cannot be understood: {why}",
        cure=f"look at {config} with the vendor's tools and put a valid filter there, or reset it",
        address=address,
    )


async def _nothing() -> None:
    return None
