"""The served sandbox: several clusters in one process, on loopback."""

from __future__ import annotations

import asyncio
import os
import ssl
import threading
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from reconciler.sandbox import (
    Endpoint,
    Listener,
    Options,
    RealClock,
    SteppedClock,
    World,
    load_snapshot,
    serve,
)

Story = Callable[[httpx.AsyncClient, Sequence[Endpoint]], Awaitable[None]]


def world() -> World:
    clusters = [{"name": "a", "topics": [{"name": "t"}]}, {"name": "b", "clusterId": "b-id"}]
    return World.from_scenario({"clusters": clusters}, RealClock())


def served(
    subject: World,
    listeners: list[Listener],
    story: Story,
    *,
    tls: ssl.SSLContext | bool = True,
    **options: Any,
) -> None:
    """Serve a world while a story runs, then stop it as an interrupt would."""

    async def run() -> None:
        ready: asyncio.Future[Sequence[Endpoint]] = asyncio.get_running_loop().create_future()
        server = asyncio.create_task(
            serve(subject, listeners, on_ready=ready.set_result, **options)
        )
        while not ready.done():
            await asyncio.sleep(0)
            if server.done():
                await server
        async with httpx.AsyncClient(verify=tls) as client:
            await story(client, ready.result())
        server.cancel()
        with pytest.raises(asyncio.CancelledError):
            await server

    asyncio.run(run())


def test_each_cluster_has_its_port() -> None:
    """Every endpoint answers as its cluster, whatever name it was called by, and not as another."""

    async def story(client: httpx.AsyncClient, endpoints: Sequence[Endpoint]) -> None:
        assert [endpoint.cluster for endpoint in endpoints] == ["a", "b"]
        for endpoint in endpoints:
            rows = (await client.get(f"{endpoint.url}/clusters")).json()["data"]
            assert [row["cluster_id"] for row in rows] == [endpoint.cluster_id]
            named = await client.get(f"{endpoint.url}/clusters", headers={"host": "elsewhere:1"})
            assert named.status_code == 200
        other = await client.get(f"{endpoints[0].url}/clusters/{endpoints[1].cluster_id}")
        assert other.json() == {"error_code": 404, "message": "Cluster b-id cannot be found."}

    served(world(), [Listener("a"), Listener("b")], story)


def test_an_endpoint_says_how_links_reach_its_cluster() -> None:
    """What is announced as bootstrap is what `bootstrap.servers` of a link has to say."""

    async def story(client: httpx.AsyncClient, endpoints: Sequence[Endpoint]) -> None:
        here, there = endpoints
        configs = [{"name": "bootstrap.servers", "value": there.bootstrap}]
        url = f"{here.url}/clusters/{here.cluster_id}/links?link_name=l"
        body = {"source_cluster_id": there.cluster_id, "configs": configs}
        assert (await client.post(url, json=body)).status_code == 201

    clusters = [{"name": "a"}, {"name": "b", "bootstrapServers": "kafka-1:9092,kafka-2:9092"}]
    named = World.from_scenario({"clusters": clusters}, RealClock())
    served(named, [Listener("a"), Listener("b")], story)
    served(world(), [Listener("a"), Listener("b")], story)


def test_a_served_clock_can_be_stepped() -> None:
    """Under a stepped clock nothing happens between two calls, until somebody advances it."""

    async def story(client: httpx.AsyncClient, endpoints: Sequence[Endpoint]) -> None:
        root = endpoints[0].url.removesuffix("/kafka/v3")
        before = (await client.get(f"{root}/sandbox")).json()["now_ms"]
        assert (await client.get(f"{root}/sandbox")).json()["now_ms"] == before
        after = (await client.post(f"{root}/sandbox/advance", json={"seconds": 60})).json()
        assert after["now_ms"] == before + 60_000

    stepped = World.from_scenario({"clusters": [{"name": "a"}]}, SteppedClock())
    served(stepped, [Listener("a")], story, options=Options(admin=True))


def test_a_head_has_no_body() -> None:
    """HEAD tells over the socket how long the answer of a GET would be, and keeps the body."""

    async def story(client: httpx.AsyncClient, endpoints: Sequence[Endpoint]) -> None:
        url = f"{endpoints[0].url}/clusters"
        head, full = await client.head(url), await client.get(url)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == str(len(full.content))

    served(world(), [Listener("a")], story)


def test_the_world_is_saved_at_the_end(tmp_path: Path) -> None:
    """What was written while serving is in the file when the server has stopped."""
    path = tmp_path / "world.json"

    async def story(client: httpx.AsyncClient, endpoints: Sequence[Endpoint]) -> None:
        url = f"{endpoints[0].url}/clusters/b-id/topics"
        assert (await client.post(url, json={"topic_name": "new"})).status_code == 201
        assert not path.exists()

    served(world(), [Listener("b")], story, snapshot=path)
    loaded = load_snapshot(path, RealClock())
    assert loaded is not None
    assert list(loaded.clusters["b"].topics) == ["new"]


