"""Faults: each kind does what it says, to the requests it is meant for."""

from __future__ import annotations

import asyncio
import gzip
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from reconciler.sandbox import (
    AnswerLost,
    Endpoint,
    Listener,
    NoAnswer,
    Options,
    RealClock,
    SteppedClock,
    World,
    serve,
)
from reconciler.sandbox.files.snapshot import restore, snapshot
from tests.sandbox.conftest import STORY, Client


def broken(**fault: Any) -> Client:
    """A client of a cluster whose every request meets one fault."""
    scenario = {"clusters": [{"name": "c", "clusterId": "c-id"}], "faults": [fault]}
    return Client(World.from_scenario(scenario, SteppedClock()), "c")


def test_latency_moves_a_stepped_clock() -> None:
    """In a stepped world a slow answer costs the world's time, not ours."""
    client = broken(kind="latency", seconds=3)
    before = client.world.now_ms()
    client.get("links")
    assert client.world.now_ms() - before == 3000


@pytest.mark.parametrize(("html", "content_type"), [(False, "json"), (True, "html")])
def test_throttling_speaks_json_or_html(html: bool, content_type: str) -> None:
    """A 429 carries Retry-After, in either of the two forms that servers use."""
    answer = broken(kind="throttle", html=html, retryAfter=7).call("GET", "links")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")
    assert content_type in answer.headers["content-type"]


def throttled(flavour: str, **fault: Any) -> httpx.Headers:
    """The headers of a 429 of that flavour."""
    clusters = [{"name": "c", "clusterId": "c-id", "flavour": flavour}]
    scenario = {"clusters": clusters, "faults": [{"kind": "throttle", **fault}]}
    answer = Client(World.from_scenario(scenario, SteppedClock()), "c").call("GET", "links")
    assert answer.status_code == 429
    return answer.headers


@pytest.mark.parametrize("html", [False, True])
def test_cloud_tells_of_its_limit(html: bool) -> None:
    """Every success says how many requests are left, a 429 that none is and when to come again; errors do not."""
    clusters = [{"name": "c", "clusterId": "c-id", "flavour": "cloud"}]
    client = Client(World.from_scenario({"clusters": clusters}, SteppedClock()), "c")
    names = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "retry-after")
    for answer in (client.call("GET", "links"), client.post("topics", {"topic_name": "t"})):
        assert [answer.headers.get(name) for name in names] == ["100", "99", "1", None]
    assert names[0] not in client.call("GET", "links/none").headers
    told = throttled("cloud", html=html)
    assert [told[name] for name in names] == ["100", "0", "1", "1"]
    told = throttled("cloud", html=html, retryAfter=7)
    assert [told[name] for name in names] == ["100", "0", "7", "7"]


@pytest.mark.parametrize("flavour", ["platform", "platform-7.5"])
def test_a_server_of_ones_own_tells_of_no_limit(flavour: str) -> None:
    """Its filter's page has a header of its own, and no Retry-After unless the fault says so."""
    page, quota = throttled(flavour, html=True), throttled(flavour)
    assert page["dosfilter"] == "unavailable"
    for headers in (page, quota):
        assert not {"x-ratelimit-limit", "retry-after"} & headers.keys()


@pytest.mark.parametrize("after_effect", [False, True])
def test_an_error_comes_before_or_after_the_effect(after_effect: bool) -> None:
    """A 5xx after the effect leaves the topic made; one before it does not."""
    client = broken(kind="error", afterEffect=after_effect, method="POST", path="topics")
    answer = client.post("topics", {"topic_name": "t"})
    assert (answer.status_code, answer.json()["error_code"]) == (503, 50302)
    assert ("t" in client.cluster.topics) is after_effect


@pytest.mark.parametrize("after_effect", [False, True])
def test_a_lost_answer_is_an_exception_in_process(after_effect: bool) -> None:
    """In-process a closed connection is AnswerLost; the effect is there or not, as asked."""
    client = broken(kind="lostAnswer", afterEffect=after_effect)
    with pytest.raises(AnswerLost):
        client.post("topics", {"topic_name": "t"})
    assert ("t" in client.cluster.topics) is after_effect


def test_a_hanging_call_is_an_exception_in_process() -> None:
    """In-process nobody waits for an answer that never comes."""
    with pytest.raises(NoAnswer):
        broken(kind="hang").get("links")


