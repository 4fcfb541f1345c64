"""The lifecycle table: what a wanted state asks of a mirror topic in each live state.

`TABLE` is the table of the design, row by row and in its order; everything else that plans mirror topics only
finds the row and carries out the cell. A cell is read against the link state that the plan ends in (`Course`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from reconciler.model.changes import ChangeKind
from reconciler.model.mirrors import MirrorGoal, MirrorStatus
from reconciler.planning import cells
from reconciler.planning.cells import Cell


class Course(StrEnum):
    """Where the plan takes the link that a mirror topic hangs on."""

    RUNS = "runs"
    RESUMES = "resumes"
    """Paused now, running at the end."""
    PAUSES = "pauses"
    """Running now, paused at the very end: until then its mirror topics can be steered as on a running link."""
    STAYS_PAUSED = "stays paused"
    UNKNOWN = "unknown"
    """Whether the link is paused could not be read."""


class Live(StrEnum):
    """The rows of the table."""

    NOTHING = "no row, no topic"
    NOTHING_LINK_PAUSED = "no row, no topic, link stays paused"
    TOPIC_LINK_LIVE = "no row, plain topic, link live"
    TOPIC_LINK_GONE = "no row, plain topic, link gone"
    FOREIGN = "mirror of another link"
    ACTIVE = "ACTIVE"
    PAUSED = "PAUSED"
    LINK_STAYS_PAUSED = "LINK_PAUSED, link stays paused"
    LINK_RESUMES = "LINK_PAUSED, link resumes"
    CUT_OFF = "SOURCE_UNAVAILABLE, LINK_FAILED"
    FAILED = "FAILED"
    PENDING_STOPPED = "PENDING_STOPPED"
    IN_TRANSITION = "other PENDING_*"
    UNKNOWN = "unknown word"
    STOPPED = "STOPPED"


_CREATE = Cell((ChangeKind.CREATE_MIRROR,))
_CREATE_PAUSED = Cell((ChangeKind.CREATE_MIRROR, ChangeKind.PAUSE_MIRROR))
_PAUSE = Cell((ChangeKind.PAUSE_MIRROR,))
_RESUME = Cell((ChangeKind.RESUME_MIRROR,))
_PROMOTE = Cell((ChangeKind.PROMOTE,))
_CATCH_UP_PROMOTE = Cell((ChangeKind.RESUME_MIRROR, ChangeKind.PROMOTE))
_FAILOVER = Cell((ChangeKind.FAILOVER,))
_DELETE = Cell((ChangeKind.DELETE_TOPIC,))
_REST = Cell()

_GOALS = (
    MirrorGoal.ACTIVE,
    MirrorGoal.PAUSED,
    MirrorGoal.PROMOTED,
    MirrorGoal.FAILED_OVER,
    MirrorGoal.RELEASED,
    MirrorGoal.ABSENT,
)

# Columns: active, paused, promoted, failed_over, released, absent.
TABLE: Mapping[Live, tuple[Cell, Cell, Cell, Cell, Cell, Cell]] = {
    Live.NOTHING: (
        _CREATE, _CREATE_PAUSED, cells.NO_MIRROR, cells.NO_MIRROR, cells.NO_MIRROR, _REST,
    ),
    # On a paused link "paused" and "link paused" are not told apart, so there is nothing to pause.
    Live.NOTHING_LINK_PAUSED: (
        _CREATE, _CREATE, cells.NO_MIRROR, cells.NO_MIRROR, cells.NO_MIRROR, _REST,
    ),
    Live.TOPIC_LINK_LIVE: (
        cells.NAME_TAKEN, cells.NAME_TAKEN, cells.NOT_LISTED, cells.NOT_LISTED, cells.UNVERIFIABLE, cells.KEPT,
    ),
    Live.TOPIC_LINK_GONE: (
        cells.NAME_TAKEN, cells.NAME_TAKEN, cells.UNVERIFIABLE, cells.UNVERIFIABLE, _REST, cells.KEPT,
    ),
    Live.FOREIGN: (
        cells.FOREIGN, cells.FOREIGN, cells.FOREIGN, cells.FOREIGN, cells.FOREIGN, cells.FOREIGN_KEPT,
    ),
    Live.ACTIVE: (
        _REST, _PAUSE, _PROMOTE, _FAILOVER, cells.STILL_MIRRORING, _DELETE,
    ),
    Live.PAUSED: (
        _RESUME, _REST, _CATCH_UP_PROMOTE, _FAILOVER, cells.STILL_MIRRORING, _DELETE,
    ),
    Live.LINK_STAYS_PAUSED: (
        _REST, _REST, cells.LINK_PAUSED, _FAILOVER, cells.STILL_MIRRORING, _DELETE,
    ),
    Live.LINK_RESUMES: (
        _REST, _PAUSE, _PROMOTE, _FAILOVER, cells.STILL_MIRRORING, _DELETE,
    ),
    Live.CUT_OFF: (
        _REST, _PAUSE, cells.CUT_OFF, _FAILOVER, cells.STILL_MIRRORING, _DELETE,
    ),
    Live.FAILED: (
        cells.FAILED, cells.FAILED_PAUSED, cells.FAILED_PROMOTE, _FAILOVER, cells.STILL_MIRRORING, _DELETE,
    ),
    Live.PENDING_STOPPED: (
        cells.BEING_STOPPED, cells.BEING_STOPPED, cells.STOPPING, _FAILOVER, cells.STOPPING, cells.STOPPING_DELETE,
    ),
    Live.IN_TRANSITION: (cells.IN_TRANSITION,) * 6,
    Live.UNKNOWN: (cells.UNKNOWN_STATUS,) * 6,
    Live.STOPPED: (
        cells.STOPPED, cells.STOPPED_PAUSED, _REST, _REST, _REST, cells.RELEASED_DELETE,
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known where a mirror topic has no row of its own."""

    topic_exists: bool
    link_remains: bool
    """Whether the link exists once the plan has run."""


