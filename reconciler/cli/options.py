"""Options that several commands share, declared once."""

from __future__ import annotations

from typing import Annotated

import typer

DEFAULT_FILE = "links.yaml"

Files = Annotated[
    list[str] | None,
    typer.Option(
        "--file",
        "-f",
        metavar="PATH",
        help=f"YAML file or folder of *.yaml; repeatable; - is standard input. [default: {DEFAULT_FILE}]",
        show_default=False,
    ),
]
Variables = Annotated[
    list[str] | None,
    typer.Option("--var", metavar="NAME=VALUE", help="Value of ${var:NAME}; repeatable."),
]
VariableFiles = Annotated[
    list[str] | None,
    typer.Option(
        "--var-file",
        metavar="PATH",
        help="File of NAME=VALUE lines; quotes around a value and `export` are left off; repeatable.",
    ),
]
Endpoints = Annotated[
    list[str] | None,
    typer.Option(
        "--endpoint", metavar="NAME=URL", help="REST endpoint of a cluster instead of the file's."
    ),
]
Sandbox = Annotated[
    bool,
    typer.Option("--sandbox", help="Use the embedded sandbox instead of real clusters."),
]
WriteSecrets = Annotated[
    list[str] | None,
    typer.Option(
        "--write-secrets",
        metavar="ADDRESS",
        help="Write the secrets of this cluster/link again, as after a change of keys (globs work); repeatable.",
    ),
]
Targets = Annotated[
    list[str] | None,
    typer.Option(
        "--target",
        metavar="ADDRESS",
        help="Only this cluster/link or cluster/link/mirror (globs work).",
    ),
]
