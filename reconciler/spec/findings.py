"""How this room says that something is wrong: one line per finding, collected, never raised."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from itertools import chain
from typing import Final, TypeAlias

from reconciler.model.diagnostics import Diagnostic, Position, Severity, diagnostic_order

Findings: TypeAlias = list[Diagnostic]

MAX_FINDINGS: Final = 500
"""More findings than this about one file help nobody: most likely it is not a links.yaml at all."""

MAX_RELATED: Final = 5
"""Of more places than this that a finding is also about, only the first are named."""

_MOST_NAMED: Final = 8
_MOST_COMPARED: Final = 500
"""Among more names than this, only those that differ in case, `-` and `_` are looked for."""


def settled(findings: Findings) -> tuple[Diagnostic, ...]:
    """What is shown of all findings: one line for each slip, however often an anchor or a default repeats it, at most
    `MAX_FINDINGS` lines about a file, by file and line.
    """
    files: dict[str, dict[tuple[str, Position | None, str], Diagnostic]] = {}
    for finding in sorted(findings, key=diagnostic_order):
        said = files.setdefault(finding.position.file if finding.position else "", {})
        said.setdefault((finding.code, finding.position, finding.message), finding)
    shortened = (_shortened(file, list(said.values())) for file, said in files.items())
    return tuple(sorted(chain.from_iterable(shortened), key=diagnostic_order))


def until_enough(findings: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Findings until a file has more errors than are shown: it is refused then, and looking on only costs time."""
    errors: Counter[str] = Counter()
    for finding in findings:
        yield finding
        if finding.severity is Severity.ERROR and finding.position:
            errors[finding.position.file] += 1
            if errors[finding.position.file] > MAX_FINDINGS:
                return


def _shortened(file: str, said: Findings) -> Findings:
    if len(said) <= MAX_FINDINGS:
        return said
    errors_first = sorted(said, key=lambda finding: finding.severity is not Severity.ERROR)
    worst = errors_first[0].severity
    return [*errors_first[:MAX_FINDINGS], _too_many(file, worst)]


def _too_many(file: str, severity: Severity) -> Diagnostic:
    return Diagnostic(
        code="too-many-findings",
        severity=severity,
        message=f"more than {MAX_FINDINGS} things are wrong with this file; the rest is not listed",
        cure="check that this is the right file, correct what is listed, and run again",
        position=Position(file, 1, 1),
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
    return _closest(word, frozenset(known))


# The same slip is often made many times.
@lru_cache(maxsize=1024)
def _closest(word: str, known: frozenset[str]) -> str | None:
    folded = _by_folded_name(known)
    if _folded(word) in folded:
        return folded[_folded(word)]
    if len(known) > _MOST_COMPARED:
        return None
    near = get_close_matches(_folded(word), folded, n=1, cutoff=0.75)
    return folded[near[0]] if near else None


@lru_cache(maxsize=64)
def _by_folded_name(known: frozenset[str]) -> Mapping[str, str]:
    return {_folded(name): name for name in sorted(known, reverse=True)}


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


def some(words: Sequence[str]) -> str:
    """`a`, `b`, `c`, and how many more there are when they are too many for a line."""
    listed = ", ".join(f"`{word}`" for word in words[:_MOST_NAMED])
    return f"{listed} and {len(words) - _MOST_NAMED:,} more" if len(words) > _MOST_NAMED else listed


def both(words: Iterable[str]) -> str:
    """`a`, `b` and `c`."""
    return either(words).replace(" or ", " and ")
