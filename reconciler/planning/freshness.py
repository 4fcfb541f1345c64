"""Is a saved plan still true? Read again, plan again, compare.

Fresh means: the same clusters, the same link objects and the same changes on everything that the shown plan
touches, and what cannot be undone starts from where it was shown to start. How far lag or health has moved does
not matter, and neither does what else became necessary on objects that the shown plan leaves alone: its steps are
the ones that run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.model.address import Address, LinkAddress, address_order
from reconciler.model.changes import Change, ChangeKind, Delta
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.mirrors import MirrorStatus
from reconciler.model.plan import Plan
from reconciler.model.steps import Action

_CURE = "nothing was written; look at a fresh plan and apply that"
_MIRRORING = frozenset(
    {MirrorStatus.ACTIVE, MirrorStatus.SOURCE_UNAVAILABLE, MirrorStatus.LINK_FAILED}
)
"""Words between which a mirror topic goes by its health alone; to any other somebody or something has moved it."""


def what_moved(shown: Plan, fresh: Plan) -> tuple[Diagnostic, ...]:
    """What is no longer as the shown plan says; empty when it is fresh."""
    touched = {change.address for change in shown.changes}
    links = {_link_of(address) for address in touched}
    clusters = {address.cluster for address in touched}
    findings = [
        *_moved_clusters(shown, fresh, clusters),
        *_moved_links(shown, fresh, links),
        *_moved_changes(shown, fresh, touched),
    ]
    return tuple(findings) or _moved_steps(shown, fresh)


def _moved_clusters(shown: Plan, fresh: Plan, clusters: set[str]) -> list[Diagnostic]:
    # A cluster on the other side counts as well, when both plans know it: links are bound to its id.
    names = clusters | {n for n in shown.identities if n in fresh.identities}
    return [
        Diagnostic(
            code="moved-cluster",
            severity=Severity.ERROR,
            message=f"{name} is no longer the cluster that the plan was made for",
            cure=_CURE,
            subject=name,
        )
        for name in sorted(names)
        if shown.identities.get(name) != fresh.identities.get(name)
    ]


def _moved_links(shown: Plan, fresh: Plan, links: set[LinkAddress]) -> list[Diagnostic]:
    return [
        Diagnostic(
            code="moved-link",
            severity=Severity.ERROR,
            message=f"{address} is no longer the link object that the plan was made for",
            cure=_CURE,
            address=address,
        )
        for address in sorted(links)
        if shown.link_ids.get(address) != fresh.link_ids.get(address)
    ]


def _moved_changes(shown: Plan, fresh: Plan, touched: set[Address]) -> list[Diagnostic]:
    then, now = _essence(shown), _essence(fresh)
    findings = []
    for address in sorted(touched, key=address_order):
        before, after = then.get(address, {}), now.get(address, {})
        if before == after:
            continue
        kinds = sorted({k for k in {*before, *after} if before.get(k) != after.get(k)})
        findings.append(
            Diagnostic(
                code="moved-change",
                severity=Severity.ERROR,
                message=f"{address} has moved: {'; '.join(_told(k, before, after) for k in kinds)}",
                cure=_CURE,
                address=address,
            )
        )
    return findings


def _moved_steps(shown: Plan, fresh: Plan) -> tuple[Diagnostic, ...]:
    """The same changes carried out by other requests: the files behind the plans differ in what no change shows."""
    covered = {key for step in shown.steps for key in step.covers}
    now: dict[str, Action] = {
        step.id: step.action for step in fresh.steps if covered & set(step.covers)
    }
    moved = sorted(step.id for step in shown.steps if step.action != now.get(step.id))
    return tuple(
        Diagnostic(
            code="moved-step",
            severity=Severity.ERROR,
            message=f"the step {name} would send something else by now",
            cure=_CURE,
            subject=name,
        )
        for name in moved
    )


@dataclass(frozen=True, slots=True)
class _Core:
    """What makes a change the one that was shown: not exposure, not position, and of the live status only what a
    person who consents relies on.
    """

    deltas: tuple[Delta, ...]
    start: str


Essence = Mapping[ChangeKind, _Core]


def _essence(plan: Plan) -> dict[Address, dict[ChangeKind, _Core]]:
    found: dict[Address, dict[ChangeKind, _Core]] = {}
    for change in plan.changes:
        found.setdefault(change.address, {})[change.kind] = _Core(change.deltas, _start(change))
    return found


def _start(change: Change) -> str:
    """Where an irreversible change starts from, however healthy."""
    if not change.kind.irreversible:
        return ""
    return MirrorStatus.ACTIVE if change.before in _MIRRORING else change.before


def _told(kind: ChangeKind, before: Essence, after: Essence) -> str:
    if kind not in after:
        return f"{kind} is no longer what it needs"
    if kind not in before:
        return f"{kind} is needed now"
    then, now = before[kind].start, after[kind].start
    if then != now:
        return f"{kind} would start from {now or 'no status'}, and was shown to start from {then or 'no status'}"
    return f"{kind} has other details now"


def _link_of(address: Address) -> LinkAddress:
    return address if isinstance(address, LinkAddress) else address.link_address
