"""Carries faults out: around the handler, and on the way back to the caller.

In-process there is no connection to close: `AnswerLost` and `NoAnswer` come out of the application instead, and
whoever embeds it maps them to what a client would see. A server maps them to the socket (`reconciler.sandbox.serve`).
"""

from __future__ import annotations

import asyncio
import gzip
from dataclasses import replace
from typing import TYPE_CHECKING

from reconciler.sandbox.refusals import Refusal
from reconciler.sandbox.rest import limits
from reconciler.sandbox.rest.call import Reply, refusal_reply
from reconciler.sandbox.world.clock import SteppedClock

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.types import Send

    from reconciler.sandbox.rest.faults import Fault, Faults
    from reconciler.sandbox.world.clock import Clock
    from reconciler.sandbox.world.flavours import Flavour

_PAGE = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in</body></html>"


class AnswerLost(ConnectionError):  # noqa: N818 - what happens, as the caller will tell it
    """The connection closed without an answer, or in the middle of one. `hard` means reset."""

    def __init__(self, *, hard: bool = False) -> None:
        super().__init__("the connection was closed before the answer was complete")
        self.hard = hard


class NoAnswer(TimeoutError):  # noqa: N818 - see above
    """Nothing came back, and nothing will."""


class Faulty:
    """One request under its faults."""

    def __init__(
        self, faults: Faults, struck: Sequence[Fault], clock: Clock, flavour: Flavour
    ) -> None:
        self._faults = faults
        self._flavour = flavour
        self._struck = struck
        self._clock = clock

    async def answer(self, handle: Callable[[], Reply]) -> Reply:
        """The reply as the faults leave it. Raises AnswerLost and NoAnswer."""
        for fault in self._struck:
            if fault.kind == "latency":
                await self.wait(self._faults.seconds(fault))
            instead = self._instead(fault) if not fault.after_effect else None
            if instead is not None:
                return instead
        reply = handle().whole()
        for fault in self._struck:
            reply = self._spoil(fault, reply)
        return reply

    async def wait(self, seconds: float) -> None:
        """Let time pass: the world's where it is stepped, ours where it is not."""
        if isinstance(self._clock, SteppedClock):
            self._clock.advance(seconds)
        else:
            await asyncio.sleep(seconds)

    def _instead(self, fault: Fault) -> Reply | None:
        """What comes in place of an answer; None for faults that leave the answer alone."""
        match fault.kind:
            case "throttle":
                return limits.refused(fault, self._flavour)
            case "error":
                return refusal_reply(Refusal(fault.status, fault.code, fault.message))
            case "lostAnswer" | "reset":
                raise AnswerLost(hard=fault.kind == "reset")
            case "hang":
                raise NoAnswer
            case "html":
                return Reply(200, _PAGE, "text/html")
            case "empty":
                return Reply(200)
            case "redirect":
                return Reply(302, headers=[("location", fault.location)])
            case _:
                return None

    def _spoil(self, fault: Fault, reply: Reply) -> Reply:
        if fault.after_effect:
            return self._instead(fault) or reply
        match fault.kind:
            case "contentType":
                return replace(reply, content_type=fault.content_type)
            case "gzip":
                return replace(reply, body=gzip.compress(reply.body, mtime=0))
            case "replace":
                body = reply.body.replace(fault.old.encode(), fault.new.encode())
                return replace(reply, body=body)
            case _:
                return reply

    async def send(self, reply: Reply, send: Send) -> bool:
        """Send a body that drips or breaks off. Returns whether there was such a fault. Raises AnswerLost."""
        for fault in self._struck:
            if fault.kind == "truncatedBody":
                await send(start_of(reply))
                await send(_part(reply.body[: fault.bytes], more=True))
                raise AnswerLost
            if fault.kind == "slowBody":
                await send(start_of(reply))
                await self._drip(reply.body, fault.bytes, send)
                return True
        return False

    async def _drip(self, body: bytes, bytes_per_second: int, send: Send) -> None:
        step = max(1, bytes_per_second // 10)
        for at in range(0, len(body), step):
            await self.wait(step / bytes_per_second)
            await send(_part(body[at : at + step], more=True))
        await send(_part(b"", more=False))


def start_of(reply: Reply) -> dict[str, object]:
    """The ASGI message that begins an answer."""
    headers = [(name.encode(), value.encode()) for name, value in reply.headers]
    if reply.body or reply.rows is not None:
        headers.append((b"content-type", reply.content_type.encode()))
    if reply.status != 204 and reply.rows is None:
        headers.append((b"content-length", str(len(reply.body)).encode()))
    return {"type": "http.response.start", "status": reply.status, "headers": headers}


def _part(body: bytes, *, more: bool) -> dict[str, object]:
    return {"type": "http.response.body", "body": body, "more_body": more}


async def send_whole(reply: Reply, send: Send) -> None:
    """Send an answer as it is, in slices between which others get their turn."""
    slices = reply.slices()
    ahead, after = next(slices, b""), next(slices, None)
    if after is None and reply.rows is not None:
        reply = replace(reply, body=ahead, rows=None)
    await send(start_of(reply))
    while after is not None:
        await send(_part(ahead, more=True))
        await asyncio.sleep(0)
        ahead, after = after, next(slices, None)
    await send(_part(ahead, more=False))
