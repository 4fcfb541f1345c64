"""Findings as annotations of a GitHub pull request: one workflow command per finding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.reporting.escape import github_data, github_property, shown
from reconciler.reporting.layout import as_text

LEVELS = {
    Severity.ERROR: "error",
    Severity.BLOCKED: "error",
    Severity.WAITING: "warning",
    Severity.WARNING: "warning",
    Severity.NOTE: "notice",
}


def diagnostics_github(diagnostics: Sequence[Diagnostic]) -> str:
    """Findings as `::error file=…,line=…,col=…,title=…::…` lines, in the order given; empty without any."""
    return as_text(_annotation(diagnostic) for diagnostic in diagnostics)


def _annotation(diagnostic: Diagnostic) -> str:
    properties = ",".join(f"{k}={github_property(v)}" for k, v in _properties(diagnostic))
    about = str(diagnostic.address or diagnostic.subject or "")
    said = f"{about}: {diagnostic.message}" if about else diagnostic.message
    cure = f"\n{shown(diagnostic.cure)}" if diagnostic.cure else ""
    return f"::{LEVELS[diagnostic.severity]} {properties}::{github_data(shown(said) + cure)}"


def _properties(diagnostic: Diagnostic) -> Iterator[tuple[str, str]]:
    at = diagnostic.position
    if at is not None:
        yield "file", shown(at.file)
        yield "line", str(at.line)
        yield "col", str(at.column)
    yield "title", shown(diagnostic.code)
