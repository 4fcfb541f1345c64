"""The story of `export`: read everything, write it down, and make sure that a plan of what was written is empty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from reconciler.cluster_linking import CATALOGUE
from reconciler.model.address import LinkAddress
from reconciler.model.clusters import Cluster, RestEndpoint
from reconciler.model.desired import DesiredState
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.errors import InputError, LinkctlError
from reconciler.model.observed import ObservedLink, ObservedState, known
from reconciler.model.reads import ClusterReads, Reads
from reconciler.planning import make_plan
from reconciler.spec import Source, load
from reconciler.spec.endpoints import on_cloud
from reconciler.spec.writing import Noted, Plain, for_editors, write_document
from reconciler.workflows.connect import connect
from reconciler.workflows.environment import Environment
from reconciler.workflows.exporting.document import (
    Estate,
    common_bootstraps,
    write_cluster,
    write_entry,
)
from reconciler.workflows.exporting.names import Variables, name_remotes
from reconciler.workflows.exporting.omissions import Omission, comments
from reconciler.workflows.exporting.pairing import pair_up
from reconciler.workflows.exporting.paths import path_diagnostics
from reconciler.workflows.reading import read_completely

_HEADER = (
    *for_editors("links"),
    "",
    "Exported from live clusters: a plan of this file is empty until somebody",
    "changes one or the other.",
)


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What to export. `links` are globs on link names; none of them means all links."""

    links: tuple[str, ...] = ()
    with_replication: bool = False

    def selects(self, link: str) -> bool:
        """Whether links of this name are wanted."""
        return not self.links or any(fnmatchcase(link, glob) for glob in self.links)


@dataclass(frozen=True, slots=True)
class Exported:
    """The text of a links.yaml, and what there is to say about it."""

    text: str
    diagnostics: tuple[Diagnostic, ...] = ()


def with_clusters(desired: DesiredState, endpoints: Mapping[str, str]) -> DesiredState:
    """The same clusters and those of `--endpoint NAME=URL` that no file names; what the files want of links plays
    no part in an export.

    Raises:
        InputError: an endpoint is Confluent Cloud's, and nothing says which cluster it is.
    """
    new = {
        name: Cluster(name, rest=RestEndpoint(url.rstrip("/")))
        for name, url in endpoints.items()
        if name not in desired.clusters
    }
    clusters = {**desired.clusters, **new}
    nameless = [
        name
        for name, cluster in sorted(clusters.items())
        if cluster.rest is not None and cluster.cluster_id is None and on_cloud(cluster.rest.url)
    ]
    if nameless:
        raise InputError(*map(_without_id, nameless))
    return replace(desired, clusters=clusters, links=())


async def observe(
    desired: DesiredState, environment: Environment, options: ExportOptions
) -> ObservedState:
    """Read all that an export needs. Sends nothing but GET (P1).

    Raises:
        InputError: no cluster can be read, or a reference that a cluster's `auth` needs cannot be resolved.
        UnreadableError: something could not be read; then nothing is exported (P6).
    """
    if not any(cluster.rest for cluster in desired.clusters.values()):
        raise InputError(_nothing_to_read())
    async with connect(desired, environment) as engine:
        first, hidden = _first_reads(desired), _hidden()
        observed = await read_completely(engine, first, ObservedState(), otherwise=hidden)
        further = _further_reads(observed, options)
        return await read_completely(engine, further, observed, otherwise=hidden)


def _first_reads(desired: DesiredState) -> Reads:
    return {
        name: ClusterReads(identity=cluster.cluster_id is None, links=True, mirrors=True)
        for name, cluster in sorted(desired.clusters.items())
        if cluster.rest is not None
    }


def _further_reads(observed: ObservedState, options: ExportOptions) -> Reads:
    """Configs of the wanted links; configs of topics only where these links have mirror topics."""
    reads: dict[str, ClusterReads] = {}
    for name, cluster in sorted(observed.clusters.items()):
        links = frozenset(link for link in known(cluster.links) or {} if options.selects(link))
        rows = (known(cluster.mirrors) or {}).values()
        mirrors = any(row.address.link in links and not row.stopped for row in rows)
        if links:
            reads[name] = ClusterReads(
                link_configs=links,
                topic_configs=mirrors,
                topics=mirrors and options.with_replication,
            )
    return reads


