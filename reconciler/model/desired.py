"""What the YAML means: the wanted state of links, mirror topics and filters.

Everything is resolved except what needs a look at the live clusters: patterns (`match`) stay patterns, and
secrets stay templates.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from reconciler.model.address import LinkAddress, MirrorAddress
from reconciler.model.clusters import Cluster
from reconciler.model.diagnostics import Position
from reconciler.model.filters import FilterKind, FilterSet
from reconciler.model.links import ConnectionMode, LinkGoal, LinkMode, Topology
from reconciler.model.mirrors import MirrorGoal
from reconciler.model.secrets import Template


@dataclass(frozen=True, slots=True)
class DesiredHalf:
    """One link object on one cluster.

    A destination-initiated link has one half; a source-initiated or bidirectional one has two. Only keys that
    the YAML declares are here. `credentials` holds all security configs: templates for all of them, secret or
    not. A filter kind that is missing from `filters` is not managed.
    """

    address: LinkAddress
    remote: str
    """Name of the cluster on the other side."""
    link_mode: LinkMode
    connection_mode: ConnectionMode
    remote_connection_mode: ConnectionMode | None
    """Connection mode of the other half; None when there is no other half."""
    hosts_mirrors: bool
    bootstrap_servers: str | None
    """What this half dials; None when it is dialled."""
    prefix: str = ""
    configs: Mapping[str, str] = field(default_factory=dict)
    reset_configs: frozenset[str] = frozenset()
    credentials: Mapping[str, Template] = field(default_factory=dict)
    filters: Mapping[FilterKind, FilterSet] = field(default_factory=dict)
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class DesiredMirror:
    """One mirror topic, under its own name (with the prefix)."""

    address: MirrorAddress
    source_topic: str
    goal: MirrorGoal = MirrorGoal.ACTIVE
    configs: Mapping[str, str] = field(default_factory=dict)
    replication_factor: int | None = None
    max_lag: int | None = None
    """Records of lag above which `status` and `drift` call the mirror unhealthy; None means no limit."""
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class MirrorPattern:
    """`match` with `except`: globs on source topic names, expanded against live state by planning."""

    link: LinkAddress
    match: str
    excludes: tuple[str, ...] = ()
    prefix: str = ""
    goal: MirrorGoal = MirrorGoal.ACTIVE
    configs: Mapping[str, str] = field(default_factory=dict)
    replication_factor: int | None = None
    max_lag: int | None = None
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class DesiredLink:
    """One entry under `links`: its halves in the order in which they must be created, and what hangs on it."""

    name: str
    topology: Topology
    goal: LinkGoal
    halves: tuple[DesiredHalf, ...]
    mirrors: tuple[DesiredMirror, ...] = ()
    patterns: tuple[MirrorPattern, ...] = ()
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class DesiredState:
    """All that is wanted, from all files."""

    clusters: Mapping[str, Cluster]
    links: tuple[DesiredLink, ...] = ()
    protect: tuple[str, ...] = ()
    """Globs on mirror names; they beat every consent and outlive the entries."""

    def halves(self) -> Iterator[tuple[DesiredLink, DesiredHalf]]:
        """Every link object that is spoken of, with the entry it belongs to."""
        for link in self.links:
            for half in link.halves:
                yield link, half

    def mirrors(self) -> Iterator[tuple[DesiredLink, DesiredMirror]]:
        """Every listed mirror topic, with the entry it belongs to."""
        for link in self.links:
            for mirror in link.mirrors:
                yield link, mirror