def test_spoiled_answers() -> None:
    """HTML, an empty 200, a redirect, a wrong content type, silent gzip, another word."""
    assert broken(kind="html").call("GET", "links").text.startswith("<!DOCTYPE html>")
    assert broken(kind="empty").call("GET", "links").content == b""
    assert broken(kind="redirect").call("GET", "links").status_code == 302
    wrong = broken(kind="contentType", contentType="text/plain").call("GET", "links")
    assert (wrong.headers["content-type"], wrong.json()["data"]) == ("text/plain", [])
    packed = broken(kind="gzip").call("GET", "links")
    assert "content-encoding" not in packed.headers
    assert b"KafkaLinkDataList" in gzip.decompress(packed.content)
    other = broken(kind="replace", old="KafkaLinkDataList", new="Surprise").call("GET", "links")
    assert other.json()["kind"] == "Surprise"


def test_a_fault_hits_only_what_it_is_meant_for() -> None:
    """Cluster, method, path, how many to let by and how many to hit all narrow a fault."""
    client = broken(kind="error", method="GET", path="links", skip=1, times=2)
    codes = [client.call("GET", "links").status_code for _ in range(4)]
    assert codes == [200, 503, 503, 200]
    assert client.call("GET", "topics").status_code == 200


def test_chance_is_the_same_under_the_same_seed() -> None:
    """Half of the calls fail, and in a second run the same ones."""

    def run() -> list[int]:
        client = broken(kind="error", probability=0.5)
        return [client.call("GET", "links").status_code for _ in range(40)]

    first = run()
    assert first == run()
    assert 8 < first.count(503) < 32


def test_a_cluster_goes_away_and_returns_by_schedule() -> None:
    """Mirrors read SOURCE_UNAVAILABLE while the source is away, the link UNAVAILABLE after five checks; both recover."""
    scenario = {
        "delays": "instant",
        "clusters": [
            {"name": "src", "topics": [{"name": "t", "produceRate": 10}]},
            {
                "name": "dst",
                "links": [{"name": "l", "remote": "src", "mirrors": [{"source": "t"}]}],
            },
        ],
        "faults": [{"kind": "clusterAway", "cluster": "src", "from": 10, "until": 400}],
    }
    client = Client(World.from_scenario(scenario, SteppedClock()), "dst")
    client.advance(9)
    assert client.status("t", "l") == "ACTIVE"
    client.advance(2)
    assert client.status("t", "l") == "SOURCE_UNAVAILABLE"
    assert client.get("links/l")["link_state"] == "ACTIVE"
    client.advance(300)
    link = client.get("links/l")
    assert (link["link_state"], link["link_error"]) == (
        "UNAVAILABLE",
        "BOOTSTRAP_TCP_CONNECTION_FAILED_ERROR",
    )
    assert client.cluster.end_offsets("t") == [100]
    client.advance(100)
    assert client.status("t", "l") == "ACTIVE"
    assert client.get("links/l")["link_error"] == "NO_ERROR"


AWAY: dict[str, Any] = {
    "admin": True,
    "clusters": [{"name": "c", "clusterId": "c-id"}, {"name": "d"}],
    "faults": [{"kind": "clusterAway", "cluster": "c", "from": 10, "until": 20}],
}


def test_a_cluster_that_is_away_resets_its_callers() -> None:
    """A disaster takes the REST API as well; the other cluster answers, and so does this one when it is back."""
    world = World.from_scenario(AWAY, SteppedClock())
    client = Client(world, "c")
    client.get("links")
    client.advance(10)
    for path in ("links", "/kafka/v3/clusters", "/nowhere"):
        with pytest.raises(AnswerLost) as lost:
            client.call("GET", path)
        assert lost.value.hard
    with pytest.raises(AnswerLost):
        client.post("topics", {"topic_name": "t"})
    Client(world, "d").get("links")
    client.advance(10)
    assert client.get("topics")["data"] == []


def test_only_the_network_between_clusters_may_be_down() -> None:
    """With `restAnswers` a cluster that no link reaches still shows what it holds."""
    (away,) = AWAY["faults"]
    scenario = {**AWAY, "faults": [{**away, "restAnswers": True}]}
    client = Client(World.from_scenario(scenario, SteppedClock()), "c")
    client.advance(10)
    assert client.get("links")["data"] == []
    assert not client.cluster.up


def test_faults_do_not_answer_for_a_cluster_that_is_away() -> None:
    """Nobody is there to throttle anybody."""
    scenario = {**AWAY, "faults": [*AWAY["faults"], {"kind": "throttle"}]}
    client = Client(World.from_scenario(scenario, SteppedClock()), "c")
    assert client.call("GET", "links").status_code == 429
    client.advance(10)
    with pytest.raises(AnswerLost):
        client.call("GET", "links")


