"""Sending one call until the server has taken it, or certainly has not. Nothing is ever sent again blindly.

    what came back                        what is done
    answers per object                    accepted: wait for it; refused: one look, then believed
    not sent, throttled                   repeat; if it cannot be undone: look first
    answer lost, 5xx, unreadable          look, then repeat only for objects that show no effect
    "exists" on a creation                look: ours is as good as done, another one's is a failure,
                                          and nothing of that name: repeat for half a minute
    "not there" on a deletion             as good as done
    "not yet" shortly after a creation    repeat for half a minute
    any other refusal                     failed

After a look, an object of an irreversible call is sent again only if it is still what the plan saw.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import Enum, auto

from reconciler.execution.chunks import narrowed
from reconciler.execution.moved import obstacles
from reconciler.execution.naps import nap
from reconciler.execution.patience import Patience
from reconciler.execution.settled import addresses_of, reads_to_look_up, settled
from reconciler.execution.settled_links import tells_nothing
from reconciler.execution.verdicts import Failed, Pending, Settled, Unseen, Verdict
from reconciler.execution.work import Work
from reconciler.model.address import Address
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.engine import ItemAnswer
from reconciler.model.errors import (
    AnswerLostError,
    InterruptedRunError,
    LinkctlError,
    NotSentError,
    RejectedError,
    ServerFaultError,
    ThrottledError,
    UnreadableError,
)
from reconciler.model.events import Outcome, StepRetried
from reconciler.model.mirrors import MirrorStatus
from reconciler.model.observed import Gap, ObservedCluster
from reconciler.model.steps import (
    Action,
    AlterLink,
    CreateLink,
    CreateMirror,
    DeleteLink,
    DeleteTopic,
)

IN_DOUBT = (AnswerLostError, ServerFaultError, UnreadableError)
"""Failures after which a call may have taken effect."""


class Reaction(Enum):
    """What a failed call asks for."""

    GIVE_UP = auto()
    DONE = auto()
    REPEAT = auto()
    LOOK = auto()


def reaction(error: LinkctlError, action: Action) -> Reaction:
    """The table above, for calls that failed as a whole."""
    match error:
        case NotSentError() | ThrottledError():
            return Reaction.REPEAT
        case _ if isinstance(error, IN_DOUBT):
            return Reaction.LOOK
        case RejectedError(not_yet=True):
            return Reaction.REPEAT
        case RejectedError(exists=True) if isinstance(action, CreateLink | CreateMirror):
            return Reaction.LOOK
        case RejectedError(absent=True) if isinstance(action, DeleteLink | DeleteTopic):
            return Reaction.DONE
        case _:
            return Reaction.GIVE_UP


async def deliver(work: Work, action: Action) -> tuple[Address, ...]:
    """Send an action, and return the objects for which the server has taken it. The others have ended."""
    patience = Patience(work.context)
    taken: list[Address] = []
    rest: Action | None = action
    while rest is not None:
        try:
            answers = await work.perform(rest)
        except InterruptedRunError as stop:
            work.tally.end_all(addresses_of(rest), Outcome.SKIPPED, *stop.diagnostics)
            return tuple(taken)
        except LinkctlError as error:
            rest = await _recover(work, rest, error, patience, taken)
        else:
            taken += await _believe(work, rest, answers, resent=patience.attempt > 0)
            rest = None
    return tuple(taken)


async def _recover(
    work: Work, action: Action, error: LinkctlError, patience: Patience, taken: list[Address]
) -> Action | None:
    """After a failed call: what has to be sent again, if anything."""
    what = reaction(error, action)
    if what is Reaction.DONE:
        taken += addresses_of(action)
        return None
    delay = None if what is Reaction.GIVE_UP else patience.delay(error)
    if delay is not None and not work.context.interrupted.is_set():
        work.context.emit(StepRetried(work.step, patience.attempt, delay, error.diagnostics[0]))
        await nap(work.context.clock, delay, work.context.interrupted)
    rest: Action | None = action
    if what is Reaction.LOOK or (what is Reaction.REPEAT and work.step.irreversible):
        rest = await _look_back(work, action, error, taken)
    if rest is None:
        return None
    if delay is None or (work.context.interrupted.is_set() and what is Reaction.LOOK):
        taken_unseen = isinstance(error, RejectedError) and error.exists
        why = (_taken_unseen(rest, error),) if taken_unseen else error.diagnostics
        work.tally.end_all(addresses_of(rest), Outcome.FAILED, *why)
        return None
    return rest


async def _look_back(
    work: Work, action: Action, error: LinkctlError, taken: list[Address]
) -> Action | None:
    """See what a call has done; returns the part of it that shows no effect and may be sent again."""
    in_doubt = isinstance(error, IN_DOUBT)
    cluster = await _look_until_seen(work, action)
    forbidden = forbidden_by_look(work, action, cluster)
    again = []
    for address, verdict in _verdicts(work, action, cluster).items():
        if in_doubt and isinstance(verdict, Failed | Unseen):
            work.tally.accept((address,))
        match verdict:
            case Failed(diagnostic):
                work.tally.end(address, Outcome.FAILED, diagnostic)
            case Unseen(detail):
                why = _unknown(address, detail) if in_doubt else error.diagnostics[0]
                work.tally.end(address, Outcome.FAILED, why)
            case Settled() | Pending(begun=True):
                taken.append(address)
            case Pending() if address in forbidden:
                work.tally.end(address, Outcome.SKIPPED, forbidden[address])
            case Pending():
                again.append(address)
    return narrowed(action, again) if again else None


async def _look_until_seen(work: Work, action: Action) -> ObservedCluster:
    """Look as often as a read may be repeated, until the look shows something."""
    reads = reads_to_look_up(action)
    if work.step.irreversible:
        reads = replace(reads, mirrors=True)
    for attempt in range(work.context.retry.attempts):
        cluster = await work.look(reads, soon=attempt == 0)
        verdicts = settled(action, cluster, work.context.engine.catalogue)
        if not any(isinstance(verdict, Unseen) for verdict in verdicts.values()):
            break
    return cluster


def forbidden_by_look(
    work: Work, action: Action, cluster: ObservedCluster
) -> Mapping[Address, Diagnostic]:
    """The objects of an irreversible action to which it must not be sent, going by a fresh look."""
    if not work.step.irreversible:
        return {}
    rows = cluster.mirrors
    if rows is None or isinstance(rows, Gap):
        return {address: _blind(address, rows) for address in addresses_of(action)}
    return obstacles(work.step, action, rows, work.context.left)


def _verdicts(work: Work, action: Action, cluster: ObservedCluster) -> Mapping[Address, Verdict]:
    """Verdicts, except that what was so before proves nothing: PENDING_STOPPED of a mirror, since a failover is the
    way out of a promote that hangs, and a secret that is set, since nobody sees which.
    """
    catalogue = work.context.engine.catalogue
    found = dict(settled(action, cluster, catalogue))
    if isinstance(action, AlterLink) and tells_nothing(action, cluster, catalogue):
        if isinstance(found[action.address], Settled):
            found[action.address] = Pending("which secrets are set cannot be seen")
        return found
    for address, status in work.step.expects.items():
        verdict = found.get(address)
        if status == MirrorStatus.PENDING_STOPPED and isinstance(verdict, Pending):
            found[address] = replace(verdict, begun=False)
    return found


async def _believe(
    work: Work, action: Action, answers: tuple[ItemAnswer, ...], *, resent: bool
) -> list[Address]:
    """Sort the objects by the server's word on each, which counts more than the status of the whole answer.

    A refusal gets one look: what is in the wanted state already needs no permission, and a call that was
    sent before may be what the server now objects to.
    """
    refused = {answer.address: answer.refusal for answer in answers if answer.refusal}
    taken = [address for address in addresses_of(action) if address not in refused]
    if not refused:
        return taken
    cluster = await work.look(reads_to_look_up(action))
    verdicts = _verdicts(work, action, cluster)
    for address, refusal in refused.items():
        match verdicts.get(address):
            case Settled():
                taken.append(address)
            case Pending(begun=True) if resent:
                taken.append(address)
            case _:
                work.tally.end(address, Outcome.FAILED, refusal)
    return taken


def _unknown(address: Address, detail: str) -> Diagnostic:
    return Diagnostic(
        code="outcome-unknown",
        severity=Severity.ERROR,
        message=f"the call may have taken effect: its answer was lost, and looking failed too. {detail}",
        cure="when the cluster answers again, plan again: the plan shows what is left",
        address=address,
    )


def _taken_unseen(action: Action, error: LinkctlError) -> Diagnostic:
    """What is left of "exists" when look after look has shown nothing of that name."""
    return replace(
        error.diagnostics[0],
        code="taken-unseen",
        cure="no list shows what has this name: it may be on its way out, hidden from this principal, or an ordinary "
        "topic. Look for it with the vendor's tools; when the name is free, apply again",
        address=addresses_of(action)[0],
    )


def _blind(address: Address, gap: Gap | None) -> Diagnostic:
    why = gap.diagnostic.message if gap else "the server did not say"
    return Diagnostic(
        code="not-looked",
        severity=Severity.ERROR,
        message=f"not sent, because it cannot be undone and the mirror topics could not be read first: {why}",
        cure="when the cluster answers again, apply again",
        address=address,
    )
