"""`linkctl schema`: the JSON Schemas that this version reads and writes."""

from __future__ import annotations

import json
import re
from enum import StrEnum
from typing import Annotated

import typer

from reconciler.cli.console import Console
from reconciler.cli.exit_codes import ExitCode
from reconciler.resources import schema as published

_OTHERS = re.compile(r'"\$ref": "([a-z]+\.schema\.json)#')


class Document(StrEnum):
    """A published schema."""

    LINKS = "links"
    PLAN = "plan"
    STATUS = "status"
    RUN = "run"
    DIAGNOSTICS = "diagnostics"
    SCENARIO = "scenario"


def schema(
    document: Annotated[Document, typer.Argument(help="Which document.")] = Document.LINKS,
) -> int:
    """Print a JSON Schema (2020-12): of links.yaml for editors, or of a JSON output. It needs no other file."""
    Console.standard().result(_whole(f"{document}.schema.json"))
    return ExitCode.OK


def _whole(name: str) -> str:
    """A schema with those that it refers to inside, under the ids that it calls them by."""
    text = published(name).decode("utf-8")
    wanted = sorted(set(_OTHERS.findall(text)))
    if not wanted:
        return text
    whole = json.loads(text)
    whole.setdefault("$defs", {}).update((other, json.loads(published(other))) for other in wanted)
    return json.dumps(whole, indent=2, ensure_ascii=False)
