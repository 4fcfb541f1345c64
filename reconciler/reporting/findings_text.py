"""Diagnostics as paragraphs of a report: where and code, what is wrong, what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from reconciler.model.diagnostics import Diagnostic, Position, Severity
from reconciler.model.observed import Gap
from reconciler.reporting.escape import shown
from reconciler.reporting.grouping import MANY, grouped, wording
from reconciler.reporting.layout import Page, counted, fits, paragraph
from reconciler.reporting.paint import Style
from reconciler.reporting.words import SEVERITY_STYLES

TITLES = {
    Severity.ERROR: ("Errors", ""),
    Severity.BLOCKED: ("Blocked", ": each needs a person; the rest of the plan stands"),
    Severity.WAITING: ("Waiting", ": on its way without a step of ours"),
    Severity.WARNING: ("Warnings", ""),
    Severity.NOTE: ("Notes", ""),
}

FIRST = 3
"""How many of many findings with one code are written out."""


def findings(page: Page, severity: Severity, diagnostics: Sequence[Diagnostic]) -> Iterator[str]:
    """A titled section; of more than ten findings with one code the first few are written out."""
    if not diagnostics:
        return
    style = SEVERITY_STYLES[severity]
    title, meaning = TITLES[severity]
    yield page.paint(style, f"{title} ({len(diagnostics):,}){meaning}")
    for code, alike in grouped(diagnostics, lambda d: d.code).items():
        many = len(alike) > MANY
        for diagnostic in alike[:FIRST] if many else alike:
            yield from finding(page, diagnostic, indent=2)
        if many:
            rest = counted(len(alike) - FIRST, "more finding")
            yield from paragraph(page, f"and {rest} with this code [{code}]", indent=2)


def finding(page: Page, diagnostic: Diagnostic, *, indent: int) -> Iterator[str]:
    """One diagnostic: a head line, the message, the cure."""
    style = SEVERITY_STYLES[diagnostic.severity]
    subject = shown(str(diagnostic.address or diagnostic.subject or diagnostic.position or ""))
    code = f"[{shown(diagnostic.code)}]"
    plain = f"{subject} {code}" if subject else code
    margin = " " * indent
    at = diagnostic.position if diagnostic.address or diagnostic.subject else None
    yield from with_origin(page, margin + plain, margin + page.paint(style, plain), at)
    yield from explanation(page, diagnostic, indent=indent + 4)


def explanation(page: Page, diagnostic: Diagnostic, *, indent: int) -> Iterator[str]:
    """Message and cure, without the head."""
    yield from paragraph(page, diagnostic.message, indent=indent)
    if diagnostic.cure:
        yield from paragraph(page, diagnostic.cure, indent=indent, first="-> ")
    for position in diagnostic.related:
        yield from paragraph(page, f"see also {position}", indent=indent)


def gap_lines(page: Page, gaps: Sequence[Gap], *, meaning: str) -> Iterator[str]:
    """What could not be read, loudly: silence would be taken for "not there". `meaning` is what follows from it. One
    cause is told once for each cluster, with the first request that met it.
    """
    if not gaps:
        return
    yield page.paint(Style.DANGER, f"COULD NOT BE READ ({len(gaps):,}): {meaning}")
    for alike in grouped(gaps, lambda gap: (_cluster(gap), wording(gap.diagnostic))).values():
        cause = alike[0].diagnostic
        head = f"{cause.subject or alike[0].scope} [{cause.code}]"
        yield from paragraph(page, head, indent=2, first="! ")
        yield from explanation(page, cause, indent=6)
        yield from paragraph(page, "missing: " + ", ".join(gap.scope for gap in alike), indent=6)


def _cluster(gap: Gap) -> str:
    """The cluster that a scope begins with: two may have one trouble, and each has its own place to look."""
    return re.split("[:/]", gap.scope, maxsplit=1)[0]


def with_origin(page: Page, plain: str, painted: str, position: Position | None) -> Iterator[str]:
    """A line and, where it fits, the place in the YAML that asks for it; else that place on a line of its own."""
    if position is None:
        yield painted
        return
    origin = f"# {shown(position.file)}:{position.line}"
    if fits(page, f"{plain}  {origin}"):
        yield f"{painted}  {page.paint(Style.QUIET, origin)}"
    else:
        margin = " " * (len(plain) - len(plain.lstrip()) + 4)
        yield painted
        yield margin + page.paint(Style.QUIET, origin)
