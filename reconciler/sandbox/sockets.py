"""What uvicorn needs to be told: sockets without Nagle's algorithm, and connections that close without an answer."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from typing import TYPE_CHECKING, Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from reconciler.sandbox.rest.faulty import AnswerLost, NoAnswer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import Receive, Scope, Send

#: Linger for no time at all: the kernel answers whatever comes with a reset.
_RESET = struct.pack("ii", 1, 0)


class Protocol(H11Protocol):
    """HTTP/1.1 in which an application may lose the connection, or never answer, instead of a 500."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._answering = self.app
        self.app = self._answer

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._answering(scope, receive, send)
        except AnswerLost as lost:
            self._hang_up(hard=lost.hard)
            await _until_gone(receive)
        except NoAnswer:
            await _until_gone(receive)
        except asyncio.CancelledError:
            # The server stops and has waited long enough: who is still being answered is cut off.
            self._hang_up(hard=True)
            await _until_gone(receive)

    def _hang_up(self, *, hard: bool) -> None:
        if not hard:
            self.transport.close()
            return
        sock = self.transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self.transport.abort()


async def _until_gone(receive: Receive) -> None:
    """Wait for the other side to be gone: only then is uvicorn content with having had no answer."""
    while (await receive())["type"] != "http.disconnect":
        pass


class Server(uvicorn.Server):
    """A server among several: none of them may take the process's signals for itself."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def listen(host: str, port: int) -> socket.socket:
    """A bound TCP socket. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Without the protocol named, asyncio does not see TCP and leaves Nagle's algorithm on: 40 ms a request.
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
    except OSError:
        sock.close()
        raise
    return sock
