"""Entry point: the commands, and what becomes of everything that goes wrong."""

from __future__ import annotations

import os
import sys

import typer

from reconciler.cli import commands
from reconciler.cli.console import Console
from reconciler.cli.exit_codes import ExitCode
from reconciler.model.errors import InterruptedRunError, LinkctlError, RefusedError
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


def run(arguments: list[str] | None = None) -> None:
    """Run a command line and leave the process with its exit code."""
    code = execute(sys.argv[1:] if arguments is None else arguments)
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _discard_stdout()
    sys.exit(code)


def execute(arguments: list[str], environment: Environment | None = None) -> int:
    """Run a command line; never raises for anything that a user, a file or a server did."""
    console = Console.standard()
    outside = environment or Environment()
    try:
        code = app(arguments, prog_name="linkctl", standalone_mode=False, obj=outside)
        return int(code or ExitCode.OK)
    except LinkctlError as error:
        console.problems(error.diagnostics)
        return _code_of(error)
    except KeyboardInterrupt:
        console.note("interrupted")
        return ExitCode.INTERRUPTED
    except typer.Abort:
        console.note("aborted: nothing was written")
        return ExitCode.ERROR
    except typer.TyperException as error:
        return _usage(console, error)
    except BrokenPipeError:
        _discard_stdout()
        return ExitCode.ERROR


def _code_of(error: LinkctlError) -> ExitCode:
    match error:
        case RefusedError():
            return ExitCode.REFUSED
        case InterruptedRunError():
            return ExitCode.INTERRUPTED
        case _:
            return ExitCode.ERROR


def _usage(console: Console, error: typer.TyperException) -> ExitCode:
    """Say what is wrong with the command line. The parser's own code 2 would read as "changes pending"."""
    text = getattr(error, "format_message", lambda: str(error))()
    context = getattr(error, "ctx", None)
    path = getattr(context, "command_path", "linkctl")
    console.note(f"error[usage]: {text}\n  try: {path} --help")
    return ExitCode.ERROR


def _discard_stdout() -> None:
    """Whoever read our output has gone: keep the interpreter from complaining about it at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
