"""The cells of the lifecycle table that say something instead of doing something, with their way out.

Texts are templates over the facts of one mirror topic: `{mirror}`, `{link}`, `{address}`, `{goal}`, `{status}`,
`{lag}`, `{holder}` (who holds the name) and `{source}`.
"""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.model.changes import ChangeKind
from reconciler.model.diagnostics import Severity


@dataclass(frozen=True, slots=True)
class Cell:
    """Changes to make, or what to say; `unlock` is the change that an exact consent makes of a blocked cell."""

    changes: tuple[ChangeKind, ...] = ()
    severity: Severity | None = None
    code: str = ""
    message: str = ""
    cure: str = ""
    unlock: ChangeKind | None = None


NO_MIRROR = Cell(
    severity=Severity.BLOCKED,
    code="mirror-missing",
    message="{mirror} is wanted {goal}, but there is neither a mirror topic nor a topic of that name",
    cure="check the name, or set `state: active` to create the mirror topic first",
)
NAME_TAKEN = Cell(
    severity=Severity.BLOCKED,
    code="name-taken",
    message="the topic {mirror} exists and is no mirror topic of {link}; linkctl never deletes it",
    cure="rename or delete that topic yourself, give the link a prefix, or set `state: released` if this "
    "mirror topic was promoted or failed over earlier",
)
NOT_LISTED = Cell(
    severity=Severity.BLOCKED,
    code="mirror-not-listed",
    message="{mirror} is wanted {goal}; the topic exists, but {link} lists no such mirror topic",
    cure="set `state: released` if it was promoted or failed over through an earlier link of that name; "
    "otherwise check the names of link and topic",
)
UNVERIFIABLE = Cell(
    severity=Severity.NOTE,
    code="release-unverifiable",
    message="{mirror} is an ordinary topic; no link lists it any more, so nobody can say how it was released",
    cure="nothing to do; remove the entry when it has served its purpose",
)
KEPT = Cell(
    severity=Severity.NOTE,
    code="topic-kept",
    message="{mirror} is wanted absent; a topic of that name exists, but it is no mirror topic of {link} and stays",
    cure="delete the topic with Kafka's own tools if it should go, and remove the entry",
)
FOREIGN = Cell(
    severity=Severity.BLOCKED,
    code="owned-by-other-link",
    message="{mirror} is wanted {goal} on {link}, but the name belongs to {holder}",
    cure="move the entry to that link, or give one of the links a prefix",
)
FOREIGN_KEPT = Cell(
    severity=Severity.NOTE,
    code="topic-kept",
    message="{mirror} is wanted absent on {link}; the name belongs to {holder} and stays",
    cure="remove the entry, or write it under the link that owns the mirror topic",
)
STILL_MIRRORING = Cell(
    severity=Severity.BLOCKED,
    code="still-mirroring",
    message="{mirror} is wanted released, which never acts, but it still is a mirror topic ({status})",
    cure="set `state: promoted` or `state: failed_over` to release it",
)
LINK_PAUSED = Cell(
    severity=Severity.BLOCKED,
    code="promote-link-paused",
    message="{mirror} cannot be promoted while {link} stays paused: it cannot catch up",
    cure="set the link to `state: active`, or the mirror topic to `state: failed_over` and lose what is missing",
)
CUT_OFF = Cell(
    severity=Severity.BLOCKED,
    code="promote-source-unavailable",
    message="{mirror} cannot be promoted for now: it is {status}, and a promotion has to reach the source; "
    "a failover would lose {lag}",
    cure="wait until the source is back, or set `state: failed_over` and accept that loss",
)
FAILED = Cell(
    severity=Severity.BLOCKED,
    code="mirror-failed",
    message="{mirror} has FAILED and never mirrors again by itself",
    cure="set `state: failed_over` to keep its records as an ordinary topic; or delete it and mirror it anew "
    "with --allow recreate={address}",
    unlock=ChangeKind.RECREATE_MIRROR,
)
FAILED_PAUSED = Cell(
    severity=Severity.BLOCKED,
    code="mirror-failed",
    message="{mirror} has FAILED and cannot be paused",
    cure="set `state: failed_over` to keep its records as an ordinary topic, or `state: active` to mirror it anew",
)
FAILED_PROMOTE = Cell(
    severity=Severity.BLOCKED,
    code="mirror-failed",
    message="{mirror} has FAILED and cannot be promoted",
    cure="set `state: failed_over`: that is still possible",
)
BEING_STOPPED = Cell(
    severity=Severity.BLOCKED,
    code="being-stopped",
    message="{mirror} is wanted {goal}, but it is being promoted or failed over (PENDING_STOPPED), which cannot be undone",
    cure="set `state: released`; to mirror it again, wait until it is STOPPED and plan again",
)
STOPPING = Cell(
    severity=Severity.WAITING,
    code="stopping",
    message="{mirror} is being promoted or failed over (PENDING_STOPPED)",
    cure="wait; if it hangs, `state: failed_over` ends it without the last records",
)
STOPPING_DELETE = Cell(
    severity=Severity.BLOCKED,
    code="stopping-delete",
    message="{mirror} is being promoted or failed over (PENDING_STOPPED) and cannot be deleted before that is settled",
    cure="wait until it is STOPPED and plan again",
)
IN_TRANSITION = Cell(
    severity=Severity.WAITING,
    code="in-transition",
    message="{mirror} is in transition ({status}); nothing is planned for it",
    cure="wait until it has settled and plan again",
)
UNKNOWN_STATUS = Cell(
    severity=Severity.WAITING,
    code="unknown-status",
    message="{mirror} shows a status that linkctl does not know ({status}); nothing is planned for it",
    cure="plan again later; if the word stays, look at the mirror topic with the vendor's tools and report it",
)
STOPPED = Cell(
    severity=Severity.BLOCKED,
    code="mirror-stopped",
    message="{mirror} is STOPPED: an ordinary topic, which nothing turns back into a mirror topic in place",
    cure="set `state: released` to keep it; if the roles were reversed, turn the entry round; or delete it with "
    "its records and mirror it anew with --allow recreate={address}",
    unlock=ChangeKind.RECREATE_MIRROR,
)
STOPPED_PAUSED = Cell(
    severity=Severity.BLOCKED,
    code="mirror-stopped",
    message="{mirror} is STOPPED: an ordinary topic, which cannot be paused",
    cure="set `state: released` to keep it, or `state: active` to mirror it anew",
)
RELEASED_DELETE = Cell(
    severity=Severity.BLOCKED,
    code="delete-released",
    message="{mirror} is STOPPED: an ordinary topic that may be in productive use, wanted absent",
    cure="set `state: released` to keep it; to delete it with all its records, --allow delete-released={address}",
    unlock=ChangeKind.DELETE_RELEASED,
)
