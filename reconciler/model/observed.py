"""What exists: live clusters as they were read, with what could not be read said as a `Gap`.

Three cases are kept apart everywhere: a value (it was read), a `Gap` (it should have been read and could not
be), and None (nobody asked, or the server does not offer it). "Could not read" is never "absent".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeAlias, TypeVar

from reconciler.model.address import LinkAddress, MirrorAddress
from reconciler.model.diagnostics import Diagnostic
from reconciler.model.filters import FilterKind, FilterSet
from reconciler.model.mirrors import MirrorStatus, PartitionLag


@dataclass(frozen=True, slots=True)
class Gap:
    """A scope that could not be read, and why."""

    scope: str
    """What is missing, as people say it: `ig-test2: cluster links`."""
    diagnostic: Diagnostic


T = TypeVar("T")
Read: TypeAlias = T | Gap


def known(part: Read[T] | None) -> T | None:
    """What was read; None for a gap and for what nobody asked."""
    return None if isinstance(part, Gap) else part


class HealthLevel(StrEnum):
    """Health is never mixed up with configuration: a link may be as declared and still be ill."""

    HEALTHY = "healthy"
    UNHEALTHY = "unhealthy"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Health:
    """A judgement and the words of the server that led to it."""

    level: HealthLevel = HealthLevel.HEALTHY
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ObservedConfig:
    """One config of a link or topic. `value` is None when it is hidden (sensitive) or not set."""

    name: str
    value: str | None
    is_default: bool | None = None
    """None when the server does not say."""
    read_only: bool = False
    sensitive: bool = False

    @property
    def is_set(self) -> bool:
        """Whether somebody has set it: for a hidden value, the only thing that can be known."""
        return self.is_default is False or (self.is_default is None and self.value is not None)


@dataclass(frozen=True, slots=True)
class TaskError:
    """One error of a link task or of a mirror's state transition."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class LinkTask:
    """A background task of a link, such as `ConsumerOffsetSync`."""

    name: str
    state: str
    errors: tuple[TaskError, ...] = ()


@dataclass(frozen=True, slots=True)
class ObservedLink:
    """A live link object. Every field but the address may be missing on some server version."""

    address: LinkAddress
    link_id: str | None = None
    remote_cluster_id: str | None = None
    """The other side's id, from whichever of the three id fields the mode of the link uses."""
    state: str | None = None
    error: str | None = None
    error_message: str | None = None
    configs: Read[Mapping[str, ObservedConfig]] | None = None
    filters: Mapping[FilterKind, Read[FilterSet]] = field(default_factory=dict)
    """Empty until the configs are read; a filter text that cannot be parsed is a gap."""
    tasks: Read[tuple[LinkTask, ...]] | None = None
    link_mode: str | None = None
    connection_mode: str | None = None
    prefix: str | None = None
    paused: bool | None = None
    """Mode, connection mode, prefix (empty when there is none) and pause are configs of the link: None until those are read."""
    health: Health = Health()

    def merge(self, later: ObservedLink) -> ObservedLink:
        """The later reading; configs and tasks that it did not ask for stay as they were read before."""
        merged = later
        if later.configs is None:
            merged = replace(
                merged,
                configs=self.configs,
                filters=self.filters,
                link_mode=self.link_mode,
                connection_mode=self.connection_mode,
                prefix=self.prefix,
                paused=self.paused,
            )
        return merged if later.tasks is not None else replace(merged, tasks=self.tasks)

    def config(self, name: str) -> str | None:
        """Value of a config that was read; None when unset, hidden or not read."""
        if self.configs is None or isinstance(self.configs, Gap):
            return None
        found = self.configs.get(name)
        return found.value if found else None


@dataclass(frozen=True, slots=True)
class ObservedMirror:
    """A live mirror row."""

    address: MirrorAddress
    source_topic: str
    status: str | None = None
    """A word of `MirrorStatus`, or one that is new to us; None when the server did not say."""
    error: str | None = None
    partitions: int | None = None
    lags: tuple[PartitionLag, ...] | None = None
    since_ms: int | None = None
    """Epoch milliseconds of the last change of state."""
    transition_errors: tuple[TaskError, ...] | None = None
    health: Health = Health()

    @property
    def lag(self) -> int | None:
        """Sum of the known lags in records; None when any partition's is unknown (negative), missing or not offered."""
        if self.lags is None or any(row.lag < 0 for row in self.lags):
            return None
        if self.partitions is not None and len(self.lags) < self.partitions:
            return None
        return sum(row.lag for row in self.lags)

    @property
    def never_fetched(self) -> bool:
        """Whether nothing has been fetched yet on some partition, so that a lag of 0 proves nothing."""
        return self.lags is not None and any(row.last_source_fetch_offset < 0 for row in self.lags)

    @property
    def stopped(self) -> bool:
        """Whether this is an ordinary writable topic by now."""
        return self.status == MirrorStatus.STOPPED


@dataclass(frozen=True, slots=True)
class ObservedTopic:
    """A live topic; mirror topics are listed among them."""

    name: str
    partitions: int | None = None
    replication_factor: int | None = None
    internal: bool = False


@dataclass(frozen=True, slots=True)
class ObservedGroup:
    """A live consumer group."""

    name: str
    state: str | None = None

    @property
    def has_members(self) -> bool | None:
        """Whether members are connected; None when the server's word is not known.

        EMPTY and DEAD groups have none (OpenAPI document, `ConsumerGroupData`).
        """
        match (self.state or "").upper():
            case "EMPTY" | "DEAD":
                return False
            case "" | "UNKNOWN":
                return None
            case _:
                return True


