"""Running steps against a world, with everything that a test may want to see afterwards."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from reconciler.execution import RetryPolicy, run
from reconciler.model.address import Address
from reconciler.model.diagnostics import Diagnostic
from reconciler.model.events import Event, Outcome, StepOutcome, StepWaiting
from reconciler.model.steps import Step
from tests.execution.world import World


@dataclass
class Ran:
    """One finished run."""

    outcomes: dict[str, StepOutcome]
    events: list[Event] = field(default_factory=list)

    def end(self, step: str) -> Outcome:
        return self.outcomes[step].outcome

    def ends(self) -> dict[str, Outcome]:
        return {id_: result.outcome for id_, result in self.outcomes.items()}

    def item(self, address: Address) -> Outcome:
        return self._items()[address][0]

    def why(self, address: Address) -> Diagnostic:
        found = self._items()[address][1]
        assert found is not None
        return found

    def codes(self, step: str) -> set[str]:
        result = self.outcomes[step]
        of_items = {item.diagnostic.code for item in result.items if item.diagnostic}
        return of_items | {diagnostic.code for diagnostic in result.diagnostics}

    def waited(self) -> list[str]:
        return [event.detail for event in self.events if isinstance(event, StepWaiting)]

    def _items(self) -> dict[Address, tuple[Outcome, Diagnostic | None]]:
        return {
            item.address: (item.outcome, item.diagnostic)
            for result in self.outcomes.values()
            for item in result.items
        }


def policy(world: World, attempts: int = 4) -> RetryPolicy:
    return RetryPolicy(attempts, 1.0, 8.0, world.clock, random=lambda: 0.5)


def execute(
    world: World,
    *steps: Step,
    timeout: float = 60.0,
    parallelism: int = 4,
    attempts: int = 4,
    interrupt_after: int | None = None,
) -> Ran:
    """Run to the end; `interrupt_after` asks to stop after that many calls."""
    events: list[Event] = []

    async def story() -> tuple[StepOutcome, ...]:
        stop = asyncio.Event()
        if interrupt_after == 0:
            stop.set()

        def count(_action: object) -> None:
            if interrupt_after is not None and len(world.calls) >= interrupt_after:
                stop.set()

        world.after_send = count
        return await run(
            steps,
            world,
            clock=world.clock,
            retry=policy(world, attempts),
            emit=events.append,
            timeout=timeout,
            parallelism=parallelism,
            interrupted=stop,
        )

    outcomes = asyncio.run(story())
    assert [outcome.step for outcome in outcomes] == list(steps)
    return Ran({outcome.step.id: outcome for outcome in outcomes}, events)
