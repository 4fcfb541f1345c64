"""Globs and beginnings held against many names, without looking at each with each."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable
from fnmatch import translate
from typing import Final

_BEGINNING = re.compile(r"[^*?\[]*")
_MAX_LOOKS: Final = 200_000
"""Comparisons that are made in all. Globs that begin with a wildcard are held against every name, and a file may
hold thousands of both."""


class Names:
    """Names in which globs look for a match. Those that begin like a glob lie side by side, so that few others
    are ever looked at.
    """

    def __init__(self, names: Collection[str]) -> None:
        self._exact = frozenset(names)
        self._sorted = sorted(names)
        self._looks = 0

    def has_match(self, glob: str) -> bool:
        """Whether a glob matches a name; also True once so much was compared that it is not known."""
        beginning = _BEGINNING.match(glob)
        head = beginning[0] if beginning else ""
        if glob in self._exact or head == glob:
            return glob in self._exact
        low = bisect_left(self._sorted, head)
        high = bisect_left(self._sorted, head + "\U0010ffff", low)
        self._looks += high - low
        if self._looks > _MAX_LOOKS:
            return True
        matches = re.compile(translate(glob)).match if high > low else None
        return matches is not None and any(map(matches, self._sorted[low:high]))


class Beginnings:
    """Texts that a name may begin with."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = frozenset(texts)
        self._lengths = sorted({len(text) for text in self._texts})

    def of(self, name: str) -> str | None:
        """The shortest of the texts that a name begins with."""
        heads = (name[:length] for length in self._lengths)
        return next((head for head in heads if head in self._texts), None)
