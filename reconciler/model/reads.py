"""What to read: the planner states it, an engine reads it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class ClusterReads:
    """The parts of one cluster that are wanted.

    `links` and `mirrors` cost one request each, however many there are; `link_configs` and `link_tasks` one
    per link that exists; `topics`, `topic_configs` and `groups` one each; `group_offsets` and
    `group_members` one per group;
    `transition_errors` one per mirror (link name, mirror name). `identity` costs one where the cluster id is
    not given (P12).
    """

    identity: bool = False
    links: bool = False
    mirrors: bool = False
    link_configs: frozenset[str] = frozenset()
    link_tasks: frozenset[str] = frozenset()
    topics: bool = False
    topic_configs: bool = False
    groups: bool = False
    group_offsets: frozenset[str] = frozenset()
    group_members: frozenset[str] = frozenset()
    transition_errors: frozenset[tuple[str, str]] = frozenset()

    def union(self, other: ClusterReads) -> ClusterReads:
        """Both wishes in one."""
        return ClusterReads(
            identity=self.identity or other.identity,
            links=self.links or other.links,
            mirrors=self.mirrors or other.mirrors,
            link_configs=self.link_configs | other.link_configs,
            link_tasks=self.link_tasks | other.link_tasks,
            topics=self.topics or other.topics,
            topic_configs=self.topic_configs or other.topic_configs,
            groups=self.groups or other.groups,
            group_offsets=self.group_offsets | other.group_offsets,
            group_members=self.group_members | other.group_members,
            transition_errors=self.transition_errors | other.transition_errors,
        )


Reads: TypeAlias = Mapping[str, ClusterReads]


def union_reads(parts: Iterable[Reads]) -> Reads:
    """Several wishes in one, by cluster."""
    merged: dict[str, ClusterReads] = {}
    for part in parts:
        for cluster, wanted in part.items():
            merged[cluster] = merged.get(cluster, ClusterReads()).union(wanted)
    return merged
