"""Whether what an irreversible step is about to touch is still what the plan saw. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from reconciler.model.address import Address, LinkAddress, MirrorAddress
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.mirrors import MirrorStatus
from reconciler.model.observed import ObservedMirror
from reconciler.model.steps import Action, DeleteLink, Step

Left: TypeAlias = Mapping[MirrorAddress, str | None]
LIVE = frozenset(
    {
        MirrorStatus.ACTIVE,
        MirrorStatus.PAUSED,
        MirrorStatus.LINK_PAUSED,
        MirrorStatus.LINK_FAILED,
        MirrorStatus.SOURCE_UNAVAILABLE,
    }
)
"""Words between which a mirror goes back and forth with its link and its source, or by a pause that can be
taken back. The same irreversible step would be planned from each, so such a move does not stop it."""


def obstacles(
    step: Step, action: Action, rows: Mapping[str, ObservedMirror], left: Left
) -> Mapping[Address, Diagnostic]:
    """Why an irreversible action must not be sent to some of its objects; empty when nothing has moved."""
    found = moved(step, rows, left)
    if isinstance(action, DeleteLink):
        blocking = (*found.values(), *still_mirroring(action.address, rows))
        return {action.address: blocking[0]} if blocking else {}
    return found


def moved(
    step: Step,
    rows: Mapping[str, ObservedMirror],
    left: Left,
) -> Mapping[Address, Diagnostic]:
    """The mirror topics of a step that are not as the plan saw them.

    `left` is what earlier steps of the same run are known to have left behind; it overrides the plan.
    """
    found: dict[Address, Diagnostic] = {}
    for address, planned in step.expects.items():
        expected = left.get(address, planned)
        row = rows.get(address.mirror)
        shown = row.status or "no status" if row and row.address == address else None
        if _class(shown) != _class(expected):
            found[address] = _moved(address, expected, shown)
    return found


def still_mirroring(link: LinkAddress, rows: Mapping[str, ObservedMirror]) -> Iterator[Diagnostic]:
    """The mirror topics that forbid to delete their link: all but those that are STOPPED.

    The server would refuse most of them; those in PENDING_STOPPED it might ruin (cluster-linking reference,
    section 2.6).
    """
    for _, row in sorted(rows.items()):
        if row.address.link_address == link and not row.stopped:
            yield Diagnostic(
                code="link-still-mirrors",
                severity=Severity.WARNING,
                message=f"the link was not deleted: this mirror topic on it is {row.status or 'of unknown status'}",
                cure="promote it, fail it over or delete its topic first, then plan again",
                address=row.address,
            )


def _class(status: str | None) -> str | None:
    return MirrorStatus.ACTIVE if status in LIVE else status


def _moved(address: MirrorAddress, expected: str | None, shown: str | None) -> Diagnostic:
    return Diagnostic(
        code="moved",
        severity=Severity.WARNING,
        message=f"not touched: the plan saw {expected or 'no mirror topic'}, now it is {shown or 'gone'}",
        cure="plan again and look at what changed",
        address=address,
    )
