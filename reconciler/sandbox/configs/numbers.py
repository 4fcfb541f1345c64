"""Numbers as Java reads them out of text."""

from __future__ import annotations

import re

_INTEGER = re.compile(r"[+-]?\d{1,4000}")
#: Longer than any number that anybody means.
_LONGEST = 4000
_DOUBLE = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?[fd]?", re.ASCII | re.IGNORECASE)


def java_integer(text: str, *, bits: int) -> int | None:
    """The number of a type of so many bits; None for what is none.

    As there, space around it does not count and any script's digits do; unlike in Python, nothing stands between them.
    """
    digits = text.strip()
    if _INTEGER.fullmatch(digits) is None:
        return None
    number, limit = int(digits), 1 << (bits - 1)
    return number if -limit <= number < limit else None


def java_double(text: str) -> float | None:
    """The number of a floating type, written in decimal; None for what is none."""
    digits = text.strip()
    if len(digits) > _LONGEST or _DOUBLE.fullmatch(digits) is None:
        return None
    return float(digits.rstrip("fFdD"))
