"""Which live link objects are one entry of links.yaml (cluster-linking reference, section 7).

    objects                                            entry
    DESTINATION, dialling                              mode destination
    DESTINATION, dialled + SOURCE                      mode source
    BIDIRECTIONAL + BIDIRECTIONAL, at least one dials  mode bidirectional
    anything else                                      none: said why

A pair carries one name and one id, and each half names the other's cluster.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from reconciler.model.address import LinkAddress
from reconciler.model.links import ConnectionMode, LinkMode, Topology
from reconciler.model.observed import ObservedLink
from reconciler.planning.outlook import is_paused
from reconciler.workflows.exporting.names import Remotes
from reconciler.workflows.exporting.omissions import Omission


@dataclass(frozen=True, slots=True)
class LiveHalf:
    """A live link object with its role. `remote_dials` is None when there is no other half."""

    link: ObservedLink
    remote: str
    hosts: bool
    dials: bool
    remote_dials: bool | None = None

    @property
    def address(self) -> LinkAddress:
        """Where it is."""
        return self.link.address


@dataclass(frozen=True, slots=True)
class LiveEntry:
    """The link objects that make one entry; of a pair, the dialled or first half comes first."""

    topology: Topology
    halves: tuple[LiveHalf, ...]
    paused: bool

    @property
    def name(self) -> str:
        """The name of the link."""
        return self.halves[0].address.link

    @property
    def host(self) -> LiveHalf:
        """The half that holds the mirror topics, where only one can."""
        return next(half for half in self.halves if half.hosts)

    @property
    def dialler(self) -> LiveHalf:
        """The half that dials, where only one does."""
        return next(half for half in self.halves if half.dials)


def pair_up(
    links: Mapping[LinkAddress, ObservedLink], remotes: Remotes
) -> tuple[tuple[LiveEntry, ...], tuple[Omission, ...]]:
    """All entries, by name and cluster, and the link objects that make none."""
    pairing = _Pairing(links, remotes)
    ordered = sorted(links.values(), key=lambda link: (link.address.link, link.address.cluster))
    found = [part for link in ordered for part in pairing.entries_of(link)]
    return (
        tuple(part for part in found if isinstance(part, LiveEntry)),
        tuple(part for part in found if isinstance(part, Omission)),
    )


@dataclass(frozen=True, slots=True)
class _Pairing:
    links: Mapping[LinkAddress, ObservedLink]
    remotes: Remotes

    def entries_of(self, link: ObservedLink) -> Iterator[LiveEntry | Omission]:
        """The entry that begins with this link object, or why there is none; nothing for a second half."""
        match _mode(link), _inbound(link):
            case LinkMode.DESTINATION, False:
                half = LiveHalf(link, self.remotes.of[link.address], hosts=True, dials=True)
                yield LiveEntry(Topology.DESTINATION, (half,), is_paused(link) is True)
            case LinkMode.DESTINATION, True:
                yield self._source_initiated(link)
            case LinkMode.SOURCE, False:
                if self._other(link, _is_dialled_destination) is None:
                    yield self._alone(link)
            case LinkMode.BIDIRECTIONAL, _:
                yield from self._bidirectional(link)
            case _:
                yield _left_out(link, "its mode is not one that linkctl knows")

    def _source_initiated(self, link: ObservedLink) -> LiveEntry | Omission:
        other = self._other(link, lambda found: _mode(found) is LinkMode.SOURCE)
        if other is None:
            return self._alone(link)
        host = LiveHalf(link, other.address.cluster, hosts=True, dials=False, remote_dials=True)
        dialler = LiveHalf(other, link.address.cluster, hosts=False, dials=True, remote_dials=False)
        return LiveEntry(Topology.SOURCE, (host, dialler), is_paused(link) is True)

    def _bidirectional(self, link: ObservedLink) -> Iterator[LiveEntry | Omission]:
        other = self._other(
            link,
            lambda found: (
                _mode(found) is LinkMode.BIDIRECTIONAL and not (_inbound(found) and _inbound(link))
            ),
        )
        if other is None:
            yield self._alone(link)
        elif is_paused(link) is not is_paused(other):
            yield _left_out(
                link, "one half is paused and the other is not, and an entry has one `state`"
            )
        elif link.address.cluster < other.address.cluster:
            halves = tuple(
                LiveHalf(
                    here,
                    there.address.cluster,
                    hosts=True,
                    dials=not _inbound(here),
                    remote_dials=not _inbound(there),
                )
                for here, there in ((link, other), (other, link))
            )
            yield LiveEntry(Topology.BIDIRECTIONAL, halves, is_paused(link) is True)

    def _other(
        self, link: ObservedLink, fits: Callable[[ObservedLink], bool]
    ) -> ObservedLink | None:
        found = [other for other in self._namesakes(link) if fits(other) and self._met(link, other)]
        return found[0] if len(found) == 1 else None

    def _namesakes(self, link: ObservedLink) -> Iterable[ObservedLink]:
        here = link.address
        return (
            self.links[address]
            for address in sorted(self.links)
            if address.link == here.link and address.cluster != here.cluster
        )

    def _met(self, one: ObservedLink, other: ObservedLink) -> bool:
        """Whether two halves name each other's clusters and carry one id, as far as their servers say."""
        clusters = (
            (half.remote_cluster_id, self.remotes.ids.get(half.remote_cluster_id or ""), there)
            for half, there in ((one, other.address.cluster), (other, one.address.cluster))
        )
        same_id = one.link_id is None or other.link_id is None or one.link_id == other.link_id
        return same_id and all(i is None or name == there for i, name, there in clusters)

    def _alone(self, link: ObservedLink) -> Omission:
        remote = self.remotes.of[link.address]
        if link.remote_cluster_id is None:
            return _left_out(link, "its other half is on none of the clusters that were read")
        if self.remotes.clusters[remote].rest is None:
            return _left_out(
                link,
                f"its other half is on {remote}, which has no REST endpoint here: add `--endpoint {remote}=URL`",
            )
        return _left_out(link, f"its other half is not on {remote}, or does not belong to it")


def _mode(link: ObservedLink) -> LinkMode | None:
    """The mode; a server that does not list it has links of one mode only."""
    word = (link.link_mode or LinkMode.DESTINATION).upper()
    return LinkMode(word) if word in set(LinkMode) else None


def _inbound(link: ObservedLink) -> bool:
    return (link.connection_mode or "").upper() == ConnectionMode.INBOUND


def _is_dialled_destination(link: ObservedLink) -> bool:
    return _mode(link) is LinkMode.DESTINATION and _inbound(link)


def _left_out(link: ObservedLink, why: str) -> Omission:
    return Omission(link.address, "the link", why)
