"""The world over loopback: every cluster on a port of its own, all in one process."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import uvicorn

from reconciler.sandbox.files.snapshot import snapshot as snapshot_of
from reconciler.sandbox.files.snapshot_file import write_snapshot
from reconciler.sandbox.rest.app import application
from reconciler.sandbox.sockets import Protocol, Server, listen

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from reconciler.sandbox.rest.call import Options
    from reconciler.sandbox.world.cluster import Cluster
    from reconciler.sandbox.world.world import World


@dataclass(frozen=True, slots=True)
class Listener:
    """Where a cluster is to be served; port 0 takes a free one, a certificate and key make it HTTPS."""

    cluster: str
    host: str = "127.0.0.1"
    port: int = 0
    certificate: Path | None = None
    key: Path | None = None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a cluster is served: the base URL that clients are given, and the `bootstrap.servers` of links to it.

    Nothing listens at the bootstrap address: inside the world it is how one cluster names another.
    """

    cluster: str
    cluster_id: str
    url: str
    bootstrap: str


async def serve(
    world: World,
    listeners: Sequence[Listener],
    *,
    on_ready: Callable[[Sequence[Endpoint]], None],
    options: Options | None = None,
    snapshot: Path | None = None,
    save_seconds: float = 5.0,
    on_unsaved: Callable[[OSError], None] | None = None,
) -> None:
    """Serve until cancelled, then stop cleanly.

    Raises KeyError for a cluster that is not there, and OSError when a port or a file of a certificate cannot be had;
    neither leaves a port open.

    With `snapshot`, the world is saved there at the end, and every `save_seconds` in which something was written. When
    that fails `on_unsaved` is told, and serving goes on; without it the OSError is raised.
    """
    keeper = _Keeper(world, snapshot, on_unsaved)
    _check_certificates(listeners)
    clusters = [world.clusters[listener.cluster] for listener in listeners]
    sockets = _open(listeners)
    servers = [_server(world, at, options) for at in listeners]
    running = [
        asyncio.create_task(server.serve(sockets=[sock]))
        for server, sock in zip(servers, sockets, strict=True)
    ]
    try:
        while not all(server.started for server in servers):
            await asyncio.sleep(0.01)
            _raise_early_end(running)
        on_ready(list(map(_endpoint, listeners, clusters, sockets)))
        while True:
            await asyncio.sleep(save_seconds)
            await keeper.save_news()
    finally:
        for server in servers:
            server.should_exit = True
        await asyncio.gather(*running)
        await keeper.save()


@dataclass(slots=True)
class _Keeper:
    """Keeps a world in a file, if it is to be kept. The file is written beside the serving, one save after the other."""

    world: World
    path: Path | None
    on_unsaved: Callable[[OSError], None] | None
    saved: int = field(init=False)
    writing: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        self.saved = self.world.writes

    async def save_news(self) -> None:
        """Save what was written since the last time that a save succeeded."""
        if self.world.writes != self.saved:
            await self.save()

    async def save(self) -> None:
        if self.path is None:
            return
        if self.writing is not None:
            # Who was cancelled while waiting for a save has left it behind, and it must not come to an end after this one.
            await asyncio.wait({self.writing})
        writes = self.world.writes
        work = asyncio.to_thread(write_snapshot, snapshot_of(self.world), self.path)
        self.writing = asyncio.create_task(work)
        try:
            await asyncio.shield(self.writing)
        except OSError as error:
            if self.on_unsaved is None:
                raise
            self.on_unsaved(error)
        else:
            self.saved = writes


def _check_certificates(listeners: Sequence[Listener]) -> None:
    """Name the file that is missing or no such thing, which the TLS library would not. Raises OSError."""
    for listener in listeners:
        for path in (listener.certificate, listener.key):
            if path is not None:
                path.open("rb").close()
        if listener.certificate is not None:
            try:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(listener.certificate, listener.key)
            except ssl.SSLError as error:
                error.filename = str(listener.certificate)
                raise


def _open(listeners: Sequence[Listener]) -> list[socket.socket]:
    """All sockets or none. Raises OSError, which says where and for whom."""
    sockets: list[socket.socket] = []
    try:
        for listener in listeners:
            sockets.append(listen(listener.host, listener.port))
    except OSError as error:
        for sock in sockets:
            sock.close()
        where = f"{listener.host}:{listener.port}, for cluster '{listener.cluster}'"
        raise OSError(error.errno, f"{error.strerror} at {where}") from error
    return sockets


def _server(world: World, listener: Listener, options: Options | None) -> Server:
    app = application(world, {}, only=listener.cluster, options=options)
    return Server(
        uvicorn.Config(
            app,
            http=Protocol,
            lifespan="off",
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            ssl_certfile=listener.certificate,
            ssl_keyfile=listener.key,
            timeout_graceful_shutdown=1,
        )
    )


def _endpoint(listener: Listener, cluster: Cluster, sock: socket.socket) -> Endpoint:
    host = f"[{listener.host}]" if ":" in listener.host else listener.host
    scheme = "https" if listener.certificate else "http"
    port = sock.getsockname()[1]
    url = f"{scheme}://{host}:{port}/kafka/v3"
    return Endpoint(cluster.name, cluster.cluster_id, url, ",".join(cluster.addresses))


def _raise_early_end(running: Sequence[asyncio.Task[None]]) -> None:
    for task in running:
        if task.done():
            task.result()
