"""Clusters and how their REST API is reached."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from reconciler.model.diagnostics import Position
from reconciler.model.secrets import Reference, Template


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
    Cloud's documentation asks for; a template is resolved when it is sent.
    """

    token_url: str
    client_id: Template
    client_secret: Template
    scope: str | None = None
    headers: tuple[tuple[str, str | Template], ...] = ()


Auth: TypeAlias = NoAuth | BasicAuth | BearerAuth | OAuth


@dataclass(frozen=True, slots=True)
class Tls:
    """What TLS trusts and shows. Paths are resolved; `insecure` turns verification off and is warned of."""

    ca_file: str | None = None
    cert_file: str | None = None
    key_file: str | None = None
    key_password: Template | None = None
    insecure: bool = False


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
            case OAuth(client_id=client_id, client_secret=client_secret, headers=headers):
                yield from client_id.references
                yield from client_secret.references
                for _, value in headers:
                    yield from value.references if isinstance(value, Template) else ()
            case NoAuth():
                pass
        if self.rest.tls.key_password is not None:
            yield from self.rest.tls.key_password.references
