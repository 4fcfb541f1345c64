"""The published schemas, made strict: in a test, a property that is not described is a mistake."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

SCHEMAS = Path(__file__).resolve().parents[2] / "schema"
NAMES = ("diagnostics", "plan", "run", "status")


def strict(node: Any) -> Any:
    """The schema with every described object closed."""
    if isinstance(node, list):
        return [strict(item) for item in node]
    if not isinstance(node, dict):
        return node
    closed = {key: strict(value) for key, value in node.items()}
    if "properties" in node and "type" in node:
        closed.setdefault("additionalProperties", False)
    return closed


@cache
def published(name: str) -> Any:
    return json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))


@cache
def validator(name: str) -> Draft202012Validator:
    resources = [(f"{n}.schema.json", Resource.from_contents(strict(published(n)))) for n in NAMES]
    return Draft202012Validator(
        strict(published(name)), registry=Registry().with_resources(resources)
    )


def problems(text: str) -> list[str]:
    """What a rendered document breaks in the schema that its `format` names."""
    document = json.loads(text)
    name = document["format"].removeprefix("linkctl.").removesuffix("/1")
    return [error.message for error in validator(name).iter_errors(document)]
