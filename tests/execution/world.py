"""A scripted world behind the `Engine` protocol: clusters whose state changes when told to, after a delay.

This is the wire of the execution room: what it cannot see through this protocol, it cannot know.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from reconciler.model.address import Address, LinkAddress, MirrorAddress
from reconciler.model.catalogue import Catalogue, ConfigType, FilterFamily, LinkConfig
from reconciler.model.changes import ChangeKey, ChangeKind
from reconciler.model.desired import DesiredHalf
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.engine import ItemAnswer, Request
from reconciler.model.errors import EngineError, RejectedError
from reconciler.model.filters import FilterKind
from reconciler.model.links import ConnectionMode, LinkMode
from reconciler.model.mirrors import MirrorVerb, PartitionLag
from reconciler.model.observed import (
    Gap,
    ObservedCluster,
    ObservedConfig,
    ObservedGroup,
    ObservedLink,
    ObservedMirror,
    ObservedState,
    ObservedTopic,
    TaskError,
)
from reconciler.model.reads import ClusterReads, Reads
from reconciler.model.steps import (
    Action,
    AlterLink,
    AlterMirror,
    ChangeMirrors,
    CreateLink,
    CreateMirror,
    DeleteLink,
    DeleteTopic,
    SetLinkPaused,
    Step,
)

DST = "dst"
LINK = LinkAddress(DST, "l")
CATALOGUE = Catalogue(
    configs={
        "consumer.offset.sync.enable": LinkConfig(
            "consumer.offset.sync.enable", ConfigType.BOOLEAN, default="false"
        ),
        "consumer.offset.sync.ms": LinkConfig(
            "consumer.offset.sync.ms", ConfigType.LONG, default="30000"
        ),
        "topic.config.sync.include": LinkConfig("topic.config.sync.include", ConfigType.LIST),
        "sasl.jaas.config": LinkConfig("sasl.jaas.config", ConfigType.PASSWORD, sensitive=True),
        "connection.kind": LinkConfig(
            "connection.kind", ConfigType.STRING, choices=("LEFT", "RIGHT")
        ),
    },
    families={
        FilterKind.GROUP: FilterFamily(
            FilterKind.GROUP, "consumer.offset.group.filters", "consumer.offset.sync.enable"
        ),
        FilterKind.TOPIC: FilterFamily(
            FilterKind.TOPIC, "auto.create.filters", "auto.create.enable"
        ),
        FilterKind.ACL: FilterFamily(FilterKind.ACL, "acl.filters", "acl.sync.enable"),
    },
)


class SteppedClock:
    """A clock that moves only when somebody sleeps, and then at once."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    def monotonic(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds
        await asyncio.sleep(0)


def trouble(code: str = "trouble") -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, f"this is {code}", "do something")


@dataclass
class Fault:
    """The answer to the next call of a kind; `effect` says whether the call is obeyed nevertheless."""

    error: EngineError
    effect: bool = False
    kind: type = object
    verb: MirrorVerb | None = None

    def meets(self, action: Action) -> bool:
        if not isinstance(action, self.kind):
            return False
        return self.verb is None or (isinstance(action, ChangeMirrors) and action.verb is self.verb)


@dataclass
class Site:
    """One cluster of the world."""

    links: dict[str, ObservedLink] = field(default_factory=dict)
    mirrors: dict[str, ObservedMirror] = field(default_factory=dict)
    topics: set[str] = field(default_factory=set)
    topic_configs: dict[str, dict[str, ObservedConfig]] = field(default_factory=dict)
    groups: dict[str, ObservedGroup] = field(default_factory=dict)
    stop_errors: dict[str, TaskError] = field(default_factory=dict)


