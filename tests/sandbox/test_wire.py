"""What the wire can carry: odd names, odd headers, odd request lines; every answer is whole and in the API's own words."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from reconciler.sandbox import SteppedClock, World, application
from tests.sandbox.conftest import STORY, Client


async def _raw(world: World, scope: dict[str, Any]) -> list[dict[str, Any]]:
    """What the application sends for a request that no client would let through."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    base = {"type": "http", "method": "GET", "scheme": "http", "query_string": b"", "headers": []}
    await application(world, {}, only="dst")({**base, **scope}, receive, send)
    return sent


def raw(world: World, path: bytes, host: bytes = b"dst:8090") -> tuple[int, Any]:
    scope = {"raw_path": path, "path": path.decode("latin-1"), "headers": [(b"host", host)]}
    start, *parts = asyncio.run(_raw(world, scope))
    return start["status"], json.loads(b"".join(part["body"] for part in parts))


def test_a_link_named_like_the_sign_for_all(client: Client) -> None:
    """`-` is a link like any other, but for the list of its mirrors, which is that of all links."""
    client.link("-")
    assert client.get("links/-")["link_name"] == "-"
    assert client.mirror("users", "-").status_code == 201
    assert client.status("users", "-") == "ACTIVE"
    assert client.act("failover", "users", link="-")[0]["error_code"] is None
    client.advance(1)
    path = "links/-/configs/consumer.offset.sync.ms"
    assert client.call("PUT", path, json={"value": "2000"}).status_code == 204
    assert client.call("DELETE", "links/-").status_code == 204
    client.advance(1)
    assert client.call("GET", "links/-").json()["message"].endswith("'-' does not exist.")


def test_a_topic_named_like_the_sign_for_all(client: Client) -> None:
    """`-` is a topic like any other, but for its configs, which are those of all topics."""
    assert client.post("topics", {"topic_name": "-"}).status_code == 201
    assert client.get("topics/-")["topic_name"] == "-"
    assert client.get("topics/-/configs/retention.ms")["topic_name"] == "-"
    assert client.call("DELETE", "topics/-").status_code == 204


@pytest.mark.parametrize("host", [b'a"b', b"a\\b", b"a b", b"h\xf6st", b"a/b"])
def test_a_host_that_is_none(world: World, host: bytes) -> None:
    """A Host header that no URL could have is refused, and so never breaks the JSON of an answer."""
    client = Client(world, "dst")
    client.link()
    client.mirror("users")
    status, body = raw(world, b"/kafka/v3/clusters/dst-id/links/-/mirrors", host)
    assert (status, body["error_code"]) == (400, 400)


def test_a_cluster_id_that_needs_escaping() -> None:
    """URLs are URLs whatever the id of a cluster is, also in the rows of long lists."""
    path = b"/kafka/v3/clusters/x%22y/links/-/mirrors"
    link = {"name": "l", "remote": "src", "mirrors": [{"source": "users"}]}
    clusters = [STORY["clusters"][0], {"name": "dst", "clusterId": 'x"y', "links": [link]}]
    world = World.from_scenario({**STORY, "clusters": clusters}, SteppedClock())
    status, body = raw(world, path)
    assert (status, body["metadata"]["self"]) == (200, f"http://dst:8090{path.decode()}")
    assert body["data"][0]["metadata"]["self"].startswith("http://dst:8090/kafka/v3/clusters/x%22y")


def test_the_whole_url_in_the_request_line(world: World) -> None:
    """As proxies send it: path and authority are those of the request line."""
    status, body = raw(world, b"http://proxied:1/kafka/v3/clusters/dst-id/links?a=/b")
    assert status == 200
    assert body["metadata"]["self"] == "http://proxied:1/kafka/v3/clusters/dst-id/links"


def test_what_can_be_done_with_a_path(client: Client) -> None:
    """HEAD is a GET, OPTIONS lists the methods, and so does the refusal of another one."""
    assert client.call("HEAD", "links").status_code == 200
    assert client.call("HEAD", "links/none").status_code == 404
    options = client.call("OPTIONS", "links")
    assert (options.status_code, options.headers["allow"]) == (200, "GET, HEAD, OPTIONS, POST")
    refused = client.call("PATCH", "links/none/configs:alter", json={})
    assert (refused.status_code, refused.headers["allow"]) == (405, "OPTIONS, PUT")
    assert refused.json()["error_code"] == 405
    assert client.call("OPTIONS", "nothing").status_code == 404


def test_nobody_reads_the_body_of_a_get(client: Client) -> None:
    """A body under another name than JSON is only refused where a body is read."""
    text = {"content-type": "text/plain"}
    assert client.call("GET", "links", content="x", headers=text).status_code == 200
    assert client.call("POST", "links", content="x", headers=text).status_code == 415


@pytest.mark.parametrize(
    "last", ['{"value":{"type":"BINARY","data":"!"}}', '{"partition_id":"x"}', "{"]
)
def test_a_body_that_cannot_be_read_leaves_no_record(world: World, last: str) -> None:
    """A refused body of several records has not been appended in part."""
    client = Client(world, "src")
    headers = {"content-type": "application/json"}
    body = '{"value":{"type":"STRING","data":"x"}}' + last
    answer = client.call("POST", "topics/test-topic/records", content=body, headers=headers)
    assert answer.status_code == 400
    assert client.cluster.end_offsets("test-topic") == [3]


def test_records_of_any_depth_are_answered(world: World) -> None:
    """What can just be read, but not be written again, is refused like what cannot be read."""
    client = Client(world, "src")
    headers = {"content-type": "application/json"}
    for depth in range(900, 1000):
        deep = "[" * depth + "]" * depth
        body = f'{{"value":{{"type":"JSON","data":{deep}}}}}'
        answer = client.call("POST", "topics/test-topic/records", content=body, headers=headers)
        assert answer.status_code in {200, 400}


@pytest.mark.parametrize(("count", "text"), [(0, "larger than 0"), (100_001, "larger than 100000")])
def test_numbers_of_partitions(client: Client, count: int, text: str) -> None:
    """Too few and too many partitions are told apart, when a topic is made and when it grows."""
    made = client.post("topics", {"topic_name": "t", "partitions_count": count})
    client.post("topics", {"topic_name": "grown"})
    grown = client.call("PATCH", "topics/grown", json={"partitions_count": count})
    for answer in (made, grown):
        assert (answer.status_code, answer.json()["error_code"]) == (400, 40002)
        assert text in answer.json()["message"]
