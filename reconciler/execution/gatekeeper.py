"""Letting mirror topics through the promote gate as each becomes ready."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Coroutine, Mapping
from dataclasses import dataclass, field

from reconciler.execution.chunks import in_chunks, narrowed
from reconciler.execution.context import Deadline
from reconciler.execution.gate import Hold, Open, Shut, gate_reads, gates
from reconciler.execution.moved import moved
from reconciler.execution.results import interrupted
from reconciler.execution.work import Work
from reconciler.model.address import Address, LinkAddress, MirrorAddress
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.events import Outcome
from reconciler.model.observed import Gap, ObservedCluster
from reconciler.model.steps import Action, ChangeMirrors


@dataclass(slots=True)
class _Queue:
    """Who still stands before the gate, and who has been found ready once."""

    link: LinkAddress
    waiting: set[MirrorAddress]
    ready_once: set[MirrorAddress] = field(default_factory=set)


async def pass_gate(
    work: Work, action: ChangeMirrors, send: Callable[[Action], Coroutine[None, None, None]]
) -> None:
    """Send each mirror topic as soon as two looks in a row found it ready; nobody waits for a laggard."""
    queue = _Queue(action.link, {action.link.mirror(name) for name in action.mirrors})
    deadline = Deadline(work.context)
    work.start()
    soon = True
    async with asyncio.TaskGroup() as sending:
        while queue.waiting:
            cluster = await work.look(gate_reads(action.link), soon=soon)
            soon = False
            if work.context.interrupted.is_set():
                work.tally.end_all(queue.waiting, Outcome.SKIPPED, interrupted(work.step))
                return
            ready = _ask(work, queue, cluster)
            for part in in_chunks(narrowed(action, ready)):
                sending.create_task(send(part))
            if deadline.over:
                _give_up(work, queue.waiting)
                return
            work.progress.say()


def _ask(work: Work, queue: _Queue, cluster: ObservedCluster) -> Collection[MirrorAddress]:
    """Ask for everybody after one look: whoever ends here or is ready leaves the queue; the ready are returned."""
    ready = []
    shifted = _shifted(work, cluster)
    names = [address.mirror for address in queue.waiting]
    verdicts = gates(queue.link, names, cluster, work.context.engine.catalogue)
    for address in sorted(queue.waiting):
        verdict = verdicts[address]
        if address in shifted:
            work.tally.end(address, Outcome.SKIPPED, shifted[address])
        elif isinstance(verdict, Shut):
            work.tally.end(address, Outcome.FAILED, verdict.diagnostic)
        elif _ready_twice(work, queue, address, verdict):
            ready.append(address)
        else:
            continue
        queue.waiting.discard(address)
        work.progress.ends(address)
    return ready


def _shifted(work: Work, cluster: ObservedCluster) -> Mapping[Address, Diagnostic]:
    if cluster.mirrors is None or isinstance(cluster.mirrors, Gap):
        return {}
    return moved(work.step, cluster.mirrors, work.context.left)


def _ready_twice(work: Work, queue: _Queue, address: MirrorAddress, verdict: Open | Hold) -> bool:
    """Whether this look and the one before it found the mirror topic ready."""
    if isinstance(verdict, Hold):
        queue.ready_once.discard(address)
        work.progress.waits(address, verdict.detail)
        return False
    if verdict.note:
        work.tally.note(address, verdict.note)
    if address in queue.ready_once:
        return True
    queue.ready_once.add(address)
    work.progress.waits(address, "ready, to be seen once more")
    return False


def _give_up(work: Work, waiting: Collection[MirrorAddress]) -> None:
    for address in waiting:
        detail = work.progress.detail(address)
        work.tally.end(
            address,
            Outcome.TIMED_OUT,
            Diagnostic(
                code="gate-timeout",
                severity=Severity.ERROR,
                message=f"not promoted: after {work.context.timeout:g} s it still was not ready ({detail})",
                cure="stop the producers on the source and wait until the lag is 0, then apply again, with more "
                "time if need be (--timeout). Failing over instead loses the lag",
                address=address,
            ),
        )
        work.progress.ends(address)
