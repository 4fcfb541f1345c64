"""Links of two halves: source-initiated and bidirectional."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.sandbox import SteppedClock, World
from reconciler.sandbox.world.flavours import FLAVOURS
from tests.sandbox.conftest import Client

INBOUND = {"link.mode": "DESTINATION", "connection.mode": "INBOUND"}
SOURCE = {
    "link.mode": "SOURCE",
    "connection.mode": "OUTBOUND",
    "bootstrap.servers": "dst:9092",
}


def create(client: Client, configs: dict[str, str], **ids: str) -> Any:
    body = {**ids, "configs": [{"name": key, "value": value} for key, value in configs.items()]}
    return client.post("links?link_name=pair", body)


def bidirectional(other: str) -> dict[str, str]:
    return {"link.mode": "BIDIRECTIONAL", "bootstrap.servers": f"{other}:9092"}


@pytest.fixture
def source(world: World) -> Client:
    return Client(world, "src")


@pytest.fixture
def joined(client: Client, source: Client) -> tuple[Client, Client]:
    """Two clients whose clusters hold the halves of a bidirectional link."""
    assert create(client, bidirectional("src"), remote_cluster_id="src-id").status_code == 201
    assert create(source, bidirectional("dst"), remote_cluster_id="dst-id").status_code == 201
    return client, source


def test_a_source_initiated_pair_needs_its_inbound_half_first(
    client: Client, source: Client
) -> None:
    """The source half is refused with a text to retry on until the inbound half is there; then both share an id."""
    early = create(source, SOURCE, destination_cluster_id="dst-id")
    assert early.status_code == 400
    assert "the destination cluster does not have a link named pair" in early.json()["message"]
    assert create(client, INBOUND, source_cluster_id="src-id").status_code == 201
    assert create(source, SOURCE, destination_cluster_id="dst-id").status_code == 201
    here, there = client.get("links/pair"), source.get("links/pair")
    assert here["cluster_link_id"] == there["cluster_link_id"]
    assert (here["source_cluster_id"], there["destination_cluster_id"]) == ("src-id", "dst-id")
    assert (here["link_state"], there["link_state"]) == ("ACTIVE", "ACTIVE")
    assert client.mirror("test-topic", link="pair").status_code == 201
    client.advance(1)
    assert client.cluster.end_offsets("test-topic") == [3]


def test_an_inbound_half_alone_resolves_nothing(client: Client) -> None:
    """Until it is dialled, an inbound half is neither ACTIVE nor in error, and its mirrors wait."""
    create(client, INBOUND, source_cluster_id="src-id")
    link = client.get("links/pair")
    assert (link["link_state"], link["link_error"]) == ("UNKNOWN", "NO_ERROR")
    answer = client.mirror("test-topic", link="pair")
    assert answer.status_code == 404
    assert "Unable to resolve cluster link information for pair" in answer.json()["message"]


def test_a_source_half_hosts_no_mirrors_and_leaves_a_nameless_row(
    client: Client, source: Client
) -> None:
    """Deleting the source half first leaves an UNMANAGED_SOURCE row there until the other half is gone."""
    create(client, INBOUND, source_cluster_id="src-id")
    create(source, SOURCE, destination_cluster_id="dst-id")
    assert source.mirror("test-topic", link="pair").json()["error_code"] == 40002
    assert source.call("DELETE", "links/pair").status_code == 204
    row = source.get("links")["data"][0]
    assert (row["link_name"], row["link_state"]) == ("", "UNMANAGED_SOURCE")
    assert client.get("links/pair")["link_state"] == "FAILED"
    assert client.call("DELETE", "links/pair").status_code == 204
    assert source.get("links")["data"] == []


def test_the_nameless_row_of_7_5_has_no_state(client: Client, source: Client) -> None:
    """Its link rows have none; what is left of a link there shows by its empty name alone."""
    source.cluster.flavour = FLAVOURS["platform-7.5"]
    create(client, INBOUND, source_cluster_id="src-id")
    create(source, SOURCE, destination_cluster_id="dst-id")
    source.call("DELETE", "links/pair")
    (row,) = source.get("links")["data"]
    assert row["link_name"] == ""
    assert not {"link_state", "link_error"} & row.keys()


def test_the_second_half_of_a_bidirectional_link_takes_the_first_ones_id(
    joined: tuple[Client, Client],
) -> None:
    """One link, one id, whoever comes second."""
    here, there = (side.get("links/pair") for side in joined)
    assert here["cluster_link_id"] == there["cluster_link_id"]
    assert (here["remote_cluster_id"], there["remote_cluster_id"]) == ("src-id", "dst-id")


def dialling(other: str) -> dict[str, str]:
    """What the Terraform provider sends with every bidirectional half that dials."""
    return {**bidirectional(other), "remote.link.connection.mode": "INBOUND"}


def test_two_halves_that_dial_are_made_one_after_the_other(client: Client, source: Client) -> None:
    """The Terraform provider's regular bidirectional example: the first half works alone, the second one joins it."""
    assert create(client, dialling("src"), remote_cluster_id="src-id").status_code == 201
    alone = client.get("links/pair")
    assert (alone["link_state"], alone["link_error"]) == ("ACTIVE", "NO_ERROR")
    assert client.mirror("test-topic", link="pair").status_code == 201
    assert create(source, dialling("dst"), remote_cluster_id="dst-id").status_code == 201
    joined = source.get("links/pair")
    assert joined["cluster_link_id"] == alone["cluster_link_id"]
    assert joined["link_state"] == "ACTIVE"
    assert (
        client.act("reverse-and-start-mirror", "test-topic", link="pair")[0]["error_code"] is None
    )


