"""Lifecycle calls in bounded chunks, so that one laggard or one refusal holds nobody else for long."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from itertools import islice

from reconciler.model.address import Address, MirrorAddress
from reconciler.model.steps import Action, ChangeMirrors

CHUNK = 100
"""Mirror topics in one call. No source states a limit of the server; a hundred names keep the body small."""


def in_chunks(action: Action, size: int = CHUNK) -> tuple[Action, ...]:
    """An action on many mirror topics as several, each on at most `size`; any other action as it is."""
    if not isinstance(action, ChangeMirrors):
        return (action,)
    names = iter(action.mirrors)
    parts = iter(lambda: tuple(islice(names, size)), ())
    return tuple(replace(action, mirrors=part) for part in parts)


def narrowed(action: Action, addresses: Collection[Address]) -> Action:
    """The same action on some of its objects only."""
    if not isinstance(action, ChangeMirrors):
        return action
    wanted = {a.mirror for a in addresses if isinstance(a, MirrorAddress)}
    return replace(action, mirrors=tuple(name for name in action.mirrors if name in wanted))
