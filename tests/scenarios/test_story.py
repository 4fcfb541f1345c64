"""The main job from end to end, through the command line, on the embedded sandbox."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from reconciler.cli.commands.demo import ACTS, GROUP, RECORD, WORLD
from reconciler.resources import resource
from tests.scenarios.conftest import Linkctl, Ran


def begin(folder: Path, linkctl: Linkctl) -> None:
    """The world of the demo, with the link and its mirrors applied."""
    (folder / "world.json").write_text(json.dumps(WORLD), "utf-8")
    assert linkctl("sandbox", "reset", "--scenario", "world.json").code == 0
    assert linkctl("apply", "--sandbox", "--yes").code == 0


def edit(folder: Path, before: str, after: str) -> None:
    """Change a line of links.yaml."""
    text = (folder / "links.yaml").read_text("utf-8")
    assert before in text
    (folder / "links.yaml").write_text(text.replace(before, after), "utf-8")


def watch(linkctl: Linkctl, *, interval: int) -> list[dict[str, Any]]:
    """What `status` says of the one link, now and `interval` seconds later."""
    ran = linkctl(
        *f"status --sandbox --format json --watch --count 2 --interval {interval}".split()
    )
    return [json.loads(line)["links"][0] for line in ran.out.splitlines()]


def request(linkctl: Linkctl, cluster: str, method: str, path: str, data: str | None = None) -> Ran:
    return linkctl("sandbox", "request", cluster, method, path, *(("--data", data) if data else ()))


def test_the_demo_tells_it_all_and_leaves_nothing_behind(tmp_path: Path) -> None:
    """`linkctl demo` without a terminal: exit 0, six results, every command shown before its output, no file left."""
    ran = subprocess.run(
        [sys.executable, "-m", "reconciler", "demo"],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "TMPDIR": str(tmp_path), "HOME": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    for number, act in enumerate(ACTS, start=1):
        assert f"━━ {number}. {act.title} ━━" in ran.stdout
        assert f"  {number}. {act.title}\n     {act.result}\n" in ran.stdout
    shown = ran.stdout.index("$ linkctl plan --sandbox\n")
    assert shown < ran.stdout.index("Plan: 3 to create, 0 to change, 0 irreversible.")
    assert list(tmp_path.iterdir()) == []
    assert "\x1b[" not in ran.stdout


def test_plan_apply_plan_in_three_processes(tmp_path: Path) -> None:
    """Three separate processes on links.example.yaml leave with 2, 0 and 0."""
    (tmp_path / "links.example.yaml").write_bytes(resource("links.example.yaml"))
    codes = [
        subprocess.run(
            [
                sys.executable,
                "-m",
                "reconciler",
                *line.split(),
                "-f",
                "links.example.yaml",
                "--sandbox",
            ],
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=60,
        ).returncode
        for line in ("plan --detailed-exitcode", "apply --yes", "plan --detailed-exitcode")
    ]
    assert codes == [2, 0, 0]


def test_three_creations_then_nothing_to_do(linkctl: Linkctl, folder: Path) -> None:
    """P3: create the link first, then both mirrors; a second plan and a second apply have nothing to do."""
    planned = json.loads(linkctl("plan", "--sandbox", "--format", "json").out)
    assert [step["verb"] for step in planned["steps"]] == [
        "create-link",
        "create-mirror",
        "create-mirror",
    ]
    assert linkctl("apply", "--sandbox", "--yes").code == 0
    kept = (folder / ".linkctl" / "sandbox.json").read_bytes()
    again = linkctl("apply", "--sandbox", "--yes")
    assert (again.code, again.out) == (0, "No changes. The clusters are as declared.\n")
    assert (folder / ".linkctl" / "sandbox.json").read_bytes() == kept


def test_reading_leaves_the_kept_world_alone(linkctl: Linkctl, folder: Path) -> None:
    """P1: plan and status change nothing, not even the sandbox's file."""
    assert linkctl("plan", "--sandbox").code == 0
    assert linkctl("status", "--sandbox").code == 0
    assert not (folder / ".linkctl" / "sandbox.json").exists()


def test_status_shows_lag_falling_and_offsets_side_by_side(linkctl: Linkctl, folder: Path) -> None:
    """Lag per mirror goes to 0, and the group's offsets appear on both clusters."""
    begin(folder, linkctl)
    looks = watch(linkctl, interval=60)
    lags = [
        {mirror["address"].split("/")[-1]: mirror["observed"]["lag"] for mirror in look["mirrors"]}
        for look in looks
    ]
    assert lags[0]["users"] > 0
    assert lags[1] == {"test-topic": 0, "users": 0}
    (group,) = looks[1]["groups"]
    assert group["group"] == GROUP
    assert all(row["source"] >= row["destination"] > 0 for row in group["offsets"])


def test_a_mirror_refuses_a_producer(linkctl: Linkctl, folder: Path) -> None:
    """Until it is stopped, a mirror topic is read-only."""
    begin(folder, linkctl)
    refused = request(linkctl, "ig-test2", "POST", "topics/users/records", RECORD)
    assert refused.code == 1
    assert "read-only mirror topic 'users'" in refused.out


