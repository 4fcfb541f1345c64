"""Names of topics that differ only in `.` and `_`: Kafka's metrics could not tell them apart, so it refuses the second."""

from __future__ import annotations

import json

import httpx
import pytest

from reconciler.sandbox import ScenarioError, SteppedClock, World
from reconciler.sandbox.files.snapshot import restore, snapshot
from tests.sandbox.conftest import Client

DOTTED, PLAIN = "a.b_c", "a_b_c"
ALL = json.dumps(
    {"topicFilters": [{"name": "*", "patternType": "LITERAL", "filterType": "INCLUDE"}]}
)


def world_of(source: list[str], destination: list[str]) -> World:
    clusters = [
        {"name": name, "clusterId": f"{name}-id", "topics": [{"name": topic} for topic in topics]}
        for name, topics in (("src", source), ("dst", destination))
    ]
    return World.from_scenario({"delays": "instant", "clusters": clusters}, SteppedClock())


def assert_collides(answer: httpx.Response) -> None:
    assert answer.status_code == 400
    assert answer.json() == {
        "error_code": 40002,
        "message": f"Topic '{PLAIN}' collides with existing topic: {DOTTED}",
    }


@pytest.mark.parametrize("only", [False, True])
def test_the_second_name_is_refused(only: bool) -> None:
    """In a dry run as well; the name itself is still taken in the old words, and one without either sign is free."""
    client = Client(world_of([], [DOTTED]), "dst")
    assert_collides(client.post("topics", {"topic_name": PLAIN, "validate_only": only}))
    again = client.post("topics", {"topic_name": DOTTED})
    assert again.json()["message"] == f"Topic '{DOTTED}' already exists."
    assert client.post("topics", {"topic_name": "a-b-c"}).status_code == 201


def test_a_name_is_free_again_when_its_topic_is_gone() -> None:
    """Also in a world that was saved in between."""
    client = Client(world_of([], [DOTTED]), "dst")
    again = Client(restore(snapshot(client.world), SteppedClock()), "dst")
    assert_collides(again.post("topics", {"topic_name": PLAIN}))
    assert again.call("DELETE", f"topics/{DOTTED}").status_code == 204
    again.advance(1)
    assert again.post("topics", {"topic_name": PLAIN}).status_code == 201


def test_a_mirror_collides_as_a_topic_does() -> None:
    """With the prefix that makes its name."""
    client = Client(world_of(["b_c"], [DOTTED]), "dst")
    client.link(**{"cluster.link.prefix": "a_"})
    assert_collides(client.mirror("b_c", mirror_topic_name=PLAIN))


def test_auto_create_tells_of_names_that_it_cannot_use() -> None:
    """What collides, and what the prefix makes too long, is an error of the task; the rest is mirrored."""
    client = Client(world_of([PLAIN, "x" * 249, "fine"], ["p.a.b_c"]), "dst")
    client.link(
        **{
            "cluster.link.prefix": "p.",
            "auto.create.mirror.topics.enable": "true",
            "auto.create.mirror.topics.filters": ALL,
        }
    )
    client.advance(301)
    assert client.get("links/test-link")["topic_names"] == ["p.fine"]
    tasks = client.get("links/test-link?include_tasks=true")["tasks"]
    (task,) = [row for row in tasks if row["task_name"] == "AutoCreateMirror"]
    assert task["state"] == "IN_ERROR"
    codes, texts = zip(*(error.values() for error in task["errors"]), strict=True)
    assert set(codes) == {"INVALID_TOPIC"}
    assert "collides with existing topic: p.a.b_c" in texts[0]
    assert "longer than the max allowed length 249" in texts[1]


def test_a_scenario_with_both_is_none() -> None:
    """It says which one cannot be."""
    with pytest.raises(ScenarioError, match=f"collides with existing topic: {DOTTED}"):
        world_of([DOTTED, PLAIN], [])
