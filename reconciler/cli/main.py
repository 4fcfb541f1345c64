"""Entry point: the commands, and what becomes of everything that goes wrong."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from itertools import pairwise
from typing import Annotated, TextIO

import typer

from reconciler.cli import commands
from reconciler.cli.commands.version import version
from reconciler.cli.console import Console
from reconciler.cli.exit_codes import ExitCode
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.errors import InterruptedRunError, LinkctlError, RefusedError
from reconciler.reporting import diagnostics_json
from reconciler.workflows.environment import Environment

app = typer.Typer(
    name="linkctl",
    help="Plan and apply Kafka Cluster Linking from one YAML file.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
commands.register(app)


def _version(wanted: bool) -> None:  # noqa: FBT001 - typer's callback signature
    if wanted:
        raise typer.Exit(version())


@app.callback()
def options(
    show_version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Plan and apply Kafka Cluster Linking from one YAML file."""


def run(arguments: list[str] | None = None) -> None:
    """Run a command line and leave the process with its exit code."""
    code = execute(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except OSError:
            _discard(stream)
    sys.exit(code)


def execute(arguments: list[str], environment: Environment | None = None) -> int:
    """Run a command line; never raises for anything that a user, a file or a server did."""
    console = Console.standard()
    try:
        return _execute(console, arguments, environment or Environment())
    except BrokenPipeError:
        _discard(console.out)
    return ExitCode.ERROR


def _execute(console: Console, arguments: list[str], environment: Environment) -> int:
    try:
        code = app(arguments, prog_name="linkctl", standalone_mode=False, obj=environment)
        return int(code or ExitCode.OK)
    except LinkctlError as error:
        _tell(console, error.diagnostics, arguments)
        return _code_of(error)
    except typer.TyperException as error:
        _tell_usage(console, error, arguments)
    except typer.Abort:
        console.note("aborted: nothing was written")
    except KeyboardInterrupt:
        console.note("interrupted")
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        raise
    except OSError as error:
        _tell(console, (_system_error(error),), arguments)
    return ExitCode.ERROR


def wants_json(arguments: Sequence[str]) -> bool:
    """Whether a program reads stdout. The words are looked at as they stand: what is wrong with them may be what
    there is to tell.
    """
    formats = [word for option, word in pairwise(arguments) if option == "--format"]
    formats += [word.partition("=")[2] for word in arguments if word.startswith("--format=")]
    return "json" in formats


def _tell(console: Console, diagnostics: Sequence[Diagnostic], arguments: Sequence[str]) -> None:
    """People read what went wrong on stderr. A program that asked for JSON finds it on stdout as well, where its
    result would be: with `--watch`, as the last line.
    """
    console.problems(diagnostics)
    if wants_json(arguments):
        # Where stdout takes nothing, that is what was told, or the lesser trouble.
        with suppress(LinkctlError):
            console.result(diagnostics_json(tuple(diagnostics), line="--watch" in arguments))


def _code_of(error: LinkctlError) -> ExitCode:
    match error:
        case RefusedError():
            return ExitCode.REFUSED
        case InterruptedRunError():
            return ExitCode.INTERRUPTED
        case _:
            return ExitCode.ERROR


def _tell_usage(console: Console, error: typer.TyperException, arguments: Sequence[str]) -> None:
    """Say what is wrong with the command line. The parser's own code 2 would read as "changes pending"."""
    text = getattr(error, "format_message", lambda: str(error))()
    path = getattr(getattr(error, "ctx", None), "command_path", "linkctl")
    if text.startswith("Usage:"):
        console.note(text)
        return
    usage = Diagnostic(
        code="usage",
        severity=Severity.ERROR,
        message=text,
        cure=f"see `{path} --help`",
        subject=path,
    )
    _tell(console, (usage,), arguments)


def _system_error(error: OSError) -> Diagnostic:
    return Diagnostic(
        code="system-error",
        severity=Severity.ERROR,
        message=f"the system refused: {error.strerror or error}",
        cure="check that the file or folder is what it should be, and that there is room",
        subject=str(error.filename or "linkctl"),
    )


def _discard(stream: TextIO) -> None:
    """Whoever read our output has gone: keep the interpreter from complaining about it at exit."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
