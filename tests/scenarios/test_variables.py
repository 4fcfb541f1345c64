"""Values of `${var:NAME}`, from the command line and from files that are shared with shells."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.model.errors import InputError
from reconciler.workflows.variables import parse_variables
from tests.scenarios.conftest import Linkctl

LINKS = """\
version: 1
clusters:
  a: {bootstrapServers: "${var:HOST}:9092"}
  b: {restEndpoint: "http://b:8090/kafka/v3"}
links:
  - {name: l, source: a, destination: b}
"""


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("E=z", "z"),
        ("  E = z  ", "z"),
        ("export E=z", "z"),
        ("export\tE='z'", "z"),
        ('E="z"', "z"),
        ("E=' z '", " z "),
        ('E="it\'s"', "it's"),
        ("E=it's", "it's"),
        ('E=""', ""),
        ("E=export z", "export z"),
        ("E=a=b", "a=b"),
        ("# F=1\n\nE=z#y", "z#y"),
        ("E='z # all of it'", "z # all of it"),
    ],
)
def test_lines_that_shells_read_too(line: str, value: str) -> None:
    """`export` and the quotes around a value are the shell's, and all else is the value."""
    assert parse_variables([], {"f": line}) == {"E": value}


def test_the_command_line_is_taken_as_it_is_and_wins() -> None:
    """Its quotes have been taken away by the shell already."""
    assert parse_variables(['E="y"', "F= x"], {"f": "E=z"}) == {"E": '"y"', "F": " x"}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("E", "not NAME=VALUE"),
        ("=m4rk3r", "not NAME=VALUE"),
        ("set E=m4rk3r", "no `${var:NAME}` can have the name"),
        ("0E=m4rk3r", "no `${var:NAME}` can have the name"),
        ('E="m4rk3r', "quote"),
        ('E="', "quote"),
        ("E='m4rk3r'x", "quote"),
        ('E="m4rk3r" # why', "stands behind a blank"),
        ("E=m4rk3r # why", "stands behind a blank"),
        ("E= # m4rk3r", "stands behind a blank"),
    ],
)
def test_a_line_that_is_none_is_told_with_its_place(line: str, words: str) -> None:
    """Without what stands in it, which may be secret."""
    with pytest.raises(InputError) as caught:
        parse_variables([], {"f": f"A=1\n{line}"})
    (finding,) = caught.value.diagnostics
    assert (finding.code, finding.where) == ("bad-variable", "f:2")
    assert words in finding.message
    assert "m4rk3r" not in repr(finding)


def test_a_name_on_the_command_line_is_judged_too() -> None:
    """No reference could ever name it."""
    with pytest.raises(InputError) as caught:
        parse_variables(["export E=1"], {})
    assert [d.where for d in caught.value.diagnostics] == ["--var"]


def test_a_file_of_a_shell_serves_as_it_is(folder: Path, linkctl: Linkctl) -> None:
    """Also one that an editor has begun with a byte order mark."""
    (folder / "links.yaml").write_text(LINKS)
    (folder / "vars").write_text('\ufeffexport HOST="one.example.com"\n', "utf-8")
    ran = linkctl("validate", "--var-file", "vars")
    assert ran.code == 0, ran.out
