"""Waiting until what was accepted is done (P10)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from reconciler.execution.context import Deadline
from reconciler.execution.settled import reads_for, settled
from reconciler.execution.verdicts import Failed, Pending, Settled, Unseen, Verdict
from reconciler.execution.work import Work
from reconciler.model.address import Address, MirrorAddress
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.events import Outcome
from reconciler.model.mirrors import MirrorStatus
from reconciler.model.observed import Gap, ObservedCluster
from reconciler.model.steps import Action, ChangeMirrors

PATIENT_LOOKS = 4
"""Looks after which a mirror that is still being stopped is asked what holds it."""
ASKED_AT_ONCE = 5
"""Asking costs one request per mirror topic and look, so only the first few are asked."""


async def wait_until_settled(work: Work, action: Action, addresses: Iterable[Address]) -> None:
    """Look until every one of the objects has settled or failed, or the time is over."""
    waiting = set(addresses)
    deadline = Deadline(work.context)
    looks = 0
    stuck: frozenset[tuple[str, str]] = frozenset()
    while waiting:
        reads = replace(reads_for(action), transition_errors=stuck)
        cluster = await work.look(reads, soon=looks == 0)
        looks += 1
        for address, verdict in settled(action, cluster, work.context.engine.catalogue).items():
            if address in waiting and _ends(work, address, verdict):
                waiting.discard(address)
                _remember(work, address, cluster)
        if deadline.over:
            _give_up(work, waiting)
            return
        work.progress.say()
        stuck = _stuck(action, waiting, cluster) if looks >= PATIENT_LOOKS else frozenset()


def _ends(work: Work, address: Address, verdict: Verdict) -> bool:
    match verdict:
        case Settled():
            work.tally.end(address, Outcome.SUCCEEDED)
        case Failed(diagnostic):
            work.tally.end(address, Outcome.FAILED, diagnostic)
        case Pending(detail) | Unseen(detail):
            work.progress.waits(address, detail)
            return False
    work.progress.ends(address)
    return True


def _remember(work: Work, address: Address, cluster: ObservedCluster) -> None:
    """Later steps must not take this step's effect for somebody else's."""
    rows = cluster.mirrors
    if isinstance(address, MirrorAddress) and rows is not None and not isinstance(rows, Gap):
        row = rows.get(address.mirror)
        work.context.left[address] = row.status if row else None


def _stuck(
    action: Action, waiting: Collection[Address], cluster: ObservedCluster
) -> frozenset[tuple[str, str]]:
    """The mirror topics whose stop hangs; the server keeps the reason beside them (cluster-linking
    reference, section 4.2)."""
    rows = cluster.mirrors
    if not isinstance(action, ChangeMirrors) or rows is None or isinstance(rows, Gap):
        return frozenset()
    hanging = [
        (action.link.link, name)
        for name in action.mirrors
        if action.link.mirror(name) in waiting
        and name in rows
        and rows[name].status == MirrorStatus.PENDING_STOPPED
    ]
    return frozenset(hanging[:ASKED_AT_ONCE])


def _give_up(work: Work, waiting: Collection[Address]) -> None:
    for address in waiting:
        detail = work.progress.detail(address)
        if work.context.interrupted.is_set():
            work.tally.end(address, Outcome.UNFINISHED, _left_unfinished(address, detail))
        else:
            work.tally.end(address, Outcome.TIMED_OUT, _not_settled(work, address, detail))
        work.progress.ends(address)


def _left_unfinished(address: Address, detail: str) -> Diagnostic:
    return Diagnostic(
        code="left-unfinished",
        severity=Severity.WARNING,
        message=f"accepted, and not watched to its end because the run was interrupted: {detail}",
        cure="the server goes on by itself. Plan again later to see how it ended",
        address=address,
    )


def _not_settled(work: Work, address: Address, detail: str) -> Diagnostic:
    return Diagnostic(
        code="not-settled",
        severity=Severity.ERROR,
        message=f"accepted, and after {work.context.timeout:g} s the server still shows: {detail}",
        cure="the server may still get there: plan again to see. If it hangs, remove what it names above, or "
        "give it more time with --timeout",
        address=address,
    )
