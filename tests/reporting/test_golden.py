"""Whole outputs, so that a stray space is seen. A case is a value from `samples`, printed in full."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from reconciler.model.address import LinkAddress
from reconciler.model.changes import Change, ChangeKind
from reconciler.model.events import RunResult
from reconciler.model.plan import Plan
from reconciler.model.status import StatusReport
from reconciler.reporting import (
    diagnostics_github,
    diagnostics_json,
    diagnostics_text,
    plan_json,
    plan_text,
    run_json,
    run_text,
    status_json,
    status_text,
)
from tests.reporting import samples
from tests.reporting.schemas import problems

Golden = Callable[[str, str], None]

PLANS = {
    "nothing-to-do": Plan(),
    "nothing-but-blind": Plan(diagnostics=(samples.UNREACHABLE,), gaps=(samples.GAP,)),
    "first-run": samples.first_run(),
    "config-change": samples.config_change(),
    "failover": samples.failover(),
    "irreversible": samples.irreversible(),
    "troubled": samples.troubled(),
    "hostile-names": samples.hostile(),
}
STATUSES = {
    "story": samples.story_status(),
    "blind": samples.blind_status(),
    "nothing": StatusReport(),
}
RUNS = {
    "good": samples.good_run(),
    "bad": samples.bad_run(),
    "nothing-to-do": RunResult((), remaining=Plan()),
}


@pytest.mark.parametrize("case", PLANS)
def test_plan(case: str, golden: Golden) -> None:
    """A plan reads as its golden text says, and its JSON is as published."""
    golden(f"plan/{case}.txt", plan_text(PLANS[case]))
    document = plan_json(PLANS[case])
    golden(f"plan/{case}.json", document)
    assert problems(document) == []


def test_plan_in_colour(golden: Golden) -> None:
    """Colour adds attributes and changes no character of the text."""
    coloured = plan_text(PLANS["irreversible"], colour=True)
    golden("plan/irreversible.colour.txt", coloured)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    assert plain == plan_text(PLANS["irreversible"]) != coloured


def test_plan_of_many(golden: Golden) -> None:
    """Five thousand mirror topics are a few lines of text; JSON has them all."""
    golden("plan/many.txt", plan_text(samples.many()))
    assert plan_json(samples.many()).count('"kind": "create-mirror"') == 10_000
    assert problems(plan_json(samples.many(50))) == []


def test_long_plan_says_its_summary_twice(golden: Golden) -> None:
    """A plan longer than a screen has its summary at both ends."""
    changes = tuple(Change(LinkAddress("a", f"l{n:02}"), ChangeKind.PAUSE_LINK) for n in range(20))
    text = plan_text(Plan(changes))
    golden("plan/long.txt", text)
    assert text.count("Plan: 0 to create, 20 to change, 0 irreversible.") == 2


@pytest.mark.parametrize("case", STATUSES)
def test_status(case: str, golden: Golden) -> None:
    """A status report reads as its golden text says, and its JSON is as published."""
    golden(f"status/{case}.txt", status_text(STATUSES[case]))
    document = status_json(STATUSES[case])
    golden(f"status/{case}.json", document)
    assert problems(document) == []


@pytest.mark.parametrize("case", RUNS)
def test_run(case: str, golden: Golden) -> None:
    """A run report reads as its golden text says, and its JSON is as published."""
    golden(f"run/{case}.txt", run_text(RUNS[case]))
    document = run_json(RUNS[case])
    golden(f"run/{case}.json", document)
    assert problems(document) == []


def test_findings(golden: Golden) -> None:
    """Findings read as compilers say them, annotate a pull request, and are published JSON."""
    found = samples.findings()
    golden("findings/all.txt", diagnostics_text(found))
    golden("findings/all.github.txt", diagnostics_github(found))
    golden("findings/all.json", diagnostics_json(found))
    assert problems(diagnostics_json(found)) == []
