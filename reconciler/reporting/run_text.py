"""A run as text: how each step ended, what failed and why, and what remains."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from reconciler.model.address import Address, MirrorAddress
from reconciler.model.diagnostics import Diagnostic
from reconciler.model.events import Outcome, RunResult
from reconciler.model.plan import Plan
from reconciler.model.steps import Action, Step
from reconciler.reporting.escape import shown
from reconciler.reporting.grouping import MANY, grouped
from reconciler.reporting.layout import Page, as_text, closing, counted, names, paragraph, sections
from reconciler.reporting.paint import Paint, Style
from reconciler.reporting.plan_text import plan_sections, summary, tally
from reconciler.reporting.plan_view import PlanView, view_plan
from reconciler.reporting.run_view import Ending, RunView, view_run
from reconciler.reporting.words import (
    OUTCOME_STYLES,
    OUTCOME_WORDS,
    action_addresses,
    describe,
    family,
    short_name,
)

COLUMN = max(len(word) for word in OUTCOME_WORDS.values()) + 2


def run_text(result: RunResult, *, width: int = 80, colour: bool = False) -> str:
    """The report of a run for people."""
    page = Page(width, Paint(colour))
    view = view_run(result)
    remaining = None if result.remaining is None else view_plan(result.remaining)
    return as_text(
        sections(
            (
                _ending_lines(page, view),
                _interruption(page, result),
                _remaining_lines(page, remaining, after_work=bool(result.outcomes)),
                _summary(page, view, result.remaining),
            )
        )
    )


def _ending_lines(page: Page, view: RunView) -> Iterator[str]:
    """Each step that did not simply succeed, in the order of the run. The others were told while they ran, stand in
    the plan above, and are counted below.
    """
    for ending in view.endings:
        if ending.outcome is not Outcome.SUCCEEDED or ending.complaints:
            yield from _one_ending(page, ending)


def _one_ending(page: Page, ending: Ending) -> Iterator[str]:
    yield _outcome_line(page, ending.outcome, describe(*ending.actions))
    if len(ending.results) > 1:
        yield from paragraph(page, _named(ending.actions), indent=COLUMN)
    told_apart = len(ending.results) == 1 and len(ending.items) > 1
    if ending.outcome is not Outcome.SUCCEEDED and told_apart:
        fine = sum(item.outcome is Outcome.SUCCEEDED for item in ending.items)
        yield from paragraph(page, f"{fine:,} of {len(ending.items):,} succeeded", indent=COLUMN)
    for complaint in ending.complaints:
        about = complaint.addresses if told_apart else ()
        yield from _complaint_lines(page, complaint.diagnostic, about)
    if ending.kept_back:
        yield from _kept_back_lines(page, ending.kept_back)


def _named(actions: Iterable[Action]) -> str:
    """The objects of actions of one family: mirror topics by their names, since their link is said already."""
    addresses = [address for action in actions for address in action_addresses(action)]
    return names(
        [a.mirror if isinstance(a, MirrorAddress) else str(a) for a in addresses], most=MANY
    )


def _outcome_line(page: Page, outcome: Outcome, text: str) -> str:
    word = OUTCOME_WORDS[outcome]
    padding = " " * (COLUMN - len(word))
    return page.paint(OUTCOME_STYLES[outcome], word) + padding + shown(text)


def _complaint_lines(
    page: Page, diagnostic: Diagnostic, about: tuple[Address, ...]
) -> Iterator[str]:
    text = f"{diagnostic.message} [{diagnostic.code}]"
    if about:
        text = f"{names([short_name(address) for address in about], most=MANY)}: {text}"
    yield from paragraph(page, text, indent=COLUMN)
    if diagnostic.cure:
        yield from paragraph(page, diagnostic.cure, indent=COLUMN, first="-> ")


def _kept_back_lines(page: Page, kept_back: tuple[Step, ...]) -> Iterator[str]:
    steps = counted(len(kept_back), "step")
    yield page.paint(Style.WARNING, f"{' ' * COLUMN}not sent because of this: {steps}")
    for alike in grouped((step.action for step in kept_back), family).values():
        text = describe(*alike) + (f": {_named(alike)}" if len(alike) > 1 else "")
        yield from paragraph(page, text, indent=COLUMN + 2, hang=2)


def _interruption(page: Page, result: RunResult) -> Iterator[str]:
    if result.interrupted:
        yield from paragraph(
            page,
            "Interrupted: after that nothing more was sent. Run the same command again: it goes on from what it "
            "finds.",
            indent=0,
        )


def _remaining_lines(page: Page, remaining: PlanView | None, *, after_work: bool) -> Iterator[str]:
    if remaining is None:
        return
    lines = list(plan_sections(page, remaining))
    if remaining.plan.pending:
        yield page.paint(Style.HEADING, "What remains:")
        yield ""
    yield from lines
    if not remaining.plan.pending:
        if lines:
            yield ""
        yield from summary(page, remaining, after_work=after_work)


def _counts(counts: Mapping[Outcome, int]) -> str:
    return ", ".join(
        f"{count:,} {outcome.value.replace('-', ' ')}"
        for outcome, count in counts.items()
        if count or outcome in {Outcome.SUCCEEDED, Outcome.FAILED}
    )


def _summary(page: Page, view: RunView, remaining: Plan | None) -> Iterator[str]:
    steps = len(view.result.outcomes)
    if not steps:
        return iter(("Nothing was sent.",))
    text = f"Run: {counted(steps, 'step')}, {_counts(view.counts)}"
    if any(result.in_part for result in view.result.outcomes):
        objects = counted(sum(view.item_counts.values()), "object")
        text += f"; {objects}, {_counts(view.item_counts)}"
    text += "."
    if remaining is not None and remaining.pending:
        text += f" Remaining: {tally(view_plan(remaining))}."
    style = Style.GOOD if view.result.succeeded else Style.DANGER
    return closing(page, style, text)
