"""Numbers as Java reads them out of text."""

from __future__ import annotations

import re

_INTEGER = re.compile(r"[+-]?\d{1,4000}")


def java_integer(text: str, *, bits: int) -> int | None:
    """The number of a type of so many bits; None for what is none.

    As there, space around it does not count and any script's digits do; unlike in Python, nothing stands between them.
    """
    digits = text.strip()
    if _INTEGER.fullmatch(digits) is None:
        return None
    number, limit = int(digits), 1 << (bits - 1)
    return number if -limit <= number < limit else None
