"""Where the journals of runs are kept: one file a run, named by its time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from reconciler.execution import Journal
from reconciler.model.clock import Clock
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.errors import InputError

RUNS = Path(".linkctl") / "runs"


@contextmanager
def recorded(folder: Path, clock: Clock) -> Iterator[Journal]:
    """A new journal in that folder, closed at the end.

    Raises:
        InputError: it cannot be made; without a journal nothing is written.
    """
    try:
        journal = _new(folder, clock)
    except OSError as error:
        raise InputError(
            Diagnostic(
                code="no-journal",
                severity=Severity.ERROR,
                message=f"the journal of this run cannot be written: {error.strerror}",
                cure="run it in a folder that you may write to; nothing was sent",
                subject=str(folder),
            )
        ) from error
    with journal:
        yield journal


def _new(folder: Path, clock: Clock) -> Journal:
    """Two runs may begin in the same second: the later one takes the next free name."""
    name = datetime.fromtimestamp(clock.now(), UTC).strftime("%Y%m%dT%H%M%SZ")
    for number in count():
        try:
            return Journal(
                folder / (f"{name}-{number}.jsonl" if number else f"{name}.jsonl"), clock
            )
        except FileExistsError:
            continue
    raise AssertionError("unreachable: count() does not end")
