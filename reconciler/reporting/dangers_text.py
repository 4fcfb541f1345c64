"""The block of what cannot be undone: what, from which state, what will be gone, and the consent that it wants."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from reconciler.model.changes import Change, ChangeKind
from reconciler.reporting.deltas_text import delta_lines
from reconciler.reporting.escape import shown
from reconciler.reporting.findings_text import explanation, with_origin
from reconciler.reporting.layout import Cell, Page, Row, Table, counted, number, paragraph
from reconciler.reporting.paint import Style
from reconciler.reporting.plan_view import Danger
from reconciler.reporting.words import PHRASES, short_name

MOST_DANGERS = 100
"""Irreversible changes of one kind and link that are named one by one."""


def danger_lines(page: Page, dangers: tuple[Danger, ...], *, asks: bool) -> Iterator[str]:
    """All irreversible changes, by link and kind; `asks` says whether the consent to them is still to be given."""
    if not dangers:
        return
    total = sum(len(danger.changes) for danger in dangers)
    yield page.paint(Style.DANGER, f"IRREVERSIBLE: {counted(total, 'change')} cannot be undone")
    for danger in dangers:
        yield ""
        yield from _one_danger(page, danger) if len(danger.changes) == 1 else _dangers(page, danger)
        yield from _danger_end(page, danger, asks=asks)


def _one_danger(page: Page, danger: Danger) -> Iterator[str]:
    (change,) = danger.changes
    plain = f"  {PHRASES[danger.kind]} {shown(str(change.address))}"
    yield from with_origin(page, plain, page.paint(Style.DANGER, plain), change.position)
    if now := ", ".join(part for part in (change.before, _lag(change)) if part):
        yield from paragraph(page, f"now {now}", indent=6)
    for delta in change.deltas:
        yield from delta_lines(page, delta, indent=6)


def _dangers(page: Page, danger: Danger) -> Iterator[str]:
    head = f"  {PHRASES[danger.kind].many(len(danger.changes))} of {shown(str(danger.link))}"
    yield page.paint(Style.DANGER, head)
    named = danger.changes[:MOST_DANGERS]
    rows = tuple(
        Row(
            (
                Cell(short_name(c.address), Style.HEADING),
                Cell(c.before or "-"),
                Cell(number(c.exposure.records) if c.exposure else "-"),
            )
        )
        for c in named
    )
    yield from Table(("NAME", "NOW", "LAG"), rows, frozenset({2})).lines(page, indent=6)
    if len(danger.changes) > len(named):
        rest = len(danger.changes) - len(named)
        yield page.paint(Style.DANGER, f"      and {rest:,} more; `--format json` names them all")


def _danger_end(page: Page, danger: Danger, *, asks: bool) -> Iterator[str]:
    yield from paragraph(page, consequence(danger), indent=6, first="=> ")
    for grant in danger.grants[:MOST_DANGERS] if asks else ():
        # A budget is for the whole plan: its number would puzzle beside a part of it.
        others = grant.budget is not None and grant.budget != len(danger.changes)
        whole = " (for all of this kind)" if others else ""
        yield f"      needs --allow {shlex.quote(shown(str(grant)))}{whole}"
    for note in danger.notes:
        yield from explanation(page, note, indent=6)


def consequence(danger: Danger) -> str:
    """What will be gone, in one sentence."""
    cluster = danger.link.cluster
    what = "the topic" if len(danger.changes) == 1 else "these topics"
    match danger.kind:
        case ChangeKind.FAILOVER:
            return _failover_loss(danger)
        case ChangeKind.PROMOTE:
            return "mirroring ends for good, once the lag is 0 and all records are copied"
        case ChangeKind.RECREATE_MIRROR:
            return (
                f"all records of {what} on {cluster} are deleted, then copied anew from the source"
            )
        case ChangeKind.DELETE_LINK:
            return f"the link on {cluster} is deleted, with its configs, filters and credentials"
        case _:
            return f"{what} on {cluster} and all records in there are deleted"


def _failover_loss(danger: Danger) -> str:
    if danger.unknown == len(danger.changes):
        return "the lag is not known, and so neither is how many records would be lost"
    if danger.unknown:
        others = counted(danger.unknown, "mirror topic")
        return (
            f"at least {counted(danger.known_loss, 'record')} would be lost, not yet copied; "
            f"the lag of {others} is not known"
        )
    if danger.known_loss:
        return f"{counted(danger.known_loss, 'record')} would be lost: not yet copied when this plan was made"
    return "no record would be lost by the lag at the time of this plan"


def _lag(change: Change) -> str:
    if change.exposure is None:
        return ""
    if change.exposure.records is None:
        return "lag not known"
    lag = f"lag {counted(change.exposure.records, 'record')}"
    partitions = change.exposure.partitions
    return lag if partitions is None else f"{lag} on {counted(partitions, 'partition')}"
