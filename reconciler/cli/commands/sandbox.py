"""`linkctl sandbox`: serve an emulated estate on loopback, talk to the embedded one, or start it over."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from reconciler.cli.console import Console
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.inputs import Inputs, desired_state, opened, stdin_bytes, text_or_file
from reconciler.cli.options import Endpoints, Files, Sandbox, VariableFiles, Variables
from reconciler.workflows.load import load_scenario
from reconciler.workflows.rehearsal import scenario as copy_estate

app = typer.Typer(
    help="An emulator of clusters with Cluster Linking, for demos, rehearsals and tests.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

ScenarioFile = Annotated[
    str | None,
    typer.Option("--scenario", metavar="PATH", help="YAML or JSON file that describes the world."),
]


@app.command("request")
def request(
    cluster: Annotated[str, typer.Argument(help="Name of the cluster, as in the YAML.")],
    method: Annotated[str, typer.Argument(help="GET, POST, PUT, PATCH or DELETE.")],
    path: Annotated[
        str, typer.Argument(help="Path below the cluster, such as links or topics/users/records.")
    ],
    data: Annotated[
        str | None,
        typer.Option("--data", "-d", help="JSON body, or @PATH of a file that holds it."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only the status line.")] = False,
    file: Files = None,
    var: Variables = None,
    var_file: VariableFiles = None,
) -> int:
    """Send one request to the embedded sandbox, as curl would to a real cluster. Leaves with 1 on a refusal."""
    from reconciler.cli.embedded import open_world, send  # noqa: PLC0415 - see inputs.opened

    console = Console.standard()
    desired = desired_state(Inputs.of(file, var, var_file, sandbox=True), console)
    with open_world(desired) as embedded:
        answer = asyncio.run(
            send(embedded, desired, cluster, method.upper(), path, text_or_file(data))
        )
    console.note(f"HTTP {answer.status}")
    if answer.text and not quiet:
        console.result(answer.text)
    return ExitCode.ERROR if answer.refused else ExitCode.OK


@app.command("reset")
def reset(scenario: ScenarioFile = None) -> int:
    """Forget the embedded sandbox, or start it over from a scenario."""
    from reconciler.cli.embedded import KEPT_IN, reset_world  # noqa: PLC0415

    reset_world(load_scenario(scenario, stdin_bytes) if scenario else None)
    Console.standard().note(
        f"sandbox: {KEPT_IN} " + ("starts from the scenario" if scenario else "is gone")
    )
    return ExitCode.OK


@app.command("scenario")
def scenario(
    context: typer.Context,
    file: Files = None,
    var: Variables = None,
    var_file: VariableFiles = None,
    endpoint: Endpoints = None,
    sandbox: Sandbox = False,
) -> int:
    """Write a scenario out of the live clusters, to rehearse on a copy of the estate. Sends nothing but GET."""
    console = Console.standard()
    inputs = Inputs.of(file, var, var_file, endpoint, sandbox=sandbox)
    with opened(inputs, console, context.obj) as (desired, environment):
        console.result(asyncio.run(copy_estate(desired, environment)))
    return ExitCode.OK


@app.command("serve")
def serve(
    file: Files = None,
    var: Variables = None,
    var_file: VariableFiles = None,
    scenario: ScenarioFile = None,
    host: Annotated[
        str, typer.Option("--host", help="Loopback address to listen on.")
    ] = "127.0.0.1",
    port: Annotated[
        int,
        typer.Option(
            "--port", min=0, max=65535, help="First port; the clusters take one each. 0: any."
        ),
    ] = 0,
    speed: Annotated[
        float, typer.Option("--speed", min=0.001, help="World seconds per real second.")
    ] = 1.0,
    stepped: Annotated[
        bool,
        typer.Option(
            "--stepped",
            help="Time stands still but for POST /sandbox/advance (admin: true in the scenario).",
        ),
    ] = False,
    snapshot: Annotated[
        Path | None, typer.Option("--snapshot", metavar="PATH", help="Keep the world in this file.")
    ] = None,
) -> int:
    """Serve the clusters of a YAML or a scenario on loopback, until interrupted.

    One JSON line on stdout says what is ready; the options to paste are on stderr.
    """
    from reconciler.cli.served import Serving, serve_until_stopped  # noqa: PLC0415

    console = Console.standard()
    described = load_scenario(scenario, stdin_bytes) if scenario else None
    desired = (
        None
        if described is not None and not file
        else desired_state(Inputs.of(file, var, var_file, sandbox=True), console)
    )
    serving = Serving(host, port, None if stepped else speed, snapshot)
    return serve_until_stopped(desired, described, serving, console)
