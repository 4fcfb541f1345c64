"""How this room says that something is wrong: one line per finding, collected, never raised."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final, TypeAlias

from reconciler.model.diagnostics import Diagnostic, Position, Severity

Findings: TypeAlias = list[Diagnostic]

MAX_FINDINGS: Final = 500
"""More findings than this about one file help nobody: most likely it is not a links.yaml at all."""


def too_many(file: str) -> Diagnostic:
    """Said once, in place of all further findings about a file."""
    return error(
        code="too-many-findings",
        at=Position(file, 1, 1),
        message=f"more than {MAX_FINDINGS} things are wrong with this file; the rest is not listed",
        cure="check that this is the right file, correct what is listed, and run again",
    )


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


# How keys of ours and names of configs look. A secret that has become a key (by a slip of quotes, commas or
# indentation) hardly ever looks so.
_KEY_LIKE = re.compile(
    r"[a-z]{1,30}(?:[A-Z][a-z]{1,20}){0,5}|[a-z][a-z0-9]{0,30}(?:[._-][a-z0-9]{1,30}){1,12}"
)


def shown(name: str) -> str:
    """A key that an input holds, as far as it may be printed: what does not look like a key is not named."""
    return f"`{name}`" if _KEY_LIKE.fullmatch(name) else "this key"


def either(words: Iterable[str]) -> str:
    """`a`, `b` or `c`."""
    quoted = [f"`{word}`" for word in words]
    return " or ".join(filter(None, (", ".join(quoted[:-1]), quoted[-1]))) if quoted else "nothing"


def both(words: Iterable[str]) -> str:
    """`a`, `b` and `c`."""
    return either(words).replace(" or ", " and ")
