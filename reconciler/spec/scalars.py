"""What a plain word in YAML means.

We resolve scalars ourselves, by the core schema of YAML 1.2, and refuse what YAML 1.1 reads differently: a
file must not mean one thing to us and another to the editor or the library beside us.
"""

from __future__ import annotations

import math
import re
import string
from typing import Final, TypeAlias

Value: TypeAlias = str | int | float | bool | None

_WORDS: dict[str, Value] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}

_INT = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,18})")
_OTHER_BASE = re.compile(r"0(?:x[0-9a-fA-F]{1,15}|o[0-7]{1,20})")
_FLOAT = re.compile(
    r"[-+]?(?:(?:\.[0-9]+|(?:0|[1-9][0-9]*)\.[0-9]*)(?:[eE][-+]?[0-9]+)?|(?:0|[1-9][0-9]*)[eE][-+]?[0-9]+)"
)

_SWITCHES = frozenset(
    [
        "y",
        "Y",
        "n",
        "N",
        "yes",
        "Yes",
        "YES",
        "no",
        "No",
        "NO",
        "on",
        "On",
        "ON",
        "off",
        "Off",
        "OFF",
    ]
)
_SURPRISES = (
    (re.compile(r"[-+]?0[0-9_]+"), "an octal number in YAML 1.1 and text in YAML 1.2"),
    (re.compile(r"[-+]?0b[01_]+"), "a binary number in YAML 1.1 and text in YAML 1.2"),
    (
        re.compile(r"[-+]?[0-9][0-9_]*_[0-9_]*(?:\.[0-9_]*)?"),
        "a number in YAML 1.1 and text in YAML 1.2",
    ),
    (
        re.compile(r"[-+]?[0-9]+(?::[0-5]?[0-9])+(?:\.[0-9]*)?"),
        "a number of base 60 in YAML 1.1 and text in YAML 1.2",
    ),
    (
        re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:[Tt]|[ \t]+)[0-9].*)?"),
        "a date in YAML 1.1 and text in YAML 1.2",
    ),
    (re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"), "a number that is not finite"),
    (
        re.compile(r"[-+]?[0-9]{20,}|0[xo][0-9a-fA-F]{16,}"),
        "a number with more digits than Kafka can hold",
    ),
    (_FLOAT, "a number that is larger or longer than any program holds"),
    (re.compile(r"="), "a special mark in YAML 1.1 and text in YAML 1.2"),
)

# What a text begins with decides most cases with one look, and files hold thousands of names.
_BEGINS_WORD = frozenset("nNtTfFyYoO~")
_BEGINS_NUMBER = frozenset("0123456789+-.=")
BEGINS_TEXT: Final = frozenset(string.ascii_letters) - _BEGINS_WORD
"""A plain word that begins with one of these is text, in YAML 1.1 and in 1.2."""


def resolve(text: str) -> Value:
    """The value of a plain word by YAML 1.2; text when it is nothing else."""
    if not text or text[0] in _BEGINS_WORD:
        return _WORDS.get(text, text)
    if text[0] not in _BEGINS_NUMBER:
        return text
    if _INT.fullmatch(text):
        return int(text)
    if _OTHER_BASE.fullmatch(text):
        return int(text, 0)
    if _FLOAT.fullmatch(text) and len(text) <= 40:
        number = float(text)
        return number if math.isfinite(number) else text
    return text


def surprise(text: str) -> str | None:
    """What YAML 1.1 would take a plain word for, when that differs from what it says; else None."""
    if not text or text[0] not in _BEGINS_NUMBER:
        return "true or false in YAML 1.1 and text in YAML 1.2" if text in _SWITCHES else None
    return next((what for pattern, what in _SURPRISES if pattern.fullmatch(text)), None)
