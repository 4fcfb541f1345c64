"""Mirrors of mirrors, and topics that were made mirrors of each other's names."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from reconciler.sandbox import SteppedClock, World
from tests.sandbox.conftest import Client, group_filter


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


def test_configs_travel_along_a_chain() -> None:
    """What a mirror copies, its own mirrors copy from it, each at its tick."""
    here = {"name": "here", "topics": [{"name": "t", "records": 10}]}
    there = {
        "name": "there",
        "links": [{"name": "out", "remote": "here", "mirrors": [{"source": "t"}]}],
    }
    third = {
        "name": "third",
        "links": [{"name": "on", "remote": "there", "mirrors": [{"source": "t"}]}],
    }
    clusters = [here, there, third]
    world = World.from_scenario({"delays": "instant", "clusters": clusters}, SteppedClock())
    first, last = Client(world, "here"), Client(world, "third")
    for name, value in {"retention.ms": "77", "cleanup.policy": "compact"}.items():
        path = f"topics/t/configs/{name}"
        assert first.call("PUT", path, json={"value": value}).status_code == 204
        first.advance(12)
        assert last.get(path)["value"] == value
    assert first.call("DELETE", "topics/t/configs/retention.ms").status_code == 204
    first.advance(12)
    assert last.get("topics/t/configs/retention.ms")["value"] == "604800000"


def test_what_is_cut_off_is_cut_off_along_a_chain() -> None:
    """A mirror never holds more than its source, also when that one is truncated; it goes on from there."""
    both = {"name": "l", "configs": {"link.mode": "BIDIRECTIONAL"}}
    third_link = {"name": "on", "remote": "a", "mirrors": [{"source": "t"}]}
    clusters = [
        {
            "name": "a",
            "topics": [{"name": "t", "records": 100}],
            "links": [{**both, "remote": "b"}],
        },
        {"name": "b", "links": [{**both, "remote": "a", "mirrors": [{"source": "t"}]}]},
        {"name": "c", "links": [third_link]},
    ]
    world = World.from_scenario({"delays": "instant", "clusters": clusters}, SteppedClock())
    former, last = Client(world, "a"), Client(world, "c")
    Client(world, "b").act("failover", "t", link="l")
    former.advance(1)
    former.cluster.produce("t", 50)
    former.advance(1)
    assert last.cluster.end_offsets("t") == [150]
    former.act("truncate-and-restore", "t", link="l")
    former.advance(1)
    assert last.cluster.end_offsets("t") == [100]
    world.clusters["b"].produce("t", 7)
    former.advance(1)
    assert last.cluster.end_offsets("t") == [107]
    assert last.get("links/on/mirrors/t")["mirror_lags"][0]["lag"] == 0


CHAIN = ("here", "there", "third")


def chain(order: Sequence[str], out_ms: int, on_ms: int) -> World:
    """`third` mirrors what `there` mirrors from `here`; a group reads there, and its offsets go along."""

    def link(name: str, remote: str, every_ms: int) -> dict[str, object]:
        configs = {
            "consumer.offset.sync.enable": "true",
            "consumer.offset.sync.ms": str(every_ms),
            "consumer.offset.group.filters": group_filter("g"),
        }
        return {"name": name, "remote": remote, "configs": configs, "mirrors": [{"source": "t"}]}

    clusters = {
        "here": {
            "topics": [{"name": "t", "records": 100, "produceRate": 20}],
            "groups": [{"name": "g", "members": 1, "topics": {"t": 7}}],
        },
        "there": {"links": [link("out", "here", out_ms)]},
        "third": {"links": [link("on", "there", on_ms)]},
    }
    named = [{"name": name, **clusters[name]} for name in order]
    return World.from_scenario({"delays": "instant", "clusters": named}, SteppedClock())


@pytest.mark.parametrize("order", [CHAIN, CHAIN[::-1]])
@pytest.mark.parametrize(("out_ms", "on_ms"), [(1000, 1000), (1000, 3000), (3000, 1000)])
def test_offsets_travel_along_a_chain(order: Sequence[str], out_ms: int, on_ms: int) -> None:
    """Whether somebody looked at every hop at every instant, or only once at the end."""
    watched, unwatched = chain(order, out_ms, on_ms), chain(order, out_ms, on_ms)
    for _ in range(40):
        Client(watched, "here").advance(0.25)
        for name in CHAIN:
            watched.clusters[name].committed("g", "t")
    Client(unwatched, "here").advance(10)
    seen = [
        [world.clusters[name].committed("g", "t") for name in CHAIN]
        for world in (watched, unwatched)
    ]
    assert seen[0] == seen[1]
    assert 0 < seen[0][2][0] <= seen[0][1][0] <= seen[0][0][0]
