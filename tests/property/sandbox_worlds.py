"""Random lives of a small world: calls that several clients might make, events that befall it, and time that passes.

Few names on purpose: calls must meet each other. Everything goes over the wire but events and time.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from hypothesis import strategies as st
from starlette.types import ASGIApp

from reconciler.sandbox import SteppedClock, World, application
from reconciler.sandbox.behaviour import offset_sync
from reconciler.sandbox.refusals import Refusal

T = TypeVar("T")

CLUSTERS = ("a", "b")
TOPICS = ("t1", "t2", "t3")
PREFIX = "p."
GROUPS = '{"groupFilters":[{"name":"g","patternType":"PREFIXED","filterType":"INCLUDE"}]}'
SOME_GROUPS = (
    '{"groupFilters":[{"name":"g1","patternType":"LITERAL","filterType":"INCLUDE"},'
    '{"name":"g2","patternType":"LITERAL","filterType":"EXCLUDE"}]}'
)
ALL_TOPICS = '{"topicFilters":[{"name":"*","patternType":"LITERAL","filterType":"INCLUDE"}]}'


@dataclass(frozen=True, slots=True)
class Call:
    """One request to one cluster; `path` is below the cluster."""

    cluster: str
    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: Mapping[str, Any] | None = None

    def only_validated(self) -> Call:
        """The same call with `validate_only`, where the API puts it: the body for topics, else the query."""
        if self.path == "/topics":
            body = {**(self.body or {}), "validate_only": True}
            return Call(self.cluster, self.method, self.path, self.query, body)
        query = (*self.query, ("validate_only", "true"))
        return Call(self.cluster, self.method, self.path, query, self.body)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that befalls a cluster; the name of a method of its handle, and its arguments."""

    cluster: str
    what: str
    arguments: tuple[tuple[str, object], ...]


@dataclass(frozen=True, slots=True)
class Wait:
    """Time passes."""

    seconds: float


