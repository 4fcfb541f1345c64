"""All entries as one document: clusters, protection, links with their mirror topics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reconciler.model.catalogue import Catalogue
from reconciler.model.clusters import Auth, BasicAuth, BearerAuth, Cluster, NoAuth, OAuth, Tls
from reconciler.model.links import Topology
from reconciler.model.observed import ObservedState, known
from reconciler.model.spelling import addresses
from reconciler.spec.endpoints import on_cloud
from reconciler.spec.writing import Noted, Plain, Row
from reconciler.workflows.exporting.mirrors import MirrorContext, mirror_items
from reconciler.workflows.exporting.names import BOOTSTRAP, Variables
from reconciler.workflows.exporting.omissions import Omission, comments, omission_order
from reconciler.workflows.exporting.pairing import LiveEntry, LiveHalf
from reconciler.workflows.exporting.sections import joined, read_section


@dataclass(frozen=True, slots=True)
class Estate:
    """What entries are written from."""

    observed: ObservedState
    clusters: Mapping[str, Cluster]
    bootstraps: Mapping[str, str]
    """What is dialled to reach each cluster, unless a link says otherwise."""
    catalogue: Catalogue
    variables: Variables
    with_replication: bool


def common_bootstraps(
    clusters: Mapping[str, Cluster], entries: Iterable[LiveEntry]
) -> dict[str, str]:
    """For each cluster what its file says; for the others what most links dial."""
    dialled: dict[str, Counter[str]] = {}
    for half in (half for entry in entries for half in entry.halves if half.dials):
        if text := _dials(half):
            dialled.setdefault(half.remote, Counter())[text] += 1
    found = {name: _most_common(texts) for name, texts in dialled.items()}
    given = {n: c.bootstrap_servers for n, c in clusters.items() if c.bootstrap_servers}
    return {**found, **given}


def _most_common(texts: Counter[str]) -> str:
    """Of the texts for the addresses that most links dial, the one that most of them have."""
    dialled: Counter[frozenset[str]] = Counter()
    for text, links in texts.items():
        dialled[addresses(text)] += links
    return min(texts, key=lambda text: (-dialled[addresses(text)], -texts[text], text))


def write_entry(entry: LiveEntry, estate: Estate) -> tuple[Plain, tuple[Omission, ...]]:
    """One item of `links`, with comments on what it leaves out."""
    keys: dict[str, Plain] = {"name": entry.name}
    if entry.topology is not Topology.DESTINATION:
        keys["mode"] = entry.topology.value
    if entry.topology is Topology.BIDIRECTIONAL:
        own, omissions = _sides(entry, estate)
    else:
        own, omissions = _one_way(entry, estate)
    keys |= own
    if entry.paused:
        # After the clusters, before the details: it is the first thing to know about a link.
        keys = _after(keys, {"between", "destination"}, "state", "paused")
    items: list[Plain] = []
    for half in entry.halves:
        for found in _mirrors(half, entry, estate) if half.hosts else ():
            if isinstance(found, Omission):
                omissions.append(found)
            else:
                items.append(found)
    if items:
        keys["mirrorTopics"] = items
    ordered = tuple(sorted(omissions, key=omission_order))
    return Noted(keys, above=comments(ordered)), ordered


def _mirrors(half: LiveHalf, entry: LiveEntry, estate: Estate) -> Iterable[Plain | Omission]:
    return mirror_items(
        MirrorContext(
            half,
            estate.observed.cluster(half.address.cluster),
            estate.catalogue,
            with_origin=entry.topology is Topology.BIDIRECTIONAL,
            with_replication=estate.with_replication,
        )
    )


def _one_way(entry: LiveEntry, estate: Estate) -> tuple[dict[str, Plain], list[Omission]]:
    host, dialler = entry.host, entry.dialler
    section = read_section(host, entry.topology, estate.catalogue, estate.variables)
    if dialler is not host:
        other = read_section(dialler, entry.topology, estate.catalogue, estate.variables)
        section = joined(section, other)
    keys: dict[str, Plain] = {"source": host.remote, "destination": host.address.cluster}
    return {**keys, **_own_bootstrap(dialler, estate), **section.keys()}, section.omissions


def _sides(entry: LiveEntry, estate: Estate) -> tuple[dict[str, Plain], list[Omission]]:
    sides: dict[str, Plain] = {}
    omissions: list[Omission] = []
    for half in entry.halves:
        section = read_section(half, entry.topology, estate.catalogue, estate.variables)
        omissions += section.omissions
        mode: dict[str, Plain] = {} if half.dials else {"connectionMode": "inbound"}
        side = {**mode, **_own_bootstrap(half, estate), **section.keys()}
        if side:
            sides[half.address.cluster] = side
    between: dict[str, Plain] = {"between": Row([half.address.cluster for half in entry.halves])}
    return {**between, **({"sides": sides} if sides else {})}, omissions


def _own_bootstrap(half: LiveHalf, estate: Estate) -> dict[str, Plain]:
    """`bootstrapServers` of a link that dials other listeners than the cluster's own entry says."""
    text = _dials(half) if half.dials else ""
    same = addresses(text) == addresses(estate.bootstraps.get(half.remote))
    return {} if same or not text else {"bootstrapServers": text}


