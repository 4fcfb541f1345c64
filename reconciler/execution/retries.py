"""When a call is repeated, and after how long.

Reads go through `RetryPolicy.__call__`. Writes never do: a write may have taken effect, so `sending` looks
before it repeats anything, and takes only the delays from here.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt

from reconciler.model.clock import Clock
from reconciler.model.errors import (
    AnswerLostError,
    NotSentError,
    RejectedError,
    ServerFaultError,
    ThrottledError,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Exponential backoff with jitter: at most `attempts` tries, delays in seconds.

    A delay is drawn from the upper half of its range, so that clients that failed together do not come back
    together and yet none comes back at once. `Retry-After` wins when it is longer, up to
    `longest_retry_after`: a server may ask for patience, not for an hour of silence.
    """

    attempts: int
    first_delay: float
    max_delay: float
    clock: Clock
    random: Callable[[], float]
    """A number in [0, 1)."""
    longest_retry_after: float = 60.0

    async def __call__(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """Run a read until it succeeds, fails for good or has been tried `attempts` times.

        Raises:
            Exception: what the last attempt raised, as it was.
        """

        async def once() -> T:
            return await attempt()

        tries = AsyncRetrying(
            sleep=self.clock.sleep,
            stop=stop_after_attempt(self.attempts),
            wait=self._wait,
            retry=retry_if_exception(repeatable_read),
            reraise=True,
        )
        return await tries(once)

    def delay(self, attempt: int, error: BaseException | None = None) -> float:
        """Seconds to wait after attempt number `attempt` (from 1) failed with `error`."""
        ceiling = min(self.max_delay, self.first_delay * 2.0 ** (attempt - 1))
        backoff = ceiling * (1 + self.random()) / 2
        return max(backoff, min(retry_after(error), self.longest_retry_after))

    def _wait(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        return self.delay(state.attempt_number, error)


def repeatable_read(error: BaseException) -> bool:
    """Whether the same read may fare better soon. A refusal stays a refusal, and an answer that is not the
    API's (a proxy's page, a redirect) is a matter of configuration.
    """
    if isinstance(error, RejectedError):
        return error.not_yet
    return isinstance(error, NotSentError | AnswerLostError | ThrottledError | ServerFaultError)


def retry_after(error: BaseException | None) -> float:
    """Seconds that the server asked for; 0 when it did not."""
    if isinstance(error, ThrottledError | ServerFaultError):
        return error.retry_after or 0.0
    return 0.0
