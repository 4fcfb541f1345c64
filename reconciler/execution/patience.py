"""How often, and for how long, a write may be sent again. Pure but for the clock."""

from __future__ import annotations

from reconciler.execution.context import Context
from reconciler.model.errors import LinkctlError, RejectedError

PROPAGATION = 30.0
"""Seconds for which "not yet" and "still exists" are believed (cluster-linking reference, section 10.3); no longer
than the run's own limit for a wait."""
FIRST_PROPAGATION_DELAY = 0.5
LONGEST_PROPAGATION_DELAY = 4.0


class Patience:
    """Counts the failures of one call.

    What passes by itself shortly after another write (a link that is not known everywhere yet, a deleted topic
    whose name is still taken) has a time limit; everything else has the policy's number of attempts.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._failures = 0
        self._propagations = 0
        self._propagating_since: float | None = None

    @property
    def attempt(self) -> int:
        """How many times the call has been sent."""
        return self._failures + self._propagations

    def delay(self, error: LinkctlError) -> float | None:
        """Seconds to wait before the next attempt; None when patience is at its end."""
        if isinstance(error, RejectedError):
            return self._propagation_delay()
        self._failures += 1
        if self._failures >= self._context.retry.attempts:
            return None
        return self._context.retry.delay(self._failures, error)

    def _propagation_delay(self) -> float | None:
        now = self._context.clock.monotonic()
        if self._propagating_since is None:
            self._propagating_since = now
        self._propagations += 1
        if now - self._propagating_since >= min(PROPAGATION, self._context.timeout):
            return None
        doubled = FIRST_PROPAGATION_DELAY * 2.0 ** (self._propagations - 1)
        return min(doubled, LONGEST_PROPAGATION_DELAY)
