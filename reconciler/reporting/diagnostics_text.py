"""Findings on their own, as compilers say them: `file:line:column: severity: what is wrong [code]`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.model.diagnostics import Diagnostic
from reconciler.reporting.escape import shown
from reconciler.reporting.layout import Page, as_text, paragraph
from reconciler.reporting.paint import Paint, Style
from reconciler.reporting.words import SEVERITY_STYLES


def diagnostics_text(
    diagnostics: Sequence[Diagnostic], *, width: int = 80, colour: bool = False
) -> str:
    """Findings for people and editors, in the order given; empty without any."""
    page = Page(width, Paint(colour))
    return as_text(line for found in diagnostics for line in _lines(page, found))


def _lines(page: Page, diagnostic: Diagnostic) -> Iterator[str]:
    severity = str(diagnostic.severity)
    where = [str(at) for at in (diagnostic.position, diagnostic.address) if at is not None]
    heads = [*(where or [diagnostic.subject] * bool(diagnostic.subject)), severity]
    text = f"{': '.join(heads)}: {diagnostic.message} [{diagnostic.code}]"
    for line in paragraph(page, text, indent=0, hang=4):
        painted = page.paint(SEVERITY_STYLES[diagnostic.severity], f"{severity}:")
        yield line.replace(f"{severity}:", painted, 1)
    if diagnostic.cure:
        yield from paragraph(page, diagnostic.cure, indent=4, first="-> ")
    for position in diagnostic.related:
        yield page.paint(Style.QUIET, f"    see also {shown(str(position))}")
