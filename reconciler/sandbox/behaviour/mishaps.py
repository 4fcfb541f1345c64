"""Errors of the sandbox itself in what happens of its own accord.

Whoever comes next would settle the same past and meet the same error, so one link that cannot be worked out would be
the end of the whole world. What fails is told and then left alone until somebody changes something; the rest goes on.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

_LOG = logging.getLogger(__name__)


class Mishaps:
    """What has failed: `found` maps the key of each thing that ever did to its last error."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, ...], str] = {}
        self._left_alone: set[tuple[str, ...]] = set()

    def attempt(self, key: tuple[str, ...], act: Callable[[], T]) -> T | None:
        """What `act` returns; None when it fails, or has failed since the last write."""
        if key in self._left_alone:
            return None
        try:
            return act()
        except Exception as error:  # noqa: BLE001 - an error of ours, of whatever kind, stays where it is
            self._note(key, error)
            return None

    def forgive(self) -> None:
        """Somebody has changed something: what failed is tried again."""
        self._left_alone.clear()

    def _note(self, key: tuple[str, ...], error: Exception) -> None:
        self._left_alone.add(key)
        if self.found.get(key) != repr(error):
            self.found[key] = repr(error)
            _LOG.error("sandbox: %s failed; the rest goes on", " ".join(key), exc_info=error)
