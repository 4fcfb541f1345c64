"""Generated documents are up to date, and every code that can be printed is explained."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture.generate import ROOMS, ROOT, codes, documents


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.name)
def test_generated_documents_are_fresh(path: Path) -> None:
    """When this fails: `make docs`."""
    assert path.read_text("utf-8") == documents()[path]


def literals(room: str) -> set[str]:
    """Every code that a room writes down as a literal `code=…`."""
    return {
        keyword.value.value
        for path in (ROOT / "reconciler" / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "code"
        and isinstance(keyword.value, ast.Constant)
        and isinstance(keyword.value.value, str)
    }


@pytest.mark.parametrize("room", ROOMS)
def test_every_code_is_explained(room: str) -> None:
    """A code that a user may meet is in docs/messages.md."""
    assert literals(room) - set(codes(room)) == set()
