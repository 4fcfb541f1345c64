"""Random worlds of links for `export`: every topology, lone halves, states, filters, prefixes, configs, secrets."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeAlias

from hypothesis import strategies as st

from reconciler.sandbox import SteppedClock, World
from reconciler.sandbox.operations import lifecycle, mirroring
from reconciler.sandbox.refusals import Refusal
from reconciler.sandbox.world import mirrors as states

Json: TypeAlias = dict[str, Any]
MARKER = "m4rk3r"
"""In every secret, so that a leak is seen."""
STATES = ("active", "active", "pause", "stopped", "failed", "promote", "failover")
GROUPS = [
    {"name": "g1", "patternType": "LITERAL", "filterType": "INCLUDE"},
    {"name": "*", "patternType": "LITERAL", "filterType": "INCLUDE"},
    {"name": "12:30", "patternType": "PREFIXED", "filterType": "EXCLUDE"},
    {"name": "${env:HOME}", "patternType": "LITERAL", "filterType": "INCLUDE"},
]
ACLS = [
    {
        "resourceFilter": {"resourceType": "ANY", "patternType": "ANY"},
        "accessFilter": {"operation": "DescribeConfigs", "permissionType": "ALLOW"},
    },
    {
        "resourceFilter": {"resourceType": "topic", "patternType": "prefixed", "name": "on"},
        "accessFilter": {"operation": "read", "permissionType": "any", "principal": "User:a b", "host": "*"},
    },
]  # fmt: skip
PLAIN = {
    "consumer.offset.sync.ms": ("1000", "30000"),
    "topic.config.sync.ms": ("2000",),
    "mirror.start.offset.spec": ("latest", "2026-01-01T00:00:00"),
    "client.dns.lookup": ("resolve_canonical_bootstrap_servers_only",),
    "replica.socket.receive.buffer.bytes": ("-1", "65536"),
}
OPEN_SECURITY = {
    "security.protocol": ("SASL_SSL", "sasl_plaintext"),
    "sasl.mechanism": ("PLAIN", "SCRAM-SHA-512"),
    "ssl.endpoint.identification.algorithm": ("",),
    "ssl.enabled.protocols": ("TLSv1.3,TLSv1.2",),
}
NOT_ON_CLOUD = {"sasl.kerberos.service.name": ("kafka",)}
SECRETS = ("sasl.jaas.config", "ssl.keystore.key", "ssl.truststore.certificates")
TOPIC_CONFIGS = {
    "confluent.value.schema.validation": ("true",),
    "min.insync.replicas": ("2",),
    "segment.ms": ("100000",),
    "confluent.placement.constraints": ('{"version":1}',),
}


@dataclass(frozen=True, slots=True)
class PlannedMirror:
    """A mirror topic to be, and what is to become of it. The half of a lonely pair takes none."""

    cluster: str
    link: str
    source: str
    name: str
    state: str
    configs: Json

    @property
    def pending(self) -> bool:
        return self.state in {"promote", "failover"}

    def create(self, world: World) -> None:
        request = mirroring.MirrorRequest(self.source, self.name, configs=self.configs)
        with suppress(Refusal):
            mirroring.create(world.clusters[self.cluster], self.link, request)

    def befall(self, world: World) -> None:
        handle = world.clusters[self.cluster]
        mirror = handle.mirrors.get(self.name)
        if mirror is None or self.state == "active":
            return
        with world.writing() as now:
            if self.state == "stopped":
                lifecycle.stop(handle, mirror, now)
            elif self.state == "failed":
                handle.enter(mirror, states.FAILED, now)
            else:
                lifecycle.act(handle, mirror, self.state, now)


@dataclass(frozen=True, slots=True)
class Scene:
    """A world to export, and what the files say of its clusters."""

    scenario: Json
    mirrors: tuple[PlannedMirror, ...]
    endpoints: tuple[str, ...]
    ids_given: bool
    known_source: bool
    """Whether the files name the cluster without REST, and how it is dialled."""
    source_up: bool
    seconds: float

    def world(self) -> tuple[World, SteppedClock]:
        """Links first: mirror topics under a half that is dialled need the half that dials."""
        clock = SteppedClock()
        world = World.from_scenario(self.scenario, clock)
        clock.advance(5)
        for planned in self.mirrors:
            planned.create(world)
        clock.advance(self.seconds)
        world.settle()
        for planned in self.mirrors:
            planned.befall(world)
        world.clusters["plain"].set_up(up=self.source_up)
        return world, clock

    def yaml(self) -> str:
        clusters: Json = {
            name: {"restEndpoint": f"http://{name}:8090/kafka/v3"} for name in self.endpoints
        }
        if self.ids_given:
            ids = {row["name"]: row["clusterId"] for row in self.scenario["clusters"]}
            clusters = {n: {**keys, "clusterId": ids[n]} for n, keys in clusters.items()}
        if self.known_source:
            clusters["plain"] = {"bootstrapServers": "plain:9092"}
        return json.dumps({"version": 1, "clusters": clusters, "protect": ["pay*"]})


@dataclass(slots=True)
class _Estate:
    """What is drawn so far."""

    draw: st.DrawFn
    security: Mapping[str, tuple[str, ...]]
    topics: dict[str, list[Json]]
    links: dict[str, list[Json]]
    mirrors: list[PlannedMirror]
    number: int = 0

    def some(self, table: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
        names = self.draw(st.lists(st.sampled_from(sorted(table)), max_size=2, unique=True))
        return {name: self.draw(st.sampled_from(table[name])) for name in names}

    def link(self, cluster: str, name: str, remote: str, mode: str, *, inbound: bool) -> Json:
        configs = {"link.mode": mode, **self.some(PLAIN)}
        if inbound:
            configs["connection.mode"] = "INBOUND"
        else:
            configs["bootstrap.servers"] = f"{remote}:{self.draw(st.sampled_from((9092, 9093)))}"
            configs |= self.some(self.security)
            for secret in self.draw(st.lists(st.sampled_from(SECRETS), max_size=2, unique=True)):
                local = "local." if self.draw(st.booleans()) else ""
                configs[local + secret] = MARKER
        row = {"name": name, "remote": remote, "configs": configs}
        self.links[cluster].append(row)
        return row

    def host(self, cluster: str, row: Json) -> None:
        """What only a half with mirror topics has."""
        configs, remote = row["configs"], row["remote"]
        prefix = f"p{self.number}-" if self.draw(st.booleans()) else ""
        if prefix:
            configs["cluster.link.prefix"] = prefix
            if configs["link.mode"] != "BIDIRECTIONAL" and self.draw(st.booleans()):
                configs["consumer.group.prefix.enable"] = "true"
        if self.draw(st.booleans()):
            configs["cluster.link.paused"] = self.draw(st.sampled_from(("true", "TRUE", "false")))
        self.filters(configs, "consumer.offset", "group", GROUPS)
        self.filters(configs, "auto.create.mirror.topics", "topic", GROUPS[2:])
        if not prefix and self.draw(st.booleans()):
            configs["acl.sync.enable"] = self.draw(st.sampled_from(("true", "false")))
            configs["acl.filters"] = json.dumps({"aclFilters": ACLS})
        for _ in range(self.draw(st.integers(0, 3))):
            self.mirror(cluster, row["name"], remote, prefix)

    def filters(self, configs: dict[str, str], family: str, kind: str, rows: list[Json]) -> None:
        group = kind == "group"
        filters = f"{family}.group.filters" if group else f"{family}.filters"
        if self.draw(st.booleans()):
            chosen = self.draw(st.lists(st.sampled_from(rows), max_size=3))
            configs[filters] = json.dumps({f"{kind}Filters": chosen})
        if self.draw(st.booleans()):
            switch = f"{family}.sync.enable" if group else f"{family}.enable"
            configs[switch] = self.draw(st.sampled_from(("true", "true", "false")))

    def mirror(self, cluster: str, link: str, remote: str, prefix: str) -> None:
        self.number += 1
        topic = f"{self.draw(st.sampled_from(('t', '1_', 'on-', 'pay.')))}{self.number}"
        self.topics[remote].append({"name": topic, "records": 10, "partitions": 2})
        state, configs = self.draw(st.sampled_from(STATES)), self.some(TOPIC_CONFIGS)
        self.mirrors.append(PlannedMirror(cluster, link, topic, prefix + topic, state, configs))


def _destination(estate: _Estate, name: str, here: str, there: str) -> None:
    remote = estate.draw(st.sampled_from((there, "plain")))
    estate.host(here, estate.link(here, name, remote, "DESTINATION", inbound=False))


def _other_way(estate: _Estate, name: str, here: str, there: str) -> None:
    _destination(estate, name, there, here)


def _source_initiated(estate: _Estate, name: str, here: str, there: str) -> None:
    estate.host(here, estate.link(here, name, there, "DESTINATION", inbound=True))
    if estate.draw(st.integers(0, 3)):
        estate.link(there, name, here, "SOURCE", inbound=False)


def _bidirectional(estate: _Estate, name: str, here: str, there: str) -> None:
    inbound = estate.draw(st.booleans())
    estate.host(here, estate.link(here, name, there, "BIDIRECTIONAL", inbound=inbound))
    if estate.draw(st.integers(0, 3)):
        other = estate.link(there, name, here, "BIDIRECTIONAL", inbound=False)
        if inbound:
            other["configs"]["remote.link.connection.mode"] = "INBOUND"
        estate.host(there, other)


KINDS: tuple[Callable[[_Estate, str, str, str], None], ...] = (
    _destination,
    _other_way,
    _source_initiated,
    _bidirectional,
)


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    """A world of two clusters with REST and a source without; a half that is dialled is made first."""
    here, there = draw(st.permutations(("left", "right")))
    names = (here, there, "plain")
    flavour = draw(st.sampled_from(("platform", "platform", "platform-7.5", "cloud")))
    security = OPEN_SECURITY if flavour == "cloud" else OPEN_SECURITY | NOT_ON_CLOUD
    estate = _Estate(draw, security, {n: [] for n in names}, {n: [] for n in names}, [])
    for number, kind in enumerate(draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=3))):
        estate.number += 1
        kind(estate, draw(st.sampled_from((f"l{number}", f"1.{number}"))), here, there)
    clusters: list[Json] = [
        {
            "name": name,
            "bootstrapServers": f"{name}:9092,{name}:9093",
            "clusterId": f"lkc-{name}" if flavour == "cloud" else f"on-{name}",
            "flavour": flavour,
            "topics": estate.topics[name],
            "links": estate.links[name],
        }
        for name in names
    ]
    given = draw(st.booleans()) or flavour == "cloud"
    return Scene(
        {"clusters": clusters, "seed": 3},
        tuple(estate.mirrors),
        (here, there),
        ids_given=given,
        known_source=draw(st.booleans()),
        source_up=draw(st.booleans()),
        seconds=draw(st.sampled_from((0.0, 2.0, 400.0))),
    )
