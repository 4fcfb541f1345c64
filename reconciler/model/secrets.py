"""Secrets as types: templates that name them, and values that do not print.

A template is what YAML holds: text with `${env:NAME}` and `${file:PATH}` references. It is the only form
in which a credential may be planned, saved or compared. A `Secret` is what a template becomes just before
a request is sent; its `repr`, `str` and comparison with other types give nothing away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from reconciler.model.diagnostics import Position


class ReferenceKind(StrEnum):
    """Where a referenced value comes from."""

    ENV = "env"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Reference:
    """`${env:NAME}` or `${file:PATH}`; a path is as the reader of the file has resolved it."""

    kind: ReferenceKind
    name: str
    position: Position | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return f"${{{self.kind}:{self.name}}}"


@dataclass(frozen=True, slots=True)
class Quoted:
    """Parts that are rendered inside double quotes, as a JAAS option value wants: with `\\` and `"` escaped, and
    line ends as well, since Kafka reads the line with a tokenizer for which a line end closes the quotes.
    """

    parts: tuple[Part, ...]


Part: TypeAlias = str | Reference | Quoted


class Secret:
    """A resolved value. Only `reveal()` gives it out."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself, for the one place that sends it."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


@dataclass(frozen=True, slots=True, repr=False)
class Template:
    """Text with references. `str()` shows the references only, never the text around them."""

    parts: tuple[Part, ...]

    @classmethod
    def literal(cls, text: str) -> Template:
        """A template without references."""
        return cls((text,))

    @property
    def references(self) -> tuple[Reference, ...]:
        """All references, in order, quoted ones included."""
        return tuple(_references(self.parts))

    def render(self, lookup: Callable[[Reference], str]) -> Secret:
        """The value, with `lookup` called for each reference; what `lookup` raises passes through."""
        return Secret(_render(self.parts, lookup))

    def __str__(self) -> str:
        return " ".join(str(r) for r in self.references) or "(literal)"

    def __repr__(self) -> str:
        return f"Template({self})"


def _references(parts: tuple[Part, ...]) -> Iterator[Reference]:
    for part in parts:
        if isinstance(part, Reference):
            yield part
        elif isinstance(part, Quoted):
            yield from _references(part.parts)


_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})


def _render(parts: tuple[Part, ...], lookup: Callable[[Reference], str]) -> str:
    pieces: list[str] = []
    for part in parts:
        match part:
            case str():
                pieces.append(part)
            case Reference():
                pieces.append(lookup(part))
            case Quoted():
                pieces.append(f'"{_render(part.parts, lookup).translate(_ESCAPES)}"')
    return "".join(pieces)
