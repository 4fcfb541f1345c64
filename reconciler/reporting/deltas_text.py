"""What a change alters, line by line: `name: before -> after`, and filter rows that come and go."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.changes import Delta, FieldDelta, FilterDelta
from reconciler.reporting.escape import shown
from reconciler.reporting.layout import Page, fits, paragraph
from reconciler.reporting.paint import Style
from reconciler.reporting.words import field_value, filter_row


def delta_lines(page: Page, delta: Delta, *, indent: int, creating: bool = False) -> Iterator[str]:
    """One delta; where the object is `creating`, what was not there before is not said to change."""
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
    """`name: before -> after`, broken before the arrow where it would not fit; what is said of a secret wraps."""
    values = [shown(value) for value in field_value(delta, creating=creating)]
    margin, name = " " * indent, shown(delta.name)
    line = f"{margin}{name}: {' -> '.join(values)}"
    if fits(page, line):
        yield line
    elif delta.hidden:
        yield f"{margin}{name}:"
        yield from paragraph(page, values[0], indent=indent + 3)
    elif len(values) == 1:
        yield line
    else:
        yield f"{margin}{name}:"
        yield f"{margin}   {values[0]}"
        yield f"{margin}-> {values[1]}"
