"""One entry of links.yaml from the settings of a link, its filters and the names that the user gives."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from reconciler.model.address import LinkAddress
from reconciler.model.catalogue import Catalogue
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.filters import FilterKind
from reconciler.model.links import Topology
from reconciler.planning.world import listing
from reconciler.spec.quoting import config_value
from reconciler.spec.rules.secrets import looks_sensitive
from reconciler.spec.writing import Noted, Plain
from reconciler.spec.writing_filters import KEYS, filter_row
from reconciler.workflows.converting.filter_files import FilterFile
from reconciler.workflows.converting.names import Names
from reconciler.workflows.converting.properties import Property
from reconciler.workflows.converting.settings import Settings, dropped
from reconciler.workflows.exporting.names import BOOTSTRAP, Variables

PREFIX, PAUSED = "cluster.link.prefix", "cluster.link.paused"
_CLUSTER_NAME = re.compile(r"[A-Za-z0-9._-]{1,200}")
_NO_EFFECT = {
    "link.prefix": "servers ignore it; cluster.link.prefix is the one that counts",
    "remote.link.connection.mode": "linkctl writes it by itself where it is needed",
}


@dataclass(slots=True)
class Draft:
    """The document so far, and what there is to say about it."""

    clusters: dict[str, Plain] = field(default_factory=dict)
    link: dict[str, Plain] = field(default_factory=dict)
    notes: list[Diagnostic] = field(default_factory=list)

    def document(self) -> dict[str, Plain]:
        """The whole document."""
        return {"version": 1, "clusters": self.clusters, "links": [self.link]}


def convert_entry(
    names: Names,
    settings: Settings,
    filters: Mapping[FilterKind, FilterFile],
    catalogue: Catalogue,
) -> Draft:
    """Everything that the files say, and notes on all that they do not."""
    draft = Draft()
    source = _source_name(names, settings) if names.source is None else names.source
    _write_clusters(names, source, settings, draft)
    _write_head(names, source, settings, draft)
    dialler = source if settings.topology is Topology.SOURCE else names.destination
    _write_settings(LinkAddress(dialler, names.link), settings, catalogue, draft)
    for kind, found in sorted(filters.items()):
        rows = [Noted(filter_row(row), origin=at) for row, at in found.rows]
        draft.link[KEYS[kind]] = Noted(rows, origin=found.at)
    if names.mirrors:
        draft.link["mirrorTopics"] = Noted(list(names.mirrors), origin="--mirror")
    elif FilterKind.TOPIC not in filters:
        draft.notes.append(
            _unsaid(
                "which topics are mirrored", "name them with `--mirror`, or under `mirrorTopics`"
            )
        )
    return draft


def _source_name(names: Names, settings: Settings) -> str:
    """The host that is dialled, where the source is what is dialled and that makes a name."""
    host = _first_host(settings) if settings.topology is Topology.DESTINATION else ""
    if _CLUSTER_NAME.fullmatch(host) and host != names.destination:
        return host
    return "source" if names.destination != "source" else "other"


def _first_host(settings: Settings) -> str:
    """The host that is dialled, without the protocol that may stand before it."""
    found = settings.values.get(BOOTSTRAP)
    first = found.value.split(",")[0].strip() if found is not None else ""
    return first.rpartition("://")[2].rpartition(":")[0]


def _write_clusters(names: Names, source: str, settings: Settings, draft: Draft) -> None:
    pair = settings.topology is Topology.SOURCE
    dialled = names.destination if pair else source
    with_rest = {names.destination, source} if pair else {names.destination}
    options = {source: "--source", names.destination: "--destination"}
    bootstrap = settings.values.get(BOOTSTRAP)
    for name, option in options.items():
        keys: dict[str, Plain] = {}
        if name == dialled and bootstrap is not None:
            keys["bootstrapServers"] = Noted(bootstrap.value, origin=bootstrap.at)
        if name in names.endpoints:
            keys["restEndpoint"] = Noted(names.endpoints[name], origin="--endpoint")
        elif name in with_rest:
            keys["restEndpoint"] = _assumed_endpoint(name, draft)
        if name in names.ids:
            keys["clusterId"] = Noted(names.ids[name], origin="--cluster-id")
        draft.clusters[name] = Noted(keys, origin=option)
    if names.source is None:
        draft.notes.append(
            _unsaid(
                f"what the source is called: it is named {source} here", "name it with `--source`"
            )
        )
    if unnamed := [name for name in options if name not in names.ids]:
        draft.notes.append(
            _unsaid(
                f"the ids of the clusters: {listing(unnamed)}",
                "give them with `--cluster-id NAME=ID`, so that nobody links the wrong ones; Confluent Cloud needs it",
            )
        )
    draft.notes.append(
        _unsaid("whether REST calls want credentials", "add `auth` and `tls` to the clusters if so")
    )


def _assumed_endpoint(cluster: str, draft: Draft) -> Plain:
    """Confluent Server answers on port 8090 by default (cluster-linking reference, section 0.1)."""
    url = f"http://{cluster}:8090/kafka/v3"
    draft.notes.append(
        _unsaid(
            f"the REST endpoint of {cluster}: {url} is assumed",
            f"correct it, or give it with `--endpoint {cluster}=URL`",
        )
    )
    return Noted(url, beside="assumed", origin="--destination")


def _write_head(names: Names, source: str, settings: Settings, draft: Draft) -> None:
    draft.link["name"] = Noted(names.link, origin="--link")
    if settings.topology is not Topology.DESTINATION:
        draft.link["mode"] = settings.topology.value
    draft.link["source"] = Noted(source, origin="--source")
    draft.link["destination"] = Noted(names.destination, origin="--destination")


def _write_settings(
    link: LinkAddress, settings: Settings, catalogue: Catalogue, draft: Draft
) -> None:
    configs: dict[str, Plain] = {}
    credentials: dict[str, Plain] = {}
    variables = Variables()
    for name, found in settings.values.items():
        if name in _NO_EFFECT:
            draft.notes.append(dropped(found, _NO_EFFECT[name]))
        elif name == PREFIX:
            draft.link["prefix"] = Noted(found.value, origin=found.at)
        elif name == PAUSED:
            if found.value.lower() == "true":
                draft.link["state"] = Noted("paused", origin=found.at)
        elif catalogue.is_security(name):
            credentials[name] = _credential(link, found, catalogue, variables, draft)
        elif name != BOOTSTRAP:
            value = config_value(found.value, catalogue.get(name))
            configs[name] = Noted(value, origin=found.at)
    if configs:
        draft.link["configs"] = configs
    if credentials:
        draft.link["credentials"] = credentials


def _credential(
    link: LinkAddress, found: Property, catalogue: Catalogue, variables: Variables, draft: Draft
) -> Plain:
    """A secret is never copied; of a security config that nobody knows, it is not known whether it is one."""
    if catalogue.get(found.name) is not None and not looks_sensitive(found.name, catalogue):
        return Noted(config_value(found.value, catalogue.get(found.name)), origin=found.at)
    reference = variables.reference(link, found.name)
    draft.notes.append(
        Diagnostic(
            code="convert-secret",
            severity=Severity.NOTE,
            message=f"{found.name} became {reference}: secrets are not copied",
            cure=f"set {reference.references[0].name} to the value that stands here before an `apply`",
            position=found.at,
        )
    )
    return Noted(reference, origin=found.at)


def _unsaid(what: str, cure: str) -> Diagnostic:
    return Diagnostic(
        code="convert-assumed",
        severity=Severity.NOTE,
        message=what,
        cure=cure,
        subject="not in the files",
    )
