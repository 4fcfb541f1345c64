"""How a command ends when something is in its way: the exit code, what is said, and that it ends at all."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import resource as limits
import select
import signal
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from tests.scenarios.conftest import Linkctl, raw_server
from tests.scenarios.test_story import begin, edit

LINKCTL = [sys.executable, "-m", "reconciler"]


def test_what_protect_beats_is_refused(linkctl: Linkctl, folder: Path) -> None:
    """P5: a protected mirror topic is refused with 3 whatever the consent, and nothing is written."""
    begin(folder, linkctl)
    edit(folder, "      - users\n", "      - {name: users, state: absent}\n")
    edit(folder, "links:\n", "protect: ['us*']\nlinks:\n")
    ran = linkctl("apply", "--sandbox", "--yes", "--allow", "delete-topic")
    assert ran.code == 3
    assert "[protected]" in ran.out


def test_a_file_in_the_place_of_the_journals(linkctl: Linkctl, folder: Path) -> None:
    """Without a place for the journal nothing is sent, and that is said at once."""
    (folder / ".linkctl").mkdir()
    (folder / ".linkctl" / "runs").touch()
    ran = linkctl("apply", "--sandbox", "--yes")
    assert ran.code == 1
    assert "[no-journal]" in ran.err
    assert linkctl("plan", "--sandbox", "--detailed-exitcode").code == 2


def test_a_file_in_the_place_of_the_sandbox(linkctl: Linkctl, folder: Path) -> None:
    """What is in the way is named."""
    (folder / ".linkctl").touch()
    ran = linkctl("plan", "--sandbox")
    assert ran.code == 1
    assert ".linkctl: error: the sandbox cannot be kept here" in ran.err


@pytest.mark.parametrize("room", [1024, 1500])
def test_a_journal_that_breaks_ends_the_run_with_a_report(
    linkctl: Linkctl, folder: Path, room: int
) -> None:
    """A disk that fills up in the middle: what was done and what remains is told, and a second run goes on."""

    def small_files() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        limits.setrlimit(limits.RLIMIT_FSIZE, (room, room))

    with served(folder) as endpoints:
        ran = subprocess.run(
            [*LINKCTL, "apply", "--yes", *endpoints],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=small_files,
        )
        assert ran.returncode == 4, ran.stdout + ran.stderr
        assert "[journal-broken]" in ran.stderr
        assert ".jsonl: error: the journal of this run" in ran.stderr
        # How far it comes depends on how often it has to wait, since each look is a line of the journal.
        assert re.search(r"^Run: [12] steps?, ", ran.stdout, re.MULTILINE)
        assert re.search(r"Remaining: [12] to create", ran.stdout)
        assert "Traceback" not in ran.stderr
        assert linkctl("apply", "--yes", *endpoints).code == 0


class served:  # noqa: N801 - reads as the context that it is
    """The sandbox on loopback, as the options that lead to it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> list[str]:
        self._process = subprocess.Popen(
            [*LINKCTL, "sandbox", "serve", "--speed", "100"],
            cwd=self._folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        ready = json.loads(self._process.stdout.readline())
        pairs = [f"{row['name']}={row['url']}" for row in ready["clusters"]]
        return [word for pair in pairs for word in ("--endpoint", pair)]

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGINT)
        self._process.communicate(timeout=10)


def test_json_says_what_went_wrong(linkctl: Linkctl, folder: Path) -> None:
    """A program that reads stdout finds there why nothing was done."""
    begin(folder, linkctl)
    edit(folder, "      - users\n", "      - {name: users, state: failed_over}\n")
    for arguments, code, finding in (
        (["apply", "--sandbox", "--yes", "--format", "json"], 3, "consent-missing"),
        (["plan", "-f", "nope.yaml", "--format", "json"], 1, "unreadable-file"),
        (["status", "-f", "nope.yaml", "--format", "json"], 1, "unreadable-file"),
    ):
        ran = linkctl(*arguments)
        assert ran.code == code
        said = json.loads(ran.out)
        assert said["format"] == "linkctl.diagnostics/1"
        assert [row["code"] for row in said["diagnostics"]] == [finding]


@pytest.mark.parametrize(
    "line", ["-f nope.yaml --count 2", "--bogus", "--sandbox --count 2 --target nope/x"]
)
def test_an_error_in_a_stream_of_looks_is_one_line(linkctl: Linkctl, line: str) -> None:
    """Who reads `status --watch` line by line reads an error the same way."""
    ran = linkctl("status", "--watch", "--format", "json", *line.split())
    assert ran.code == 1
    *_, last = ran.out.splitlines()
    assert json.loads(last)["format"] == "linkctl.diagnostics/1"


@pytest.mark.parametrize(
    "line",
    [
        "apply --bogus --format json",
        "plan --format=json extra",
        "status --interval soon --format json",
        "apply --format json --target",
        "validate --format json --var",
        "convert --format json",
        "bogus --format json",
    ],
)
def test_a_usage_error_is_json_where_json_was_asked_for(linkctl: Linkctl, line: str) -> None:
    """Whatever is wrong with the command line, a program finds it where the result would be; people on stderr."""
    ran = linkctl(*line.split())
    assert ran.code == 1
    said = json.loads(ran.out)
    assert said["format"] == "linkctl.diagnostics/1"
    assert [row["code"] for row in said["diagnostics"]] == ["usage"]
    assert "[usage]" in ran.err


