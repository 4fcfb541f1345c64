"""One entry of links.yaml from the settings of a link, its filters and the names that the user gives."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field

from reconciler.model.address import LinkAddress
from reconciler.model.catalogue import Catalogue
from reconciler.model.diagnostics import Diagnostic
from reconciler.model.filters import FilterKind
from reconciler.model.links import Topology
from reconciler.planning.world import listing
from reconciler.spec.quoting import config_value
from reconciler.spec.writing import Noted, Plain
from reconciler.spec.writing_filters import KEYS, filter_row
from reconciler.workflows.converting.credentials import write_credentials
from reconciler.workflows.converting.filter_files import FilterFile
from reconciler.workflows.converting.names import Names
from reconciler.workflows.converting.notes import unsaid
from reconciler.workflows.converting.properties import Property
from reconciler.workflows.converting.settings import PAUSED, Side
from reconciler.workflows.converting.useless import without_useless
from reconciler.workflows.exporting.names import BOOTSTRAP, Variables

PREFIX = "cluster.link.prefix"
_CLUSTER_NAME = re.compile(r"[A-Za-z0-9._-]{1,200}")


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
    topology: Topology,
    side: Side,
    filters: Mapping[FilterKind, FilterFile],
    catalogue: Catalogue,
) -> Draft:
    """One way: everything that the files say, and notes on all that they do not."""
    draft = Draft()
    # The source is what is dialled, unless it dials itself.
    pair = topology is Topology.SOURCE
    source = source_name(names, "" if pair else side.dialled_host)
    dialled, dialler = (names.destination, source) if pair else (source, names.destination)
    with_rest = {names.destination, source} if pair else {names.destination}
    write_clusters(names, source, {dialled: side}, with_rest, draft)
    draft.link["name"] = Noted(names.link, origin="--link")
    if pair:
        draft.link["mode"] = topology.value
    draft.link["source"] = Noted(source, origin="--source")
    draft.link["destination"] = Noted(names.destination, origin="--destination")
    if side.paused:
        draft.link["state"] = Noted("paused", origin=side.values[PAUSED].at)
    link = LinkAddress(dialler, names.link)
    useful = without_useless(side, catalogue, draft.notes, comes_back=pair)
    draft.link |= section(link, useful, filters, catalogue, Variables(), draft.notes)
    if names.mirrors:
        draft.link["mirrorTopics"] = Noted(list(names.mirrors), origin="--mirror")
    elif FilterKind.TOPIC not in filters:
        draft.notes.append(
            unsaid(
                "which topics are mirrored", "name them with `--mirror`, or under `mirrorTopics`"
            )
        )
    return draft


def source_name(names: Names, dialled: str) -> str:
    """What the source is called: the host at which it is dialled, if it has no other name and that makes one."""
    if names.source is not None:
        return names.source
    if _CLUSTER_NAME.fullmatch(dialled) and dialled != names.destination:
        return dialled
    return "source" if names.destination != "source" else "other"


def write_clusters(
    names: Names, source: str, dialled: Mapping[str, Side], with_rest: Container[str], draft: Draft
) -> None:
    """The two clusters: those that are `dialled` have the address that a side dials."""
    options = {source: "--source", names.destination: "--destination"}
    for name, option in options.items():
        keys: dict[str, Plain] = {}
        bootstrap = dialled[name].values.get(BOOTSTRAP) if name in dialled else None
        if bootstrap is not None:
            keys["bootstrapServers"] = Noted(bootstrap.value, origin=bootstrap.at)
        if name in names.endpoints:
            keys["restEndpoint"] = Noted(names.endpoints[name], origin="--endpoint")
        elif name in with_rest:
            keys["restEndpoint"] = _assumed_endpoint(name, draft)
        if name in names.ids:
            keys["clusterId"] = Noted(names.ids[name], origin="--cluster-id")
        draft.clusters[name] = Noted(keys, origin=option)
    _note_clusters(names, source, draft)


def _note_clusters(names: Names, source: str, draft: Draft) -> None:
    if names.source is None:
        draft.notes.append(
            unsaid(
                f"what the source is called: it is named {source} here", "name it with `--source`"
            )
        )
    if unnamed := [name for name in draft.clusters if name not in names.ids]:
        draft.notes.append(
            unsaid(
                f"the ids of the clusters: {listing(unnamed)}",
                "give them with `--cluster-id NAME=ID`, so that nobody links the wrong ones; Confluent Cloud needs it",
            )
        )
    draft.notes.append(
        unsaid("whether REST calls want credentials", "add `auth` and `tls` to the clusters if so")
    )


def _assumed_endpoint(cluster: str, draft: Draft) -> Plain:
    """Confluent Server answers on port 8090 by default (cluster-linking reference, section 0.1)."""
    url = f"http://{cluster}:8090/kafka/v3"
    draft.notes.append(
        unsaid(
            f"the REST endpoint of {cluster}: {url} is assumed",
            f"correct it, or give it with `--endpoint {cluster}=URL`",
        )
    )
    return Noted(url, beside="assumed", origin="--destination")


def section(
    link: LinkAddress,
    side: Side,
    filters: Mapping[FilterKind, FilterFile],
    catalogue: Catalogue,
    variables: Variables,
    notes: list[Diagnostic],
) -> dict[str, Plain]:
    """What is set on a link object, as the keys that say so; its secrets are named after `link`."""
    keys: dict[str, Plain] = {}
    configs: dict[str, Plain] = {}
    security: dict[str, Property] = {}
    for name, found in side.values.items():
        if name == PREFIX:
            keys["prefix"] = Noted(found.value, origin=found.at)
        elif catalogue.is_security(name):
            security[name] = found
        elif name not in (BOOTSTRAP, PAUSED):
            value = config_value(found.value, catalogue.get(name))
            configs[name] = Noted(value, origin=found.at)
    if configs:
        keys["configs"] = configs
    if security:
        keys["credentials"] = write_credentials(link, security, catalogue, variables, notes)
    for kind, given in sorted(filters.items()):
        rows = [Noted(filter_row(row), origin=at) for row, at in given.rows]
        keys[KEYS[kind]] = Noted(rows, origin=given.at)
    return keys
