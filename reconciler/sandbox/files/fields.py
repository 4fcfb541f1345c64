"""Reads a mapping strictly and remembers everything that is wrong with it, instead of stopping at the first."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, TypeGuard

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_LARGEST = 1e9
#: More than any log or clock will ever see, and far from where an int64 ends.
_MOST = 10**15


class Fields:
    """A mapping at a place of a document. Every reader notes a problem and returns its default on a wrong type."""

    def __init__(self, value: object, path: str, problems: list[str]) -> None:
        self._path = path
        self._problems = problems
        self._read: set[str] = set()
        self._value: Mapping[str, object] = {}
        if _is_mapping(value):
            self._value = value
        else:
            self.wrong(f"must be a mapping, not {_kind(value)}")

    def wrong(self, what: str, key: str | None = None) -> None:
        place = self._at(key) if key else self._path
        self._problems.append(f"{place or 'the scenario'}: {what}")

    def has(self, key: str) -> bool:
        return key in self._value

    def is_text(self, key: str) -> bool:
        return isinstance(self._value.get(key), str)

    def is_mapping(self, key: str) -> bool:
        return isinstance(self._value.get(key), dict)

    def text(self, key: str, default: str = "", *, required: bool = False) -> str:
        value = self._value.get(key)
        if required and key not in self._value:
            self.wrong(f"'{key}' is missing")
        fits = isinstance(value, str) and (value != "" or not required)
        wanted = "text that is not empty" if required else "text"
        if self._checked(key, wanted, fits=fits) and isinstance(value, str):
            return value
        return default

    def maybe_integer(self, key: str) -> int | None:
        """Like `integer`; None where the key is missing."""
        value = self.integer(key, -1)
        return None if value < 0 else value

    def maybe_number(self, key: str) -> float | None:
        """Like `number`; None where the key is missing."""
        value = self.number(key, -1.0)
        return None if value < 0 else value

    def maybe_boolean(self, key: str) -> bool | None:
        """Like `boolean`; None where the key is missing."""
        value = self.boolean(key, default=False)
        return value if self.has(key) else None

    def boolean(self, key: str, *, default: bool) -> bool:
        value = self._value.get(key)
        fits = isinstance(value, bool)
        return bool(value) if self._checked(key, "true or false", fits=fits) else default

    def header(self, key: str, default: str) -> str:
        """Text that a header can carry."""
        value = self.text(key, default)
        if value.isascii() and value.isprintable():
            return value
        self.wrong(f"must be printable ASCII, not {value!r}", key)
        return default

    def integer(self, key: str, default: int, *, minimum: int = 0, maximum: int = _MOST) -> int:
        value = self._value.get(key)
        whole = isinstance(value, int) and not isinstance(value, bool)
        fits = whole and _within(value, minimum, maximum)
        wanted = f"a whole number from {minimum} to {maximum}"
        if self._checked(key, wanted, fits=fits) and isinstance(value, int):
            return value
        return default

    def number(
        self, key: str, default: float, *, minimum: float = 0.0, maximum: float = _LARGEST
    ) -> float:
        """A number; those that no clock or log could live with count as too large, and so does infinity."""
        value = self._value.get(key)
        real = isinstance(value, int | float) and not isinstance(value, bool)
        fits = real and _within(value, minimum, maximum)
        wanted = f"a number from {minimum:g} to {maximum:g}"
        if self._checked(key, wanted, fits=fits) and isinstance(value, int | float):
            return float(value)
        return default

    def word(
        self, key: str, default: str, words: tuple[str, ...], *, required: bool = False
    ) -> str:
        value = self.text(key, default, required=required)
        if value not in words:
            self.wrong(f"must be one of {', '.join(words)}, not {value!r}", key)
            return default
        return value

    def texts(self, key: str) -> dict[str, str]:
        """A mapping of names to scalars, in Kafka's spelling of them."""
        return self.mapping(key).scalars()

    def mapping(self, key: str) -> Fields:
        self._read.add(key)
        return Fields(self._value.get(key, {}), self._at(key), self._problems)

    def rows(self, key: str) -> Iterator[Fields]:
        """Each entry of a list of mappings."""
        for at, value in enumerate(self.items(key)):
            yield Fields(value, f"{self._at(key)}[{at}]", self._problems)

    def items(self, key: str) -> list[object]:
        self._read.add(key)
        value = self._value.get(key, [])
        if isinstance(value, list):
            return value
        self.wrong(f"must be a list, not {_kind(value)}", key)
        return []

    def scalars(self) -> dict[str, str]:
        found = {}
        for name, value in self._value.items():
            if isinstance(value, str | int | float):
                found[name] = _scalar(value)
            else:
                self.wrong(f"must be text, a number, true or false, not {_kind(value)}", name)
        return found

    def names(self) -> list[str]:
        return list(self._value)

    def done(self) -> None:
        """Note the keys that nobody has asked for."""
        for key in self._value:
            if key not in self._read and not key.startswith("x-"):
                near = difflib.get_close_matches(key, self._read, 1)
                self.wrong(
                    f"unknown key '{key}'" + (f", did you mean '{near[0]}'?" if near else "")
                )

    def _checked(self, key: str, wanted: str, *, fits: bool) -> bool:
        """Whether the key is there and fits; notes a problem when it is there and does not."""
        self._read.add(key)
        if not self.has(key):
            return False
        if not fits:
            self.wrong(f"must be {wanted}, not {self._value[key]!r}", key)
        return fits

    def _at(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key


def _is_mapping(value: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(value, dict) and all(isinstance(key, str) for key in value)


def _within(value: object, minimum: float, maximum: float) -> bool:
    return isinstance(value, int | float) and minimum <= value <= maximum


def _kind(value: object) -> str:
    return {dict: "a mapping", list: "a list", str: "text", bool: "a boolean"}.get(
        type(value), "nothing" if value is None else f"a {type(value).__name__}"
    )


def _scalar(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
