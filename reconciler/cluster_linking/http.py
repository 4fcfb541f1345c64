"""One cluster's HTTP client: sends one request once and returns its body, or one of our errors.

All requests of a cluster share one `httpx.AsyncClient`, made when the first is sent. Redirects are not
followed (credentials must not travel), proxies come from the environment as for any other tool, except for
loopback addresses, and at most `_AT_ONCE` requests are under way.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

import httpx

from reconciler.cluster_linking.answers import readable
from reconciler.cluster_linking.auth import auth_flow, identity_headers
from reconciler.cluster_linking.exchange import Exchange, harmless
from reconciler.cluster_linking.faults import NETWORK_ERRORS, network_error
from reconciler.cluster_linking.secret_values import SecretValues
from reconciler.cluster_linking.tls import cluster_context, token_context, unused_context
from reconciler.model.clusters import Cluster, OAuth, RestEndpoint
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.errors import EngineError, NotSentError

_AT_ONCE = 8
_CONNECT_TIMEOUT = 10.0
_PATIENCE = 4
"""A whole exchange may take this many times the timeout that holds for each of its pauses."""


class ClusterHttp:
    """The HTTP client of one cluster. `timeout` is in seconds, for each wait on the network."""

    def __init__(
        self,
        cluster: Cluster,
        secrets: SecretValues,
        *,
        transport: httpx.AsyncBaseTransport | None,
        user_agent: str,
        timeout: float,
        monotonic: Callable[[], float],
    ) -> None:
        self.cluster = cluster
        self._secrets = secrets
        self._transport = transport
        self._user_agent = user_agent
        self._timeout = timeout
        self._monotonic = monotonic
        self._at_once = asyncio.Semaphore(_AT_ONCE)
        self._client: httpx.AsyncClient | None = None
        self._token_client: httpx.AsyncClient | None = None

    @property
    def base(self) -> str:
        """The base URL, without a trailing slash. User information is never sent nor logged: `auth` is its place.

        Raises:
            NotSentError: the cluster has no REST endpoint.
        """
        return harmless(_endpoint(self.cluster).url).rstrip("/")

    async def send(
        self,
        method: str,
        url: str,
        *,
        query: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> bytes:
        """Send one request once. The answer's body, decompressed, may be empty.

        Raises:
            EngineError: nothing was sent, the answer is lost, or it is not a success.
            InputError: the credentials or TLS files of the cluster cannot be used.
        """
        exchange = Exchange.of(self.cluster.name, method, url)
        headers = {} if body is None else {"Content-Type": "application/json"}
        async with self._at_once:
            client = self._ready()
            error: EngineError
            try:
                async with asyncio.timeout(self._timeout * _PATIENCE):
                    response = await client.request(
                        method, url, params=query, content=body, headers=headers
                    )
                return readable(exchange, response, self._secrets.scrub)
            except NETWORK_ERRORS as raised:
                error = network_error(exchange, raised)
        # Raised out here so that httpx's error, which holds the request, is not dragged along as its context.
        raise error

    async def close(self) -> None:
        """Close the connections."""
        for client in (self._client, self._token_client):
            if client is not None:
                await client.aclose()
        self._client = self._token_client = None

    def _ready(self) -> httpx.AsyncClient:
        if self._client is None:
            endpoint = _endpoint(self.cluster)
            headers = {"Accept": "application/json", "User-Agent": self._user_agent}
            if isinstance(endpoint.auth, OAuth):
                headers.update(identity_headers(self.cluster, endpoint.auth, self._secrets))
            self._client = httpx.AsyncClient(
                auth=auth_flow(
                    self.cluster,
                    self._secrets,
                    token_client=self._for_tokens,
                    monotonic=self._monotonic,
                ),
                headers=headers,
                verify=cluster_context(self.cluster, endpoint.tls, self._secrets)
                if self._needs_tls(endpoint.url)
                else unused_context(),
                transport=self._transport,
                timeout=self._timeouts(),
                trust_env=not _is_loopback(endpoint.url),
                follow_redirects=False,
            )
        return self._client

    def _for_tokens(self, url: str) -> httpx.AsyncClient:
        """A client of its own: the token endpoint must neither see the client certificate nor go unverified."""
        if self._token_client is None:
            tls = _endpoint(self.cluster).tls
            self._token_client = httpx.AsyncClient(
                headers={"Accept": "application/json", "User-Agent": self._user_agent},
                verify=token_context(self.cluster, tls, self._secrets)
                if self._needs_tls(url)
                else unused_context(),
                transport=self._transport,
                timeout=self._timeouts(),
                trust_env=not _is_loopback(url),
                follow_redirects=False,
            )
        return self._token_client

    def _needs_tls(self, url: str) -> bool:
        return self._transport is None and url.lower().startswith("https:")

    def _timeouts(self) -> httpx.Timeout:
        return httpx.Timeout(self._timeout, connect=min(self._timeout, _CONNECT_TIMEOUT))


def _endpoint(cluster: Cluster) -> RestEndpoint:
    if cluster.rest is not None:
        return cluster.rest
    raise NotSentError(
        Diagnostic(
            code="no-rest-endpoint",
            severity=Severity.ERROR,
            message=f"cluster {cluster.name} has no restEndpoint, so it cannot be asked",
            cure="give it a restEndpoint; a cluster without one can only be a source that the other side dials",
            position=cluster.position,
            subject=cluster.name,
        )
    )


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
