"""`linkctl export`: what is live, as a links.yaml whose plan is empty."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from reconciler.cli.console import Console
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.inputs import Inputs, desired_state, parse_endpoints, reached
from reconciler.cli.options import (
    DEFAULT_FILE,
    Endpoints,
    Files,
    Sandbox,
    VariableFiles,
    Variables,
)
from reconciler.model.desired import DesiredState
from reconciler.workflows.connect import with_endpoints
from reconciler.workflows.export import ExportOptions, observe, with_clusters
from reconciler.workflows.export import export as write_export


def export(
    context: typer.Context,
    file: Files = None,
    var: Variables = None,
    var_file: VariableFiles = None,
    endpoint: Endpoints = None,
    sandbox: Sandbox = False,
    link: Annotated[
        list[str] | None,
        typer.Option("--link", metavar="GLOB", help="Only links of this name (globs work)."),
    ] = None,
    with_replication_factor: Annotated[
        bool,
        typer.Option("--with-replication-factor", help="Write the replication factor of mirrors."),
    ] = False,
) -> int:
    """Write what is live as a links.yaml whose plan is empty; secrets become ${env:…} references.

    Reads the clusters that the files name under `clusters:`, and those of `--endpoint NAME=URL`. What no entry leaves
    as it is (half a pair, a FAILED mirror topic) is left out, with a comment and a warning. Paths in the result are
    relative to the current folder. Do not redirect it into a file that it reads: the shell empties that first.
    """
    console = Console.standard()
    options = ExportOptions(tuple(link or ()), with_replication=with_replication_factor)
    inputs = Inputs.of(file, var, var_file, endpoint, sandbox=sandbox)
    desired = _clusters(inputs, console, only_endpoints=file is None and bool(endpoint))
    outside = reached(desired, console, context.obj, sandbox=inputs.sandbox)
    with outside as (reachable, environment):
        observed = asyncio.run(observe(reachable, environment, options))
    exported = write_export(desired, observed, options)
    console.problems(exported.diagnostics)
    console.result(exported.text)
    return ExitCode.OK


def _clusters(inputs: Inputs, console: Console, *, only_endpoints: bool) -> DesiredState:
    """The clusters to read. With `--endpoint` alone no file is needed; an empty links.yaml is what a shell makes
    before `linkctl export --endpoint … > links.yaml` begins.
    """
    endpoints = parse_endpoints(inputs.endpoints)
    default = Path(DEFAULT_FILE)
    if only_endpoints and not (default.is_file() and default.stat().st_size):
        return with_clusters(DesiredState({}), endpoints)
    declared = desired_state(replace(inputs, endpoints=()), console)
    known = {name: url for name, url in endpoints.items() if name in declared.clusters}
    return with_clusters(with_endpoints(declared, known), endpoints)
