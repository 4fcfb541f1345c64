"""The embedded sandbox: the clusters of the YAML as an emulation inside this process.

The one file that joins the sandbox and httpx. Wall time never counts: each request steps the world a little, a
wait steps it by as much as was to be waited, so runs are reproducible and waiting costs nothing. The world is kept
in `.linkctl/sandbox.json`, and saved only when something was written to it or somebody waited (docs/adr, 7).
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from reconciler.cli.console import Console
from reconciler.model.clusters import Cluster
from reconciler.model.desired import DesiredState
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.errors import InputError
from reconciler.model.filters import FilterKind, FilterType, NameFilter, PatternType
from reconciler.sandbox import (
    AnswerLost,
    Clock,
    NoAnswer,
    Refusal,
    ScenarioError,
    SteppedClock,
    World,
    application,
    load_snapshot,
    save_snapshot,
    snapshot_lock,
)
from reconciler.sandbox.files.snapshot import SnapshotError
from reconciler.workflows.environment import Environment
from reconciler.workflows.load import PlainDocument

KEPT_IN = Path(".linkctl") / "sandbox.json"
SECONDS_PER_REQUEST = 0.02
SEEDED_RECORDS = 100
SEEDED_PARTITIONS = 3
SEEDED_COMMIT_RATE = 10.0
"""A topic that the YAML names and no scenario describes gets a few records; its group reads them slowly."""


class EmbeddedClock:
    """The world's clock as the rest of the house sees it."""

    def __init__(self, stepped: SteppedClock) -> None:
        self._stepped = stepped
        self.waited = False

    def now(self) -> float:
        """Seconds since the Unix epoch, in the world's time."""
        return self._stepped.now_ms() / 1000

    def monotonic(self) -> float:
        """The same, as the world's clock never goes back."""
        return self.now()

    async def sleep(self, seconds: float) -> None:
        """Step the world instead of waiting; others get their turn."""
        self._stepped.advance(seconds)
        self.waited = True
        await asyncio.sleep(0)


class _Anything(dict[str, str]):
    """Variables of which every one is set: the sandbox looks at no secret."""

    def get(self, key: str, default: str | None = None) -> str:  # type: ignore[override]
        return super().get(key) or default or f"sandbox-{key}"


def _text_or_name(path: str) -> str:
    try:
        return Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return f"sandbox-{path}"


class EmbeddedTransport(httpx.ASGITransport):
    """The world as a transport. What a socket would do when an answer is lost, an exception does here."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request, or fail as the network would."""
        try:
            return await super().handle_async_request(request)
        except AnswerLost as lost:
            kind = httpx.ReadError if lost.hard else httpx.RemoteProtocolError
            raise kind("the connection was closed without an answer", request=request) from lost
        except NoAnswer as silence:
            raise httpx.ReadTimeout("no answer came", request=request) from silence


@dataclass(frozen=True, slots=True)
class Embedded:
    """A world that is open, and the means to reach it."""

    world: World
    clock: EmbeddedClock
    transport: EmbeddedTransport

    def environment(self) -> Environment:
        """An environment in which every cluster's REST API is this world's. It asks for no credentials, so references
        that are not set stand for themselves.
        """
        return Environment(
            variables=_Anything(os.environ),
            read_text=_text_or_name,
            clock=self.clock,
            random=lambda: 0.5,
            transports=lambda _: self.transport,
        )


@contextmanager
def embedded_sandbox(desired: DesiredState, console: Console) -> Iterator[Environment]:
    """The environment of a command with `--sandbox`.

    Raises:
        InputError: the kept world cannot be read.
    """
    console.note(f"sandbox: emulated clusters in {KEPT_IN}; nothing real is touched")
    with open_world(desired) as embedded:
        yield embedded.environment()


@contextmanager
def open_world(desired: DesiredState) -> Iterator[Embedded]:
    """The kept world, or a new one, with everything in it that the YAML speaks of; saved if it was written to
    or if somebody waited.

    Raises:
        InputError: the kept world cannot be read.
    """
    stepped = SteppedClock()
    clock = EmbeddedClock(stepped)
    with _kept_to_ourselves():
        world = _kept_world(stepped) or World(stepped)
        furnish(world, desired)
        seeded = world.writes
        app = application(world, authorities(desired), seconds_per_request=SECONDS_PER_REQUEST)
        try:
            yield Embedded(world, clock, EmbeddedTransport(app=app))
        finally:
            if world.writes != seeded or clock.waited:
                save_snapshot(world, KEPT_IN)


def reset_world(scenario: PlainDocument | None) -> None:
    """Forget the kept world, or replace it by the one that a scenario describes.

    Raises:
        InputError: the scenario cannot be used.
    """
    with _kept_to_ourselves():
        if scenario is None:
            KEPT_IN.unlink(missing_ok=True)
        else:
            save_snapshot(world_of(scenario, SteppedClock()), KEPT_IN)


def world_of(scenario: PlainDocument, clock: Clock) -> World:
    """The world that a scenario describes.

    Raises:
        InputError: with one diagnostic for each problem of the scenario.
    """
    try:
        return World.from_scenario(scenario.values, clock)
    except ScenarioError as error:
        raise InputError(
            *(
                Diagnostic(
                    code="bad-scenario",
                    severity=Severity.ERROR,
                    message=problem,
                    cure="see `linkctl schema scenario` for what a scenario may say",
                    position=scenario.position(problem.partition(": ")[0]),
                )
                for problem in error.problems
            )
        ) from error


