"""A status report as text: each link with its tasks, mirror topics and the groups that it takes along."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reconciler.model.observed import Gap, GroupOffset, HealthLevel, LinkTask, ObservedLink, Read
from reconciler.model.status import GroupReport, OffsetPair, StatusReport
from reconciler.reporting.escape import shown
from reconciler.reporting.findings_text import gap_lines
from reconciler.reporting.layout import (
    Cell,
    Page,
    Row,
    Table,
    as_text,
    closing,
    complaint,
    counted,
    number,
    sections,
)
from reconciler.reporting.paint import Paint, Style
from reconciler.reporting.status_view import LinkView, MirrorLine, StatusView, unread, view_status

MOST_HEALTHY = 50
"""Mirror topics of one link without complaint that are listed one by one."""

LEVEL_STYLES = {
    HealthLevel.HEALTHY: Style.GOOD,
    HealthLevel.UNHEALTHY: Style.DANGER,
    HealthLevel.UNKNOWN: Style.WARNING,
}


def status_text(report: StatusReport, *, width: int = 80, colour: bool = False) -> str:
    """The report for people."""
    page = Page(width, Paint(colour))
    view = view_status(report)
    links = (_link_lines(page, link) for link in view.links)
    return as_text(
        sections(
            (
                *links,
                gap_lines(page, view.gaps, meaning="nothing is known of what is missing"),
                _summary(page, view),
            )
        )
    )


def _summary(page: Page, view: StatusView) -> Iterator[str]:
    parts = [
        _levels("link", view.link_levels),
        _levels("mirror topic", view.mirror_levels),
        _lag(view),
        *([f"{len(view.gaps):,} unreadable"] if view.gaps else []),
    ]
    return closing(page, Style.HEADING, f"Status: {'; '.join(parts)}.")


def _levels(noun: str, levels: Mapping[HealthLevel, int]) -> str:
    total = sum(levels.values())
    ill = [
        f"{n:,} {level}" for level, n in levels.items() if n and level is not HealthLevel.HEALTHY
    ]
    if not total:
        return counted(0, noun)
    return f"{counted(total, noun)}, {', '.join(ill) or 'healthy'}"


def _link_lines(page: Page, view: LinkView) -> Iterator[str]:
    yield from sections(
        (
            _head_lines(page, view),
            _mirror_lines(page, view),
            *(_group_lines(page, group) for group in view.report.groups),
        )
    )


def _head_lines(page: Page, view: LinkView) -> Iterator[str]:
    address, remote = shown(str(view.report.address)), shown(view.report.remote)
    state = page.paint(LEVEL_STYLES[view.level], f"{shown(view.state)}, {view.level}")
    yield f"{page.paint(Style.HEADING, address)} (with {remote})  {state}"
    for text in view.complaints:
        yield from complaint(page, text, indent=2)
    if isinstance(view.report.observed, ObservedLink):
        yield from _task_lines(page, view.report.observed.tasks)


def _task_lines(page: Page, tasks: Read[tuple[LinkTask, ...]] | None) -> Iterator[str]:
    if tasks is None:
        return
    if isinstance(tasks, Gap):
        yield from complaint(page, unread(tasks), indent=2)
        return
    for task in tasks:
        style = Style.BAD if task.errors else Style.PLAIN
        yield f"  task {shown(task.name)}: {page.paint(style, shown(task.state))}"
        for error in task.errors:
            yield from complaint(page, f"{error.code}: {error.message}", indent=4)


def _mirror_lines(page: Page, view: LinkView) -> Iterator[str]:
    if not view.mirrors:
        return
    ill = [m for m in view.mirrors if m.level is not HealthLevel.HEALTHY or m.complaints]
    well = [m for m in view.mirrors if m.level is HealthLevel.HEALTHY and not m.complaints]
    listed = (*ill, *well[:MOST_HEALTHY])
    rows = tuple(_mirror_row(mirror) for mirror in listed)
    header = ("MIRROR TOPIC", "STATUS", "LAG", "PARTITIONS", "SINCE")
    yield from Table(header, rows, frozenset({2, 3})).lines(page, indent=2)
    if len(well) > MOST_HEALTHY:
        rest = well[MOST_HEALTHY:]
        lag = number(sum(m.lag or 0 for m in rest))
        yield f"  and {len(rest):,} more without complaint, lag {lag} together"


def _mirror_row(mirror: MirrorLine) -> Row:
    return Row(
        (
            Cell(mirror.report.address.mirror),
            Cell(mirror.status, LEVEL_STYLES[mirror.level]),
            Cell(number(mirror.lag, unknown="-")),
            Cell(number(mirror.partitions, unknown="-")),
            Cell(mirror.since or "-"),
        ),
        mirror.complaints,
    )


def _group_lines(page: Page, group: GroupReport) -> Iterator[str]:
    yield f"  group {page.paint(Style.HEADING, shown(group.group))}"
    if group.members_on_destination:
        text = f"has members on {group.destination_cluster}: the link cannot sync its offsets there"
        yield from complaint(page, text, indent=4)
    yield from _side_lines(page, group.source_cluster, group.source)
    yield from _side_lines(page, group.destination_cluster, group.destination)
    rows = tuple(_offset_row(pair) for pair in group.offsets)
    if rows:
        header = ("TOPIC/PARTITION", group.source_cluster, group.destination_cluster, "BEHIND")
        yield from Table(header, rows, frozenset({1, 2, 3})).lines(page, indent=4)
    else:
        yield "    no offsets on mirrored topics"


def _side_lines(
    page: Page, cluster: str, offsets: Read[tuple[GroupOffset, ...]] | None
) -> Iterator[str]:
    if offsets is None:
        yield f"    {shown(cluster)} cannot be asked: it has no REST endpoint"
    elif isinstance(offsets, Gap):
        yield from complaint(page, unread(offsets), indent=4)


def _offset_row(pair: OffsetPair) -> Row:
    return Row(
        (
            Cell(f"{pair.topic}/{pair.partition}"),
            Cell(number(pair.source, unknown="-")),
            Cell(number(pair.destination, unknown="-")),
            Cell(number(pair.behind, unknown="-")),
        )
    )


def _lag(view: StatusView) -> str:
    known = f"lag {counted(view.total_lag, 'record')}"
    if not view.unknown_lags:
        return known
    unknown = f"unknown for {view.unknown_lags:,}"
    return f"{known}, {unknown}" if view.total_lag else f"lag {unknown}"
