"""What holds in the sandbox whatever its clients do: the invariants that the rest of the tests build on."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from reconciler.sandbox import SteppedClock
from reconciler.sandbox.files.snapshot import restore, snapshot
from tests.property.sandbox_worlds import (
    CLUSTERS,
    PREFIX,
    Answer,
    Call,
    Stage,
    Step,
    Wait,
    dry_runs,
    lives,
    races,
    stage,
)

SOAK = bool(os.environ.get("LINKCTL_SOAK"))
#: What a topic in these states holds is its own.
NOT_FOLLOWING = {"STOPPED", "PENDING_MIRROR", "PENDING_SETUP_FOR_RESTORE", "PENDING_RESTORE"}
lived = settings(
    max_examples=3000 if SOAK else 60,
    deadline=None,
    derandomize=not SOAK,
    database=None,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as running:
        yield running


@lived
@given(life=lives(), instant=st.booleans())
def test_invariants_hold_at_every_step(
    runner: asyncio.Runner, life: list[Step], *, instant: bool
) -> None:
    """No mirror is ahead, STOPPED stays, no record and no offset is lost, ids stay, and nothing fails."""
    scene = stage(runner, instant=instant)
    watch = Watch(scene)
    for step in life:
        answer = scene.perform(step)
        watch.after(step, answer)


@lived
@given(
    life=lives(),
    tried=st.lists(dry_runs(), min_size=4, max_size=10),
)
def test_validate_only_changes_nothing_and_foretells(
    runner: asyncio.Runner, life: list[Step], tried: list[Call]
) -> None:
    """A dry run leaves the world as it was, and says what the call itself then says."""
    scene = stage(runner)
    for step in life:
        scene.perform(step)
    for call in tried:
        seen, before = scene.all_there_is(), snapshot(scene.world)
        foretold = scene.ask(call.only_validated())
        assert snapshot(scene.world) == before
        assert scene.all_there_is() == seen
        done = scene.ask(call)
        assert foretold.accepted == done.accepted
        if not done.accepted or "mirrors:" in call.path:
            assert _verdicts(foretold) == _verdicts(done)


@lived
@given(
    life=lives(),
    tried=st.lists(races(), min_size=4, max_size=10),
    clients=st.integers(2, 4),
)
def test_race_has_at_most_one_winner(
    runner: asyncio.Runner, life: list[Step], tried: list[Call], clients: int
) -> None:
    """Of several clients that POST the same creation or verb at once, one wins if it can be done at all."""
    raced, alone = stage(runner), stage(runner)
    for step in life:
        raced.perform(step)
        alone.perform(step)
    for call in tried:
        answers = raced.race([call] * clients)
        won = [[verdict is None for verdict in _verdicts(answer)] for answer in answers]
        single = [verdict is None for verdict in _verdicts(alone.ask(call))]
        assert [sum(column) for column in zip(*won, strict=True)] == single
    assert raced.all_there_is() == alone.all_there_is()


@lived
@given(life=lives(), data=st.data())
def test_reading_leaves_no_trace(
    runner: asyncio.Runner, life: list[Step], data: st.DataObject
) -> None:
    """The world is a function of time: looking at it in between, or not, comes to the same."""
    watched, unwatched = stage(runner), stage(runner)
    for step in life:
        unwatched.perform(step)
        match step:
            case Wait(seconds) if seconds:
                share = data.draw(st.sampled_from((0.1, 0.5, 0.9)))
                watched.perform(Wait(seconds * share))
                watched.all_there_is()
                watched.perform(Wait(seconds - seconds * share))
            case _:
                watched.perform(step)
    assert watched.all_there_is() == unwatched.all_there_is()


@lived
@given(life=lives(), rest=lives())
def test_snapshot_is_of_one_moment(
    runner: asyncio.Runner, life: list[Step], rest: list[Step]
) -> None:
    """What happens after it was taken, while somebody still writes it down, does not show in it."""
    scene = stage(runner)
    for step in life:
        scene.perform(step)
    taken = snapshot(scene.world)
    written = json.dumps(taken)
    for step in rest:
        scene.perform(step)
    assert json.dumps(taken) == written


@lived
@given(life=lives(), rest=lives())
def test_snapshot_goes_on_as_if_nothing_had_happened(
    runner: asyncio.Runner, life: list[Step], rest: list[Step]
) -> None:
    """A world that is saved and loaded again lives on like one that was not."""
    lasting = stage(runner)
    for step in life:
        lasting.perform(step)
    clock = SteppedClock(lasting.clock.now_ms() + 86_400_000)
    loaded = Stage(restore(snapshot(lasting.world), clock), clock, runner)
    assert loaded.all_there_is() == lasting.all_there_is()
    for step in rest:
        assert loaded.perform(step) == lasting.perform(step)
    assert loaded.all_there_is() == lasting.all_there_is()


class Watch:
    """Looks at the whole world after every step, and remembers what must not change."""

    def __init__(self, scene: Stage) -> None:
        self._scene = scene
        self._link_ids: dict[tuple[str, str], str] = {}
        self._stopped: set[tuple[str, str, str]] = set()
        self._ends = Marks()
        self._committed = Marks()
        #: How many records a group had committed of a topic when it was last looked at, and when that was.
        self._read: dict[tuple[str, str, str], tuple[int, int]] = {}
        #: The topics that were ever truncated, without their prefixes: theirs and their mirrors' logs may fall.
        self._cut: set[str] = set()
        #: Whether roles were ever swapped: from then on a link may bring back the offsets of the other side.
        self._swapped = False

    def after(self, step: Step, answer: Answer | None) -> None:
        assert answer is None or answer.status < 500, step
        assert not self._scene.world.mishaps.found, step
        if isinstance(step, Call) and step.path.endswith((":truncate-and-restore", "-mirror")):
            # A restore, and the far side of a reversal, make a mirror of a topic again (section 4.2).
            self._stopped.clear()
            self._swapped = True
            if step.path.endswith(":truncate-and-restore") and step.body:
                self._cut |= set(map(_bare, step.body["mirror_topic_names"]))
        for cluster in CLUSTERS:
            self._look_at_links(cluster)
            self._look_at_mirrors(cluster)
            self._look_at_logs(cluster)
            self._look_at_groups(cluster)

    def _look_at_logs(self, cluster: str) -> None:
        here = self._scene.world.clusters[cluster]
        for name, topic in here.topics.items():
            if _bare(name) not in self._cut:
                for partition, end in enumerate(here.end_offsets(name)):
                    self._ends.rise((topic.topic_id, partition), end)

    def _look_at_links(self, cluster: str) -> None:
        rows = self._scene.rows(cluster, "/links")
        ids = {(cluster, row["link_name"]): row["cluster_link_id"] for row in rows}
        for key, link_id in ids.items():
            assert self._link_ids.get(key, link_id) == link_id
        others = {key: value for key, value in self._link_ids.items() if key[0] != cluster}
        self._link_ids = others | ids

    def _look_at_mirrors(self, cluster: str) -> None:
        rows = self._scene.rows(cluster, "/links/-/mirrors")
        stopped = {
            (cluster, row["link_name"], row["mirror_topic_name"])
            for row in rows
            if row["mirror_status"] == "STOPPED"
        }
        listed = {(cluster, row["link_name"], row["mirror_topic_name"]) for row in rows}
        before = {key for key in self._stopped if key[0] == cluster}
        assert before & listed <= stopped
        self._stopped = self._stopped - before | stopped
        for row in rows:
            self._look_at_mirror(cluster, row)

    def _look_at_mirror(self, cluster: str, row: dict[str, Any]) -> None:
        path = f"/links/{row['link_name']}/mirrors/{row['mirror_topic_name']}"
        assert row == self._scene.get(cluster, path), (
            "a list says something else than a single read"
        )
        assert len(row["mirror_lags"]) == row["num_partitions"]
        assert all(lag["lag"] >= 0 for lag in row["mirror_lags"]), row
        assert row["state_time_ms"] <= self._scene.clock.now_ms()
        there = self._scene.world.clusters["b" if cluster == "a" else "a"]
        source = row["source_topic_name"]
        if row["mirror_status"] in NOT_FOLLOWING or row["mirror_topic_error"] != "NO_ERROR":
            return
        if source not in there.topics or not there.up:
            return
        here = self._scene.world.clusters[cluster]
        ends = zip(
            here.end_offsets(row["mirror_topic_name"]), there.end_offsets(source), strict=False
        )
        assert all(near <= far for near, far in ends), row

    def _look_at_groups(self, cluster: str) -> None:
        for group in self._scene.rows(cluster, "/consumer-groups"):
            for row in self._scene.rows(
                cluster, f"/consumer-groups/{group['consumer_group_id']}/lags"
            ):
                assert 0 <= row["current_offset"] <= row["log_end_offset"], row
                assert row["lag"] == row["log_end_offset"] - row["current_offset"]
        for name, found in self._scene.world.clusters[cluster].groups.items():
            for topic in () if self._swapped else found.readings:
                self._look_at_reading(cluster, name, topic)

    def _look_at_reading(self, cluster: str, group: str, topic: str) -> None:
        """What was committed stays committed; and a group that reads by itself does so at its own pace."""
        here, now = self._scene.world.clusters[cluster], self._scene.clock.now_ms()
        offsets = here.committed(group, topic)
        key = (cluster, group, here.topics[topic].topic_id)
        for partition, offset in enumerate(offsets):
            self._committed.rise((*key, partition), offset)
        rate = here.groups[group].readings[topic].rate
        before, since = self._read.get(key, (sum(offsets), now))
        assert not rate or sum(offsets) - before <= rate * (now - since) / 1000 + 1, key
        self._read[key] = sum(offsets), now


class Marks:
    """How high things have stood."""

    def __init__(self) -> None:
        self._highest: dict[tuple[object, ...], int] = {}

    def rise(self, key: tuple[object, ...], value: int) -> None:
        """Note a value, which must not be below those before."""
        assert value >= self._highest.get(key, 0), key
        self._highest[key] = value


def _bare(topic: str) -> str:
    """The name of a topic without the prefixes of the links that it came over."""
    while topic.startswith(PREFIX):
        topic = topic.removeprefix(PREFIX)
    return topic


def _verdicts(answer: Answer) -> list[object]:
    """What an answer says: for a verb one verdict for each mirror, else the error's code."""
    if answer.accepted and answer.document and "data" in answer.document:
        return [item["error_code"] for item in answer.document["data"]]
    return [None if answer.accepted else answer.document["error_code"]]