def test_a_half_that_waits_is_joined_by_the_one_that_dials(client: Client, source: Client) -> None:
    """INBOUND first: it waits, and the half that dials brings both to life under one id."""
    waiting = {"link.mode": "BIDIRECTIONAL", "connection.mode": "INBOUND"}
    assert create(client, waiting, remote_cluster_id="src-id").status_code == 201
    assert client.get("links/pair")["link_state"] == "UNKNOWN"
    assert create(source, dialling("dst"), remote_cluster_id="dst-id").status_code == 201
    here, there = client.get("links/pair"), source.get("links/pair")
    assert here["cluster_link_id"] == there["cluster_link_id"]
    assert (here["link_state"], there["link_state"]) == ("ACTIVE", "ACTIVE")


def test_a_half_that_waits_cannot_join_one_that_dialled_before(
    client: Client, source: Client
) -> None:
    """An INBOUND half gets an id of its own and takes none, so what was there before is not its other half."""
    assert create(source, dialling("dst"), remote_cluster_id="dst-id").status_code == 201
    waiting = {"link.mode": "BIDIRECTIONAL", "connection.mode": "INBOUND"}
    assert create(client, waiting, remote_cluster_id="src-id").status_code == 201
    here, there = client.get("links/pair"), source.get("links/pair")
    assert here["cluster_link_id"] != there["cluster_link_id"]
    assert (here["link_state"], there["link_state"]) == ("UNKNOWN", "ACTIVE")


def test_a_link_id_that_differs_is_refused(client: Client, source: Client) -> None:
    """An expected link id is compared with that of the other half, and refused on an inbound half."""
    create(client, bidirectional("src"), remote_cluster_id="src-id")
    wrong = create(
        source, bidirectional("dst"), remote_cluster_id="dst-id", cluster_link_id="A" * 22
    )
    assert (wrong.status_code, wrong.json()["error_code"]) == (400, 400)
    inbound = create(
        source,
        {"link.mode": "BIDIRECTIONAL", "connection.mode": "INBOUND"},
        remote_cluster_id="dst-id",
        cluster_link_id="A" * 22,
    )
    assert inbound.json()["error_code"] == 40002


def test_halves_made_before_they_see_each_other_do_not_fit() -> None:
    """Made at the same time, two outbound halves get two ids and are no pair."""
    scenario = {
        "delays": {"linkResolved": 5000},
        "clusters": [
            {"name": "src", "clusterId": "src-id"},
            {"name": "dst", "clusterId": "dst-id"},
        ],
    }
    world = World.from_scenario(scenario, SteppedClock())
    here, there = Client(world, "dst"), Client(world, "src")
    create(here, bidirectional("src"), remote_cluster_id="src-id")
    create(there, bidirectional("dst"), remote_cluster_id="dst-id")
    ids = {side.get("links/pair")["cluster_link_id"] for side in (here, there)}
    assert len(ids) == 2


@pytest.mark.parametrize(
    ("verb", "far_status"),
    [("reverse-and-start-mirror", "ACTIVE"), ("reverse-and-pause-mirror", "PAUSED")],
)
def test_reversing_swaps_the_roles_without_loss(
    joined: tuple[Client, Client], verb: str, far_status: str
) -> None:
    """After a swap this side is writable and the other one mirrors it; not a record is lost."""
    here, there = joined
    here.mirror("users", link="pair")
    here.advance(10)
    assert here.act(verb, "users", link="pair")[0]["error_code"] is None
    here.advance(1)
    assert here.status("users", link="pair") == "STOPPED"
    assert there.status("users", link="pair") == far_status
    assert here.cluster.end_offsets("users") == there.cluster.end_offsets("users")
    before = there.cluster.end_offsets("users")
    here.cluster.produce("users", 7)
    here.advance(1)
    gained = sum(there.cluster.end_offsets("users")) - sum(before)
    assert gained == (7 if far_status == "ACTIVE" else 0)


def test_reversing_needs_a_bidirectional_link(client: Client) -> None:
    """On any other link the verb is refused for each topic."""
    client.link()
    client.mirror("users")
    item = client.act("reverse-and-start-mirror", "users")[0]
    assert item["error_code"] == 400
    assert "not bidirectional" in item["error_message"]


