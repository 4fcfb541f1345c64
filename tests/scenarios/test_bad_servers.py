"""P6: a server that cannot be read is an error that names it, and never "nothing there"."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from tests.scenarios.conftest import Linkctl, http, raw_server

LINKS = """\
version: 1
clusters:
  source: {{bootstrapServers: "source:9092", clusterId: lkc-source}}
  target: {{restEndpoint: "{url}"{cluster_id}}}
links:
  - name: test-link
    source: source
    destination: target
    mirrorTopics: [users]
"""

CLUSTERS = json.dumps({"kind": "KafkaClusterList", "data": [{"cluster_id": "lkc-target"}]}).encode()

ANSWERS = {
    "401": http("401 Unauthorized", b'{"error_code":40101,"message":"Authentication failed"}'),
    "403": http("403 Forbidden", b'{"error_code":40301,"message":"Request is not authorized"}'),
    "html": http("200 OK", b"<html><body>Welcome</body></html>", "text/html"),
    "truncated": http("200 OK", CLUSTERS[:-7]),
    "cut-off": b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4000\r\n\r\n"
    + CLUSTERS,
    "empty": http("200 OK"),
    "redirect": http("302 Found", b"", "text/html", "Location: http://127.0.0.1:1/login"),
    "other-json": http("200 OK", b'{"hello":"world"}'),
    "list": http("200 OK", b"[]"),
    "404": http("404 Not Found", b'{"error_code":404,"message":"HTTP 404 Not Found"}'),
    "500": http("500 Internal Server Error", b'{"error_code":500,"message":"Internal"}'),
    "not-http": b"SSH-2.0-OpenSSH_9.6\r\n",
}


def write(folder: Path, url: str, cluster_id: str = "") -> None:
    given = f", clusterId: {cluster_id}" if cluster_id else ""
    (folder / "links.yaml").write_text(LINKS.format(url=url, cluster_id=given), "utf-8")


@pytest.mark.parametrize("given", ["", "lkc-target"])
@pytest.mark.parametrize("answer", ANSWERS)
def test_rubbish_is_said_and_never_taken_for_absence(
    linkctl: Linkctl, folder: Path, answer: str, given: str
) -> None:
    """Whatever the server says instead of an answer: exit 1, the cluster and the URL, and no change at all."""
    with raw_server(ANSWERS[answer]) as (url, _):
        write(folder, url, given)
        ran = linkctl("plan", "--detailed-exitcode", "--format", "json")
        said = ran.out + ran.err
    assert ran.code == 1
    assert json.loads(ran.out)["changes"] == []
    assert "target" in said
    assert url in said
    assert "Traceback" not in said


@pytest.mark.parametrize("answer", ["401", "html", "empty"])
def test_apply_writes_nothing_when_it_cannot_read(
    linkctl: Linkctl, folder: Path, answer: str
) -> None:
    """An apply that cannot read sends nothing but GET, and leaves with 1."""
    with raw_server(ANSWERS[answer]) as (url, requests):
        write(folder, url)
        ran = linkctl("apply", "--yes")
    assert ran.code == 1
    assert {request.split(b" ")[0] for request in requests} == {b"GET"}


def test_nobody_listening(linkctl: Linkctl, folder: Path) -> None:
    """A refused connection is one message with the cluster, the URL and a cure."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    url = f"http://127.0.0.1:{port}/kafka/v3"
    write(folder, url)
    ran = linkctl("plan")
    said = ran.out + ran.err
    assert ran.code == 1
    assert "target" in said
    assert url in said
    assert "Traceback" not in said


def test_wrong_cluster_id(linkctl: Linkctl, folder: Path) -> None:
    """A cluster id that the server does not know is named as such."""
    body = b'{"error_code":404,"message":"Cluster lkc-other cannot be found."}'
    with raw_server(http("404 Not Found", body)) as (url, _):
        write(folder, url, "lkc-other")
        ran = linkctl("plan")
    said = ran.out + ran.err
    assert ran.code == 1
    assert "lkc-other" in said
    assert "target" in said
