"""What holds for every command: streams, exit codes, colour, and messages without a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.scenarios.conftest import Linkctl

LINKCTL = [sys.executable, "-m", "reconciler"]


@pytest.mark.parametrize(
    "line",
    [
        "plan --no-such-option",
        "nonsense",
        "plan --format yaml",
        "apply --parallelism 0 --yes",
        "sandbox request",
        "plan --endpoint nonsense",
        "plan --endpoint other=http://127.0.0.1:1/kafka/v3",
        "plan --var nonsense",
        "apply --yes --allow everything",
        "apply --yes --allow promote=0",
        "plan -f missing.yaml",
        "sandbox reset --scenario missing.yaml",
    ],
)
def test_a_wrong_command_line_leaves_with_1(linkctl: Linkctl, line: str) -> None:
    """A usage error is 1, never the parser's 2, and says what to do on stderr, with nothing on stdout."""
    ran = linkctl(*line.split())
    assert ran.code == 1, line
    assert ran.out == ""
    assert ran.err
    assert "Traceback" not in ran.err


def test_apply_without_a_terminal_wants_yes(linkctl: Linkctl) -> None:
    """Nobody can be asked in a pipe: exit 1 and a cure, before anything is read."""
    ran = linkctl("apply", "--sandbox")
    assert ran.code == 1
    assert "--yes" in ran.err


def test_wrong_yaml_is_told_with_its_places_all_at_once(linkctl: Linkctl, folder: Path) -> None:
    """P9: every complaint says file:line:column, what is wrong and what to do, all in one run."""
    text = (folder / "links.yaml").read_text("utf-8")
    broken = text.replace("mirrorTopics:", "mirorTopics:").replace(
        "source: ig-test1", "source: ig-test9"
    )
    (folder / "links.yaml").write_text(broken, "utf-8")
    ran = linkctl("plan", "--sandbox")
    assert ran.code == 1
    assert ran.out == ""
    assert "links.yaml:17:13: error: no cluster of this name is declared" in ran.err
    assert "links.yaml:24:5: error: `mirorTopics` is not known" in ran.err
    assert "did you mean `mirrorTopics`?" in ran.err


def test_validate_reads_standard_input(folder: Path) -> None:
    """`-f -` is standard input, and a finding in it is placed in <stdin>."""
    ran = subprocess.run(
        [*LINKCTL, "validate", "-f", "-", "--format", "json"],
        input=b"version: 1\nclusters: {}\nlinks: []\nextra: 1\n",
        capture_output=True,
        check=False,
        cwd=folder,
    )
    assert ran.returncode == 1
    (finding,) = json.loads(ran.stdout)["diagnostics"]
    assert finding["position"] == {"file": "<stdin>", "line": 4, "column": 1}


def test_a_reader_that_leaves_is_no_disaster(folder: Path) -> None:
    """`linkctl … | head -1` prints no traceback."""
    read, write = os.pipe()
    os.close(read)
    ran = subprocess.run(
        [*LINKCTL, "schema"], stdout=write, stderr=subprocess.PIPE, check=False, cwd=folder
    )
    os.close(write)
    assert b"Traceback" not in ran.stderr
    assert b"Exception" not in ran.stderr


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_full_disk_is_said_and_stops_no_run(folder: Path, stream: str) -> None:
    """What cannot be printed is no traceback; progress that nobody can read stops no apply."""
    with Path("/dev/full").open("wb") as full:
        other = "stderr" if stream == "stdout" else "stdout"
        ran = subprocess.run(
            [*LINKCTL, "apply", "--sandbox", "--yes"],
            check=False,
            cwd=folder,
            text=True,
            **{stream: full, other: subprocess.PIPE},  # type: ignore[call-overload]
        )
    said = ran.stderr if stream == "stdout" else ran.stdout
    assert "Traceback" not in said
    if stream == "stdout":
        assert ran.returncode == 1
        assert "No space left" in said
    else:
        assert ran.returncode == 0
        assert "3 succeeded" in said


def test_a_url_of_the_wrong_form_is_not_repeated(linkctl: Linkctl) -> None:
    """P7: a password in the URL of --endpoint is refused and never printed."""
    ran = linkctl("plan", "--endpoint", "ig-test2=http://me:hunter2-MARKER@host:8090/kafka/v3")
    assert ran.code == 1
    assert "without user" in ran.err
    assert "hunter2-MARKER" not in ran.out + ran.err


def test_no_colour_where_there_is_no_terminal(linkctl: Linkctl) -> None:
    """A pipe gets plain text, and stdout carries the result and nothing else."""
    ran = linkctl("plan", "--sandbox")
    assert "\x1b[" not in ran.out + ran.err
    assert ran.out.startswith("ig-test2/test-link\n")


@pytest.mark.parametrize("document", ["links", "plan", "status", "run", "diagnostics", "scenario"])
def test_schemas_are_published(linkctl: Linkctl, document: str) -> None:
    """`linkctl schema` prints each published document as JSON Schema 2020-12."""
    ran = linkctl("schema", document)
    assert ran.code == 0
    assert json.loads(ran.out)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize(
    ("document", "line"),
    [
        ("plan", "plan --sandbox --format json"),
        ("run", "apply --sandbox --yes --format json"),
        ("status", "status --sandbox --format json"),
        ("diagnostics", "validate --format json"),
    ],
)
def test_a_printed_schema_needs_no_other_file(linkctl: Linkctl, document: str, line: str) -> None:
    """What `linkctl schema` prints is enough to check what a command prints."""
    published = Draft202012Validator(json.loads(linkctl("schema", document).out))
    assert list(published.iter_errors(json.loads(linkctl(*line.split()).out))) == []


def test_version(linkctl: Linkctl) -> None:
    """`linkctl version` is one line."""
    assert linkctl("version").out.startswith("linkctl 0.")


def test_validate_is_offline(folder: Path) -> None:
    """P1: with every use of a socket forbidden, `validate` does all of its work."""
    probe = (
        "import sys\n"
        "def forbid(event, _):\n"
        "    if event.startswith('socket.'):\n"
        "        raise RuntimeError('a socket: ' + event)\n"
        "sys.addaudithook(forbid)\n"
        "from reconciler.cli.main import run\n"
        "run(['validate', '-f', 'links.yaml'])\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", probe], cwd=folder, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "Valid.\n", "")


def test_convert_takes_several_mirrors_after_one_option(linkctl: Linkctl, folder: Path) -> None:
    """`--mirror a b c` is what people type; a name given twice is one mirror topic."""
    (folder / "link.properties").write_text("bootstrap.servers=ig-test1:9092\n", "utf-8")
    line = "convert --link l --config-file link.properties --destination ig-test2 --mirror a b --mirror a"
    ran = linkctl(*line.split())
    assert ran.code == 0, ran.err
    assert ran.out.count("      - a\n") == 1
    assert "      - b\n" in ran.out
    stray = linkctl(*line.replace("--mirror a b --mirror a", "b").split())
    assert stray.code == 1
    assert "names of mirror topics follow" in stray.err


def test_a_folder_is_no_single_file(linkctl: Linkctl, folder: Path) -> None:
    """Where one file is wanted, a folder is refused as such."""
    (folder / "many").mkdir()
    for line in (
        "sandbox reset --scenario many",
        "convert --link l --config-file many --destination b",
    ):
        ran = linkctl(*line.split())
        assert ran.code == 1
        assert "[not-one-file]" in ran.err
