"""The one question that is asked: shall this plan be run."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from reconciler.cli.console import Console
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.errors import InputError


def must_ask(console: Console, *, yes: bool) -> bool:
    """Whether the question has to be put to a person.

    Raises:
        InputError: it has to be, and there is no terminal to put it on.
    """
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


def says_yes(console: Console) -> bool:
    """Ask, and wait for the answer. Nothing else is going on meanwhile, so the first Ctrl-C ends the command.

    Raises:
        KeyboardInterrupt: the person wants out.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        console.err.write("Apply these changes? Only 'yes' is taken as a yes: ")
        console.err.flush()
        return input().strip() == "yes"
    except EOFError:
        return False
    except KeyboardInterrupt:
        console.note("\nnothing was written")
        raise
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def stopped_by_signals(interrupted: asyncio.Event) -> Iterator[None]:
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
