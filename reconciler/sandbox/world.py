"""The world: several clusters that see each other, and the time that passes in all of them.

State is a function of time. Logs and offsets are formulas (`flow`, `groups`); what happens at an instant of its own
accord (a promote that completes, a deletion that ends, a cluster that goes away by schedule) is worked out by `agenda`
and applied, in order, before anything is read or written. No task runs in the background, and a read changes nothing
that another read could tell.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reconciler.sandbox import chores, flow, health, offset_sync, refusals
from reconciler.sandbox.agenda import Agenda
from reconciler.sandbox.cluster import Cluster, uuid_from
from reconciler.sandbox.topics import Topic, deal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reconciler.sandbox.clock import Clock
    from reconciler.sandbox.links import Link
    from reconciler.sandbox.mirrors import Mirror


@dataclass(frozen=True, slots=True)
class Delays:
    """How long things take, in milliseconds (the choices of the cluster-linking reference, section 14.3)."""

    link_active: int = 500
    first_fetch: int = 300
    stop: int = 1000
    topic_gone: int = 1000
    link_gone: int = 500
    #: A new link's mirrors cannot be created before this (section 3.2).
    link_resolved: int = 0
    restore_setup: int = 10_000
    restore: int = 20_000


INSTANT = Delays(**dict.fromkeys(Delays.__slots__, 0))


class World:
    """All clusters, by name in `clusters`, as a function of `clock`.

    `writes` rises with every operation that changed something, so that whoever saves knows when to.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        delays: Delays | None = None,
        catch_up_rate: int = 5000,
        seed: int = 0,
    ) -> None:
        self.clock = clock
        self.delays = delays or Delays()
        #: Records a second and partition that a mirror fetches at most.
        self.catch_up_rate = catch_up_rate
        self.seed = seed
        self.clusters: dict[str, Cluster] = {}
        self.by_id: dict[str, Cluster] = {}
        #: Who mirrors a topic: (cluster id, topic) to the (cluster name, mirror topic) that follow it.
        self.followers: dict[tuple[str, str], set[tuple[str, str]]] = {}
        self.writes = 0
        #: Milliseconds between this world's time and the clock's; a restored world goes on where it stopped.
        self.shift_ms = 0
        #: The last instant at which anything but a log or an offset changed.
        self.changed_ms = clock.now_ms()
        self.agenda: Agenda | None = None
        self.ids_given = 0

    @classmethod
    def from_scenario(cls, scenario: Mapping[str, object], clock: Clock) -> World:
        """The world that a scenario describes. Raises ScenarioError, which lists all that is wrong with it."""
        from reconciler.sandbox.scenario import build  # noqa: PLC0415 - the scenario room builds on this one

        return build(scenario, clock)

    # Time

    def now_ms(self) -> int:
        return self.clock.now_ms() + self.shift_ms

    def settle(self) -> int:
        """Let everything that was due by now happen, in order; the instant of now."""
        now = self.now_ms()
        while True:
            if self.agenda is None:
                self.agenda = Agenda(chores.dues(self))
            due = self.agenda.pop_due(now)
            if due is None:
                return now
            offset_sync.catch_up(self, due.at_ms)
            self.changed_ms = due.at_ms
            if due.act(due.at_ms):
                self.agenda = None

    @contextmanager
    def writing(self) -> Iterator[int]:
        """A write: the past is settled first, then the block changes the present.

        Offsets that were synced up to now are worked out before the change, because they depend on what it changes.
        A block that raises must not have changed anything.
        """
        now = self.settle()
        offset_sync.catch_up(self, now)
        yield now
        self.writes += 1
        self.changed_ms = now
        self.agenda = None

    # Clusters

    def add_cluster(self, name: str, cluster_id: str | None = None, **fields: object) -> Cluster:
        """Add an empty cluster; without an id it gets one made from its name."""
        cluster = replace(
            Cluster(self, name, cluster_id or uuid_from(f"cluster/{name}")),
            **fields,  # type: ignore[arg-type]
        )
        self.clusters[name] = cluster
        self.by_id[cluster.cluster_id] = cluster
        return cluster

    def new_id(self) -> str:
        """A fresh UUID in Kafka's spelling; the same sequence under the same seed."""
        self.ids_given += 1
        return uuid_from(f"{self.seed}/{self.ids_given}")

    def resolve(self, bootstrap: str) -> Cluster | None:
        """The cluster behind a `bootstrap.servers` value: the first address that somebody listens on."""
        for address in (part.strip() for part in bootstrap.split(",")):
            for cluster in self.clusters.values():
                if address in cluster.addresses:
                    return cluster
        return None

    # Topics and records

    def ends(self, cluster: Cluster, topic: Topic, at_ms: int) -> list[int]:
        return flow.ends(self, cluster, topic, at_ms)

    def add_topic(
        self,
        cluster: Cluster,
        name: str,
        partitions: int,
        replication_factor: int | None,
        configs: dict[str, str],
        at_ms: int,
    ) -> Topic:
        topic = Topic(
            name=name,
            topic_id=self.new_id(),
            replication_factor=replication_factor or cluster.flavour.default_replication_factor,
            log=[0] * partitions,
            since_ms=at_ms,
            configs=configs,
        )
        cluster.topics[name] = topic
        health.review_followers(self, cluster, name, at_ms)
        return topic

    def remove_topic(self, cluster: Cluster, name: str, at_ms: int) -> None:
        """Take a topic away for good, with its mirror row and the offsets that groups have for it."""
        mirror = cluster.mirrors.get(name)
        self.stir(cluster, cluster.topics[name], at_ms)
        for place, follower in self.following(cluster, name):
            follower.seen = health.last_seen(self, place, follower, at_ms)
        if mirror is not None:
            self.unfollow(cluster, mirror)
            cluster.drop_mirror(mirror)
        cluster.leaving.discard(name)
        del cluster.topics[name]
        for group in cluster.groups.values():
            group.readings.pop(name, None)
        health.review_followers(self, cluster, name, at_ms)

    def remove_link(self, cluster: Cluster, link: Link, at_ms: int) -> None:
        """Take a link away for good; its mirrors are no longer listed under any link (section 2.6)."""
        for mirror in cluster.mirrors_of(link.name):
            if not mirror.is_stopped:
                cluster.topics[mirror.topic].locked = True
            self.unfollow(cluster, mirror)
            cluster.drop_mirror(mirror)
        cluster.by_link.pop(link.name, None)
        del cluster.links[link.name]
        health.review_all(self, at_ms)

    def produce(
        self, cluster: Cluster, topic: str, records: int = 1, partition: int | None = None
    ) -> tuple[int, int]:
        """Append records to a topic; the partition and offset of the first. Raises Refusal."""
        self.settle()
        target = cluster.topics.get(topic)
        if target is None or target.gone_ms is not None:
            raise refusals.unknown_topic()
        if cluster.is_read_only(topic):
            raise refusals.read_only_mirror(topic)
        if partition is not None and not 0 <= partition < target.partitions:
            raise refusals.unknown_topic()
        with self.writing() as now:
            return self.append(cluster, target, records, now, partition)

    def append(
        self, cluster: Cluster, topic: Topic, records: int, at_ms: int, partition: int | None = None
    ) -> tuple[int, int]:
        """Append inside a write; in turn over the partitions unless one is named."""
        self.stir(cluster, topic, at_ms)
        ends = self.ends(cluster, topic, at_ms)
        if partition is None:
            partition = ends.index(min(ends))
            order = topic.log[partition:] + topic.log[:partition]
            dealt = deal(order, records)
            cut = len(order) - partition
            topic.log = dealt[cut:] + dealt[:cut]
        else:
            topic.log = [
                end + (records if at == partition else 0) for at, end in enumerate(topic.log)
            ]
        return partition, ends[partition]

    def committed(self, cluster: Cluster, group: str, topic: str) -> list[int]:
        """Offsets committed by now, including those that a link has written."""
        now = self.settle()
        offset_sync.catch_up(self, now)
        return offset_sync.committed(self, cluster, group, topic, now)

    # Who follows whom

    def source_of(self, cluster: Cluster, mirror: Mirror) -> tuple[Cluster, Topic] | None:
        """The cluster and topic that a mirror follows; None when there is none of that name any more."""
        link = cluster.links.get(mirror.link)
        remote = self.by_id.get(link.remote_id or "") if link else None
        topic = remote.topics.get(mirror.source_topic) if remote else None
        return (remote, topic) if remote is not None and topic is not None else None

    def follow(self, cluster: Cluster, mirror: Mirror) -> None:
        remote = cluster.links[mirror.link].remote_id or ""
        key = (remote, mirror.source_topic)
        self.followers.setdefault(key, set()).add((cluster.name, mirror.topic))

    def unfollow(self, cluster: Cluster, mirror: Mirror) -> None:
        link = cluster.links.get(mirror.link)
        key = ((link.remote_id if link else None) or "", mirror.source_topic)
        followers = self.followers.get(key, set())
        followers.discard((cluster.name, mirror.topic))
        if not followers:
            self.followers.pop(key, None)

    def following(self, cluster: Cluster, topic: str) -> list[tuple[Cluster, Mirror]]:
        """The mirrors of a topic, in a stable order."""
        names = sorted(self.followers.get((cluster.cluster_id, topic), ()))
        return [(self.clusters[at], self.clusters[at].mirrors[name]) for at, name in names]

    def stir(self, cluster: Cluster, topic: Topic, at_ms: int) -> None:
        """Before or after a log jumps: its mirrors, and theirs, start anew from where they are."""
        for place, mirror in self.following(cluster, topic.name):
            self.anchor(place, mirror, at_ms)
            self.stir(place, place.topics[mirror.topic], at_ms)

    def anchor(self, cluster: Cluster, mirror: Mirror, at_ms: int) -> None:
        """Make where a mirror is now its new starting point."""
        topic = cluster.topics[mirror.topic]
        topic.settle(flow.ends(self, cluster, topic, at_ms), at_ms)
        cluster.stale.add(mirror.topic)
