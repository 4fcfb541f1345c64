"""A world of two clusters and a client that speaks to it in-process."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from reconciler.sandbox import Options, SteppedClock, World, application

GROUP = "connect-FileStreamSinkConnectorConnector_1"

STORY: dict[str, Any] = {
    "delays": "instant",
    "clusters": [
        {
            "name": "src",
            "clusterId": "src-id",
            "topics": [
                {"name": "users", "partitions": 2, "records": 100, "produceRate": 10},
                {"name": "test-topic", "records": 3},
            ],
            "groups": [{"name": GROUP, "members": 1, "topics": {"users": 10}}],
        },
        {"name": "dst", "clusterId": "dst-id"},
    ],
}


class Client:
    """Calls one cluster of a world; answers are httpx responses."""

    def __init__(self, world: World, cluster: str, options: Options | None = None) -> None:
        self.world = world
        self.cluster = world.clusters[cluster]
        authorities = {f"{name}:8090": name for name in world.clusters}
        self._app = application(world, authorities, options=options)
        self._base = f"http://{cluster}:8090/kafka/v3/clusters/{self.cluster.cluster_id}"

    def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Send one request; `path` is below the cluster unless it begins with a slash."""
        url = (
            f"http://{self.cluster.name}:8090{path}" if path[:1] == "/" else f"{self._base}/{path}"
        )
        return asyncio.run(self._send(method, url, **options))

    async def _send(self, method: str, url: str, **options: Any) -> httpx.Response:
        transport = httpx.ASGITransport(app=self._app)
        async with httpx.AsyncClient(transport=transport) as client:
            return await client.request(method, url, **options)

    def get(self, path: str) -> Any:
        answer = self.call("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, body: Mapping[str, Any] | None = None) -> httpx.Response:
        return self.call("POST", path, json=body or {})

    def advance(self, seconds: float) -> None:
        clock = self.world.clock
        assert isinstance(clock, SteppedClock)
        clock.advance(seconds)

    def link(self, name: str = "test-link", **configs: str) -> httpx.Response:
        """Make a destination-initiated link from `src`."""
        values = {"bootstrap.servers": "src:9092", **configs}
        body = {
            "source_cluster_id": self.world.clusters["src"].cluster_id,
            "configs": [{"name": key, "value": value} for key, value in values.items()],
        }
        return self.post(f"links?link_name={name}", body)

    def mirror(self, topic: str, link: str = "test-link", **fields: Any) -> httpx.Response:
        return self.post(f"links/{link}/mirrors", {"source_topic_name": topic, **fields})

    def act(self, verb: str, *topics: str, link: str = "test-link", query: str = "") -> Any:
        answer = self.post(
            f"links/{link}/mirrors:{verb}{query}", {"mirror_topic_names": list(topics)}
        )
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def status(self, topic: str, link: str = "test-link") -> str:
        return str(self.get(f"links/{link}/mirrors/{topic}")["mirror_status"])


def group_filter(*names: str) -> str:
    rows = [{"name": name, "patternType": "LITERAL", "filterType": "INCLUDE"} for name in names]
    return json.dumps({"groupFilters": rows})


@pytest.fixture
def world() -> World:
    return World.from_scenario(STORY, SteppedClock())


@pytest.fixture
def client(world: World) -> Client:
    """A client of the destination."""
    return Client(world, "dst")
