"""Every operation of the API document, driven against the sandbox and held against the facts."""

from __future__ import annotations

import asyncio
import json
import re
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cache

import pytest

from reconciler.sandbox.rest.routes import ROUTES
from tests.contract import link_scenes, mirror_scenes, topic_scenes
from tests.contract.contradictions import CONTRADICTIONS, OF_PLATFORM, unexplained
from tests.contract.estate import EAST, VARIANTS, Estate, Json, Variant, estate
from tests.contract.exchanges import Exchange
from tests.contract.facts import (
    CLUSTER,
    complaints_about_answer,
    operation_of,
    operations,
    undocumented_operations,
)

Scene = Callable[[Estate], Awaitable[None]]
SCENES: tuple[Scene, ...] = (*topic_scenes.SCENES, *link_scenes.SCENES, *mirror_scenes.SCENES)


@dataclass(frozen=True)
class Trouble:
    """Something that keeps a caller from every operation, and the answer that it leads to."""

    name: str
    status: int
    code: int | None
    cluster_id: str | None = None
    auth: Json = field(default_factory=dict)
    presented: tuple[str, str] | None = None
    faults: tuple[Json, ...] = ()


BASIC = {"basic": {"username": "key", "password": "secret"}}
TROUBLES = (
    Trouble("wrong cluster", 404, 404, cluster_id="lkc-nobody"),
    Trouble("no credentials", 401, 40101, auth=BASIC),
    Trouble("wrong password", 401, 40101, auth=BASIC, presented=("key", "guess")),
    Trouble("no token", 401, 40101, auth={"bearer": "token"}),
    Trouble("password for a token", 401, 40101, auth={"bearer": "token"}, presented=("a", "b")),
    Trouble("throttled by a quota", 429, 42901, faults=({"kind": "throttle"},)),
    Trouble("throttled by a filter", 429, None, faults=({"kind": "throttle", "html": True},)),
    Trouble("no broker", 503, 50302, faults=({"kind": "error"},)),
)

variants = pytest.mark.parametrize("variant", VARIANTS, ids=str)


@variants
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_scene_plays_and_conforms(variant: Variant, scene: Scene) -> None:
    """Every step of a scene is answered with the status and code it expects, in the shapes of the document."""
    played = _played(variant, scene)
    assert _unexplained(played.exchanges) == []
    assert played.trouble is None, played.trouble


@variants
@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.name)
def test_trouble_shows_alike_on_every_path(variant: Variant, trouble: Trouble) -> None:
    """What stands between a caller and any operation at all is said with the same status and code on each."""
    exchanges = asyncio.run(_ask_all(variant, trouble))
    assert len(operations()) == len(exchanges)
    assert {trouble.status} == {exchange.status for exchange in exchanges}
    if trouble.code is not None:
        codes = {json.loads(exchange.received)["error_code"] for exchange in exchanges}
        assert codes == {trouble.code}
    assert _unexplained(exchanges) == []


@variants
def test_every_operation_is_answered_and_refused(variant: Variant) -> None:
    """The scenes leave no operation of the document out, neither its success nor its refusal."""
    seen: dict[str, set[bool]] = {operation.name: set() for operation in operations()}
    for exchange in _all_exchanges(variant):
        operation = operation_of(exchange)
        if operation is not None and operation.name in seen:
            seen[operation.name].add(exchange.status < 300)
    lacking = {name for name, outcomes in seen.items() if outcomes != {True, False}}
    assert lacking == (MODERN if variant.is_old else set())


def test_no_contradiction_is_idle() -> None:
    """A row of the list that explains nothing is a wrong row, or one that has become wrong."""
    complaints = {
        complaint
        for variant in VARIANTS
        for exchange in _all_exchanges(variant)
        for complaint in complaints_about_answer(exchange)
    }
    idle = [row.name for row in CONTRADICTIONS if not any(map(row.explains, complaints))]
    assert idle == []


def test_sandbox_serves_what_the_document_lists_and_little_else() -> None:
    """Every operation has a route; a route beyond the document is one whose evidence is written down."""
    served = {(route.method, _shape(f"/kafka/v3/{route.template}")) for route in ROUTES}
    known = {
        (operation.method, _shape(CLUSTER + operation.name.partition(" ")[2].rstrip("/")))
        for operation in (*operations(), *undocumented_operations())
    }
    assert served == known | {("GET", _shape(path)) for path, _ in OF_PLATFORM}


@pytest.mark.parametrize("flavour", ["platform", "platform-7.5"])
def test_platform_lists_its_one_cluster(flavour: str) -> None:
    """Platform's list has exactly one cluster, in the shape of the single one (section 1.1)."""
    listed, single = asyncio.run(_list_clusters(Variant(flavour, strict_codes=False)))
    assert listed["data"] == [single]


def test_cloud_has_no_list_of_clusters() -> None:
    """Cloud's public paths have no list of clusters (section 1.1)."""
    with pytest.raises(AssertionError, match="404"):
        asyncio.run(_list_clusters(Variant("cloud", strict_codes=False)))


#: Operations that 7.5 does not have (section 3.1); the older names of two of them stand in their place.
MODERN = {
    f"POST /links/{{link_name}}/mirrors:{verb}"
    for verb in ("reverse-and-start-mirror", "reverse-and-pause-mirror", "truncate-and-restore")
}


class Played:
    """What a scene has sent and received, and where it broke off."""

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []
        self.trouble: str | None = None


@cache
def _played(variant: Variant, scene: Scene) -> Played:
    played = Played()
    asyncio.run(_play(variant, scene, played))
    return played


async def _play(variant: Variant, scene: Scene, played: Played) -> None:
    async with estate(variant) as stage:
        played.exchanges = stage.exchanges
        try:
            await scene(stage)
        except AssertionError as error:
            played.trouble = "".join(traceback.format_exception(error))


def _all_exchanges(variant: Variant) -> list[Exchange]:
    scenes = [exchange for scene in SCENES for exchange in _played(variant, scene).exchanges]
    troubled = [_ask_all(variant, trouble) for trouble in TROUBLES]
    return scenes + [exchange for asked in troubled for exchange in asyncio.run(asked)]


async def _ask_all(variant: Variant, trouble: Trouble) -> list[Exchange]:
    """Every operation once, under a trouble."""
    async with estate(variant, auth=trouble.auth, faults=trouble.faults) as stage:
        for operation in operations():
            method, _, template = operation.name.partition(" ")
            path = re.sub(r"\{\w+\}", "1", template).rstrip("/")
            url = stage.url(EAST, path, cluster_id=trouble.cluster_id)
            body: dict[str, object] | None = {} if method in {"POST", "PUT", "PATCH"} else None
            await stage.http.request(
                method, url, json=body, params={"link_name": "x"}, auth=trouble.presented
            )
        return stage.exchanges


async def _list_clusters(variant: Variant) -> tuple[dict[str, object], dict[str, object]]:
    async with estate(variant) as stage:
        listed = await stage.http.get(f"http://{EAST}:8090/kafka/v3/clusters")
        assert listed.status_code == 200, listed.status_code
        single = await stage.call(EAST, "GET", "", 200)
        return listed.json(), single


def _unexplained(exchanges: list[Exchange]) -> list[str]:
    return unexplained(
        complaint for exchange in exchanges for complaint in complaints_about_answer(exchange)
    )


def _shape(template: str) -> str:
    return re.sub(r"\{\w+\}", "{}", template)
