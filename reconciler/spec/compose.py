"""All files as one document. The same thing declared twice is an error that names both places."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from reconciler.model.diagnostics import Position
from reconciler.spec.findings import Findings, error
from reconciler.spec.written import ClusterEntry, CredentialsEntry, Document, SectionEntry


def compose(documents: Iterable[Document], findings: Findings) -> Document:
    """One document of several; the first declaration of a thing stands, later ones are refused."""
    whole = Document()
    for document in documents:
        whole = Document(
            clusters=_clusters(whole, document, findings),
            links=(*whole.links, *document.links),
            defaults=_defaults(whole.defaults, document.defaults, findings),
            protect=(*whole.protect, *document.protect),
        )
    return whole


def _clusters(first: Document, second: Document, findings: Findings) -> dict[str, ClusterEntry]:
    for name in first.clusters.keys() & second.clusters.keys():
        _twice(f"the cluster `{name}`", first.clusters[name].at, second.clusters[name].at, findings)
    return {**second.clusters, **first.clusters}


def _defaults(
    first: SectionEntry | None, second: SectionEntry | None, findings: Findings
) -> SectionEntry | None:
    if first is None or second is None:
        return first or second
    for name in first.configs.keys() & second.configs.keys():
        _twice(
            f"the default for `{name}`",
            first.configs[name].key_at,
            second.configs[name].key_at,
            findings,
        )
    if first.credentials and second.credentials:
        _twice(
            "`credentials` under `defaults`", first.credentials.at, second.credentials.at, findings
        )
    credentials: CredentialsEntry | None = first.credentials or second.credentials
    return replace(first, configs={**second.configs, **first.configs}, credentials=credentials)


def _twice(what: str, first: Position, second: Position, findings: Findings) -> None:
    findings.append(
        error(
            code="declared-twice",
            at=second,
            message=f"{what} is already declared at {first}",
            cure="keep one of the two",
            related=(first,),
        )
    )
