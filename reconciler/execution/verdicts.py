"""What one look says about one object of an action. Accepted is not done (P10): only a look decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from reconciler.model.diagnostics import Diagnostic


@dataclass(frozen=True, slots=True)
class Settled:
    """The wanted state is there."""


@dataclass(frozen=True, slots=True)
class Pending:
    """Not there yet; `detail` is what the server shows.

    `begun` says whether the look proves that the server has taken the action: after a lost answer,
    that is the difference between waiting and sending again.
    """

    detail: str
    begun: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """It will not get there any more."""

    diagnostic: Diagnostic


@dataclass(frozen=True, slots=True)
class Unseen:
    """The look failed: nothing is known, and "not seen" is not "not there" (P6)."""

    detail: str


Verdict: TypeAlias = Settled | Pending | Failed | Unseen
