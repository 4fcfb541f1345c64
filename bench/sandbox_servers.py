"""The servers that are measured: the sandbox, and to compare it a bare starlette route that answers with given bytes.

    python -m bench.sandbox_servers sandbox MIRRORS GROWING
    python -m bench.sandbox_servers wide TOPICS PARTITIONS
    python -m bench.sandbox_servers bare METHOD PATH STATUS BODY_FILE

All print their port and serve on loopback until standard input is closed.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
from collections.abc import Coroutine, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from reconciler.sandbox import Listener, RealClock, World, serve

CLUSTER = "/kafka/v3/clusters/lkc-west"


def sandbox(mirrors: int, growing: int) -> None:
    """A world with one link of so many mirrors, of which some have a source that grows; topics to be mirrored wait."""
    names = [f"topic-{number:06d}" for number in range(mirrors)]
    topics = [
        {"name": name, "records": 100, "produceRate": 1 if at < growing else 0}
        for at, name in enumerate(names)
    ]
    waiting = [
        {"name": f"waiting-{number:06d}"} for number in range(20_000 if mirrors < 1000 else 0)
    ]
    link = {"name": "l", "remote": "east", "mirrors": [{"source": name} for name in names]}
    scenario = {
        "clusters": [
            {"name": "east", "clusterId": "lkc-east", "topics": [*topics, *waiting]},
            {"name": "west", "clusterId": "lkc-west", "links": [link]},
        ]
    }
    _serve(scenario, "west")


def wide(topics: int, partitions: int) -> None:
    """A world of so many topics, and one more with so many partitions, which a group reads."""
    rows = [{"name": f"topic-{number:06d}"} for number in range(topics)]
    cluster = {
        "name": "west",
        "clusterId": "lkc-west",
        "topics": [*rows, {"name": "wide", "partitions": partitions}],
        "groups": [{"name": "g", "members": 3, "topics": {"wide": 1}}],
    }
    _serve({"clusters": [cluster]}, "west")


def _serve(scenario: Mapping[str, object], cluster: str) -> None:
    world = World.from_scenario(scenario, RealClock())
    listeners = [Listener(cluster)]
    asyncio.run(
        _until_closed(
            serve(world, listeners, on_ready=lambda found: _ready(urlsplit(found[0].url).port))
        )
    )


def bare(method: str, path: str, status: int, body: bytes) -> None:
    """One route, which reads the request's body and answers with the bytes that it was given."""

    async def answer(request: Request) -> Response:
        await request.body()
        return Response(body, status, media_type="application/json")

    app = Starlette(routes=[Route(path, answer, methods=[method])])
    # The server is set up as the sandbox sets up its own.
    config = uvicorn.Config(
        app, port=0, lifespan="off", ws="none", log_config=None, access_log=False, server_header=False
    )  # fmt: skip
    asyncio.run(_until_closed(_Announced(config).serve()))


class _Announced(uvicorn.Server):
    """A server that says where it listens, as soon as it does."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        _ready(self.servers[0].sockets[0].getsockname()[1])


async def _until_closed(server: Coroutine[None, None, None]) -> None:
    """Serve until whoever started this process closes its standard input."""
    task = asyncio.create_task(server)
    await asyncio.to_thread(sys.stdin.read)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


def _ready(port: int | None) -> None:
    print(port, flush=True)


def _run(arguments: Sequence[str]) -> None:
    match arguments:
        case ["sandbox", mirrors, growing]:
            sandbox(int(mirrors), int(growing))
        case ["wide", topics, partitions]:
            wide(int(topics), int(partitions))
        case ["bare", method, path, status, file]:
            bare(method, path, int(status), Path(file).read_bytes())
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    _run(sys.argv[1:])
