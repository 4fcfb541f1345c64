"""One step on its way: what it shares with the run, and what has become of its objects."""

from __future__ import annotations

from reconciler.execution.context import Context
from reconciler.execution.progress import Progress
from reconciler.execution.results import Tally, interrupted
from reconciler.model.engine import ItemAnswer
from reconciler.model.errors import InterruptedRunError
from reconciler.model.events import StepStarted
from reconciler.model.observed import ObservedCluster
from reconciler.model.reads import ClusterReads
from reconciler.model.steps import Action, Step


class Work:
    """A step, its progress and its tally."""

    def __init__(self, context: Context, step: Step) -> None:
        self.context = context
        self.step = step
        self.progress = Progress(step, context.emit)
        self.tally = Tally(step)
        self._started = False

    def start(self) -> None:
        """Say, once, that the step begins: the journal has the intent before anything is sent."""
        if not self._started:
            self._started = True
            self.context.emit(StepStarted(self.step, self.context.clock.now()))

    async def look(self, reads: ClusterReads, *, soon: bool = True) -> ObservedCluster:
        """Look at the step's cluster, together with whoever else wants to."""
        return await self.context.looks.next(self.step.action.cluster, reads, soon=soon)

    async def perform(self, action: Action) -> tuple[ItemAnswer, ...]:
        """Send one call, when the cluster has room for it.

        Raises:
            InterruptedRunError: the user asked to stop while the call was waiting; it was not sent.
            EngineError: what the engine raised.
        """
        async with self.context.slot(action.cluster):
            if self.context.interrupted.is_set():
                raise InterruptedRunError(interrupted(self.step))
            self.start()
            return await self.context.engine.perform(action)
