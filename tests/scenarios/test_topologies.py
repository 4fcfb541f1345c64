"""The pages of docs/topologies: each YAML in them validates, plans, applies and is then as declared."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.scenarios.conftest import Linkctl

PAGES = Path(__file__).resolve().parents[2] / "docs" / "topologies"
_BLOCK = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_VARIABLE = re.compile(r"\$\{env:(\w+)\}")
EXAMPLES = {
    f"{page.stem}-{number}": text
    for page in sorted(PAGES.glob("*.md"))
    for number, text in enumerate(_BLOCK.findall(page.read_text("utf-8")), start=1)
}
# What only the page knows: the link objects that it makes, in the order in which they are made.
LINKS = {
    "bidirectional-1": ["oslo/paris-oslo", "paris/paris-oslo"],
    "bidirectional-2": ["shore/ship-shore", "ship/ship-shore"],
    "destination-1": ["orders-west/east-to-west"],
    "plain-kafka-source-1": ["cloud/from-msk"],
    "source-1": ["cloud/out-of-the-datacenter", "datacenter/out-of-the-datacenter"],
}


def test_every_topology_has_its_page() -> None:
    """A page for each shape of Cluster Linking, both shapes of a bidirectional one included."""
    assert sorted(EXAMPLES) == sorted(LINKS)


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_the_page_keeps_its_word(
    name: str, linkctl: Linkctl, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`validate`, `plan`, `apply`, and a second plan that is empty; `export` gives a file whose plan is empty too."""
    (folder / "links.yaml").write_text(EXAMPLES[name], "utf-8")
    for variable in _VARIABLE.findall(EXAMPLES[name]):
        monkeypatch.setenv(variable, "m4rk3r")
    assert (checked := linkctl("validate", "--strict")).code == 0, checked.out
    planned = linkctl("plan", "--sandbox", "--format", "json")
    assert planned.code == 0, planned.err
    changes = json.loads(planned.out)["changes"]
    made = [change["address"] for change in changes if change["kind"] == "create-link"]
    assert sorted(made) == sorted(LINKS[name])
    applied = linkctl("apply", "--sandbox", "--yes")
    assert applied.code == 0, applied.out + applied.err
    order = [place for line in applied.err.splitlines() if (place := _made(line))]
    assert order == LINKS[name]
    assert linkctl("plan", "--sandbox", "--detailed-exitcode").code == 0
    exported = linkctl("export", "--sandbox")
    assert exported.code == 0, exported.err
    (folder / "live.yaml").write_text(exported.out, "utf-8")
    again = linkctl("plan", "--sandbox", "--detailed-exitcode", "-f", "live.yaml")
    assert again.code == 0, again.out
    assert "m4rk3r" not in planned.out + applied.out + applied.err + exported.out + exported.err


def _made(line: str) -> str:
    found = re.fullmatch(r"ok +create link (\S+)", line)
    return found[1] if found else ""
