"""`linkctl convert` on the command line: the tutorial's two files become a links.yaml that says the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.scenarios.conftest import Linkctl

PROPERTIES = "consumer.offset.sync.enable=true\nbootstrap.servers=ig-test1:9092\n"
GROUP = {
    "name": "connect-FileStreamSinkConnectorConnector_1",
    "patternType": "LITERAL",
    "filterType": "INCLUDE",
}
CONVERT = (
    "convert", "--link", "test-link", "--config-file", "link.properties", "--destination", "ig-test2",
    "--consumer-group-filters-json-file", "groups.json",
)  # fmt: skip


@pytest.fixture
def tutorial(folder: Path) -> Path:
    """The two files of the usual tutorial."""
    (folder / "link.properties").write_text(PROPERTIES)
    (folder / "groups.json").write_text(json.dumps({"groupFilters": [GROUP]}, indent=2))
    return folder


def test_what_the_tutorial_does_by_hand_leaves_nothing_to_plan(
    tutorial: Path, linkctl: Linkctl
) -> None:
    """The link made by hand, as the tutorial says, is exactly what the converted file declares."""
    converted = linkctl(*CONVERT, "--mirror", "users", "--mirror", "test-topic")
    assert converted.code == 0, converted.err
    (tutorial / "links.yaml").write_text(converted.out)
    assert linkctl("validate", "--strict").code == 0
    planned = linkctl("plan", "--sandbox")
    assert planned.code == 0
    assert "+ INCLUDE LITERAL connect-FileStreamSinkConnectorConnector_1" in planned.out
    assert "Plan: 3 to create, 0 to change, 0 irreversible." in planned.out
    configs = {
        "bootstrap.servers": "ig-test1:9092",
        "consumer.offset.sync.enable": "true",
        "consumer.offset.group.filters": (tutorial / "groups.json").read_text(),
    }
    made = {"configs": [{"name": name, "value": value} for name, value in configs.items()]}
    ask = ("sandbox", "request", "ig-test2", "POST")
    assert linkctl(*ask, "links?link_name=test-link", "-d", json.dumps(made)).code == 0
    for topic in ("users", "test-topic"):
        body = json.dumps({"source_topic_name": topic})
        assert linkctl(*ask, "links/test-link/mirrors", "-d", body).code == 0
    after = linkctl("plan", "--sandbox", "--detailed-exitcode")
    assert after.code == 0, after.out


def test_applying_the_converted_file_does_the_same(tutorial: Path, linkctl: Linkctl) -> None:
    """Apply, then nothing is left to do."""
    (tutorial / "links.yaml").write_text(linkctl(*CONVERT, "--mirror", "users").out)
    assert linkctl("apply", "--sandbox", "--yes").code == 0
    assert linkctl("plan", "--sandbox", "--detailed-exitcode").code == 0


@pytest.mark.parametrize("inbound", [False, True])
def test_both_files_of_a_bidirectional_link(
    folder: Path, linkctl: Linkctl, *, inbound: bool
) -> None:
    """One file from each side becomes an entry that validates, applies, and leaves nothing to plan."""
    two_way = "link.mode=BIDIRECTIONAL\n"
    dialled = "connection.mode=INBOUND\n" if inbound else "bootstrap.servers=west:9092\n"
    dialling = "remote.link.connection.mode=INBOUND\n" if inbound else ""
    (folder / "east.properties").write_text(
        f"{two_way}{dialled}cluster.link.prefix=west.\nconsumer.offset.sync.enable=true\n"
    )
    (folder / "west.properties").write_text(
        f"{two_way}{dialling}bootstrap.servers=east:9092\ncluster.link.prefix=east.\n"
    )
    (folder / "groups.json").write_text(json.dumps({"groupFilters": [GROUP]}))
    converted = linkctl(
        "convert", "--link", "l", "--config-file", "east.properties", "--config-file", "west.properties",
        "--destination", "east", "--source", "west", "--mirror", "orders", "users",
        "--consumer-group-filters-json-file", "groups.json",
    )  # fmt: skip
    assert converted.code == 0, converted.err
    (folder / "links.yaml").write_text(converted.out)
    assert linkctl("validate", "--strict").code == 0
    planned = linkctl("plan", "--sandbox")
    assert (planned.code, "Plan: 4 to create" in planned.out) == (0, True), planned.out
    applied = linkctl("apply", "--sandbox", "--yes")
    assert applied.code == 0, applied.err
    assert linkctl("plan", "--sandbox", "--detailed-exitcode").code == 0


def test_stdout_is_the_yaml_and_stderr_what_is_not_said(tutorial: Path, linkctl: Linkctl) -> None:
    """The list of what the files leave open; with the options that fill a gap, it is shorter."""
    ran = linkctl(*CONVERT)
    for gap in ("REST endpoint of ig-test2", "what the source is called", "ids of the clusters",
                "whether REST calls want credentials", "which topics are mirrored"):  # fmt: skip
        assert gap in " ".join(ran.err.split())
        assert gap not in ran.out
    filled = linkctl(
        *CONVERT,
        "--source",
        "origin",
        "--mirror",
        "t",
        "--endpoint",
        "ig-test2=http://x:1/kafka/v3",
    )
    assert "REST endpoint" not in filled.err
    assert "restEndpoint: http://x:1/kafka/v3\n" in filled.out
    assert "  origin:\n    bootstrapServers: ig-test1:9092\n" in filled.out


def test_mistakes_leave_stdout_empty(tutorial: Path, linkctl: Linkctl) -> None:
    """Every mistake at its place in its file, and no half-done YAML."""
    (tutorial / "link.properties").write_text(
        PROPERTIES + "consumer.offset.sync.ms=x\nacl.sync.ms=y"
    )
    ran = linkctl(*CONVERT)
    assert (ran.code, ran.out) == (1, "")
    assert "link.properties:3:1: error" in ran.err
    assert "link.properties:4:1: error" in ran.err


def test_files_that_are_not_there(folder: Path, linkctl: Linkctl) -> None:
    """All of them are named in one run."""
    ran = linkctl(*CONVERT)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.count("[unreadable-file]") == 2


def test_what_is_required_is_asked_for(folder: Path, linkctl: Linkctl) -> None:
    """A usage error leaves with 1, and names the option."""
    ran = linkctl("convert", "--link", "l", "--config-file", "link.properties")
    assert ran.code == 1
    assert "--destination" in ran.err
