"""Names come from outside and may be hostile: what they may look like in a text that people read.

Topic, group and principal names and the texts of servers reach terminals, CI logs and pull requests. There,
an escape sequence moves the cursor, a newline forges a line, right-to-left text reorders what stands beside
it, and a line that begins with `::` is a command to GitHub's runner. All of these are shown as escapes.
JSON keeps every name exactly.
"""

from __future__ import annotations

import re
from unicodedata import bidirectional, combining, east_asian_width

_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_REORDERING = frozenset({"R", "AL", "AN"})
_PLAIN = re.compile(r"(?! )[ -9;-~]+(?::[ -9;-~]+)*:?(?<! )\Z")
_MISLEADING = re.compile(r"^[ :]|(?<= ):(?=:)|#(?=#\[)| \Z")
"""Edges that cannot be seen, and what GitHub's runner would take for a command (`::` at the start of a line, where
wrapping may put any word, or `##[` anywhere)."""


def shown(text: str) -> str:
    """The text with everything that does not print as itself, from left to right, written as an escape."""
    if _PLAIN.match(text) and "##[" not in text:
        return text
    safe = "".join(char if _prints_as_itself(char) else _escaped(char) for char in text)
    return _MISLEADING.sub(lambda found: _escaped(found.group()), safe)


def display_width(text: str) -> int:
    """Columns that an already escaped text takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(_columns(char) for char in text)


def github_data(text: str) -> str:
    """Text as the message of a workflow command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def github_property(text: str) -> str:
    """Text as the value of a property of a workflow command."""
    return github_data(text).replace(":", "%3A").replace(",", "%2C")


def _prints_as_itself(char: str) -> bool:
    return char.isprintable() and bidirectional(char) not in _REORDERING


def _escaped(char: str) -> str:
    code = ord(char)
    if char in _NAMED:
        return _NAMED[char]
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _columns(char: str) -> int:
    if combining(char):
        return 0
    return 2 if east_asian_width(char) in {"W", "F"} else 1
