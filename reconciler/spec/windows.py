"""A long document in pieces that a validator can judge one by one.

The fast validator tells all misfits of a document at once. For a list of 100,000 wrong items that would take a gigabyte,
of which 500 are shown. So long lists are cut into windows, and whoever has seen enough asks for no more.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple, TypeAlias

from reconciler.spec.validators import Json, Misfit, Validator

WINDOW: Final = 20

_Path: TypeAlias = tuple[str | int, ...]


class _LongList(NamedTuple):
    path: _Path
    items: list[Json]


def misfits(validator: Validator, document: Json) -> Iterator[Misfit]:
    """Every misfit of a document, as if it were judged whole."""
    long: list[_LongList] = []
    yield from validator.misfits(_without_long_lists(document, (), long))
    for path, items in long:
        yield from _misfits_of_list(validator, path, items)


def _misfits_of_list(validator: Validator, path: _Path, items: list[Json]) -> Iterator[Misfit]:
    for start in range(0, len(items), WINDOW):
        long: list[_LongList] = []
        window: list[Json] = [
            _without_long_lists(item, (*path, start + index), long)
            for index, item in enumerate(items[start : start + WINDOW])
        ]
        for misfit in validator.misfits(_under(path, window)):
            # What is missing around the window is there in the document.
            if len(misfit.path) > len(path):
                index = misfit.path[len(path)]
                moved = start + index if isinstance(index, int) else index
                yield misfit._replace(path=(*path, moved, *misfit.path[len(path) + 1 :]))
        for below in long:
            yield from _misfits_of_list(validator, *below)


def _without_long_lists(value: Json, path: _Path, long: list[_LongList]) -> Json:
    match value:
        case dict():
            return {
                name: _without_long_lists(below, (*path, name), long)
                for name, below in value.items()
            }
        case list() if len(value) > WINDOW:
            long.append(_LongList(path, value))
            return []
        case list():
            return [
                _without_long_lists(below, (*path, index), long)
                for index, below in enumerate(value)
            ]
        case _:
            return value


def _under(path: _Path, value: Json) -> Json:
    """A document that holds nothing but a value at a path; the lists on the way have one item."""
    for part in reversed(path):
        value = {part: value} if isinstance(part, str) else [value]
    return value
