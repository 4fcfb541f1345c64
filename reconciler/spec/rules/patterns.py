"""Rules on `match` and `except`: what they have to do with topic names and with each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from reconciler.model.diagnostics import Diagnostic, Position
from reconciler.spec.findings import MAX_RELATED, error, warning
from reconciler.spec.glob_relations import Glob
from reconciler.spec.written import LinkEntry, MirrorEntry, Word

_MAX_LOOKS: Final = 200_000
"""Characters of globs that are held against each other in all; a file may hold tens of thousands of patterns."""
_NAMES: Final = "topic names have 1 to 249 letters, digits, `.`, `_` and `-`"
_ALL_TAKEN = (
    "`except` takes out everything that `match` selects",
    "narrow it, or remove the whole item",
)
_NONE_TAKEN = (
    "a glob of `except` takes nothing out: no topic name matches both it and `match`",
    "correct it, or remove it",
)


class Patterns:
    """Rules on the patterns of all links of all files."""

    def __init__(self) -> None:
        self._looks = 0

    def check(self, entry: LinkEntry) -> Iterator[Diagnostic]:
        """Patterns of one link that can never matter, or that stand there twice."""
        written = [(mirror.match, mirror) for mirror in entry.mirrors if mirror.match is not None]
        yield from _same_match(written)
        for match, mirror in written:
            yield from self._dead(match, mirror.excludes)

    def _dead(self, match: Word, excludes: Sequence[Word]) -> Iterator[Diagnostic]:
        selected = Glob(match.text)
        if not selected.matches_any():
            yield warning(
                code="dead-match",
                at=match.at,
                message="no topic can have a name that this glob matches",
                cure=f"{_NAMES}; correct the glob",
            )
            return
        idle: list[Word] = []
        for word in excludes:
            self._looks += len(match.text) * len(word.text)
            if self._looks > _MAX_LOOKS:
                break
            taken = Glob(word.text)
            if not (taken.matches_any() and taken.meets(selected)):
                idle.append(word)
            elif taken.covers(selected):
                yield _between(match, [word], code="dead-match", say=_ALL_TAKEN)
        if idle:
            yield _between(match, idle, code="dead-except", say=_NONE_TAKEN)


def _between(
    match: Word, excludes: Sequence[Word], *, code: str, say: tuple[str, str]
) -> Diagnostic:
    """Said at whichever stands first."""
    message, cure = say
    at, *others = sorted((match.at, *(word.at for word in excludes)))
    return warning(
        code=code, at=at, message=message, cure=cure, related=tuple(others[:MAX_RELATED])
    )


def _same_match(written: Iterable[tuple[Word, MirrorEntry]]) -> Iterator[Diagnostic]:
    first: dict[tuple[str, str], Position] = {}
    for match, mirror in written:
        key = (match.text, mirror.origin.text if mirror.origin else "")
        if key in first:
            yield error(
                code="mirror-declared-twice",
                at=match.at,
                message="this `match` stands here a second time",
                cure="keep one of the two",
                related=(first[key],),
            )
        first.setdefault(key, match.at)
