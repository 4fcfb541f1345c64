"""Laws that hold for any name and any width: no control characters, no secrets, no cut names, one story in both formats."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reconciler.model.changes import Change, ChangeKind, Exposure
from reconciler.model.diagnostics import Diagnostic
from reconciler.model.events import (
    Event,
    Outcome,
    RunResult,
    StepFinished,
    StepOutcome,
    StepRetried,
    StepStarted,
    StepWaiting,
)
from reconciler.model.plan import Plan
from reconciler.model.status import StatusReport
from reconciler.reporting import (
    diagnostics_github,
    diagnostics_json,
    diagnostics_text,
    event_text,
    plan_json,
    plan_text,
    run_json,
    run_text,
    status_json,
    status_text,
)
from reconciler.reporting.escape import shown
from tests.reporting import samples
from tests.reporting.schemas import problems

HOSTILE_PIECES = (
    "\x1b[2J", "\n", "\r", "::error::", "##[", ":", " ", "\u202e", "\u05d0", "\x9b", "\u2028", "%0A", "|", "<b>", "a", "\u6771",
)  # fmt: skip
names = st.lists(st.sampled_from(HOSTILE_PIECES), min_size=1, max_size=5).map("".join) | st.text(
    min_size=1, max_size=12
)

COLOUR = re.compile(r"\x1b\[(?:0|1|2|31|32|33|1;31|1;33)m")


def everywhere(value: Any, old: str, new: str) -> Any:
    """The value with a text replaced wherever it stands whole."""
    if isinstance(value, str) and type(value) is str:
        return new if value == old else value
    if isinstance(value, tuple | list | frozenset):
        return type(value)(everywhere(item, old, new) for item in value)
    if isinstance(value, dict):
        return {everywhere(k, old, new): everywhere(v, old, new) for k, v in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        parts = {f.name: everywhere(getattr(value, f.name), old, new) for f in fields(value)}
        return replace(value, **parts)
    return value


def hostile_status(name: str) -> StatusReport:
    report: Any = samples.story_status()
    for word in ("test-link", "users", samples.GROUP, "ig-test1", "ACTIVE", "AutoCreateMirror"):
        report = everywhere(report, word, name)
    status: StatusReport = everywhere(report, "The topic clicks exists already.", name)
    return status


def hostile_run(name: str) -> RunResult:
    run = samples.bad_run()
    for word in (
        "test-link",
        "users",
        "visits",
        "moved",
        "Wait.",
        "visits is still PENDING_MIRROR.",
    ):
        run = everywhere(run, word, name)
    return replace(run, remaining=samples.hostile(name))


def hostile_events(name: str) -> tuple[Event, ...]:
    result = hostile_run(name).outcomes[3]
    because = samples.hostile(name).diagnostics[0]
    return (
        StepStarted(result.step, 1.0),
        StepRetried(result.step, 2, 1.5, because),
        StepWaiting(result.step, name),
        StepFinished(result, 2.0),
    )


def texts(name: str, *, colour: bool = False) -> tuple[str, ...]:
    plan = samples.hostile(name)
    return (
        plan_text(plan, colour=colour),
        plan_text(plan, width=20, colour=colour),
        status_text(hostile_status(name), colour=colour),
        run_text(hostile_run(name), colour=colour),
        diagnostics_text(plan.diagnostics, colour=colour),
    )


def assert_harmless(text: str) -> None:
    for line in text.split("\n"):
        assert line.isprintable(), line
        assert not line.lstrip().startswith("::"), line
        assert "##[" not in line


@given(names)
@example(samples.HOSTILE)
@settings(max_examples=60, deadline=None)
def test_hostile_names_stay_harmless(name: str) -> None:
    """P8, D8: whatever a name holds, a text has printable lines only, and none that commands a CI runner."""
    for text in texts(name):
        assert_harmless(text)
    for event in hostile_events(name):
        assert_harmless(event_text(event))
        assert "\n" not in event_text(event)


@given(names)
@example(samples.HOSTILE)
@settings(max_examples=40, deadline=None)
def test_colour_is_decoration(name: str) -> None:
    """D1: without its colour attributes, a coloured text is the plain one."""
    for plain, painted in zip(texts(name), texts(name, colour=True), strict=True):
        assert COLOUR.sub("", painted) == plain


@given(names)
@example(samples.HOSTILE)
@settings(max_examples=40, deadline=None)
def test_json_keeps_names_and_shape(name: str) -> None:
    """D3: JSON is ASCII, ends with a newline, keeps every name exactly and is as published."""
    plan = samples.hostile(name)
    for text in (
        plan_json(plan),
        run_json(hostile_run(name)),
        status_json(hostile_status(name)),
        diagnostics_json(plan.diagnostics),
    ):
        assert text.isascii()
        assert text.endswith("}\n")
        assert problems(text) == []
    assert json.loads(plan_json(plan))["changes"][1]["address"] == f"c/{name}/{name}"


@given(names)
@example("100%:,\r\n::error::")
@settings(max_examples=60, deadline=None)
def test_annotations_are_one_command_each(name: str) -> None:
    """D12: a finding is one line, one command; nothing in a name ends its properties or starts another."""
    found = samples.hostile(name).diagnostics
    lines = diagnostics_github(found).split("\n")
    assert lines.pop() == ""
    assert len(lines) == len(found)
    for line in lines:
        head = re.match(r"::(error|warning|notice) ([^:]*)::", line)
        assert head is not None
        keys = [part.partition("=")[0] for part in head.group(2).split(",")]
        assert keys == ["file", "line", "col", "title"]


SECRETIVE: dict[str, Callable[[], Plan]] = {
    "first run": samples.first_run,
    "hostile": samples.hostile,
}


@pytest.mark.parametrize("case", SECRETIVE)
def test_secrets_stay_silent(case: str) -> None:
    """P7: a value in a hidden delta or in a step's credentials is printed nowhere."""
    plan = SECRETIVE[case]()
    outcomes = tuple(StepOutcome(step, Outcome.SUCCEEDED) for step in plan.steps)
    run = RunResult(outcomes, remaining=plan)
    events = "".join(event_text(StepStarted(step, 1.0)) for step in plan.steps)
    printed = (plan_text(plan), plan_json(plan), run_text(run), run_json(run), events)
    assert samples.SECRET not in "".join(printed)


