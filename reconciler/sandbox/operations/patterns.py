"""The patterns that choose mirror topics: Java's regular expressions, as far as they are regular, for whole names.

All ways through a pattern advance together, one character of the name at a time, so no pattern makes a name cost more
than its length times that of the pattern. Engines that try one way after the other (Java's and Python's do) need for
ever for `(a+)+` and a long name that does not match. What cannot be had at that price is refused: back references,
looking around, possessive quantifiers, word boundaries (choice).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from reconciler.sandbox.operations.pattern_syntax import (
    Edge,
    Either,
    Node,
    PatternError,
    Repeat,
    Take,
    Then,
    parse,
)

__all__ = ["Pattern", "PatternError"]

#: How large a pattern may become once its counted repetitions are written out.
_MAX_SIZE = 5000

#: How many places are remembered; a search that comes to more of them starts to forget.
_MAX_KEPT = 1000


@dataclass(slots=True)
class _Step:
    """A step of a pattern: takes a character, or nothing, and goes on with each of `after`."""

    after: tuple[int, ...]
    chars: frozenset[str] | None = None
    edge: Edge | None = None


@dataclass(slots=True)
class _Place:
    """Where all ways together are: the steps that wait for a character, and where each one has led so far."""

    waiting: frozenset[int]
    is_end: bool
    led_to: dict[str, _Place] = field(default_factory=dict)


class Pattern:
    """A pattern, compiled. Raises PatternError."""

    def __init__(self, text: str) -> None:
        self._steps: list[_Step] = []
        self._size = 0
        self._end = self._add(_Step(()))
        first = self._build(parse(text), self._end)
        self._places: dict[tuple[frozenset[int], bool], _Place] = {}
        self._first = self._reach({first}, at_start=True)

    def matches(self, name: str) -> bool:
        """Whether the whole name fits."""
        place = self._first
        for char in name:
            known = place.led_to.get(char)
            place = known if known is not None else self._advance(place, char)
        return place.is_end

    def _add(self, step: _Step) -> int:
        self._steps.append(step)
        return len(self._steps) - 1

    def _build(self, node: Node, after: int) -> int:
        """Write a node out, to be followed by `after`; where it begins."""
        self._size += 1
        if self._size > _MAX_SIZE:
            reason = "it is too large"
            raise PatternError(reason)
        match node:
            case Take():
                return self._add(_Step((after,), chars=node.chars))
            case Edge():
                return self._add(_Step((after,), edge=node))
            case Either():
                return self._add(_Step(tuple([self._build(way, after) for way in node.options])))
            case Repeat():
                return self._repeat(node, after)
            case Then():
                for part in reversed(node.parts):
                    after = self._build(part, after)
                return after

    def _repeat(self, node: Repeat, after: int) -> int:
        if node.high is None:
            loop = self._add(_Step(()))
            self._steps[loop].after = (self._build(node.body, loop), after)
            begin = loop
        else:
            begin = after
            for _ in range(node.high - node.low):
                begin = self._add(_Step((self._build(node.body, begin), after)))
        for _ in range(node.low):
            begin = self._build(node.body, begin)
        return begin

    def _advance(self, place: _Place, char: str) -> _Place:
        taken = (self._steps[at] for at in place.waiting)
        after = {step.after[0] for step in taken if step.chars is not None and char in step.chars}
        found = place.led_to[char] = self._reach(after, at_start=False)
        return found

    def _reach(self, begins: set[int], *, at_start: bool) -> _Place:
        """Go on from some steps as far as that takes no character. After the end of the name no character comes."""
        waiting: set[int] = set()
        seen = {(at, False) for at in begins}
        ahead = list(seen)
        while ahead:
            at, at_end = ahead.pop()
            step = self._steps[at]
            if step.chars is not None:
                waiting.update(() if at_end else (at,))
            elif step.edge is None or not step.edge.at_start or at_start:
                at_end = at_end or (step.edge is not None and not step.edge.at_start)
                fresh = {(after, at_end) for after in step.after} - seen
                seen |= fresh
                ahead += fresh
        return self._kept(frozenset(waiting), is_end=not seen.isdisjoint(self._ends))

    @property
    def _ends(self) -> tuple[tuple[int, bool], ...]:
        return (self._end, False), (self._end, True)

    def _kept(self, waiting: frozenset[int], *, is_end: bool) -> _Place:
        if len(self._places) >= _MAX_KEPT:
            for place in self._places.values():
                place.led_to.clear()
            self._places.clear()
        return self._places.setdefault((waiting, is_end), _Place(waiting, is_end))