def test_an_admin_call_takes_a_cluster_away_and_brings_it_back() -> None:
    """`up: false` is what `clusterAway` does; admin calls are answered at its address all the same."""
    world = World.from_scenario({**AWAY, "faults": []}, SteppedClock())
    client = Client(world, "c")

    def change(**what: bool) -> None:
        answer = client.call("POST", "/sandbox/cluster", json={"cluster": "c", **what})
        assert answer.status_code == 204

    change(up=False)
    with pytest.raises(AnswerLost):
        client.call("GET", "links")
    assert client.call("GET", "/sandbox").json()["clusters"][0]["rest_answers"] is False
    change(restAnswers=True)
    assert (client.call("GET", "links").status_code, client.cluster.up) == (200, False)
    change(up=True)
    assert client.call("GET", "links").status_code == 200


def test_being_away_is_kept() -> None:
    """A snapshot tells whether a cluster that is away answers its callers."""
    for answers in (False, True):
        world = World.from_scenario({**AWAY, "faults": []}, SteppedClock())
        world.clusters["c"].set_up(up=False, rest_answers=answers)
        loaded = restore(snapshot(world), SteppedClock())
        assert loaded.clusters["c"].is_silent is not answers


def test_a_fault_of_requests_lasts_from_one_second_until_another() -> None:
    """Before and after, requests pass and are not counted; a saved world goes on with what is left."""
    fault = {"kind": "error", "from": 10, "until": 20, "skip": 1}
    client = broken(**fault)
    codes = []
    for _ in range(6):
        codes.append(client.call("GET", "links").status_code)
        client.advance(4)
    assert codes == [200, 200, 200, 200, 503, 200]
    late = SteppedClock()
    world = broken(**fault).world
    loaded = Client(restore(snapshot(world), late), "c")
    late.advance(10)
    assert [loaded.call("GET", "links").status_code for _ in "12"] == [200, 503]


def test_the_seconds_of_an_added_fault_count_from_the_call() -> None:
    """A minute of throttling from now on, whenever that is."""
    world = World.from_scenario({**AWAY, "faults": []}, SteppedClock())
    client = Client(world, "c")
    client.advance(100)
    added = client.call("POST", "/sandbox/faults", json={"kind": "throttle", "until": 60})
    assert (added.status_code, client.call("GET", "links").status_code) == (201, 429)
    client.advance(60)
    assert client.call("GET", "links").status_code == 200
    wrong = {"kind": "throttle", "from": 5, "until": 5}
    assert client.call("POST", "/sandbox/faults", json=wrong).status_code == 400


def served(world: World, story: Callable[[httpx.AsyncClient, str], Awaitable[None]]) -> None:
    """Serve the only cluster of a world on loopback while a story runs."""

    async def run() -> None:
        ready: asyncio.Future[Endpoint] = asyncio.get_running_loop().create_future()
        options = Options(admin=True)
        server = asyncio.create_task(
            serve(
                world,
                [Listener("c")],
                on_ready=lambda endpoints: ready.set_result(endpoints[0]),
                options=options,
            )
        )
        endpoint = await ready
        async with httpx.AsyncClient(timeout=0.3) as client:
            await story(client, endpoint.url)
        server.cancel()
        await asyncio.gather(server, return_exceptions=True)

    asyncio.run(run())


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("lostAnswer", httpx.RemoteProtocolError),
        ("reset", httpx.ReadError),
        ("hang", httpx.ReadTimeout),
        ("truncatedBody", httpx.RemoteProtocolError),
    ],
)
def test_served_faults_reach_the_socket(kind: str, error: type[Exception]) -> None:
    """Over loopback a fault is what a client of a real server would meet; afterwards the server serves on."""
    world = World.from_scenario(
        {"clusters": [{"name": "c"}], "faults": [{"kind": kind, "times": 1}]}, RealClock()
    )

    async def story(client: httpx.AsyncClient, url: str) -> None:
        with pytest.raises(error):
            await client.get(f"{url}/clusters")
        assert (await client.get(f"{url}/clusters")).status_code == 200

    served(world, story)


def test_being_away_reaches_the_socket() -> None:
    """Over loopback a cluster that is away resets the connection, until an admin call brings it back."""
    world = World.from_scenario({"clusters": [{"name": "c", "up": False}]}, RealClock())

    async def story(client: httpx.AsyncClient, url: str) -> None:
        with pytest.raises(httpx.ReadError):
            await client.get(f"{url}/clusters")
        admin = url.removesuffix("/kafka/v3") + "/sandbox/cluster"
        back = await client.post(admin, json={"cluster": "c", "up": True})
        assert back.status_code == 204
        assert (await client.get(f"{url}/clusters")).status_code == 200

    served(world, story)


