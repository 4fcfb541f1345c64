"""What a run shows while it lasts: a bar on a terminal, lines in a log. All of it goes to stderr."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from reconciler.cli.console import Console
from reconciler.model.events import Event, Outcome, StepFinished, StepRetried, StepStarted
from reconciler.model.plan import Plan
from reconciler.reporting import event_text


class Progress(Protocol):
    """Somebody who watches a run."""

    def begin(self, plan: Plan) -> None:
        """The plan is about to run."""
        ...

    def emit(self, event: Event) -> None:
        """Something happened."""
        ...


@contextmanager
def progress(console: Console) -> Iterator[Progress]:
    """A watcher that suits the stream; nothing is shown before `begin`, so that a question can be asked."""
    if not console.err.isatty():
        yield _Log(console)
        return
    bar = _Bar(console)
    try:
        yield bar
    finally:
        bar.end()


class _Log:
    """Lines. A log wants to know how a step went, not that it will be tried next or was not tried at all: what was
    skipped is told in the report, beneath its cause.
    """

    def __init__(self, console: Console) -> None:
        self._console = console

    def begin(self, plan: Plan) -> None:
        """Nothing: the plan was shown."""

    def emit(self, event: Event) -> None:
        if not isinstance(event, StepStarted) and not _skipped(event):
            self._console.note(event_text(event))


class _Bar:
    """A bar with what is being done; above it stays only what did not go well."""

    def __init__(self, console: Console) -> None:
        # Only here, because nobody else wants a terminal library to be loaded.
        from rich.console import Console as Terminal  # noqa: PLC0415
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn  # noqa: PLC0415
        from rich.progress import Progress as Bar  # noqa: PLC0415

        self._bar = Bar(
            BarColumn(bar_width=20),
            MofNCompleteColumn(),
            TextColumn("{task.description}", markup=False),
            console=Terminal(file=console.err),
            transient=True,
        )
        self._task = self._bar.add_task("")

    def begin(self, plan: Plan) -> None:
        self._bar.update(self._task, total=len(plan.steps))
        self._bar.start()

    def emit(self, event: Event) -> None:
        if isinstance(event, StepFinished):
            self._bar.advance(self._task)
            if event.result.outcome in {Outcome.SUCCEEDED, Outcome.SKIPPED}:
                return
        if isinstance(event, StepFinished | StepRetried):
            self._bar.console.print(event_text(event), markup=False, highlight=False)
        else:
            self._bar.update(self._task, description=event_text(event))

    def end(self) -> None:
        self._bar.stop()


def _skipped(event: Event) -> bool:
    return isinstance(event, StepFinished) and event.result.outcome is Outcome.SKIPPED
