"""Findings as JSON: `linkctl.diagnostics/1`, published as `schema/diagnostics.schema.json`."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.reporting.document import as_json, diagnostic_json

FORMAT = "linkctl.diagnostics/1"


def diagnostics_json(diagnostics: Sequence[Diagnostic], *, line: bool = False) -> str:
    """Findings for machines, in the order given; on one line, when they are one of several documents in a stream."""
    counts = {str(s): sum(d.severity is s for d in diagnostics) for s in Severity}
    return as_json(
        {
            "format": FORMAT,
            "summary": counts,
            "diagnostics": [diagnostic_json(d) for d in diagnostics],
        },
        line=line,
    )
