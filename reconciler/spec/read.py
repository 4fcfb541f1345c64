"""From checked nodes to what was written. Knows the keys of links.yaml, and judges nothing."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.diagnostics import Position
from reconciler.model.filters import FilterKind
from reconciler.model.links import ConnectionMode, LinkGoal, Topology
from reconciler.model.mirrors import MirrorGoal
from reconciler.spec.nodes import Mapping, Scalar
from reconciler.spec.read_filters import read_filters
from reconciler.spec.view import View
from reconciler.spec.written import (
    AuthEntry,
    ClusterEntry,
    CredentialsEntry,
    Document,
    LinkEntry,
    MirrorEntry,
    RestTlsEntry,
    SaslEntry,
    SectionEntry,
    SecurityEntry,
    TlsEntry,
)

FILTER_KEYS = {
    "groupFilters": FilterKind.GROUP,
    "topicFilters": FilterKind.TOPIC,
    "aclFilters": FilterKind.ACL,
}
AUTH_SECRETS = frozenset({"username", "password", "token", "clientId", "clientSecret"})
_SASL_STRUCTURE = frozenset({"mechanism", "extensions"})


def read_document(file: str, root: Mapping) -> Document:
    """All entries of one file."""
    top = View(file, root)
    clusters, defaults = top.view("clusters"), top.view("defaults")
    return Document(
        clusters={name: _cluster(name, view) for name, view in clusters.views()}
        if clusters
        else {},
        links=tuple(_link(view) for view in top.mappings("links")),
        defaults=_section(defaults) if defaults else None,
        protect=top.words("protect"),
    )


def _cluster(name: str, view: View) -> ClusterEntry:
    tls = view.view("tls")
    return ClusterEntry(
        name,
        view.at,
        view.keys(),
        bootstrap_servers=view.word("bootstrapServers"),
        rest_endpoint=view.word("restEndpoint"),
        cluster_id=view.word("clusterId"),
        auth=_auth(view),
        tls=_rest_tls(tls) if tls else None,
    )


def _auth(cluster: View) -> AuthEntry | None:
    view = cluster.view("auth")
    if view is None:
        return None
    for kind, inner in view.views():
        headers = inner.view("headers")
        return AuthEntry(
            kind,
            inner.at,
            {
                name: credential
                for name, credential in inner.credentials().items()
                if name in AUTH_SECRETS
            },
            token_url=inner.credential("tokenUrl"),
            scope=inner.credential("scope"),
            headers=headers.credentials() if headers else {},
        )
    return None


def _rest_tls(view: View) -> RestTlsEntry:
    insecure = view.get("insecure")
    return RestTlsEntry(
        view.at,
        ca_file=view.credential("caFile"),
        cert_file=view.credential("certFile"),
        key_file=view.credential("keyFile"),
        key_password=view.credential("keyPassword"),
        insecure=view.key_at("insecure")
        if isinstance(insecure, Scalar) and insecure.value is True
        else None,
    )


def _link(view: View) -> LinkEntry:
    mode, state, sides = view.word("mode"), view.word("state"), view.view("sides")
    keys = view.keys()
    return LinkEntry(
        own=_section(view),
        name=view.word("name"),
        mode=Topology(mode.text) if mode else None if "mode" in keys else Topology.DESTINATION,
        goal=LinkGoal(state.text) if state else LinkGoal.ACTIVE,
        source=view.word("source"),
        destination=view.word("destination"),
        between=view.words("between"),
        sides={name: _section(side) for name, side in sides.views()} if sides else {},
        side_keys=sides.keys() if sides else {},
        mirrors=tuple(_mirrors(view)),
    )


def _section(view: View) -> SectionEntry:
    connection, credentials = view.word("connectionMode"), view.view("credentials")
    configs = view.view("configs")
    return SectionEntry(
        view.at,
        view.keys(),
        connection_mode=ConnectionMode(connection.text.upper()) if connection else None,
        bootstrap_servers=view.word("bootstrapServers"),
        prefix=view.word("prefix"),
        configs=configs.settings() if configs else {},
        refused_configs=configs.refused() if configs else frozenset(),
        resets=view.places("resetConfigs"),
        credentials=_credentials(credentials) if credentials else None,
        filters={
            kind: read_filters(view, key, kind)
            for key, kind in FILTER_KEYS.items()
            if view.sequence(key) is not None
        },
    )


def _credentials(view: View) -> CredentialsEntry:
    local = view.view("local")
    return CredentialsEntry(
        view.at,
        raw={name: c for name, c in view.credentials().items() if "." in name},
        remote=_security(view),
        local=_security(local) if local else SecurityEntry(),
    )


def _security(view: View) -> SecurityEntry:
    sasl = view.view("sasl")
    return SecurityEntry(_sasl(sasl) if sasl else None, _tls(view))


def _sasl(view: View) -> SaslEntry:
    extensions = view.view("extensions")
    return SaslEntry(
        view.at,
        view.keys(),
        view.word("mechanism"),
        {n: c for n, c in view.credentials().items() if n not in _SASL_STRUCTURE},
        extensions.credentials() if extensions else {},
    )


def _tls(view: View) -> TlsEntry | None:
    node = view.get("tls")
    if isinstance(node, Scalar):
        return TlsEntry(view.key_at("tls"), enabled=node.value is True)
    if not isinstance(node, Mapping):
        return None
    inner = View(view.file, node)
    written = inner.get("verifyHostname")
    verify = written.value if isinstance(written, Scalar) else None
    return TlsEntry(
        view.key_at("tls"),
        enabled=True,
        options={n: c for n, c in inner.credentials().items() if n != "verifyHostname"},
        verify_hostname=verify if isinstance(verify, bool) else None,
    )


def _mirrors(link: View) -> Iterator[MirrorEntry]:
    sequence = link.sequence("mirrorTopics")
    for node in sequence.items if sequence else ():
        if node.broken:
            continue
        if isinstance(node, Scalar):
            if isinstance(node.value, str):
                yield MirrorEntry(Position(link.file, node.line, node.column), node.value)
        elif isinstance(node, Mapping):
            yield _mirror(View(link.file, node))


def _mirror(view: View) -> MirrorEntry:
    keys = view.keys()
    name, configs = view.word("name"), view.view("configs") if "configs" in keys else None
    return MirrorEntry(
        view.at,
        name.text if name else None,
        match=view.word("match") if "match" in keys else None,
        excludes=view.words("except") if "except" in keys else (),
        goal=_goal(view) if "state" in keys else MirrorGoal.ACTIVE,
        configs=configs.settings() if configs else {},
        replication_factor=view.number("replicationFactor"),
        max_lag=view.number("maxLag"),
        origin=view.word("from"),
        keys=keys,
    )


def _goal(view: View) -> MirrorGoal | None:
    state = view.word("state")
    return MirrorGoal(state.text) if state else None
