"""What was mirrored stays: end offsets and committed offsets never fall, whatever becomes of the link."""

from __future__ import annotations

import pytest

from reconciler.sandbox import SteppedClock, World
from tests.sandbox.conftest import Client, group_filter

SCENARIO = {
    "delays": "instant",
    "clusters": [
        {
            "name": "src",
            "topics": [{"name": "t", "partitions": 2, "records": 1000, "produceRate": 10}],
            "groups": [{"name": "g", "members": 1, "topics": {"t": 5}}],
        },
        {"name": "dst"},
    ],
}
OFFSETS = {
    "consumer.offset.sync.enable": "true",
    "consumer.offset.sync.ms": "1000",
    "consumer.offset.group.filters": group_filter("g"),
}


@pytest.fixture
def dst() -> Client:
    """A destination that has mirrored `t` for a minute, offsets and all."""
    client = Client(World.from_scenario(SCENARIO, SteppedClock()), "dst")
    assert client.link("l", **OFFSETS).status_code == 201
    assert client.mirror("t", "l").status_code == 201
    client.advance(60)
    return client


def ends_and_offsets(client: Client) -> tuple[list[int], list[int]]:
    return client.cluster.end_offsets("t"), client.cluster.committed("g", "t")


def test_forced_deletion_of_a_link_keeps_what_was_mirrored(dst: Client) -> None:
    """The topic is left behind with its data, its group with its offsets."""
    before = ends_and_offsets(dst)
    assert sum(before[0]) == 1600
    assert dst.call("DELETE", "links/l?force=true").status_code == 204
    dst.advance(60)
    assert ends_and_offsets(dst) == before
    [row] = dst.get("consumer-groups/g/lags")["data"][:1]
    assert row["current_offset"] == before[1][0] > 0


def test_deletion_under_a_promote_keeps_what_was_mirrored(dst: Client) -> None:
    """A stopping mirror does not hinder the deletion, and loses nothing but its link."""
    dst.act("promote", "t", link="l")
    dst.advance(10)
    before = ends_and_offsets(dst)
    assert dst.call("DELETE", "links/l").status_code == 204
    dst.advance(60)
    assert ends_and_offsets(dst) == before


def test_a_topic_left_behind_takes_no_records(dst: Client) -> None:
    """Read-only is read-only for its own producers too."""
    dst.cluster.set_rate("t", 100)
    assert dst.call("DELETE", "links/l?force=true").status_code == 204
    dst.advance(1)
    before = dst.cluster.end_offsets("t")
    dst.advance(60)
    assert dst.cluster.end_offsets("t") == before


def test_a_mirror_of_what_was_left_behind_goes_on(dst: Client) -> None:
    """Who mirrors the mirror has its source still, at rest."""
    world = dst.world
    third = Client(world, "src")
    configs = [
        {"name": "bootstrap.servers", "value": "dst:9092"},
        {"name": "cluster.link.prefix", "value": "p."},
    ]
    assert third.post("links?link_name=back", {"configs": configs}).status_code == 201
    assert third.mirror("t", "back", mirror_topic_name="p.t").status_code == 201
    third.advance(60)
    assert dst.call("DELETE", "links/l?force=true").status_code == 204
    third.advance(60)
    assert third.cluster.end_offsets("p.t") == dst.cluster.end_offsets("t")
    lags = third.get("links/back/mirrors/p.t")["mirror_lags"]
    assert [row["lag"] for row in lags] == [0, 0]


def test_a_topic_that_is_not_yet_a_mirror_lags_behind_nothing() -> None:
    """While a restore or a swap is being set up its records are its own, and there is no lag, least of all a negative one."""
    link = {"name": "l", "configs": {"link.mode": "BIDIRECTIONAL"}}
    topics = [{"name": "t", "records": 100, "produceRate": 5}, {"name": "u", "records": 9}]
    clusters = [
        {"name": "a", "topics": topics, "links": [{**link, "remote": "b"}]},
        {
            "name": "b",
            "links": [{**link, "remote": "a", "mirrors": [{"source": "t"}, {"source": "u"}]}],
        },
    ]
    former = Client(World.from_scenario({"clusters": clusters}, SteppedClock()), "a")
    latter = Client(former.world, "b")
    latter.act("pause", "u", link="l")
    former.cluster.produce("u", 40)
    latter.act("resume", "u", link="l")
    latter.act("failover", "t", link="l")
    former.advance(60)
    former.act("truncate-and-restore", "t", link="l")
    latter.act("reverse-and-start-mirror", "u", link="l")
    seen = set()
    for _ in range(60):
        for row in former.get("links/l/mirrors")["data"]:
            seen.add(row["mirror_status"])
            assert all(lag["lag"] >= 0 for lag in row["mirror_lags"]), row
        former.advance(1)
    assert seen >= {"PENDING_SETUP_FOR_RESTORE", "PENDING_RESTORE", "PENDING_MIRROR", "ACTIVE"}