def test_a_usage_error_without_json_leaves_stdout_empty(linkctl: Linkctl) -> None:
    """Nobody who did not ask for JSON gets it."""
    assert linkctl("apply", "--bogus", "--format", "text").out == ""
    assert linkctl("validate", "--var", "x", "--format", "json").out != ""


@pytest.mark.parametrize("command", ["plan", "apply --yes", "status"])
def test_a_target_that_names_nothing(linkctl: Linkctl, command: str) -> None:
    """A misspelt target is an error of every command, never a quiet success about nothing."""
    ran = linkctl(*command.split(), "--sandbox", "--target", "typo")
    assert ran.code == 1
    assert "[target-unknown]" in ran.out + ran.err


def test_credentials_over_a_plain_endpoint_are_warned_of(linkctl: Linkctl, folder: Path) -> None:
    """`--endpoint http://…` in place of https is not silent when the cluster has credentials."""
    edit(
        folder,
        "restEndpoint: http://ig-test2:8090/kafka/v3",
        'restEndpoint: https://ig-test2:8090/kafka/v3\n    auth: {bearer: {token: "${env:HOME}"}}',
    )
    with raw_server(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n") as (url, _):
        ran = linkctl("plan", "--endpoint", f"ig-test2={url}", "--endpoint", f"ig-test1={url}")
    assert "[endpoint-in-clear]" in ran.err


def test_a_closed_standard_input_is_said(folder: Path) -> None:
    """`-f - <&-` is one line."""
    ran = subprocess.run(
        ["/bin/sh", "-c", f"{sys.executable} -m reconciler validate -f - <&-"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    assert "[closed-stdin]" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_what_an_encoding_cannot_say_is_escaped(folder: Path) -> None:
    """A name that does not fit the encoding of stdout is escaped, not a traceback at the end of the work."""
    (folder / "é.yaml").write_bytes((folder / "links.yaml").read_bytes())
    ran = subprocess.run(
        [*LINKCTL, "plan", "-f", "é.yaml", "--sandbox"],
        cwd=folder,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )
    assert ran.returncode == 0
    assert b"\\xe9.yaml:16" in ran.stdout


def on_a_terminal(folder: Path, keys: bytes) -> tuple[int, str]:
    """Run `linkctl apply --sandbox` on a terminal, type these keys once the question is there, and wait for the end."""
    terminal, inside = pty.openpty()
    process = subprocess.Popen(
        [*LINKCTL, "apply", "--sandbox"],
        cwd=folder,
        stdin=inside,
        stdout=inside,
        stderr=inside,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )
    os.close(inside)
    said, asked = b"", False
    try:
        while select.select([terminal], [], [], 20)[0]:
            try:
                said += os.read(terminal, 4096)
            except OSError:
                break
            if not asked and b"as a yes: " in said:
                asked = True
                os.write(terminal, keys)
        return process.wait(timeout=5), said.decode()
    finally:
        process.kill()
        process.wait()
        os.close(terminal)


def test_yes_on_a_terminal_applies(folder: Path) -> None:
    """The question is put on a terminal, and "yes" is a yes."""
    code, said = on_a_terminal(folder, b"yes\n")
    assert code == 0, said
    assert "3 succeeded" in said


@pytest.mark.parametrize("word", [b"no\n", b"y\n", b"\n"])
def test_anything_else_is_a_no(folder: Path, word: bytes) -> None:
    """Whatever is not "yes" writes nothing and is no success, so that `apply && next` stops."""
    code, said = on_a_terminal(folder, word)
    assert code == 1
    assert "cancelled: nothing was written" in said
    assert not (folder / ".linkctl" / "sandbox.json").exists()


def test_one_ctrl_c_at_the_question_is_enough(folder: Path) -> None:
    """Ctrl-C at the question leaves with 130 and says that nothing was written."""
    code, said = on_a_terminal(folder, b"\x03")
    assert code == 130
    assert "nothing was written" in said


def test_a_target_speaks_for_itself_only(linkctl: Linkctl, folder: Path) -> None:
    """With a target, "as declared" would say too much: the rest was not looked at."""
    begin(folder, linkctl)
    edit(folder, "      - users\n", "      - {name: users, state: failed_over}\n")
    ran = linkctl("plan", "--sandbox", "--target", "ig-test2/test-link/test-topic")
    assert (ran.code, ran.out) == (
        0,
        "No changes for what was targeted. The rest was not looked at.\n",
    )


def test_the_embedded_sandbox_asks_for_no_credentials(linkctl: Linkctl, folder: Path) -> None:
    """References that are not set keep no apply with --sandbox from working, and nobody is warned of them; elsewhere
    they do and one is.
    """
    edit(
        folder,
        "    groupFilters:\n",
        '    credentials: {sasl: {mechanism: PLAIN, username: "${env:NOT_SET_U}", password: "${file:not-there}"}}\n'
        "    groupFilters:\n",
    )
    assert "unset-reference" in linkctl("validate").out
    applied = linkctl("apply", "--sandbox", "--yes")
    assert applied.code == 0
    asked = linkctl("sandbox", "request", "ig-test2", "GET", "links")
    assert "unset-reference" not in applied.err + asked.err
    assert linkctl("plan", "--sandbox", "--detailed-exitcode").code == 0
    with served(folder) as endpoints:
        ran = linkctl("apply", "--yes", *endpoints)
        assert ran.code == 1
        assert "[unset-reference]" in ran.err
        assert "[unresolved-reference]" in ran.err
