"""The main story of Cluster Linking, step by step, through the API."""

from __future__ import annotations

from reconciler.sandbox import World
from tests.sandbox.conftest import GROUP, Client, group_filter

OFFSET_SYNC = {
    "consumer.offset.sync.enable": "true",
    "consumer.offset.sync.ms": "5000",
    "consumer.offset.group.filters": group_filter(GROUP),
}


def linked(client: Client) -> Client:
    assert client.link(**OFFSET_SYNC).status_code == 201
    assert client.mirror("users").status_code == 201
    assert client.mirror("test-topic").status_code == 201
    client.advance(10)
    return client


def test_mirrors_become_active_and_catch_up(client: Client) -> None:
    """A link with two mirrors ends ACTIVE, with every partition fetched and no lag."""
    linked(client)
    rows = client.get("links/test-link/mirrors")["data"]
    assert [(row["mirror_topic_name"], row["mirror_status"]) for row in rows] == [
        ("test-topic", "ACTIVE"),
        ("users", "ACTIVE"),
    ]
    assert [lag["lag"] for row in rows for lag in row["mirror_lags"]] == [0, 0, 0]
    link = client.get("links/test-link")
    assert (link["link_state"], link["link_error"]) == ("ACTIVE", "NO_ERROR")


def test_a_producer_is_refused_on_a_mirror(client: Client) -> None:
    """A record sent to a mirror is reported as refused and changes nothing."""
    linked(client)
    before = client.world.clusters["dst"].end_offsets("users")
    report = client.post("topics/users/records", {"value": {"type": "STRING", "data": "x"}}).json()
    assert report == {
        "error_code": 40002,
        "message": "Cannot append records to read-only mirror topic 'users'",
    }
    assert client.world.clusters["dst"].end_offsets("users") == before


def test_offsets_follow_the_filter_on_their_interval(client: Client, world: World) -> None:
    """The group's offsets appear on the destination at the ticks of the link, not between them."""
    linked(client)
    first = client.cluster.committed(GROUP, "users")
    client.advance(4)
    assert client.cluster.committed(GROUP, "users") == first
    client.advance(1)
    second = client.cluster.committed(GROUP, "users")
    assert second == world.clusters["src"].committed(GROUP, "users")
    assert sum(second) - sum(first) == 50


def test_failover_ends_stopped_whatever_the_lag(client: Client) -> None:
    """Failover of a fed topic ends STOPPED, the topic takes records, its offsets are synced no more."""
    linked(client)
    assert client.act("failover", "users")[0]["error_code"] is None
    assert client.status("users") == "STOPPED"
    report = client.post("topics/users/records", {"value": {"type": "STRING", "data": "x"}}).json()
    assert report["error_code"] == 200
    frozen = client.cluster.committed(GROUP, "users")
    client.advance(60)
    assert client.cluster.committed(GROUP, "users") == frozen


def test_promote_waits_for_a_quiet_source(client: Client, world: World) -> None:
    """A promote under a producer stays in PENDING_STOPPED until the producer stops."""
    linked(client)
    client.act("promote", "users", "test-topic")
    client.advance(30)
    assert client.status("test-topic") == "STOPPED"
    assert client.status("users") == "PENDING_STOPPED"
    world.clusters["src"].set_rate("users", 0)
    client.advance(30)
    assert client.status("users") == "STOPPED"
    assert client.cluster.end_offsets("users") == world.clusters["src"].end_offsets("users")


def test_configs_change_over_rest(client: Client) -> None:
    """A config set directly reads back as dynamic, and its reset as the default."""
    linked(client)
    path = "links/test-link/configs/consumer.offset.sync.ms"
    assert client.call("PUT", path, json={"value": "7000"}).status_code == 204
    assert (client.get(path)["value"], client.get(path)["is_default"]) == ("7000", False)
    assert client.call("DELETE", path).status_code == 204
    assert (client.get(path)["value"], client.get(path)["is_default"]) == ("30000", True)
