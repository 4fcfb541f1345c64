"""Running the steps of a plan: each as soon as what it needs has succeeded."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass
from graphlib import TopologicalSorter

from reconciler.execution.carry import carry_out
from reconciler.execution.context import Context
from reconciler.execution.looks import Looks
from reconciler.execution.results import interrupted as interrupted_before
from reconciler.execution.results import need_failed, skipped
from reconciler.execution.retries import RetryPolicy
from reconciler.model.clock import Clock
from reconciler.model.engine import Engine
from reconciler.model.events import Event, Outcome, StepFinished, StepOutcome
from reconciler.model.steps import Step

GRACE = 10.0
"""Seconds for which an interrupted run still watches what it has sent."""


async def run(
    steps: tuple[Step, ...],
    engine: Engine,
    *,
    clock: Clock,
    retry: RetryPolicy,
    emit: Callable[[Event], None],
    timeout: float,  # noqa: ASYNC109 - bounds each wait inside, not the run as a whole
    parallelism: int,
    interrupted: asyncio.Event | None = None,
    grace: float = GRACE,
) -> tuple[StepOutcome, ...]:
    """Run steps, and return the outcome of each in the order in which they were given.

    At most `parallelism` writes are on their way to one cluster. A failure stops only the steps that need
    the failed one. Setting `interrupted` lets what was sent end, for `grace` seconds at most, and skips the
    rest. `timeout` bounds each wait, in seconds. Whatever happens to a cluster ends in an outcome.

    Raises:
        ValueError: the steps repeat an id, need one that is not there, or need each other in a circle, or
            `parallelism` leaves room for nothing; nothing was sent.
        OSError: what `emit` raised: without a journal nothing more is sent.
    """
    if parallelism < 1:
        raise ValueError(f"parallelism is {parallelism}, and has to be at least 1")
    by_id = _by_id(steps)
    stop = interrupted or asyncio.Event()
    looks = Looks(engine, clock, stop)
    context = Context(engine, clock, retry, emit, timeout, grace, parallelism, stop, looks)
    ends: dict[str, asyncio.Task[_End]] = {}
    try:
        async with asyncio.TaskGroup() as group:
            for step in _in_order(by_id):
                needs = [ends[need] for need in step.needs]
                ends[step.id] = group.create_task(_when_ready(context, step, needs))
    except BaseExceptionGroup as group:
        raise _first(group) from group
    finally:
        looks.close()
    return tuple(ends[step.id].result().outcome for step in steps)


@dataclass(frozen=True, slots=True)
class _End:
    """How a step ended, and the step where the trouble began."""

    outcome: StepOutcome
    root: Step

    @property
    def succeeded(self) -> bool:
        return self.outcome.outcome is Outcome.SUCCEEDED


async def _when_ready(context: Context, step: Step, needs: Collection[asyncio.Task[_End]]) -> _End:
    if needs:
        # Not `gather`: a step that is cancelled must not cancel what it waited for.
        await asyncio.wait(needs)
    failed = [end for end in (need.result() for need in needs) if not end.succeeded]
    root = failed[0].root if failed else step
    if context.interrupted.is_set():
        outcome = skipped(step, interrupted_before(step))
    elif failed:
        outcome = skipped(step, need_failed(step, root))
    else:
        outcome = await carry_out(context, step)
    context.emit(StepFinished(outcome, context.clock.now()))
    return _End(outcome, root)


def _first(error: BaseException) -> BaseException:
    """The error that broke the run off; the tasks that it cancelled have nothing to add."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _by_id(steps: tuple[Step, ...]) -> dict[str, Step]:
    by_id = {step.id: step for step in steps}
    if len(by_id) < len(steps):
        raise ValueError("two steps have the same id")
    for step in steps:
        for need in step.needs:
            if need not in by_id:
                raise ValueError(f"step {step.id} needs {need}, which is not in the plan")
    return by_id


def _in_order(by_id: dict[str, Step]) -> list[Step]:
    """Every step after those that it needs; `CycleError`, a `ValueError`, for a circle."""
    sorter = TopologicalSorter({step.id: step.needs for step in by_id.values()})
    return [by_id[id_] for id_ in sorter.static_order()]
