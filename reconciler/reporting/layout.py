"""Lines, paragraphs and tables of a given width. Names overflow rather than being cut."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from reconciler.reporting.escape import display_width, shown
from reconciler.reporting.paint import Paint, Style

GAP = "  "
NARROWEST = 20


@dataclass(frozen=True, slots=True)
class Page:
    """How wide a text may be, and whether it has colours."""

    width: int = 80
    paint: Paint = field(default_factory=Paint)


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of a table, from outside: it is escaped when it is laid out."""

    text: str
    style: Style = Style.PLAIN


def paragraph(
    page: Page, text: str, *, indent: int, first: str = "", hang: int = 0
) -> Iterator[str]:
    """Text from outside, broken at spaces only.

    `first` stands before the first line; the others are set in by as much, and by `hang`.
    """
    rest = " " * (display_width(first) + hang)
    margin = " " * indent
    yield from textwrap.wrap(
        shown(text),
        width=max(page.width, indent + len(rest) + NARROWEST),
        initial_indent=margin + first,
        subsequent_indent=margin + rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def closing(page: Page, style: Style, text: str) -> Iterator[str]:
    """The last words of a report, in its style; a line ends after a comma, semicolon, colon or full stop."""
    glued = re.sub(r"(?<![,;:.]) ", "\0", text)
    lines = textwrap.wrap(
        glued,
        max(page.width, NARROWEST),
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    for line in lines:
        yield page.paint(style, line.replace("\0", " "))


def sections(parts: Iterable[Iterable[str]]) -> Iterator[str]:
    """Parts with one blank line between those that have something to say."""
    started = False
    for part in parts:
        lines = list(part)
        if lines and started:
            yield ""
        yield from lines
        started = started or bool(lines)


def as_text(lines: Iterable[str]) -> str:
    """Lines as one text; without any, the empty text."""
    return "".join(f"{line.rstrip()}\n" for line in lines)


def fits(page: Page, line: str) -> bool:
    """Whether an unpainted line stays within the page."""
    return display_width(line) <= page.width


def number(value: int | None, *, unknown: str = "?") -> str:
    """A count with thousands marked."""
    return unknown if value is None else f"{value:,}"


def counted(count: int, noun: str) -> str:
    """`1 link`, `2,000 links`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def names(items: Sequence[str], *, most: int = 3) -> str:
    """The first few names, and how many more there are."""
    listed = ", ".join(items[:most])
    return listed if len(items) <= most else f"{listed} and {len(items) - most:,} more"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table, and what there is to complain of it, said beneath."""

    cells: tuple[Cell, ...]
    complaints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a header. The first column holds names and is left-aligned; columns in `right` hold numbers.

    A name that is too long for its column gets a line of its own, so that the numbers stay in line.
    """

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    right: frozenset[int] = frozenset()

    def lines(self, page: Page, *, indent: int) -> Iterator[str]:
        """The header, then each row."""
        header = Row(tuple(Cell(title, Style.QUIET) for title in self.header))
        rows = [(_shown_cells(row), row.complaints) for row in (header, *self.rows)]
        widths = self._widths([cells for cells, _ in rows], page.width - indent)
        margin = " " * indent
        for cells, complaints in rows:
            rest = cells
            if display_width(cells[0].text) > widths[0]:
                yield margin + page.paint(cells[0].style, cells[0].text)
                rest = (Cell(""), *cells[1:])
            padded = (self._cell(page, cell, i, widths[i]) for i, cell in enumerate(rest))
            yield margin + GAP.join(padded).rstrip()
            for text in complaints:
                yield from complaint(page, text, indent=indent + 2)

    def _widths(self, rows: Sequence[tuple[Cell, ...]], room: int) -> list[int]:
        first, *others = ([display_width(row[i].text) for row in rows] for i in range(len(rows[0])))
        fixed = [max(column) for column in others]
        most = max(room - sum(fixed) - len(GAP) * len(fixed), NARROWEST)
        return [max(size for size in first if size <= most), *fixed]

    def _cell(self, page: Page, cell: Cell, column: int, width: int) -> str:
        padding = " " * (width - display_width(cell.text))
        text = page.paint(cell.style, cell.text)
        return padding + text if column in self.right else text + padding


def complaint(page: Page, text: str, *, indent: int) -> Iterator[str]:
    """Something that is wrong with what was said just before."""
    for line in paragraph(page, text, indent=indent, first="! "):
        yield page.paint(Style.BAD, line)


def _shown_cells(row: Row) -> tuple[Cell, ...]:
    return tuple(Cell(shown(cell.text), cell.style) for cell in row.cells)
