"""A small world with one of everything, and a caller that says which answer it expects."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from reconciler.sandbox import Options, SteppedClock, World, application
from reconciler.sandbox.world.flavours import FLAVOURS
from tests.contract.exchanges import Exchange, Recorder

Json = Mapping[str, object]

EAST, WEST, NORTH = "east", "west", "north"
PORT = 8090
SECONDS_PER_REQUEST = 0.02


@dataclass(frozen=True, slots=True)
class Variant:
    """A kind of server, and whether it answers creations and deletions as the document says or as servers do."""

    flavour: str
    strict_codes: bool

    def __str__(self) -> str:
        return f"{self.flavour}-{'document' if self.strict_codes else 'server'}"

    @property
    def made(self) -> int:
        """What the creation of a link or mirror answers."""
        return 204 if self.strict_codes else 201

    @property
    def deleted(self) -> int:
        """What the deletion of a link answers."""
        return 200 if self.strict_codes else 204

    @property
    def is_old(self) -> bool:
        return self.flavour == "platform-7.5"

    @property
    def is_cloud(self) -> bool:
        return self.flavour == "cloud"


VARIANTS = tuple(
    Variant(flavour, strict_codes) for flavour in FLAVOURS for strict_codes in (False, True)
)


@dataclass(frozen=True, slots=True)
class Estate:
    """The world, its clock, and one HTTP client for all of its clusters."""

    variant: Variant
    world: World
    clock: SteppedClock
    http: httpx.AsyncClient
    recorder: Recorder

    @property
    def exchanges(self) -> list[Exchange]:
        return self.recorder.exchanges

    def url(self, cluster: str, path: str, *, cluster_id: str | None = None) -> str:
        known = cluster_id or self.world.clusters[cluster].cluster_id
        return f"http://{cluster}:{PORT}/kafka/v3/clusters/{known}{path}"

    async def call(
        self,
        cluster: str,
        method: str,
        path: str,
        status: int,
        *,
        code: int | None = None,
        body: object = None,
        content: bytes | None = None,
        query: Mapping[str, str] | None = None,
        cluster_id: str | None = None,
    ) -> Any:
        """Send one request below a cluster; the JSON of the answer. Fails unless status and error code are as said."""
        response = await self.http.request(
            method,
            self.url(cluster, path, cluster_id=cluster_id),
            params=query,
            json=body,
            content=content,
        )
        seen = f"{method} {path} {dict(query or {})} {body}: {response.status_code} {response.text}"
        assert response.status_code == status, seen
        if status >= 400:
            assert response.json()["error_code"] == (code or status), seen
        return response.json() if response.content and path[-8:] != "/records" else None

    async def make_link(self, cluster: str, name: str, other: str, **configs: str) -> None:
        """A link of the default mode; `_` in a config's name stands for `.`."""
        body = {
            "source_cluster_id": self.world.clusters[other].cluster_id,
            "configs": pairs({"bootstrap.servers": f"{other}:9092"} | dotted(configs)),
        }
        await self.call(
            cluster, "POST", "/links", self.variant.made, query={"link_name": name}, body=body
        )
        self.clock.advance(2)

    async def make_mirror(self, cluster: str, link: str, source: str, prefix: str = "") -> None:
        body = {"source_topic_name": source, "mirror_topic_name": prefix + source}
        await self.call(cluster, "POST", f"/links/{link}/mirrors", self.variant.made, body=body)
        self.clock.advance(1)

    async def status_of(self, cluster: str, link: str, mirror: str) -> str:
        row = await self.call(cluster, "GET", f"/links/{link}/mirrors/{mirror}", 200)
        return str(row["mirror_status"])


def dotted(configs: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "."): value for name, value in configs.items()}


def pairs(configs: Mapping[str, str]) -> list[dict[str, str]]:
    """Configs as a create call spells them."""
    return [{"name": name, "value": value} for name, value in configs.items()]


@asynccontextmanager
async def estate(
    variant: Variant, *, auth: Json | None = None, faults: Sequence[Json] = ()
) -> AsyncIterator[Estate]:
    """Three clusters: `east` with topics and groups, `west` with little, `north` with linking disabled.

    `auth` and `faults` are what a scenario file says of them.
    """
    clock = SteppedClock()
    world = _world(clock, variant, auth or {}, faults)
    authorities = {f"{name}:{PORT}": name for name in world.clusters}
    app = application(
        world,
        authorities,
        options=Options(strict_codes=variant.strict_codes),
        seconds_per_request=SECONDS_PER_REQUEST,
    )
    recorder = Recorder(httpx.ASGITransport(app=app, raise_app_exceptions=False))
    async with httpx.AsyncClient(transport=recorder) as http:
        yield Estate(variant, world, clock, http, recorder)


def _world(clock: SteppedClock, variant: Variant, auth: Json, faults: Sequence[Json]) -> World:
    quiet = [{"name": name, "records": 20} for name in ("payments", "users", "stock", "audit")]
    east: dict[str, object] = {
        "topics": [{"name": "orders", "partitions": 3, "records": 50, "produceRate": 10}, *quiet],
        "groups": [
            {"name": "billing", "topics": {"orders": 5, "users": 0}, "members": 2},
            {"name": "idle", "topics": {"users": 0}},
            {"name": "empty"},
        ],
    }
    west: dict[str, object] = {
        "topics": [{"name": "local", "partitions": 2, "records": 5}],
        "groups": [{"name": "readers", "topics": {"local": 0}, "members": 1}],
    }
    north: dict[str, object] = {"linking": False}
    clusters = [
        {"name": name, "flavour": variant.flavour, "auth": auth, **content}
        for name, content in ((EAST, east), (WEST, west), (NORTH, north))
    ]
    return World.from_scenario({"clusters": clusters, "faults": list(faults)}, clock)
