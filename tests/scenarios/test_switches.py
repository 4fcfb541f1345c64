"""Turning a filter off and on again, by following what the messages say."""

from __future__ import annotations

from pathlib import Path

from tests.scenarios.conftest import Linkctl
from tests.scenarios.test_story import begin

ON = "consumer.offset.sync.enable: true"
OFF = "consumer.offset.sync.enable: false"


def test_the_messages_lead_out_and_back(linkctl: Linkctl, folder: Path) -> None:
    """A switch goes off with its rows, as language and plan both say, and comes back with them."""
    begin(folder, linkctl)
    file = folder / "links.yaml"
    whole = file.read_text("utf-8")

    file.write_text(whole.replace(ON, OFF), "utf-8")
    refused = linkctl("validate")
    assert refused.code == 1
    assert "or remove `groupFilters`" in " ".join(refused.out.split())

    without = "\n".join(line for line in whole.replace(ON, OFF).split("\n") if not _filter(line))
    file.write_text(without, "utf-8")
    plan = linkctl("plan", "--sandbox")
    assert plan.code == 0
    assert "[switch-clears-filter]" in plan.out
    assert "the file no longer lists them" in " ".join(plan.out.split())
    assert linkctl("apply", "--sandbox", "--yes").code == 0
    assert linkctl("plan", "--sandbox", "--detailed-exitcode").code == 0

    file.write_text(whole, "utf-8")
    assert linkctl("apply", "--sandbox", "--yes").code == 0
    assert linkctl("plan", "--sandbox", "--detailed-exitcode").code == 0


def _filter(line: str) -> bool:
    return "groupFilters" in line or "patternType" in line
