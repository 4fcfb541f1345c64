"""A mirror topic's relation to its source, and the words for its states (cluster-linking reference, sections 3.3 and 4.1)."""

from __future__ import annotations

from dataclasses import dataclass

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

STATUSES = (
    ACTIVE,
    FAILED,
    LINK_FAILED,
    LINK_PAUSED,
    PAUSED,
    PENDING_STOPPED,
    SOURCE_UNAVAILABLE,
    STOPPED,
    PENDING_MIRROR,
    PENDING_SYNCHRONIZE,
    PENDING_SETUP_FOR_RESTORE,
    PENDING_RESTORE,
)

#: Stored states in which records may flow, the rest of the world permitting.
FETCHING = frozenset({ACTIVE, PENDING_SYNCHRONIZE})

#: States in which a topic does not follow its source yet: what it holds is its own.
NOT_YET_FOLLOWING = frozenset({PENDING_MIRROR, PENDING_SETUP_FOR_RESTORE, PENDING_RESTORE})

NO_ERROR = "NO_ERROR"
SOURCE_MAY_BE_DELETED = "SOURCE_TOPIC_MAY_BE_DELETED"
SOURCE_ID_CHANGED = "SOURCE_TOPIC_ID_CHANGED"
PARTITIONS_DECREASED = "SOURCE_PARTITIONS_DECREASED"


@dataclass(frozen=True, slots=True)
class Move:
    """What an accepted verb has set going: the verb, and since when."""

    verb: str
    since_ms: int


@dataclass(slots=True)
class Mirror:
    """The mirror half of a topic. `status` is what is stored; reads lay derived states over it."""

    topic: str
    source_topic: str
    source_id: str
    link: str
    created_ms: int
    state_ms: int
    fetch_from_ms: int
    status: str = ACTIVE
    move: Move | None = None
    error: str = NO_ERROR
    error_ms: int = 0
    #: Whether records flow right now; kept by `World.review`, so that reads need not ask around.
    flowing: bool = False
    #: Whether the brokers of its source cannot be reached although the link works.
    cut_off: bool = False
    #: The source's ends as last seen, once they can no longer be seen.
    seen: list[int] | None = None
    #: Where its log and the source's went separate ways: set when it stops.
    parted: list[int] | None = None

    @property
    def is_stopped(self) -> bool:
        return self.status == STOPPED

    @property
    def promoting(self) -> bool:
        return self.move is not None and self.move.verb == "promote"

    @property
    def may_fetch(self) -> bool:
        """A promote lets records and offsets flow until it is done; a failover does not (section 4.2)."""
        return self.status in FETCHING or (self.status == PENDING_STOPPED and self.promoting)
