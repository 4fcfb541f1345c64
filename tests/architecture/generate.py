"""Documents that are made from the code. `make docs` writes them; a test fails when one is stale."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import typer

from reconciler.cli.main import app
from tests.architecture.editor_schema import editor_schema

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("spec", "cluster_linking", "planning", "execution", "workflows", "cli")
HELP_WIDTH = 100


def documents() -> dict[Path, str]:
    """Every generated document with its text."""
    return {
        ROOT / "docs" / "messages.md": _messages(),
        ROOT / "docs" / "commands.md": _commands(),
        ROOT / "schema" / "links.schema.json": editor_schema(),
    }


def codes(room: str) -> Mapping[str, str]:
    """The codes of a room with their explanations."""
    found: Mapping[str, str] = import_module(f"reconciler.{room}.codes").CODES
    return found


def _messages() -> str:
    lines = [
        "# Messages",
        "",
        "<!-- made from reconciler/*/codes.py by `make docs` -->",
        "",
        "Every finding has a stable code, printed in brackets. Scripts may match it; the words around it may change.",
    ]
    for room in ROOMS:
        lines += ["", f"## {room}", "", "| code | when, and what to do |", "|---|---|"]
        lines += [
            f"| `{code}` | {text.replace('|', chr(92) + '|')} |"
            for code, text in sorted(codes(room).items())
        ]
    return "\n".join(lines) + "\n"


def _commands() -> str:
    lines = [
        "# Commands",
        "",
        "<!-- made from the command line itself by `make docs` -->",
        "",
        "Exit codes, the first that applies wins: 130 interrupted, 1 error, 3 refused, 4 applied in part,",
        "2 changes pending (`plan --detailed-exitcode`), 0. An `apply` that failed ends with 1 when nothing was written, and",
        "with 4 when something was, or may have been: what the servers took counts, however its step ended.",
        "An `apply` in which nothing failed ends with 4 as well while something is left that is blocked or on its way, even",
        "when there was nothing to write.",
    ]
    for path, text in _helps():
        lines += ["", f"## {path}", "", "```", text, "```"]
    return "\n".join(lines) + "\n"


def _helps() -> Iterator[tuple[str, str]]:
    root = typer.main.get_command(app)
    pending: list[tuple[str, Any, Any]] = [("linkctl", root, None)]
    while pending:
        path, command, parent = pending.pop(0)
        context = type(root.make_context("linkctl", ["version"]))(
            command,
            info_name=path.rsplit(" ", maxsplit=1)[-1],
            parent=parent,
            max_content_width=HELP_WIDTH,
            terminal_width=HELP_WIDTH,
        )
        children = getattr(command, "commands", {})
        if not children:
            yield path, re.sub(r"[ \t]+$", "", command.get_help(context), flags=re.MULTILINE)
        pending += [(f"{path} {name}", child, context) for name, child in children.items()]


def write() -> None:
    """Bring every document up to date."""
    for path, text in documents().items():
        path.write_text(text, "utf-8")


if __name__ == "__main__":
    write()