def test_failover_wants_consent_and_happens_once(linkctl: Linkctl, folder: Path) -> None:
    """P5: `--yes` is not consent: exit 3 and no write. With consent it ends STOPPED, and is never sent again."""
    begin(folder, linkctl)
    edit(folder, "      - users\n", "      - {name: users, state: failed_over}\n")
    kept = (folder / ".linkctl" / "sandbox.json").read_bytes()

    plan = linkctl("plan", "--sandbox")
    assert "IRREVERSIBLE: 1 change cannot be undone" in plan.out
    assert "records would be lost" in plan.out
    assert "--allow failover" in plan.out
    refused = linkctl("apply", "--sandbox", "--yes")
    assert refused.code == 3
    assert (folder / ".linkctl" / "sandbox.json").read_bytes() == kept

    assert linkctl("apply", "--sandbox", "--yes", "--allow", "failover").code == 0
    mirrors = json.loads(request(linkctl, "ig-test2", "GET", "links/test-link/mirrors").out)["data"]
    assert {row["mirror_topic_name"]: row["mirror_status"] for row in mirrors} == {
        "test-topic": "ACTIVE",
        "users": "STOPPED",
    }
    assert request(linkctl, "ig-test2", "POST", "topics/users/records", RECORD).code == 0
    again = linkctl("apply", "--sandbox", "--yes", "--allow", "failover")
    assert (again.code, again.out) == (0, "No changes. The clusters are as declared.\n")


def test_offsets_of_a_stopped_mirror_are_no_longer_synced(linkctl: Linkctl, folder: Path) -> None:
    """After a failover the group moves on at the source only."""
    begin(folder, linkctl)
    watch(linkctl, interval=30)
    edit(folder, "      - users\n", "      - {name: users, state: failed_over}\n")
    assert linkctl("apply", "--sandbox", "--yes", "--allow", "failover").code == 0
    before, after = (
        {row["partition"]: row for row in look["groups"][0]["offsets"]}
        for look in watch(linkctl, interval=30)
    )
    for partition, row in before.items():
        assert after[partition]["source"] > row["source"]
        assert after[partition]["destination"] == row["destination"]


def test_promote_passes_the_gate(linkctl: Linkctl, folder: Path) -> None:
    """A mirror that has caught up is promoted with consent and ends STOPPED."""
    begin(folder, linkctl)
    edit(folder, "      - test-topic\n", "      - {name: test-topic, state: promoted}\n")
    ran = linkctl("apply", "--sandbox", "--yes", "--allow", "promote")
    assert ran.code == 0, ran.out + ran.err
    row = json.loads(request(linkctl, "ig-test2", "GET", "links/test-link/mirrors/test-topic").out)
    assert row["mirror_status"] == "STOPPED"


def test_drift_is_shown_and_put_back(linkctl: Linkctl, folder: Path) -> None:
    """A config that somebody changes over REST: plan leaves with 2 and says what, apply puts it back."""
    begin(folder, linkctl)
    path = "links/test-link/configs/consumer.offset.sync.ms"
    assert request(linkctl, "ig-test2", "PUT", path, '{"value": "60000"}').code == 0
    plan = linkctl("plan", "--sandbox", "--detailed-exitcode")
    assert plan.code == 2
    assert "consumer.offset.sync.ms: 60000 -> 5000" in plan.out
    assert linkctl("apply", "--sandbox", "--yes").code == 0
    assert json.loads(request(linkctl, "ig-test2", "GET", path).out)["value"] == "5000"
    assert linkctl("plan", "--sandbox", "--detailed-exitcode").code == 0


def test_a_bare_link_gets_offset_sync_and_filter_in_place(linkctl: Linkctl, folder: Path) -> None:
    """A link that somebody made without configs is completed, not made again."""
    bare = json.loads(json.dumps(WORLD))
    bare["clusters"][1]["links"] = [{"name": "test-link", "remote": "ig-test1"}]
    (folder / "world.json").write_text(json.dumps(bare), "utf-8")
    linkctl("sandbox", "reset", "--scenario", "world.json")
    link_id = json.loads(request(linkctl, "ig-test2", "GET", "links/test-link").out)[
        "cluster_link_id"
    ]

    plan = json.loads(linkctl("plan", "--sandbox", "--format", "json").out)
    assert [step["verb"] for step in plan["steps"]] == [
        "configure-link",
        "create-mirror",
        "create-mirror",
    ]
    assert linkctl("apply", "--sandbox", "--yes").code == 0
    link = json.loads(request(linkctl, "ig-test2", "GET", "links/test-link").out)
    assert link["cluster_link_id"] == link_id
    filters = request(
        linkctl, "ig-test2", "GET", "links/test-link/configs/consumer.offset.group.filters"
    )
    assert json.loads(json.loads(filters.out)["value"])["groupFilters"] == [
        {"name": GROUP, "patternType": "LITERAL", "filterType": "INCLUDE"}
    ]
