"""What hangs says why, and what cannot be had does not hang."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.sandbox import SteppedClock, World
from tests.sandbox.conftest import Client


def reasons(client: Client, topic: str) -> list[Any]:
    row = client.get(f"links/test-link/mirrors/{topic}?include_state_transition_errors=true")
    return [error["error_code"] for error in row["mirror_state_transition_errors"]]


@pytest.fixture
def mirrored(client: Client) -> Client:
    client.link()
    client.mirror("users")
    client.mirror("test-topic")
    client.advance(5)
    return client


def test_a_promote_that_waits_for_producers_says_so(mirrored: Client) -> None:
    """As long as the source is written to there is a reason; when it is not, the promote ends."""
    mirrored.act("promote", "users")
    mirrored.advance(20)
    assert mirrored.status("users") == "PENDING_STOPPED"
    assert reasons(mirrored, "users") == ["INTERNAL_ERROR"]
    mirrored.world.clusters["src"].set_rate("users", 0)
    mirrored.advance(2)
    assert (mirrored.status("users"), reasons(mirrored, "users")) == ("STOPPED", [])


def test_a_promote_under_a_paused_link_says_so(mirrored: Client) -> None:
    """Nothing is fetched any more, so the lag cannot be known to be zero."""
    mirrored.act("promote", "users")
    path = "links/test-link/configs/cluster.link.paused"
    assert mirrored.call("PUT", path, json={"value": "true"}).status_code == 204
    assert reasons(mirrored, "users") == ["INTERNAL_ERROR"]


def test_a_promote_without_its_source_topic_is_refused(mirrored: Client) -> None:
    """The status beneath still reads ACTIVE, but nothing is there to catch up with; a failover is the way out."""
    assert Client(mirrored.world, "src").call("DELETE", "topics/users").status_code == 204
    mirrored.advance(1)
    assert mirrored.status("users") == "ACTIVE"
    outcome = mirrored.act("promote", "users")[0]
    assert outcome["error_code"] == 400
    assert "SOURCE_TOPIC_MAY_BE_DELETED" in outcome["error_message"]
    assert mirrored.act("failover", "users")[0]["error_code"] is None


def test_a_promote_that_loses_its_source_topic_fails(mirrored: Client) -> None:
    """It waits for as long as any mirror does, says why, and is FAILED then."""
    mirrored.act("promote", "users")
    assert Client(mirrored.world, "src").call("DELETE", "topics/users").status_code == 204
    mirrored.advance(200)
    assert mirrored.status("users") == "PENDING_STOPPED"
    assert reasons(mirrored, "users") == ["UNKNOWN_TOPIC_OR_PARTITION_ERROR"]
    mirrored.advance(200)
    assert mirrored.status("users") == "FAILED"


def test_auto_create_makes_no_mirror_that_nobody_could_make() -> None:
    """A topic that the link may not describe is an error of the task, not a mirror."""
    topics = [{"name": "open"}, {"name": "secret", "describable": False}]
    clusters = [{"name": "src", "topics": topics}, {"name": "dst"}]
    world = World.from_scenario({"delays": "instant", "clusters": clusters}, SteppedClock())
    client = Client(world, "dst")
    rule = '{"topicFilters":[{"name":"*","patternType":"LITERAL","filterType":"INCLUDE"}]}'
    filters = {"auto.create.mirror.topics.filters": rule}
    client.link(**{"auto.create.mirror.topics.enable": "true", **filters})
    client.advance(301)
    rows = client.get("links/test-link/mirrors")["data"]
    assert [row["mirror_topic_name"] for row in rows] == ["open"]
    tasks = client.get("links/test-link?include_tasks=true")["tasks"]
    found = {task["task_name"]: task for task in tasks}["AutoCreateMirror"]
    assert found["state"] == "IN_ERROR"
    assert [error["error_code"] for error in found["errors"]] == ["AUTHORIZATION_ERROR"]
