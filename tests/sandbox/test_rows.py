"""The kept rows of mirrors: whatever is kept, a list says what would be worked out anew."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reconciler.sandbox import SteppedClock, World
from reconciler.sandbox.files.snapshot import restore, snapshot
from tests.sandbox.conftest import Client

#: Records a second, from one in half an hour to more than a mirror fetches.
RATES = (0.0005, 0.3, 1, 7, 33.3, 1000, 1500)
STEPS = (0.001, 0.002, 0.09, 0.2, 0.303, 1, 3.333, 60, 1999)


def world() -> World:
    """A source whose topics are fed at every rate, a link of it, and a link of that link's mirrors."""
    topics = [
        {"name": f"t{at}", "partitions": 3, "records": 50, "produceRate": rate}
        for at, rate in enumerate(RATES)
    ]
    mirrors = [{"source": topic["name"]} for topic in topics]
    clusters = [
        {"name": "a", "clusterId": "a-id", "topics": topics},
        {
            "name": "b",
            "clusterId": "b-id",
            "links": [{"name": "l", "remote": "a", "mirrors": mirrors}],
        },
        {
            "name": "c",
            "clusterId": "c-id",
            "links": [{"name": "l", "remote": "b", "mirrors": mirrors}],
        },
    ]
    return World.from_scenario({"catchUpRate": 1200, "clusters": clusters}, SteppedClock())


def listed(client: Client) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = client.get("links/-/mirrors")["data"]
    return rows


def assert_as_new(client: Client) -> None:
    """The list of the world as it goes on, against that of the same world with nothing kept."""
    document = json.loads(json.dumps(snapshot(client.world)))
    anew = Client(restore(document, SteppedClock()), client.cluster.name)
    assert listed(client) == listed(anew)


@pytest.mark.parametrize("name", ["b", "c"])
def test_rows_move_in_the_very_millisecond_in_which_their_numbers_do(name: str) -> None:
    """At any rate, while a mirror starts, catches up, keeps up, is paused, and falls behind for good."""
    client = Client(world(), name)
    for step in STEPS:
        client.advance(step)
        assert_as_new(client)
    client.act("pause", "t2", "t3", link="l")
    for step in STEPS:
        client.advance(step)
        assert_as_new(client)
    client.act("resume", "t2", "t3", link="l")
    client.world.clusters["a"].set_up(up=False, rest_answers=True)
    for step in STEPS:
        client.advance(step)
        assert_as_new(client)


def test_no_millisecond_is_missed() -> None:
    """Every single one of some, for the rates that change often and those that change in odd instants."""
    client = Client(world(), "b")
    client.advance(5)
    listed(client)
    for _ in range(150):
        client.advance(0.001)
        assert_as_new(client)
