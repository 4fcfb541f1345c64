"""The REST API of one cluster: one method per endpoint that is read, and one that sends a write.

Reads are wrapped in the injected retry, one wrap per request; writes are sent once. Lists are read to their end
(`pages.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from reconciler.cluster_linking import paths, wire
from reconciler.cluster_linking.exchange import Exchange
from reconciler.cluster_linking.http import ClusterHttp
from reconciler.cluster_linking.pages import Pages
from reconciler.collector import collector_paused
from reconciler.model.diagnostics import Diagnostic
from reconciler.model.engine import Retry
from reconciler.model.errors import UnreadableError

T = TypeVar("T")
Row = TypeVar("Row")


class ClusterApi:
    """One cluster's REST API. Every method raises what `ClusterHttp.send` and `wire.decode` raise."""

    def __init__(self, http: ClusterHttp, retry: Retry, monotonic: Callable[[], float]) -> None:
        self._http = http
        self._retry = retry
        self._monotonic = monotonic
        self._identifying = asyncio.Lock()
        self._found_id: str | None = None

    @property
    def name(self) -> str:
        """The cluster's name in the YAML."""
        return self._http.cluster.name

    @property
    def known_id(self) -> str | None:
        """The cluster id, as far as it is known without asking."""
        return self._http.cluster.cluster_id or self._found_id

    async def cluster_id(self) -> str:
        """The id that paths need: as given, or asked for once."""
        async with self._identifying:
            if self.known_id is None:
                self._found_id = await self._only_cluster()
        return self.known_id or ""

    async def links(self) -> list[wire.LinkRow]:
        """All links of the cluster."""
        path = paths.links(await self.cluster_id())
        return await self._list(path, wire.Listing[wire.LinkRow])

    async def link_with_tasks(self, link: str) -> wire.LinkRow:
        """One link and its background tasks."""
        path = paths.links(await self.cluster_id(), link)
        row = await self._one(path, wire.LinkRow, {"include_tasks": "true"})
        self._check_is(path, row.link_name, link)
        return row

    async def link_configs(self, link: str) -> list[wire.ConfigRow]:
        """All configs of a link, defaults included; rows that say they belong to another link are dropped.

        Every server lists every config that it knows, whether anybody has set it or not (cluster-linking reference,
        section 2.7), so a list without a single value is not that of a link of which nothing is set.
        """
        path = paths.links(await self.cluster_id(), link, "configs")
        rows = await self._list(path, wire.Listing[wire.ConfigRow])
        own = [row for row in rows if row.name and row.link_name in {None, "", link}]
        if all(row.value is None for row in own):
            raise UnreadableError(
                _no_configs(Exchange.of(self.name, "GET", self._http.base + path))
            )
        return own

    async def mirrors(self) -> list[wire.MirrorRow]:
        """All mirror topics of all links, in one request."""
        path = paths.links(await self.cluster_id(), paths.ALL, "mirrors")
        return await self._list(path, wire.Listing[wire.MirrorRow])

    async def mirror_with_errors(self, link: str, mirror: str) -> wire.MirrorRow:
        """One mirror topic with the errors of its last change of state."""
        path = paths.links(await self.cluster_id(), link, "mirrors", mirror)
        row = await self._one(path, wire.MirrorRow, {"include_state_transition_errors": "true"})
        self._check_is(path, row.mirror_topic_name, mirror)
        return row

    async def topics(self) -> list[wire.TopicRow]:
        """All topics, mirror topics among them."""
        path = paths.topics(await self.cluster_id())
        return await self._list(path, wire.Listing[wire.TopicRow])

    async def topic_configs(self) -> list[wire.ConfigRow]:
        """All configs of all topics, in one request."""
        path = paths.topics(await self.cluster_id(), paths.ALL, "configs")
        return await self._list(path, wire.Listing[wire.ConfigRow])

    async def groups(self) -> list[wire.GroupRow]:
        """All consumer groups."""
        path = paths.groups(await self.cluster_id())
        return await self._list(path, wire.Listing[wire.GroupRow])

    async def group_lags(self, group: str) -> list[wire.GroupLagRow]:
        """Where one consumer group stands."""
        path = paths.groups(await self.cluster_id(), group, "lags")
        return await self._list(path, wire.Listing[wire.GroupLagRow])

    async def group_consumers(self, group: str) -> list[wire.ConsumerRow]:
        """The members of one consumer group."""
        path = paths.groups(await self.cluster_id(), group, "consumers")
        return await self._list(path, wire.Listing[wire.ConsumerRow])

    async def write(
        self, method: str, path: str, query: dict[str, str], body: bytes | None
    ) -> tuple[Exchange, bytes]:
        """Send one write once."""
        url = self._http.base + path
        answer = await self._http.send(method, url, query=query or None, body=body)
        return Exchange.of(self.name, method, url), answer

    async def _only_cluster(self) -> str:
        rows = await self._list(paths.clusters(), wire.Listing[wire.ClusterRow])
        ids = sorted({row.cluster_id for row in rows if row.cluster_id})
        if len(ids) == 1:
            return ids[0]
        exchange = Exchange.of(self.name, "GET", self._http.base + paths.clusters())
        raise UnreadableError(_ambiguous(exchange, ids))

    def _check_is(self, path: str, answered: str | None, asked: str) -> None:
        """An object that is not the one that was asked for proves nothing about that one."""
        if answered != asked:
            raise UnreadableError(_stranger(Exchange.of(self.name, "GET", self._http.base + path)))

    async def _one(self, path: str, shape: type[T], query: dict[str, str]) -> T:
        return await self._get(self._http.base + path, shape, query)

    async def _list(self, path: str, shape: type[wire.Listing[Row]]) -> list[Row]:
        first = self._http.base + path
        pages = Pages(Exchange.of(self.name, "GET", first), first, self._monotonic)
        rows: list[Row] = []
        url: str | None = first
        while url:
            page = await self._get(url, shape)
            rows.extend(page.data)
            url = pages.after(url, page)
        return rows

    async def _get(self, url: str, shape: type[T], query: dict[str, str] | None = None) -> T:
        async def attempt() -> T:
            body = await self._http.send("GET", url, query=query)
            with collector_paused():
                return wire.decode(Exchange.of(self.name, "GET", url), body, shape)

        return await self._retry(attempt)


def _stranger(exchange: Exchange) -> Diagnostic:
    return exchange.error(
        "unexpected-answer",
        "the answer is about something else than what was asked for",
        "check restEndpoint and the server's version: something may answer in the cluster's place",
    )


def _no_configs(exchange: Exchange) -> Diagnostic:
    return exchange.error(
        "configs-missing",
        "the list of the link's configs names no value at all, although a link always has some",
        "run it again; if it stays, look at restEndpoint and at the rights of this principal",
    )


def _ambiguous(exchange: Exchange, ids: list[str]) -> Diagnostic:
    return exchange.error(
        "cluster-id-needed",
        f"the server names {len(ids)} clusters, and the YAML does not say which one is meant",
        "give clusterId for this cluster",
    )
