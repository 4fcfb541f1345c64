"""What happens to clusters by themselves, by schedule: they go away and return, refuse links, get busy groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reconciler.sandbox.behaviour import health, offset_sync
from reconciler.sandbox.world.groups import Group, make_members

if TYPE_CHECKING:
    from reconciler.sandbox.world.cluster import Cluster
    from reconciler.sandbox.world.world import World

KINDS = ("clusterAway", "credentialsRefused", "groupActive")


@dataclass(frozen=True, slots=True)
class Change:
    """At `at_ms` a condition begins or ends on a cluster.

    `subject` is the group where the kind needs one, `rest_answers` whether a cluster that is away answers its own callers.
    """

    at_ms: int
    kind: str
    cluster: str
    begins: bool
    subject: str = ""
    rest_answers: bool = False


def apply(world: World, change: Change, at_ms: int) -> None:
    """Let a change happen."""
    cluster = world.clusters[change.cluster]
    if change.kind == "clusterAway":
        cluster.up, cluster.rest_answers = not change.begins, change.rest_answers
    elif change.kind == "credentialsRefused":
        cluster.accepts_links = not change.begins
    else:
        _occupy(cluster, change, at_ms)
    health.review_all(world, at_ms)


def _occupy(cluster: Cluster, change: Change, at_ms: int) -> None:
    group = cluster.groups.setdefault(change.subject, Group(change.subject))
    group.members = make_members(group.name, 1) if change.begins else []
    if not change.begins:
        offset_sync.stop_reading(cluster, group, at_ms)