def cell(live: Live, goal: MirrorGoal) -> Cell:
    """The cell of the table."""
    return TABLE[live][_GOALS.index(goal)]


def live_of_row(status: str | None, course: Course) -> Live:
    """The row of the table for a mirror topic that is listed. Unknown and missing words are never guessed at."""
    match status:
        case MirrorStatus.PAUSED | MirrorStatus.LINK_PAUSED if course is Course.STAYS_PAUSED:
            # Some versions show PAUSED for every mirror of a paused link (cluster-linking reference, section 4.1).
            return Live.LINK_STAYS_PAUSED
        case MirrorStatus.LINK_PAUSED if course in {Course.PAUSES, Course.UNKNOWN}:
            return Live.LINK_STAYS_PAUSED
        case MirrorStatus.LINK_PAUSED:
            return Live.LINK_RESUMES
        case MirrorStatus.SOURCE_UNAVAILABLE | MirrorStatus.LINK_FAILED:
            return Live.CUT_OFF
        case (
            MirrorStatus.PENDING_MIRROR
            | MirrorStatus.PENDING_SYNCHRONIZE
            | MirrorStatus.PENDING_SETUP_FOR_RESTORE
            | MirrorStatus.PENDING_RESTORE
        ):
            return Live.IN_TRANSITION
        case _:
            return _SETTLED.get(status or "", Live.UNKNOWN)


def live_of_nothing(around: Surroundings, course: Course) -> Live:
    """The row of the table for a mirror topic that is not listed, under a name that no other mirror topic holds."""
    if around.topic_exists:
        return Live.TOPIC_LINK_LIVE if around.link_remains else Live.TOPIC_LINK_GONE
    return Live.NOTHING_LINK_PAUSED if course is Course.STAYS_PAUSED else Live.NOTHING


_SETTLED: Mapping[str, Live] = {
    MirrorStatus.ACTIVE: Live.ACTIVE,
    MirrorStatus.PAUSED: Live.PAUSED,
    MirrorStatus.FAILED: Live.FAILED,
    MirrorStatus.PENDING_STOPPED: Live.PENDING_STOPPED,
    MirrorStatus.STOPPED: Live.STOPPED,
}