@contextmanager
def _kept_to_ourselves() -> Iterator[None]:
    """Nobody else's command touches the kept world meanwhile; others wait for their turn.

    Raises:
        InputError: the folder for it cannot be made or written to.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(snapshot_lock(KEPT_IN))
        except OSError as error:
            raise InputError(
                Diagnostic(
                    code="unreadable-sandbox",
                    severity=Severity.ERROR,
                    message=f"the sandbox cannot be kept here: {error.strerror}",
                    cure="run it in a folder that you may write to, where `.linkctl` is a folder or not there",
                    subject=str(KEPT_IN.parent),
                )
            ) from error
        yield


def _kept_world(clock: SteppedClock) -> World | None:
    try:
        return load_snapshot(KEPT_IN, clock)
    except (SnapshotError, OSError) as error:
        raise InputError(
            Diagnostic(
                code="unreadable-sandbox",
                severity=Severity.ERROR,
                message=f"the kept sandbox cannot be read: {error}",
                cure="start over with `linkctl sandbox reset`",
                subject=str(KEPT_IN),
            )
        ) from error


def authorities(desired: DesiredState) -> dict[str, str]:
    """Which `host:port`, as httpx writes it into requests, belongs to which cluster."""
    return {
        httpx.URL(cluster.rest.url).netloc.decode(): name
        for name, cluster in desired.clusters.items()
        if cluster.rest is not None
    }


def furnish(world: World, desired: DesiredState) -> None:
    """Put what the YAML speaks of into the world: clusters, source topics and groups that are not there yet.

    A topic that Kafka would not take beside those that are there is left out: no real cluster could have it either.
    """
    for name, cluster in sorted(desired.clusters.items()):
        _ensure_cluster(world, name, cluster, desired)
    hosts = {half.address: half for _, half in desired.halves() if half.hosts_mirrors}
    for _, mirror in desired.mirrors():
        source = world.clusters[hosts[mirror.address.link_address].remote]
        with suppress(Refusal):
            source.ensure_topic(
                mirror.source_topic, partitions=SEEDED_PARTITIONS, records=SEEDED_RECORDS
            )
    for half in hosts.values():
        mirrored = {
            m.source_topic for _, m in desired.mirrors() if m.address.link_address == half.address
        }
        topics = sorted(mirrored & world.clusters[half.remote].topics.keys())
        for row in sorted(half.filters.get(FilterKind.GROUP, frozenset())):
            if isinstance(row, NameFilter) and _names_one(row):
                world.clusters[half.remote].ensure_group(
                    row.name, reads=dict.fromkeys(topics, SEEDED_COMMIT_RATE), members=1
                )


def _names_one(row: NameFilter) -> bool:
    return (
        row.pattern_type == PatternType.LITERAL
        and row.filter_type == FilterType.INCLUDE
        and row.name != "*"
    )


def _ensure_cluster(world: World, name: str, cluster: Cluster, desired: DesiredState) -> None:
    if name not in world.clusters:
        world.add_cluster(name, cluster.cluster_id)
    spoken = {cluster.bootstrap_servers} | {
        half.bootstrap_servers for _, half in desired.halves() if half.remote == name
    }
    addresses = {
        part.strip() for text in spoken if text for part in text.split(",") if part.strip()
    }
    live = world.clusters[name]
    live.bootstrap = tuple(sorted(addresses | set(live.addresses)))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a cluster of the sandbox said; `text` is indented when it is JSON.

    `refused` also when the status is 200 and the body carries an error code, as it does for refused records.
    """

    status: int
    text: str
    refused: bool


async def send(
    embedded: Embedded,
    desired: DesiredState,
    cluster: str,
    method: str,
    path: str,
    body: str | None,
) -> Answer:
    """One raw request to a cluster of the world; `path` counts from `/clusters/{id}/`, or from the root if it begins
    with a slash.

    Raises:
        InputError: the YAML has no such cluster, or it has no REST endpoint.
    """
    known = desired.clusters.get(cluster)
    if known is None or known.rest is None:
        reachable = ", ".join(sorted(n for n, c in desired.clusters.items() if c.rest)) or "none"
        raise InputError(
            Diagnostic(
                code="unknown-cluster",
                severity=Severity.ERROR,
                message=f"no cluster with a REST endpoint is named {cluster!r}",
                cure=f"use one of: {reachable}",
                subject="sandbox request",
            )
        )
    base = httpx.URL(known.rest.url)
    cluster_id = embedded.world.clusters[cluster].cluster_id
    target = (
        path if path.startswith("/") else f"{base.path.rstrip('/')}/clusters/{cluster_id}/{path}"
    )
    async with httpx.AsyncClient(transport=embedded.transport, trust_env=False) as client:
        response = await client.request(
            method,
            base.join(target),
            content=body,
            headers={"Content-Type": "application/json"} if body is not None else {},
        )
    return _answer(response)


def _answer(response: httpx.Response) -> Answer:
    try:
        body = response.json()
    except ValueError:
        return Answer(response.status_code, response.text, response.is_error)
    code = body.get("error_code") if isinstance(body, dict) else None
    refused = response.is_error or (isinstance(code, int) and code >= 400)
    return Answer(response.status_code, json.dumps(body, indent=2, ensure_ascii=False), refused)
