"""Mirrors of mirrors, and topics that were made mirrors of each other's names."""

from __future__ import annotations

import pytest

from reconciler.sandbox import SteppedClock, World
from tests.sandbox.conftest import Client


@pytest.fixture
def round_world() -> World:
    """`there/t` mirrors a topic `here/t` that is gone; the new topic `here/t` mirrors `there/t`."""
    scenario = {
        "delays": "instant",
        "clusters": [
            {"name": "here", "topics": [{"name": "t", "records": 10}]},
            {
                "name": "there",
                "links": [{"name": "out", "remote": "here", "mirrors": [{"source": "t"}]}],
            },
        ],
    }
    world = World.from_scenario(scenario, SteppedClock())
    here = Client(world, "here")
    assert here.call("DELETE", "topics/t").status_code == 204
    here.advance(1)
    configs = [{"name": "bootstrap.servers", "value": "there:9092"}]
    assert here.post("links?link_name=back", {"configs": configs}).status_code == 201
    assert here.mirror("t", "back").status_code == 201
    return world


def test_two_topics_that_mirror_each_others_names(round_world: World) -> None:
    """The older mirror does not take the new topic for its own; writes to either end."""
    here, there = Client(round_world, "here"), Client(round_world, "there")
    here.advance(1)
    assert here.get("links/back/mirrors/t")["mirror_topic_error"] == "NO_ERROR"
    older = there.get("links/out/mirrors/t")
    assert older["mirror_topic_error"] == "SOURCE_TOPIC_ID_CHANGED"
    there.act("failover", "t", link="out")
    there.advance(1)
    there.cluster.produce("t", 5)
    here.advance(1)
    assert round_world.clusters["here"].end_offsets("t") == [15]


def test_settings_do_not_go_round(round_world: World) -> None:
    """Neither partitions nor configs of another topic by the same name are taken over."""
    here, there = Client(round_world, "here"), Client(round_world, "there")
    here.act("failover", "t", link="back")
    here.advance(1)
    path = "topics/t/configs/retention.ms"
    assert here.call("PUT", path, json={"value": "1000"}).status_code == 204
    assert here.call("PATCH", "topics/t", json={"partitions_count": 3}).status_code == 200
    here.advance(60)
    assert there.get(path)["is_default"] is True
    assert there.get("topics/t")["partitions_count"] == 1
