"""What globs on topic names have to do with each other, decided on the globs alone.

A glob is taken apart into the sets of characters that it takes one by one, with a mark for each `*`. Only characters
that topic names may have count, so that a glob that no name can match shows as one with an empty set.
"""

from __future__ import annotations

import string
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Final, TypeAlias

ALPHABET: Final = frozenset(string.ascii_letters + string.digits + "._-")
"""What topic names are made of: the rule of Kafka's own `Topic.validate`."""
_LONGEST: Final = 249

_Taken: TypeAlias = "frozenset[str] | None"
"""One character out of a set; None for `*`."""


class Glob:
    """A glob on topic names."""

    __slots__ = ("_taken",)

    def __init__(self, text: str) -> None:
        self._taken = tuple(_taken(text))

    def matches_any(self) -> bool:
        """Whether there is a topic name that it matches."""
        fixed = [taken for taken in self._taken if taken is not None]
        dots = len(fixed) == len(self._taken) <= 2 and all(taken == {"."} for taken in fixed)
        return all(fixed) and len(fixed) <= _LONGEST and not dots

    def meets(self, other: Glob) -> bool:
        """Whether a text may match both. Both match some name."""
        ours, theirs = self._taken, other._taken
        seen, pending = {(0, 0)}, [(0, 0)]
        while pending:
            i, j = pending.pop()
            if i == len(ours) and j == len(theirs):
                return True
            one = ours[i] if i < len(ours) else frozenset()
            two = theirs[j] if j < len(theirs) else frozenset()
            ways = []
            if one is None:
                ways += [(i + 1, j)] + [(i, j + 1)] * (j < len(theirs))
            if two is None:
                ways += [(i, j + 1)] + [(i + 1, j)] * (i < len(ours))
            if one and two and one & two:
                ways.append((i + 1, j + 1))
            pending += (way for way in ways if way not in seen)
            seen.update(ways)
        return False

    def covers(self, other: Glob) -> bool:
        """Whether it matches all that another one matches, as far as that shows by laying one over the other: True is
        certain, False may be wrong.
        """
        ours, theirs = self._taken, other._taken
        seen, pending = {(0, 0)}, [(0, 0)]
        while pending:
            i, j = pending.pop()
            if i == len(ours):
                if j == len(theirs):
                    return True
                continue
            one = ours[i]
            two = theirs[j] if j < len(theirs) else None
            ways = []
            if one is None:
                ways += [(i + 1, j)] + [(i, j + 1)] * (j < len(theirs))
            elif two is not None and two <= one:
                ways.append((i + 1, j + 1))
            pending += (way for way in ways if way not in seen)
            seen.update(ways)
        return False


def _taken(text: str) -> Iterator[_Taken]:
    """As `fnmatch` reads it: a `[` that is never closed is a character like others."""
    i = 0
    while i < len(text):
        end = _end_of_set(text, i) if text[i] == "[" else 0
        if end:
            kind = text[i:end]
            yield frozenset(c for c in ALPHABET if fnmatchcase(c, kind))
            i = end
            continue
        if text[i] == "?":
            yield ALPHABET
        else:
            yield None if text[i] == "*" else ALPHABET & {text[i]}
        i += 1


def _end_of_set(text: str, start: int) -> int:
    """Where a set of characters ends that begins here; 0 when it does not end."""
    first = start + 2 if text.startswith("[!", start) else start + 1
    return text.find("]", first + 1) + 1
