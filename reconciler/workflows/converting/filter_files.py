"""Filter files of `kafka-cluster-links`: one JSON object with one list, each row with its place in the file
(cluster-linking reference, section 6).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from json import JSONDecodeError, JSONDecoder
from typing import NamedTuple

from reconciler.cluster_linking.filters import parse_filters
from reconciler.model.diagnostics import Diagnostic, Position, Severity
from reconciler.model.filters import Filter, FilterKind
from reconciler.spec.sources import Source

_BLANK = re.compile(r"[ \t\r\n]*")
_LISTS = {
    FilterKind.GROUP: "groupFilters",
    FilterKind.TOPIC: "topicFilters",
    FilterKind.ACL: "aclFilters",
}


class PlacedRow(NamedTuple):
    """A row of a filter and where it begins."""

    row: Filter
    at: Position


class FilterFile(NamedTuple):
    """The rows of one filter, and where it begins."""

    rows: tuple[PlacedRow, ...]
    at: Position


def read_filters(kind: FilterKind, source: Source) -> FilterFile | tuple[Diagnostic, ...]:
    """The rows of a filter file, or everything that is wrong with it."""
    start = Position(source.name, 1, 1)
    try:
        text = source.data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return (_problem(start, "the file is not UTF-8", "save it as UTF-8"),)
    return parse_rows(kind, text, start)


def parse_rows(
    kind: FilterKind, text: str, start: Position, *, whole_file: bool = True
) -> FilterFile | tuple[Diagnostic, ...]:
    """The rows of a filter text that begins at `start`; inside another file (`whole_file` False) every row is told to
    be there.
    """

    def place(offset: int) -> Position:
        before = text[:offset]
        line, column = before.count("\n") + 1, offset - before.rfind("\n")
        return Position(start.file, line, column) if whole_file else start

    name = _LISTS[kind]
    try:
        json.loads(text)
        offsets = list(_elements(text, name))
    except JSONDecodeError as problem:
        return (_problem(place(problem.pos), "this is not JSON from here on", _example(kind)),)
    except RecursionError:
        return (_problem(start, "values are nested too deeply", _example(kind)),)
    except ValueError as problem:
        return (_problem(start, str(problem), _example(kind)),)
    rows: list[PlacedRow] = []
    problems: list[Diagnostic] = []
    for offset, value in offsets:
        try:
            parsed = parse_filters(kind, json.dumps({name: [value]}))
        except ValueError as problem:
            problems.append(_problem(place(offset), f"in this row, {problem}", _example(kind)))
            continue
        rows.extend(PlacedRow(row, place(offset)) for row in parsed)
    return tuple(problems) or FilterFile(tuple(rows), start)


def _elements(text: str, name: str) -> Iterator[tuple[int, object]]:
    """The elements of the list in an object that holds nothing else, each with its offset.

    Raises:
        ValueError: it is something else.
    """
    decoder = JSONDecoder()
    head = re.compile(rf'[ \t\r\n]*\{{[ \t\r\n]*"{name}"[ \t\r\n]*:[ \t\r\n]*\[').match(text)
    if head is None:
        raise ValueError(f"this is not an object with the list `{name}` alone")
    at = _skip(text, head.end())
    while text[at] != "]":
        value, end = decoder.raw_decode(text, at)
        yield at, value
        at = _skip(text, end)
        if text[at] == ",":
            at = _skip(text, at + 1)
    if text[_skip(text, at + 1)] != "}":
        raise ValueError(f"this is not an object with the list `{name}` alone")


def _skip(text: str, at: int) -> int:
    blank = _BLANK.match(text, at)
    return blank.end() if blank else at


def _example(kind: FilterKind) -> str:
    row = (
        '{"resourceFilter": {"resourceType": "any", "patternType": "any"}, '
        '"accessFilter": {"operation": "any", "permissionType": "any"}}'
        if kind is FilterKind.ACL
        else '{"name": "NAME", "patternType": "LITERAL", "filterType": "INCLUDE"}'
    )
    return f'the file should read {{"{_LISTS[kind]}": [{row}]}}'


def _problem(at: Position, message: str, cure: str) -> Diagnostic:
    return Diagnostic(
        code="convert-bad-filters",
        severity=Severity.ERROR,
        message=message,
        cure=cure,
        position=at,
    )
