"""Mirror topics that are held back for one common reason: one failure, one message per link."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from reconciler.model.desired import DesiredLink
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.planning.outlook import HalfOutlook
from reconciler.planning.world import READ_FIRST, counted, listing


class Hold(StrEnum):
    """Why mirror topics are held back."""

    MIRRORS_UNREADABLE = "mirrors-unreadable"
    TOPICS_UNREADABLE = "topics-unreadable"
    SOURCE_UNREADABLE = "source-unreadable"
    PROMOTE_SOURCE_UNREADABLE = "promote-source-unreadable"
    PROMOTE_LINK_UNREADABLE = "promote-link-unreadable"
    FILTER_UNREADABLE = "auto-create-unreadable"
    LINK_UNUSABLE = "link-unusable"


def hold_finding(
    entry: DesiredLink, outlook: HalfOutlook, hold: Hold, names: Iterable[str]
) -> Diagnostic:
    """The one message for all mirror topics of a half that are held back for that reason."""
    held = sorted(names)
    who = f"{counted(len(held), 'mirror topic')} of {outlook.half.address} ({listing(held)})"
    here, source = outlook.half.address.cluster, outlook.half.remote
    match hold:
        case Hold.MIRRORS_UNREADABLE:
            message = f"nothing is planned for {who}: the mirror topics of {here} could not be read"
            cure = READ_FIRST
        case Hold.TOPICS_UNREADABLE:
            message = f"nothing is planned for {who}: the topics of {here} could not be read, so the names may be taken"
            cure = READ_FIRST
        case Hold.SOURCE_UNREADABLE:
            message = f"{who} cannot be created: {source}, the source, could not be read"
            cure = READ_FIRST
        case Hold.PROMOTE_SOURCE_UNREADABLE:
            message = f"{who} cannot be promoted: {source}, the source, could not be read"
            cure = f"{READ_FIRST}; or set `state: failed_over` and lose what was not mirrored yet"
        case Hold.PROMOTE_LINK_UNREADABLE:
            message = f"{who} cannot be promoted: whether the link is paused could not be read"
            cure = "make the link and its configs readable and plan again"
        case Hold.FILTER_UNREADABLE:
            message = f"{who} cannot be deleted: whether auto-create would bring them back could not be read"
            cure = "make the link's configs readable and plan again"
        case Hold.LINK_UNUSABLE:
            message = f"{who} cannot be created: the link is not there as declared, or could not be read, and this plan does not make it so"
            cure = "see what is said of the link; if only mirror topics were targeted, add --target for the link"
    return Diagnostic(
        code=hold.value,
        severity=Severity.BLOCKED,
        message=message,
        cure=cure,
        position=outlook.half.position or entry.position,
        address=outlook.half.address,
    )
