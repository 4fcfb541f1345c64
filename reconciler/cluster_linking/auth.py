"""How requests to a cluster authenticate: as httpx auth flows, built when the first request needs them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from dataclasses import replace
from urllib.parse import quote_plus

import httpx
import msgspec

from reconciler.cluster_linking.exchange import Exchange, Service
from reconciler.cluster_linking.faults import NETWORK_ERRORS, network_error
from reconciler.cluster_linking.secret_values import SecretValues
from reconciler.cluster_linking.values import shown_url, text_of, token_url_of, without_host
from reconciler.model.clusters import BasicAuth, BearerAuth, Cluster, NoAuth, OAuth
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.errors import InputError, NotSentError, RejectedError, UnreadableError
from reconciler.model.secrets import Template

_EARLY = 30.0
"""Seconds before its end at which a token counts as used up, so that it does not expire on the way."""
_DEFAULT_LIFETIME = 300.0
"""Seconds, where the token endpoint does not say (`expires_in` is only recommended: RFC 6749, section 5.1)."""


def auth_flow(
    cluster: Cluster,
    secrets: SecretValues,
    *,
    token_client: Callable[[str], httpx.AsyncClient],
    monotonic: Callable[[], float],
) -> httpx.Auth | None:
    """The flow for a cluster's `auth`, with its references resolved; None where requests carry no credentials.

    Raises:
        InputError: a reference cannot be resolved, or a token cannot be put into a header.
    """
    match cluster.rest.auth if cluster.rest else NoAuth():
        case NoAuth():
            return None
        case BasicAuth(username, password):
            user, word = secrets.reveal(username), secrets.reveal(password)
            secrets.remember(_pair(user, word))
            return httpx.BasicAuth(user, word)
        case BearerAuth(token):
            return _Bearer(_header_value(cluster, secrets, token))
        case OAuth() as oauth:
            return ClientCredentials(
                cluster, oauth, secrets, token_client=token_client, monotonic=monotonic
            )


class _Bearer(httpx.Auth):
    def __init__(self, token: str) -> None:
        self._token = token

    async def async_auth_flow(
        self, request: httpx.Request
    ) -> AsyncGenerator[httpx.Request, httpx.Response]:
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request


class _TokenAnswer(msgspec.Struct):
    access_token: str
    expires_in: float | None = None


class ClientCredentials(httpx.Auth):
    """OAuth2 client credentials (RFC 6749, section 4.4): one token for all requests, fetched once by whoever
    comes first, again shortly before it ends, and once more when the server refuses it before that.
    """

    def __init__(
        self,
        cluster: Cluster,
        oauth: OAuth,
        secrets: SecretValues,
        *,
        token_client: Callable[[str], httpx.AsyncClient],
        monotonic: Callable[[], float],
    ) -> None:
        self._cluster = cluster
        self._oauth = oauth
        self._secrets = secrets
        self._token_client = token_client
        self._monotonic = monotonic
        self._lock = asyncio.Lock()
        self._token: str | None = None
        self._good_until = 0.0

    async def async_auth_flow(
        self, request: httpx.Request
    ) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Send with the token at hand. A 401 means that nothing was done, so one repeat is safe for writes too."""
        token = await self._current()
        request.headers["Authorization"] = f"Bearer {token}"
        response = yield request
        if response.status_code == 401:
            fresh = await self._current(refused=token)
            request.headers["Authorization"] = f"Bearer {fresh}"
            yield request

    async def _current(self, *, refused: str | None = None) -> str:
        async with self._lock:
            if (
                self._token is None
                or self._token == refused
                or self._monotonic() >= self._good_until
            ):
                await self._renew()
            return self._token or ""

    async def _renew(self) -> None:
        answer = await self._fetch()
        lifetime = answer.expires_in if answer.expires_in is not None else _DEFAULT_LIFETIME
        # A token that lives shorter than the margin is used for half its life rather than never.
        self._good_until = self._monotonic() + max(lifetime - _EARLY, lifetime / 2)
        self._token = answer.access_token

    async def _fetch(self) -> _TokenAnswer:
        url = self._oauth.token_url
        exchange = Exchange(
            self._cluster.name, "POST", shown_url(url), service=_token_endpoint(url)
        )
        response = await self._post(exchange)
        if response.status_code == 429 or response.status_code >= 500:
            raise NotSentError(_no_token(exchange, response))
        if not response.is_success:
            raise RejectedError(_no_token(exchange, response), status=response.status_code)
        try:
            answer = msgspec.json.decode(response.content, type=_TokenAnswer)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise UnreadableError(_no_token(exchange, response)) from None
        self._secrets.remember(answer.access_token)
        if not _fits_header(answer.access_token):
            raise UnreadableError(_no_token(exchange, response))
        return answer

    async def _post(self, exchange: Exchange) -> httpx.Response:
        url = token_url_of(self._cluster, self._oauth, self._secrets)
        form = {"grant_type": "client_credentials"}
        if self._oauth.scope:
            form["scope"] = text_of(self._oauth.scope, self._secrets)
        client_id = self._secrets.reveal(self._oauth.client_id)
        client_secret = self._secrets.reveal(self._oauth.client_secret)
        # RFC 6749, section 2.3.1: both are form-encoded before they become user name and password.
        basic = (quote_plus(client_id), quote_plus(client_secret))
        self._secrets.remember(_pair(*basic))
        error: NotSentError
        try:
            return await self._token_client(url).post(url, data=form, auth=httpx.BasicAuth(*basic))
        except NETWORK_ERRORS as raised:
            # Whatever happened to the token request, the request that it is for was not sent.
            found = network_error(exchange, raised).diagnostics
            written = self._oauth.token_url
            error = NotSentError(
                *(replace(d, message=without_host(d.message, written, url)) for d in found)
            )
        raise error


def _token_endpoint(url: str | Template) -> Service:
    """What a request for a token goes to. It is shown no client certificate: that is for the cluster alone."""
    references = url.references if isinstance(url, Template) else ()
    return Service(
        " and ".join(map(str, references)) or "tokenUrl",
        "the token endpoint",
        "linkctl shows a token endpoint none, so it has to do without",
    )


def _no_token(exchange: Exchange, response: httpx.Response) -> Diagnostic:
    return exchange.error(
        "no-token",
        f"the token endpoint gave no access token ({response.status_code})",
        "check tokenUrl, client id, client secret and scope of this cluster's `auth.oauth`",
    )


def identity_headers(
    cluster: Cluster, oauth: OAuth, secrets: SecretValues
) -> Iterator[tuple[str, str]]:
    """What goes with every request beside the token.

    Raises:
        InputError: a reference has no value, or one that no header may hold.
    """
    for name, value in oauth.headers:
        if isinstance(value, str):
            yield name, value
        else:
            yield name, _header_value(cluster, secrets, value, f"the header {name}")


def _header_value(
    cluster: Cluster, secrets: SecretValues, template: Template, what: str = "the bearer token"
) -> str:
    value = secrets.reveal(template).strip()
    if _fits_header(value):
        return value
    raise InputError(
        Diagnostic(
            code="unusable-token",
            severity=Severity.ERROR,
            message=f"{what} of cluster {cluster.name} is empty or holds characters that no header may hold",
            cure=f"put the value alone, on one line, into what {template} names",
            position=cluster.position,
            subject=cluster.name,
        )
    )


def _fits_header(value: str) -> bool:
    return bool(value) and value.isascii() and value.isprintable()


def _pair(user: str, password: str) -> str:
    return f"{user}:{password}"
