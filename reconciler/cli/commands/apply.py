"""`linkctl apply`: make the clusters as declared."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Annotated

import typer

from reconciler.cli.console import Console
from reconciler.cli.exit_codes import ExitCode, of_run
from reconciler.cli.inputs import Inputs, opened
from reconciler.cli.options import Endpoints, Files, Sandbox, Targets, VariableFiles, Variables
from reconciler.cli.progress import progress
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
    options = ApplyOptions(_grants(allow or []), tuple(target or ()), parallelism, timeout)
    asks = _asks(console, yes=yes)
    inputs = Inputs.of(file, var, var_file, endpoint, sandbox=sandbox)
    with opened(inputs, console, context.obj) as outside:
        applied = asyncio.run(_apply(console, inputs, outside, options, output, asks=asks))
    if applied.result is None:
        console.note("nothing was written")
        return ExitCode.OK
    if output is Format.JSON:
        console.result(run_json(applied.result))
    elif applied.result.outcomes:
        console.result(run_text(applied.result, width=console.width, colour=console.colour))
    return of_run(applied.result)


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
        command = inputs.command_line("apply", options.targets) if missing else None
        text = plan_text(plan, width=console.width, colour=console.colour, command=command)
        if output is Format.TEXT:
            console.result(text)
        elif asks:
            console.note(text)

    with progress(console) as watcher:

        async def confirm(plan: Plan) -> bool:
            agreed = not asks or await asyncio.to_thread(_says_yes, console)
            if agreed:
                watcher.begin(plan)
            return agreed

        audience = Audience(show=show, confirm=confirm, asks=asks, emit=watcher.emit)
        with _stopped_by_signals(audience.interrupted):
            return await run_apply(desired, environment, options, audience)


@contextmanager
def _stopped_by_signals(interrupted: asyncio.Event) -> Iterator[None]:
    """The first Ctrl-C lets what is in flight finish and reports the rest; the second one stops at once."""
    loop = asyncio.get_running_loop()

    def stop(number: signal.Signals) -> None:
        interrupted.set()
        loop.remove_signal_handler(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop, number)
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


def _says_yes(console: Console) -> bool:
    console.err.write("Apply these changes? Only 'yes' is taken as a yes: ")
    console.err.flush()
    return input().strip() == "yes"


def _asks(console: Console, *, yes: bool) -> bool:
    if yes:
        return False
    if console.interactive:
        return True
    raise InputError(
        Diagnostic(
            code="needs-yes",
            severity=Severity.ERROR,
            message="there is no terminal to ask on, so nothing was done",
            cure="add --yes to apply without a question",
            subject="apply",
        )
    )


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
