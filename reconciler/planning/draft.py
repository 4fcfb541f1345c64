"""What the planners of links and mirror topics hand to the plan: changes, moves and diagnostics.

A move is a step before it knows its place: what to do, in which stage, for which entry. `order.py` turns moves
into steps with needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from reconciler.model.address import Address, LinkAddress, MirrorAddress
from reconciler.model.changes import Change, ChangeKey
from reconciler.model.diagnostics import Diagnostic
from reconciler.model.steps import Action, links_touched


class Stage(IntEnum):
    """The order of a run, as promised in the design. Failovers come first because they need nothing."""

    FAILOVER = 1
    CREATE_LINK = 2
    WIDEN = 3
    RESUME_LINK = 4
    CREATE_MIRROR = 5
    AUTO_CREATE = 6
    CONFIGURE_MIRROR = 7
    STEER_MIRROR = 8
    """Pause and resume."""
    PROMOTE = 9
    NARROW = 10
    PAUSE_LINK = 11
    DELETE_TOPIC = 12
    DELETE_LINK = 13


@dataclass(frozen=True, slots=True)
class Move:
    """An action in its stage.

    `entry` names the entry in links.yaml (by its first half): moves of different entries never wait for each other.
    `place` orders moves of one stage and entry that must follow one another (halves). `after` are ids of
    moves of one's own that must come first.
    """

    stage: Stage
    entry: LinkAddress
    word: str
    target: Address
    action: Action
    covers: tuple[ChangeKey, ...]
    expects: Mapping[MirrorAddress, str | None] = field(default_factory=dict)
    place: int = 0
    after: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Name of the step, stable from run to run: `create-mirror ig-test2/test-link/users`."""
        return f"{self.word} {self.target}"

    @property
    def half(self) -> LinkAddress:
        """The link object that the action writes to or under."""
        return links_touched(self.action)


@dataclass(frozen=True, slots=True)
class Draft:
    """Part of a plan."""

    changes: tuple[Change, ...] = ()
    moves: tuple[Move, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def joined(drafts: Iterable[Draft]) -> Draft:
    """Several drafts in one."""
    parts = tuple(drafts)
    return Draft(
        changes=tuple(change for part in parts for change in part.changes),
        moves=tuple(move for part in parts for move in part.moves),
        diagnostics=tuple(finding for part in parts for finding in part.diagnostics),
    )
