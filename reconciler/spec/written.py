"""What was written: one class for each thing that links.yaml speaks of, with the places where it says so.

This is not yet what it means (`DesiredState`): defaults are not applied, names are not looked up, and what the
schema check refused is simply missing, so that the rules can still look at the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from reconciler.model.diagnostics import Position
from reconciler.model.filters import Filter, FilterKind
from reconciler.model.links import ConnectionMode, LinkGoal, Topology
from reconciler.model.mirrors import MirrorGoal
from reconciler.model.secrets import Template


class Word(NamedTuple):
    """A text and where it stands."""

    text: str
    at: Position


class Setting(NamedTuple):
    """The value of a config in Kafka's spelling, where it stands and where its key does."""

    text: str
    at: Position
    key_at: Position


class Credential(NamedTuple):
    """A value that may hold references. `as_written` is False for what we composed from a short form."""

    template: Template
    at: Position
    key_at: Position
    as_written: bool = True

    @property
    def literal(self) -> str | None:
        """The text of a value without references; None for one that is not known yet."""
        if self.template.references:
            return None
        return "".join(part for part in self.template.parts if isinstance(part, str))


@dataclass(frozen=True, slots=True)
class SaslEntry:
    """`sasl:`, the short form. `options` are the keys that hold one text each."""

    at: Position
    keys: Mapping[str, Position]
    mechanism: Word | None
    options: Mapping[str, Credential]
    extensions: Mapping[str, Credential]


@dataclass(frozen=True, slots=True)
class TlsEntry:
    """`tls:` of a link. `enabled` is False for an unencrypted connection, and `verify_hostname` None where nothing
    is said of it.
    """

    at: Position
    enabled: bool
    options: Mapping[str, Credential] = field(default_factory=dict)
    verify_hostname: bool | None = None


@dataclass(frozen=True, slots=True)
class SecurityEntry:
    """The short forms of one direction."""

    sasl: SaslEntry | None = None
    tls: TlsEntry | None = None


@dataclass(frozen=True, slots=True)
class CredentialsEntry:
    """`credentials:` of a link or side."""

    at: Position
    raw: Mapping[str, Credential]
    remote: SecurityEntry
    local: SecurityEntry


class Stranger(NamedTuple):
    """A property of a filter row that linkctl does not know. `owner` is the key of the mapping in the row that it
    stands in, or empty.
    """

    owner: str
    name: str
    at: Position


class FilterRow(NamedTuple):
    """One row of a filter list."""

    row: Filter
    at: Position
    strangers: tuple[Stranger, ...]


@dataclass(frozen=True, slots=True)
class FilterList:
    """`groupFilters`, `topicFilters` or `aclFilters`. `complete` is False when a row was refused."""

    at: Position
    rows: tuple[FilterRow, ...]
    complete: bool = True


@dataclass(frozen=True, slots=True)
class SectionEntry:
    """What belongs to one link object: the keys that a link and a side have in common. `keys` are all keys that
    were written, also those whose value was refused.
    """

    at: Position
    keys: Mapping[str, Position]
    connection_mode: ConnectionMode | None = None
    bootstrap_servers: Word | None = None
    prefix: Word | None = None
    configs: Mapping[str, Setting] = field(default_factory=dict)
    refused_configs: frozenset[str] = frozenset()
    """Configs whose value was refused, so that it is not known whether they are set."""
    resets: Mapping[str, Position] = field(default_factory=dict)
    credentials: CredentialsEntry | None = None
    filters: Mapping[FilterKind, FilterList] = field(default_factory=dict)


NO_SETTINGS: Mapping[str, Setting] = {}


class MirrorEntry(NamedTuple):
    """An item of `mirrorTopics`: `name` or `match` is there, or a rule will ask for it. A tuple, because files
    hold thousands of them.
    """

    at: Position
    name: str | None = None
    match: Word | None = None
    excludes: tuple[Word, ...] = ()
    goal: MirrorGoal | None = MirrorGoal.ACTIVE
    configs: Mapping[str, Setting] = NO_SETTINGS
    replication_factor: int | None = None
    max_lag: int | None = None
    origin: Word | None = None
    keys: Mapping[str, Position] = {}


@dataclass(frozen=True, slots=True)
class LinkEntry:
    """An item of `links`."""

    own: SectionEntry
    name: Word | None
    mode: Topology | None
    """None when the word was refused: then nothing that depends on it is checked."""
    goal: LinkGoal
    source: Word | None
    destination: Word | None
    between: tuple[Word, ...]
    sides: Mapping[str, SectionEntry]
    side_keys: Mapping[str, Position]
    mirrors: tuple[MirrorEntry, ...]

    @property
    def at(self) -> Position:
        """Where the entry begins."""
        return self.own.at


@dataclass(frozen=True, slots=True)
class AuthEntry:
    """`auth:` of a cluster. `kind` is the key that was chosen."""

    kind: str
    at: Position
    secrets: Mapping[str, Credential]
    token_url: Credential | None = None
    scope: Credential | None = None
    headers: Mapping[str, Credential] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RestTlsEntry:
    """`tls:` of a cluster."""

    at: Position
    ca_file: Credential | None = None
    cert_file: Credential | None = None
    key_file: Credential | None = None
    key_password: Credential | None = None
    insecure: Position | None = None
    """Where verification is turned off, if it is."""


@dataclass(frozen=True, slots=True)
class ClusterEntry:
    """An item of `clusters`."""

    name: str
    at: Position
    keys: Mapping[str, Position]
    bootstrap_servers: Word | None = None
    rest_endpoint: Word | None = None
    cluster_id: Word | None = None
    auth: AuthEntry | None = None
    tls: RestTlsEntry | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One file, or all files together."""

    clusters: Mapping[str, ClusterEntry] = field(default_factory=dict)
    links: tuple[LinkEntry, ...] = ()
    defaults: SectionEntry | None = None
    protect: tuple[Word, ...] = ()
