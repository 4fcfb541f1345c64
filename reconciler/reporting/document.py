"""The JSON family: one way to write, and the parts that all documents share.

Every document names its format and version, has sorted keys and ends with a newline. It is plain ASCII, so
that a hostile name reaches no terminal as anything but an escape. The shapes are published under `schema/`;
within a version they only grow.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from reconciler.model.diagnostics import Diagnostic, Position
from reconciler.model.observed import Gap

Json: TypeAlias = "str | int | float | bool | Sequence[Json] | Mapping[str, Json] | None"


def as_json(document: Mapping[str, Json], *, line: bool = False) -> str:
    """A document as bytes that depend on its content only; one of several in a stream takes a single line."""
    return (
        json.dumps(document, indent=None if line else 2, sort_keys=True, ensure_ascii=True) + "\n"
    )


def position_json(position: Position | None) -> Json:
    """A place in an input file, or null."""
    if position is None:
        return None
    return {"file": position.file, "line": position.line, "column": position.column}


def diagnostic_json(diagnostic: Diagnostic) -> Json:
    """One finding."""
    return {
        "code": diagnostic.code,
        "severity": str(diagnostic.severity),
        "message": diagnostic.message,
        "cure": diagnostic.cure,
        "position": position_json(diagnostic.position),
        "address": None if diagnostic.address is None else str(diagnostic.address),
        "subject": diagnostic.subject,
        "related": [position_json(position) for position in diagnostic.related],
    }


def gap_json(gap: Gap) -> Json:
    """Something that could not be read."""
    return {"scope": gap.scope, "diagnostic": diagnostic_json(gap.diagnostic)}
