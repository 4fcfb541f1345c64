"""A copy of the live estate, to rehearse on."""

from __future__ import annotations

import json
from pathlib import Path

from tests.scenarios.conftest import Linkctl
from tests.scenarios.test_story import begin, edit, request, watch


def test_a_copy_plans_like_the_original(linkctl: Linkctl, folder: Path) -> None:
    """`sandbox scenario` writes what was read: a world made from it holds the same, down to the link's id."""
    begin(folder, linkctl)
    watch(linkctl, interval=60)
    edit(folder, "      - users\n", "      - {name: users, state: paused}\n")
    assert linkctl("apply", "--sandbox", "--yes").code == 0
    link_id = json.loads(request(linkctl, "ig-test2", "GET", "links/test-link").out)[
        "cluster_link_id"
    ]

    copy = linkctl("sandbox", "scenario", "--sandbox")
    assert copy.code == 0
    (folder / "copy.yaml").write_text(copy.out, "utf-8")
    assert linkctl("sandbox", "reset", "--scenario", "copy.yaml").code == 0

    again = json.loads(request(linkctl, "ig-test2", "GET", "links/test-link").out)
    assert again["cluster_link_id"] == link_id
    assert linkctl("plan", "--sandbox", "--detailed-exitcode").code == 0
    assert linkctl("sandbox", "scenario", "--sandbox").out == copy.out


def test_half_an_estate_is_no_copy(linkctl: Linkctl, folder: Path) -> None:
    """P6: when something cannot be read, nothing is written and the exit code is 1."""
    text = (folder / "links.yaml").read_text("utf-8")
    (folder / "links.yaml").write_text(
        text.replace("http://ig-test", "http://127.0.0.1:1/ig-test"), "utf-8"
    )
    ran = linkctl("sandbox", "scenario")
    assert (ran.code, ran.out) == (1, "")
    assert "127.0.0.1:1" in ran.err
