"""The world: several clusters that see each other, and the time that passes in all of them.

State is a function of time. Logs and offsets are formulas (`flow`, `groups`); what happens at an instant of its own
accord (a promote that completes, a deletion that ends, a cluster that goes away by schedule) is worked out by `agenda`
and applied, in order, before anything is read or written. No task runs in the background, and a read changes nothing
that another read could tell.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from reconciler.sandbox.behaviour import chores, offset_sync
from reconciler.sandbox.behaviour.agenda import Agenda, Effect
from reconciler.sandbox.behaviour.mishaps import Mishaps
from reconciler.sandbox.rest.faults import Faults
from reconciler.sandbox.world.cluster import Cluster
from reconciler.sandbox.world.flavours import PLATFORM, Flavour
from reconciler.sandbox.world.ids import cluster_id_from, uuid_from

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reconciler.sandbox.behaviour.conditions import Change
    from reconciler.sandbox.world.clock import Clock


#: Where time stands still: the last instant that a date can name, 9999-12-31T23:59:59.999Z.
END_MS = 253_402_300_799_999

_ADDRESS = re.compile(r"(?:[\w%.-]*://)?\[?([\w%.:-]*)\]?:(\d+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Delays:
    """How long things take, in milliseconds (the choices of the cluster-linking reference, section 14.3)."""

    link_active: int = 500
    first_fetch: int = 300
    stop: int = 1000
    topic_gone: int = 1000
    link_gone: int = 500
    #: Until then a new link cannot be read (pitfall 12), and its mirrors cannot be made (section 3.2).
    link_visible: int = 0
    link_resolved: int = 0
    #: Until then a new mirror cannot be read.
    mirror_visible: int = 0
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
        #: What a scenario asks of the application: the success codes of the document, and `/sandbox/…`.
        self.strict_codes = False
        self.admin = False
        self.faults = Faults(seed)
        #: What happens to clusters by schedule, the next first.
        self.schedule: list[Change] = []
        self.writes = 0
        #: Milliseconds between this world's time and the clock's; a restored world goes on where it stopped.
        self.shift_ms = 0
        #: The last instant at which anything but a log or an offset changed, and how often that has happened.
        self.changed_ms = clock.now_ms()
        self.changes = 0
        self.agenda: Agenda | None = None
        #: What was to happen of its own accord and failed. It is always empty, but for errors of the sandbox itself.
        self.mishaps = Mishaps()
        self.ids_given = 0

    @classmethod
    def from_scenario(cls, scenario: Mapping[str, object], clock: Clock) -> World:
        """The world that a scenario describes. Raises ScenarioError, which lists all that is wrong with it."""
        from reconciler.sandbox.files.scenario import build  # noqa: PLC0415 - the scenario room builds on this one

        return build(scenario, clock)

    # Time

    def now_ms(self) -> int:
        return min(self.clock.now_ms() + self.shift_ms, END_MS)

    def settle(self) -> int:
        """Let everything that was due by now happen, in order; the instant of now."""
        now = self.now_ms()
        while True:
            if self.agenda is None:
                self.agenda = Agenda(chores.dues(self))
            due = self.agenda.pop_due(now)
            if due is None:
                return now
            # A write can make something due that would have been due earlier, had it been possible earlier.
            at_ms = max(due.at_ms, self.changed_ms)
            offset_sync.catch_up(self, at_ms)
            # How far something has come that failed, nobody knows.
            effect = self.mishaps.attempt(due.key, partial(due.act, at_ms)) or Effect.FURTHER
            if effect is Effect.FURTHER:
                self.agenda = None
            if effect is not Effect.NONE:
                self._changed(at_ms)

    @contextmanager
    def writing(self) -> Iterator[int]:
        """A write: the past is settled first, then the block changes the present.

        Offsets that were synced up to now are worked out before the change, because they depend on what it changes.
        A block refuses before it changes anything. One that fails may have come halfway, so it counts as a write.
        """
        now = self.settle()
        offset_sync.catch_up(self, now)
        try:
            yield now
        finally:
            self.writes += 1
            self._changed(now)
            self.agenda = None
            self.mishaps.forgive()

    def _changed(self, at_ms: int) -> None:
        self.changed_ms = at_ms
        self.changes += 1

    # Clusters

    def add_cluster(
        self, name: str, cluster_id: str | None = None, flavour: Flavour = PLATFORM
    ) -> Cluster:
        """Add an empty cluster; without an id it gets one made from its name, as its flavour spells them."""
        given = cluster_id or cluster_id_from(name, flavour.id_prefix)
        cluster = Cluster(self, name, given, flavour=flavour)
        self.clusters[name] = cluster
        self.by_id[cluster.cluster_id] = cluster
        return cluster

    def new_id(self) -> str:
        """A fresh UUID in Kafka's spelling; the same sequence under the same seed."""
        self.ids_given += 1
        return uuid_from(f"{self.seed}/{self.ids_given}")

    def resolve(self, bootstrap: str) -> Cluster | None:
        """The cluster behind a `bootstrap.servers` value: the first address that somebody listens on."""
        for address in map(place, bootstrap.split(",")):
            for cluster in self.clusters.values():
                if address in map(place, cluster.addresses):
                    return cluster
        return None


def place(address: str) -> str:
    """Host and port of an address as Kafka's clients read one: what stands before `://` says nothing, nor does the case."""
    found = _ADDRESS.fullmatch(address.strip())
    return f"{found[1]}:{found[2]}".lower() if found else address.strip()
