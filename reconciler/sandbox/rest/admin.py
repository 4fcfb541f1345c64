"""Calls that no real server has, for those who rehearse: `/sandbox/…`. Answered only where it was asked for."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from reconciler.sandbox.clock import SteppedClock
from reconciler.sandbox.fields import Fields
from reconciler.sandbox.refusals import bad_request, not_found
from reconciler.sandbox.rest.call import Body, Reply, empty, ok
from reconciler.sandbox.scenario import read_fault

if TYPE_CHECKING:
    from reconciler.sandbox.cluster import Cluster
    from reconciler.sandbox.world import World

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
        {"name": c.name, "cluster_id": c.cluster_id, "up": c.up, "accepts_links": c.accepts_links}
        for c in world.clusters.values()
    ]
    return ok({"now_ms": world.now_ms(), "writes": world.writes, "clusters": clusters})


def _advance(world: World, body: Body) -> Reply:
    seconds = body.document.get("seconds")
    if not isinstance(world.clock, SteppedClock):
        raise bad_request("The clock of this sandbox runs by itself.")
    if not isinstance(seconds, int | float) or isinstance(seconds, bool) or seconds < 0:
        raise bad_request("'seconds' must be a number from 0 up.")
    world.clock.advance(seconds)
    return ok({"now_ms": world.settle()})


def _list_faults(world: World, _: Body) -> Reply:
    return ok({"faults": [asdict(fault) for fault in world.faults.rules]})


def _add_fault(world: World, body: Body) -> Reply:
    problems: list[str] = []
    fault = read_fault(Fields(dict(body.document), "fault", problems))
    if problems:
        raise bad_request("; ".join(problems))
    world.faults.rules.append(fault)
    return empty(201)


def _clear_faults(world: World, _: Body) -> Reply:
    world.faults.rules.clear()
    return empty()


def _change_cluster(world: World, body: Body) -> Reply:
    cluster = _cluster(world, body)
    if "up" in body.document:
        cluster.set_up(up=body.boolean("up"))
    if "acceptsLinks" in body.document:
        cluster.set_accepts_links(accepts=body.boolean("acceptsLinks"))
    return empty()


def _change_topic(world: World, body: Body) -> Reply:
    cluster, name = _cluster(world, body), body.required_text("topic")
    if name not in cluster.topics:
        raise not_found(f"There is no topic '{name}' on cluster '{cluster.name}'.")
    rate, records = body.document.get("produceRate"), body.integer("records")
    if isinstance(rate, int | float) and not isinstance(rate, bool) and rate >= 0:
        cluster.set_rate(name, float(rate))
    if records is not None and records > 0:
        cluster.produce(name, records)
    return empty()


def _change_group(world: World, body: Body) -> Reply:
    cluster, name = _cluster(world, body), body.required_text("group")
    cluster.ensure_group(name)
    cluster.set_members(name, max(0, body.integer("members") or 0))
    return empty()


def _cluster(world: World, body: Body) -> Cluster:
    name = body.required_text("cluster")
    if name not in world.clusters:
        raise not_found(f"There is no cluster '{name}' in this sandbox.")
    return world.clusters[name]
