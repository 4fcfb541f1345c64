"""A world on disk, written so that a kill leaves the old file or the new one."""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from reconciler.sandbox.files.snapshot import SnapshotError, restore, snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reconciler.sandbox.world.clock import Clock
    from reconciler.sandbox.world.world import World

_UNFINISHED = ".unfinished"
_ENCODER = json.JSONEncoder(separators=(",", ":"))

#: How deep the rows of topics and mirrors lie in a document: below `clusters`, a cluster, and its `topics`.
_DEPTH_OF_ROWS = 4


def load_snapshot(path: Path, clock: Clock) -> World | None:
    """The world kept in a file; None when there is no such file. Raises SnapshotError and OSError."""
    try:
        document = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValueError as error:
        reason = f"it is not JSON ({error})"
        raise SnapshotError(reason) from None
    if not isinstance(document, dict):
        reason = "it is not a JSON object"
        raise SnapshotError(reason)
    return restore(document, clock)


def save_snapshot(world: World, path: Path) -> None:
    """Write the world to a file; whoever kills this process leaves the old file or the new one. Raises OSError."""
    write_snapshot(snapshot(world), path)


def write_snapshot(document: Mapping[str, object], path: Path) -> None:
    """Write what `snapshot` made to a file, as `save_snapshot` does.

    Another thread may do it. It is written row by row, since nobody else gets a turn while one value is encoded.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=_temporary(path), suffix=_UNFINISHED, dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.writelines(_pieces(document, _DEPTH_OF_ROWS))
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _pieces(value: object, depth: int) -> Iterator[str]:
    """A value as JSON, each thing at that depth a piece of its own."""
    if not depth or not isinstance(value, dict | list):
        yield _ENCODER.encode(value)
        return
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    rows = value.items() if isinstance(value, dict) else ((None, row) for row in value)
    for at, (key, row) in enumerate(rows):
        yield "," if at else opening
        if key is not None:
            yield f"{_ENCODER.encode(key)}:"
        yield from _pieces(row, depth - 1)
    yield closing if value else opening + closing


def _sync_folder(folder: Path) -> None:
    """Make the rename itself survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def snapshot_lock(path: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold a snapshot file for oneself: from before it is loaded until after it is saved.

    Waits for other holders, or else raises SnapshotError when there is one. What a kill during a save has left behind
    is cleared away: nobody else can be saving now.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(f"{path.name}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            reason = "another sandbox is using it"
            raise SnapshotError(reason) from None
        for left in path.parent.iterdir():
            if left.name.startswith(_temporary(path)) and left.suffix == _UNFINISHED:
                left.unlink(missing_ok=True)
        yield


def _temporary(path: Path) -> str:
    """How the name of a file begins in which a snapshot is being written."""
    return f".{path.name}."
