"""The retry policy for reads, and its delays."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import pytest

from reconciler.execution import RetryPolicy
from reconciler.model.engine import Retry
from reconciler.model.errors import (
    AnswerLostError,
    EngineError,
    NotSentError,
    RejectedError,
    ServerFaultError,
    ThrottledError,
    UnreadableError,
)
from tests.execution.world import SteppedClock, trouble


def policy(attempts: int = 4, random: float = 0.0) -> RetryPolicy:
    return RetryPolicy(attempts, 1.0, 8.0, SteppedClock(), lambda: random)


def read(retry: Retry, *errors: BaseException) -> tuple[str | None, BaseException | None, int]:
    """Answer, error and number of attempts of a read that fails with these errors first."""
    left = list(errors)
    tries = 0

    async def attempt() -> str:
        nonlocal tries
        tries += 1
        if left:
            raise left.pop(0)
        return "answer"

    try:
        return asyncio.run(_call(retry, attempt)), None, tries
    except (EngineError, RuntimeError, asyncio.CancelledError) as error:
        return None, error, tries


async def _call(retry: Retry, attempt: Callable[[], Awaitable[str]]) -> str:
    # A plain function that returns an awaitable is as good as an `async def`.
    return await retry(partial(attempt))


@pytest.mark.parametrize(
    "error",
    [
        NotSentError(trouble()),
        AnswerLostError(trouble()),
        ThrottledError(trouble()),
        ServerFaultError(trouble()),
        RejectedError(trouble(), status=404, not_yet=True),
    ],
)
def test_what_may_help_is_repeated(error: EngineError) -> None:
    """Transport failures, 429, 5xx and "not yet" are read again."""
    assert read(policy(), error, error) == ("answer", None, 3)


@pytest.mark.parametrize(
    "error",
    [
        RejectedError(trouble(), status=403),
        RejectedError(trouble(), status=404, absent=True),
        UnreadableError(trouble()),
        RuntimeError("a fault of ours"),
        asyncio.CancelledError(),
    ],
)
def test_what_cannot_help_is_not_repeated(error: BaseException) -> None:
    """Refusals, foreign answers, bugs and cancellation pass through at once."""
    assert read(policy(), error) == (None, error, 1)


def test_the_last_error_passes_through() -> None:
    """After the last attempt the caller sees the engine's own error."""
    errors = [AnswerLostError(trouble(str(n))) for n in range(9)]
    assert read(policy(3), *errors) == (None, errors[2], 3)


def test_delays_double_up_to_a_limit() -> None:
    """Backoff doubles from the first delay to the longest, jitter takes up to half of it."""
    assert [policy().delay(n) for n in range(1, 6)] == [0.5, 1, 2, 4, 4]
    assert [policy(random=0.999999).delay(n) for n in range(1, 6)] == pytest.approx(
        [1, 2, 4, 8, 8], rel=1e-3
    )


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ThrottledError(trouble(), retry_after=20), 20),
        (ServerFaultError(trouble(), retry_after=20), 20),
        (ThrottledError(trouble(), retry_after=3600), 60),
        (ThrottledError(trouble(), retry_after=0.1), 0.5),
        (ThrottledError(trouble()), 0.5),
    ],
)
def test_retry_after_wins_within_reason(error: EngineError, expected: float) -> None:
    """A longer wish of the server is met, an absurd one is capped, a shorter one does not hurry us."""
    assert expected == policy().delay(1, error)


def test_reads_sleep_on_the_given_clock() -> None:
    """No second of a test or a rehearsal is spent on the wall clock."""
    retry = policy()
    read(retry, ThrottledError(trouble(), retry_after=20), NotSentError(trouble()))
    clock = retry.clock
    assert isinstance(clock, SteppedClock)
    assert clock.slept == [20, 1.0]
