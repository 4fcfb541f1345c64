"""`sandbox scenario` writes a copy that plans as the original does, whatever is live."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, assume, given, settings

from reconciler.model.desired import DesiredState
from reconciler.sandbox import SteppedClock, World
from reconciler.spec import Source
from reconciler.spec.plain import load_plain
from reconciler.workflows.plan import plan
from reconciler.workflows.rehearsal import scenario
from tests.property.exported_worlds import MARKER, Scene, scenes
from tests.property.test_export import desired_of, environment_of, exported

SOAK = bool(os.environ.get("LINKCTL_SOAK"))


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as running:
        yield running


def world_of(text: str) -> tuple[World, SteppedClock]:
    found, problems = load_plain(Source("copy.yaml", text.encode()))
    assert found is not None, problems
    clock = SteppedClock()
    return World.from_scenario(found.values, clock), clock


def copied(runner: asyncio.Runner, desired: DesiredState, world: World, clock: SteppedClock) -> str:
    return runner.run(scenario(desired, environment_of(world, clock, desired)))


@settings(
    max_examples=3000 if SOAK else 60,
    deadline=None,
    derandomize=not SOAK,
    database=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.filter_too_much,
    ],
)
@given(scene=scenes())
def test_a_plan_of_the_same_yaml_is_empty_on_the_copy(runner: asyncio.Runner, scene: Scene) -> None:
    """All topologies, states, filters, prefixes, configs and credentials, on every kind of server.

    What is on its way to another state is not: a scenario begins with what stands.
    """
    assume(not any(mirror.pending for mirror in scene.mirrors))
    world, clock = scene.world()
    files = desired_of(scene.yaml())
    desired = desired_of(exported(runner, files, environment_of(world, clock, files)).text)
    text = copied(runner, desired, world, clock)
    assert MARKER not in text
    copy, its_clock = world_of(text)
    made = runner.run(plan(desired, environment_of(copy, its_clock, desired)))
    assert (made.changes, made.blocked, made.waiting, made.gaps) == ((), (), (), ()), text
