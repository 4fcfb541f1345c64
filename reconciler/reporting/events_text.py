"""Progress: one line for each thing that happens during a run."""

from __future__ import annotations

from reconciler.model.events import (
    Event,
    Outcome,
    StepFinished,
    StepOutcome,
    StepRetried,
    StepStarted,
    StepWaiting,
)
from reconciler.reporting.escape import shown
from reconciler.reporting.words import OUTCOME_WORDS, describe

COLUMN = max(len(word) for word in (*OUTCOME_WORDS.values(), "waiting", "retry")) + 2


def event_text(event: Event) -> str:
    """An event as one line, without a line end and without the time, so that runs can be compared."""
    match event:
        case StepStarted(step=step):
            return _line("start", describe(step.action))
        case StepRetried(step=step, attempt=attempt, delay=delay, because=because):
            when = f"attempt {attempt} in {delay:.1f} s"
            return _line("retry", f"{describe(step.action)}: {when}: {because.message}")
        case StepWaiting(step=step, detail=detail):
            return _line("waiting", f"{describe(step.action)}: {detail}")
        case StepFinished(result=result):
            return _line(OUTCOME_WORDS[result.outcome], describe(result.step.action) + _why(result))


def _line(word: str, text: str) -> str:
    return f"{word:<{COLUMN}}{shown(text)}"


def _why(result: StepOutcome) -> str:
    """The first reason of an end that is not a success; the report at the end has all of them."""
    if result.outcome is Outcome.SUCCEEDED:
        return ""
    reasons = [*result.diagnostics, *(item.diagnostic for item in result.items if item.diagnostic)]
    return f": {reasons[0].message}" if reasons else ""
