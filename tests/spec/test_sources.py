"""Reading inputs: files, folders, pipes and standard input."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from reconciler.model.diagnostics import Severity
from reconciler.spec import Source, read_sources
from reconciler.spec.sources import file_fault
from reconciler.spec.text import MAX_BYTES


def nothing() -> bytes:
    """Standard input that must not be touched."""
    raise AssertionError("standard input was read")


def test_a_yml_file_in_a_folder_is_not_passed_over_silently(tmp_path: Path) -> None:
    """It looks as if it were read; named by itself, it is."""
    for name in ("a.yaml", "b.yml", "c.yml", ".d.yml"):
        (tmp_path / name).write_text("version: 1\n")
    sources, problems = read_sources([str(tmp_path)], nothing)
    assert [Path(source.name).name for source in sources] == ["a.yaml"]
    assert [(p.code, p.severity) for p in problems] == [("passed-over", Severity.WARNING)]
    assert "b.yml` and 1 more" in problems[0].message
    named = [str(tmp_path), str(tmp_path / "b.yml"), str(tmp_path / "c.yml")]
    sources, problems = read_sources(named, nothing)
    assert (len(sources), problems) == (3, ())


def test_a_folder_below_a_folder_is_not_passed_over_silently(tmp_path: Path) -> None:
    """Its files are not read either, unless it is named too; what has nothing to read in it is no matter."""
    for name in ("a.yaml", "east/b.yaml", "west/c.yml", ".git/d.yaml", "certs/ca.pem"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("version: 1\n")
    _, problems = read_sources([str(tmp_path)], nothing)
    assert [(p.code, p.severity) for p in problems] == [("passed-over", Severity.NOTE)]
    assert f"{tmp_path / 'east' / 'b.yaml'}` and 1 more" in problems[0].message
    named = [str(tmp_path), str(tmp_path / "east"), str(tmp_path / "west" / "c.yml")]
    sources, problems = read_sources(named, nothing)
    assert (len(sources), problems) == (3, ())


def test_files_and_folders_are_read_in_order(tmp_path: Path) -> None:
    """Files as they are named; of a folder its `*.yaml` by name; each file once."""
    for name in ("b.yaml", "a.yaml", "c.yml", ".hidden.yaml", "notes.txt"):
        (tmp_path / name).write_bytes(name.encode())
    sources, problems = read_sources(
        [str(tmp_path / "c.yml"), str(tmp_path), str(tmp_path / "a.yaml")], nothing
    )
    assert [source.data for source in sources] == [b"c.yml", b"a.yaml", b"b.yaml"]
    assert problems == ()


def test_standard_input_has_a_name(tmp_path: Path) -> None:
    """`-` is standard input, beside files."""
    (tmp_path / "a.yaml").write_bytes(b"file")
    sources, problems = read_sources(["-", str(tmp_path / "a.yaml"), "-"], lambda: b"piped")
    assert sources == (Source("<stdin>", b"piped"), Source(str(tmp_path / "a.yaml"), b"file"))
    assert problems == ()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_as_good_as_a_file(tmp_path: Path) -> None:
    """`-f <(command)` works."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(b"version: 1\n",))
    writer.start()
    sources, problems = read_sources([str(pipe)], nothing)
    writer.join()
    assert (sources, problems) == ((Source(str(pipe), b"version: 1\n"),), ())


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    """Missing file, empty folder, impossible name: one finding each, and the rest is read."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "good.yaml").write_bytes(b"good")
    missing = str(tmp_path / "missing.yaml")
    sources, problems = read_sources(
        [missing, str(tmp_path / "empty"), "a\0b", str(tmp_path / "good.yaml")], nothing
    )
    assert [source.data for source in sources] == [b"good"]
    assert [(p.code, p.subject) for p in problems] == [
        ("unreadable-file", missing),
        ("empty-folder", str(tmp_path / "empty")),
        ("unreadable-file", "a\0b"),
    ]
    assert all(problem.cure for problem in problems)


def test_links_in_a_circle_are_answered(tmp_path: Path) -> None:
    """A name that leads nowhere is a finding like any other."""
    one, two = tmp_path / "one.yaml", tmp_path / "two.yaml"
    one.symlink_to(two)
    two.symlink_to(one)
    sources, problems = read_sources([str(one)], nothing)
    assert (sources, [(p.code, p.subject) for p in problems]) == (
        (),
        [("unreadable-file", str(one))],
    )


def test_an_empty_name_is_not_the_current_folder() -> None:
    """It is a variable of the shell that is not set."""
    sources, problems = read_sources([""], nothing)
    assert (sources, [p.code for p in problems]) == ((), ["unreadable-file"])
    assert "variable" in problems[0].cure


def test_a_huge_file_is_not_read_whole(tmp_path: Path) -> None:
    """Only as much as it takes to refuse it."""
    huge = tmp_path / "huge.yaml"
    with huge.open("wb") as file:
        file.truncate(50_000_000)
    sources, _ = read_sources([str(huge)], nothing)
    assert len(sources[0].data) == MAX_BYTES + 1


def test_sources_do_not_print_what_they_hold() -> None:
    """A source in a log or a traceback shows its name only."""
    assert "hunter2" not in repr(Source("a", b"hunter2"))


def test_what_is_wrong_with_a_file_is_seen_without_opening_it(tmp_path: Path) -> None:
    """Missing, a folder, empty, not ours to read, or no path at all."""
    for name, text in {"good": "x", "empty": "", "shut": "x"}.items():
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "shut").chmod(0)
    faults = {
        "good": None,
        "empty": "is empty",
        "missing": "is not there",
        ".": "is a folder",
        "a\0b": "cannot be read",
        "good/below": "cannot be read",
        "n" * 300: "cannot be read",
    }
    assert {name: file_fault(str(tmp_path / name)) for name in faults} == faults
    may_read = os.access(tmp_path / "shut", os.R_OK)  # as the superuser may
    assert file_fault(str(tmp_path / "shut")) == (None if may_read else "may not be read")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_looked_at_and_not_opened(tmp_path: Path) -> None:
    """To open it would wait for a writer, and to read it would leave nothing for the request."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert file_fault(str(pipe)) is None
    assert file_fault("/dev/stdin") in {None, "is empty", "is not there", "may not be read"}
