"""Scenario files: a world written down (`schema/scenario.schema.json` is the same for editors).

Reading is strict and complete: every problem is named, with its place, in one go.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from dataclasses import fields as dataclass_fields
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from reconciler.sandbox.behaviour import conditions, health
from reconciler.sandbox.files.fields import Fields
from reconciler.sandbox.operations import lifecycle, linking, mirroring
from reconciler.sandbox.refusals import Refusal
from reconciler.sandbox.rest.auth import Auth
from reconciler.sandbox.rest.faults import KINDS as FAULT_KINDS
from reconciler.sandbox.rest.faults import Fault
from reconciler.sandbox.world import links
from reconciler.sandbox.world import mirrors as states
from reconciler.sandbox.world.flavours import FLAVOURS
from reconciler.sandbox.world.world import INSTANT, Delays, World

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reconciler.sandbox.world.clock import Clock
    from reconciler.sandbox.world.cluster import Cluster
    from reconciler.sandbox.world.links import Link
    from reconciler.sandbox.world.mirrors import Mirror

VERSION = 1

#: As many consumers as a group may have here; each is a row in every snapshot.
MAX_MEMBERS = 10_000


class ScenarioError(ValueError):
    """The scenario cannot be used; `problems` says all that is wrong, each with its place."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def build(scenario: Mapping[str, object], clock: Clock) -> World:
    """The world of a scenario. Raises ScenarioError."""
    problems: list[str] = []
    top = Fields(scenario, "", problems)
    if top.integer("version", VERSION) != VERSION:
        top.wrong(f"this sandbox reads version {VERSION}", "version")
    world = World(
        clock,
        delays=_delays(top),
        catch_up_rate=top.integer("catchUpRate", 5000, minimum=1),
        seed=top.integer("seed", 0),
    )
    world.strict_codes = top.word("successCodes", "server", ("server", "document")) == "document"
    world.admin = top.boolean("admin", default=False)
    rows = list(top.rows("clusters"))
    clusters = [_cluster(world, row) for row in rows]
    described = list(zip(clusters, rows, strict=True))
    for cluster, row in described:
        for topic in row.rows("topics"):
            _topic(cluster, topic)
    _links([_half(cluster, link) for cluster, row in described for link in row.rows("links")])
    # Groups come last: one may have read a mirror topic.
    for cluster, row in described:
        for group in row.rows("groups"):
            _group(cluster, group)
    # And after all that has happened in good times: what befalls them from the start.
    for cluster, row in described:
        _trouble(cluster, row)
        row.done()
    for fault in top.rows("faults"):
        _fault(world, fault)
    top.done()
    if problems:
        raise ScenarioError(problems)
    world.writes = 0
    return world


def _delays(top: Fields) -> Delays:
    """`delays: instant`, or milliseconds by name."""
    if top.has("delays") and top.is_text("delays"):
        top.word("delays", "instant", ("instant",))
        return INSTANT
    found = top.mapping("delays")
    standard = Delays()
    values = {
        field.name: found.integer(_camel(field.name), getattr(standard, field.name))
        for field in dataclass_fields(Delays)
    }
    found.done()
    return Delays(**values)


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def _cluster(world: World, row: Fields) -> Cluster:
    name = row.text("name", required=True)
    if name in world.clusters:
        row.wrong(f"a cluster named '{name}' is already there")
    if row.text("clusterId") in world.by_id:
        row.wrong("another cluster has this id", "clusterId")
    bootstrap = row.text("bootstrapServers")
    flavour = FLAVOURS[row.word("flavour", "platform", tuple(FLAVOURS))]
    cluster = world.add_cluster(name, row.text("clusterId") or None, flavour)
    cluster.bootstrap = tuple(part.strip() for part in bootstrap.split(",") if part.strip())
    cluster.linking_enabled = row.boolean("linking", default=True)
    cluster.advertises = row.boolean("advertises", default=True)
    # Where it is served is the business of whoever serves it; the keys are known here so that they are not unknown.
    row.integer("port", 0, maximum=65535)
    tls = row.mapping("tls")
    tls.text("certificate")
    tls.text("key")
    tls.done()
    cluster.auth = _auth(row.mapping("auth"))
    return cluster


def _trouble(cluster: Cluster, row: Fields) -> None:
    """What is wrong with a cluster from the start, and until somebody calls it off."""
    up, answers = row.boolean("up", default=True), row.boolean("restAnswers", default=False)
    if not up:
        cluster.set_up(up=False, rest_answers=answers)
    if not row.boolean("acceptsLinks", default=True):
        cluster.set_accepts_links(accepts=False)


