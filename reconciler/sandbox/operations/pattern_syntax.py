"""Reads the regular part of Java's regular expressions, over the characters that a topic's name can have.

A set of characters is a set of those few characters, so that the complement, the union and the intersection that Java
allows inside brackets are what they say.
"""

from __future__ import annotations

import string
from dataclasses import dataclass
from typing import NoReturn

#: What a name is made of. Anything else in a pattern matches nothing.
ALPHABET = frozenset(string.ascii_letters + string.digits + "._-")

_MAX_DEPTH = 50

_LOWER, _UPPER = frozenset(string.ascii_lowercase), frozenset(string.ascii_uppercase)
_DIGITS, _PUNCTUATION = frozenset(string.digits), frozenset("._-")
_LETTERS = _LOWER | _UPPER
_NONE: frozenset[str] = frozenset()

_ESCAPES = {"d": _DIGITS, "w": _LETTERS | _DIGITS | {"_"}, "s": _NONE, "h": _NONE, "v": _NONE}
_ESCAPES |= {name.upper(): ALPHABET - chars for name, chars in _ESCAPES.items()}
_CONTROLS = frozenset("tnrfae")

_PROPERTIES = {
    **dict.fromkeys(("Lower", "Ll", "Lowercase", "javaLowerCase"), _LOWER),
    **dict.fromkeys(("Upper", "Lu", "Uppercase", "javaUpperCase"), _UPPER),
    **dict.fromkeys(("Alpha", "L", "Alphabetic", "Letter", "Latin"), _LETTERS),
    **dict.fromkeys(("Digit", "N", "Nd"), _DIGITS),
    **dict.fromkeys(("Punct", "P", "Punctuation"), _PUNCTUATION),
    **dict.fromkeys(("ASCII", "Graph", "Print"), ALPHABET),
    **dict.fromkeys(("Space", "Blank", "Cntrl", "javaWhitespace", "White_Space"), _NONE),
    "Alnum": _LETTERS | _DIGITS,
    "XDigit": frozenset(string.hexdigits),
    "Pc": frozenset("_"),
    "Pd": frozenset("-"),
    "Po": frozenset("."),
}


class PatternError(ValueError):
    """The text is not a pattern that can be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Take:
    """One character out of a set."""

    chars: frozenset[str]


@dataclass(frozen=True, slots=True)
class Then:
    """One after the other."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of several."""

    options: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """From `low` to `high` times; without `high`, as often as one likes."""

    body: Node
    low: int
    high: int | None


@dataclass(frozen=True, slots=True)
class Edge:
    """Nothing, but only at the start of the name, or at its end."""

    at_start: bool


Node = Take | Then | Either | Repeat | Edge


def parse(text: str) -> Node:
    """What a pattern means. Raises PatternError."""
    return _Parser(_unquoted(text)).whole()


def _unquoted(text: str) -> str:
    r"""The pattern without `\Q…\E`: every character between them stands for itself."""
    parts: list[str] = []
    at = 0
    while at < len(text):
        if text.startswith("\\Q", at):
            quoted, _, _ = text[at + 2 :].partition("\\E")
            parts += [char if char.isalnum() else f"\\{char}" for char in quoted]
            at += 2 + len(quoted) + 2
        else:
            size = 2 if text[at] == "\\" else 1
            parts.append(text[at : at + size])
            at += size
    return "".join(parts)


