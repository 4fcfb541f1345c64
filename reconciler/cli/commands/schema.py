"""`linkctl schema`: the JSON Schemas that this version reads and writes."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from reconciler.cli.console import Console
from reconciler.cli.exit_codes import ExitCode
from reconciler.resources import schema as published


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
    """Print a JSON Schema (2020-12): of links.yaml for editors, or of a JSON output."""
    Console.standard().result(published(f"{document}.schema.json").decode("utf-8"))
    return ExitCode.OK
