"""What our client sends: every read and every action, held against the facts while the sandbox answers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import httpx
import pytest

from reconciler.cluster_linking import ClusterLinkingEngine
from reconciler.model.address import LinkAddress
from reconciler.model.clusters import Cluster, RestEndpoint
from reconciler.model.desired import DesiredHalf
from reconciler.model.filters import FilterKind, NameFilter
from reconciler.model.links import ConnectionMode, LinkMode
from reconciler.model.mirrors import MirrorVerb
from reconciler.model.reads import ClusterReads
from reconciler.model.secrets import Reference, ReferenceKind, Template
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
from reconciler.sandbox import Options, SteppedClock, World, application
from reconciler.sandbox.world.flavours import FLAVOURS
from tests.contract.exchanges import Exchange, Recorder
from tests.contract.facts import complaints_about_request

T = TypeVar("T")
SECRET = "hunter2"
PASSWORD = Template((Reference(ReferenceKind.ENV, "PASSWORD"),))
GROUPS = frozenset({NameFilter("billing")})
TOPICS = ("orders", "users", "stock", "audit")
#: The list of clusters stands in the document of Platform, not in this one (section 1.1).
CLUSTER_LIST = "GET /kafka/v3/clusters"

LINK = LinkAddress("west", "l")
PAIR = {name: LinkAddress(name, "pair") for name in ("east", "west")}
BOTH = {name: LinkAddress(name, "both") for name in ("east", "west")}


def _half(
    address: LinkAddress,
    mode: LinkMode = LinkMode.DESTINATION,
    connection: ConnectionMode = ConnectionMode.OUTBOUND,
    **more: object,
) -> DesiredHalf:
    remote = "east" if address.cluster == "west" else "west"
    dials = connection is ConnectionMode.OUTBOUND
    fields: dict[str, object] = {
        "remote_connection_mode": None,
        "hosts_mirrors": mode is not LinkMode.SOURCE,
        "bootstrap_servers": f"{remote}:9092" if dials else None,
    } | more
    return DesiredHalf(address, remote, link_mode=mode, connection_mode=connection, **fields)  # type: ignore[arg-type]


#: One of every kind of action, in an order that a server accepts.
ACTIONS: tuple[Action, ...] = (
    CreateLink(
        _half(
            LINK,
            configs={"consumer.offset.sync.ms": "5000", "consumer.offset.sync.enable": "true"},
            credentials={"security.protocol": Template.literal("SASL_SSL"), "sasl.jaas.config": PASSWORD},
            filters={FilterKind.GROUP: GROUPS},
        )
    ),
    CreateMirror(LINK.mirror("orders"), "orders", replication_factor=3),
    CreateMirror(LINK.mirror("users"), "users", configs={"confluent.tier.enable": "true"}),
    CreateMirror(LINK.mirror("stock"), "stock"),
    CreateMirror(LINK.mirror("audit"), "audit"),
    AlterLink(
        LINK,
        set_configs={"consumer.offset.sync.ms": "6000"},
        reset_configs=("acl.sync.ms",),
        credentials={"sasl.jaas.config": PASSWORD},
        filters={FilterKind.GROUP: frozenset[NameFilter]()},
    ),
    AlterMirror(LINK.mirror("users"), {"confluent.tier.enable": "false"}),
    SetLinkPaused(LINK, paused=True),
    SetLinkPaused(LINK, paused=False),
    ChangeMirrors(LINK, MirrorVerb.PAUSE, ("orders", "users")),
    ChangeMirrors(LINK, MirrorVerb.RESUME, ("orders", "users")),
    ChangeMirrors(LINK, MirrorVerb.PROMOTE, ("users",)),
    ChangeMirrors(LINK, MirrorVerb.FAILOVER, ("orders", "stock")),
    DeleteTopic(LINK.mirror("audit")),
    DeleteLink(LINK),
    CreateLink(_half(PAIR["west"], connection=ConnectionMode.INBOUND)),
    CreateLink(
        _half(
            PAIR["east"],
            LinkMode.SOURCE,
            credentials={"local.sasl.jaas.config": PASSWORD},
        )
    ),
    CreateLink(_half(BOTH["west"], LinkMode.BIDIRECTIONAL, prefix="e.")),
    CreateLink(
        _half(BOTH["east"], LinkMode.BIDIRECTIONAL, prefix="w."),
        link_id_from=BOTH["west"],
    ),
)  # fmt: skip
EVERYTHING = ClusterReads(
    identity=True,
    links=True,
    mirrors=True,
    link_configs=frozenset({"l"}),
    link_tasks=frozenset({"l"}),
    topics=True,
    topic_configs=True,
    groups=True,
    group_offsets=frozenset({"billing"}),
    transition_errors=frozenset({("l", "orders")}),
)


@pytest.mark.parametrize("flavour", list(FLAVOURS))
@pytest.mark.parametrize("strict_codes", [False, True], ids=["server", "document"])
def test_every_action_is_sent_as_the_document_says(flavour: str, *, strict_codes: bool) -> None:
    """Every action is accepted by the sandbox, by a request that breaks no rule of the document."""
    exchanges = asyncio.run(_act_all(_world(flavour), Options(strict_codes=strict_codes)))
    assert _complaints(exchanges) == []
    assert {exchange.status for exchange in exchanges} <= {200, 201, 204}


@pytest.mark.parametrize("flavour", list(FLAVOURS))
def test_every_read_is_sent_as_the_document_says(flavour: str) -> None:
    """Every scope is read, without a gap, by requests that break no rule of the document."""
    exchanges = asyncio.run(_read_all(_world(flavour)))
    assert {exchange.method for exchange in exchanges} == {"GET"}
    assert _complaints(exchanges) == []


def test_what_is_shown_is_what_is_sent() -> None:
    """`requests` shows method, address and body as they go out, except that a secret is shown as its reference."""
    shown, sent = asyncio.run(_show_and_send(_world("platform")))
    assert shown == sent


def _complaints(exchanges: list[Exchange]) -> list[str]:
    return [
        str(complaint)
        for exchange in exchanges
        for complaint in complaints_about_request(exchange)
        if complaint.operation != CLUSTER_LIST
    ]


async def _act_all(world: World, options: Options) -> list[Exchange]:
    recorder = _recorder(world, options)
    async with _engine(world, recorder) as engine:
        for action in ACTIONS:
            answers = await engine.perform(_with_id(world, action))
            assert answers, action
            assert [answer for answer in answers if answer.refusal] == []
            _pass(world, 30)
    return recorder.exchanges


async def _read_all(world: World) -> list[Exchange]:
    recorder = _recorder(world, Options())
    async with _engine(world, recorder) as engine:
        for action in ACTIONS[:5]:
            await engine.perform(action)
            _pass(world, 30)
        done = len(recorder.exchanges)
        observed = await engine.observe({"west": EVERYTHING, "east": EVERYTHING})
    assert [gap for cluster in observed.clusters.values() for gap in cluster.gaps()] == []
    return recorder.exchanges[done:]


async def _show_and_send(world: World) -> tuple[list[str], list[str]]:
    recorder = _recorder(world, Options())
    shown: list[str] = []
    async with _engine(world, recorder) as engine:
        await engine.observe({name: ClusterReads(identity=True) for name in ("east", "west")})
        done = len(recorder.exchanges)
        for action in ACTIONS:
            complete = _with_id(world, action)
            shown += [f"{r.method} {r.url} {_packed(r.body)}" for r in engine.requests(complete)]
            await engine.perform(complete)
            _pass(world, 30)
    sent = [
        f"{e.method} {_url(e)} {_packed(e.sent.decode().replace(SECRET, str(PASSWORD)))}"
        for e in recorder.exchanges[done:]
    ]
    return shown, sent


def _url(exchange: Exchange) -> str:
    host = next(name for name, key in IDS.items() if f"/{key}/" in f"{exchange.path}/")
    query = str(httpx.QueryParams(exchange.query))
    return f"http://{host}:8090{exchange.path}{'?' if query else ''}{query}"


def _packed(body: str) -> str:
    return "".join(body.split())


def _with_id(world: World, action: Action) -> Action:
    """What the runner puts into a link that must carry another half's id."""
    if isinstance(action, CreateLink) and action.link_id_from is not None:
        other = world.clusters[action.link_id_from.cluster].links[action.link_id_from.link]
        return CreateLink(action.half, link_id=other.link_id)
    return action


