"""`linkctl status`: how links, mirror topics and consumer groups are doing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from enum import StrEnum
from typing import Annotated

import typer

from reconciler.cli.console import Console
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.inputs import Inputs, opened
from reconciler.cli.options import Endpoints, Files, Sandbox, Targets, VariableFiles, Variables
from reconciler.model.desired import DesiredState
from reconciler.model.status import StatusReport
from reconciler.reporting import status_json, status_text
from reconciler.workflows.connect import connect
from reconciler.workflows.environment import Environment
from reconciler.workflows.status import status_with


class Format(StrEnum):
    """How the report is printed."""

    TEXT = "text"
    JSON = "json"


def status(
    context: typer.Context,
    file: Files = None,
    var: Variables = None,
    var_file: VariableFiles = None,
    endpoint: Endpoints = None,
    sandbox: Sandbox = False,
    target: Targets = None,
    output: Annotated[Format, typer.Option("--format", help="How to print it.")] = Format.TEXT,
    watch: Annotated[
        bool,
        typer.Option(
            "--watch", help="Look again and again, until interrupted; JSON is then one line a look."
        ),
    ] = False,
    interval: Annotated[
        float, typer.Option("--interval", min=0.1, help="Seconds between two looks.")
    ] = 5.0,
    count: Annotated[
        int | None, typer.Option("--count", min=1, help="With --watch: stop after so many looks.")
    ] = None,
) -> int:
    """Show links, mirror topics with their lag, and the offsets of consumer groups on both sides."""
    console = Console.standard()
    looks = (count if watch else 1) or 0

    def show(report: StatusReport) -> None:
        if output is Format.JSON:
            console.result(status_json(report, line=watch))
        else:
            console.result(status_text(report, width=console.width, colour=console.colour))

    inputs = Inputs.of(file, var, var_file, endpoint, sandbox=sandbox)
    with opened(inputs, console, context.obj) as (desired, environment):
        return asyncio.run(
            _looking(
                desired, environment, tuple(target or ()), looks=looks, interval=interval, show=show
            )
        )


async def _looking(
    desired: DesiredState,
    environment: Environment,
    targets: tuple[str, ...],
    *,
    looks: int,
    interval: float,
    show: Callable[[StatusReport], None],
) -> ExitCode:
    """Report `looks` times (0: for ever); the last report decides the exit code."""
    async with connect(desired, environment) as engine:
        seen = 0
        while True:
            report = await status_with(engine, desired, targets=targets)
            show(report)
            seen += 1
            if seen == looks:
                return ExitCode.ERROR if report.gaps else ExitCode.OK
            await environment.clock.sleep(interval)
