"""A plan as text for reviewers: what cannot be undone first, then each link, then everything else worth saying."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from reconciler.model.address import LinkAddress
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.plan import Plan
from reconciler.reporting.dangers_text import danger_lines
from reconciler.reporting.deltas_text import delta_lines
from reconciler.reporting.escape import shown
from reconciler.reporting.findings_text import findings, gap_lines, with_origin
from reconciler.reporting.layout import (
    Page,
    as_text,
    closing,
    counted,
    fits,
    names,
    paragraph,
    sections,
)
from reconciler.reporting.paint import Paint, Style
from reconciler.reporting.plan_view import (
    Batch,
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
    short_name,
)

MOST_DELTAS = 5
LONG = 40
"""A plan of more lines than this says its summary at the top as well."""


def plan_text(
    plan: Plan, *, width: int = 80, colour: bool = False, command: str | None = "linkctl apply"
) -> str:
    """The plan for people. `command` is what the line to paste begins with; None when all consent is given."""
    page = Page(width, Paint(colour))
    view = view_plan(plan)
    body = list(plan_sections(page, view, asks=command is not None))
    top = summary(page, view) if len(body) > LONG else ()
    return as_text(sections((top, body, summary(page, view), _to_paste(page, view, command))))


def plan_sections(page: Page, view: PlanView, *, asks: bool = True) -> Iterator[str]:
    """Everything but the summary; `asks` says whether the consents that it needs are still to be given."""
    yield from sections(
        (
            danger_lines(page, view.dangers, asks=asks),
            gap_lines(page, view.gaps, meaning="nothing was decided on what is missing"),
            *(_link_lines(page, section) for section in view.links),
            *(findings(page, severity, view.of(severity)) for severity in Severity),
            _unmanaged_lines(page, view.unmanaged),
        )
    )


def summary(page: Page, view: PlanView, *, after_work: bool = False) -> Iterator[str]:
    """What the plan comes to, in a sentence. After a run that did something, "no changes" would say that it did not."""
    if view.plan.pending:
        return closing(page, Style.HEADING, f"Plan: {tally(view)}.")
    nothing = "Nothing remains" if after_work else "No changes"
    nothing_seen = "Nothing is seen to remain" if after_work else "No changes found"
    if view.gaps:
        text = f"{nothing_seen}, but not everything could be read."
        return closing(page, Style.DANGER, text)
    if view.counts.errors:
        return closing(page, Style.DANGER, f"{nothing_seen}, but there are errors.")
    if view.plan.targets:
        text = f"{nothing} for what was targeted. The rest was not looked at."
        return closing(page, Style.GOOD, text)
    return closing(page, Style.GOOD, f"{nothing}. The clusters are as declared.")


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


def _to_paste(page: Page, view: PlanView, command: str | None) -> Iterator[str]:
    """The command with the consents it needs, as a shell reads it, one option a line where one line is too short."""
    if not view.grants or command is None:
        return
    yield "Applying it needs consent to what cannot be undone:"
    words = [f"  {shown(command)}"]
    words += [f"--allow {shlex.quote(shown(str(grant)))}" for grant in view.grants]
    line = " ".join(words)
    for part in [line] if fits(page, line) else " \\\n      ".join(words).split("\n"):
        yield page.paint(Style.HEADING, part)


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
        yield from delta_lines(page, delta, indent=6, creating=change.kind in CREATIONS)
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
        yield from delta_lines(page, delta, indent=8, creating=batch.kind in CREATIONS)
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


def _unmanaged_lines(page: Page, unmanaged: tuple[UnmanagedSection, ...]) -> Iterator[str]:
    if not unmanaged:
        return
    total = sum(len(section.items) for section in unmanaged)
    yield page.paint(Style.QUIET, f"Not managed by any file, left alone ({total:,})")
    for section in unmanaged:
        parts = [str(section.link), names(section.items), section.detail]
        yield from paragraph(page, ": ".join(part for part in parts if part), indent=2, hang=2)
