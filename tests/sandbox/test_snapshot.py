"""Worlds on disk."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from reconciler.sandbox import SteppedClock, World, load_snapshot, save_snapshot, snapshot_lock
from reconciler.sandbox.files.snapshot import SnapshotError, restore, snapshot
from tests.sandbox.conftest import GROUP, Client, group_filter
from tests.sandbox.test_scenario import EVERYTHING


def story(world: World) -> Client:
    client = Client(world, "dst")
    sync = {"consumer.offset.sync.enable": "true"}
    client.link(**sync, **{"consumer.offset.group.filters": group_filter(GROUP)})
    client.mirror("users")
    client.mirror("test-topic")
    client.act("promote", "users")
    client.advance(7)
    return client


def test_a_world_comes_back_as_it_was(world: World) -> None:
    """Every answer of a restored world is that of the original, then and later."""
    first = story(world)
    second = Client(restore(snapshot(world), SteppedClock(start_ms=5)), "dst")
    paths = (
        "links",
        "links/test-link?include_tasks=true",
        "links/test-link/configs",
        "links/-/mirrors",
        "topics",
        "consumer-groups",
    )
    for seconds in (0, 40):
        first.advance(seconds)
        second.advance(seconds)
        assert [first.get(path) for path in paths] == [second.get(path) for path in paths]


def test_a_snapshot_of_everything_is_stable() -> None:
    """Saved, loaded and saved again it is the same, with every kind of object in it."""
    world = World.from_scenario(EVERYTHING, SteppedClock())
    document = json.loads(json.dumps(snapshot(world)))
    assert snapshot(restore(document, SteppedClock())) == document


def test_a_file_holds_the_snapshot_and_nothing_else(tmp_path: Path) -> None:
    """Written row by row, it reads as the document that was to be kept."""
    world = World.from_scenario(EVERYTHING, SteppedClock())
    save_snapshot(world, tmp_path / "world.json")
    assert json.loads((tmp_path / "world.json").read_text("utf-8")) == snapshot(world)


def test_saving_leaves_one_file(tmp_path: Path, world: World) -> None:
    """The folder is made, nothing temporary stays, and nobody else may read it."""
    path = tmp_path / "deep" / "world.json"
    save_snapshot(world, path)
    save_snapshot(world, path)
    assert [entry.name for entry in path.parent.iterdir()] == ["world.json"]
    assert path.stat().st_mode & 0o077 == 0
    loaded = load_snapshot(path, SteppedClock())
    assert loaded is not None
    assert list(loaded.clusters) == ["src", "dst"]


def test_a_save_that_fails_leaves_the_old_world(
    tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the disk gives up in the middle, the file is the one from before and nothing is left over."""
    path = tmp_path / "world.json"
    save_snapshot(world, path)
    before = path.read_bytes()

    def full_disk(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full_disk)
    world.clusters["src"].ensure_topic("more")
    with pytest.raises(OSError, match="No space left"):
        save_snapshot(world, path)
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["world.json"]


def test_no_file_is_no_world(tmp_path: Path) -> None:
    """A missing file is not an error."""
    assert load_snapshot(tmp_path / "none.json", SteppedClock()) is None


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"format": 99}', '{"format": 2}', '{"format": 2, "now_ms": 1}']
)
def test_a_damaged_file_is_named_so(tmp_path: Path, text: str) -> None:
    """Truncated, foreign and newer files raise SnapshotError, never something else."""
    path = tmp_path / "world.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SnapshotError):
        load_snapshot(path, SteppedClock())


def test_only_one_holds_the_lock(tmp_path: Path) -> None:
    """A second holder waits until the first lets go."""
    path, order = tmp_path / "world.json", list[str]()

    def second() -> None:
        with snapshot_lock(path):
            order.append("second")

    with snapshot_lock(path):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(0.05)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]


def test_a_file_that_is_not_text_is_no_snapshot(tmp_path: Path) -> None:
    """Bytes that are no UTF-8 get the same clean answer as any other damage."""
    path = tmp_path / "world.json"
    path.write_bytes(b"\xff\xfe{")
    with pytest.raises(SnapshotError, match="not JSON"):
        load_snapshot(path, SteppedClock())


def test_a_snapshot_has_one_holder(tmp_path: Path) -> None:
    """Who does not want to wait for the other holder is told of it."""
    path = tmp_path / "world.json"
    with (
        snapshot_lock(path),
        pytest.raises(SnapshotError, match="another"),
        snapshot_lock(path, wait=False),
    ):
        pass
    with snapshot_lock(path, wait=False):
        pass


def test_what_a_kill_leaves_behind_is_cleared_away(tmp_path: Path) -> None:
    """A save that was killed leaves a file that the next holder removes; other files are let be."""
    path = tmp_path / "world.json"
    left, other = tmp_path / ".world.json.abc.unfinished", tmp_path / ".world.json.bak"
    left.touch()
    other.touch()
    with snapshot_lock(path):
        assert not left.exists()
    assert other.exists()
