"""What happens during a run, as values: progress, the journal and the report are all made of these."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from reconciler.model.address import Address
from reconciler.model.diagnostics import Diagnostic
from reconciler.model.plan import Plan
from reconciler.model.steps import Step


class Outcome(StrEnum):
    """How a step ended.

    `TIMED_OUT`: accepted, and the wanted state was not seen within the time limit. `UNFINISHED`: accepted, and the
    run was interrupted before the wanted state was seen. `SKIPPED`: never sent, because something that it needs
    did not succeed, its object has moved, or the run was interrupted before.
    """

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    TIMED_OUT = "timed-out"
    UNFINISHED = "unfinished"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class ItemOutcome:
    """How one object of a step fared."""

    address: Address
    outcome: Outcome
    diagnostic: Diagnostic | None = None
    accepted: bool = False
    """Whether the server took it, or may have taken it; it may have failed or timed out all the same (P10)."""


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """How a step ended, object by object."""

    step: Step
    outcome: Outcome
    items: tuple[ItemOutcome, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether the server took any part of it, or may have."""
        taken = {Outcome.SUCCEEDED, Outcome.UNFINISHED}
        return self.outcome in taken or any(item.accepted for item in self.items)

    @property
    def in_part(self) -> bool:
        """Whether some of its objects succeeded and others did not."""
        ends = {item.outcome for item in self.items}
        return Outcome.SUCCEEDED in ends and len(ends) > 1


@dataclass(frozen=True, slots=True)
class StepStarted:
    """A step is about to be sent."""

    step: Step
    at: float


@dataclass(frozen=True, slots=True)
class StepRetried:
    """A step will be tried again after `delay` seconds."""

    step: Step
    attempt: int
    delay: float
    because: Diagnostic


@dataclass(frozen=True, slots=True)
class StepWaiting:
    """A step was accepted and is not settled yet; `detail` is what the server shows."""

    step: Step
    detail: str


@dataclass(frozen=True, slots=True)
class StepFinished:
    """A step has ended."""

    result: StepOutcome
    at: float


Event: TypeAlias = StepStarted | StepRetried | StepWaiting | StepFinished


@dataclass(frozen=True, slots=True)
class RunResult:
    """A run as a whole: every step's end, and what the world looks like to the planner afterwards."""

    outcomes: tuple[StepOutcome, ...]
    interrupted: bool = False
    """Whether the person stopped it before all was done."""
    remaining: Plan | None = None
    """The plan made from a fresh reading at the end; None when nothing was run."""

    def count(self, outcome: Outcome) -> int:
        """How many steps ended that way."""
        return sum(1 for result in self.outcomes if result.outcome is outcome)

    def count_items(self, outcome: Outcome) -> int:
        """How many objects of all steps ended that way."""
        return sum(1 for r in self.outcomes for item in r.items if item.outcome is outcome)

    @property
    def wrote(self) -> bool:
        """Whether anything was written, or may have been, however it ended."""
        return any(result.accepted for result in self.outcomes)

    @property
    def succeeded(self) -> bool:
        """Whether every step did."""
        return not self.interrupted and all(r.outcome is Outcome.SUCCEEDED for r in self.outcomes)
