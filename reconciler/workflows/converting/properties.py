"""Java properties files, as `java.util.Properties.load` reads them, with the place of every key.

- A line ends with LF, CR or CRLF; one that ends with an odd number of backslashes goes on in the next, whose leading
  blanks do not count. Empty lines, and lines that begin with `#` or `!`, are comments and never go on.
- The key ends at the first `=`, `:` or blank that no backslash escapes; blanks around one `=` or `:` do not count.
- `\\t`, `\\n`, `\\r`, `\\f` and `\\uXXXX` are escapes; before any other character a backslash is dropped.

(Java SE API documentation, class `Properties`, method `load(Reader)`.)

Kafka's tools read bytes as ISO-8859-1 (`load(InputStream)`), people write UTF-8, and in what a link needs the two are
the same. So what is UTF-8 is read as such, and what is not as Java reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from reconciler.model.diagnostics import Diagnostic, Position, Severity
from reconciler.spec.sources import Source

# Also matches nothing at the very end, so that a last line which goes on is ended too.
_NATURAL_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)?")
_BLANKS = " \t\f"
_ENTRY = re.compile(r"(?P<key>(?:\\.|[^\\=: \t\f])*)[ \t\f]*[=:]?[ \t\f]*(?P<value>.*)", re.DOTALL)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)", re.DOTALL)
_BAD_UNICODE = re.compile(r"(?:^|[^\\])(?:\\\\)*(\\u(?![0-9A-Fa-f]{4}))")
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}


@dataclass(frozen=True, slots=True)
class Property:
    """One key with its value. The value may be secret: it is not shown."""

    name: str
    value: str = field(repr=False)
    at: Position


def read_properties(source: Source) -> tuple[tuple[Property, ...], tuple[Diagnostic, ...]]:
    """All keys in their order, doubles included, and what cannot be read."""
    text = _decoded(source.data)
    found: list[Property] = []
    problems: list[Diagnostic] = []
    for line, at in _logical_lines(source.name, text):
        entry = _ENTRY.fullmatch(line)
        if _BAD_UNICODE.search(line):
            problems.append(_bad_escape(at))
        elif entry is not None:
            found.append(Property(_unescaped(entry["key"]), _unescaped(entry["value"]), at))
    return tuple(found), tuple(problems)


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _logical_lines(file: str, text: str) -> Iterator[tuple[str, Position]]:
    """Lines that hold a key, with continuations joined, and the place where the key begins."""
    pieces: list[str] = []
    start = Position(file, 1, 1)
    for number, natural in enumerate(_NATURAL_LINE.findall(text), start=1):
        bare = natural.rstrip("\r\n")
        content = bare.lstrip(_BLANKS)
        if not pieces:
            if not content or content[0] in "#!":
                continue
            start = Position(file, number, len(bare) - len(content) + 1)
        if _goes_on(content):
            pieces.append(content[:-1])
            continue
        yield "".join((*pieces, content)), start
        pieces = []


def _goes_on(line: str) -> bool:
    return (len(line) - len(line.rstrip("\\"))) % 2 == 1


def _unescaped(text: str) -> str:
    raw = _ESCAPE.sub(lambda match: _character(match[1]), text)
    # Characters beyond the first 65,536 are written as two escapes.
    return raw.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _character(escape: str) -> str:
    if len(escape) == 5:
        return chr(int(escape[1:], 16))
    return _CONTROLS.get(escape, escape)


def _bad_escape(at: Position) -> Diagnostic:
    return Diagnostic(
        code="convert-bad-properties",
        severity=Severity.ERROR,
        message="the value of this key has a `\\u` without four hexadecimal digits after it",
        cure="write the four digits, or two backslashes for a backslash",
        position=at,
    )