def _auth(row: Fields) -> Auth | None:
    """`auth: {basic: {username, password}}` or `auth: {bearer: token}`; none by default."""
    basic, token = row.mapping("basic"), row.text("bearer")
    username, password = basic.text("username"), basic.text("password")
    basic.done()
    row.done()
    if basic.names():
        return Auth.basic(username, password)
    return Auth.bearer(token) if token else None


def _fault(world: World, row: Fields) -> None:
    """A fault hits requests; a condition befalls a cluster from a second of the world on, until another one."""
    if row.text("kind") not in conditions.KINDS:
        world.faults.rules.append(read_fault(row, world))
        return
    kind, cluster = row.text("kind"), row.text("cluster", required=True)
    group = row.text("group", required=kind == "groupActive")
    answers = row.boolean("restAnswers", default=False) if kind == "clusterAway" else False
    begin_ms, end_ms = _between(row, world)
    row.done()
    if cluster not in world.clusters:
        row.wrong("there is no such cluster", "cluster")
        return
    begins = conditions.Change(
        begin_ms, kind, cluster, begins=True, subject=group, rest_answers=answers
    )
    changes = [begins]
    if end_ms is not None:
        changes.append(replace(begins, at_ms=end_ms, begins=False, began_ms=begin_ms))
    world.schedule = sorted([*world.schedule, *changes], key=lambda change: change.at_ms)


def _between(row: Fields, world: World) -> tuple[int, int | None]:
    """The instants that `from` and `until` mean, in seconds of the world from now on."""
    begin, end = row.number("from", 0.0), row.number("until", 0.0)
    if row.has("until") and end <= begin:
        row.wrong("must be later than 'from'", "until")
    now = world.now_ms()
    return now + int(begin * 1000), now + int(end * 1000) if row.has("until") else None


def read_fault(row: Fields, world: World) -> Fault:
    """A fault as scenarios and admin calls write it; it must be able to hit one of the clusters, and be sendable."""
    standard = Fault("latency")
    from_ms, until_ms = _between(row, world)
    fault = Fault(
        kind=row.word("kind", "latency", FAULT_KINDS),
        cluster=row.text("cluster", "*"),
        method=row.text("method", "*").upper(),
        path=row.text("path", "*"),
        skip=row.integer("skip", 0),
        times=row.maybe_integer("times"),
        probability=row.number("probability", 1.0, maximum=1.0),
        seconds=row.number("seconds", standard.seconds),
        seconds_to=row.maybe_number("secondsTo"),
        status=row.integer("status", standard.status, minimum=400, maximum=599),
        code=row.integer("code", standard.code),
        message=row.text("message", standard.message),
        html=row.boolean("html", default=False),
        retry_after=row.maybe_integer("retryAfter"),
        after_effect=row.boolean("afterEffect", default=False),
        content_type=row.header("contentType", standard.content_type),
        bytes=row.integer("bytes", standard.bytes, minimum=1),
        old=row.text("old"),
        new=row.text("new"),
        location=row.header("location", standard.location),
        from_ms=from_ms,
        until_ms=until_ms,
    )
    row.done()
    if not any(fnmatchcase(name, fault.cluster) for name in world.clusters):
        row.wrong("there is no such cluster", "cluster")
    return fault


def _topic(cluster: Cluster, row: Fields) -> None:
    name = row.text("name", required=True)
    if name in cluster.topics:
        row.wrong(f"a topic named '{name}' is already there")
    try:
        topic = cluster.ensure_topic(
            name,
            partitions=row.integer("partitions", 1, minimum=1),
            records=row.integer("records", 0),
            rate=row.number("produceRate", 0.0),
            configs=row.texts("configs"),
            replication_factor=row.integer("replicationFactor", 0) or None,
        )
        topic.describable = row.boolean("describable", default=True)
    except Refusal as refusal:
        row.wrong(refusal.message, "name")
    row.done()


def _group(cluster: Cluster, row: Fields) -> None:
    name = row.text("name", required=True)
    if name in cluster.groups:
        row.wrong(f"a group named '{name}' is already there")
    rates, lags = _readings(cluster, row.mapping("topics"))
    group = cluster.ensure_group(
        name,
        reads=rates,
        members=row.integer("members", 0, maximum=MAX_MEMBERS),
        from_start=row.word("from", "start", ("start", "end")) == "start",
    )
    for topic, lag in lags.items():
        group.readings[topic].committed = [max(0, end - lag) for end in cluster.end_offsets(topic)]
    row.done()


