"""What the exit code says, and which one wins when several apply."""

from __future__ import annotations

from enum import IntEnum

from reconciler.model.diagnostics import Severity
from reconciler.model.events import RunResult
from reconciler.model.plan import Plan


class ExitCode(IntEnum):
    """Exit codes of every command."""

    OK = 0
    ERROR = 1
    """A usage error, a wrong input, or something that a plan could not read."""
    PENDING = 2
    """`plan --detailed-exitcode`: the clusters are not as declared."""
    REFUSED = 3
    """Consent is missing, something is protected or the plan is out of date: nothing was written."""
    PARTIAL = 4
    """An apply that wrote something, or may have, and could not do everything."""
    INTERRUPTED = 130


PRECEDENCE = (
    ExitCode.INTERRUPTED,
    ExitCode.ERROR,
    ExitCode.REFUSED,
    ExitCode.PARTIAL,
    ExitCode.PENDING,
    ExitCode.OK,
)


def of_plan(plan: Plan, *, detailed: bool) -> ExitCode:
    """Exit code of `plan`: anything unreadable, or a target that names nothing, is an error, whatever else it says."""
    if plan.gaps or plan.of(Severity.ERROR):
        return ExitCode.ERROR
    return ExitCode.PENDING if detailed and plan.pending else ExitCode.OK


def of_run(result: RunResult, *, broken: bool = False) -> ExitCode:
    """Exit code of `apply`.

    What the servers took counts, object by object, and not how the steps ended: a step of which one of a hundred objects
    was refused has written ninety-nine, and one that timed out has written too. An apply in which nothing was written and
    something failed is an error; one that found nothing to run but what is protected was refused; one that did a part,
    broke off, or whose rest is blocked, unreadable or still on its way, is partial. Only a fresh plan with nothing left to
    do is success (P10).
    """
    if result.interrupted:
        return ExitCode.INTERRUPTED
    remaining = result.remaining or Plan()
    if not result.wrote and (result.outcomes or remaining.gaps or broken):
        return ExitCode.ERROR
    if not result.outcomes and remaining.protected:
        return ExitCode.REFUSED
    if broken or not result.succeeded or remaining.gaps or remaining.pending:
        return ExitCode.PARTIAL
    return ExitCode.OK
