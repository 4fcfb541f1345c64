"""A config key as Kafka's ConfigDef describes one: its type, its default, and which values it takes.

On the wire every value is text; the type says which texts are values.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from reconciler.sandbox.configs.numbers import java_double, java_integer
from reconciler.sandbox.world.flavours import PLATFORM_7_5


class Kind(Enum):
    """The type of a value; the word is the one that complaints about a number use."""

    STRING = "STRING"
    BOOLEAN = "BOOLEAN"
    SHORT = "SHORT"
    INT = "INT"
    LONG = "LONG"
    DOUBLE = "DOUBLE"
    LIST = "LIST"
    CLASS = "CLASS"


_BITS = {Kind.SHORT: 16, Kind.INT: 32, Kind.LONG: 64}

#: What can be the name of a class; whether the brokers have one of that name nobody knows here (choice).
_CLASS = re.compile(r"[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*", re.ASCII)

#: The names of flavours that have not defined a key: what Kafka's clients learned after the version in Platform 7.5.
NOT_IN_7_5 = frozenset({PLATFORM_7_5.name})


@dataclass(frozen=True, slots=True)
class ConfigKey:
    """One key. `read_only` holds on Cloud only; `immutable` everywhere once the link exists."""

    name: str
    default: str | None = None
    kind: Kind = Kind.STRING
    sensitive: bool = False
    immutable: bool = False
    read_only: bool = False
    minimum: float | None = None
    maximum: float | None = None
    words: frozenset[str] = frozenset()
    #: Whether `words` may be written in any case.
    any_case: bool = True
    #: Listed even when unset; the others are listed once they are set.
    listed: bool = True
    #: The flavours that have not defined the key.
    lacking: frozenset[str] = frozenset()
    #: It speaks of files or of Kerberos on the brokers, which nobody has but who runs them (section 5.2).
    on_own_brokers: bool = False
    #: The key that it reads as; what is written to it is gone.
    reads_as: str | None = None

    def objection(self, value: str) -> str | None:
        """Why the type does not take a value; None when it does. Space around numbers and switches does not count."""
        if self.kind is Kind.BOOLEAN and value.strip().lower() not in {"true", "false"}:
            return "Expected value to be either true or false"
        if self.kind is Kind.CLASS and _CLASS.fullmatch(value.strip()) is None:
            return f"Class {value} could not be found"
        if self.kind is Kind.DOUBLE:
            return self._outside(java_double(value))
        if self.kind in _BITS:
            return self._outside(java_integer(value, bits=_BITS[self.kind]))
        known = value.upper() in self.words if self.any_case else value in self.words
        if self.words and not known:
            return f"Expected one of {', '.join(sorted(self.words))}"
        return None

    def _outside(self, number: float | None) -> str | None:
        if number is None:
            return f"Not a number of type {self.kind.value}"
        if self.minimum is not None and number < self.minimum:
            return f"Value must be at least {self.minimum:g}"
        if self.maximum is not None and number > self.maximum:
            return f"Value must be no more than {self.maximum:g}"
        return None
