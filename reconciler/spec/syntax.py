"""The parser's complaints in words that a person can act on, without a character of the source."""

from __future__ import annotations

from typing import NamedTuple

import yaml

from reconciler.model.diagnostics import Diagnostic, Position
from reconciler.spec.findings import error


class _Say(NamedTuple):
    message: str
    cure: str
    at_context: bool = False
    """Point at where the broken thing begins (the opening quote), not at where the parser gave up."""


_QUOTES = _Say(
    "a quoted text that begins here is never closed",
    "close it with the same kind of quote",
    at_context=True,
)
_INDENTATION = _Say(
    "the indentation does not fit the lines above",
    "give all keys of one mapping, and all `-` of one list, the same indentation",
)
_TAB_INDENTATION = _Say("a tab is used for indentation", "use spaces")

_BY_PROBLEM = {
    "found unexpected end of stream": _QUOTES,
    "found unexpected document indicator": _QUOTES,
    "mapping values are not allowed in this context": _Say(
        "a `: ` stands where no key can be",
        "put the value on one line with its key, indent it under the key, or quote a text that holds `: `",
    ),
    "block sequence entries are not allowed in this context": _Say(
        "a `- ` stands where no list can begin", "begin the list on its own line under the key"
    ),
    "could not find expected ':'": _Say(
        "a key has no `:` after it",
        "write `key: value`, with a space after the `:`",
        at_context=True,
    ),
    "did not find expected key": _Say(
        "a key should begin here",
        "check the indentation, and that a quoted text is not followed by more text",
    ),
    "did not find expected '-' indicator": _Say(
        "a list item should begin here", "begin it with `- `, or indent this line less"
    ),
    "did not find expected ',' or ']'": _Say(
        "a list in brackets that begins here is not closed",
        "close it with `]` and put commas between the items",
        at_context=True,
    ),
    "did not find expected ',' or '}'": _Say(
        "a mapping in braces that begins here is not closed",
        "close it with `}` and put commas between the keys",
        at_context=True,
    ),
    "did not find expected node content": _Say(
        "a value should stand here", "remove the extra `,`, `]` or `}`, or write the value"
    ),
    "did not find expected <document start>": _INDENTATION,
    "found unknown escape character": _Say(
        "a backslash in double quotes is followed by a character that it cannot escape",
        "write `\\\\` for a backslash, or use single quotes",
    ),
    "found a tab character where an indentation space is expected": _TAB_INDENTATION,
    "found a tab character that violates indentation": _TAB_INDENTATION,
    "found undefined tag handle": _Say(
        "a tag is used", "remove it: linkctl reads plain YAML without tags"
    ),
    "found incompatible YAML document": _Say(
        "the `%YAML` line names a version that is not known", "remove that line"
    ),
    "found unknown directive name": _Say(
        "a line that begins with `%` is not a directive that YAML knows", "remove that line"
    ),
}
_BARE_REFERENCE = _Say(
    "a `${…}` stands without quotes inside braces or brackets",
    'put the whole value in double quotes: "${env:NAME}"',
)
_TAB = _Say("a tab stands where YAML wants spaces", "replace it with spaces")
_RESERVED = _Say("a text cannot begin with this character", "put the text in quotes")
_OTHER = _Say("the YAML is broken here", "check quotes, brackets and indentation")


def syntax_finding(name: str, text: str, problem: yaml.YAMLError) -> Diagnostic:
    """One line for what made the parser stop."""
    mark = problem.problem_mark if isinstance(problem, yaml.MarkedYAMLError) else None
    if mark is None or not isinstance(problem, yaml.MarkedYAMLError):
        return _finding(Position(name, 1, 1), _OTHER)
    line, column = mark.line, mark.column
    if problem.problem == "found character that cannot start any token":
        say = _TAB if _characters(text, line, column) == "\t" else _RESERVED
    elif column and _characters(text, line, column - 1, 2) == "${":
        say, column = _BARE_REFERENCE, column - 1
    else:
        say = _BY_PROBLEM.get(problem.problem or "", _OTHER)
    if say.at_context and problem.context_mark is not None:
        line, column = problem.context_mark.line, problem.context_mark.column
    return _finding(_inside(name, text, line, column), say)


def _finding(at: Position, say: _Say) -> Diagnostic:
    return error(code="yaml-syntax", at=at, message=say.message, cure=say.cure)


def _characters(text: str, line: int, column: int, count: int = 1) -> str:
    lines = text.splitlines()
    return lines[line][column : column + count] if line < len(lines) else ""


def _inside(name: str, text: str, line: int, column: int) -> Position:
    """The parser may stop one line behind the end; positions always lie inside the file."""
    lines = text.splitlines() or [""]
    if line < len(lines):
        return Position(name, line + 1, column + 1)
    return Position(name, len(lines), len(lines[-1]) + 1)
