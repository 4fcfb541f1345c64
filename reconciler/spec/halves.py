"""From an entry to its link objects: who dials, who hosts the mirrors, and what applies there with defaults.

    mode            object on        link.mode       connects    hosts mirrors
    destination     destination      DESTINATION     OUTBOUND    yes
    source          destination      DESTINATION     INBOUND     yes              made first
                    source           SOURCE          OUTBOUND    no
    bidirectional   each side        BIDIRECTIONAL   as it says  yes              INBOUND made first

(cluster-linking reference, section 7)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.model.address import LinkAddress
from reconciler.model.catalogue import Catalogue
from reconciler.model.diagnostics import Position
from reconciler.model.filters import FilterKind
from reconciler.model.links import ConnectionMode, LinkGoal, LinkMode, Topology
from reconciler.spec.layers import layered
from reconciler.spec.written import (
    Credential,
    Document,
    FilterList,
    LinkEntry,
    SectionEntry,
    Setting,
    Word,
)

_IN, _OUT = ConnectionMode.INBOUND, ConnectionMode.OUTBOUND


@dataclass(frozen=True, slots=True)
class Half:
    """One link object as an entry wants it. `configs` and `credentials` include the defaults."""

    entry: LinkEntry
    section: SectionEntry
    name: str
    cluster: str
    remote: str
    link_mode: LinkMode
    connection_mode: ConnectionMode
    remote_connection_mode: ConnectionMode | None
    hosts_mirrors: bool
    configs: Mapping[str, Setting]
    refused_configs: frozenset[str]
    resets: Mapping[str, Position]
    credentials: Mapping[str, Credential]
    prefix: Word | None
    prefix_text: str
    """The prefix of its mirrors; empty for none."""
    filters: Mapping[FilterKind, FilterList]

    @property
    def dials(self) -> bool:
        """Whether it connects to the other cluster."""
        return self.connection_mode is _OUT

    @property
    def stays(self) -> bool:
        """Whether it is to be there. To delete one, nothing of what it is made of is sent."""
        return self.entry.goal is not LinkGoal.ABSENT

    @property
    def side(self) -> str | None:
        """The cluster that its keys stand under in `sides`; None where they are the link's own."""
        return None if self.section is self.entry.own else self.cluster

    @property
    def address(self) -> LinkAddress:
        """Its address."""
        return LinkAddress(self.cluster, self.name)


class Hosts:
    """Which half of an entry holds a mirror topic. Mostly there is only one, and then nobody has to ask."""

    __slots__ = ("_by_source", "only")

    def __init__(self, halves: tuple[Half, ...]) -> None:
        hosting = [half for half in halves if half.hosts_mirrors]
        self._by_source = {half.remote: half for half in hosting}
        self.only = hosting[0] if len(hosting) == 1 else None

    def of(self, origin: Word) -> Half | None:
        """The half that takes data from a cluster."""
        return self._by_source.get(origin.text)


@dataclass(frozen=True, slots=True)
class _Role:
    """What a half is, apart from what is configured on it."""

    cluster: str
    remote: str
    link_mode: LinkMode
    connects: ConnectionMode
    other_connects: ConnectionMode | None
    hosts: bool


def halves(document: Document, entry: LinkEntry, catalogue: Catalogue) -> tuple[Half, ...]:
    """The link objects of an entry, in the order in which they must be made; none when it does not say enough."""
    if entry.name is None or entry.mode is None:
        return ()
    if entry.mode is Topology.BIDIRECTIONAL:
        return _sides(document, entry, catalogue)
    if entry.source is None or entry.destination is None:
        return ()
    source, destination = entry.source.text, entry.destination.text
    if source == destination:
        return ()
    if entry.mode is Topology.DESTINATION:
        role = _Role(destination, source, LinkMode.DESTINATION, _OUT, None, hosts=True)
        return (_half(document, entry, entry.own, role, catalogue),)
    inbound = _Role(destination, source, LinkMode.DESTINATION, _IN, _OUT, hosts=True)
    outbound = _Role(source, destination, LinkMode.SOURCE, _OUT, _IN, hosts=False)
    return (
        _half(document, entry, entry.own, inbound, catalogue),
        _half(document, entry, entry.own, outbound, catalogue),
    )


def sides_known(document: Document, entry: LinkEntry) -> tuple[str, str] | None:
    """The two clusters of a bidirectional entry; None while one of them is not known, so that a slip in
    `between` is not followed by complaints about everything that belongs to that side.
    """
    match [word.text for word in entry.between]:
        case [one, other] if {one, other} <= document.clusters.keys():
            return one, other
        case _:
            return None


def _sides(document: Document, entry: LinkEntry, catalogue: Catalogue) -> tuple[Half, ...]:
    names = sides_known(document, entry)
    if names is None:
        return ()
    nothing = SectionEntry(entry.at, {})
    sections = {name: entry.sides.get(name, nothing) for name in names}
    if any("connectionMode" in s.keys and s.connection_mode is None for s in sections.values()):
        return ()
    connects = {name: section.connection_mode or _OUT for name, section in sections.items()}
    # Sorted, so that turning `between` round does not turn the plan round.
    order = sorted(names, key=lambda name: (connects[name] is _OUT, name))
    pairs = [(order[0], order[-1]), (order[-1], order[0])]
    return tuple(
        _half(
            document,
            entry,
            sections[here],
            _Role(
                here,
                there,
                LinkMode.BIDIRECTIONAL,
                connects[here],
                connects[there],
                hosts=True,
            ),
            catalogue,
        )
        for here, there in pairs
    )


def _half(
    document: Document,
    entry: LinkEntry,
    section: SectionEntry,
    role: _Role,
    catalogue: Catalogue,
) -> Half:
    # On a source-initiated pair both halves are fed by one section: features go to the half that hosts the mirrors,
    # what concerns the connection and the dialling cluster to the half that dials.
    paired = role.link_mode is not LinkMode.BIDIRECTIONAL and role.other_connects is not None
    prefix = section.prefix if role.hosts else None
    # Nothing comes back through a connection to a side that dials itself.
    layers = layered(
        document.defaults, entry.own, section, catalogue, answered=role.other_connects is _IN
    )

    def belongs(name: str) -> bool:
        dialling = name.startswith("local.") or catalogue.is_security(name)
        return not paired or dialling is not role.hosts

    return Half(
        entry,
        section,
        name=entry.name.text if entry.name else "",
        cluster=role.cluster,
        remote=role.remote,
        link_mode=role.link_mode,
        connection_mode=role.connects,
        remote_connection_mode=role.other_connects,
        hosts_mirrors=role.hosts,
        configs={name: setting for name, setting in layers.configs.items() if belongs(name)},
        refused_configs=layers.refused_configs,
        resets={name: at for name, at in layers.resets.items() if belongs(name)},
        credentials=layers.credentials if role.connects is _OUT else {},
        prefix=prefix,
        prefix_text=prefix.text if prefix else "",
        filters=section.filters if role.hosts else {},
    )
