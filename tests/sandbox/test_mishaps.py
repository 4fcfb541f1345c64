"""Nothing that a caller can set, and no error of the sandbox itself, is the end of the world."""

from __future__ import annotations

import json
import logging

import pytest

from reconciler.sandbox import World
from reconciler.sandbox.configs.link_configs import KEYS
from tests.sandbox.conftest import GROUP, Client, group_filter

ALL_TOPICS = json.dumps(
    {"topicFilters": [{"name": "*", "patternType": "LITERAL", "filterType": "INCLUDE"}]}
)
BUSY = {
    "auto.create.mirror.topics.enable": "true",
    "auto.create.mirror.topics.filters": ALL_TOPICS,
    "consumer.offset.sync.enable": "true",
    "consumer.offset.group.filters": group_filter(GROUP),
}
DISCOVERY = "metadata.max.age.ms"
NUMBERS = sorted(
    name for name, key in KEYS.items() if (key.default or "").lstrip("-").isdigit() and key.listed
)


@pytest.fixture
def busy(client: Client) -> Client:
    """A link that makes mirrors and copies offsets by itself."""
    assert client.link(**BUSY).status_code == 201
    client.advance(301)
    assert client.status("users") == "ACTIVE"
    return client


def test_a_link_may_look_all_the_time(world: World, busy: Client) -> None:
    """An interval of 0 is legal, and finds new topics at once."""
    path = f"links/test-link/configs/{DISCOVERY}"
    assert busy.call("PUT", path, json={"value": "0"}).status_code == 204
    world.clusters["src"].ensure_topic("new")
    busy.advance(0.01)
    assert busy.status("new") == "ACTIVE"


def test_a_look_that_finds_nothing_is_no_reason_for_another(world: World, busy: Client) -> None:
    """Two links that look all the time do not keep each other busy for ever."""
    values = {DISCOVERY: "0", **BUSY, "cluster.link.prefix": "p."}
    assert busy.link("other", **values).status_code == 201
    path = f"links/test-link/configs/{DISCOVERY}"
    assert busy.call("PUT", path, json={"value": "0"}).status_code == 204
    busy.advance(1)
    assert busy.status("p.users", link="other") == "ACTIVE"
    before = world.changes
    busy.advance(86_400)
    assert busy.status("users") == "ACTIVE"
    assert world.changes == before


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize(
    "value", ["0", "1", str(2**31 - 1), str(2**63 - 1), "-1", str(-(2**63)), "000", " 7 ", "\u0663"]
)
def test_any_number_that_is_taken_can_be_lived_with(busy: Client, name: str, value: str) -> None:
    """The least, the largest and the oddest spelling of a number are refused at the door or do no harm."""
    path = f"links/test-link/configs/{name}"
    assert busy.call("PUT", path, json={"value": value}).status_code in {204, 400}
    for seconds in (0.001, 31, 86_400, 1e9):
        busy.world.clusters["src"].ensure_topic(f"new-{seconds}")
        busy.advance(seconds)
        assert busy.call("GET", "links/test-link?include_tasks=true").status_code == 200
        assert busy.call("GET", "links/-/mirrors").status_code == 200
        assert busy.call("GET", "consumer-groups").status_code == 200
    busy.act("promote", "users")
    busy.act("failover", "test-topic")
    busy.advance(86_400)
    assert busy.call("GET", "links/-/mirrors").status_code == 200
    assert busy.world.mishaps.found == {}


@pytest.mark.parametrize("name", [DISCOVERY, "consumer.offset.sync.ms"])
def test_what_cannot_be_worked_out_takes_nothing_else_along(
    busy: Client, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    """An error of the sandbox itself about one link is told once; the rest goes on, and so does it when it is mended."""
    link = busy.cluster.links["test-link"]
    with busy.world.writing():
        link.configs = {**link.configs, name: "no number"}
    with caplog.at_level(logging.ERROR):
        busy.act("failover", "users")
        busy.advance(301)
        assert busy.status("users") == "STOPPED"
        busy.advance(301)
        assert busy.status("users") == "STOPPED"
    [record] = caplog.records
    assert "test-link failed; the rest goes on" in record.getMessage()
    assert busy.call("PUT", f"links/test-link/configs/{name}", json={"value": "1000"}).is_success
    busy.world.clusters["src"].ensure_topic("new")
    busy.advance(2)
    assert name != DISCOVERY or busy.status("new") == "ACTIVE"


def test_a_wait_of_any_length_is_settled(world: World, client: Client) -> None:
    """A year with all the switches on takes no longer than what happens in it."""
    client.link(**BUSY)
    client.advance(31_536_000)
    assert client.status("users") == "ACTIVE"
    assert world.mishaps.found == {}


def test_time_ends_where_dates_do(world: World, client: Client) -> None:
    """After the year 9999 time stands still, and everything can be asked and done as before."""
    for _ in range(3):
        client.advance(1e11)
    source = Client(world, "src")
    body = {"value": {"type": "STRING", "data": "x"}}
    answer = source.post("topics/users/records", body)
    assert answer.status_code == 200
    assert answer.json()["timestamp"].startswith("9999-12-31T23:59:59")
    assert client.link().status_code == 201
    assert client.mirror("users").status_code == 201
    assert client.call("GET", "links/-/mirrors").status_code == 200
