"""Outcomes of steps and their objects, put together."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.execution.settled import addresses_of
from reconciler.model.address import Address, address_order
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.events import ItemOutcome, Outcome, StepOutcome
from reconciler.model.steps import Step

WORST_FIRST = (Outcome.FAILED, Outcome.TIMED_OUT, Outcome.UNFINISHED, Outcome.SKIPPED)


class Tally:
    """Collects how the objects of one step fare, each once, while parts of the step run at the same time."""

    def __init__(self, step: Step) -> None:
        self._step = step
        self._items: dict[Address, ItemOutcome] = {}
        self._notes: dict[Address, Diagnostic] = {}
        self._diagnostics: dict[Diagnostic, None] = {}
        self._accepted: set[Address] = set()

    def accept(self, addresses: Iterable[Address]) -> None:
        """The server has taken these objects, or may have; how they end is still to be seen."""
        self._accepted.update(addresses)

    def end(self, address: Address, outcome: Outcome, diagnostic: Diagnostic | None = None) -> None:
        """One object has come to its end; a success carries the note that was made of it, if any."""
        if outcome is Outcome.SUCCEEDED:
            diagnostic = self._notes.get(address)
        accepted = address in self._accepted
        self._items[address] = ItemOutcome(address, outcome, diagnostic, accepted)

    def end_all(self, addresses: Iterable[Address], outcome: Outcome, *because: Diagnostic) -> None:
        """Several objects have come to one end for one reason, which is said once, for the step."""
        for address in addresses:
            self.end(address, outcome)
        self._diagnostics.update(dict.fromkeys(because))

    def note(self, address: Address, diagnostic: Diagnostic) -> None:
        """Remember something worth saying of an object even if all goes well."""
        self._notes[address] = diagnostic

    def result(self) -> StepOutcome:
        """The step's outcome: the worst one of its objects counts."""
        items = sorted(self._items.values(), key=lambda item: address_order(item.address))
        ends = {item.outcome for item in items}
        outcome = next((worst for worst in WORST_FIRST if worst in ends), Outcome.SUCCEEDED)
        return StepOutcome(self._step, outcome, tuple(items), tuple(self._diagnostics))


def skipped(step: Step, because: Diagnostic) -> StepOutcome:
    """The outcome of a step that was never sent."""
    tally = Tally(step)
    tally.end_all(addresses_of(step.action), Outcome.SKIPPED, because)
    return tally.result()


def need_failed(step: Step, root: Step) -> Diagnostic:
    """Why a step was skipped: one that it needs, directly or not, did not succeed."""
    address = addresses_of(step.action)[0]
    return Diagnostic(
        code="need-failed",
        severity=Severity.NOTE,
        message=f"not sent, because it needs the step {root.id}, which did not succeed",
        cure="see what is said there, then apply again: what is done already is not done twice",
        address=address,
    )


def interrupted(step: Step) -> Diagnostic:
    """Why a step was skipped: the user asked to stop."""
    return Diagnostic(
        code="interrupted",
        severity=Severity.WARNING,
        message="not sent, because the run was interrupted",
        cure="apply again when you are ready: the next plan shows what is left",
        address=addresses_of(step.action)[0],
    )