class _Parser:
    """One reading of one pattern, from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0
        self._any_case = False

    def whole(self) -> Node:
        node = self._alternatives()
        if self._at < len(self._text):
            self._refuse("unmatched closing ')'")
        return node

    def _alternatives(self) -> Node:
        options = [self._sequence()]
        while self._skip("|"):
            options.append(self._sequence())
        return options[0] if len(options) == 1 else Either(tuple(options))

    def _sequence(self) -> Node:
        parts: list[Node] = []
        while self._next() not in {"", "|", ")"}:
            parts.append(self._repeated(self._atom()))
        return Then(tuple(parts))

    def _repeated(self, body: Node) -> Node:
        bounds = self._bounds()
        if bounds is None:
            return body
        if self._skip("+"):
            self._refuse("possessive quantifiers are not supported")
        # A reluctant quantifier finds the same whole names as a greedy one.
        self._skip("?")
        return Repeat(body, *bounds)

    def _bounds(self) -> tuple[int, int | None] | None:
        for sign, bounds in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self._skip(sign):
                return bounds
        return self._counted() if self._skip("{") else None

    def _counted(self) -> tuple[int, int | None]:
        inside = self._until("}", "unclosed counted closure")
        low, comma, high = inside.partition(",")
        if not (low and inside.isascii() and (low + high).isdecimal()):
            self._refuse("illegal repetition")
        if max(len(low), len(high)) > 9 or (high and int(high) < int(low)):
            self._refuse("illegal repetition range")
        return int(low), int(high) if high else None if comma else int(low)

    def _atom(self) -> Node:
        char = self._take()
        if char in {"*", "+", "?", "{"}:
            self._refuse(f"dangling meta character '{char}'")
        match char:
            case "(":
                return self._group()
            case "[":
                return Take(self._brackets())
            case ".":
                return Take(ALPHABET)
            case "^" | "$":
                return Edge(at_start=char == "^")
            case "\\":
                return self._escape()
            case _:
                return Take(self._folded({char}))

    def _group(self) -> Node:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            self._refuse("too many groups inside each other")
        outside = self._any_case
        if self._skip("?") and self._group_kind():
            self._depth -= 1
            return Then(())
        node = self._alternatives()
        if not self._skip(")"):
            self._refuse("unclosed group")
        self._any_case = outside
        self._depth -= 1
        return node

    def _group_kind(self) -> bool:
        """Read what comes after `(?`; whether that was the whole group, as in `(?i)`."""
        if self._skip(":"):
            return False
        if any(map(self._skip, ("=", "!", "<=", "<!", ">"))):
            self._refuse("looking around and groups without a way back are not supported")
        if self._skip("<"):
            name = self._until(">", "the name of a group is missing trailing '>'")
            if not (name.isalnum() and name.isascii() and name[0].isalpha()):
                self._refuse("illegal name of a group")
            return False
        flags = ""
        while self._next() not in {"", ":", ")"}:
            flags += self._take()
        on, _, off = flags.partition("-")
        if not set(on + off) <= set("idmsuU"):
            self._refuse(f"inline modifier '{flags}' is not supported")
        self._any_case = "i" not in off and ("i" in on or self._any_case)
        if not self._next():
            self._refuse("unclosed group")
        return self._take() == ")"

    def _escape(self) -> Node:
        char = self._next()
        if char in {"A", "z", "Z"} and self._take():
            return Edge(at_start=char == "A")
        return Take(self._escaped())

    def _escaped(self) -> frozenset[str]:
        """The characters that an escape stands for, its backslash having been read."""
        char = self._take()
        if char in _ESCAPES:
            return _ESCAPES[char]
        if char in {"p", "P"}:
            return self._property(negated=char == "P")
        return self._folded({self._escaped_char(char)})

    def _escaped_char(self, char: str) -> str:
        if char in _CONTROLS:
            return "\n"
        if char == "x" and self._skip("{"):
            return self._code(self._until("}", "unclosed hexadecimal escape"), 16)
        if char in {"x", "u"}:
            return self._code(self._several(2 if char == "x" else 4), 16)
        if char == "0":
            return self._code(self._several(1), 8)
        if char.isalnum() or not char:
            self._refuse(f"'\\{char}' is not supported")
        return char

    def _property(self, *, negated: bool) -> frozenset[str]:
        name = self._until("}", "unclosed property") if self._skip("{") else self._take()
        short = name.rpartition("=")[2].removeprefix("Is")
        if short not in _PROPERTIES:
            self._refuse(f"unknown character property '{name}'")
        chars = self._folded(_PROPERTIES[short])
        return ALPHABET - chars if negated else chars

    def _brackets(self) -> frozenset[str]:
        """A class of characters, its opening bracket having been read."""
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            self._refuse("too many classes inside each other")
        negated = self._skip("^")
        chars = self._union()
        while self._skip("&&"):
            chars &= self._union()
        if not self._skip("]"):
            self._refuse("unclosed character class")
        self._depth -= 1
        return ALPHABET - chars if negated else chars

    def _union(self) -> frozenset[str]:
        chars, at_first = _NONE, True
        while self._next() and not self._text.startswith("&&", self._at):
            if self._next() == "]" and not at_first:
                break
            chars |= self._brackets() if self._skip("[") else self._range()
            at_first = False
        return chars

    def _range(self) -> frozenset[str]:
        """One character, several by an escape, or all from one to another."""
        low = self._take()
        if low == "\\":
            if self._next() in {*_ESCAPES, "p", "P"}:
                return self._escaped()
            low = self._escaped_char(self._take())
        ahead = self._text[self._at : self._at + 2]
        if ahead[:1] != "-" or ahead[1:] in {"", "]", "["}:
            return self._folded({low})
        self._take()
        high = self._take()
        if high == "\\":
            high = self._escaped_char(self._take())
        if high < low:
            self._refuse("illegal character range")
        return self._folded({char for char in ALPHABET if low <= char <= high})

    def _folded(self, chars: set[str] | frozenset[str]) -> frozenset[str]:
        found = {char.swapcase() for char in chars} if self._any_case else set()
        return ALPHABET & (found | chars)

    def _code(self, digits: str, base: int) -> str:
        try:
            return chr(int(digits, base))
        except (ValueError, OverflowError):
            self._refuse("illegal escape of a character by its number")

    def _next(self) -> str:
        return self._text[self._at : self._at + 1]

    def _take(self) -> str:
        char = self._next()
        self._at += 1
        return char

    def _several(self, count: int) -> str:
        return "".join(self._take() for _ in range(count))

    def _skip(self, sign: str) -> bool:
        found = self._text.startswith(sign, self._at)
        self._at += len(sign) if found else 0
        return found

    def _until(self, sign: str, complaint: str) -> str:
        end = self._text.find(sign, self._at)
        if end < 0:
            self._refuse(complaint)
        inside, self._at = self._text[self._at : end], end + 1
        return inside

    def _refuse(self, reason: str) -> NoReturn:
        message = f"{reason} near index {min(self._at, len(self._text))}"
        raise PatternError(message)