def test_admin_calls_are_off_unless_asked_for() -> None:
    """Without the option the path is unknown; with it faults come and go at run time."""
    scenario = {"clusters": [{"name": "c"}]}
    closed = Client(World.from_scenario(scenario, SteppedClock()), "c")
    assert closed.call("GET", "/sandbox").status_code == 404
    client = Client(World.from_scenario(scenario, SteppedClock()), "c", Options(admin=True))
    assert client.call("POST", "/sandbox/faults", json={"kind": "html"}).status_code == 201
    assert client.call("GET", "links").text.startswith("<!DOCTYPE")
    assert client.call("DELETE", "/sandbox/faults").status_code == 204
    assert client.get("links")["data"] == []
    before = client.world.now_ms()
    client.call("POST", "/sandbox/advance", json={"seconds": 5})
    assert client.world.now_ms() - before == 5000
    bad = client.call("POST", "/sandbox/faults", json={"kind": "flood", "tims": 1})
    assert (bad.status_code, "did you mean 'times'" in bad.text) == (400, True)


def test_a_method_is_one_in_any_case() -> None:
    """`post` means POST."""
    fault = {"kind": "error", "method": "post"}
    world = World.from_scenario({**STORY, "faults": [fault]}, SteppedClock())
    client = Client(world, "dst")
    assert client.call("GET", "topics").status_code == 200
    assert client.post("topics", {"topic_name": "t"}).status_code == 503


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("topic", '{"cluster": "src", "topic": "users", "produceRate": 1e400}'),
        ("topic", '{"cluster": "src", "topic": "users", "produceRate": NaN}'),
        ("topic", '{"cluster": "src", "topic": "users", "produceRate": -1}'),
        ("topic", '{"cluster": "src", "topic": "users", "produceRate": "5"}'),
        ("topic", '{"cluster": "src", "topic": "users", "prodceRate": 5}'),
        ("topic", '{"cluster": "src"}'),
        ("group", '{"cluster": "src", "group": "g", "members": 1000000}'),
        ("cluster", '{"cluster": "src", "up": "no"}'),
        ("advance", "{}"),
        ("advance", '{"seconds": Infinity}'),
        ("faults", '{"kind": "error", "status": 1000}'),
        ("faults", '{"kind": "hang", "cluster": "nosuch"}'),
        ("faults", '{"kind": "redirect", "location": "x\\r\\ny"}'),
    ],
)
def test_admin_calls_are_read_as_strictly_as_scenarios(path: str, body: str) -> None:
    """What cannot be done is refused and changes nothing."""
    world = World.from_scenario({**STORY, "admin": True}, SteppedClock())
    client = Client(world, "src")
    headers = {"content-type": "application/json"}
    answer = client.call("POST", f"/sandbox/{path}", content=body, headers=headers)
    assert (answer.status_code, answer.json()["error_code"]) == (400, 400)
    client.advance(10)
    assert sum(client.cluster.end_offsets("users")) == 200
    assert client.get("consumer-groups")["data"]


def test_faults_of_admin_calls_are_worth_saving(world: World) -> None:
    """Who saves a world when something was written saves them too."""
    client = Client(world, "dst", Options(admin=True))
    before = world.writes
    assert client.post("/sandbox/faults", {"kind": "reset", "path": "links"}).status_code == 201
    added = world.writes
    with pytest.raises(AnswerLost):
        client.call("GET", "links")
    hit = world.writes
    assert client.call("DELETE", "/sandbox/faults").status_code == 204
    assert before < added < hit < world.writes


def test_a_stop_in_the_middle_of_an_answer_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    """Who stops the sandbox while an answer drips sees no traceback; the caller is cut off."""
    drips = {"kind": "slowBody", "cluster": "c", "bytes": 1}
    world = World.from_scenario({"clusters": [{"name": "c"}], "faults": [drips]}, RealClock())
    caller = socket.socket()
    caller.settimeout(5)

    async def story(_: httpx.AsyncClient, url: str) -> None:
        address = httpx.URL(url)
        caller.connect((address.host, address.port or 0))
        caller.sendall(b"GET /kafka/v3/clusters HTTP/1.1\r\nHost: c\r\n\r\n")
        assert await asyncio.to_thread(caller.recv, 12) == b"HTTP/1.1 200"

    with caller:
        served(world, story)
        with pytest.raises(ConnectionResetError):
            list(iter(lambda: caller.recv(4096), b""))
    assert not [record for record in caplog.records if record.exc_info]
