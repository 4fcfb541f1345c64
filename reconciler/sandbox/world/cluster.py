"""One cluster of the world: its topics, groups, links and mirrors, and the handle by which tests and demos fill it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reconciler.sandbox.behaviour import conditions, flow, following, health, offset_sync
from reconciler.sandbox.operations import producing, topic_admin
from reconciler.sandbox.rest.mirror_rows import MirrorRows
from reconciler.sandbox.world.flavours import PLATFORM, Flavour
from reconciler.sandbox.world.groups import Group, Member, Reading, make_members
from reconciler.sandbox.world.topics import Topic, metric_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from reconciler.sandbox.behaviour.conditions import Change
    from reconciler.sandbox.rest.auth import Auth
    from reconciler.sandbox.world.links import Link
    from reconciler.sandbox.world.mirrors import Mirror, Move
    from reconciler.sandbox.world.world import World


@dataclass(slots=True)
class Cluster:
    """A cluster and all that it holds. Change it through the world's operations or the `ensure_*` methods."""

    world: World = field(repr=False)
    name: str
    cluster_id: str
    bootstrap: tuple[str, ...] = ()
    flavour: Flavour = PLATFORM
    auth: Auth | None = None
    linking_enabled: bool = True
    #: What befalls it now; each lasts until it ends itself or somebody calls it off.
    conditions: list[Change] = field(default_factory=list)
    #: False while its brokers advertise addresses that nobody can reach: links come up, records do not (pitfall 26).
    advertises: bool = True
    topics: dict[str, Topic] = field(default_factory=dict)
    #: Their names again, by what becomes of them in the names of metrics.
    metric_names: dict[str, str] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    #: The groups that read on by themselves, by topic.
    readers: dict[str, list[str]] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    mirrors: dict[str, Mirror] = field(default_factory=dict)
    by_source: dict[tuple[str, str], Mirror] = field(default_factory=dict)
    #: What is left of deleted SOURCE halves: link id to the id of the other cluster.
    leftovers: dict[str, str] = field(default_factory=dict)
    #: The mirrors again, by link, so that one link's rows are found without looking at the others'.
    by_link: dict[str, dict[str, Mirror]] = field(default_factory=dict)
    #: Mirrors in a PENDING state, mirrors whose source is not what it was, and topics whose deletion runs.
    moving: set[str] = field(default_factory=set)
    troubled: set[str] = field(default_factory=set)
    leaving: set[str] = field(default_factory=set)
    #: The JSON rows of the mirrors; it is told of everything that may show in one.
    rows: MirrorRows = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.rows = MirrorRows(self)

    @property
    def addresses(self) -> tuple[str, ...]:
        """What a link's `bootstrap.servers` may say to mean this cluster."""
        return self.bootstrap or (f"{self.name}:9092",)

    @property
    def up(self) -> bool:
        """Whether it is there: while it is away no link reaches it, and no caller of its REST API unless that answers on."""
        return not self._suffers(conditions.AWAY)

    @property
    def is_silent(self) -> bool:
        """Whether callers of its REST API find nobody there."""
        return any(not away.rest_answers for away in self._suffers(conditions.AWAY))

    @property
    def accepts_links(self) -> bool:
        """Whether it takes the credentials of links that dial it."""
        return not self._suffers(conditions.REFUSING)

    def _suffers(self, kind: str) -> list[Change]:
        return [condition for condition in self.conditions if condition.kind == kind]

    def mirrors_of(self, link: str) -> list[Mirror]:
        return list(self.by_link.get(link, {}).values())

    def shows(self, mirror: Mirror) -> bool:
        """Whether a mirror is old enough to be seen."""
        return self.world.now_ms() >= mirror.created_ms + self.world.delays.mirror_visible

    def source_of(self, mirror: Mirror) -> tuple[Cluster, Topic] | None:
        """The cluster and topic that a mirror follows; None when there is none of that name any more."""
        link = self.links.get(mirror.link)
        remote = self.world.by_id.get(link.remote_id or "") if link else None
        topic = remote.topics.get(mirror.source_topic) if remote else None
        return (remote, topic) if remote is not None and topic is not None else None

    def add_topic(self, topic: Topic) -> None:
        self.topics[topic.name] = topic
        self.metric_names[metric_name(topic.name)] = topic.name

    def drop_topic(self, name: str) -> None:
        del self.topics[name]
        self.metric_names.pop(metric_name(name), None)

    def add_group(self, group: Group) -> None:
        self.groups[group.name] = group
        for topic, reading in group.readings.items():
            if reading.rate:
                self.readers.setdefault(topic, []).append(group.name)

    def add_mirror(self, mirror: Mirror) -> None:
        self.mirrors[mirror.topic] = mirror
        self.by_link.setdefault(mirror.link, {})[mirror.topic] = mirror
        self.by_source[mirror.link, mirror.source_topic] = mirror
        self.rows.touch(mirror.topic)

    def drop_mirror(self, mirror: Mirror) -> None:
        del self.mirrors[mirror.topic]
        del self.by_link[mirror.link][mirror.topic]
        del self.by_source[mirror.link, mirror.source_topic]
        self.moving.discard(mirror.topic)
        self.troubled.discard(mirror.topic)
        self.rows.touch(mirror.topic)

    def enter(self, mirror: Mirror, status: str, at_ms: int, move: Move | None = None) -> None:
        """Put a mirror into a stored state."""
        mirror.status, mirror.state_ms, mirror.move = status, at_ms, move
        (self.moving.add if status.startswith("PENDING_") else self.moving.discard)(mirror.topic)
        self.rows.touch(mirror.topic)

    def going(self, topic: str, link: Link) -> str | None:
        """Why a mirror is no longer to be acted on: its topic or its link is being deleted."""
        if topic in self.leaving:
            return f"Topic '{topic}' is being deleted"
        return f"Cluster link '{link.name}' is being deleted" if link.is_leaving else None

    def is_read_only(self, topic: str) -> bool:
        mirror = self.mirrors.get(topic)
        return self.topics[topic].locked or (mirror is not None and not mirror.is_stopped)

    def ensure_topic(
        self,
        name: str,
        *,
        partitions: int = 1,
        records: int = 0,
        rate: float = 0.0,
        configs: Mapping[str, str] | None = None,
        replication_factor: int | None = None,
    ) -> Topic:
        """The topic of that name, made if it is not there; one that is there is left as it is."""
        if name in self.topics:
            return self.topics[name]
        topic_admin.check_free(self, name)
        topic_admin.check_partitions(partitions)
        with self.world.writing() as now:
            factor = replication_factor or self.flavour.default_replication_factor
            topic = Topic(name, self.world.new_id(), factor, [0] * partitions, now, rate)
            topic.configs = dict(configs or {})
            topic_admin.add(self, topic, now)
            if records:
                producing.append(self, topic, records, now)
        return topic

    def ensure_group(
        self,
        name: str,
        *,
        reads: Mapping[str, float] | Iterable[str] = (),
        members: int | Sequence[Member] = 0,
        from_start: bool = True,
    ) -> Group:
        """The group of that name, made if it is not there. `reads` maps topics to records committed per second.

        Without members it commits nothing; when some join, it reads on at these rates.
        """
        if name in self.groups:
            return self.groups[name]
        rates = dict(reads) if isinstance(reads, dict) else dict.fromkeys(reads, 0.0)
        with self.world.writing() as now:
            group = Group(name=name, members=make_members(name, members))
            for topic_name, rate in rates.items():
                ends = flow.ends(self, self.topics[topic_name], now)
                committed = [0] * len(ends) if from_start else list(ends)
                group.readings[topic_name] = Reading(committed, now, rate)
            self.add_group(group)
        return group

    def set_members(self, group: str, members: int | Sequence[Member]) -> None:
        """Let consumers join or leave; a group without members commits nothing until some come."""
        with self.world.writing() as now:
            offset_sync.set_members(self, self.groups[group], make_members(group, members), now)

    def set_rate(self, topic: str, rate: float) -> None:
        """Let the topic's producers write `rate` records a second from now on; 0 stops them."""
        with self.world.writing() as now:
            target = self.topics[topic]
            following.stir(self, target, now)
            if not self.is_read_only(topic):
                target.settle(target.own_ends(now), now)
            target.rate = rate
            following.stir(self, target, now)

    def set_up(self, *, up: bool, rest_answers: bool = False) -> None:
        """Take the cluster away, with its REST API unless that is to answer on, or bring it back."""
        self._put(conditions.AWAY, ends=up, rest_answers=rest_answers)

    def set_accepts_links(self, *, accepts: bool) -> None:
        """Refuse, or accept again, the credentials of links that dial this cluster."""
        self._put(conditions.REFUSING, ends=accepts)

    def _put(self, kind: str, *, ends: bool, rest_answers: bool = False) -> None:
        """Let a condition begin that has no end of its own; or end all of its kind, those of a schedule too."""
        with self.world.writing() as now:
            self.conditions = [other for other in self.conditions if other.kind != kind]
            if not ends:
                begun = conditions.Change(
                    now, kind, self.name, begins=True, rest_answers=rest_answers
                )
                self.conditions.append(begun)
            health.review_all(self.world, now)

    def produce(self, topic: str, records: int = 1, partition: int | None = None) -> int:
        """Append records; the offset of the first. Raises Refusal when the topic is a mirror or unknown."""
        return producing.produce(self, topic, records, partition)[1]

    def end_offsets(self, topic: str) -> list[int]:
        """The end offset of each partition now."""
        return list(flow.ends(self, self.topics[topic], self.world.settle()))

    def committed(self, group: str, topic: str) -> list[int]:
        """The offsets that a group has committed by now; an empty list when it has none for the topic."""
        now = self.world.settle()
        offset_sync.catch_up(self.world, now)
        return offset_sync.committed(self, group, topic, now)