def _pass(world: World, seconds: float) -> None:
    assert isinstance(world.clock, SteppedClock)
    world.clock.advance(seconds)


IDS = {"east": "lkc-east", "west": "lkc-west"}


def _world(flavour: str) -> World:
    topics = [{"name": name, "records": 10} for name in TOPICS]
    groups = [{"name": "billing", "topics": {"users": 0}}]
    east = {"name": "east", "clusterId": IDS["east"], "flavour": flavour}
    west = {"name": "west", "clusterId": IDS["west"], "flavour": flavour, "groups": [{"name": "billing"}]}  # fmt: skip
    scenario = {"clusters": [east | {"topics": topics, "groups": groups}, west]}
    return World.from_scenario(scenario, SteppedClock())


def _recorder(world: World, options: Options) -> Recorder:
    app = application(world, {f"{name}:8090": name for name in IDS}, options=options)
    return Recorder(httpx.ASGITransport(app=app, raise_app_exceptions=False))


def _engine(world: World, recorder: Recorder) -> ClusterLinkingEngine:
    """Cloud lists no clusters, so there the YAML gives the id."""
    clusters = {
        name: Cluster(
            name,
            f"{name}:9092",
            RestEndpoint(f"http://{name}:8090/kafka/v3"),
            cluster_id=None if cluster.flavour.lists_clusters else cluster.cluster_id,
        )
        for name, cluster in world.clusters.items()
    }
    return ClusterLinkingEngine(
        clusters, lookup=lambda _: SECRET, retry=_once, transports=lambda _: recorder
    )


async def _once(attempt: Callable[[], Awaitable[T]]) -> T:
    return await attempt()
