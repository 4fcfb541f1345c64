"""`export`, then `plan`: empty, whatever is live (P3)."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator

import httpx
import pytest
from hypothesis import HealthCheck, given, settings

from reconciler.cli.embedded import SECONDS_PER_REQUEST, EmbeddedClock, authorities
from reconciler.cluster_linking import CATALOGUE
from reconciler.model.desired import DesiredState
from reconciler.model.diagnostics import Severity
from reconciler.sandbox import SteppedClock, World, application
from reconciler.spec import Source, load
from reconciler.workflows.environment import Environment
from reconciler.workflows.export import Exported, ExportOptions, export, observe, with_clusters
from reconciler.workflows.plan import plan
from tests.property.exported_worlds import MARKER, Scene, scenes

SOAK = bool(os.environ.get("LINKCTL_SOAK"))


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as running:
        yield running


def desired_of(text: str) -> DesiredState:
    loaded = load(
        [Source("links.yaml", text.encode())], variables={}, catalogue=CATALOGUE, env=None
    )
    assert loaded.desired is not None, loaded.diagnostics
    return loaded.desired


def environment_of(world: World, clock: SteppedClock, desired: DesiredState) -> Environment:
    app = application(world, authorities(desired), seconds_per_request=SECONDS_PER_REQUEST)
    transport = httpx.ASGITransport(app=app)
    return Environment(variables={}, clock=EmbeddedClock(clock), transports=lambda _: transport)


def exported(runner: asyncio.Runner, desired: DesiredState, environment: Environment) -> Exported:
    clusters = with_clusters(desired, {})
    options = ExportOptions(with_replication=True)
    observed = runner.run(observe(clusters, environment, options))
    return export(clusters, observed, options)


@settings(
    max_examples=3000 if SOAK else 60,
    deadline=None,
    derandomize=not SOAK,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(scene=scenes())
def test_a_plan_of_what_was_exported_is_empty(runner: asyncio.Runner, scene: Scene) -> None:
    """All topologies, states, filters, prefixes, configs and credentials; and a second export is the same text."""
    world, clock = scene.world()
    files = desired_of(scene.yaml())
    environment = environment_of(world, clock, files)
    writes = world.writes
    first = exported(runner, files, environment)
    desired = desired_of(first.text)
    made = runner.run(plan(desired, environment))
    assert (made.changes, made.blocked, made.waiting, made.gaps) == ((), (), (), ())
    assert MARKER not in first.text
    assert world.writes == writes
    assert desired.protect == ("pay*",)
    spoken_of = {half.address for _, half in desired.halves()}
    left_out = {d.address for d in first.diagnostics if d.severity is Severity.WARNING}
    live = {(name, link) for name in scene.endpoints for link in world.clusters[name].links}
    assert {(a.cluster, a.link) for a in spoken_of | left_out if a} >= live
    mirrors = {
        (name, mirror.link, mirror.topic)
        for name in scene.endpoints
        for mirror in world.clusters[name].mirrors.values()
    }
    listed = {(m.address.cluster, m.address.link, m.address.mirror) for _, m in desired.mirrors()}
    unlisted = {tuple(str(address).split("/")) for address in left_out}
    assert all(m in listed or m in unlisted or m[:2] in unlisted for m in mirrors)
    assert listed <= mirrors
    if not any(mirror.pending for mirror in scene.mirrors):
        assert exported(runner, desired, environment).text == first.text
