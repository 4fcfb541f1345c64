"""Documents that are made from the code. `make docs` writes them; a test fails when one is stale."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import typer

from reconciler.cli.main import app
from reconciler.cluster_linking import CATALOGUE
from reconciler.model.catalogue import ConfigType, LinkConfig

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("spec", "cluster_linking", "planning", "execution", "workflows", "cli")
HELP_WIDTH = 100


def documents() -> dict[Path, str]:
    """Every generated document with its text."""
    return {
        ROOT / "docs" / "messages.md": _messages(),
        ROOT / "docs" / "commands.md": _commands(),
        ROOT / "schema" / "links.schema.json": _schema(),
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


def _schema() -> str:
    """The published schema with what editors show of each link config; all but these two parts is written by hand."""
    text = (ROOT / "schema" / "links.schema.json").read_text("utf-8")
    configs = [config for config in CATALOGUE.configs.values() if not config.home]
    security = [c for name, c in CATALOGUE.configs.items() if CATALOGUE.is_security(name)]
    for part, known in (("knownConfigs", configs), ("knownCredentials", security)):
        entries = ",\n".join(_entry(config) for config in sorted(known, key=lambda c: c.name))
        text, found = re.subn(
            rf'("{part}": \{{\n      "\$comment": "[^"]*",\n      "properties": \{{\n).*?(      \}}\n    \}})',
            lambda match, entries=entries: f"{match[1]}{entries}\n{match[2]}",  # type: ignore[misc]
            text,
            flags=re.DOTALL,
        )
        assert found == 1
    return text


def _entry(config: LinkConfig) -> str:
    """One config as a line of the schema. It explains and never judges: servers learn new configs and values."""
    summary = config.summary[:1].upper() + config.summary[1:]
    parts = [f"{summary}." if summary else f"Kafka's `{config.name}`."]
    if config.unit:
        parts.append(f"In {config.unit}." if config.unit != "count" else "A number.")
    if config.choices:
        parts.append(f"One of {', '.join(config.choices)}.")
    if config.default:
        parts.append(f"Default: {config.default}.")
    if config.read_only_on_cloud:
        parts.append("Read-only on Confluent Cloud.")
    if config.sensitive:
        parts.append("A secret: write a reference.")
    example = json.dumps([_example(config)])
    return f'        {json.dumps(config.name)}: {{"description": {json.dumps(" ".join(parts))}, "examples": {example}}}'


def _example(config: LinkConfig) -> str | int | bool:
    if config.sensitive:
        return "${env:NAME}"
    value = config.default or next(iter(config.choices), "")
    match config.type:
        case ConfigType.BOOLEAN:
            return True
        case ConfigType.INT | ConfigType.LONG:
            return int(value or 1)
        case _:
            return value or ("/etc/kafka/secrets/store" if "location" in config.name else "text")


def write() -> None:
    """Bring every document up to date."""
    for path, text in documents().items():
        path.write_text(text, "utf-8")


if __name__ == "__main__":
    write()
