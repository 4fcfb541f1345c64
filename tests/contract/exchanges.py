"""Recording what goes over the wire, so that it can be held against the facts afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import parse_qsl

import httpx


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer, as they were sent."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    sent: bytes
    sent_type: str
    status: int
    received: bytes
    received_type: str

    def __str__(self) -> str:
        query = "&".join(f"{name}={value}" for name, value in self.query)
        return f"{self.method} {self.path}{'?' if query else ''}{query} -> {self.status}"


@dataclass(slots=True)
class Recorder(httpx.AsyncBaseTransport):
    """Passes every request on to another transport and keeps the exchange."""

    inner: httpx.AsyncBaseTransport
    exchanges: list[Exchange] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        sent = await request.aread()
        response = await self.inner.handle_async_request(request)
        received = await response.aread()
        path, _, query = request.url.raw_path.decode("ascii").partition("?")
        self.exchanges.append(
            Exchange(
                method=request.method,
                path=path,
                query=tuple(parse_qsl(query, keep_blank_values=True)),
                sent=sent,
                sent_type=_media_type(request.headers),
                status=response.status_code,
                received=received,
                received_type=_media_type(response.headers),
            )
        )
        return response


def _media_type(headers: httpx.Headers) -> str:
    return str(headers.get("content-type", "")).partition(";")[0].strip().lower()
