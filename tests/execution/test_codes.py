"""Codes of diagnostics are listed, and what is listed is said."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from reconciler.execution import CODES

ROOM = Path(__file__).resolve().parents[2] / "reconciler" / "execution"


def literals() -> Iterator[str]:
    for path in sorted(ROOM.glob("*.py")):
        if path.name == "codes.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield from _code(node)


def _code(call: ast.Call) -> Iterator[str]:
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    named = [k.value for k in call.keywords if k.arg == "code"]
    placed = call.args[1:2] if name == "_shut" else []
    for value in (*named, *placed):
        if isinstance(value, ast.Constant):
            yield str(value.value)


def test_codes_are_listed() -> None:
    """Every code that this room says is in its list, and no other."""
    assert set(literals()) == set(CODES)
    assert list(CODES) == sorted(CODES)
