"""Words of mirror topics that both the wanted and the live side use."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class MirrorGoal(StrEnum):
    """The wanted state of a mirror topic."""

    ACTIVE = "active"
    PAUSED = "paused"
    PROMOTED = "promoted"
    FAILED_OVER = "failed_over"
    RELEASED = "released"
    ABSENT = "absent"


class MirrorStatus(StrEnum):
    """`mirror_status` as servers say it (cluster-linking reference, section 4.1). The enum is open: a word
    that is not here is kept as text and means "neither healthy nor settled".
    """

    ACTIVE = "ACTIVE"
    PAUSED = "PAUSED"
    PENDING_STOPPED = "PENDING_STOPPED"
    STOPPED = "STOPPED"
    FAILED = "FAILED"
    SOURCE_UNAVAILABLE = "SOURCE_UNAVAILABLE"
    LINK_PAUSED = "LINK_PAUSED"
    LINK_FAILED = "LINK_FAILED"
    PENDING_MIRROR = "PENDING_MIRROR"
    PENDING_SYNCHRONIZE = "PENDING_SYNCHRONIZE"
    PENDING_SETUP_FOR_RESTORE = "PENDING_SETUP_FOR_RESTORE"
    PENDING_RESTORE = "PENDING_RESTORE"


class MirrorVerb(StrEnum):
    """What can be asked of mirror topics, many of one link at a time."""

    PAUSE = "pause"
    RESUME = "resume"
    PROMOTE = "promote"
    FAILOVER = "failover"


@dataclass(frozen=True, slots=True, order=True)
class PartitionLag:
    """Lag of one partition in records. A negative lag is unknown; a last fetch offset of -1 means that
    nothing was fetched yet, so that a lag of 0 beside it proves nothing (cluster-linking reference, 12.1).
    """

    partition: int
    lag: int
    last_source_fetch_offset: int
