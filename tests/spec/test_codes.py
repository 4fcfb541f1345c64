"""The list of codes is what the code says, no more and no less."""

from __future__ import annotations

import re
from pathlib import Path

import reconciler.spec
from reconciler.spec import CODES


def test_every_code_is_explained_and_said() -> None:
    """`CODES` holds exactly the codes that this room's sources say."""
    room = Path(reconciler.spec.__file__).parent
    said = {
        code
        for file in room.rglob("*.py")
        for code in re.findall(r'code="([a-z0-9-]+)"', file.read_text("utf-8"))
    }
    assert said == set(CODES)


def test_explanations_say_what_to_do() -> None:
    """Each is one line: when it is said, then what to do."""
    for code, text in CODES.items():
        assert re.fullmatch(r"[^\n]+[:,;] [^\n]+\.", text), code
