"""A plan as text for reviewers: what cannot be undone first, then each link, then everything else worth saying."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from reconciler.model.address import LinkAddress
from reconciler.model.changes import Change, ChangeKind, Delta, FieldDelta, FilterDelta
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.plan import Plan
from reconciler.reporting.escape import shown
from reconciler.reporting.findings_text import explanation, findings, gap_lines, with_origin
from reconciler.reporting.layout import (
    Cell,
    Page,
    Row,
    Table,
    as_text,
    closing,
    counted,
    fits,
    names,
    number,
    paragraph,
    sections,
)
from reconciler.reporting.paint import Paint, Style
from reconciler.reporting.plan_view import (
    Batch,
    Danger,
    LinkSection,
    PlanView,
    Single,
    UnmanagedSection,
    view_plan,
)
from reconciler.reporting.words import (
    CREATIONS,
    PHRASES,
    SEVERITY_STYLES,
    Phrase,
    field_value,
    filter_row,
    short_name,
)

MOST_DANGERS = 100
"""Irreversible changes of one kind and link that are named one by one."""
MOST_DELTAS = 5
LONG = 40
"""A plan of more lines than this says its summary at the top as well."""


def plan_text(
    plan: Plan, *, width: int = 80, colour: bool = False, command: str = "linkctl apply"
) -> str:
    """The plan for people. `command` is what the line to paste begins with."""
    page = Page(width, Paint(colour))
    view = view_plan(plan)
    body = list(plan_sections(page, view))
    top = summary(page, view) if len(body) > LONG else ()
    return as_text(sections((top, body, summary(page, view), _to_paste(page, view, command))))


def plan_sections(page: Page, view: PlanView) -> Iterator[str]:
    """Everything but the summary."""
    yield from sections(
        (
            _danger_lines(page, view.dangers),
            *(_link_lines(page, section) for section in view.links),
            *(findings(page, severity, view.of(severity)) for severity in Severity),
            gap_lines(page, view.gaps),
            _unmanaged_lines(page, view.unmanaged),
        )
    )


def summary(page: Page, view: PlanView) -> Iterator[str]:
    """What the plan comes to, in a sentence."""
    if view.plan.pending:
        return closing(page, Style.HEADING, f"Plan: {tally(view)}.")
    if view.gaps:
        text = "No changes found, but not everything could be read."
        return closing(page, Style.DANGER, text)
    if view.counts.errors:
        return closing(page, Style.DANGER, "No changes found, but there are errors.")
    return closing(page, Style.GOOD, "No changes. The clusters are as declared.")


def tally(view: PlanView) -> str:
    """The figures of a plan: the first three always, the others where there are any."""
    counts = view.counts
    parts = [f"{counts.create:,} to create", f"{counts.change:,} to change"]
    parts.append(f"{counts.irreversible:,} irreversible")
    parts += [
        f"{count:,} {word}"
        for count, word in (
            (counts.blocked, "blocked"),
            (counts.waiting, "waiting"),
            (counts.errors, "in error"),
            (counts.unreadable, "unreadable"),
        )
        if count
    ]
    return ", ".join(parts)


def _to_paste(page: Page, view: PlanView, command: str) -> Iterator[str]:
    """The command with the consents it needs, as a shell reads it, one option a line where one line is too short."""
    if not view.grants:
        return
    yield "Applying it needs consent to what cannot be undone:"
    words = [f"  {shown(command)}"]
    words += [f"--allow {shlex.quote(shown(str(grant)))}" for grant in view.grants]
    line = " ".join(words)
    for part in [line] if fits(page, line) else " \\\n      ".join(words).split("\n"):
        yield page.paint(Style.HEADING, part)


# --- what cannot be undone


def _danger_lines(page: Page, dangers: tuple[Danger, ...]) -> Iterator[str]:
    if not dangers:
        return
    total = sum(len(danger.changes) for danger in dangers)
    yield page.paint(Style.DANGER, f"IRREVERSIBLE: {counted(total, 'change')} cannot be undone")
    for danger in dangers:
        yield ""
        yield from _one_danger(page, danger) if len(danger.changes) == 1 else _dangers(page, danger)


def _one_danger(page: Page, danger: Danger) -> Iterator[str]:
    (change,) = danger.changes
    plain = f"  {PHRASES[danger.kind]} {shown(str(change.address))}"
    yield from with_origin(page, plain, page.paint(Style.DANGER, plain), change.position)
    if now := ", ".join(part for part in (change.before, _lag(change)) if part):
        yield from paragraph(page, f"now {now}", indent=6)
    for delta in change.deltas:
        yield from _delta_lines(page, delta, indent=6)
    yield from _danger_end(page, danger)


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
    yield from _danger_end(page, danger)


def _danger_end(page: Page, danger: Danger) -> Iterator[str]:
    yield from paragraph(page, consequence(danger), indent=6, first="=> ")
    consent = danger.kind.consent
    if consent is not None:
        exact = danger.changes if consent.exact else ()
        wanted = [f"{consent}={change.address}" for change in exact] or [str(consent)]
        for text in wanted[:MOST_DANGERS]:
            yield f"      needs --allow {shlex.quote(shown(text))}"
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


# --- everything else, link by link


def _link_lines(page: Page, section: LinkSection) -> Iterator[str]:
    yield page.paint(Style.HEADING, shown(str(section.link)))
    for entry in section.entries:
        match entry:
            case Single():
                yield from _single_lines(page, entry)
            case Batch():
                yield from _batch_lines(page, entry)


def _single_lines(page: Page, entry: Single) -> Iterator[str]:
    change = entry.change
    phrase = PHRASES[change.kind]
    of_link = isinstance(change.address, LinkAddress)
    head = f"  {phrase}" if of_link else f"  {phrase} {shown(short_name(change.address))}"
    if change.before:
        head += f" (now {shown(change.before)})"
    yield from with_origin(page, head, _symbol_painted(page, head, phrase), change.position)
    for delta in change.deltas:
        yield from _delta_lines(page, delta, indent=6, creating=change.kind in CREATIONS)
    for note in entry.notes:
        yield from _note_lines(page, note)


def _batch_lines(page: Page, batch: Batch) -> Iterator[str]:
    phrase = PHRASES[batch.kind]
    head = f"  {phrase.many(len(batch.changes))}"
    yield _symbol_painted(page, head, phrase)
    yield from paragraph(page, names([short_name(c.address) for c in batch.changes]), indent=6)
    deltas = batch.deltas
    for delta, count in deltas[:MOST_DELTAS]:
        yield page.paint(Style.QUIET, f"      on {count:,} of them:")
        yield from _delta_lines(page, delta, indent=8, creating=batch.kind in CREATIONS)
    if len(deltas) > MOST_DELTAS:
        rest = counted(len(deltas) - MOST_DELTAS, "other difference")
        yield f"      and {rest}; `--format json` shows them all"


def _symbol_painted(page: Page, line: str, phrase: Phrase) -> str:
    return line.replace(phrase.symbol, page.paint(phrase.style, phrase.symbol), 1)


def _note_lines(page: Page, note: Diagnostic) -> Iterator[str]:
    text = f"{note.message} [{note.code}]"
    for line in paragraph(page, text, indent=6, first="note: "):
        yield page.paint(SEVERITY_STYLES[note.severity], line)
    if note.cure:
        yield from paragraph(page, note.cure, indent=12, first="-> ")


def _delta_lines(page: Page, delta: Delta, *, indent: int, creating: bool = False) -> Iterator[str]:
    match delta:
        case FieldDelta():
            yield from _field_lines(page, delta, indent=indent, creating=creating)
        case FilterDelta():
            margin = " " * indent
            yield f"{margin}{delta.kind} filters:"
            for row in delta.added:
                yield f"{margin}  {page.paint(Style.GOOD, '+')} {shown(filter_row(row))}"
            for row in delta.removed:
                yield f"{margin}  {page.paint(Style.BAD, '-')} {shown(filter_row(row))}"


def _field_lines(page: Page, delta: FieldDelta, *, indent: int, creating: bool) -> Iterator[str]:
    """`name: before -> after`, broken before the arrow where it would not fit."""
    values = [shown(value) for value in field_value(delta, creating=creating)]
    margin, name = " " * indent, shown(delta.name)
    line = f"{margin}{name}: {' -> '.join(values)}"
    if fits(page, line) or len(values) == 1:
        yield line
    else:
        yield f"{margin}{name}:"
        yield f"{margin}   {values[0]}"
        yield f"{margin}-> {values[1]}"


def _unmanaged_lines(page: Page, unmanaged: tuple[UnmanagedSection, ...]) -> Iterator[str]:
    if not unmanaged:
        return
    total = sum(len(section.addresses) for section in unmanaged)
    yield page.paint(Style.QUIET, f"Not managed by any file, left alone ({total:,})")
    for section in unmanaged:
        if isinstance(section.addresses[0], LinkAddress):
            text = f"{section.link}: {section.detail}"
        else:
            found = names([short_name(address) for address in section.addresses])
            topics = counted(len(section.addresses), "mirror topic")
            text = f"{section.link}: {topics} ({found}): {section.detail}"
        yield from paragraph(page, text, indent=2)
