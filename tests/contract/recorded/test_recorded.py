"""Recorded answers of real servers and of others' test servers, read by the whole command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from reconciler.cli.main import execute
from reconciler.model.clusters import Cluster
from reconciler.workflows.environment import Environment
from tests.contract.recorded.recordings import (
    Recording,
    cloud_2022,
    cloud_2024,
    listing,
    platform_7,
    terraform_pair,
    verb_answer,
)

HEAD = """\
version: 1
clusters:
  source: {bootstrapServers: "pkc-pgq85.example:9092", clusterId: lkc-nv0zqv}
  target: {restEndpoint: "https://target.example/kafka/v3", clusterId: lkc-81knqq}
"""
PAIR = """\
version: 1
clusters:
  east: {restEndpoint: "https://east.example/kafka/v3", clusterId: east}
  west: {restEndpoint: "https://west.example/kafka/v3", clusterId: west}
"""
LINK = """\
links:
  - name: cl-test-ps
    source: source
    destination: target
    mirrorTopics:
"""
Answers = Callable[[httpx.Request], httpx.Response]
SINGLE = [cloud_2022, cloud_2024, platform_7]


class Stepped:
    """A clock that only waiting moves."""

    def __init__(self) -> None:
        self.seconds = 1_700_000_000.0

    def now(self) -> float:
        """Seconds since the Unix epoch."""
        return self.seconds

    def monotonic(self) -> float:
        """Seconds that only ever grow."""
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        """Be there at once."""
        self.seconds += seconds


class Commands:
    """`linkctl` in an empty folder, with recordings in the place of the clusters."""

    def __init__(self, folder: Path, capture: pytest.CaptureFixture[str]) -> None:
        self._folder, self._capture = folder, capture
        self.clusters: dict[str, Answers] = {}

    def __call__(self, *arguments: str, file: str) -> tuple[int, str]:
        """The exit code and what was printed on stdout."""
        (self._folder / "links.yaml").write_text(file, "utf-8")
        self._capture.readouterr()
        code = execute([*arguments], Environment({}, Stepped(), transports=self._transport))
        return code, self._capture.readouterr().out

    def document(self, *arguments: str, file: str) -> Any:
        """The same for a command that prints JSON."""
        return json.loads(self(*arguments, "--format", "json", file=file)[1])

    def _transport(self, cluster: Cluster) -> httpx.AsyncBaseTransport | None:
        answers = self.clusters.get(cluster.name)
        return None if answers is None else httpx.MockTransport(answers)


@pytest.fixture
def linkctl(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Commands:
    """The command line; put recordings into its `clusters`."""
    monkeypatch.chdir(tmp_path)
    return Commands(tmp_path, capsys)


@pytest.mark.parametrize("recorded", SINGLE)
def test_an_export_of_a_recorded_cluster_plans_to_nothing(
    linkctl: Commands, recorded: Callable[[], Recording]
) -> None:
    """P3: what was recorded can be written down, and written down it wants no change and sends no write."""
    recording = linkctl.clusters["target"] = recorded()
    code, exported = linkctl("export", file=HEAD + "links: []\n")
    assert code == 0
    assert linkctl("plan", "--detailed-exitcode", file=exported)[0] == 0
    assert recording.written == []


def test_an_export_says_what_the_recording_says(linkctl: Commands) -> None:
    """Prefix, stopped mirror, credentials and the one config that was set, and nothing of the defaults."""
    linkctl.clusters["target"] = cloud_2022()
    _, exported = linkctl("export", "--link", "us-test", file=HEAD + "links: []\n")
    assert "prefix: us_" in exported
    assert "{name: orders, state: released}" in exported
    assert "acl.sync.ms: 5100" in exported
    assert "security.protocol: SASL_SSL" in exported
    assert "retry.timeout" not in exported
    assert "lkc-ymq1wk" not in exported


def test_a_list_without_configs_is_not_written_anew(linkctl: Commands) -> None:
    """P6: a link whose list of configs came back empty is unreadable, and apply leaves it as it is."""
    recording = linkctl.clusters["target"] = cloud_2024()
    _, exported = linkctl("export", file=HEAD + "links: []\n")
    recording.configs = {"cl-test-ps": ()}
    document = linkctl.document("plan", file=exported)
    assert [gap["diagnostic"]["code"] for gap in document["gaps"]] == ["configs-missing"]
    assert document["changes"] == []
    assert linkctl("apply", "--yes", file=exported)[0] == 1
    assert recording.written == []


def test_an_address_with_a_protocol_is_the_address(linkctl: Commands) -> None:
    """Cloud shows what the vendor's tools sent: SASL_SSL:// before an address asks for no change of it."""
    recording = linkctl.clusters["target"] = cloud_2024()
    _, exported = linkctl("export", file=HEAD + "links: []\n")
    recording.configs = {
        name: tuple(
            {**row, "value": f"SASL_SSL://{row['value']}"}
            if row["name"] == "bootstrap.servers"
            else row
            for row in rows
        )
        for name, rows in recording.configs.items()
    }
    assert linkctl("plan", "--detailed-exitcode", file=exported)[0] == 0


