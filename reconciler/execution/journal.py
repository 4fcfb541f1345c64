"""The run's events as JSON lines on disk: what was about to be done, before it was, and how it ended.

The journal is a record for people and reports; a later run never reads it to decide anything, because the
clusters are the state. It holds templates where a request holds secrets.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from types import TracebackType
from typing import Self

from reconciler.model.address import LinkAddress, MirrorAddress
from reconciler.model.clock import Clock
from reconciler.model.diagnostics import Position
from reconciler.model.events import (
    Event,
    ItemOutcome,
    StepFinished,
    StepRetried,
    StepStarted,
    StepWaiting,
)
from reconciler.model.secrets import Secret, Template
from reconciler.model.steps import Step

FORMAT = 1


class Journal:
    """An `emit` that appends one line per event to a file that only its owner may read.

    Every line is handed to the system at once, so that a kill loses none. The intent of an irreversible step is
    also forced to the disk, so that not even a power cut does.

    Raises:
        OSError: the file exists already, cannot be made, or cannot be written.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        self._clock = clock

    def __call__(self, event: Event) -> None:
        """Write one event down."""
        line = {"format": FORMAT, "at": round(self._clock.now(), 3), **_entry(event)}
        text = json.dumps(line, ensure_ascii=False, sort_keys=False) + "\n"
        _write(self._file, text.encode("utf-8", "backslashreplace"))
        if isinstance(event, StepStarted) and event.step.irreversible:
            os.fsync(self._file)

    def close(self) -> None:
        """No more events."""
        os.close(self._file)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _write(file: int, data: bytes) -> None:
    """All of it: a full disk may take a part first."""
    while data:
        data = data[os.write(file, data) :]


def _entry(event: Event) -> dict[str, object]:
    match event:
        case StepStarted(step):
            return {"event": "started", **_named(step), "action": plain(step.action)}
        case StepRetried(step, attempt, delay, because):
            tries = {"attempt": attempt, "delay": round(delay, 3), "because": plain(because)}
            return {"event": "retried", **_named(step), **tries}
        case StepWaiting(step, detail):
            return {"event": "waiting", **_named(step), "detail": detail}
        case StepFinished(result):
            return {
                "event": "finished",
                **_named(result.step),
                "outcome": result.outcome.value,
                "items": [_item(item) for item in result.items],
                "diagnostics": plain(result.diagnostics),
            }


def _named(step: Step) -> dict[str, object]:
    return {
        "step": step.id,
        "kind": type(step.action).__name__,
        "covers": [f"{key.kind} {key.address}" for key in step.covers],
    }


def _item(item: ItemOutcome) -> dict[str, object]:
    told = {"diagnostic": plain(item.diagnostic)} if item.diagnostic else {}
    ended = {"outcome": item.outcome.value, "accepted": item.accepted}
    return {"address": str(item.address), **ended, **told}


def plain(value: object) -> object:
    """A value of the model as JSON has it: sorted, and with references in place of secrets."""
    match value:
        case Template() | Secret() | LinkAddress() | MirrorAddress() | Position():
            return str(value)
        case Enum():
            return value.value
        case None | bool() | int() | float() | str():
            return value
        case _:
            return _plain_parts(value)


def _plain_parts(value: object) -> object:
    match value:
        case Mapping():
            return {str(plain(key)): plain(value[key]) for key in sorted(value, key=str)}
        case frozenset():
            return sorted((plain(item) for item in value), key=str)
        case tuple():
            return [plain(item) for item in value]
        case _ if is_dataclass(value):
            return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
        case _:
            raise TypeError(f"{type(value).__name__} has no place in a journal")