Step = Call | Event | Wait


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, and the JSON of the body if there is any."""

    status: int
    document: Any = None

    @property
    def accepted(self) -> bool:
        return self.status < 300


@dataclass(slots=True)
class Stage:
    """A world behind its ASGI application, and the loop that runs it."""

    world: World
    clock: SteppedClock
    runner: asyncio.Runner = field(repr=False)
    app: ASGIApp = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.app = application(self.world, {name: name for name in CLUSTERS})

    def perform(self, step: Step) -> Answer | None:
        """Let a step happen. A refused event is no event."""
        match step:
            case Wait(seconds):
                self.clock.advance(seconds)
            case Event(cluster, what, arguments):
                bounded(lambda: self._befall(cluster, what, dict(arguments)), step)
            case Call():
                return self.ask(step)
        return None

    def ask(self, call: Call) -> Answer:
        return bounded(lambda: self.runner.run(self._ask(call)), call)

    def race(self, calls: Iterable[Call]) -> list[Answer]:
        """Let several clients call at once."""

        async def all_at_once() -> list[Answer]:
            return list(await asyncio.gather(*map(self._ask, calls)))

        return self.runner.run(all_at_once())

    def get(self, cluster: str, path: str, **query: str) -> Any:
        return self.ask(Call(cluster, "GET", path, tuple(query.items()))).document

    def rows(self, cluster: str, path: str) -> list[dict[str, Any]]:
        return list(self.get(cluster, path)["data"])

    def all_there_is(self) -> dict[str, Any]:
        """Everything that clients can read of the world at this instant."""
        found = {}
        for cluster in CLUSTERS:
            for path in _everything(self, cluster):
                found[f"{cluster}{path}"] = self.get(cluster, *path.split("?")[:1], **_flags(path))
        return found

    def _befall(self, cluster: str, what: str, arguments: Mapping[str, object]) -> None:
        # Whether a group is there may hang on a sync that nobody has looked at yet.
        offset_sync.catch_up(self.world, self.world.settle())
        handle = self.world.clusters[cluster]
        about = arguments.get("topic", arguments.get("group"))
        if about is None or about in handle.topics or about in handle.groups:
            with suppress(Refusal):
                getattr(handle, what)(**arguments)

    async def _ask(self, call: Call) -> Answer:
        sent = b"" if call.body is None else json.dumps(call.body).encode()
        path = f"/kafka/v3/clusters/{self.world.clusters[call.cluster].cluster_id}{call.path}"
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": call.method,
            "scheme": "http",
            "path": path,
            "raw_path": quote(path, safe="/:-._%").encode(),
            "query_string": urlencode(call.query).encode(),
            "headers": [(b"host", call.cluster.encode()), (b"content-type", b"application/json")],
        }
        messages: list[Any] = []

        async def receive() -> dict[str, Any]:
            # Another client may come first.
            await asyncio.sleep(0)
            return {"type": "http.request", "body": sent}

        async def send(message: Any) -> None:
            messages.append(message)

        await self.app(scope, receive, send)
        received = b"".join(message.get("body", b"") for message in messages[1:])
        return Answer(messages[0]["status"], json.loads(received) if received else None)


def bounded(act: Callable[[], T], step: Step) -> T:
    """What `act` returns. How deep an endless recursion goes depends on who calls, and hypothesis wants to meet the
    same failure twice; so it becomes an ordinary failure, without a context.
    """
    found: list[T] = []
    with suppress(RecursionError):
        found.append(act())
    assert found, f"endless recursion in {step}"
    return found[0]


def stage(runner: asyncio.Runner, *, instant: bool = False) -> Stage:
    """A world with two clusters, some topics that grow and some that rest, and groups that read them."""
    clock = SteppedClock()
    a = {
        "name": "a",
        "topics": [
            {"name": "t1", "partitions": 3, "records": 100, "produceRate": 7},
            {"name": "t2", "records": 10},
        ],
        "groups": [
            {"name": "g1", "topics": {"t1": 5, "t2": 1}, "members": 2},
            {"name": "g2", "topics": {"t2": 0}},
        ],
    }
    b = {
        "name": "b",
        "topics": [{"name": "t3", "partitions": 2, "records": 4, "produceRate": 1}],
        "groups": [{"name": "g3", "topics": {"t3": 2}, "members": 1}],
    }
    scenario: dict[str, object] = {"clusters": [a, b], "catchUpRate": 20, "seed": 1}
    if instant:
        scenario["delays"] = "instant"
    return Stage(World.from_scenario(scenario, clock), clock, runner)


def _everything(stage: Stage, cluster: str) -> list[str]:
    links = [row["link_name"] for row in stage.rows(cluster, "/links") if row["link_name"]]
    groups = [row["consumer_group_id"] for row in stage.rows(cluster, "/consumer-groups")]
    mirrors = [
        f"/links/{row['link_name']}/mirrors/{row['mirror_topic_name']}"
        for row in stage.rows(cluster, "/links/-/mirrors")
    ]
    return [
        "/topics",
        "/topics/-/configs",
        "/links",
        "/links/-/mirrors",
        "/consumer-groups",
        *(f"/links/{link}?include_tasks=true" for link in links),
        *(f"/links/{link}/configs" for link in links),
        *(f"{mirror}?include_state_transition_errors=true" for mirror in mirrors),
        *(f"/consumer-groups/{group}/lags" for group in groups),
    ]


def _flags(path: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in path.split("?")[1:])


# What may happen

# The openings put a link called l1 on b, so that is where calls find the most to do.
clusters = st.sampled_from(("b", "b", "a"))
links = st.sampled_from(("l1", "l1", "l1", "l2"))
topics = st.sampled_from((*TOPICS, f"{PREFIX}t1", f"{PREFIX}t2"))
waits = st.sampled_from((0.0, 0.05, 0.4, 1.0, 4.0, 31.0, 301.0)).map(Wait)

VERBS = (
    "pause", "resume", "promote", "failover",
    "reverse-and-start-mirror", "reverse-and-pause-mirror", "truncate-and-restore",
)  # fmt: skip
CONFIGS = (
    ("cluster.link.paused", "true"),
    ("cluster.link.paused", "false"),
    ("consumer.offset.sync.enable", "true"),
    ("consumer.offset.sync.enable", "false"),
    ("consumer.offset.sync.ms", "1000"),
    ("consumer.offset.group.filters", GROUPS),
    ("consumer.offset.group.filters", SOME_GROUPS),
    ("auto.create.mirror.topics.enable", "true"),
    ("auto.create.mirror.topics.filters", ALL_TOPICS),
    ("topic.config.sync.ms", "2000"),
    ("mirror.start.offset.spec", "latest"),
    ("metadata.max.age.ms", "0"),
    ("cluster.link.retry.timeout.ms", "0"),
    ("nothing.known", "1"),
)


EVENTS: tuple[tuple[str, *tuple[tuple[str, object], ...]], ...] = (
    # Its REST API answers on, or there would be nothing to look at.
    ("set_up", ("up", False), ("rest_answers", True)),
    ("set_up", ("up", True)),
    ("set_accepts_links", ("accepts", False)),
    ("set_accepts_links", ("accepts", True)),
    ("set_members", ("group", "g1"), ("members", 0)),
    ("set_members", ("group", "g1"), ("members", 1)),
    ("set_rate", ("topic", "t1"), ("rate", 0.0)),
    ("set_rate", ("topic", "t1"), ("rate", 50.0)),
    ("produce", ("topic", "t1"), ("records", 700)),
    ("produce", ("topic", "t2"), ("records", 700)),
)


@st.composite
def link_creations(draw: st.DrawFn) -> Call:
    here, name = draw(clusters), draw(links)
    there = "b" if here == "a" else "a"
    mode, connection = draw(
        st.sampled_from(
            (
                ("DESTINATION", "OUTBOUND"),
                ("DESTINATION", "OUTBOUND"),
                ("BIDIRECTIONAL", "OUTBOUND"),
                ("BIDIRECTIONAL", "OUTBOUND"),
                ("BIDIRECTIONAL", "INBOUND"),
                ("DESTINATION", "INBOUND"),
                ("SOURCE", "OUTBOUND"),
            )
        )
    )
    configs = dict(draw(st.lists(st.sampled_from(CONFIGS[:-1]), max_size=3)))
    configs |= {"link.mode": mode, "connection.mode": connection}
    if connection == "OUTBOUND":
        configs["bootstrap.servers"] = f"{there}:9092"
    if draw(st.booleans()):
        configs["cluster.link.prefix"] = PREFIX
    pairs = [{"name": name, "value": value} for name, value in configs.items()]
    return Call(here, "POST", "/links", (("link_name", name),), {"configs": pairs})


@st.composite
def mirror_creations(draw: st.DrawFn) -> Call:
    source = draw(st.sampled_from(TOPICS))
    body = {"source_topic_name": source}
    if draw(st.booleans()):
        body["mirror_topic_name"] = PREFIX + source
    return Call(draw(clusters), "POST", f"/links/{draw(links)}/mirrors", (), body)


@st.composite
def actions(draw: st.DrawFn) -> Call:
    path = f"/links/{draw(links)}/mirrors:{draw(st.sampled_from(VERBS))}"
    names = draw(st.lists(topics, min_size=1, max_size=3))
    return Call(draw(clusters), "POST", path, (), {"mirror_topic_names": names})


@st.composite
def config_changes(draw: st.DrawFn) -> Call:
    changes = draw(st.lists(st.sampled_from(CONFIGS), min_size=1, max_size=3))
    data = [
        {"name": name, "value": value, "operation": draw(st.sampled_from(("SET", "SET", "DELETE")))}
        for name, value in changes
    ]
    return Call(draw(clusters), "PUT", f"/links/{draw(links)}/configs:alter", (), {"data": data})


@st.composite
def link_deletions(draw: st.DrawFn) -> Call:
    query = (("force", "true"),) if draw(st.booleans()) else ()
    return Call(draw(clusters), "DELETE", f"/links/{draw(links)}", query)


@st.composite
def topic_creations(draw: st.DrawFn) -> Call:
    body = {"topic_name": draw(topics), "partitions_count": draw(st.sampled_from((1, 2)))}
    return Call(draw(clusters), "POST", "/topics", (), body)


@st.composite
def topic_changes(draw: st.DrawFn) -> Call:
    cluster, topic = draw(clusters), draw(topics)
    text = {"value": {"type": "STRING", "data": "x"}}
    configs = {"data": [{"name": "retention.ms", "value": draw(st.sampled_from("123"))}]}
    return draw(
        st.sampled_from(
            (
                Call(cluster, "DELETE", f"/topics/{topic}"),
                Call(cluster, "PATCH", f"/topics/{topic}", (), {"partitions_count": 4}),
                Call(cluster, "POST", f"/topics/{topic}/records", (), text),
                Call(cluster, "POST", f"/topics/{topic}/configs:alter", (), configs),
            )
        )
    )


def calls() -> st.SearchStrategy[Call]:
    """Any call that writes."""
    return st.one_of(
        link_creations(), link_deletions(), config_changes(), mirror_creations(), actions(), actions(),
        topic_creations(), topic_changes(),
    )  # fmt: skip


def races() -> st.SearchStrategy[Call]:
    """Calls that only one of several clients can win: creations and verbs."""
    return st.one_of(link_creations(), mirror_creations(), actions(), topic_creations())


def dry_runs() -> st.SearchStrategy[Call]:
    """Calls that the API can be asked to validate only (sections 1.2, 2.1 and 3.1)."""
    return st.one_of(
        link_creations(), link_deletions(), config_changes(), actions(), topic_creations()
    )


@st.composite
def events(draw: st.DrawFn) -> Event:
    what, *arguments = draw(st.sampled_from(EVENTS))
    return Event(draw(clusters), what, tuple(arguments))


def lives() -> st.SearchStrategy[list[Step]]:
    """What happens to a world, step by step; it begins with what makes the rest interesting more often than not."""
    steps: st.SearchStrategy[Step] = st.one_of(calls(), calls(), calls(), waits, waits, events())
    opening = st.sampled_from(OPENINGS)
    return st.builds(
        lambda first, rest: [*first, *rest], opening, st.lists(steps, min_size=8, max_size=30)
    )


def _link(name: str, *, here: str = "b", mode: str = "DESTINATION", prefix: str = "") -> Call:
    there = "b" if here == "a" else "a"
    configs = {
        "bootstrap.servers": f"{there}:9092",
        "link.mode": mode,
        "consumer.offset.sync.enable": "true",
        "consumer.offset.sync.ms": "1000",
        "consumer.offset.group.filters": GROUPS,
    } | ({"cluster.link.prefix": prefix} if prefix else {})
    pairs = [{"name": key, "value": value} for key, value in configs.items()]
    return Call(here, "POST", "/links", (("link_name", name),), {"configs": pairs})


def _mirror(name: str, source: str, *, prefix: str = "") -> Call:
    body = {"source_topic_name": source, "mirror_topic_name": prefix + source}
    return Call("b", "POST", f"/links/{name}/mirrors", (), body)


OPENINGS: tuple[tuple[Step, ...], ...] = (
    (),
    (_link("l1"), Wait(1.0), _mirror("l1", "t1"), _mirror("l1", "t2"), Wait(1.0)),
    (
        _link("l1", mode="BIDIRECTIONAL", prefix=PREFIX),
        Wait(1.0),
        _link("l1", mode="BIDIRECTIONAL", here="a"),
        Wait(1.0),
        _mirror("l1", "t1", prefix=PREFIX),
        _mirror("l1", "t2", prefix=PREFIX),
        Wait(4.0),
    ),
)
