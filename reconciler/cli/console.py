"""The two streams: stdout carries the result and nothing else, stderr progress and problems."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.errors import LinkctlError
from reconciler.reporting import diagnostics_text

PIPE_WIDTH = 80
"""Columns where there is no terminal to ask: what is printed into a file must not depend on a window."""


@dataclass(frozen=True, slots=True)
class Console:
    """Where output goes and how it may look. Colour only on a terminal; `NO_COLOR` is honoured."""

    out: TextIO
    err: TextIO

    @classmethod
    def standard(cls) -> Console:
        """The streams of this process; what goes to one that was closed goes nowhere, and what an encoding cannot say is
        escaped.
        """
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        return cls(sys.stdout or _nowhere(), sys.stderr or _nowhere())

    @property
    def interactive(self) -> bool:
        """Whether a person can be asked something."""
        return sys.stdin is not None and sys.stdin.isatty() and self.err.isatty()

    @property
    def colour(self) -> bool:
        """Whether the result may be coloured."""
        return _colourful(self.out)

    @property
    def width(self) -> int:
        """Columns of the terminal, or a fixed number when the result goes into a pipe or a file."""
        return (
            shutil.get_terminal_size((PIPE_WIDTH, 24)).columns if self.out.isatty() else PIPE_WIDTH
        )

    def result(self, text: str) -> None:
        """Print a result to stdout.

        Raises:
            BrokenPipeError: the reader has gone.
            LinkctlError: it cannot be written for another reason: a result that nobody gets is no result.
        """
        try:
            self.out.write(text if text.endswith("\n") else f"{text}\n")
            self.out.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise LinkctlError(
                Diagnostic(
                    code="cannot-write",
                    severity=Severity.ERROR,
                    message=f"the result cannot be written: {error.strerror}",
                    cure="make room, or write it elsewhere",
                    subject="stdout",
                )
            ) from error

    def note(self, text: str) -> None:
        """Print progress or an explanation to stderr. That nobody listens there never stops a run."""
        with suppress(OSError, ValueError):
            self.err.write(f"{text}\n")
            self.err.flush()

    def problems(self, diagnostics: Sequence[Diagnostic]) -> None:
        """Print findings to stderr."""
        if diagnostics:
            self.note(
                diagnostics_text(tuple(diagnostics), colour=_colourful(self.err)).rstrip("\n")
            )


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")


def _colourful(stream: TextIO) -> bool:
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
