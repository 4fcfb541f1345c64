"""The README shows real output."""

from __future__ import annotations

import re
from pathlib import Path

from reconciler.cli.commands.demo import ACTS
from tests.scenarios.conftest import Linkctl
from tests.scenarios.test_story import begin, edit, request

README = Path(__file__).resolve().parents[2] / "README.md"


def shown(command: str) -> str:
    """The output that the README shows beneath a command."""
    blocks = re.findall(
        r"^```\n(.*?)^```$", README.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL
    )
    (block,) = [block for block in blocks if block.startswith(f"$ {command}\n")]
    return str(block.removeprefix(f"$ {command}\n"))


def test_the_plan_in_the_readme_is_what_is_printed(linkctl: Linkctl, folder: Path) -> None:
    """A drifted config, a new mirror topic and a failover, as `plan` prints them at 80 columns."""
    begin(folder, linkctl)
    request(
        linkctl,
        "ig-test2",
        "PUT",
        "links/test-link/configs/consumer.offset.sync.ms",
        '{"value": "60000"}',
    )
    edit(folder, "      - users\n", "      - {name: users, state: failed_over}\n      - orders\n")
    assert linkctl("plan", "--sandbox").out == shown("linkctl plan --sandbox")


def test_the_readme_has_the_two_commands_and_the_story() -> None:
    """A newcomer needs `make demo` and `make test`, and every act of the demo is announced."""
    text = README.read_text("utf-8")
    assert "make demo" in text
    assert "make test" in text
    assert len(ACTS) == 6
