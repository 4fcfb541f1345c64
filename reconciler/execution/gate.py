"""The promote gate: may this mirror topic be promoted without losing or stranding anything? Pure.

    look                                            verdict
    a part of it could not be read                  Hold: "could not read" is not "fine"
    no row, FAILED, PAUSED, mirror error            Shut: waiting does not help
    an included group has members here              Shut: its offsets could never be written
    not ACTIVE, lag, unknown lag, task in error     Hold: it may pass with time
    everything caught up, something fetched         Open
    everything caught up, nothing ever fetched      Open, with a note: empty or not read yet, the server decides

Lag comes from two looks at different moments, so `gatekeeper` wants Open twice. The facts are in the
cluster-linking reference, sections 4.2, 6.3, 12.1 and 12.2.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from reconciler.execution.settled_links import find as find_link
from reconciler.execution.settled_links import unseen
from reconciler.execution.settled_mirrors import find as find_mirror
from reconciler.execution.settled_mirrors import shown
from reconciler.execution.verdicts import Unseen
from reconciler.model.address import LinkAddress, MirrorAddress
from reconciler.model.catalogue import Catalogue
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.filters import FilterKind, NameFilter, selects
from reconciler.model.mirrors import MirrorStatus
from reconciler.model.observed import Gap, ObservedCluster, ObservedLink, ObservedMirror
from reconciler.model.reads import ClusterReads

OFFSET_SYNC_TASK = "ConsumerOffsetSync"
GROUP_PREFIX_SWITCH = "consumer.group.prefix.enable"
NO_ERROR = frozenset({None, "", "NO_ERROR", "NOT_SET"})
WAITS_FOR_A_PERSON = frozenset(
    {MirrorStatus.PAUSED, MirrorStatus.LINK_PAUSED, MirrorStatus.FAILED, MirrorStatus.STOPPED}
)


@dataclass(frozen=True, slots=True)
class Open:
    """May be promoted, as far as one look tells."""

    note: Diagnostic | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """Not now; `detail` says what is waited for."""

    detail: str


@dataclass(frozen=True, slots=True)
class Shut:
    """Waiting will not help."""

    diagnostic: Diagnostic


Gate: TypeAlias = Open | Hold | Shut


def gate_reads(link: LinkAddress) -> ClusterReads:
    """What one look at the gate reads, for all mirror topics of a link together."""
    one = frozenset({link.link})
    return ClusterReads(links=True, mirrors=True, link_configs=one, link_tasks=one, groups=True)


def gates(
    link: LinkAddress, names: Iterable[str], cluster: ObservedCluster, catalogue: Catalogue
) -> Mapping[MirrorAddress, Gate]:
    """What one look says about promoting mirror topics of one link. The consumer groups are judged once for
    all of them: there may be thousands of both.
    """
    offsets = offsets_free(link, cluster, catalogue)
    addresses = [link.mirror(name) for name in names]
    return {address: _both(address, caught_up(address, cluster), offsets) for address in addresses}


def _both(address: MirrorAddress, own: Gate, offsets: Hold | Shut | None) -> Gate:
    """What waiting cannot cure is said first, so that nobody waits for nothing."""
    if isinstance(own, Shut) or offsets is None:
        return own
    if isinstance(offsets, Shut):
        return Shut(replace(offsets.diagnostic, address=address))
    return own if isinstance(own, Hold) else offsets


def caught_up(address: MirrorAddress, cluster: ObservedCluster) -> Gate:
    """Whether the mirror topic itself has everything that its source had at the last fetch."""
    row = find_mirror(address, cluster)
    if isinstance(row, Unseen):
        return Hold(row.detail)
    if row is None or row.address != address:
        return Shut(_shut(address, "gate-shut", "the link lists no such mirror topic", _LOOK_CURE))
    if row.error not in NO_ERROR and row.error != "UNKNOWN":
        return Shut(
            _shut(address, "gate-shut", f"the mirror topic reports {row.error}", _HEAL_CURE)
        )
    if row.status in WAITS_FOR_A_PERSON:
        return Shut(
            _shut(address, "gate-shut", f"the mirror topic is {row.status}, not ACTIVE", _LOOK_CURE)
        )
    if row.status != MirrorStatus.ACTIVE or row.error not in NO_ERROR:
        return Hold(shown(row))
    return _lag(row)


def _lag(row: ObservedMirror) -> Gate:
    if row.partitions is None or not row.lags or len(row.lags) < row.partitions:
        known = len(row.lags or ())
        return Hold(
            f"lag known of {known} of {row.partitions or 'an unknown number of'} partitions"
        )
    if row.lag is None:
        return Hold("lag unknown on some partition")
    if row.lag > 0:
        return Hold(f"lag {row.lag}")
    return Open(_never_fetched(row) if row.never_fetched else None)


def offsets_free(
    link: LinkAddress, cluster: ObservedCluster, catalogue: Catalogue
) -> Hold | Shut | None:
    """Whether the server can bring the consumer offsets up to date; None when nothing stands in the way."""
    row = find_link(link, cluster)
    if isinstance(row, Unseen):
        return Hold(row.detail)
    if row is None:
        return Hold("the link is not listed")
    if row.configs is None or isinstance(row.configs, Gap):
        return Hold(unseen(f"configs of {link}", row.configs).detail)
    switch = catalogue.families[FilterKind.GROUP].switch
    if (row.config(switch) or "").lower() != "true":
        return None
    return _task(row) or _members(row, cluster)


def _task(row: ObservedLink) -> Hold | None:
    """Servers without tasks (None) leave the question to their own check."""
    if isinstance(row.tasks, Gap):
        return Hold(unseen(f"tasks of {row.address}", row.tasks).detail)
    for task in row.tasks or ():
        if task.name == OFFSET_SYNC_TASK and (task.errors or task.state == "IN_ERROR"):
            words = ", ".join(error.code for error in task.errors) or task.state
            return Hold(f"task {task.name} reports {words}")
    return None


def _members(row: ObservedLink, cluster: ObservedCluster) -> Hold | Shut | None:
    filters = row.filters.get(FilterKind.GROUP, frozenset())
    if isinstance(filters, Gap):
        return Hold(unseen(f"group filters of {row.address}", filters).detail)
    if cluster.groups is None or isinstance(cluster.groups, Gap):
        return Hold(unseen(f"consumer groups of {cluster.name}", cluster.groups).detail)
    rows = tuple(f for f in filters if isinstance(f, NameFilter))
    prefix = (row.prefix or "") if row.config(GROUP_PREFIX_SWITCH) == "true" else ""
    synced = [
        group
        for name, group in sorted(cluster.groups.items())
        if name.startswith(prefix) and selects(rows, name.removeprefix(prefix))
    ]
    busy = [group.name for group in synced if group.has_members]
    if busy:
        message = (
            f"offsets are synced for groups that have members on this cluster: {', '.join(busy)}"
        )
        return Shut(_shut(row.address, "group-in-use", message, _GROUP_CURE))
    unknown = [group.name for group in synced if group.has_members is None]
    return Hold(f"state of group {unknown[0]} is unknown") if unknown else None


_LOOK_CURE = "plan again: the plan names what is possible from here"
_HEAL_CURE = "promote needs a healthy mirror. Find the cause on the source, or fail over if you accept to lose the lag"
_GROUP_CURE = (
    "stop those consumers on this cluster until the promote is done, or exclude the groups from the link's "
    "groupFilters, then apply again"
)


def _shut(address: LinkAddress | MirrorAddress, code: str, message: str, cure: str) -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, message, cure, address=address)


def _never_fetched(row: ObservedMirror) -> Diagnostic:
    return Diagnostic(
        code="nothing-fetched",
        severity=Severity.NOTE,
        message="some partition shows lag 0 and has never been fetched: it is empty, or not read yet. "
        "The server's own check before the promote decides",
        cure="if the source topic is not empty, compare its end offsets with this topic",
        address=row.address,
    )
