"""One step, from the last look before it to the wanted state."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from reconciler.execution.chunks import in_chunks, narrowed
from reconciler.execution.context import Context
from reconciler.execution.gatekeeper import pass_gate
from reconciler.execution.sending import deliver, forbidden_by_look
from reconciler.execution.settled import addresses_of
from reconciler.execution.settled_links import find
from reconciler.execution.verdicts import Unseen
from reconciler.execution.waits import wait_until_settled
from reconciler.execution.work import Work
from reconciler.model.address import LinkAddress
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.events import Outcome, StepOutcome
from reconciler.model.mirrors import MirrorVerb
from reconciler.model.reads import ClusterReads
from reconciler.model.steps import Action, ChangeMirrors, CreateLink, Step


async def carry_out(context: Context, step: Step) -> StepOutcome:
    """Run a step to its end."""
    work = Work(context, step)
    action = await _ready_to_send(work)
    if isinstance(action, ChangeMirrors) and action.verb is MirrorVerb.PROMOTE:
        await pass_gate(work, action, lambda part: _send_and_wait(work, part))
    elif action is not None:
        async with asyncio.TaskGroup() as parts:
            for part in in_chunks(action):
                parts.create_task(_send_and_wait(work, part))
    return work.tally.result()


async def _send_and_wait(work: Work, part: Action) -> None:
    taken = await deliver(work, part)
    if taken:
        work.tally.accept(taken)
        await wait_until_settled(work, narrowed(part, taken), taken)


async def _ready_to_send(work: Work) -> Action | None:
    """The action with what only this moment knows; None when nothing of it may be sent."""
    action = work.step.action
    if isinstance(action, CreateLink) and action.link_id_from is not None:
        return await _with_link_id(work, action, action.link_id_from)
    if work.step.irreversible:
        return await _unmoved(work, action)
    return action


async def _unmoved(work: Work, action: Action) -> Action | None:
    """The part of an irreversible action whose objects are still as the plan saw them."""
    cluster = await work.look(ClusterReads(mirrors=True))
    forbidden = forbidden_by_look(work, action, cluster)
    for address, why in forbidden.items():
        work.tally.end(address, Outcome.SKIPPED, why)
    rest = [address for address in addresses_of(action) if address not in forbidden]
    return narrowed(action, rest) if rest else None


async def _with_link_id(work: Work, action: CreateLink, first: LinkAddress) -> CreateLink | None:
    """Both halves of a pair carry one id (cluster-linking reference, section 7).

    A server that shows no id finds it by itself from the other side, so then none is sent.
    """
    cluster = await work.context.looks.next(first.cluster, ClusterReads(links=True), soon=True)
    row = find(first, cluster)
    if row is None or isinstance(row, Unseen):
        work.tally.end(action.half.address, Outcome.SKIPPED, _no_first_half(action, first, row))
        return None
    return replace(action, link_id=row.link_id)


def _no_first_half(action: CreateLink, first: LinkAddress, why: Unseen | None) -> Diagnostic:
    return Diagnostic(
        code="first-half-missing",
        severity=Severity.ERROR,
        message=f"not sent, because it needs the id of {first}: {why.detail if why else 'it is not listed'}",
        cure="apply again when the first half is there: the second one must carry its id",
        address=action.half.address,
    )
