"""Calls that no real server has, for those who rehearse: `/sandbox/…`. Answered only where it was asked for."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

from reconciler.sandbox.files.fields import Fields
from reconciler.sandbox.files.scenario_faults import read_fault
from reconciler.sandbox.files.scenario_topics import MAX_MEMBERS
from reconciler.sandbox.refusals import bad_request, not_found
from reconciler.sandbox.rest.call import Body, Reply, empty, ok
from reconciler.sandbox.world.clock import SteppedClock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reconciler.sandbox.world.cluster import Cluster
    from reconciler.sandbox.world.world import World

PREFIX = "/sandbox"


def answer(world: World, method: str, path: str, body: Body) -> Reply:
    """Perform one admin call. Raises Refusal."""
    calls = {
        ("GET", ""): _show,
        ("POST", "/advance"): _advance,
        ("GET", "/faults"): _list_faults,
        ("POST", "/faults"): _add_fault,
        ("DELETE", "/faults"): _clear_faults,
        ("POST", "/cluster"): _change_cluster,
        ("POST", "/topic"): _change_topic,
        ("POST", "/group"): _change_group,
    }
    call = calls.get((method, path.removeprefix(PREFIX).rstrip("/")))
    if call is None:
        raise not_found()
    return call(world, body)


def _show(world: World, _: Body) -> Reply:
    clusters = [
        {
            "name": cluster.name,
            "cluster_id": cluster.cluster_id,
            "up": cluster.up,
            "rest_answers": not cluster.is_silent,
            "accepts_links": cluster.accepts_links,
        }
        for cluster in world.clusters.values()
    ]
    return ok({"now_ms": world.now_ms(), "writes": world.writes, "clusters": clusters})


def _advance(world: World, body: Body) -> Reply:
    with _reading(body, "advance") as fields:
        seconds = fields.maybe_number("seconds")
        if seconds is None:
            fields.wrong("'seconds' is missing, or not a number from 0 up")
    if not isinstance(world.clock, SteppedClock):
        raise bad_request("The clock of this sandbox runs by itself.")
    world.clock.advance(seconds or 0.0)
    return ok({"now_ms": world.settle()})


def _list_faults(world: World, _: Body) -> Reply:
    return ok({"faults": [asdict(fault) for fault in world.faults.rules]})


def _add_fault(world: World, body: Body) -> Reply:
    with _reading(body, "fault") as fields:
        fault = read_fault(fields, world)
    with world.writing():
        world.faults.rules.append(fault)
    return empty(201)


def _clear_faults(world: World, _: Body) -> Reply:
    with world.writing():
        world.faults.rules.clear()
    return empty()


def _change_cluster(world: World, body: Body) -> Reply:
    with _reading(body, "cluster") as fields:
        name = fields.text("cluster", required=True)
        up, accepts = fields.maybe_boolean("up"), fields.maybe_boolean("acceptsLinks")
        answers = fields.maybe_boolean("restAnswers")
    cluster = _cluster(world, name)
    if up is not None or answers is not None:
        cluster.set_up(up=cluster.up if up is None else up, rest_answers=bool(answers))
    if accepts is not None:
        cluster.set_accepts_links(accepts=accepts)
    return empty()


def _change_topic(world: World, body: Body) -> Reply:
    with _reading(body, "topic") as fields:
        place, name = fields.text("cluster", required=True), fields.text("topic", required=True)
        rate, records = fields.maybe_number("produceRate"), fields.integer("records", 0)
    cluster = _cluster(world, place)
    if name not in cluster.topics:
        raise not_found(f"There is no topic '{name}' on cluster '{cluster.name}'.")
    if rate is not None:
        cluster.set_rate(name, rate)
    if records:
        cluster.produce(name, records)
    return empty()


def _change_group(world: World, body: Body) -> Reply:
    with _reading(body, "group") as fields:
        place, name = fields.text("cluster", required=True), fields.text("group", required=True)
        members = fields.integer("members", 0, maximum=MAX_MEMBERS)
    cluster = _cluster(world, place)
    cluster.ensure_group(name)
    cluster.set_members(name, members)
    return empty()


@contextmanager
def _reading(body: Body, what: str) -> Iterator[Fields]:
    """Read a body as strictly as a scenario. Raises Refusal (400), which says all that is wrong."""
    problems: list[str] = []
    fields = Fields(dict(body.document), what, problems)
    yield fields
    fields.done()
    if problems:
        raise bad_request("; ".join(problems))


def _cluster(world: World, name: str) -> Cluster:
    if name not in world.clusters:
        raise not_found(f"There is no cluster '{name}' in this sandbox.")
    return world.clusters[name]
