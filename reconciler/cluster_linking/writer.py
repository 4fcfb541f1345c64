"""Actions -> calls -> the server's word per object. Sends everything once; repeating is the runner's business."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.cluster_linking import wire
from reconciler.cluster_linking.api import ClusterApi
from reconciler.cluster_linking.calls import Call, calls, fill, single_calls
from reconciler.cluster_linking.exchange import Exchange
from reconciler.cluster_linking.refusals import GRANT_RIGHTS, plain
from reconciler.cluster_linking.secret_values import SecretValues
from reconciler.model.address import Address, MirrorAddress
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.engine import ItemAnswer
from reconciler.model.errors import AnswerLostError, RejectedError, UnreadableError
from reconciler.model.mirrors import MirrorVerb
from reconciler.model.steps import (
    Action,
    AlterLink,
    AlterMirror,
    ChangeMirrors,
    CreateLink,
    CreateMirror,
    DeleteLink,
    DeleteTopic,
    SetLinkPaused,
)

_SAID = {
    MirrorVerb.PAUSE: "pause",
    MirrorVerb.RESUME: "resume",
    MirrorVerb.PROMOTE: "promote",
    MirrorVerb.FAILOVER: "fail over",
}
"""The verbs as people say them."""

_NO_RIGHTS = frozenset({401, 403, 40301})
"""Codes of an item that the caller has no right to; the first is on record (cluster-linking reference, section 3.4)."""
_PLAN_AGAIN = "plan again: the plan reads the mirror's state and says what is possible from there"


class Writer:
    """Writes to one cluster."""

    def __init__(self, api: ClusterApi, secrets: SecretValues) -> None:
        self._api = api
        self._secrets = secrets
        self._has_batch = True

    async def perform(self, action: Action) -> tuple[ItemAnswer, ...]:
        """Send an action once.

        Raises:
            EngineError: it was not accepted as a whole, or nobody knows.
            InputError: a reference cannot be resolved; nothing was sent.
        """
        match action:
            case ChangeMirrors():
                return await self._change_mirrors(action)
            case AlterLink():
                await self._alter_link(action)
            case _:
                await self._send_all(calls(await self._api.cluster_id(), action))
        return (ItemAnswer(_address(action)),)

    async def _change_mirrors(self, action: ChangeMirrors) -> tuple[ItemAnswer, ...]:
        (call,) = calls(await self._api.cluster_id(), action)
        exchange, body = await self._send(call)
        # The verbs answer 200 even when mirrors fail, so each item is looked at. An empty answer is an
        # accepted one: whether anything happened is observed anyway (P10).
        if not body.strip():
            return tuple(ItemAnswer(action.link.mirror(name)) for name in action.mirrors)
        return self._items(action, self._decoded(exchange, body))

    def _decoded(self, exchange: Exchange, body: bytes) -> list[wire.VerbRow]:
        try:
            return wire.decode(exchange, body, wire.Listing[wire.VerbRow]).data
        except UnreadableError as error:
            # Success, but for whom cannot be told: some of it may have taken effect.
            lost = AnswerLostError(*error.diagnostics)
        raise lost

    def _items(self, action: ChangeMirrors, rows: Iterable[wire.VerbRow]) -> tuple[ItemAnswer, ...]:
        said = {row.mirror_topic_name: row for row in rows}
        return tuple(
            ItemAnswer(address, self._refusal(address, action, said.get(address.mirror)))
            for address in map(action.link.mirror, action.mirrors)
        )

    def _refusal(
        self, address: MirrorAddress, action: ChangeMirrors, row: wire.VerbRow | None
    ) -> Diagnostic | None:
        """Null, 0 and a missing code all mean accepted, and so does a mirror that the answer leaves out."""
        if row is None or not row.error_code:
            return None
        text = plain(row.error_message, self._secrets.scrub)
        said = f': "{text}"' if text else ""
        return Diagnostic(
            code="mirror-refused",
            severity=Severity.ERROR,
            message=f"the server refuses to {_SAID[action.verb]} this mirror topic ({row.error_code}){said}",
            cure=GRANT_RIGHTS if row.error_code in _NO_RIGHTS else _PLAN_AGAIN,
            address=address,
            subject=action.cluster,
        )

    async def _alter_link(self, action: AlterLink) -> None:
        cluster_id = await self._api.cluster_id()
        if self._has_batch:
            try:
                await self._send_all(calls(cluster_id, action))
            except RejectedError as error:
                if not _lacks_batch(error):
                    raise
                self._has_batch = False
        if not self._has_batch:
            await self._send_all(single_calls(cluster_id, action))

    async def _send_all(self, several: Iterable[Call]) -> None:
        for call in several:
            await self._send(call)

    async def _send(self, call: Call) -> tuple[Exchange, bytes]:
        filled = fill(call.body, self._secrets.reveal)
        body = None if filled is None else wire.encode(filled)
        return await self._api.write(call.method, call.path, dict(call.query), body)


def _lacks_batch(error: RejectedError) -> bool:
    """Whether the path or the verb is unknown, as opposed to the link: that 404 names it."""
    return error.status in {405, 501} or (
        error.status == 404 and error.diagnostics[0].code == "no-such-path"
    )


def _address(action: Action) -> Address:
    """The one object of an action that is not about many."""
    match action:
        case CreateLink(half=half):
            return half.address
        case AlterLink(address=link) | SetLinkPaused(address=link) | DeleteLink(address=link):
            return link
        case ChangeMirrors(link=link):
            return link
        case (
            CreateMirror(address=mirror) | AlterMirror(address=mirror) | DeleteTopic(address=mirror)
        ):
            return mirror
