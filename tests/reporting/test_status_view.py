"""How a status report is arranged for readers, and how offsets of both sides are joined."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.model.mirrors import PartitionLag
from reconciler.model.observed import (
    GroupOffset,
    Health,
    HealthLevel,
    ObservedLink,
    ObservedMirror,
    TaskError,
)
from reconciler.model.status import (
    GroupReport,
    LinkReport,
    MirrorReport,
    OffsetPair,
    StatusReport,
)
from reconciler.reporting import status_json, status_text
from reconciler.reporting.status_view import instant, view_status
from tests.reporting import samples
from tests.reporting.schemas import problems

MIRROR = ObservedMirror(
    samples.LINK.mirror("users"), "users", "ACTIVE", None, 2, (PartitionLag(0, 7, 9), PartitionLag(1, 4, 9))
)  # fmt: skip


def report(*mirrors: MirrorReport, link: ObservedLink | None = None) -> StatusReport:
    live = link or ObservedLink(samples.LINK, state="ACTIVE")
    return StatusReport((LinkReport(samples.LINK, "ig-test1", live, mirrors),))


@pytest.mark.parametrize(
    ("limit", "observed", "exceeded"),
    [
        (None, MIRROR, None),
        (11, MIRROR, False),
        (10, MIRROR, True),
        (10, replace(MIRROR, status="STOPPED"), None),
        (10, replace(MIRROR, lags=(PartitionLag(0, -1, 9), PartitionLag(1, 4, 9))), None),
        (10, replace(MIRROR, lags=None), None),
        (10, None, None),
        (10, samples.GAP, None),
    ],
)
def test_lag_limit(
    limit: int | None, observed: ObservedMirror | None, exceeded: bool | None
) -> None:
    """A limit is judged on a known lag only: unknown is neither good nor bad."""
    assert MirrorReport(MIRROR.address, observed, limit).lag_exceeded is exceeded


def test_offsets_are_joined_by_partition() -> None:
    """Both sides of a group meet by source topic and partition, through the prefix."""
    group = GroupReport(
        "g",
        "a",
        "b",
        (GroupOffset("t", 1, 9, 9), GroupOffset("t", 0, 5, 5), GroupOffset("else", 0, 1, 1)),
        (GroupOffset("p.t", 0, 3, 5), GroupOffset("p.t", 2, 8, 8), GroupOffset("t", 0, 1, 1)),
        {"t": "p.t"},
    )
    assert group.offsets == (
        OffsetPair("t", 0, 5, 3),
        OffsetPair("t", 1, 9, None),
        OffsetPair("t", 2, None, 8),
    )
    assert [pair.behind for pair in group.offsets] == [2, None, None]


def test_no_offset_committed_is_not_offset_minus_one() -> None:
    """A negative offset means that nothing is committed."""
    group = GroupReport("g", "a", "b", (GroupOffset("t", 0, -1, 5),), None, {"t": "t"})
    assert group.offsets == ()


def test_what_needs_a_look_comes_first() -> None:
    """Mirror topics with a complaint stand before the others, each part sorted by name."""
    view = view_status(samples.story_status())
    order = [line.report.address.mirror for line in view.links[0].mirrors]
    assert order == ["visits", "zones", "test-topic", "users"]


def test_healthy_mirrors_of_a_large_link_are_counted() -> None:
    """Beyond fifty, mirror topics without complaint are a count with their lag; the sick one is always named."""
    well = [MirrorReport(samples.LINK.mirror(f"t{n:03}"), MIRROR) for n in range(60)]
    ill = MirrorReport(samples.LINK.mirror("zz"), replace(MIRROR, status="FAILED"), 10)
    text = status_text(report(*well, ill))
    assert "and 10 more without complaint, lag 110 together\n" in text
    assert text.count("  t0") == 50
    assert "  zz " in text


def test_complaints_of_a_mirror() -> None:
    """The server's reasons, an unproven lag and errors of a transition are said beneath the row."""
    lags = (PartitionLag(0, 0, -1), PartitionLag(1, 0, 5))
    errors = (TaskError("CONSUMER_GROUP_IN_USE_ERROR", "Group billing is active."),)
    health = Health(HealthLevel.UNHEALTHY, ("status is PENDING_STOPPED",))
    mirror = replace(MIRROR, lags=lags, transition_errors=errors, health=health)
    found = report(MirrorReport(MIRROR.address, mirror))
    (line,) = view_status(found).links[0].mirrors
    assert line.complaints == (
        "status is PENDING_STOPPED",
        "nothing fetched yet on some partition: a lag of 0 there proves nothing",
        "CONSUMER_GROUP_IN_USE_ERROR: Group billing is active.",
    )
    assert problems(status_json(found)) == []


def test_unreadable_tasks_are_said() -> None:
    """P6: tasks that could not be read are neither "no tasks" nor healthy by silence."""
    link = ObservedLink(samples.LINK, state="ACTIVE", tasks=samples.GAP)
    text = status_text(report(link=link))
    assert "  ! could not be read: ig-test1: topics\n" in text
    assert "COULD NOT BE READ (1)" in text
    assert problems(status_json(report(link=link))) == []


def test_a_gap_in_the_place_of_a_value_is_told_with_its_cause() -> None:
    """A gap that stands in a link is listed, even where the caller did not list it, and once only."""
    blind = samples.blind_status()
    assert view_status(replace(blind, gaps=())).gaps == view_status(blind).gaps == (samples.GAP,)


def test_missing_words() -> None:
    """A server that says no status is quoted as saying none."""
    text = status_text(
        report(
            MirrorReport(MIRROR.address, replace(MIRROR, status=None, partitions=None, lags=None)),
            link=ObservedLink(samples.LINK),
        )
    )
    assert "ig-test2/test-link (with ig-test1)  (no word), healthy\n" in text
    assert "  users         (no word)    -           -  -\n" in text


@pytest.mark.parametrize(
    ("epoch_ms", "text"),
    [
        (None, ""),
        (0, "1970-01-01 00:00:00Z"),
        (1_795_000_000_999, "2026-11-18 11:06:40Z"),
        (253_402_300_799_999, "9999-12-31 23:59:59Z"),
        (253_402_300_800_000, ""),
        (-1, ""),
    ],
)
def test_instants(epoch_ms: int | None, text: str) -> None:
    """Times are UTC, to the second; what is no date is not shown as one."""
    assert instant(epoch_ms) == text
