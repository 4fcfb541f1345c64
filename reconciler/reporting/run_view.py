"""What a run has to say, computed once: each failure with what could not be sent because of it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace

from reconciler.model.address import Address
from reconciler.model.diagnostics import Diagnostic
from reconciler.model.events import ItemOutcome, Outcome, RunResult, StepOutcome
from reconciler.model.steps import Action, Step
from reconciler.reporting.grouping import grouped, wording
from reconciler.reporting.words import family


@dataclass(frozen=True, slots=True)
class Complaint:
    """One message, and the objects of the step that it speaks of (none: the step as a whole)."""

    diagnostic: Diagnostic
    addresses: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True)
class Ending:
    """How a step ended that was not kept back by another one, or how several ended alike."""

    results: tuple[StepOutcome, ...]
    complaints: tuple[Complaint, ...]
    kept_back: tuple[Step, ...] = ()
    """Steps that were skipped because this one did not succeed."""

    @property
    def outcome(self) -> Outcome:
        """How they ended."""
        return self.results[0].outcome

    @property
    def actions(self) -> tuple[Action, ...]:
        """What was to be done."""
        return tuple(result.step.action for result in self.results)

    @property
    def items(self) -> tuple[ItemOutcome, ...]:
        """How each object ended, where the server told them apart."""
        return tuple(item for result in self.results for item in result.items)


@dataclass(frozen=True, slots=True)
class RunView:
    """A run, arranged for readers. Endings are in the order of the run."""

    result: RunResult
    endings: tuple[Ending, ...]
    counts: Mapping[Outcome, int]
    """How many steps ended in each way."""
    item_counts: Mapping[Outcome, int]
    """How many objects did: a step with one refusal among a hundred has failed, and has done ninety-nine."""


def view_run(result: RunResult) -> RunView:
    """Arrange a run for printing. One failure is one message: what it kept back is listed beneath it."""
    causes = _causes(result.outcomes)
    kept_back = grouped(
        (r for r in result.outcomes if causes[r.step.id] != r.step.id),
        lambda r: causes[r.step.id],
    )
    endings = (
        Ending((r,), _complaints(r), tuple(k.step for k in kept_back.get(r.step.id, ())))
        for r in result.outcomes
        if causes[r.step.id] == r.step.id
    )
    told = tuple(_joined(alike) for alike in grouped(endings, _likeness).values())
    counts = {outcome: result.count(outcome) for outcome in Outcome}
    return RunView(result, told, counts, {o: result.count_items(o) for o in Outcome})


def _likeness(ending: Ending) -> tuple[Hashable, ...]:
    """What endings have in common that are told as one; those that have more to say stand alone."""
    (result,) = ending.results
    if ending.kept_back or len(result.items) > 1:
        return (result.step.id,)
    words = tuple(wording(complaint.diagnostic) for complaint in ending.complaints)
    return (ending.outcome, family(result.step.action), words)


def _joined(alike: tuple[Ending, ...]) -> Ending:
    results = tuple(result for ending in alike for result in ending.results)
    return replace(alike[0], results=results)


def _causes(outcomes: Sequence[StepOutcome]) -> dict[str, str]:
    """For each step the one that decided its end: itself, or the first that kept it back, however far up."""
    ended = {result.step.id: result for result in outcomes}
    causes: dict[str, str] = {}

    def cause(step_id: str) -> str:
        if step_id not in causes:
            causes[step_id] = step_id
            result = ended[step_id]
            if result.outcome is Outcome.SKIPPED:
                lost = [n for n in result.step.needs if n in ended and _lost(ended[n])]
                causes[step_id] = cause(lost[0]) if lost else step_id
        return causes[step_id]

    for result in outcomes:
        cause(result.step.id)
    return causes


def _lost(result: StepOutcome) -> bool:
    return result.outcome is not Outcome.SUCCEEDED


def _complaints(result: StepOutcome) -> tuple[Complaint, ...]:
    """Messages of a step and its objects, each different one once."""
    said = [(item.diagnostic, item.address) for item in result.items if item.diagnostic]
    alike = grouped(said, lambda pair: wording(pair[0]))
    of_items = tuple(
        Complaint(found[0][0], tuple(address for _, address in found)) for found in alike.values()
    )
    of_step = tuple(Complaint(d) for d in result.diagnostics if wording(d) not in alike)
    return (*of_step, *of_items)