def _readings(cluster: Cluster, reads: Fields) -> tuple[dict[str, float], dict[str, int]]:
    """What a group reads, as rates and lags: `{orders: 10}`, or `{orders: {rate: 10, lag: 3}}`."""
    rates: dict[str, float] = {}
    lags: dict[str, int] = {}
    for topic in reads.names():
        if topic not in cluster.topics:
            reads.wrong(f"there is no topic '{topic}' on cluster '{cluster.name}'")
        elif reads.is_mapping(topic):
            row = reads.mapping(topic)
            rates[topic], lag = row.number("rate", 0.0), row.maybe_integer("lag")
            row.done()
            lags |= {} if lag is None else {topic: lag}
        else:
            rates[topic] = reads.number(topic, 0.0)
    return rates, lags


@dataclass(frozen=True, slots=True)
class _Half:
    """A link as it is described, and what a caller would send to make it."""

    cluster: Cluster
    row: Fields
    request: linking.LinkRequest | None

    @property
    def is_dialled(self) -> bool:
        return "bootstrap.servers" not in (self.request.configs if self.request else {})


def _half(cluster: Cluster, row: Fields) -> _Half:
    name = row.text("name", required=True)
    remote = cluster.world.clusters.get(row.text("remote", required=True))
    configs = row.texts("configs")
    if remote is None:
        row.wrong("there is no such cluster", "remote")
        return _Half(cluster, row, None)
    if configs.get("connection.mode", "").upper() != "INBOUND":
        configs = {"bootstrap.servers": ",".join(remote.addresses), **configs}
    request = linking.LinkRequest(
        name=name,
        configs=configs,
        source_cluster_id=remote.cluster_id,
        destination_cluster_id=remote.cluster_id,
        remote_cluster_id=remote.cluster_id,
        validate_link=False,
    )
    return _Half(cluster, row, request)


def _links(halves: list[_Half]) -> None:
    """All links, the dialled half of a pair before the one that dials, and only then the mirrors on them."""
    made = [(half, _link(half)) for half in sorted(halves, key=lambda h: not h.is_dialled)]
    for half, link in made:
        if link is not None:
            for mirror in half.row.rows("mirrors"):
                _mirror(half.cluster, link, mirror)
            half.row.done()


def _link(half: _Half) -> Link | None:
    """A link that is already there: made as a caller would make it, and past its start-up."""
    if half.request is None:
        return None
    world = half.cluster.world
    try:
        linking.create(half.cluster, half.request)
    except Refusal as refusal:
        half.row.wrong(refusal.message)
        return None
    link = half.cluster.links[half.request.name]
    link.created_ms, link.active_ms = 0, world.now_ms()
    link.link_id = half.row.text("linkId") or link.link_id
    try:
        links.dashed_id(link.link_id)
    except ValueError:
        half.row.wrong("must be a UUID in Kafka's spelling (22 characters)", "linkId")
    return link


def _mirror(cluster: Cluster, link: Link, row: Fields) -> None:
    """A mirror that is already there, caught up unless it says how far it lags."""
    world = cluster.world
    source = row.text("source", required=True)
    request = mirroring.MirrorRequest(
        source,
        link.prefix + source,
        replication_factor=row.integer("replicationFactor", 0) or None,
        configs=row.texts("configs"),
    )
    state = row.word("state", "active", ("active", "paused", "stopped", "failed"))
    behind = row.integer("lag", 0)
    row.done()
    try:
        mirror = mirroring.create(cluster, link.name, request)
    except Refusal as refusal:
        row.wrong(refusal.message, "source")
        return
    now = world.now_ms()
    mirror.fetch_from_ms = now
    topic, seen = cluster.topics[mirror.topic], health.last_seen(cluster, mirror, now)
    topic.settle([max(0, end - behind) for end in seen], now)
    _enter(cluster, mirror, state, now)


def _enter(cluster: Cluster, mirror: Mirror, state: str, now: int) -> None:
    if state == "paused":
        lifecycle.act(cluster, mirror, lifecycle.PAUSE, now)
    elif state == "stopped":
        lifecycle.stop(cluster, mirror, now)
    elif state == "failed":
        cluster.enter(mirror, states.FAILED, now)
        health.review(cluster, mirror, now)
