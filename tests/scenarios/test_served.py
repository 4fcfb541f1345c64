"""The sandbox in one shell, linkctl and other clients in another."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from reconciler.resources import resource
from tests.scenarios.conftest import Linkctl


@dataclass(frozen=True)
class Served:
    """A sandbox that is up: its ready line, its options to paste, its process."""

    clusters: dict[str, dict[str, str]]
    options: tuple[str, ...]
    process: subprocess.Popen[str]

    def get(self, cluster: str, path: str) -> dict[str, object]:
        """What curl would see below a cluster."""
        found = self.clusters[cluster]
        url = f"{found['url']}/clusters/{found['clusterId']}/{path}"
        answer = httpx.get(url, trust_env=False)
        answer.raise_for_status()
        document: dict[str, object] = answer.json()
        return document


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """`linkctl sandbox serve -f links.example.yaml`, with time fast enough for a test."""
    file = tmp_path / "links.example.yaml"
    file.write_bytes(resource("links.example.yaml"))
    command = ["sandbox", "serve", "-f", str(file), "--speed", "200"]
    process = subprocess.Popen(
        [sys.executable, "-m", "reconciler", *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        ready = json.loads(process.stdout.readline())
        explanation = process.stderr.readline()
        options = process.stderr.readline().split()
        assert "paste" in explanation
        clusters = {row["name"]: row for row in ready["clusters"]}
        yield Served(clusters, tuple(options), process)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.communicate(timeout=10)


def test_plan_apply_and_status_from_another_shell(linkctl: Linkctl, served: Served) -> None:
    """With the pasted options plan, apply and status work, and any other client sees the same links and mirrors."""
    assert linkctl("plan", "--detailed-exitcode", *served.options).code == 2
    ran = linkctl("apply", "--yes", *served.options)
    assert ran.code == 0, ran.out + ran.err
    assert linkctl("plan", "--detailed-exitcode", *served.options).code == 0
    status = linkctl("status", *served.options)
    assert status.code == 0
    assert "test-topic    ACTIVE" in status.out

    links = served.get("ig-test2", "links")["data"]
    mirrors = served.get("ig-test2", "links/-/mirrors")["data"]
    assert isinstance(links, list)
    assert isinstance(mirrors, list)
    assert [row["link_name"] for row in links] == ["test-link"]
    assert {(row["mirror_topic_name"], row["mirror_status"]) for row in mirrors} == {
        ("users", "ACTIVE"),
        ("test-topic", "ACTIVE"),
    }


def test_it_stops_cleanly_when_asked(served: Served) -> None:
    """Ctrl-C ends the server with exit 0 and without a traceback."""
    served.process.send_signal(signal.SIGINT)
    _, errors = served.process.communicate(timeout=10)
    assert served.process.returncode == 0
    assert "Traceback" not in errors
