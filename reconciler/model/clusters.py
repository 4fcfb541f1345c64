"""Clusters and how their REST API is reached."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import urlsplit

from reconciler.model.diagnostics import Position
from reconciler.model.secrets import Reference, Template

_TOKEN_URL = re.compile(r"https?://[^\s/?#@]+(?:/[^\s#@]*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NoAuth:
    """Requests carry no credentials."""


@dataclass(frozen=True, slots=True)
class BasicAuth:
    """HTTP Basic: a Kafka API key and its secret on Cloud, user and password on Platform."""

    username: Template
    password: Template


@dataclass(frozen=True, slots=True)
class BearerAuth:
    """A token that somebody else obtained."""

    token: Template


@dataclass(frozen=True, slots=True)
class OAuth:
    """OAuth2 client credentials (RFC 6749, section 4.4): linkctl fetches the token itself.

    `headers` go with every REST call beside the token, such as the identity pool and the logical cluster that
    Cloud's documentation asks for; a template is resolved when it is sent. So is the URL, which must then be one
    (`is_token_url`).
    """

    token_url: str | Template
    client_id: Template
    client_secret: Template
    scope: str | Template | None = None
    headers: tuple[tuple[str, str | Template], ...] = ()


def is_token_url(text: str) -> bool:
    """Whether a text is the URL of a token endpoint: http or https, without user, password and fragment."""
    try:
        return _TOKEN_URL.fullmatch(text) is not None and urlsplit(text).port != 0
    except ValueError:  # a port that no server can have, or brackets that hold no address
        return False


Auth: TypeAlias = NoAuth | BasicAuth | BearerAuth | OAuth


@dataclass(frozen=True, slots=True)
class Tls:
    """What TLS trusts and shows. A path is as the reader of the file has resolved it; what a template stands for is
    relative to `folder`. `insecure` turns verification off and is warned of.
    """

    ca_file: str | Template | None = None
    cert_file: str | Template | None = None
    key_file: str | Template | None = None
    key_password: Template | None = None
    insecure: bool = False
    folder: str = "."

    def references(self) -> Iterator[Reference]:
        """Every reference in it."""
        for value in (self.ca_file, self.cert_file, self.key_file, self.key_password):
            yield from _references(value)


@dataclass(frozen=True, slots=True)
class RestEndpoint:
    """Base URL of a REST v3 API, `https://host:8090/kafka/v3`, without a trailing slash."""

    url: str
    auth: Auth = NoAuth()
    tls: Tls = Tls()


@dataclass(frozen=True, slots=True)
class Cluster:
    """A Kafka cluster as the YAML names it.

    Without `rest` the cluster can only be a source that the other side dials (plain Kafka, MSK).
    `cluster_id`, when given, must be what the live cluster says.
    """

    name: str
    bootstrap_servers: str | None = None
    rest: RestEndpoint | None = None
    cluster_id: str | None = None
    position: Position | None = None

    def references(self) -> Iterator[Reference]:
        """Every reference that a request to this cluster needs."""
        if self.rest is None:
            return
        match self.rest.auth:
            case BasicAuth(username, password):
                yield from username.references
                yield from password.references
            case BearerAuth(token):
                yield from token.references
            case OAuth() as oauth:
                own = (oauth.token_url, oauth.client_id, oauth.client_secret, oauth.scope)
                for value in (*own, *(value for _, value in oauth.headers)):
                    yield from _references(value)
            case NoAuth():
                pass
        yield from self.rest.tls.references()


def _references(value: str | Template | None) -> tuple[Reference, ...]:
    return value.references if isinstance(value, Template) else ()
