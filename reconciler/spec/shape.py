"""The shape of links.yaml as a JSON Schema, to judge files by; `shape.json` is the only place that states it.

Editors get another one, made from it (`schema/links.schema.json`): it also lets `${var:…}` stand wherever a variable may,
and says as much of what the rules here say as JSON Schema can. linkctl itself judges after variables are put in, and its
rules say what is wrong in one line, at one place, with a cure.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from reconciler.spec.validators import Json


@cache
def shape() -> dict[str, Json]:
    """The JSON Schema. It is shared: nobody changes it."""
    document: dict[str, Json] = json.loads(Path(__file__).with_name("shape.json").read_bytes())
    return document


def text_form(*path: str) -> tuple[str, str]:
    """The pattern that a text has to match, by where it stands in the schema, and the same in words."""
    part: Json = shape()
    for name in path:
        part = part[name] if isinstance(part, dict) else None
    if not isinstance(part, dict):
        raise KeyError(path)
    return str(part["pattern"]), str(part["patternErrorMessage"])