SAFE_KINDS = [k for k in ChangeKind if k is not ChangeKind.RECREATE_MIRROR]


@given(
    st.dictionaries(
        st.tuples(st.sampled_from(["a", "b"]), st.integers(0, 30), st.sampled_from(SAFE_KINDS)),
        st.integers(0, 10**7) | st.none(),
        max_size=9,
    )
)
@settings(max_examples=80, deadline=None)
def test_both_formats_tell_one_story(picked: dict[tuple[str, int, ChangeKind], int | None]) -> None:
    """Law 10: text and JSON name the same objects and the same figures."""
    link = {name: replace(samples.LINK, link=f"link-{name}") for name in ("a", "b")}
    changes = tuple(
        Change(
            link[name] if kind.value.endswith("-link") else link[name].mirror(f"topic-{n}"),
            kind,
            exposure=Exposure(lag),
        )
        for (name, n, kind), lag in picked.items()
    )
    plan = Plan(changes)
    text, document = plan_text(plan), json.loads(plan_json(plan))
    named = set(re.findall(r"\b(?:link|topic)-\w+", text))
    addressed = {part for c in document["changes"] for part in c["address"].split("/")[1:]}
    assert {n for n in named if re.fullmatch(r"link-[ab]|topic-\d+", n)} == addressed
    counts = document["summary"]
    figures = f"{counts['create']} to create, {counts['change']} to change, {counts['irreversible']} irreversible"
    assert (figures in text) == bool(changes)
    for kind in {c.kind.consent for c in changes} - {None}:
        assert f"--allow {kind}" in text
        assert any(str(grant).startswith(f"{kind}") for grant in document["consents"])


@given(st.integers(1, 300), st.text("abcdef.-_", min_size=1, max_size=249))
@settings(max_examples=60, deadline=None)
def test_names_are_never_cut(width: int, name: str) -> None:
    """A name that does not fit overflows; it is always there in full."""
    assert name in plan_text(everywhere(samples.first_run(), "users", name), width=width)
    assert name in status_text(everywhere(samples.story_status(), "users", name), width=width)
    assert name in run_text(samples.good_run(), width=width) + event_text(
        StepWaiting(samples.bad_run().outcomes[3].step, name)
    )


@given(st.integers(64, 200))
@settings(max_examples=40, deadline=None)
def test_lines_keep_to_the_width(width: int) -> None:
    """Only a word that is longer than the page makes a line longer than the page."""
    for text in (
        plan_text(samples.troubled(), width=width),
        status_text(samples.blind_status(), width=width),
        diagnostics_text(samples.findings(), width=width),
    ):
        for line in text.splitlines():
            assert len(line) <= width, line


def test_reports_do_not_depend_on_the_order_of_offsets() -> None:
    """P8: the order of answers leaves no trace."""
    report = samples.story_status()
    group = report.links[0].groups[0]
    assert isinstance(group.source, tuple)
    rows = list(group.source)
    random.Random(7).shuffle(rows)
    other = replace(report.links[0], groups=(replace(group, source=tuple(reversed(rows))),))
    assert status_json(replace(report, links=(other,))) == status_json(report)


def test_shown_is_what_the_text_uses() -> None:
    """A hostile name is recognisable in the text by its escaped form."""
    assert shown(samples.HOSTILE) in plan_text(samples.hostile())


def test_no_findings_no_text() -> None:
    """Nothing to say is the empty text, not an empty line."""
    nothing: tuple[Diagnostic, ...] = ()
    assert (diagnostics_text(nothing), diagnostics_github(nothing)) == ("", "")