class World:
    """An engine whose clusters are dictionaries."""

    def __init__(self, delay: float = 0.0, clusters: tuple[str, ...] = (DST,)) -> None:
        self.clock = SteppedClock()
        self.delay = delay
        self.sites = {name: Site() for name in clusters}
        self.faults: list[Fault] = []
        self.refusals: dict[Address, Diagnostic] = {}
        self.stuck: set[str] = set()
        """Mirrors that never leave PENDING_STOPPED by a promote."""
        self.blind_looks = 0
        """How many of the next looks fail."""
        self.log: list[tuple[str, object]] = []
        self.at_once = 0
        self.most_at_once = 0
        self.before_look: Callable[[], None] = lambda: None
        self.after_send: Callable[[Action], None] = lambda _action: None
        self._due: list[tuple[float, Callable[[], None]]] = []

    # what a test reads

    @property
    def calls(self) -> list[Action]:
        return [what for kind, what in self.log if kind == "perform"]  # type: ignore[misc]

    @property
    def looks(self) -> list[Reads]:
        return [what for kind, what in self.log if kind == "observe"]  # type: ignore[misc]

    @property
    def site(self) -> Site:
        return self.sites[DST]

    # what a test sets up

    def link(self, address: LinkAddress = LINK, **facts: object) -> World:
        row = ObservedLink(
            address, link_id="id-1", state="ACTIVE", error="NO_ERROR", configs={}, paused=False
        )
        self.sites[address.cluster].links[address.link] = replace(row, **facts)  # type: ignore[arg-type]
        return self

    def mirror(
        self, name: str, status: str | None = "ACTIVE", lag: int = 0, **facts: object
    ) -> World:
        row = ObservedMirror(
            LINK.mirror(name),
            name,
            status,
            partitions=1,
            lags=(PartitionLag(0, lag, 100),),
        )
        self.site.mirrors[name] = replace(row, **facts)  # type: ignore[arg-type]
        self.site.topics.add(name)
        return self

    def fail(self, *faults: Fault) -> World:
        self.faults += faults
        return self

    # the protocol

    @property
    def catalogue(self) -> Catalogue:
        return CATALOGUE

    def requests(self, action: Action) -> tuple[Request, ...]:
        del action
        return ()

    def command_lines(self, action: Action) -> tuple[str, ...]:
        del action
        return ()

    async def observe(self, reads: Reads) -> ObservedState:
        self.log.append(("observe", reads))
        self.before_look()
        await asyncio.sleep(0)
        self._pass_time()
        if self.blind_looks > 0:
            self.blind_looks -= 1
            return ObservedState({name: _blind(name) for name in reads})
        return ObservedState({name: self._seen(name, wanted) for name, wanted in reads.items()})

    async def perform(self, action: Action) -> tuple[ItemAnswer, ...]:
        self.log.append(("perform", action))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0)
        self.at_once -= 1
        self._pass_time()
        fault = next((f for f in self.faults if f.meets(action)), None)
        if fault is not None:
            self.faults.remove(fault)
        if fault is not None and not fault.effect:
            self.after_send(action)
            raise fault.error
        answers = self._obey(action)
        self.after_send(action)
        if fault is not None:
            raise fault.error
        return answers

    # how it behaves

    def _pass_time(self) -> None:
        due = [job for at, job in self._due if at <= self.clock.time]
        self._due = [(at, job) for at, job in self._due if at > self.clock.time]
        for job in due:
            job()

    def later(self, job: Callable[[], None], delay: float | None = None) -> None:
        wait = self.delay if delay is None else delay
        if wait <= 0:
            job()
        else:
            self._due.append((self.clock.time + wait, job))

    def _seen(self, name: str, wanted: ClusterReads) -> ObservedCluster:
        site = self.sites[name]
        mirrors = dict(site.mirrors)
        for _, mirror in wanted.transition_errors:
            if mirror in site.stop_errors:
                mirrors[mirror] = replace(
                    mirrors[mirror], transition_errors=(site.stop_errors[mirror],)
                )
        links = {
            link: row if link in wanted.link_configs else replace(row, configs=None, paused=None)
            for link, row in site.links.items()
        }
        return ObservedCluster(
            name,
            links=links if wanted.links else None,
            mirrors=mirrors if wanted.mirrors else None,
            topics={t: ObservedTopic(t) for t in site.topics} if wanted.topics else None,
            topic_configs=dict(site.topic_configs) if wanted.topic_configs else None,
            groups=dict(site.groups) if wanted.groups else None,
        )

    def _obey(self, action: Action) -> tuple[ItemAnswer, ...]:
        match action:
            case CreateLink():
                return self._create_link(action)
            case AlterLink(address=address):
                self.later(lambda: self._alter_link(action))
            case SetLinkPaused(address=address, paused=paused):
                site = self.sites[address.cluster]
                row = site.links[address.link]
                self.later(lambda: site.links.update({address.link: replace(row, paused=paused)}))
            case DeleteLink(address=address):
                links = self.sites[address.cluster].links
                if address.link not in links:
                    raise RejectedError(trouble("absent"), status=404, absent=True)
                self.later(lambda: void(links.pop(address.link, None)))
            case CreateMirror():
                return self._create_mirror(action)
            case AlterMirror():
                return self._alter_mirror(action)
            case ChangeMirrors():
                return tuple(self._change(action, name) for name in action.mirrors)
            case DeleteTopic(address=address):
                self._delete_topic(address)
        return (ItemAnswer(address),)

    def _create_link(self, action: CreateLink) -> tuple[ItemAnswer, ...]:
        address = action.half.address
        site = self.sites[address.cluster]
        if address.link in site.links:
            raise RejectedError(trouble("exists"), status=400, exists=True)
        row = ObservedLink(
            address,
            link_id=action.link_id or f"id-{address.link}",
            remote_cluster_id=action.remote_cluster_id,
            state="ACTIVE",
            error="NO_ERROR",
            configs={
                n: ObservedConfig(n, v, is_default=False) for n, v in action.half.configs.items()
            },
            filters=dict(action.half.filters),
            link_mode=action.half.link_mode,
            connection_mode=action.half.connection_mode,
            prefix=action.half.prefix,
            paused=False,
        )
        self.later(lambda: site.links.update({address.link: row}))
        return (ItemAnswer(address),)

    def _alter_link(self, action: AlterLink) -> None:
        site = self.sites[action.address.cluster]
        row = site.links[action.address.link]
        configs = dict(row.configs) if isinstance(row.configs, Mapping) else {}
        for name, value in action.set_configs.items():
            configs[name] = ObservedConfig(name, value, is_default=False)
        for name, template in action.credentials.items():
            hidden = CATALOGUE.is_sensitive(name) or bool(template.references)
            text = None if hidden else "".join(map(str, template.parts))
            configs[name] = ObservedConfig(name, text, is_default=False, sensitive=hidden)
        for name in action.reset_configs:
            configs.pop(name, None)
        filters = {**row.filters, **action.filters}
        for kind, family in CATALOGUE.families.items():
            if action.set_configs.get(family.switch) == "false":
                filters[kind] = frozenset()
        site.links[action.address.link] = replace(row, configs=configs, filters=filters)

    def _create_mirror(self, action: CreateMirror) -> tuple[ItemAnswer, ...]:
        name = action.address.mirror
        site = self.sites[action.address.cluster]
        if name in site.topics:
            raise RejectedError(trouble("exists"), status=400, error_code=40002, exists=True)
        site.topics.add(name)
        row = ObservedMirror(
            action.address,
            action.source_topic,
            "ACTIVE",
            partitions=1,
            lags=(PartitionLag(0, 0, 100),),
        )
        self.later(lambda: site.mirrors.update({name: row}))
        return (ItemAnswer(action.address),)

    def _alter_mirror(self, action: AlterMirror) -> tuple[ItemAnswer, ...]:
        configs = self.sites[action.address.cluster].topic_configs
        shown = {n: ObservedConfig(n, v, is_default=False) for n, v in action.set_configs.items()}
        self.later(lambda: configs.update({action.address.mirror: shown}))
        return (ItemAnswer(action.address),)

    def _delete_topic(self, address: MirrorAddress) -> None:
        site = self.sites[address.cluster]
        if address.mirror not in site.topics:
            raise RejectedError(trouble("absent"), status=404, absent=True)

        def gone() -> None:
            site.topics.discard(address.mirror)
            site.mirrors.pop(address.mirror, None)

        self.later(gone)

    def _change(self, action: ChangeMirrors, name: str) -> ItemAnswer:
        address = action.link.mirror(name)
        site = self.sites[address.cluster]
        row = site.mirrors.get(name)
        if address in self.refusals:
            return ItemAnswer(address, self.refusals[address])
        if row is None or row.status == "STOPPED":
            return ItemAnswer(address, trouble("already-stopped"))

        def to(status: str) -> None:
            site.mirrors[name] = replace(site.mirrors[name], status=status)

        match action.verb:
            case MirrorVerb.PAUSE:
                self.later(lambda: to("PAUSED"))
            case MirrorVerb.RESUME:
                self.later(lambda: to("ACTIVE"))
            case MirrorVerb.PROMOTE | MirrorVerb.FAILOVER:
                to("PENDING_STOPPED")
                if name not in self.stuck or action.verb is MirrorVerb.FAILOVER:
                    self.later(lambda: to("STOPPED"))
        return ItemAnswer(address)