def _dials(half: LiveHalf) -> str:
    parts = (part.strip() for part in (half.link.config(BOOTSTRAP) or "").split(","))
    return ",".join(sorted(set(parts) - {""}))


def _after(keys: dict[str, Plain], places: set[str], name: str, value: Plain) -> dict[str, Plain]:
    ordered: dict[str, Plain] = {}
    for key, below in keys.items():
        ordered[key] = below
        if key in places:
            ordered[name] = value
    return ordered


def write_cluster(cluster: Cluster, estate: Estate) -> Plain:
    """One item of `clusters`; paths of files are relative to the current folder."""
    keys: dict[str, Plain] = {}
    if bootstrap := estate.bootstraps.get(cluster.name):
        keys["bootstrapServers"] = bootstrap
    if cluster.rest is not None:
        keys["restEndpoint"] = cluster.rest.url
    if cluster_id := cluster.cluster_id or _needed_id(cluster, estate):
        keys["clusterId"] = cluster_id
    if cluster.rest is not None:
        if auth := _auth(cluster.rest.auth):
            keys["auth"] = auth
        if tls := _tls(cluster.rest.tls):
            keys["tls"] = tls
    return keys


def _needed_id(cluster: Cluster, estate: Estate) -> str | None:
    """The live id where a file is not right without it. Elsewhere whether it binds the name to one cluster is up to
    the file.
    """
    if cluster.rest is None or not on_cloud(cluster.rest.url):
        return None
    return known(estate.observed.cluster(cluster.name).cluster_id)


def _auth(auth: Auth) -> dict[str, Plain]:
    match auth:
        case NoAuth():
            return {}
        case BasicAuth(username, password):
            return {"basic": Row({"username": username, "password": password})}
        case BearerAuth(token):
            return {"bearer": Row({"token": token})}
        case OAuth():
            keys: dict[str, Plain] = {
                "tokenUrl": auth.token_url,
                "clientId": auth.client_id,
                "clientSecret": auth.client_secret,
            }
            if auth.scope is not None:
                keys["scope"] = auth.scope
            if auth.headers:
                keys["headers"] = dict(auth.headers)
            return {"oauth": keys}


def _tls(tls: Tls) -> dict[str, Plain]:
    keys: dict[str, Plain | None] = {
        "caFile": tls.ca_file,
        "certFile": tls.cert_file,
        "keyFile": tls.key_file,
        "keyPassword": tls.key_password,
        "insecure": tls.insecure or None,
    }
    return {name: value for name, value in keys.items() if value is not None}
