"""How this room says that something is wrong: one line per finding, collected, never raised."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import TypeAlias

from reconciler.model.diagnostics import Diagnostic, Position, Severity

Findings: TypeAlias = list[Diagnostic]


def error(
    *, code: str, at: Position, message: str, cure: str, related: tuple[Position, ...] = ()
) -> Diagnostic:
    """A finding that keeps the files from being used."""
    return Diagnostic(code, Severity.ERROR, message, cure, position=at, related=related)


def warning(
    *, code: str, at: Position, message: str, cure: str, related: tuple[Position, ...] = ()
) -> Diagnostic:
    """A finding that a person should look at; `validate --strict` refuses it."""
    return Diagnostic(code, Severity.WARNING, message, cure, position=at, related=related)


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word that somebody most likely meant, if one is near enough to say so.

    Case, `-` and `_` are looked through first: they are what people get wrong most often.
    """
    words = sorted(known)
    folded = {_folded(name): name for name in reversed(words)}
    if _folded(word) in folded:
        return folded[_folded(word)]
    near = get_close_matches(_folded(word), folded, n=1, cutoff=0.75)
    return folded[near[0]] if near else None


def _folded(word: str) -> str:
    return word.lower().replace("-", "").replace("_", "")


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """A cure: the likely word when there is one, else `otherwise`."""
    near = closest(word, known)
    return f"did you mean `{near}`? If not: {otherwise}" if near else otherwise


def either(words: Iterable[str]) -> str:
    """`a`, `b` or `c`."""
    quoted = [f"`{word}`" for word in words]
    return " or ".join(filter(None, (", ".join(quoted[:-1]), quoted[-1]))) if quoted else "nothing"