@dataclass(frozen=True, slots=True, order=True)
class GroupOffset:
    """Where a consumer group stands on one partition."""

    topic: str
    partition: int
    current_offset: int
    log_end_offset: int


@dataclass(frozen=True, slots=True)
class ObservedCluster:
    """One live cluster. None means that nobody asked."""

    name: str
    cluster_id: Read[str] | None = None
    links: Read[Mapping[str, ObservedLink]] | None = None
    mirrors: Read[Mapping[str, ObservedMirror]] | None = None
    """All mirror rows of the cluster by mirror name, whatever their link."""
    topics: Read[Mapping[str, ObservedTopic]] | None = None
    topic_configs: Read[Mapping[str, Mapping[str, ObservedConfig]]] | None = None
    groups: Read[Mapping[str, ObservedGroup]] | None = None
    group_offsets: Mapping[str, Read[tuple[GroupOffset, ...]]] = field(default_factory=dict)
    group_members: Mapping[str, Read[int]] = field(default_factory=dict)
    """How many consumers are in a group."""
    partial_links: bool = False
    """Whether `links` holds only the links whose tasks were asked for, so that a missing one proves nothing."""
    partial_mirrors: bool = False
    """Whether `mirrors` holds only the mirrors whose transition errors were asked for."""

    def gaps(self) -> tuple[Gap, ...]:
        """Everything about this cluster that could not be read."""
        found: list[Gap] = [
            part
            for part in (
                self.cluster_id,
                self.links,
                self.mirrors,
                self.topics,
                self.topic_configs,
                self.groups,
            )
            if isinstance(part, Gap)
        ]
        if self.links is not None and not isinstance(self.links, Gap):
            for _, link in sorted(self.links.items()):
                parts = (link.configs, link.tasks, *(link.filters[k] for k in sorted(link.filters)))
                found.extend(part for part in parts if isinstance(part, Gap))
        for of_groups in (self.group_offsets, self.group_members):
            found.extend(part for _, part in sorted(of_groups.items()) if isinstance(part, Gap))
        return tuple(found)

    def merge(self, later: ObservedCluster) -> ObservedCluster:
        """This reading with a later one laid over it; what the later one did not ask for stays."""
        return replace(
            self,
            cluster_id=self.cluster_id if later.cluster_id is None else later.cluster_id,
            links=_merged_links(self.links, later),
            mirrors=_merged_mirrors(self.mirrors, later),
            topics=self.topics if later.topics is None else later.topics,
            topic_configs=self.topic_configs
            if later.topic_configs is None
            else later.topic_configs,
            groups=self.groups if later.groups is None else later.groups,
            group_offsets={**self.group_offsets, **later.group_offsets},
            group_members={**self.group_members, **later.group_members},
            partial_links=_stays_partial(self.links, self.partial_links, later.partial_links)
            if later.links is not None
            else self.partial_links,
            partial_mirrors=_stays_partial(
                self.mirrors, self.partial_mirrors, later.partial_mirrors
            )
            if later.mirrors is not None
            else self.partial_mirrors,
        )


def _stays_partial(before: object, before_partial: bool, later_partial: bool) -> bool:  # noqa: FBT001
    """A whole list makes the merged one whole, whether it came first or later."""
    return later_partial and (before is None or before_partial)


def _merged_links(
    before: Read[Mapping[str, ObservedLink]] | None, later: ObservedCluster
) -> Read[Mapping[str, ObservedLink]] | None:
    if later.links is None:
        return before
    if isinstance(before, Gap) and later.partial_links:
        return before
    if before is None or isinstance(before, Gap) or isinstance(later.links, Gap):
        return later.links
    fresh = {n: before[n].merge(row) if n in before else row for n, row in later.links.items()}
    return {**before, **fresh} if later.partial_links else fresh


def _merged_mirrors(
    before: Read[Mapping[str, ObservedMirror]] | None, later: ObservedCluster
) -> Read[Mapping[str, ObservedMirror]] | None:
    if later.mirrors is None:
        return before
    if not later.partial_mirrors or before is None or isinstance(later.mirrors, Gap):
        return later.mirrors
    return before if isinstance(before, Gap) else {**before, **later.mirrors}


@dataclass(frozen=True, slots=True)
class ObservedState:
    """All live clusters that were read."""

    clusters: Mapping[str, ObservedCluster] = field(default_factory=dict)

    def cluster(self, name: str) -> ObservedCluster:
        """What was read of a cluster; an empty reading (all None) when nothing was."""
        return self.clusters.get(name, ObservedCluster(name))

    def link(self, address: LinkAddress) -> ObservedLink | Gap | None:
        """A live link: the row, a gap, or None when the list was read and holds no such link.

        Raises:
            LookupError: nobody read the links of that cluster.
        """
        links = self.cluster(address.cluster).links
        if links is None:
            raise LookupError(f"links of {address.cluster} were not read")
        return links if isinstance(links, Gap) else links.get(address.link)

    def gaps(self) -> tuple[Gap, ...]:
        """Everything that could not be read, by cluster name."""
        return tuple(gap for _, cluster in sorted(self.clusters.items()) for gap in cluster.gaps())

    def merge(self, later: ObservedState) -> ObservedState:
        """This reading with a later one laid over it."""
        merged = dict(self.clusters)
        for name, cluster in later.clusters.items():
            merged[name] = merged[name].merge(cluster) if name in merged else cluster
        return ObservedState(merged)
