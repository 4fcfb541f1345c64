"""From what was written to what it means. Called only when nothing is wrong, so there is nothing to check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import attrgetter

from reconciler.model.address import MirrorAddress
from reconciler.model.clusters import (
    Auth,
    BasicAuth,
    BearerAuth,
    Cluster,
    NoAuth,
    OAuth,
    RestEndpoint,
    Tls,
)
from reconciler.model.desired import (
    DesiredHalf,
    DesiredLink,
    DesiredMirror,
    DesiredState,
    MirrorPattern,
)
from reconciler.model.filters import AclFilter, FilterKind, FilterSet, NameFilter
from reconciler.model.links import Topology
from reconciler.model.mirrors import MirrorGoal
from reconciler.model.secrets import Template
from reconciler.spec.halves import Half, Hosts
from reconciler.spec.references import beside
from reconciler.spec.written import (
    AuthEntry,
    ClusterEntry,
    Credential,
    Document,
    FilterList,
    LinkEntry,
    MirrorEntry,
    RestTlsEntry,
    Setting,
)

_NO_CONFIGS: Mapping[str, str] = {}


def resolve(
    document: Document, halves_of: Sequence[tuple[LinkEntry, tuple[Half, ...]]]
) -> DesiredState:
    """The desired state. `halves_of` holds each entry with its link objects."""
    clusters = {name: _cluster(entry) for name, entry in sorted(document.clusters.items())}
    links = [_link(entry, halves, clusters) for entry, halves in halves_of]
    return DesiredState(
        clusters,
        tuple(sorted(links, key=lambda link: (link.halves[0].address, link.name))),
        tuple(sorted({word.text for word in document.protect})),
    )


def _cluster(entry: ClusterEntry) -> Cluster:
    rest = entry.rest_endpoint
    return Cluster(
        entry.name,
        _servers(entry.bootstrap_servers.text) if entry.bootstrap_servers else None,
        RestEndpoint(rest.text.rstrip("/"), _auth(entry.auth), _tls(entry.tls)) if rest else None,
        entry.cluster_id.text if entry.cluster_id else None,
        entry.at,
    )


def _servers(text: str) -> str:
    """`host:port` with commas and nothing else between, so that spacing is not a difference."""
    return ",".join(server.strip() for server in text.split(","))


def _auth(entry: AuthEntry | None) -> Auth:
    if entry is None:
        return NoAuth()
    secrets = {name: credential.template for name, credential in entry.secrets.items()}
    match entry.kind:
        case "basic":
            return BasicAuth(secrets["username"], secrets["password"])
        case "bearer":
            return BearerAuth(secrets["token"])
        case _:
            return OAuth(
                _text(entry.token_url) if entry.token_url else "",
                secrets["clientId"],
                secrets["clientSecret"],
                _text(entry.scope) if entry.scope else None,
                tuple((name, _text(value)) for name, value in sorted(entry.headers.items())),
            )


def _text(value: Credential) -> str | Template:
    return value.template if value.literal is None else value.literal


def _tls(entry: RestTlsEntry | None) -> Tls:
    if entry is None:
        return Tls()
    return Tls(
        _path(entry.ca_file),
        _path(entry.cert_file),
        _path(entry.key_file),
        entry.key_password.template if entry.key_password else None,
        insecure=entry.insecure is not None,
        folder=beside(entry.at.file, ""),
    )


def _path(value: Credential | None) -> str | Template | None:
    if value is None or value.literal is None:
        return value.template if value else None
    return beside(value.at.file, value.literal)


def _link(
    entry: LinkEntry, halves: tuple[Half, ...], clusters: Mapping[str, Cluster]
) -> DesiredLink:
    hosts = Hosts(halves)
    mirrors: list[DesiredMirror] = []
    patterns: list[MirrorPattern] = []
    for mirror in entry.mirrors:
        half = hosts.only if mirror.origin is None else hosts.of(mirror.origin)
        if half is None:
            continue
        if mirror.name is not None:
            mirrors.append(_mirror(mirror, mirror.name, half))
        elif mirror.match is not None:
            patterns.append(_pattern(mirror, mirror.match.text, half))
    mirrors.sort(key=attrgetter("address.cluster", "address.mirror"))
    patterns.sort(key=attrgetter("link", "match"))
    return DesiredLink(
        entry.name.text if entry.name else "",
        entry.mode or Topology.DESTINATION,
        entry.goal,
        tuple(_half(half, clusters) for half in halves),
        tuple(mirrors),
        tuple(patterns),
        entry.at,
    )


def _half(half: Half, clusters: Mapping[str, Cluster]) -> DesiredHalf:
    own = half.section.bootstrap_servers
    return DesiredHalf(
        half.address,
        half.remote,
        half.link_mode,
        half.connection_mode,
        half.remote_connection_mode,
        half.hosts_mirrors,
        (_servers(own.text) if own else clusters[half.remote].bootstrap_servers)
        if half.dials
        else None,
        prefix=half.prefix_text,
        configs=_texts(half.configs),
        reset_configs=frozenset(half.resets),
        credentials={name: c.template for name, c in sorted(half.credentials.items())},
        filters={kind: _filter_set(kind, rows) for kind, rows in half.filters.items()},
        position=half.section.at,
    )


def _texts(configs: Mapping[str, Setting]) -> Mapping[str, str]:
    if not configs:
        return _NO_CONFIGS
    return {name: setting.text for name, setting in sorted(configs.items())}


def _filter_set(kind: FilterKind, listed: FilterList) -> FilterSet:
    if kind is FilterKind.ACL:
        return frozenset(row.row for row in listed.rows if isinstance(row.row, AclFilter))
    return frozenset(row.row for row in listed.rows if isinstance(row.row, NameFilter))


def _mirror(mirror: MirrorEntry, name: str, half: Half) -> DesiredMirror:
    return DesiredMirror(
        MirrorAddress(half.cluster, half.name, half.prefix_text + name),
        name,
        mirror.goal or MirrorGoal.ACTIVE,
        _texts(mirror.configs) if mirror.configs else _NO_CONFIGS,
        mirror.replication_factor,
        mirror.max_lag,
        mirror.at,
    )


def _pattern(mirror: MirrorEntry, match: str, half: Half) -> MirrorPattern:
    return MirrorPattern(
        half.address,
        match,
        tuple(sorted(word.text for word in mirror.excludes)),
        half.prefix_text,
        mirror.goal or MirrorGoal.ACTIVE,
        _texts(mirror.configs),
        mirror.replication_factor,
        mirror.max_lag,
        mirror.at,
    )