def test_a_former_primary_is_truncated_and_restored(joined: tuple[Client, Client]) -> None:
    """After a failover the old primary gives up what only it has, then follows the new one."""
    here, there = joined
    here.mirror("test-topic", link="pair")
    here.advance(1)
    here.act("failover", "test-topic", link="pair")
    there.cluster.produce("test-topic", 4)
    here.cluster.produce("test-topic", 2)
    query = "?include_partition_level_truncation_data=true"
    item = there.act("truncate-and-restore", "test-topic", link="pair", query=query)[0]
    assert item["error_code"] is None
    assert item["messages_truncated"] == 4
    assert item["partition_level_truncation_data"] == [
        {"partition_id": 0, "offset_truncated_to": 3, "messages_truncated": 4}
    ]
    there.advance(1)
    assert there.status("test-topic", link="pair") == "ACTIVE"
    assert there.cluster.end_offsets("test-topic") == [5]


def test_a_restore_is_refused_under_a_reader(joined: tuple[Client, Client]) -> None:
    """A group that is active on the local topic stands in the way."""
    here, there = joined
    here.mirror("users", link="pair")
    here.act("failover", "users", link="pair")
    here.advance(1)
    item = there.act("truncate-and-restore", "users", link="pair")[0]
    assert item["error_code"] == 400
    assert "is active on topic 'users'" in item["error_message"]


def test_a_swap_survives_a_snapshot(joined: tuple[Client, Client]) -> None:
    """Saved in the middle of a swap and loaded again, it comes to its end."""
    from reconciler.sandbox.files.snapshot import restore, snapshot

    here, _ = joined
    here.mirror("users", link="pair")
    here.advance(1)
    world = here.world
    world.clusters["src"].set_up(up=False)
    world.clusters["src"].set_up(up=True)
    here.act("reverse-and-start-mirror", "users", link="pair")
    again = restore(snapshot(world), SteppedClock())
    near, far = Client(again, "dst"), Client(again, "src")
    near.cluster.ensure_topic("other")
    near.advance(5)
    assert near.status("users", link="pair") == "STOPPED"
    assert far.status("users", link="pair") == "ACTIVE"


@pytest.mark.parametrize("path", ["topics/users", "links/pair?force=true"])
def test_a_swap_that_loses_its_near_side_frees_the_far_one(path: str) -> None:
    """When the mirror or its link is deleted in the middle of a swap, the source is an ordinary topic again."""
    clusters = [
        {"name": "src", "clusterId": "src-id", "topics": [{"name": "users"}]},
        {"name": "dst", "clusterId": "dst-id"},
    ]
    world = World.from_scenario({"delays": {"stop": 5000}, "clusters": clusters}, SteppedClock())
    here, there = Client(world, "dst"), Client(world, "src")
    create(here, bidirectional("src"), remote_cluster_id="src-id")
    create(there, bidirectional("dst"), remote_cluster_id="dst-id")
    here.advance(5)
    here.mirror("users", link="pair")
    here.advance(5)
    here.act("reverse-and-start-mirror", "users", link="pair")
    assert there.status("users", link="pair") == "PENDING_MIRROR"
    assert here.call("DELETE", path).status_code == 204
    here.advance(2)
    assert there.call("GET", "links/pair/mirrors/users").status_code == 404
    assert there.cluster.produce("users") == 0


def source_initiated(client: Client, source: Client) -> None:
    assert create(client, INBOUND, source_cluster_id="src-id").status_code == 201
    assert create(source, SOURCE, destination_cluster_id="dst-id").status_code == 201


def test_a_source_half_that_comes_again_takes_its_row_back(client: Client, source: Client) -> None:
    """The row without a name is of a half that is gone, and ends when there is one again."""
    source_initiated(client, source)
    assert source.call("DELETE", "links/pair").status_code == 204
    source.advance(1)
    [left] = source.get("links")["data"]
    assert left["link_state"] == "UNMANAGED_SOURCE"
    assert create(source, SOURCE, destination_cluster_id="dst-id").status_code == 201
    [row] = source.get("links")["data"]
    assert (row["link_name"], row["link_state"]) == ("pair", "ACTIVE")
    assert row["cluster_link_id"] == left["cluster_link_id"]


def test_a_paused_source_half_holds_the_mirrors(
    world: World, client: Client, source: Client
) -> None:
    """Pausing a link pauses all its mirrors, also where they are on the other side."""
    source_initiated(client, source)
    assert client.mirror("users", link="pair").status_code == 201
    client.advance(1)
    path = "links/pair/configs/cluster.link.paused"
    assert source.call("PUT", path, json={"value": "true"}).status_code == 204
    before = client.cluster.end_offsets("users")
    client.advance(60)
    assert client.cluster.end_offsets("users") == before
    assert client.status("users", link="pair") == "LINK_PAUSED"
    assert source.call("PUT", path, json={"value": "false"}).status_code == 204
    client.advance(60)
    assert client.cluster.end_offsets("users") == world.clusters["src"].end_offsets("users")
    assert client.status("users", link="pair") == "ACTIVE"
