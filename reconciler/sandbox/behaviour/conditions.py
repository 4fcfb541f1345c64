"""What happens to clusters by themselves, by schedule: they go away and return, refuse links, get busy groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reconciler.sandbox.behaviour import health, offset_sync
from reconciler.sandbox.world.groups import Group, make_guest

if TYPE_CHECKING:
    from reconciler.sandbox.world.cluster import Cluster
    from reconciler.sandbox.world.world import World

AWAY, REFUSING, BUSY = "clusterAway", "credentialsRefused", "groupActive"
KINDS = (AWAY, REFUSING, BUSY)


@dataclass(frozen=True, slots=True)
class Change:
    """At `at_ms` a condition begins on a cluster, or the one that began at `began_ms` ends.

    `subject` is the group where the kind needs one, `rest_answers` whether a cluster that is away answers its own callers.
    """

    at_ms: int
    kind: str
    cluster: str
    begins: bool
    subject: str = ""
    rest_answers: bool = False
    began_ms: int = 0


def apply(world: World, change: Change, at_ms: int) -> None:
    """Let a change happen. Conditions that overlap last until the last of them ends."""
    cluster = world.clusters[change.cluster]
    if change.begins:
        cluster.conditions = [*cluster.conditions, change]
        _occupy(cluster, change, at_ms)
    else:
        for begun in [begun for begun in cluster.conditions if _ends(change, begun)][:1]:
            cluster.conditions = [other for other in cluster.conditions if other is not begun]
            _vacate(cluster, begun, at_ms)
    health.review_all(world, at_ms)


def _ends(change: Change, begun: Change) -> bool:
    """Whether a change is the end of a condition. It may have none left to end: somebody can have called it off."""
    same = (begun.kind, begun.subject, begun.at_ms) == (
        change.kind,
        change.subject,
        change.began_ms,
    )
    return same and begun.rest_answers == change.rest_answers


def _occupy(cluster: Cluster, change: Change, at_ms: int) -> None:
    if change.kind == BUSY:
        group = cluster.groups.setdefault(change.subject, Group(change.subject))
        guest = make_guest(group.name, change.at_ms)
        offset_sync.set_members(cluster, group, [*group.members, guest], at_ms)


def _vacate(cluster: Cluster, begun: Change, at_ms: int) -> None:
    group = cluster.groups.get(begun.subject)
    if begun.kind == BUSY and group is not None:
        guest = make_guest(group.name, begun.at_ms)
        left = [member for member in group.members if member != guest]
        offset_sync.set_members(cluster, group, left, at_ms)
