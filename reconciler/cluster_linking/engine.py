"""The Cluster Linking engine: joins the parts of this room behind the protocol that the rest of the house knows."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self

import httpx

from reconciler.cluster_linking.api import ClusterApi
from reconciler.cluster_linking.catalogue import CATALOGUE
from reconciler.cluster_linking.command_lines import command_lines
from reconciler.cluster_linking.http import ClusterHttp
from reconciler.cluster_linking.reader import read_cluster
from reconciler.cluster_linking.requests import shown_requests
from reconciler.cluster_linking.secret_values import SecretValues
from reconciler.cluster_linking.writer import Writer
from reconciler.model.catalogue import Catalogue
from reconciler.model.clusters import Cluster
from reconciler.model.engine import ItemAnswer, Request, Retry
from reconciler.model.errors import InputError
from reconciler.model.observed import ObservedCluster, ObservedState
from reconciler.model.reads import Reads
from reconciler.model.secrets import Reference
from reconciler.model.steps import Action
from reconciler.version import __version__

Transports = Callable[[Cluster], httpx.AsyncBaseTransport | None]


def over_the_network(_cluster: Cluster) -> httpx.AsyncBaseTransport | None:
    """No transport of our own: httpx opens connections itself."""
    return None


class ClusterLinkingEngine:
    """Reads and writes Confluent Cluster Linking on the named clusters; implements `model.engine.Engine`.

    An async context manager: connections are opened when first needed, one client per cluster, and closed at
    its end. `lookup` resolves a reference just before it is sent; `retry` wraps each read; `timeout` is in
    seconds for each wait on the network; `monotonic` tells when an OAuth token runs out, and how long a list has been read.
    """

    def __init__(
        self,
        clusters: Mapping[str, Cluster],
        *,
        lookup: Callable[[Reference], str],
        retry: Retry,
        transports: Transports = over_the_network,
        user_agent: str = f"linkctl/{__version__}",
        timeout: float = 30.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clusters = dict(clusters)
        self._secrets = SecretValues(lookup)
        self._https = {
            name: ClusterHttp(
                cluster,
                self._secrets,
                transport=transports(cluster),
                user_agent=user_agent,
                timeout=timeout,
                monotonic=monotonic,
            )
            for name, cluster in self._clusters.items()
        }
        self._apis = {n: ClusterApi(http, retry, monotonic) for n, http in self._https.items()}
        self._writers = {name: Writer(api, self._secrets) for name, api in self._apis.items()}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for http in self._https.values():
            await http.close()

    @property
    def catalogue(self) -> Catalogue:
        """Everything that is known of link configs."""
        return CATALOGUE

    async def observe(self, reads: Reads) -> ObservedState:
        """Read the named scopes of all clusters at once. What cannot be read comes back as a `Gap`.

        Raises:
            InputError: credentials or TLS files of a cluster cannot be used; all such findings in one error.
        """
        names = sorted(reads)
        results = await asyncio.gather(
            *(read_cluster(self._apis[n], reads[n], self._secrets.scrub) for n in names),
            return_exceptions=True,
        )
        return ObservedState({cluster.name: cluster for cluster in _all_read(results)})

    async def perform(self, action: Action) -> tuple[ItemAnswer, ...]:
        """Send one action once, without retries, and return the server's word per object.

        Raises:
            EngineError: the action as a whole was not accepted, or nobody knows; the subclass says which.
            InputError: a reference that it needs cannot be resolved; nothing was sent.
        """
        return await self._writers[action.cluster].perform(action)

    def requests(self, action: Action) -> tuple[Request, ...]:
        """The requests that `perform` would send, secrets as their references."""
        cluster = self._clusters[action.cluster]
        return shown_requests(cluster, self._apis[action.cluster].known_id, action)

    def command_lines(self, action: Action) -> tuple[str, ...]:
        """The vendor's command lines that do the same, secrets as their references."""
        cluster = self._clusters[action.cluster]
        return command_lines(cluster, self._apis[action.cluster].known_id, action)


def _all_read(results: list[ObservedCluster | BaseException]) -> list[ObservedCluster]:
    """The readings; findings about several clusters' input are raised together."""
    wrong_input = [result for result in results if isinstance(result, InputError)]
    if wrong_input:
        raise InputError(*(d for error in wrong_input for d in error.diagnostics))
    clusters: list[ObservedCluster] = []
    for result in results:
        if isinstance(result, BaseException):
            raise result
        clusters.append(result)
    return clusters
