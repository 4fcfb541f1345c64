"""The story of `apply`: plan, ask for consent, look again, run, read back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from reconciler.execution import run
from reconciler.model.consent import Grant
from reconciler.model.desired import DesiredState
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.engine import Engine
from reconciler.model.errors import InputError, RefusedError
from reconciler.model.events import (
    Event,
    Outcome,
    RunResult,
    StepFinished,
    StepOutcome,
    StepStarted,
)
from reconciler.model.plan import Plan
from reconciler.planning import missing_consents, parse_grant, what_moved
from reconciler.workflows.connect import check_references, connect, references_of, retry_policy
from reconciler.workflows.environment import Environment
from reconciler.workflows.journals import RUNS, BrokenJournalError, noted, recorded
from reconciler.workflows.plan import plan_with


@dataclass(frozen=True, slots=True)
class ApplyOptions:
    """How to apply. `timeout` is how long each step may take to settle, in seconds."""

    grants: tuple[Grant, ...] = ()
    targets: tuple[str, ...] = ()
    write_secrets: tuple[str, ...] = ()
    parallelism: int = 8
    timeout: float = 300.0
    runs: Path = RUNS
    """Folder in which the run's journal is kept."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Who watches an apply.

    `show` gets the plan and the consents that are missing for it. `confirm` is shown the plan and says whether
    to go on; it is only asked when there is something to do and all consents are there. `asks` says that it puts the question to a person, so that time may pass
    between showing and running. `interrupted` is set when the person wants to stop.
    """

    show: Callable[[Plan, tuple[Diagnostic, ...]], None]
    confirm: Callable[[Plan], bool]
    asks: bool
    emit: Callable[[Event], None]
    interrupted: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of it: the plan that was shown, the run (None when the person said no), and what broke it off."""

    plan: Plan
    result: RunResult | None
    broken: tuple[Diagnostic, ...] = ()


async def apply(
    desired: DesiredState, environment: Environment, options: ApplyOptions, audience: Audience
) -> Applied:
    """Make the clusters as declared.

    Raises:
        RefusedError: consent is missing, or a touched object moved while the person was reading; nothing was
            written.
        InputError: a target or a request to write secrets names nothing, or a reference that a request will need cannot be resolved; nothing was
            written.
    """
    async with connect(desired, environment) as engine:
        plan = await _planned(engine, desired, options)
        if wrong := plan.of(Severity.ERROR):
            raise InputError(*wrong)
        missing = missing_consents(plan, options.grants)
        audience.show(plan, missing)
        refuse(missing)
        check_references(references_of(plan.steps), environment)
        if not plan.steps:
            return Applied(plan, RunResult((), remaining=plan))
        if not audience.confirm(plan):
            return Applied(plan, None)
        if audience.asks:
            refuse(await _moved_since(engine, desired, options, plan))
        outcomes, broken = await _run(engine, environment, options, audience, plan)
        remaining = await plan_with(engine, desired, targets=options.targets)
        interrupted = audience.interrupted.is_set() and any(
            end.outcome is not Outcome.SUCCEEDED for end in outcomes
        )
        return Applied(plan, RunResult(outcomes, interrupted, remaining), broken)


async def _run(
    engine: Engine,
    environment: Environment,
    options: ApplyOptions,
    audience: Audience,
    plan: Plan,
) -> tuple[tuple[StepOutcome, ...], tuple[Diagnostic, ...]]:
    """Run the steps with a journal; if that breaks, what had become of those begun by then, and why it broke."""
    ends: dict[str, StepOutcome] = {}

    def emit(event: Event) -> None:
        if isinstance(event, StepStarted):
            ends[event.step.id] = StepOutcome(event.step, Outcome.UNFINISHED)
        elif isinstance(event, StepFinished):
            ends[event.result.step.id] = event.result
        audience.emit(event)

    with recorded(options.runs, environment.clock) as (journal, file):
        try:
            outcomes = await run(
                plan.steps,
                engine,
                clock=environment.clock,
                retry=retry_policy(environment),
                emit=noted(journal, file, emit),
                timeout=options.timeout,
                parallelism=options.parallelism,
                interrupted=audience.interrupted,
            )
        except BrokenJournalError as error:
            return tuple(ends.values()), error.diagnostics
    return outcomes, ()


def refuse(reasons: tuple[Diagnostic, ...]) -> None:
    """Stop here if there is any reason to.

    Raises:
        RefusedError: with all of the reasons.
    """
    if reasons:
        raise RefusedError(*reasons)


async def _moved_since(
    engine: Engine, desired: DesiredState, options: ApplyOptions, shown: Plan
) -> tuple[Diagnostic, ...]:
    return what_moved(shown, await _planned(engine, desired, options))


async def _planned(engine: Engine, desired: DesiredState, options: ApplyOptions) -> Plan:
    return await plan_with(
        engine,
        desired,
        targets=options.targets,
        grants=options.grants,
        write_secrets=options.write_secrets,
    )


__all__ = ["Applied", "ApplyOptions", "Audience", "apply", "parse_grant", "refuse"]
