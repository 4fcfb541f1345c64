"""A text however often it was escaped on its way: for JAAS, then for JSON, then for a program's log.

Escaping of any kind puts backslashes before a character, or spells it with a letter or a number after them. Done twice,
there are more backslashes, and the same characters.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

_NAMES = {"\t": "t", "\n": "n", "\r": "r", "\f": "f", "\b": "b", "\0": "0"}
_SLASHES = r"\\++"


def escaped(text: str) -> str:
    """A pattern that finds a text in every spelling, in time that grows with the length of what is searched."""
    # Begins at the beginning of a run of backslashes, and takes the whole run: none is looked at twice.
    entry = "" if _is_plain(text[:1]) else r"(?<!\\)"
    return entry + "".join(_pieces(text))


def _is_plain(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _pieces(text: str) -> Iterator[str]:
    for run in re.finditer(r"(\\*)([^\\]?)", text, re.DOTALL):
        slashes, character = len(run[1]), run[2]
        if slashes:
            yield rf"\\{{{slashes},}}+"
        if not character:
            continue
        if _is_plain(character):
            yield character
        elif character.isascii() and character.isprintable():
            yield rf"\\*+{re.escape(character)}"
        else:
            yield f"(?:{'|'.join(_spellings(character, escaped_before=slashes > 0))})"


def _spellings(character: str, *, escaped_before: bool) -> Iterator[str]:
    """A character that programs spell out: raw, by its letter, by its number, or byte by byte."""
    lead = "" if escaped_before else _SLASHES
    yield rf"\\*+{re.escape(character)}"
    if character in _NAMES:
        yield lead + _NAMES[character]
    # Two numbers beyond the first 65,536 characters.
    numbers = re.findall(r"u[0-9a-f]{4}", json.dumps(character)) or [f"u{ord(character):04x}"]
    yield f"(?i:{lead}{_SLASHES.join(numbers)})"
    yield f"(?i:{lead}U{ord(character):08x})"
    yield f"(?i:{lead}x{ord(character):02x})"
    if not character.isascii():
        parts = [f"x{byte:02x}" for byte in character.encode("utf-8", "surrogatepass")]
        yield f"(?i:{lead}{_SLASHES.join(parts)})"
