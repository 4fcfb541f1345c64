"""Consumer groups: they read at their pace, as long as somebody is in them, and no further than the log."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.sandbox import SteppedClock, World
from reconciler.sandbox.files.snapshot import restore, snapshot
from tests.sandbox.conftest import Client


def world_of(*groups: dict[str, Any], faults: list[dict[str, Any]] | None = None) -> World:
    topics = [{"name": "t", "partitions": 2, "records": 20}]
    clusters = [{"name": "c", "topics": topics, "groups": list(groups)}]
    scenario = {"delays": "instant", "clusters": clusters, "faults": faults or []}
    return World.from_scenario(scenario, SteppedClock())


def reading(name: str, rate: float = 10, members: int = 1) -> dict[str, Any]:
    return {"name": name, "members": members, "topics": {"t": rate}}


def lag(client: Client, group: str) -> int:
    rows = client.get(f"consumer-groups/{group}/lags")["data"]
    return sum(row["lag"] for row in rows)


def members(client: Client, group: str) -> int:
    return len(client.get(f"consumer-groups/{group}/consumers")["data"])


def test_a_burst_is_worked_off_at_the_groups_pace() -> None:
    """An idle time saves nothing up: what comes at once is lag at first."""
    client = Client(world_of(reading("g")), "c")
    client.advance(1000)
    assert lag(client, "g") == 0
    client.cluster.produce("t", 10_000)
    assert lag(client, "g") == 10_000
    client.advance(100)
    assert lag(client, "g") == 9_000


def test_many_small_bursts_do_not_slow_a_group_down() -> None:
    """What is between two records is not lost, however often somebody writes, nor does one partition starve."""
    client = Client(world_of(reading("g", rate=0.7)), "c")
    client.cluster.produce("t", 1000, partition=1)
    for _ in range(1000):
        client.advance(0.1)
        client.cluster.produce("t", 1, partition=0)
    before = sum(client.cluster.committed("g", "t"))
    assert 20 < before <= 70
    client.advance(100)
    assert sum(client.cluster.committed("g", "t")) - before in {70, 71}


def test_new_partitions_change_nothing_of_what_was_read() -> None:
    """Offsets stay when partitions are added; the new ones begin at 0."""
    client = Client(world_of(reading("g")), "c")
    client.cluster.produce("t", 980)
    client.advance(10)
    before = client.cluster.committed("g", "t")
    assert client.call("PATCH", "topics/t", json={"partitions_count": 4}).status_code == 200
    assert client.cluster.committed("g", "t") == [*before, 0, 0]


def test_a_mirrors_reader_does_not_save_up_either() -> None:
    """The same on a mirror, whose log jumps as its source's does, but for the speed of catching up."""
    groups = [{"name": "far", "members": 1, "topics": {"t": 10}}]
    links = [{"name": "l", "remote": "a", "mirrors": [{"source": "t"}]}]
    clusters = [
        {"name": "a", "topics": [{"name": "t", "records": 20}]},
        {"name": "b", "links": links, "groups": groups},
    ]
    client = Client(
        World.from_scenario({"delays": "instant", "clusters": clusters}, SteppedClock()), "b"
    )
    client.advance(1000)
    client.world.clusters["a"].produce("t", 5_000)
    client.advance(1)
    assert client.cluster.end_offsets("t") == [5_020]
    assert lag(client, "far") == 4_990


def test_nobody_reads_in_an_empty_group() -> None:
    """A group without members stands still, and reads on at its rate when some come."""
    client = Client(world_of(reading("g", members=0)), "c")
    client.cluster.produce("t", 980)
    client.advance(10)
    assert lag(client, "g") == 1000
    client.cluster.set_members("g", 2)
    client.advance(10)
    assert lag(client, "g") == 900
    client.cluster.set_members("g", 0)
    client.advance(10)
    assert lag(client, "g") == 900
    client.cluster.set_members("g", 1)
    client.advance(10)
    assert lag(client, "g") == 800


def test_a_guest_leaves_the_group_as_it_was() -> None:
    """`groupActive` puts a consumer into a group, beside those that are there, and takes away no other."""
    busy = {"kind": "groupActive", "cluster": "c", "group": "g", "from": 10, "until": 20}
    client = Client(world_of(reading("g", rate=1, members=3), faults=[busy]), "c")
    client.cluster.produce("t", 980)
    seen = []
    for _ in range(3):
        seen.append((members(client, "g"), lag(client, "g")))
        client.advance(10)
    assert seen == [(3, 1000), (4, 990), (3, 980)]


