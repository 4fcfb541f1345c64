"""Rules on how a link joins clusters: which keys its mode takes, who dials, and whether that can be dialled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from reconciler.model.address import LinkAddress
from reconciler.model.diagnostics import Diagnostic
from reconciler.model.links import ConnectionMode, Topology
from reconciler.spec.findings import both, did_you_mean, either, error, some
from reconciler.spec.halves import Half, sides_known
from reconciler.spec.rules.clusters import check_ports
from reconciler.spec.written import ClusterEntry, Document, LinkEntry, Word

PER_SIDE = (
    "prefix",
    "bootstrapServers",
    "credentials",
    "groupFilters",
    "topicFilters",
    "aclFilters",
)


def check_link(entry: LinkEntry, document: Document) -> Iterator[Diagnostic]:
    """Rules on one entry."""
    yield from _known_clusters(entry, document.clusters)
    if entry.own.bootstrap_servers:
        yield from check_ports(entry.own.bootstrap_servers)
    if entry.mode is Topology.BIDIRECTIONAL:
        yield from _bidirectional_keys(entry)
        yield from _side_names(entry, sides_known(document, entry) or ())
        yield from _connections(entry)
    elif entry.mode is not None:
        yield from _one_way_keys(entry)
        yield from _two_clusters(entry)


def _known_clusters(entry: LinkEntry, clusters: Mapping[str, ClusterEntry]) -> Iterator[Diagnostic]:
    for word in (entry.source, entry.destination, *entry.between):
        if word is not None and word.text not in clusters:
            declared = some(sorted(clusters)) or "none"
            yield error(
                code="unknown-cluster",
                at=word.at,
                message="no cluster of this name is declared",
                cure=did_you_mean(
                    word.text, clusters, f"declare it under `clusters` (declared: {declared})"
                ),
            )


def _bidirectional_keys(entry: LinkEntry) -> Iterator[Diagnostic]:
    ends = [key for key in ("source", "destination") if key in entry.own.keys]
    if ends:
        yield _other_mode(
            entry,
            ends,
            message=f"a bidirectional link has no {either(ends)}",
            cure="name both clusters in `between`, and say `from` at each mirror topic",
        )
        if "between" not in entry.own.keys:
            # An entry for one way, and a slip in its mode: the rest of it is right.
            return
    one_sided = [key for key in PER_SIDE if key in entry.own.keys]
    if one_sided:
        yield _other_mode(
            entry,
            one_sided,
            message=f"on a bidirectional link, each side has its own {both(one_sided)}",
            cure="move it under `sides`, to the cluster whose link object has it",
        )


def _one_way_keys(entry: LinkEntry) -> Iterator[Diagnostic]:
    keys = [key for key in ("between", "sides") if key in entry.own.keys]
    if keys:
        yield _other_mode(
            entry,
            keys,
            message=f"only bidirectional links have {both(keys)}",
            cure="write `mode: bidirectional`, or name `source` and `destination` instead",
        )


def _other_mode(entry: LinkEntry, keys: Sequence[str], *, message: str, cure: str) -> Diagnostic:
    """Keys that a mode does not take, said once: at the mode where it is written, else at the first key."""
    places = sorted(entry.own.keys[key] for key in keys)
    if "mode" in entry.own.keys:
        places.insert(0, entry.own.keys["mode"])
    return error(
        code="key-of-other-mode",
        at=places[0],
        message=message,
        cure=cure,
        related=tuple(places[1:]),
    )


def _two_clusters(entry: LinkEntry) -> Iterator[Diagnostic]:
    source, destination = entry.source, entry.destination
    if source and destination and source.text == destination.text:
        yield error(
            code="same-cluster",
            at=min(source.at, destination.at),
            message="source and destination are the same cluster",
            cure="a link joins two clusters; correct one of them",
            related=(max(source.at, destination.at),),
        )


def _side_names(entry: LinkEntry, names: Sequence[str]) -> Iterator[Diagnostic]:
    for name, at in entry.side_keys.items():
        if names and name not in names:
            yield error(
                code="unknown-side",
                at=at,
                message="this side is not one of the two clusters in `between`",
                cure=did_you_mean(name, names, "use one of the two names"),
            )


def _connections(entry: LinkEntry) -> Iterator[Diagnostic]:
    inbound = [s for s in entry.sides.values() if s.connection_mode is ConnectionMode.INBOUND]
    if len(inbound) == 2:
        yield error(
            code="nobody-dials",
            at=inbound[0].keys["connectionMode"],
            message="both sides are inbound, so nobody dials",
            cure="make one side `outbound`",
            related=(inbound[1].keys["connectionMode"],),
        )
    for side in inbound:
        for key in ("bootstrapServers", "credentials"):
            if key in side.keys:
                yield error(
                    code="inbound-does-not-dial",
                    at=side.keys[key],
                    message=f"an inbound side is dialled and has no `{key}`",
                    cure="move it to the outbound side, or remove it",
                )
    for side in entry.sides.values():
        if side.bootstrap_servers:
            yield from check_ports(side.bootstrap_servers)


def check_reachable(half: Half, clusters: Mapping[str, ClusterEntry]) -> Iterator[Diagnostic]:
    """Whether a link object can be managed and can dial."""
    here, there = clusters.get(half.cluster), clusters.get(half.remote)
    at = _naming(half)
    if here is not None and "restEndpoint" not in here.keys:
        yield error(
            code="cluster-without-rest",
            at=at.at,
            message="this cluster holds a link object and has no `restEndpoint`",
            cure="add `restEndpoint` to the cluster; only the source of a destination-initiated link can do without",
            related=(here.at,),
        )
    needs_address = half.dials and half.stays
    if (
        needs_address
        and there is not None
        and "bootstrapServers" not in there.keys | half.section.keys.keys()
    ):
        yield error(
            code="no-bootstrap-servers",
            at=half.entry.at,
            message="nothing says under which address the other cluster is dialled",
            cure="add `bootstrapServers` to that cluster, or to the link where its listeners differ",
            related=(there.at,),
        )


def _naming(half: Half) -> Word:
    """Where the entry names the cluster that a half is on."""
    entry = half.entry
    words = chain((entry.source, entry.destination), entry.between)
    named = next((word for word in words if word and word.text == half.cluster), None)
    return named or Word(half.cluster, entry.at)


def repeated(halves: tuple[Half, ...]) -> tuple[tuple[Half, Half], ...]:
    """Link objects of entries that declare a link again, each with its first declaration: one for each entry."""
    first: dict[LinkAddress, Half] = {}
    again: dict[int, tuple[Half, Half]] = {}
    for half in halves:
        other = first.setdefault(half.address, half)
        if other.entry is not half.entry:
            again.setdefault(id(half.entry), (half, other))
    return tuple(again.values())


def check_unique(
    repeated: tuple[tuple[Half, Half], ...], halves: tuple[Half, ...]
) -> Iterator[Diagnostic]:
    """One declaration for each link object, and one link for each prefix on a cluster."""
    for half, other in repeated:
        yield error(
            code="declared-twice",
            at=half.entry.name.at if half.entry.name else half.entry.at,
            message=f"a link of this name on `{half.cluster}` is already declared at {other.entry.at}",
            cure="put everything about one link into one entry, or rename one of them",
            related=(other.entry.at,),
        )
    yield from _prefixes(halves)


def _prefixes(halves: tuple[Half, ...]) -> Iterator[Diagnostic]:
    taken: dict[tuple[str, str], Half] = {}
    for half in halves:
        if half.prefix is None or not half.stays:
            continue
        other = taken.setdefault((half.cluster, half.prefix.text), half)
        if other.address != half.address and other.prefix is not None:
            yield error(
                code="prefix-taken",
                at=half.prefix.at,
                message=f"another link on `{half.cluster}` has the same prefix, and servers refuse that",
                cure="give each link on a cluster a prefix of its own",
                related=(other.prefix.at,),
            )
