"""Partitions, where they begin and end, and their replicas: what the command line asks Platform for."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.sandbox.world.flavours import FLAVOURS
from tests.sandbox.conftest import Client

REPLICAS = ("topics/t/partitions/1/replicas", "topics/t/partitions/1/replicas/1")
STATUSES = (
    "topics/t/partitions/1/replica-status",
    "topics/t/partitions/-/replica-status",
    "topics/-/partitions/-/replica-status",
)
OFFSET = "topics/t/partitions/1/offset"


@pytest.fixture
def topic(client: Client) -> str:
    """Two partitions, three copies, five records."""
    body = {"topic_name": "t", "partitions_count": 2, "replication_factor": 3}
    assert client.post("topics", body).status_code == 201
    client.cluster.produce("t", 5, partition=1)
    return "t"


def places(rows: list[dict[str, Any]]) -> list[tuple[str, int, int]]:
    return [(row["topic_name"], row["partition_id"], row["broker_id"]) for row in rows]


def path_of(client: Client, url: str) -> str:
    """An address that an answer names, as this client calls it."""
    return url.partition(f"/clusters/{client.cluster.cluster_id}/")[2]


@pytest.mark.usefixtures("topic")
def test_the_rows_of_a_partition_lead_to_its_replicas(client: Client) -> None:
    """One row for each copy, the first one leads, and what the rows point to is there."""
    partition = client.get("topics/t/partitions/1")
    replicas = client.get(path_of(client, partition["replicas"]["related"]))
    assert replicas["kind"] == "KafkaReplicaList"
    assert places(replicas["data"]) == [("t", 1, 1), ("t", 1, 2), ("t", 1, 3)]
    assert [row["is_leader"] for row in replicas["data"]] == [True, False, False]
    assert all(row["is_in_sync"] for row in replicas["data"])
    leader = client.get(path_of(client, partition["leader"]["related"]))
    assert leader == replicas["data"][0]


@pytest.mark.usefixtures("topic")
def test_the_status_of_replicas(client: Client) -> None:
    """Of a partition, of a topic, of all topics; each says how far its log has come."""
    one, whole, every = (client.get(path)["data"] for path in STATUSES)
    assert places(one) == [("t", 1, 1), ("t", 1, 2), ("t", 1, 3)]
    assert [row["log_end_offset"] for row in whole] == [0, 0, 0, 5, 5, 5]
    assert every == whole
    assert {key for key, value in one[0].items() if value is True} == {
        "is_leader", "is_isr_eligible", "is_in_isr", "is_caught_up",
    }  # fmt: skip


@pytest.mark.usefixtures("topic")
def test_where_a_partition_begins_and_ends(client: Client) -> None:
    """As of now; a mirror's end is what was mirrored."""
    row = client.get(OFFSET)
    assert (row["earliest_offset"], row["latest_offset"]) == (0, 5)
    client.link()
    client.mirror("test-topic")
    client.advance(1)
    assert client.get("topics/test-topic/partitions/0/offset")["latest_offset"] == 3


@pytest.mark.usefixtures("topic")
@pytest.mark.parametrize(
    ("flavour", "missing"),
    [
        ("platform", set()),
        ("platform-7.5", {OFFSET}),
        ("cloud", {OFFSET, *REPLICAS, *STATUSES}),
    ],
)
def test_not_every_server_has_them(client: Client, flavour: str, missing: set[str]) -> None:
    """Cloud's document knows neither, that of 7.5 no offsets."""
    client.cluster.flavour = FLAVOURS[flavour]
    paths = {OFFSET, *REPLICAS, *STATUSES}
    assert {path for path in paths if client.call("GET", path).status_code == 404} == missing


@pytest.mark.usefixtures("topic")
@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("topics/t/partitions/2/replicas", 40403),
        ("topics/t/partitions/01/offset", 40403),
        ("topics/nobody/partitions/0/replica-status", 40403),
        ("topics/nobody/partitions/-/replica-status", 40403),
        ("topics/t/partitions/1/replicas/4", 404),
        ("topics/t/partitions/1/replicas/x", 404),
    ],
)
def test_what_is_not_there(client: Client, path: str, code: int) -> None:
    """A topic or a partition that is missing is 40403, a broker that has no copy 404."""
    answer = client.call("GET", path)
    assert (answer.status_code, answer.json()["error_code"]) == (404, code)
