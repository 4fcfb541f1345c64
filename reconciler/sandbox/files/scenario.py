"""Scenario files: a world written down (`schema/scenario.schema.json` is the same for editors).

Reading is strict and complete: every problem is named, with its place, in one go.
"""

from __future__ import annotations

from dataclasses import fields as dataclass_fields
from typing import TYPE_CHECKING

from reconciler.sandbox.files import scenario_faults, scenario_links, scenario_topics
from reconciler.sandbox.files.fields import Fields
from reconciler.sandbox.rest.auth import Auth
from reconciler.sandbox.world.flavours import FLAVOURS
from reconciler.sandbox.world.world import INSTANT, Delays, World, place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reconciler.sandbox.world.clock import Clock
    from reconciler.sandbox.world.cluster import Cluster

VERSION = 1


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
    claimed: dict[object, str] = {}
    described = [(_cluster(world, row, claimed), row) for row in rows]
    for cluster, row in described:
        for topic in row.rows("topics"):
            scenario_topics.add_topic(cluster, topic)
    scenario_links.add_links(described)
    # Groups come last: one may have read a mirror topic.
    for cluster, row in described:
        for group in row.rows("groups"):
            scenario_topics.add_group(cluster, group)
    # And after all that has happened in good times: what befalls them from the start.
    for cluster, row in described:
        _trouble(cluster, row)
        row.done()
    for fault in top.rows("faults"):
        scenario_faults.add_fault(world, fault)
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


def _cluster(world: World, row: Fields, claimed: dict[object, str]) -> Cluster:
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
    # Where it is served is the business of whoever serves it; here it must only be possible.
    port = row.integer("port", 0, maximum=65535)
    if port:
        _claim(row, "port", port, claimed, name)
    for address in map(place, cluster.addresses):
        _claim(row, "bootstrapServers", address, claimed, name)
    if row.has("tls"):
        tls = row.mapping("tls")
        tls.text("certificate", required=True)
        tls.text("key", required=True)
        tls.done()
    cluster.auth = _auth(row.mapping("auth"))
    return cluster


def _claim(row: Fields, key: str, what: object, claimed: dict[object, str], name: str) -> None:
    """No two clusters can be at one port, or behind one address."""
    if claimed.setdefault(what, name) != name:
        row.wrong(f"{what} is that of cluster '{claimed[what]}' already", key)


def _trouble(cluster: Cluster, row: Fields) -> None:
    """What is wrong with a cluster from the start, and until somebody calls it off."""
    up, answers = row.boolean("up", default=True), row.boolean("restAnswers", default=False)
    if not up:
        cluster.set_up(up=False, rest_answers=answers)
    if not row.boolean("acceptsLinks", default=True):
        cluster.set_accepts_links(accepts=False)


def _auth(row: Fields) -> Auth | None:
    """`auth: {basic: {username, password}}` or `auth: {bearer: token}`; none by default."""
    basic, token = row.mapping("basic"), row.text("bearer", required=row.has("bearer"))
    username, password = basic.text("username"), basic.text("password")
    basic.done()
    row.done()
    if row.has("basic") and row.has("bearer"):
        row.wrong("must have either 'basic' or 'bearer'")
    if row.has("basic"):
        return Auth.basic(username, password)
    return Auth.bearer(token) if row.has("bearer") else None
