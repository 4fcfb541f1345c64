"""What was written counts, object by object, and not how the steps ended: the exit codes 1 and 4 differ in that."""

from __future__ import annotations

import pytest

from reconciler.cli.exit_codes import ExitCode, of_run
from reconciler.model.errors import AnswerLostError, RejectedError, ThrottledError
from reconciler.model.events import Outcome, RunResult
from reconciler.model.mirrors import MirrorVerb
from reconciler.model.plan import Plan
from reconciler.model.steps import CreateMirror
from tests.execution.running import Ran, execute
from tests.execution.world import LINK, Fault, World, change, create_mirror, trouble, void

A, B = LINK.mirror("a"), LINK.mirror("b")
LOST = AnswerLostError(trouble("lost"))


def result(ran: Ran) -> RunResult:
    return RunResult(tuple(ran.outcomes.values()), remaining=Plan())


def test_one_of_two_is_a_part() -> None:
    """A step that failed for one object of two is an apply in part: the other one was failed over."""
    world = World().link().mirror("a").mirror("b")
    world.refusals[B] = trouble("refused")
    found = result(execute(world, change(MirrorVerb.FAILOVER, "a", "b")))
    assert [found.count_items(o) for o in (Outcome.SUCCEEDED, Outcome.FAILED)] == [1, 1]
    assert [item.accepted for item in found.outcomes[0].items] == [True, False]
    assert found.outcomes[0].in_part
    assert of_run(found) is ExitCode.PARTIAL


def test_accepted_and_never_seen_is_a_part() -> None:
    """A call that the server took is written, although the wanted state was not seen in time."""
    ran = execute(World(delay=1000).link(), create_mirror("a"), timeout=5)
    assert (ran.end("create a"), of_run(result(ran))) == (Outcome.TIMED_OUT, ExitCode.PARTIAL)


def test_accepted_and_failed_is_a_part() -> None:
    """A mirror topic that was created and then failed was created."""
    world = World(delay=1000).link()
    world.later(lambda: void(world.mirror("a", "FAILED")), delay=10)
    ran = execute(world, create_mirror("a"))
    assert (ran.end("create a"), of_run(result(ran))) == (Outcome.FAILED, ExitCode.PARTIAL)


def test_what_nobody_knows_is_not_called_unwritten() -> None:
    """P6: a lost answer that could not be looked up may have been written."""
    world = World().link().fail(Fault(LOST, effect=True, kind=CreateMirror))
    world.blind_looks = 99
    ran = execute(world, create_mirror("a"))
    assert (ran.codes("create a"), of_run(result(ran))) == (
        {"outcome-unknown"},
        ExitCode.PARTIAL,
    )


@pytest.mark.parametrize(
    "error",
    [RejectedError(trouble(), status=400), ThrottledError(trouble()), LOST],
    ids=["refused", "throttled", "lost, and seen not to be there"],
)
def test_what_was_not_taken_is_not_written(error: RejectedError) -> None:
    """A call that was refused, or is seen to have left nothing, wrote nothing: an error and not a part."""
    world = World().link().fail(*(Fault(error) for _ in range(9)))
    ran = execute(world, create_mirror("a"))
    assert (ran.end("create a"), of_run(result(ran))) == (Outcome.FAILED, ExitCode.ERROR)


def test_a_shut_gate_writes_nothing() -> None:
    """A promotion that timed out before the gate was never sent, unlike one that timed out behind it."""
    world = World().link().mirror("a", lag=5)
    ran = execute(world, change(MirrorVerb.PROMOTE, "a"), timeout=5)
    assert (world.calls, ran.end("promote a")) == ([], Outcome.TIMED_OUT)
    assert of_run(result(ran)) is ExitCode.ERROR
