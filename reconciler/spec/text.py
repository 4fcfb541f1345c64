"""From bytes to text: size, encoding and characters, before any YAML is looked at."""

from __future__ import annotations

import codecs
import re

from reconciler.model.diagnostics import Diagnostic, Position
from reconciler.spec.findings import error

MAX_BYTES = 16 * 1024 * 1024

# YAML 1.2, production c-printable, without the byte order mark.
_UNPRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
# These end a line in YAML 1.1 and for our parser, and do not in YAML 1.2, editors and reviews: what looks like the
# end of a comment there would be a key here.
_HIDDEN_LINE_END = re.compile("[\x85\u2028\u2029]")
_UTF16_OR_32 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
_SAVE_AS_UTF8 = "save the file as UTF-8"


def decode(name: str, data: bytes) -> str | Diagnostic:
    """The text of an input without its byte order mark, or the one finding that says why there is none."""
    start = Position(name, 1, 1)
    if len(data) > MAX_BYTES:
        return error(
            code="input-too-large",
            at=start,
            message="the input is larger than 16 MiB",
            cure="split it into several files and pass them with several `-f`, or use `match` for mirror topics",
        )
    if data.startswith(_UTF16_OR_32) or _looks_like_utf16(data):
        return error(
            code="not-utf8",
            at=start,
            message="the input is UTF-16 or UTF-32, not UTF-8",
            cure=_SAVE_AS_UTF8,
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as problem:
        return error(
            code="not-utf8",
            at=_position(name, data[: problem.start].decode("utf-8")),
            message="a byte here is not UTF-8",
            cure=f"{_SAVE_AS_UTF8} (it is probably Latin-1 or Windows-1252)",
        )
    text = text.removeprefix("\ufeff")
    if found := _UNPRINTABLE.search(text):
        return error(
            code="control-character",
            at=_position(name, text[: found.start()]),
            message=f"the character U+{ord(found[0]):04X} is not allowed in YAML",
            cure="remove it; inside double quotes it can be written as an escape",
        )
    if found := _HIDDEN_LINE_END.search(text):
        return error(
            code="hidden-line-end",
            at=_position(name, text[: found.start()]),
            message=f"the character U+{ord(found[0]):04X} ends a line in YAML 1.1 and does not in YAML 1.2",
            cure="remove it; inside double quotes it can be written as an escape",
        )
    return text


def _looks_like_utf16(data: bytes) -> bool:
    """Every other byte zero at the start: UTF-16 without a mark, as some editors write it."""
    head = data[:4]
    return len(head) == 4 and (head[1::2] == b"\0\0" or head[::2] == b"\0\0")


def _position(name: str, before: str) -> Position:
    lines = re.split("\r\n|[\r\n]", before.removeprefix("\ufeff"))
    return Position(name, len(lines), len(lines[-1]) + 1)