def test_a_port_that_is_taken_is_an_error_and_closes_the_others() -> None:
    """No half of a sandbox stays behind."""

    async def story(client: httpx.AsyncClient, endpoints: Sequence[Endpoint]) -> None:
        port = int(endpoints[0].url.split(":")[2].split("/")[0])
        with pytest.raises(OSError, match="in use"):
            await serve(world(), [Listener("a"), Listener("b", port=port)], on_ready=lambda _: None)

    served(world(), [Listener("a")], story)


def test_an_unknown_cluster_cannot_be_served() -> None:
    """The mistake comes before any port is opened."""

    async def story(client: httpx.AsyncClient, endpoints: Sequence[Endpoint]) -> None:
        raise AssertionError

    with pytest.raises(KeyError):
        served(world(), [Listener("z")], story)


def test_tls_with_a_given_certificate() -> None:
    """A listener with a certificate and key speaks HTTPS, and says so in its URLs."""
    folder = Path(__file__).with_name("tls")
    certificate, key = folder / "certificate.pem", folder / "key.pem"

    async def story(client: httpx.AsyncClient, endpoints: Sequence[Endpoint]) -> None:
        assert endpoints[0].url.startswith("https://127.0.0.1:")
        row = (await client.get(f"{endpoints[0].url}/clusters/b-id")).json()
        assert row["metadata"]["self"] == f"{endpoints[0].url}/clusters/b-id"

    served(
        world(),
        [Listener("b", certificate=certificate, key=key)],
        story,
        tls=ssl.create_default_context(cafile=str(certificate)),
    )


def test_a_world_that_cannot_be_saved_is_still_served(tmp_path: Path) -> None:
    """Who serves is told that a save has failed, each time, and clients notice nothing; nothing is lost for good."""
    folder = tmp_path / "folder"
    folder.write_text("in the way")
    failures: list[OSError] = []

    async def story(client: httpx.AsyncClient, endpoints: Sequence[Endpoint]) -> None:
        url = f"{endpoints[0].url}/clusters/b-id/topics"
        assert (await client.post(url, json={"topic_name": "new"})).status_code == 201
        while not failures:
            assert (await client.get(url)).status_code == 200
        folder.unlink()

    path = folder / "world.json"
    keeping: dict[str, Any] = {"snapshot": path, "save_seconds": 0.01}
    served(world(), [Listener("b")], story, on_unsaved=failures.append, **keeping)
    loaded = load_snapshot(path, RealClock())
    assert loaded is not None
    assert list(loaded.clusters["b"].topics) == ["new"]


def test_a_save_that_still_runs_does_not_come_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Clients are answered beside a slow save, and what they write meanwhile is in the file at the end."""
    path = tmp_path / "world.json"
    reached, released = threading.Event(), threading.Event()
    to_disk = os.fsync

    def slow(handle: int) -> None:
        reached.set()
        assert released.wait(timeout=10)
        to_disk(handle)

    monkeypatch.setattr("os.fsync", slow)

    async def story(client: httpx.AsyncClient, endpoints: Sequence[Endpoint]) -> None:
        url = f"{endpoints[0].url}/clusters/b-id/topics"
        assert (await client.post(url, json={"topic_name": "early"})).status_code == 201
        assert await asyncio.to_thread(reached.wait, 10)
        assert (await client.post(url, json={"topic_name": "late"})).status_code == 201
        asyncio.get_running_loop().call_later(0.05, released.set)

    served(world(), [Listener("b")], story, snapshot=path, save_seconds=0.01)
    loaded = load_snapshot(path, RealClock())
    assert loaded is not None
    assert list(loaded.clusters["b"].topics) == ["early", "late"]


def test_a_certificate_that_is_not_there_is_named(tmp_path: Path) -> None:
    """The error says which file is missing, and no port was opened."""
    listener = Listener("a", certificate=tmp_path / "none.pem", key=tmp_path / "none.key")
    with pytest.raises(FileNotFoundError, match=r"none\.pem"):
        asyncio.run(serve(world(), [listener], on_ready=lambda _: None))


def test_a_certificate_that_is_none_is_named(tmp_path: Path) -> None:
    """A file that is no PEM is said by name."""
    certificate, key = tmp_path / "c.pem", tmp_path / "k.pem"
    for path in (certificate, key):
        path.write_text("no certificate", encoding="ascii")
    listener = Listener("a", certificate=certificate, key=key)
    with pytest.raises(ssl.SSLError) as caught:
        asyncio.run(serve(world(), [listener], on_ready=lambda _: None))
    assert caught.value.filename == str(certificate)


def test_a_port_that_is_taken_is_named() -> None:
    """Of several clusters the one that cannot be served is said, and where it was to be."""

    async def story(_: httpx.AsyncClient, endpoints: Sequence[Endpoint]) -> None:
        port = int(endpoints[0].url.split(":")[2].split("/")[0])
        with pytest.raises(OSError, match=f"127.0.0.1:{port}, for cluster 'b'"):
            await serve(world(), [Listener("a"), Listener("b", port=port)], on_ready=lambda _: None)

    served(world(), [Listener("a")], story)
