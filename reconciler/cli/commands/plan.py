"""`linkctl plan`: what has to change, and nothing but GET on the way."""

from __future__ import annotations

import asyncio
from enum import StrEnum
from typing import Annotated, assert_never

import typer

from reconciler.cli.console import Console
from reconciler.cli.exit_codes import of_plan
from reconciler.cli.inputs import Inputs, opened
from reconciler.cli.options import (
    Endpoints,
    Files,
    Sandbox,
    Targets,
    VariableFiles,
    Variables,
    WriteSecrets,
)
from reconciler.reporting import plan_json, plan_text
from reconciler.workflows.plan import plan as make_plan


class Format(StrEnum):
    """How a plan is printed."""

    TEXT = "text"
    JSON = "json"


def plan(
    context: typer.Context,
    file: Files = None,
    var: Variables = None,
    var_file: VariableFiles = None,
    endpoint: Endpoints = None,
    sandbox: Sandbox = False,
    target: Targets = None,
    write_secrets: WriteSecrets = None,
    output: Annotated[
        Format, typer.Option("--format", help="How to print the plan.")
    ] = Format.TEXT,
    detailed_exitcode: Annotated[
        bool,
        typer.Option(
            "--detailed-exitcode", help="Leave with 2 when the clusters are not as declared."
        ),
    ] = False,
) -> int:
    """Show what has to change so that the clusters are as declared."""
    console = Console.standard()
    inputs = Inputs.of(file, var, var_file, endpoint, sandbox=sandbox)
    with opened(inputs, console, context.obj) as (desired, environment):
        made = asyncio.run(
            make_plan(
                desired,
                environment,
                targets=tuple(target or ()),
                write_secrets=tuple(write_secrets or ()),
            )
        )
    match output:
        case Format.TEXT:
            command = inputs.command_line("apply", target, write_secrets)
            console.result(
                plan_text(made, width=console.width, colour=console.colour, command=command)
            )
        case Format.JSON:
            console.result(plan_json(made))
        case _:
            assert_never(output)
    return of_plan(made, detailed=detailed_exitcode)
