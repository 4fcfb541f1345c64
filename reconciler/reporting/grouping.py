"""Putting alike things together without changing their order."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

from reconciler.model.diagnostics import Diagnostic

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)

MANY = 10
"""More alike things than this are added up in texts; JSON has them all."""


def grouped(items: Iterable[T], key: Callable[[T], K]) -> dict[K, tuple[T, ...]]:
    """Items by key; keys and items stay in the order in which they come."""
    groups: dict[K, list[T]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return {found: tuple(members) for found, members in groups.items()}


def wording(diagnostic: Diagnostic) -> tuple[str, str, str]:
    """What makes two findings one message."""
    return diagnostic.code, diagnostic.message, diagnostic.cure
