"""Long answers: others get their turn while one is sent, and it shows the world of one moment."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from reconciler.sandbox import SteppedClock, World, application
from reconciler.sandbox.configs.topic_configs import DEFAULTS
from reconciler.sandbox.operations import topic_admin
from reconciler.sandbox.operations.linking import ConfigChange
from reconciler.sandbox.rest.faults import Fault
from tests.sandbox.conftest import Client

TOPICS = 1200
PARTITIONS = 3000
LISTS = (
    "topics",
    "topics/-/configs",
    "topics/wide/partitions",
    "consumer-groups",
    "consumer-groups/wide/lags",
    "consumer-groups/wide/consumers",
)


def large(clock: SteppedClock | None = None) -> World:
    topics = [{"name": f"topic-{at}", "configs": {"retention.ms": at}} for at in range(TOPICS)]
    wide = {"name": "wide", "partitions": PARTITIONS, "records": 3 * PARTITIONS}
    groups = [{"name": f"group-{at}"} for at in range(TOPICS)]
    reader = {"name": "wide", "members": 1500, "topics": {"wide": {"lag": 2}}}
    cluster = {"name": "c", "clusterId": "c-id", "topics": [*topics, wide]}
    scenario = {"clusters": [{**cluster, "groups": [*groups, reader]}]}
    return World.from_scenario(scenario, clock or SteppedClock())


async def ask(world: World, path: str, between: Callable[[], None] | None = None) -> list[Any]:
    """The ASGI messages of a GET; `between` happens whenever a part of the body has been sent."""
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "",
        "raw_path": f"/kafka/v3/clusters/c-id/{path}".encode(),
        "query_string": b"",
        "headers": [(b"host", b"c")],
    }
    messages: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: Any) -> None:
        messages.append(message)
        if between is not None and message.get("more_body"):
            between()

    await application(world, {"c": "c"})(scope, receive, send)
    return messages


def body(messages: list[Any]) -> bytes:
    return b"".join(message["body"] for message in messages[1:])


def change_everything(world: World, clock: SteppedClock) -> None:
    """All that the rows of the lists are made from is another thing now."""
    cluster = world.clusters["c"]
    cluster.produce("wide", 10_000)
    cluster.set_members("wide", 1)
    for name, topic in cluster.topics.items():
        topic_admin.grow(cluster, name, topic.partitions + 1)
        topic_admin.alter(cluster, name, [ConfigChange("retention.ms", "77777")])
    clock.advance(60)


@pytest.mark.parametrize("path", LISTS)
def test_a_long_list_is_of_one_moment(path: str) -> None:
    """What happens while it is on its way does not show in it."""
    clock = SteppedClock()
    quiet, busy = large(), large(clock)
    expected = json.loads(body(asyncio.run(ask(quiet, path))))
    found = asyncio.run(ask(busy, path, lambda: change_everything(busy, clock)))
    assert len(found) > 2
    assert expected == json.loads(body(found))


@pytest.mark.parametrize("path", LISTS)
def test_others_get_their_turn_beside_a_long_list(path: str) -> None:
    """Who asks after it for something short is answered before it ends; no part of it is large."""
    world = large()

    async def both() -> tuple[list[Any], list[str]]:
        ended: list[str] = []

        async def noted(name: str, asked: str) -> list[Any]:
            messages = await ask(world, asked)
            ended.append(name)
            return messages

        found = await asyncio.gather(noted("long", path), noted("short", "links"))
        return found[0], ended

    messages, ended = asyncio.run(both())
    assert ended == ["short", "long"]
    assert max(len(message["body"]) for message in messages[1:]) < 300_000
    assert b"content-length" not in dict(messages[0]["headers"])


def test_a_short_list_says_how_long_it_is() -> None:
    """It is sent in one piece."""
    messages = asyncio.run(ask(large(), "topics/wide/configs"))
    headers = dict(messages[0]["headers"])
    assert len(messages) == 2
    assert int(headers[b"content-length"]) == len(body(messages))
    assert headers[b"content-type"] == b"application/json"


def test_the_configs_of_all_topics_are_those_of_each() -> None:
    """The rows of the long list are the rows of the short ones, and of the single reads."""
    world = large()
    client = Client(world, "c")
    listed = client.get("topics/-/configs")["data"]
    assert len(listed) == len(DEFAULTS) * (TOPICS + 1)
    rows = {(row["topic_name"], row["name"]): row for row in listed}
    for topic in ("topic-7", "wide"):
        for row in client.get(f"topics/{topic}/configs")["data"]:
            assert rows[topic, row["name"]] == row
            assert client.get(f"topics/{topic}/configs/{row['name']}") == row


def test_default_configs_are_told_for_any_name() -> None:
    """Also for one that no topic could have."""
    row = Client(large(), "c").get("topics/a%20%22b%22/default-configs")["data"][0]
    assert row["topic_name"] == 'a "b"'
    assert row["metadata"]["self"].endswith("/topics/a%20%22b%22/configs/cleanup.policy")


def test_faults_spoil_long_lists_too() -> None:
    """They find the body whole."""
    world = large()
    world.faults.rules.append(Fault("replace", old="KafkaTopic", new="Surprise"))
    rows = Client(world, "c").get("topics")["data"]
    assert {row["kind"] for row in rows} == {"Surprise"}
