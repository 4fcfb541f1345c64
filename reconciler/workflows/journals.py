"""Where the journals of runs are kept: one file a run, named by its time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from reconciler.execution import Journal
from reconciler.model.clock import Clock
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.errors import InputError, LinkctlError
from reconciler.model.events import Event

RUNS = Path(".linkctl") / "runs"
MOST_A_SECOND = 1000


@contextmanager
def recorded(folder: Path, clock: Clock) -> Iterator[tuple[Journal, Path]]:
    """A new journal in that folder, with its file; closed at the end.

    Raises:
        InputError: it cannot be made; without a journal nothing is written.
    """
    try:
        journal, file = _new(folder, clock)
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
        yield journal, file


def _new(folder: Path, clock: Clock) -> tuple[Journal, Path]:
    """Two runs may begin in the same second: the later one takes the next free name."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = datetime.fromtimestamp(clock.now(), UTC).strftime("%Y%m%dT%H%M%SZ")
    for number in range(1, MOST_A_SECOND):
        file = folder / f"{name}-{number}.jsonl"
        if not file.exists():
            with suppress(FileExistsError):
                return Journal(file, clock), file
    last = folder / f"{name}-{MOST_A_SECOND}.jsonl"
    return Journal(last, clock), last


class BrokenJournalError(LinkctlError):
    """The journal of a run that has begun cannot be written any more."""


def noted(journal: Journal, file: Path, emit: Callable[[Event], None]) -> Callable[[Event], None]:
    """The journal first, then whoever else listens: what the journal does not know must not happen.

    The callable raises BrokenJournalError when the journal cannot be written.
    """

    def both(event: Event) -> None:
        try:
            journal(event)
        except OSError as error:
            raise BrokenJournalError(
                Diagnostic(
                    code="journal-broken",
                    severity=Severity.ERROR,
                    message=f"the journal of this run cannot be written any more ({error.strerror}), so nothing more was sent",
                    cure="make room, then run the same command again: it goes on from what is there",
                    subject=str(file),
                )
            ) from error
        emit(event)

    return both