def test_offsets_that_were_cut_off_do_not_come_back() -> None:
    """What a truncation takes from the log it takes from the groups too; nobody reads by being waited for."""
    client, group = truncated()
    cut = client.cluster.committed(group, "t")
    assert cut == client.cluster.end_offsets("t")
    client.world.clusters["b"].produce("t", 500)
    client.advance(60)
    assert client.cluster.end_offsets("t")[0] > cut[0]
    assert client.cluster.committed(group, "t") == cut


def truncated() -> tuple[Client, str]:
    """A former primary that has just become a mirror of what took over, and an empty group on it."""
    a: dict[str, Any] = {"name": "a", "topics": [{"name": "t", "records": 100}]}
    a["links"] = [{"name": "l", "remote": "b", "configs": {"link.mode": "BIDIRECTIONAL"}}]
    b = {"name": "b", "links": [{**a["links"][0], "remote": "a", "mirrors": [{"source": "t"}]}]}
    scenario = {"delays": "instant", "clusters": [a, b]}
    client = Client(World.from_scenario(scenario, SteppedClock()), "a")
    assert Client(client.world, "b").act("failover", "t", link="l")[0]["error_code"] is None
    client.advance(1)
    client.cluster.produce("t", 50)
    client.cluster.ensure_group("late", reads=["t"], from_start=False)
    assert client.cluster.committed("late", "t") == [150]
    [item] = client.act("truncate-and-restore", "t", link="l")
    assert item["messages_truncated"] == 50
    client.advance(1)
    assert client.status("t", link="l") == "ACTIVE"
    assert client.cluster.end_offsets("t") == [100]
    return client, "late"


AWAY = {"kind": "clusterAway", "cluster": "c"}
REFUSED = {"kind": "credentialsRefused", "cluster": "c"}


@pytest.mark.parametrize("kind", [AWAY, REFUSED])
@pytest.mark.parametrize(
    ("spans", "back"),
    [
        ([(100, 200), (120, 130)], 200),
        ([(120, 130), (100, 200)], 200),
        ([(10, 20), (20, 30)], 30),
        ([(20, 30), (10, 20)], 30),
        ([(10, 20), (10, 20)], 20),
        ([(10, 20), (10, 30)], 30),
    ],
)
def test_conditions_last_until_the_last_of_them_ends(
    kind: dict[str, Any], spans: list[tuple[int, int]], back: int
) -> None:
    """However many overlap or follow on one another, and in whatever order they are written down."""
    faults = [{**kind, "from": begin, "until": end} for begin, end in spans]
    world = world_of(faults=faults)
    first = min(begin for begin, _ in spans)
    for second in range(0, 250, 5):
        world.settle()
        cluster = world.clusters["c"]
        well = cluster.up and cluster.accepts_links
        assert well == (not first <= second < back), second
        clock = world.clock
        assert isinstance(clock, SteppedClock)
        clock.advance(5)


def test_a_call_ends_what_a_schedule_began() -> None:
    """Who brings a cluster back has it back; and who takes it away after that keeps it away."""
    world = world_of(faults=[{**AWAY, "from": 10, "until": 100}])
    clock, cluster = world.clock, world.clusters["c"]
    assert isinstance(clock, SteppedClock)
    clock.advance(20)
    world.settle()
    assert not cluster.up
    cluster.set_up(up=True)
    assert cluster.up
    cluster.set_up(up=False)
    clock.advance(200)
    world.settle()
    assert not cluster.up


def test_a_condition_goes_on_in_a_world_that_was_kept() -> None:
    """Saved in the middle of it, a cluster is still away, and back in time."""
    world = world_of(reading("g"), faults=[{**AWAY, "until": 100, "restAnswers": True}])
    world.settle()
    kept = restore(snapshot(world), SteppedClock())
    clock, cluster = kept.clock, kept.clusters["c"]
    assert isinstance(clock, SteppedClock)
    assert not cluster.up
    assert not cluster.is_silent
    clock.advance(101)
    kept.settle()
    assert cluster.up
    cluster.produce("t", 1000)
    assert sum(cluster.committed("g", "t")) == 20


def test_a_link_that_is_there_already_may_have_a_source_that_is_away() -> None:
    """Trouble from the start begins after links and mirrors have been made, as a fault from 0 on does."""
    links = [{"name": "l", "remote": "a", "mirrors": [{"source": "t"}]}]
    for trouble in ({"up": False}, {"acceptsLinks": False}):
        a = {"name": "a", "topics": [{"name": "t", "records": 20}], **trouble}
        scenario = {"clusters": [a, {"name": "b", "links": links}]}
        client = Client(World.from_scenario(scenario, SteppedClock()), "b")
        assert client.status("t", link="l") == "SOURCE_UNAVAILABLE"
        assert client.cluster.end_offsets("t") == [20]
