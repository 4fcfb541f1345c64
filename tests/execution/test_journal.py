"""The journal: what is in it, for whom, and what never is."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from reconciler.execution import Journal
from reconciler.execution.journal import plain
from reconciler.model.changes import ChangeKind
from reconciler.model.events import (
    Event,
    ItemOutcome,
    Outcome,
    StepFinished,
    StepOutcome,
    StepRetried,
    StepStarted,
    StepWaiting,
)
from reconciler.model.filters import FilterKind, NameFilter
from reconciler.model.mirrors import MirrorVerb
from reconciler.model.secrets import Reference, ReferenceKind, Secret, Template
from reconciler.model.steps import AlterLink
from tests.execution.world import LINK, SteppedClock, change, of_link, trouble

ALTER = of_link(
    AlterLink(
        LINK,
        set_configs={"consumer.offset.sync.ms": "5000"},
        credentials={
            "sasl.jaas.config": Template(("marker-7f3 ", Reference(ReferenceKind.ENV, "JAAS"))),
            "sasl.mechanism": Template.literal("marker-7f3"),
        },
        filters={FilterKind.GROUP: frozenset({NameFilter("b"), NameFilter("a")})},
    ),
    ChangeKind.CONFIGURE_LINK,
)
FAILOVER = change(MirrorVerb.FAILOVER, "a")
EVENTS: tuple[Event, ...] = (
    StepStarted(ALTER, 1000.0),
    StepRetried(ALTER, 1, 0.5, trouble("busy")),
    StepWaiting(ALTER, "not shown yet: consumer.offset.sync.ms"),
    StepFinished(
        StepOutcome(
            ALTER,
            Outcome.FAILED,
            (ItemOutcome(LINK, Outcome.FAILED, trouble("no")),),
            (trouble("also"),),
        ),
        1001.0,
    ),
    StepStarted(FAILOVER, 1001.0),
)


def written(path: Path) -> list[dict[str, object]]:
    with Journal(path, SteppedClock()) as journal:
        for event in EVENTS:
            journal(event)
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_one_line_per_event(tmp_path: Path) -> None:
    """Each event is one JSON line with format, time, step and what it covers."""
    lines = written(tmp_path / "runs" / "one.jsonl")
    assert [line["event"] for line in lines] == [
        "started",
        "retried",
        "waiting",
        "finished",
        "started",
    ]
    assert lines[0] == {
        "format": 1,
        "at": 1000.0,
        "event": "started",
        "step": "configure-link",
        "kind": "AlterLink",
        "covers": ["configure-link dst/l"],
        "action": {
            "address": "dst/l",
            "set_configs": {"consumer.offset.sync.ms": "5000"},
            "reset_configs": [],
            "credentials": {"sasl.jaas.config": "${env:JAAS}", "sasl.mechanism": "(literal)"},
            "filters": {
                "group": [
                    {"name": name, "pattern_type": "LITERAL", "filter_type": "INCLUDE", "extra": []}
                    for name in ("a", "b")
                ]
            },
        },
    }
    assert lines[3]["outcome"] == "failed"
    assert lines[3]["items"] == [
        {
            "address": "dst/l",
            "outcome": "failed",
            "accepted": False,
            "diagnostic": plain(trouble("no")),
        }
    ]


def test_secrets_never_reach_the_journal(tmp_path: Path) -> None:
    """P7: templates are written as their references, and a resolved value as nothing."""
    path = tmp_path / "one.jsonl"
    written(path)
    assert "marker-7f3" not in path.read_text(encoding="utf-8")
    assert plain(Secret("marker-7f3")) == "Secret(***)"


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    """Mode 0600, whatever the umask, and its folder for the owner only."""
    path = tmp_path / "runs" / "one.jsonl"
    written(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_line_is_there_before_the_next_thing_happens(tmp_path: Path) -> None:
    """Nothing is held back: a kill right after an event does not lose it."""
    path = tmp_path / "one.jsonl"
    journal = Journal(path, SteppedClock())
    journal(EVENTS[0])
    assert len(path.read_bytes().splitlines()) == 1
    journal.close()


def test_a_journal_is_never_continued(tmp_path: Path) -> None:
    """Two runs do not share a file."""
    path = tmp_path / "one.jsonl"
    written(path)
    with pytest.raises(FileExistsError):
        Journal(path, SteppedClock())


def test_hostile_text_stays_one_line(tmp_path: Path) -> None:
    """Line ends and half characters in a server's words do not break the format."""
    path = tmp_path / "one.jsonl"
    with Journal(path, SteppedClock()) as journal:
        journal(StepWaiting(ALTER, "a\nb\u2028c\ud800"))
    (line,) = path.read_bytes().split(b"\n")[:-1]
    assert json.loads(line)["event"] == "waiting"


def test_unknown_things_are_refused() -> None:
    """What the journal does not know might be a secret."""
    with pytest.raises(TypeError, match="bytes"):
        plain(b"?")