def test_the_providers_bidirectional_pair_is_two_sides_that_dial(linkctl: Commands) -> None:
    """`remote.link.connection.mode` beside two OUTBOUND sides is no reason to take one of them for INBOUND."""
    linkctl.clusters = {
        "east": terraform_pair("east", "west"),
        "west": terraform_pair("west", "east"),
    }
    code, exported = linkctl("export", file=PAIR + "links: []\n")
    assert code == 0
    assert "mode: bidirectional" in exported
    assert "INBOUND" not in exported.upper()
    assert linkctl("plan", "--detailed-exitcode", file=exported)[0] == 0


@pytest.mark.parametrize(
    ("recorded", "health"),
    [(cloud_2022, "unknown"), (cloud_2024, "healthy"), (platform_7, "unknown")],
)
def test_health_is_what_the_server_says_and_no_more(
    linkctl: Commands, recorded: Callable[[], Recording], health: str
) -> None:
    """P6: a link without `link_error` is unknown, not green; an empty message is no complaint."""
    linkctl.clusters["target"] = recorded()
    _, exported = linkctl("export", file=HEAD + "links: []\n")
    links = linkctl.document("status", file=exported)["links"]
    assert {link["health"] for link in links} == {health}


@pytest.mark.parametrize(
    "answer",
    [
        verb_answer(("common-topic", None, None), ("part2-topic", None, None)),
        verb_answer(("common-topic", 0, ""), ("part2-topic", 0, None)),
        verb_answer(("common-topic", None, None), ("part2-topic", 401, "Not authorized")),
    ],
)
def test_a_recorded_verb_answer_is_believed_item_by_item(
    linkctl: Commands, answer: httpx.Response
) -> None:
    """P10: null and 0 mean accepted, a number inside a 200 means refused, and STOPPED alone means done; with one of two
    refused the estate was written in part.
    """
    recording = linkctl.clusters["target"] = cloud_2024()
    refused = {row["mirror_topic_name"] for row in answer.json()["data"] if row["error_code"]}

    def fail_over() -> httpx.Response:
        recording.mirrors = tuple(
            row if row["mirror_topic_name"] in refused else {**row, "mirror_status": "STOPPED"}
            for row in recording.mirrors
        )
        return answer

    recording.posts["links/cl-test-ps/mirrors:failover"] = fail_over
    wanted = "".join(
        f"      - {{name: {name}, state: failed_over}}\n"
        for name in ("common-topic", "part2-topic")
    )
    code, said = linkctl("apply", "--yes", "--allow", "failover", file=HEAD + LINK + wanted)
    assert code == (4 if refused else 0)
    assert ("2 objects, 1 succeeded, 1 failed" in " ".join(said.split())) is bool(refused)
    assert ("Not authorized" in said) is bool(refused)
    assert recording.written == ["POST links/cl-test-ps/mirrors:failover"]


@pytest.mark.parametrize(
    "rubbish",
    [
        {"data": None},
        {"data": {}},
        {"data": ["part2-topic"]},
        {"items": []},
        listing(
            {"link_name": "cl-test-ps", "mirror_topic_name": "x", "mirror_lags": {"items": []}}
        ),
        listing({"link_name": "cl-test-ps", "mirror_topic_name": "x", "num_partitions": "six"}),
    ],
)
def test_a_list_of_another_shape_is_unreadable_and_never_empty(
    linkctl: Commands, rubbish: dict[str, Any]
) -> None:
    """P6: one row that cannot be understood makes the whole list unreadable; nothing is created on its strength."""
    recording = cloud_2024()

    def distorted(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/mirrors"):
            return httpx.Response(200, json=rubbish)
        return recording(request)

    linkctl.clusters["target"] = distorted
    file = HEAD + LINK + "      - part2-topic\n"
    assert linkctl("plan", "--detailed-exitcode", file=file)[0] == 1
    assert linkctl.document("plan", file=file)["changes"] == []
    assert recording.written == []
