"""Nodes: the values of a YAML document with their positions, and nothing of what they mean."""

from __future__ import annotations

from typing import TypeAlias

from reconciler.model.diagnostics import Position
from reconciler.model.secrets import Template
from reconciler.spec import scalars


class Scalar:
    """One value. `text` is what was written, after variables."""

    __slots__ = ("broken", "column", "line", "text", "value")

    def __init__(self, value: scalars.Value | Template, text: str, line: int, column: int) -> None:
        self.value = value
        self.text = text
        self.line = line
        self.column = column
        self.broken = False


class Sequence:
    """A list."""

    __slots__ = ("broken", "column", "items", "line")

    def __init__(self, line: int, column: int) -> None:
        self.items: list[Node] = []
        self.line = line
        self.column = column
        self.broken = False


class Mapping:
    """Keys with their values, in the order in which they were written; `keys` says where each key stands."""

    __slots__ = ("broken", "column", "keys", "line", "values")

    def __init__(self, line: int, column: int) -> None:
        self.values: dict[str, Node] = {}
        self.keys: dict[str, Scalar] = {}
        self.line = line
        self.column = column
        self.broken = False


Node: TypeAlias = Scalar | Sequence | Mapping
"""`broken` marks a node that something was already said about: it is not looked at again."""


def position(file: str, node: Node) -> Position:
    """Where a node stands."""
    return Position(file, node.line, node.column)
