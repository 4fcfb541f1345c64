"""`linkctl apply`: make the clusters as declared."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from enum import StrEnum
from typing import Annotated

import typer

from reconciler.cli.console import Console
from reconciler.cli.exit_codes import ExitCode, of_run
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
from reconciler.cli.progress import progress
from reconciler.cli.question import must_ask, says_yes, stopped_by_signals
from reconciler.model.consent import Grant
from reconciler.model.desired import DesiredState
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.errors import InputError
from reconciler.model.plan import Plan
from reconciler.reporting import plan_text, run_json, run_text
from reconciler.workflows.apply import Applied, ApplyOptions, Audience, parse_grant
from reconciler.workflows.apply import apply as run_apply
from reconciler.workflows.environment import Environment


class Format(StrEnum):
    """How the run is printed."""

    TEXT = "text"
    JSON = "json"


def apply(
    context: typer.Context,
    file: Files = None,
    var: Variables = None,
    var_file: VariableFiles = None,
    endpoint: Endpoints = None,
    sandbox: Sandbox = False,
    target: Targets = None,
    write_secrets: WriteSecrets = None,
    yes: Annotated[
        bool,
        typer.Option("--yes", "-y", help="Do not ask. Not a consent to anything irreversible."),
    ] = False,
    allow: Annotated[
        list[str] | None,
        typer.Option(
            "--allow",
            metavar="KIND[=N|=ADDRESS]",
            help="Consent to what cannot be undone: promote, failover, delete-topic, delete-link, "
            "with a budget or for addresses; recreate and delete-released by exact address.",
        ),
    ] = None,
    parallelism: Annotated[
        int, typer.Option("--parallelism", min=1, max=64, help="Requests at once per cluster.")
    ] = 8,
    timeout: Annotated[
        float, typer.Option("--timeout", min=1, help="Seconds that a step may take to settle.")
    ] = 300.0,
    output: Annotated[Format, typer.Option("--format", help="How to print the run.")] = Format.TEXT,
) -> int:
    """Make the clusters as declared: plan, ask, run, and read back what was reached."""
    console = Console.standard()
    options = ApplyOptions(
        _grants(allow or []),
        tuple(target or ()),
        tuple(write_secrets or ()),
        parallelism,
        timeout,
    )
    asks = must_ask(console, yes=yes)
    inputs = Inputs.of(file, var, var_file, endpoint, sandbox=sandbox)
    with opened(inputs, console, context.obj) as outside:
        applied = asyncio.run(_apply(console, inputs, outside, options, output, asks=asks))
    return _report(console, applied, output)


def _report(console: Console, applied: Applied, output: Format) -> ExitCode:
    """Print what came of it; a "no" is an error like any other reason for not doing what was asked for."""
    if applied.result is None:
        console.note("cancelled: nothing was written")
        return ExitCode.ERROR
    if output is Format.JSON:
        console.result(run_json(applied.result))
    elif applied.result.outcomes:
        console.result(run_text(applied.result, width=console.width, colour=console.colour))
    console.problems(applied.broken)
    return of_run(applied.result, broken=bool(applied.broken))


async def _apply(
    console: Console,
    inputs: Inputs,
    outside: tuple[DesiredState, Environment],
    options: ApplyOptions,
    output: Format,
    *,
    asks: bool,
) -> Applied:
    desired, environment = outside

    def show(plan: Plan, missing: tuple[Diagnostic, ...]) -> None:
        again = inputs.command_line("apply", options.targets, options.write_secrets)
        command = again if missing else None
        text = plan_text(plan, width=console.width, colour=console.colour, command=command)
        if output is Format.TEXT:
            console.result(text)
        elif asks:
            console.note(text)

    with ExitStack() as running:
        watcher = running.enter_context(progress(console))
        interrupted = asyncio.Event()

        def confirm(plan: Plan) -> bool:
            agreed = not asks or says_yes(console)
            if agreed:
                running.enter_context(stopped_by_signals(interrupted))
                watcher.begin(plan)
            return agreed

        audience = Audience(show, confirm, asks, watcher.emit, interrupted)
        return await run_apply(desired, environment, options, audience)


def _grants(texts: list[str]) -> tuple[Grant, ...]:
    grants: list[Grant] = []
    problems: list[Diagnostic] = []
    for text in texts:
        try:
            grants.append(parse_grant(text))
        except ValueError as error:
            problems.append(
                Diagnostic(
                    code="bad-consent",
                    severity=Severity.ERROR,
                    message=str(error),
                    cure="for example: --allow failover, --allow promote=3, --allow delete-topic=dst/link/orders",
                    subject=f"--allow {text}",
                )
            )
    if problems:
        raise InputError(*problems)
    return tuple(grants)
