"""Paths in an export: they count from the folder of the file that names them, and that is another file now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from reconciler.model.clusters import Cluster, Tls
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.secrets import ReferenceKind, Template
from reconciler.planning.world import listing


def path_diagnostics(clusters: Iterable[Cluster]) -> Iterator[Diagnostic]:
    """A note on the paths that are relative to the current folder, so that whoever puts the file elsewhere corrects
    them; a warning of each that nobody but its reference knows, where the given file stands elsewhere.
    """
    reached = [(cluster, cluster.rest.tls) for cluster in clusters if cluster.rest is not None]
    if relative := {path for cluster, tls in reached for path in _relative(cluster, tls)}:
        yield Diagnostic(
            code="export-path",
            severity=Severity.NOTE,
            message=f"relative paths in the file count from the current folder: {listing(relative)}",
            cure="keep the file in this folder, or correct them where you put it",
            subject="export",
        )
    for cluster, tls in reached:
        if Path(tls.folder) != Path():
            yield from (_moved(cluster, tls.folder, path) for path in _behind_references(tls))


def _relative(cluster: Cluster, tls: Tls) -> Iterator[str]:
    """Paths that are written, themselves or in a `${file:…}`."""
    named = (r.name for r in cluster.references() if r.kind is ReferenceKind.FILE)
    written = (path for path in _files(tls) if isinstance(path, str))
    yield from (path for path in (*written, *named) if not Path(path).is_absolute())


def _behind_references(tls: Tls) -> Iterator[Template]:
    """Paths that a reference gives, and that may be relative."""
    for path in _files(tls):
        if isinstance(path, Template):
            first = path.parts[0]
            if not (isinstance(first, str) and Path(first).is_absolute()):
                yield path


def _files(tls: Tls) -> tuple[str | Template | None, ...]:
    return tls.ca_file, tls.cert_file, tls.key_file


def _moved(cluster: Cluster, folder: str, path: Template) -> Diagnostic:
    return Diagnostic(
        code="export-path",
        severity=Severity.WARNING,
        message=f"a relative path in {path} counted from {folder}, and counts from the folder of the new file now",
        cure="make it an absolute path",
        subject=cluster.name,
    )
