"""The parts of a secret that are secrets themselves, and that a server may quote without the rest.

A value behind one reference may be a whole JAAS line, a key in PEM or a JSON document: what a server repeats of
it is a password, a line or a field.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_LONG_ENOUGH_LINE = 8
"""Shorter lines of a PEM would only blot out ordinary text."""

_LINE_END = re.compile(r"[\r\n]+|(?:\\r|\\n)+")
"""Real ones, and those that were escaped to fit a variable into one line."""

# `name="value"` of JAAS and `"name": "value"` of JSON, in either quotes; JAAS also takes a bare word.
_FIELD = re.compile(
    r"""[=:]\s*+"((?:[^"\\]|\\.)*+)" | [=:]\s*+'((?:[^'\\]|\\.)*+)' | (?<=\s)[\w.]++\s*+=\s*+([^\s;"']++)""",
    re.VERBOSE | re.DOTALL,
)
_SAYS_NOTHING = frozenset({"", "true", "false"})
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_CONTROL = {"n": "\n", "r": "\r", "t": "\t"}


def parts(value: str) -> Iterator[str]:
    """Every part that has to be hidden as the whole is: lines, and the values of fields, as written and unescaped."""
    lines = _LINE_END.split(value)
    if len(lines) > 1:
        yield from (line for line in lines if len(line) >= _LONG_ENOUGH_LINE)
    for field in _FIELD.finditer(value):
        written = field[field.lastindex or 0]
        if written.lower() not in _SAYS_NOTHING:
            yield written
            yield _ESCAPED.sub(_unescaped, written)


def _unescaped(escape: re.Match[str]) -> str:
    return _CONTROL.get(escape[1], escape[1])