def export(desired: DesiredState, observed: ObservedState, options: ExportOptions) -> Exported:
    """Write down what was observed; `desired` gives the clusters, with their credentials as references, and what
    is protected.

    Raises:
        InputError: no link of the wanted names is there, or a cluster has two names.
        LinkctlError: a plan of the text would not be empty; then there is no text.
    """
    links = _wanted_links(observed, options)
    ids = {n: i for n, c in observed.clusters.items() if (i := known(c.cluster_id)) is not None}
    remotes = name_remotes(desired.clusters, ids, links.values())
    entries, omissions = pair_up(links, remotes)
    variables = Variables()
    estate = Estate(
        observed,
        remotes.clusters,
        common_bootstraps(remotes.clusters, entries),
        CATALOGUE,
        variables,
        options.with_replication,
    )
    written = [write_entry(entry, estate) for entry in entries]
    used = {half.remote for entry in entries for half in entry.halves} | set(desired.clusters)
    text = _text(desired, estate, used, [item for item, _ in written], omissions)
    _promise(text, observed)
    left_out = (*omissions, *(o for _, own in written for o in own))
    paths = path_diagnostics(cluster for _, cluster in sorted(estate.clusters.items()))
    return Exported(text, (*(o.diagnostic for o in left_out), *variables.diagnostics(), *paths))


def _wanted_links(
    observed: ObservedState, options: ExportOptions
) -> dict[LinkAddress, ObservedLink]:
    links = {
        link.address: link
        for _, cluster in sorted(observed.clusters.items())
        for name, link in sorted((known(cluster.links) or {}).items())
        if options.selects(name)
    }
    if options.links and not links:
        raise InputError(_no_such_link(options, observed))
    return links


def _text(
    desired: DesiredState,
    estate: Estate,
    used: set[str],
    entries: list[Plain],
    omissions: tuple[Omission, ...],
) -> str:
    document: dict[str, Plain] = {
        "version": 1,
        "clusters": {
            name: write_cluster(cluster, estate)
            for name, cluster in sorted(estate.clusters.items())
            if name in used
        },
    }
    if desired.protect:
        document["protect"] = list(desired.protect)
    document["links"] = Noted(entries, above=comments(omissions))
    return write_document(document, header=_HEADER).text


def _promise(text: str, observed: ObservedState) -> None:
    """An export whose plan is not empty would change something on the next apply: better none at all (P3)."""
    loaded = load([Source("export", text.encode())], variables={}, catalogue=CATALOGUE, env=None)
    if loaded.desired is None:
        raise LinkctlError(
            _broken_promise("links.yaml cannot say what is live"), *loaded.diagnostics
        )
    plan = make_plan(loaded.desired, observed, CATALOGUE)
    if plan.pending or plan.gaps:
        changed = sorted({f"{change.kind} {change.address}" for change in plan.changes})
        what = (
            f"a plan of it would not be empty ({'; '.join(changed[:5])})"
            if changed
            else "a plan of it is not empty"
        )
        raise LinkctlError(_broken_promise(what), *plan.blocked, *plan.waiting)


def _broken_promise(what: str) -> Diagnostic:
    return Diagnostic(
        code="export-not-faithful",
        severity=Severity.ERROR,
        message=f"nothing was exported: {what}",
        cure="name the other links with `--link`, or change on the cluster what is named here; please report this",
        subject="export",
    )


def _hidden() -> Diagnostic:
    return Diagnostic(
        code="export-unreadable",
        severity=Severity.ERROR,
        message="nothing was exported, because not everything could be read",
        cure="cure what is named below; a cluster that is only a source can also be declared without `restEndpoint`",
        subject="export",
    )


def _without_id(cluster: str) -> Diagnostic:
    return Diagnostic(
        code="cloud-needs-cluster-id",
        severity=Severity.ERROR,
        message=f"Confluent Cloud does not tell the id of a cluster, and nothing gives that of {cluster}",
        cure=f"declare {cluster} under `clusters:` of a file, with `restEndpoint`, `clusterId: lkc-…` and `auth`; "
        "the cluster's settings page shows the id",
        subject="--endpoint",
    )


def _nothing_to_read() -> Diagnostic:
    return Diagnostic(
        code="export-no-endpoint",
        severity=Severity.ERROR,
        message="no cluster has a REST endpoint, so there is nothing to read",
        cure="name clusters under `clusters:` of a file, or with `--endpoint NAME=URL`",
        subject="export",
    )


def _no_such_link(options: ExportOptions, observed: ObservedState) -> Diagnostic:
    live = sorted({name for c in observed.clusters.values() for name in known(c.links) or {}})
    shown = ", ".join(live[:10]) or "none"
    return Diagnostic(
        code="export-no-such-link",
        severity=Severity.ERROR,
        message=f"no link is named {' or '.join(options.links)}",
        cure=f"use the name of a live link, or a glob ({shown})",
        subject="--link",
    )
