"""One cluster's half of a cluster link (cluster-linking reference, sections 2 and 7)."""

from __future__ import annotations

import base64
import re
import uuid
from dataclasses import dataclass, field
from functools import lru_cache

from reconciler.sandbox.configs import link_configs as keys
from reconciler.sandbox.configs.filters import NameFilter, parse_name_filter
from reconciler.sandbox.refusals import bad_request

NO_ERROR = "NO_ERROR"
AUTHENTICATION_ERROR = "AUTHENTICATION_ERROR"
UNRESOLVABLE = "UNRESOLVABLE_BOOTSTRAP_ERROR"
UNREACHABLE = "BOOTSTRAP_TCP_CONNECTION_FAILED_ERROR"
#: `link_error` has no word for a missing other half; its own "UNKNOWN" stands in (choice).
OTHER_HALF_GONE = "UNKNOWN"

_LEGAL_NAME = re.compile(r"[a-zA-Z0-9._-]{1,200}")


@dataclass(slots=True)
class Link:
    """A link as one cluster holds it. `remote_id` is the other cluster; `configs` only what was set."""

    name: str
    link_id: str
    remote_id: str | None
    configs: dict[str, str]
    created_ms: int
    active_ms: int
    gone_ms: int | None = None
    #: Since when the other side cannot be reached, and why; NO_ERROR while an INBOUND half waits to be dialled.
    broken_ms: int | None = None
    error: str = NO_ERROR
    error_message: str | None = None
    #: Whether the other half of a pair has ever been there.
    met: bool = False
    #: Whether the SOURCE half that dials for it is paused.
    source_paused: bool = False
    #: The clock of offset sync: ticks fall on `sync_from_ms` plus multiples of the interval.
    sync_from_ms: int = 0
    synced_ms: int = 0
    #: Groups whose offsets could not be written at the last tick, because they have members here.
    groups_in_use: list[str] = field(default_factory=list)
    #: Mirrors whose source has changed its configs or partitions since they were last copied.
    unsynced: set[str] = field(default_factory=set)
    #: Auto-create: how many changes the world had seen at the last look at the source's topics, the names that were
    #: taken by something else, the topics that could not be described, and why names could not be used.
    looked_at: int = -1
    names_taken: list[str] = field(default_factory=list)
    names_hidden: list[str] = field(default_factory=list)
    names_refused: list[str] = field(default_factory=list)

    @property
    def mode(self) -> str:
        return keys.value_of(self.configs, keys.MODE).upper()

    @property
    def is_inbound(self) -> bool:
        return keys.value_of(self.configs, keys.CONNECTION).upper() == "INBOUND"

    @property
    def is_bidirectional(self) -> bool:
        return self.mode == "BIDIRECTIONAL"

    @property
    def is_leaving(self) -> bool:
        """Whether its deletion runs."""
        return self.gone_ms is not None

    @property
    def hosts_mirrors(self) -> bool:
        """A SOURCE half only dials; mirrors live on the other one."""
        return self.mode != "SOURCE"

    @property
    def paused(self) -> bool:
        return keys.is_on(self.configs, keys.PAUSED)

    @property
    def is_held(self) -> bool:
        """Whether its mirrors are paused with it: by itself, or by the half that dials (section 5.1; choice)."""
        return self.paused or self.source_paused

    @property
    def bootstrap(self) -> str:
        return keys.value_of(self.configs, keys.BOOTSTRAP)

    @property
    def prefix(self) -> str:
        return keys.value_of(self.configs, keys.PREFIX)

    @property
    def group_filter(self) -> NameFilter:
        return _parsed(keys.value_of(self.configs, keys.GROUP_FILTERS), "groupFilters")

    @property
    def topic_filter(self) -> NameFilter:
        return _parsed(keys.value_of(self.configs, keys.TOPIC_FILTERS), "topicFilters")

    @property
    def syncs_offsets(self) -> bool:
        return self.hosts_mirrors and keys.is_on(self.configs, keys.OFFSET_SYNC)

    def is_unavailable(self, at_ms: int) -> bool:
        """Whether enough availability checks in a row have failed (section 2.3)."""
        if self.broken_ms is None:
            return False
        checks = keys.millis(self.configs, keys.CHECK_FAILURES)
        return at_ms - self.broken_ms >= checks * keys.millis(self.configs, keys.CHECK_MS)

    def state(self, at_ms: int) -> str:
        """`link_state` at an instant; UNKNOWN while a link starts up or waits for its other half (choice)."""
        if self.paused:
            return "PAUSED"
        if self.broken_ms is not None and (broken := self._broken_state(at_ms)):
            return broken
        return "ACTIVE" if at_ms >= self.active_ms else "UNKNOWN"

    def _broken_state(self, at_ms: int) -> str | None:
        """What a broken link reads; None as long as the failed checks are too few to count."""
        if self.error == NO_ERROR:
            return "UNKNOWN"
        if self.error == OTHER_HALF_GONE:
            return "FAILED"
        at_once = self.error in {AUTHENTICATION_ERROR, UNRESOLVABLE}
        return "UNAVAILABLE" if at_once or self.is_unavailable(at_ms) else None

    def error_at(self, at_ms: int) -> str:
        """`link_error`: a broken connection shows only once the link is UNAVAILABLE."""
        return self.error if self.state(at_ms) in {"UNAVAILABLE", "FAILED"} else NO_ERROR


@lru_cache(maxsize=4096)
def _parsed(text: str, list_key: str) -> NameFilter:
    return parse_name_filter(text, list_key)


def check_name(name: str) -> None:
    """The rules for link names (section 2.5). Raises Refusal (400/400)."""
    if name in {".", ".."} or not _LEGAL_NAME.fullmatch(name):
        raise bad_request(
            f"Link name '{name[:200]}' is illegal: it must have 1 to 200 characters, "
            "ASCII alphanumerics, '.', '_' or '-', and not be '.' or '..'."
        )


def dashed_id(link_id: str) -> str:
    """The deprecated `link_id`: the same UUID, written with dashes (section 2.2)."""
    return str(uuid.UUID(bytes=base64.urlsafe_b64decode(link_id + "==")))
