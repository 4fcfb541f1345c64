"""From plain values to the text of a links.yaml: stable, readable, and read back as exactly the same values.

Mappings and lists are written in block style, in the order in which they are given; a `Row` stands on one line
where it fits. Values may carry comments, and the place in another input that they come from, so that a finding
about the written text can be told about that place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from reconciler.model.diagnostics import Position
from reconciler.model.secrets import Template
from reconciler.spec.quoting import Scalar, printable, written

MAX_WIDTH = 120


@dataclass(frozen=True, slots=True)
class Row:
    """A mapping or list that is written on one line where that is short enough."""

    values: Mapping[str, Plain] | Sequence[Plain]


@dataclass(frozen=True, slots=True)
class Noted:
    """A value with comment lines above it, a remark behind it, and the place that it comes from."""

    value: Bare
    above: tuple[str, ...] = ()
    beside: str = ""
    origin: Origin | None = None


Origin: TypeAlias = Position | str
"""A place in a file, or the name of an option."""
Bare: TypeAlias = "Scalar | Row | Mapping[str, Plain] | Sequence[Plain]"
Plain: TypeAlias = "Bare | Noted"


def for_editors(document: str) -> tuple[str, ...]:
    """The comment lines that switch on completion in editors. The schema that they name is published nowhere, so they
    say as well where it comes from.
    """
    schema = f"schema/{document}.schema.json"
    return (
        f"yaml-language-server: $schema=./{schema}",
        f"(for editors; to have that file: mkdir -p schema && linkctl schema {document} > {schema})",
    )


class _Line(NamedTuple):
    text: str
    origin: Origin | None


@dataclass(frozen=True, slots=True)
class Written:
    """The text, and for each line the place that its value comes from, if it comes from one."""

    text: str
    origins: tuple[Origin | None, ...]

    def origin(self, line: int) -> Origin | None:
        """Where the value on a line (from 1) comes from."""
        return self.origins[line - 1] if 0 < line <= len(self.origins) else None


def write_document(document: Mapping[str, Plain], *, header: Iterable[str] = ()) -> Written:
    """The text of a document. Top-level keys with anything below them, and the links in a list, stand apart.

    Raises:
        TypeError: a value is a template that is composed only when it is sent.
    """
    lines = [_comment("", text) for text in header]
    for key, value in document.items():
        section = list(_entry(key, value, 0, None))
        if lines and len(section) > 1:
            lines.append(_Line("", None))
        lines.extend(section)
    return Written(
        "".join(f"{line.text}\n" for line in lines), tuple(line.origin for line in lines)
    )


def _noted(value: Plain) -> Noted:
    return value if isinstance(value, Noted) else Noted(value)


def _comment(indent: str, text: str) -> _Line:
    return _Line(f"{indent}# {printable(text)}".rstrip(), None)


def _entry(key: str, value: Plain, depth: int, origin: Origin | None) -> Iterator[_Line]:
    """A key with its value, and its comments above."""
    noted, indent = _noted(value), "  " * depth
    origin = noted.origin or origin
    lead = f"{indent}{written(key)}:"
    yield from (_comment(indent, text) for text in noted.above)
    inline = _inline(noted.value, len(lead))
    if inline is not None:
        yield _Line(_remarked(f"{lead} {inline}", noted.beside), origin)
        return
    yield _Line(_remarked(lead, noted.beside), origin)
    yield from _block(noted.value, depth + 1, origin)


def _block(value: Bare, depth: int, origin: Origin | None) -> Iterator[_Line]:
    inner = value.values if isinstance(value, Row) else value
    if isinstance(inner, Mapping):
        for key, below in inner.items():
            yield from _entry(key, below, depth, origin)
    elif isinstance(inner, Sequence) and not isinstance(inner, str):
        items = [list(_item(item, depth, origin)) for item in inner]
        # Items of several lines (links) are told apart by an empty line, rows of a table are not.
        apart = depth == 1 and any(len(item) > 1 for item in items)
        for number, item in enumerate(items):
            if apart and number:
                yield _Line("", None)
            yield from item


def _item(value: Plain, depth: int, origin: Origin | None) -> Iterator[_Line]:
    noted, indent = _noted(value), "  " * depth
    origin = noted.origin or origin
    yield from (_comment(indent, text) for text in noted.above)
    inline = _inline(noted.value, len(indent) + 1)
    if inline is not None:
        yield _Line(_remarked(f"{indent}- {inline}", noted.beside), origin)
        return
    below = _block(noted.value, depth + 1, origin)
    first = next(below)
    yield _Line(f"{indent}- {first.text.lstrip(' ')}", first.origin)
    yield from below


def _inline(value: Bare, used: int) -> str | None:
    """The value on the line of its key or dash; None when it has to go below."""
    match value:
        case None | str() | int() | float() | Template():
            return written(value)
        case Row():
            text = _flow(value)
            return text if used + 1 + len(text) <= MAX_WIDTH else None
        case _:
            return None if value else "{}" if isinstance(value, Mapping) else "[]"


def _flow(value: Plain) -> str:
    inner = _noted(value).value
    bare = inner.values if isinstance(inner, Row) else inner
    if isinstance(bare, str | int | float | Template | None):
        return written(bare)
    if isinstance(bare, Mapping):
        return (
            "{" + ", ".join(f"{written(key)}: {_flow(below)}" for key, below in bare.items()) + "}"
        )
    return "[" + ", ".join(map(_flow, bare)) + "]"


def _remarked(line: str, remark: str) -> str:
    return f"{line}  # {printable(remark)}" if remark else line
