"""`linkctl demo`: the main job from the first plan to the last drift, on the embedded sandbox.

Every command is a process of its own, as a user would start it, in a temporary folder that is removed at the end.
"""

from __future__ import annotations

import difflib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reconciler.cli.console import Console
from reconciler.cli.exit_codes import ExitCode
from reconciler.resources import resource

GROUP = "connect-FileStreamSinkConnectorConnector_1"
WORLD = {
    "version": 1,
    "catchUpRate": 20,
    "clusters": [
        {
            "name": "ig-test1",
            "bootstrapServers": "ig-test1:9092",
            "topics": [
                {"name": "users", "partitions": 3, "records": 300, "produceRate": 30},
                {"name": "test-topic", "partitions": 1, "records": 12},
            ],
            "groups": [{"name": GROUP, "topics": {"users": 45}, "members": 1}],
        },
        {"name": "ig-test2", "bootstrapServers": "ig-test2:9092"},
    ],
}
"""`users` is fed all the time, `test-topic` holds a few records, and a sink connector reads `users`. The link is slow
enough for its lag to be seen.
"""

RECORD = json.dumps({"value": {"type": "STRING", "data": "hello"}})
BURST = "\n".join([RECORD] * 240)
FILES = {"world.json": json.dumps(WORLD), "burst.json": BURST}
READING_SECONDS = 1.5


@dataclass(frozen=True, slots=True)
class Command:
    """A command line, and the exit code that the story expects."""

    arguments: tuple[str, ...]
    code: ExitCode = ExitCode.OK


@dataclass(frozen=True, slots=True)
class Edit:
    """A line of links.yaml that somebody changes."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Act:
    """A part of the story with the result that it shows."""

    title: str
    result: str
    scenes: tuple[Command | Edit, ...] = field(default=())


def linkctl(line: str, code: ExitCode = ExitCode.OK, *more: str) -> Command:
    """A command as it is typed; `more` are arguments with blanks in them."""
    return Command((*line.split(), *more), code)


ACTS = (
    Act(
        "A link with a consumer-group filter and two mirror topics",
        "planned as three creations, applied, and then: nothing to do",
        (
            linkctl("validate"),
            linkctl("plan --sandbox"),
            linkctl("apply --sandbox --yes"),
            linkctl("plan --sandbox --detailed-exitcode"),
        ),
    ),
    Act(
        "How the mirrors catch up, and where the group stands on both clusters",
        "link and mirrors ACTIVE, lag worked off, offsets side by side",
        (linkctl("status --sandbox --watch --count 4 --interval 5"),),
    ),
    Act(
        "A producer tries to write to the mirror",
        "refused: a mirror topic is read-only",
        (
            linkctl(
                "sandbox request ig-test2 POST topics/users/records --data", ExitCode.ERROR, RECORD
            ),
        ),
    ),
    Act(
        "A burst on the source, and then disaster: fail `users` over",
        "refused without consent, then STOPPED; writable; not synced; done once",
        (
            linkctl(
                "sandbox request ig-test1 POST topics/users/records --quiet --data @burst.json"
            ),
            Edit("      - users\n", "      - {name: users, state: failed_over}\n"),
            linkctl("plan --sandbox"),
            linkctl("apply --sandbox --yes", ExitCode.REFUSED),
            linkctl("apply --sandbox --yes --allow failover"),
            linkctl(
                "sandbox request ig-test2 POST topics/users/records --data", ExitCode.OK, RECORD
            ),
            linkctl("status --sandbox --watch --count 2 --interval 15"),
            linkctl("apply --sandbox --yes"),
        ),
    ),
    Act(
        "`test-topic` has caught up: promote it",
        "passes the gate (lag zero, twice) and ends STOPPED",
        (
            Edit("      - test-topic\n", "      - {name: test-topic, state: promoted}\n"),
            linkctl("apply --sandbox --yes --allow promote"),
        ),
    ),
    Act(
        "Somebody changes the link behind our back",
        "the plan shows what was changed (exit 2), and apply puts it back",
        (
            linkctl(
                "sandbox request ig-test2 PUT links/test-link/configs/consumer.offset.sync.ms --data",
                ExitCode.OK,
                json.dumps({"value": "60000"}),
            ),
            linkctl("plan --sandbox --detailed-exitcode", ExitCode.PENDING),
            linkctl("apply --sandbox --yes"),
            linkctl("plan --sandbox --detailed-exitcode"),
        ),
    ),
)


def demo() -> int:
    """Watch the whole story on the embedded sandbox: create, verify, fail over, promote, and repair drift."""
    console = Console.standard()
    folder = Path(tempfile.mkdtemp(prefix="linkctl-demo-"))
    try:
        stage = Stage(console, folder, pause=time.sleep if console.out.isatty() else _no_pause)
        return _play(stage)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _no_pause(_: float) -> None:
    """Nobody reads along in a pipe."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the story is played."""

    console: Console
    folder: Path
    pause: Callable[[float], None]

    @property
    def links(self) -> Path:
        """The file that the story edits."""
        return self.folder / "links.yaml"

    def say(self, text: str) -> None:
        """A line of the narrator's."""
        self.console.result(text)

    def command(self, arguments: Sequence[str]) -> int:
        """Run `linkctl` as a user would and return its exit code; its output is the story's."""
        environment = {**os.environ, "COLUMNS": str(self.console.width)}
        ran = subprocess.run(  # noqa: S603 - our own command line, with arguments from the table above
            [sys.executable, "-m", "reconciler", *arguments],
            cwd=self.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            check=False,
        )
        return ran.returncode


def _play(stage: Stage) -> ExitCode:
    stage.links.write_bytes(resource("links.example.yaml"))
    for name, content in FILES.items():
        (stage.folder / name).write_text(content, "utf-8")
    stage.say("links.yaml:\n")
    stage.say("".join(f"    {line}\n" for line in _uncommented(stage.links.read_text("utf-8"))))
    if not _scene(stage, linkctl("sandbox reset --scenario world.json")):
        return ExitCode.ERROR
    for number, act in enumerate(ACTS, start=1):
        stage.pause(READING_SECONDS)
        stage.say(f"\n━━ {number}. {act.title} ━━")
        if not all(_scene(stage, scene) for scene in act.scenes):
            return ExitCode.ERROR
    stage.say("\n━━ What you saw ━━")
    for number, act in enumerate(ACTS, start=1):
        stage.say(f"  {number}. {act.title}\n     {act.result}")
    return ExitCode.OK


def _scene(stage: Stage, scene: Command | Edit) -> bool:
    """Show one command or edit; whether it went as the story says."""
    if isinstance(scene, Edit):
        _edit(stage, scene)
        return True
    stage.say("\n$ " + " ".join(["linkctl", *map(_shown, scene.arguments)]))
    code = stage.command(scene.arguments)
    if code != scene.code:
        stage.console.note(
            f"demo: expected exit code {int(scene.code)}, got {code}; please report this"
        )
        return False
    if code:
        stage.say(f"(exit code {code})")
    return True


def _edit(stage: Stage, edit: Edit) -> None:
    before = stage.links.read_text("utf-8")
    after = before.replace(edit.before, edit.after)
    stage.links.write_text(after, "utf-8")
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=1)
    stage.say("\nedit links.yaml:")
    stage.say(
        "\n".join(f"    {line}" for line in lines if not line.startswith(("---", "+++", "@@")))
    )


def _shown(argument: str) -> str:
    return f"'{argument}'" if " " in argument or '"' in argument else argument


def _uncommented(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
