"""From the options of a command line to what every workflow wants: a desired state and an environment."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from reconciler.cli.console import Console
from reconciler.cli.options import DEFAULT_FILE
from reconciler.model.desired import DesiredState
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.errors import InputError
from reconciler.workflows.connect import sent_in_clear, with_endpoints, without_credentials
from reconciler.workflows.environment import Environment
from reconciler.workflows.load import MAX_BYTES, Loaded, endpoint_fault, load_files
from reconciler.workflows.variables import parse_variables


@dataclass(frozen=True, slots=True)
class Inputs:
    """The options that say what is wanted and where it lives."""

    files: tuple[str, ...]
    variables: tuple[str, ...] = ()
    variable_files: tuple[str, ...] = ()
    endpoints: tuple[str, ...] = ()
    sandbox: bool = False

    @classmethod
    def of(
        cls,
        files: Sequence[str] | None,
        variables: Sequence[str] | None = None,
        variable_files: Sequence[str] | None = None,
        endpoints: Sequence[str] | None = None,
        *,
        sandbox: bool = False,
    ) -> Inputs:
        """As typer hands them over, where an option that was not given is None."""
        return cls(
            files=tuple(files or (DEFAULT_FILE,)),
            variables=tuple(variables or ()),
            variable_files=tuple(variable_files or ()),
            endpoints=tuple(endpoints or ()),
            sandbox=sandbox,
        )

    def command_line(
        self,
        command: str,
        targets: Sequence[str] | None = None,
        write_secrets: Sequence[str] | None = None,
    ) -> str:
        """The beginning of a command that sees the same files and clusters and is asked for the same, ready to paste."""
        files = () if self.files == (DEFAULT_FILE,) else self.files
        options = (
            *(("-f", file) for file in files),
            *(("--var", variable) for variable in self.variables),
            *(("--var-file", file) for file in self.variable_files),
            *(("--endpoint", endpoint) for endpoint in self.endpoints),
            *((("--sandbox",),) if self.sandbox else ()),
            *(("--target", target) for target in targets or ()),
            *(("--write-secrets", address) for address in write_secrets or ()),
        )
        return shlex.join(["linkctl", command, *(word for option in options for word in option)])


def check(inputs: Inputs) -> Loaded:
    """Read and check the files, without touching anything else. The sandbox asks for no credentials, so for it none has
    to be there.

    Raises:
        InputError: an option is wrong; what is wrong with the files comes back as diagnostics.
    """
    return load_files(
        inputs.files,
        variables=parse_variables(
            inputs.variables, {path: _text(path) for path in inputs.variable_files}
        ),
        environ=os.environ,
        stdin=stdin_bytes,
        credentials=not inputs.sandbox,
    )


def desired_state(inputs: Inputs, console: Console) -> DesiredState:
    """The desired state; warnings go to stderr.

    Raises:
        InputError: the files or options are wrong.
    """
    loaded = check(inputs)
    if loaded.desired is None:
        raise InputError(*loaded.diagnostics)
    console.problems(loaded.diagnostics)
    endpoints = parse_endpoints(inputs.endpoints)
    console.problems(sent_in_clear(loaded.desired, endpoints))
    return with_endpoints(loaded.desired, endpoints)


@contextmanager
def opened(
    inputs: Inputs, console: Console, environment: Environment
) -> Iterator[tuple[DesiredState, Environment]]:
    """The desired state, and the environment to reach its clusters in.

    Raises:
        InputError: the files or options are wrong.
    """
    desired = desired_state(inputs, console)
    with reached(desired, console, environment, sandbox=inputs.sandbox) as outside:
        yield outside


@contextmanager
def reached(
    desired: DesiredState, console: Console, environment: Environment, *, sandbox: bool
) -> Iterator[tuple[DesiredState, Environment]]:
    """A desired state with the environment to reach its clusters in: the given one, or with `--sandbox` the embedded
    sandbox, which asks for no credentials and is saved on leaving.

    Raises:
        InputError: the kept sandbox cannot be read.
    """
    if not sandbox:
        yield desired, environment
        return
    # Only here, because a command that talks to real clusters has no use for a web framework.
    from reconciler.cli.embedded import embedded_sandbox  # noqa: PLC0415

    with embedded_sandbox(desired, console) as emulated:
        yield without_credentials(desired), emulated


def stdin_bytes() -> bytes:
    """As much of standard input as it takes to read a file, or to refuse it as too large."""
    if sys.stdin is None:
        raise InputError(
            Diagnostic(
                code="closed-stdin",
                severity=Severity.ERROR,
                message="standard input is closed",
                cure="pipe a file into it, or name a file with -f",
                subject="-f -",
            )
        )
    return sys.stdin.buffer.read(MAX_BYTES + 1)


def parse_endpoints(assignments: Sequence[str]) -> dict[str, str]:
    """`--endpoint` options as URLs by cluster name.

    Raises:
        InputError: one of them is not NAME=URL with a URL that an endpoint can have.
    """
    found: dict[str, str] = {}
    for text in assignments:
        name, _, url = text.partition("=")
        fault = endpoint_fault(url)
        if fault is not None:
            # The value is not repeated: a URL of the wrong form may hold a password.
            raise InputError(
                Diagnostic(
                    code="bad-endpoint",
                    severity=Severity.ERROR,
                    message=f"--endpoint wants NAME=URL, and the URL does not have the form that it needs: {fault}",
                    cure="for example: --endpoint ig-test2=http://127.0.0.1:8090/kafka/v3",
                    subject="--endpoint",
                )
            )
        found[name] = url
    return found


def text_or_file(value: str | None) -> str | None:
    """An option's text, or with `@PATH` what that file holds.

    Raises:
        InputError: the file cannot be read.
    """
    return _text(value[1:]) if value is not None and value.startswith("@") else value


def _text(path: str) -> str:
    try:
        return Path(path).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            Diagnostic(
                code="unreadable-file",
                severity=Severity.ERROR,
                message=f"the file cannot be read: {getattr(error, 'strerror', None) or 'not UTF-8'}",
                cure="name a UTF-8 text file that you may read",
                subject=path,
            )
        ) from error
