"""The story of loading: files, one by one; all together; the rules; and, when nothing is wrong, what it means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from reconciler.collector import collector_paused
from reconciler.model.catalogue import Catalogue
from reconciler.model.desired import DesiredState
from reconciler.model.diagnostics import Diagnostic, has_errors
from reconciler.model.mirrors import MirrorGoal
from reconciler.spec.compose import compose
from reconciler.spec.credentials import OAUTH_ENDPOINT
from reconciler.spec.documents import parse
from reconciler.spec.findings import Findings, settled, until_enough
from reconciler.spec.halves import Half, Hosts, halves, sides_known
from reconciler.spec.references import Expander, FileFault, unset_references
from reconciler.spec.resolve import resolve
from reconciler.spec.rules import (
    clusters,
    configs,
    credentials,
    exposure,
    filters,
    mirrors,
    owners,
    patterns,
    topology,
)
from reconciler.spec.sources import Source
from reconciler.spec.written import Document, LinkEntry


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the files mean, and everything there is to say about them. `desired` is None if that includes an error."""

    desired: DesiredState | None
    diagnostics: tuple[Diagnostic, ...]


def load(
    sources: Iterable[Source],
    *,
    variables: Mapping[str, str],
    catalogue: Catalogue,
    env: Mapping[str, str] | None,
    file_fault: FileFault = lambda _: None,
) -> Loaded:
    """Read, check and resolve inputs. Never raises for what an input holds.

    All findings of a run come at once, sorted by position. What only makes sense over all files (does that
    cluster exist?) is left out while a file cannot be read at all. `env` and `file_fault` are asked to
    warn of references that cannot be resolved yet; None for `env` leaves that out. No file is opened and no value of
    a reference is kept.
    """
    with collector_paused():
        return _load(tuple(sources), variables, catalogue, env, file_fault)


def _load(
    inputs: tuple[Source, ...],
    variables: Mapping[str, str],
    catalogue: Catalogue,
    env: Mapping[str, str] | None,
    file_fault: FileFault,
) -> Loaded:
    findings: Findings = []
    expander = Expander(variables, findings)
    parsed = [parse(source, expander, catalogue, findings) for source in inputs]
    readable = [p for p in parsed if p is not None]
    desired = None
    if len(readable) == len(inputs):
        document = compose((p.document for p in readable), findings)
        strangers = configs.too_many_strangers(document, catalogue)
        if strangers is not None:
            return Loaded(None, settled([*findings, strangers]))
        entries = [(link, halves(document, link, catalogue)) for link in document.links]
        findings.extend(until_enough(_judge(document, entries, catalogue)))
        if env is not None:
            references = chain.from_iterable(p.references for p in readable)
            findings.extend(unset_references(references, env, file_fault))
            findings.extend(_urls_in_clear(document, entries, env))
        if not has_errors(tuple(findings)):
            desired = resolve(document, entries)
    return Loaded(desired, settled(findings))


def _judge(
    document: Document,
    entries: list[tuple[LinkEntry, tuple[Half, ...]]],
    catalogue: Catalogue,
) -> Iterator[Diagnostic]:
    """All rules on the whole."""
    for cluster in document.clusters.values():
        yield from clusters.check_cluster(cluster)
    sections = [document.defaults] if document.defaults else []
    for link in document.links:
        sections += [link.own, *link.sides.values()]
        yield from topology.check_link(link, document)
    for section in sections:
        yield from configs.check_section(section, catalogue)
        yield from filters.check_filters(section)
        if section.credentials:
            yield from credentials.check_credentials(section.credentials, catalogue)
    every_half = tuple(half for _, both in entries for half in both)
    for half in every_half:
        yield from topology.check_reachable(half, document.clusters)
        on_cloud = clusters.on_cloud(document.clusters.get(half.cluster))
        yield from credentials.check_local(half)
        if half.stays:
            yield from configs.check_half(half, catalogue, on_cloud=on_cloud)
            yield from filters.check_switches(half, catalogue)
            yield from credentials.check_whole(half)
    repeated = topology.repeated(every_half)
    yield from topology.check_unique(repeated, every_half)
    told = {id(half.entry) for half, _ in repeated}
    once = [(entry, both) for entry, both in entries if id(entry) not in told]
    yield from _judge_mirrors(document, once, catalogue)


def _urls_in_clear(
    document: Document,
    entries: list[tuple[LinkEntry, tuple[Half, ...]]],
    variables: Mapping[str, str],
) -> Iterator[Diagnostic]:
    """Token endpoints that variables name, and that would be shown credentials without encryption."""
    for cluster in document.clusters.values():
        if cluster.auth and cluster.auth.token_url:
            yield from exposure.check_resolved(cluster.auth.token_url, variables)
    for _, both in entries:
        for half in both:
            if OAUTH_ENDPOINT in half.credentials:
                yield from exposure.check_resolved(half.credentials[OAUTH_ENDPOINT], variables)


def _judge_mirrors(
    document: Document,
    entries: list[tuple[LinkEntry, tuple[Half, ...]]],
    catalogue: Catalogue,
) -> Iterator[Diagnostic]:
    names, globs = owners.Owners(), patterns.Patterns()
    clouds = {name for name, cluster in document.clusters.items() if clusters.on_cloud(cluster)}
    for entry, both in entries:
        yield from globs.check(entry)
        yield from mirrors.check_outlived(entry)
        hosts, always = Hosts(both), mirrors.needs_look(entry)
        sides = sides_known(document, entry) or ()
        auto_created = {half.cluster: mirrors.AutoCreated(half, catalogue) for half in both}
        for mirror in entry.mirrors:
            if always or mirror.keys or mirror.name is None:
                yield from mirrors.check_entry(entry, mirror, sides)
            half = hosts.only if mirror.origin is None else hosts.of(mirror.origin)
            if mirror.configs:
                yield from configs.check_mirror_configs(mirror, half, catalogue)
            if mirror.replication_factor and half is not None and half.cluster in clouds:
                yield from mirrors.check_replicas(mirror)
            if half is not None and mirror.goal is MirrorGoal.ABSENT:
                yield from auto_created[half.cluster].check(mirror)
            if half is not None and mirror.name is not None:
                yield from names.claim(mirror.name, mirror.keys.get("name", mirror.at), half)
    yield from owners.check_cycles(entries)
    if document.protect:
        yield from mirrors.check_protect(document, names.claimed())