def void(_value: object) -> None:
    """Take a value and give nothing back, where a job must return nothing."""


def _blind(name: str) -> ObservedCluster:
    gap = Gap(name, trouble("blind"))
    return ObservedCluster(name, links=gap, mirrors=gap, topics=gap, topic_configs=gap, groups=gap)


# Steps, as a planner would make them.


def half(address: LinkAddress = LINK, **facts: object) -> DesiredHalf:
    plain = DesiredHalf(
        address,
        remote="src",
        link_mode=LinkMode.DESTINATION,
        connection_mode=ConnectionMode.OUTBOUND,
        remote_connection_mode=None,
        hosts_mirrors=True,
        bootstrap_servers="src:9092",
    )
    return replace(plain, **facts)  # type: ignore[arg-type]


def create_mirror(name: str, *needs: str, link: LinkAddress = LINK) -> Step:
    address = link.mirror(name)
    return Step(
        f"create {name}",
        CreateMirror(address, name),
        needs=needs,
        covers=(ChangeKey(address, ChangeKind.CREATE_MIRROR),),
        expects={address: None},
    )


_KINDS = {
    MirrorVerb.PAUSE: ChangeKind.PAUSE_MIRROR,
    MirrorVerb.RESUME: ChangeKind.RESUME_MIRROR,
    MirrorVerb.PROMOTE: ChangeKind.PROMOTE,
    MirrorVerb.FAILOVER: ChangeKind.FAILOVER,
}


def change(verb: MirrorVerb, *names: str, needs: tuple[str, ...] = (), saw: str = "ACTIVE") -> Step:
    return Step(
        f"{verb} {' '.join(names[:3])}",
        ChangeMirrors(LINK, verb, names),
        needs=needs,
        covers=tuple(ChangeKey(LINK.mirror(name), _KINDS[verb]) for name in names),
        expects={LINK.mirror(name): saw for name in names},
    )


def delete_topic(name: str, *needs: str, saw: str = "ACTIVE") -> Step:
    address = LINK.mirror(name)
    return Step(
        f"delete {name}",
        DeleteTopic(address),
        needs=needs,
        covers=(ChangeKey(address, ChangeKind.DELETE_TOPIC),),
        expects={address: saw},
    )


def delete_link(*needs: str, **saw: str) -> Step:
    return Step(
        "delete link",
        DeleteLink(LINK),
        needs=needs,
        covers=(ChangeKey(LINK, ChangeKind.DELETE_LINK),),
        expects={LINK.mirror(name): status for name, status in saw.items()},
    )


def of_link(action: Action, kind: ChangeKind, *needs: str) -> Step:
    return Step(str(kind), action, needs=needs, covers=(ChangeKey(LINK, kind),))
