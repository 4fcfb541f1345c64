"""`linkctl export` on the command line: what is read, what goes where, and what happens when something is hidden."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import httpx
import pytest

from reconciler.cli.embedded import EmbeddedClock
from reconciler.cli.main import execute
from reconciler.sandbox import SteppedClock, World, application
from reconciler.workflows.environment import Environment
from tests.scenarios.conftest import Linkctl

CLUSTERS = """\
version: 1
clusters:
  ig-test1: {bootstrapServers: "ig-test1:9092", restEndpoint: "http://ig-test1:8090/kafka/v3"}
  ig-test2: {bootstrapServers: "ig-test2:9092", restEndpoint: "http://ig-test2:8090/kafka/v3"}
"""


class Recording(httpx.AsyncBaseTransport):
    """The world's transport, with a memory of what was asked."""

    def __init__(self, world: World, hosts: dict[str, str]) -> None:
        self._inner = httpx.ASGITransport(app=application(world, hosts))
        self.requests: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(f"{request.method} {request.url.host} {request.url.path}")
        return await self._inner.handle_async_request(request)


def recorded() -> tuple[Environment, Recording]:
    """Two clusters with a link that has a mirror topic and a secret, in an environment that remembers."""
    clock = SteppedClock()
    world = World.from_scenario(
        {
            "clusters": [
                {"name": "one", "bootstrapServers": "one:9092", "clusterId": "ONE", "topics": [{"name": "t"}]},
                {
                    "name": "two",
                    "clusterId": "TWO",
                    "links": [
                        {"name": "l", "remote": "one", "configs": {"sasl.jaas.config": "m4rk3r"}, "mirrors": [{"source": "t"}]}
                    ],
                },
            ]
        },
        clock,
    )  # fmt: skip
    transport = Recording(world, {"one:1": "one", "two:2": "two"})
    return Environment(clock=EmbeddedClock(clock), transports=lambda _: transport), transport


def test_nothing_but_get_and_no_more_than_needed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Links, mirror topics, then configs; topic configs only where there are mirror topics (P1)."""
    environment, transport = recorded()
    (folder / "links.yaml").unlink()
    code = execute(["export", "--endpoint", "two=http://two:2/kafka/v3"], environment)
    assert code == 0
    assert sorted(transport.requests) == [
        "GET two /kafka/v3/clusters",
        "GET two /kafka/v3/clusters/TWO/links",
        "GET two /kafka/v3/clusters/TWO/links",
        "GET two /kafka/v3/clusters/TWO/links/-/mirrors",
        "GET two /kafka/v3/clusters/TWO/links/l/configs",
        "GET two /kafka/v3/clusters/TWO/topics/-/configs",
    ]
    out, err = capsys.readouterr()
    assert "  ONE:\n    bootstrapServers: one:9092\n    clusterId: ONE\n" in out
    assert "    restEndpoint: http://two:2/kafka/v3\n" in out
    assert "    source: ONE\n    destination: two\n" in out
    assert "TWO_L_SASL_JAAS_CONFIG stands for sasl.jaas.config" in err
    assert "m4rk3r" not in out + err


def test_an_empty_links_yaml_is_what_the_shell_made(folder: Path) -> None:
    """`linkctl export --endpoint … > links.yaml` empties the file before the command begins."""
    environment, _ = recorded()
    (folder / "links.yaml").write_text("")
    endpoints = [
        "--endpoint",
        "one=http://one:1/kafka/v3",
        "--endpoint",
        "two=http://two:2/kafka/v3",
    ]
    assert execute(["export", *endpoints], environment) == 0
    assert execute(["export", "-f", "links.yaml", *endpoints], environment) == 1


def test_a_link_that_is_not_there(linkctl: Linkctl) -> None:
    """Exit 1, and nothing on stdout."""
    ran = linkctl("export", "--sandbox", "--link", "nope*")
    assert (ran.code, ran.out) == (1, "")
    assert "export-no-such-link" in ran.err


def test_what_is_hidden_hides_everything(folder: Path, linkctl: Linkctl) -> None:
    """One cluster that cannot be read, and no half of the truth is printed (P6)."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    (folder / "links.yaml").write_text(CLUSTERS)
    urls = [f"--endpoint=ig-test{n}=http://127.0.0.1:{port}/kafka/v3" for n in (1, 2)]
    ran = linkctl("export", *urls)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("export: error: nothing was exported")
    assert ran.err.count("connection refused") == 2


def test_clusters_without_endpoints_cannot_be_exported(folder: Path, linkctl: Linkctl) -> None:
    """There has to be something to read."""
    (folder / "links.yaml").write_text("version: 1\nclusters: {a: {bootstrapServers: 'a:1'}}\n")
    ran = linkctl("export")
    assert (ran.code, ran.out) == (1, "")
    assert "export-no-endpoint" in ran.err


def test_links_made_by_hand_come_into_the_file(folder: Path, linkctl: Linkctl) -> None:
    """A file with clusters alone is enough; what somebody made with other tools is then declared, and nothing changes."""
    (folder / "links.yaml").write_text(CLUSTERS)
    configs = {"bootstrap.servers": "ig-test1:9092", "cluster.link.prefix": "x-"}
    body = {"configs": [{"name": n, "value": v} for n, v in configs.items()]}
    assert linkctl("sandbox", "request", "ig-test2", "POST", "links?link_name=by-hand", "-d", json.dumps(body)).code == 0  # fmt: skip
    topic = json.dumps({"topic_name": "orders", "partitions_count": 2})
    assert linkctl("sandbox", "request", "ig-test1", "POST", "topics", "-d", topic).code == 0
    mirror = json.dumps({"source_topic_name": "orders", "mirror_topic_name": "x-orders"})
    assert linkctl("sandbox", "request", "ig-test2", "POST", "links/by-hand/mirrors", "-d", mirror).code == 0  # fmt: skip
    exported = linkctl("export", "--sandbox", "--with-replication-factor")
    assert exported.code == 0, exported.err
    assert "      - {name: orders, replicationFactor: 1}\n" in exported.out
    (folder / "links.yaml").write_text(exported.out)
    assert linkctl("validate", "--strict").code == 0
    assert linkctl("plan", "--sandbox", "--detailed-exitcode").code == 0
    assert linkctl("export", "--sandbox", "--with-replication-factor").out == exported.out


@pytest.mark.parametrize("declared", ["", "  far: {bootstrapServers: 'far:9092'}\n"])
def test_a_cluster_on_confluent_cloud_wants_its_id(
    folder: Path, capsys: pytest.CaptureFixture[str], declared: str
) -> None:
    """Its API does not tell it, so that is said before anything is asked, with the key that gives it."""
    environment, transport = recorded()
    (folder / "links.yaml").write_text(CLUSTERS + declared)
    url = "https://pkc-1.eu.aws.confluent.cloud/kafka/v3"
    code = execute(["export", "-f", "links.yaml", "--endpoint", f"far={url}"], environment)
    assert (code, transport.requests) == (1, [])
    err = " ".join(capsys.readouterr().err.split())
    assert "[cloud-needs-cluster-id]" in err
    assert "clusterId: lkc-…" in err
