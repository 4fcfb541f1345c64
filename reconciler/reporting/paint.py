"""Colour is decoration: every meaning is also in a symbol or a word."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Style(Enum):
    """What a piece of text is, with the terminal attributes that show it (ECMA-48 SGR parameters)."""

    PLAIN = ""
    HEADING = "1"
    DANGER = "1;31"
    BAD = "31"
    GOOD = "32"
    CHANGED = "33"
    WARNING = "1;33"
    QUIET = "2"


@dataclass(frozen=True, slots=True)
class Paint:
    """Puts attributes around text, or leaves it alone."""

    colour: bool = False

    def __call__(self, style: Style, text: str) -> str:
        """The text in that style; it must be escaped and padded already."""
        if not self.colour or style is Style.PLAIN or not text:
            return text
        return f"\x1b[{style.value}m{text}\x1b[0m"
