"""`linkctl validate`: files only."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import Annotated, assert_never

import typer

from reconciler.cli.console import Console
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.inputs import Inputs, check
from reconciler.cli.options import Files, VariableFiles, Variables
from reconciler.model.diagnostics import Diagnostic, Severity, has_errors
from reconciler.reporting import diagnostics_github, diagnostics_json, diagnostics_text


class Format(StrEnum):
    """How findings are printed."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


def validate(
    file: Files = None,
    var: Variables = None,
    var_file: VariableFiles = None,
    strict: Annotated[bool, typer.Option("--strict", help="Turn warnings into errors.")] = False,
    output: Annotated[
        Format, typer.Option("--format", help="How to print findings.")
    ] = Format.TEXT,
) -> int:
    """Check files without any cluster: every mistake, with its position and its cure, in one run."""
    console = Console.standard()
    loaded = check(Inputs.of(file, var, var_file))
    diagnostics = tuple(_strictly(d) for d in loaded.diagnostics) if strict else loaded.diagnostics
    match output:
        case Format.TEXT:
            if diagnostics:
                console.result(diagnostics_text(diagnostics, colour=console.colour))
            if not has_errors(diagnostics):
                console.result("Valid.")
        case Format.JSON:
            console.result(diagnostics_json(diagnostics))
        case Format.GITHUB:
            if diagnostics:
                console.result(diagnostics_github(diagnostics))
        case _:
            assert_never(output)
    return ExitCode.ERROR if has_errors(diagnostics) else ExitCode.OK


def _strictly(diagnostic: Diagnostic) -> Diagnostic:
    if diagnostic.severity is Severity.WARNING:
        return replace(diagnostic, severity=Severity.ERROR)
    return diagnostic
