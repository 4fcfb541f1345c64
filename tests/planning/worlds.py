"""A small model of live clusters: what each action does, and when a server would refuse it.

Written from the reference (sections 2, 4.2 and 5.3), not from the planner: it is the other side of the laws.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import count
from typing import TypeVar

from reconciler.model.address import LinkAddress, MirrorAddress
from reconciler.model.mirrors import MirrorVerb, PartitionLag
from reconciler.model.observed import (
    Gap,
    ObservedConfig,
    ObservedLink,
    ObservedMirror,
    ObservedState,
    ObservedTopic,
    Read,
)
from reconciler.model.plan import Plan
from reconciler.model.secrets import Template
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
)
from tests.planning.builders import CATALOGUE

T = TypeVar("T")
LIVING = {"ACTIVE", "PAUSED", "LINK_PAUSED", "SOURCE_UNAVAILABLE", "LINK_FAILED"}


class World:
    """Live clusters that actions change. A refused action fails the test."""

    def __init__(self, state: ObservedState) -> None:
        self.clusters = dict(state.clusters)
        self._ids = count(100)

    def run(self, plan: Plan) -> World:
        """Carry out every step of a plan in its order."""
        for step in plan.steps:
            for address, status in step.expects.items():
                found = self._status(address)
                assert _class(found) == _class(status), (step.id, address, found)
            self._act(step.action)
        return self

    @property
    def state(self) -> ObservedState:
        """The world as it would be read now."""
        return ObservedState(dict(self.clusters))

    def _act(self, action: Action) -> None:
        match action:
            case CreateLink():
                self._create_link(action)
            case AlterLink():
                self._alter_link(action)
            case SetLinkPaused(address, paused):
                self._pause_link(address, paused)
            case DeleteLink(address):
                self._delete_link(address)
            case CreateMirror():
                self._create_mirror(action)
            case AlterMirror(address, values):
                self._put_configs(address, values)
            case ChangeMirrors(link, verb, names):
                for name in names:
                    self._steer(link.mirror(name), verb)
            case DeleteTopic(address):
                assert address.mirror in self._topics(address.cluster)
                self._put_row(address, None)

    def _create_link(self, action: CreateLink) -> None:
        half = action.half
        assert half.address.link not in self._links(half.address.cluster)
        twin = (
            self._links(half.remote).get(half.address.link)
            if half.remote in self.clusters
            else None
        )
        if action.link_id_from is not None:
            assert twin is not None
            assert twin.address == action.link_id_from
        configs = {n: ObservedConfig(n, v, is_default=False) for n, v in half.configs.items()}
        if half.bootstrap_servers is not None:
            configs["bootstrap.servers"] = ObservedConfig(
                "bootstrap.servers", half.bootstrap_servers
            )
        configs |= shown_credentials(half.credentials)
        made = ObservedLink(
            half.address,
            twin.link_id if twin else f"L{next(self._ids)}",
            action.remote_cluster_id,
            "ACTIVE",
            configs=configs,
            filters=dict(half.filters),
            link_mode=half.link_mode,
            connection_mode=half.connection_mode,
            prefix=half.prefix,
            paused=False,
        )
        self._put_link(made)

    def _alter_link(self, action: AlterLink) -> None:
        link = self._links(action.address.cluster)[action.address.link]
        assert isinstance(link.configs, dict)
        configs = dict(link.configs)
        for name, value in action.set_configs.items():
            configs[name] = ObservedConfig(name, value, is_default=False)
        for name in action.reset_configs:
            known = CATALOGUE.get(name)
            configs[name] = ObservedConfig(name, known.default if known else None, is_default=True)
        configs |= shown_credentials(action.credentials)
        filters = {**link.filters, **action.filters}
        for kind, family in CATALOGUE.families.items():
            switch = configs.get(family.switch)
            written = family.switch in {*action.set_configs, *action.reset_configs}
            if written and (switch is None or switch.value != "true"):
                filters[kind] = frozenset()
        self._put_link(replace(link, configs=configs, filters=filters))

    def _pause_link(self, address: LinkAddress, paused: bool) -> None:
        link = self._links(address.cluster)[address.link]
        assert link.paused is not paused
        self._put_link(replace(link, paused=paused, state="PAUSED" if paused else "ACTIVE"))
        swap = {"ACTIVE": "LINK_PAUSED"} if paused else {"LINK_PAUSED": "ACTIVE"}
        for row in list(self._rows(address.cluster).values()):
            if row.address.link_address == address:
                self._put_row(
                    row.address, replace(row, status=swap.get(row.status or "", row.status))
                )

    def _delete_link(self, address: LinkAddress) -> None:
        here = self.clusters[address.cluster]
        left = [
            r for r in self._rows(address.cluster).values() if r.address.link_address == address
        ]
        assert all(row.stopped for row in left), (
            "a server refuses to delete a link with live mirrors"
        )
        links = {n: link for n, link in self._links(address.cluster).items() if n != address.link}
        rows = {n: r for n, r in self._rows(address.cluster).items() if r not in left}
        self.clusters[address.cluster] = replace(here, links=links, mirrors=rows)

    def _create_mirror(self, action: CreateMirror) -> None:
        address = action.address
        link = self._links(address.cluster)[address.link]
        assert address.mirror not in self._topics(address.cluster), "the name is taken"
        assert address.mirror == (link.prefix or "") + action.source_topic
        status = "LINK_PAUSED" if link.paused else "ACTIVE"
        self._put_row(
            address,
            ObservedMirror(address, action.source_topic, status, None, 1, (PartitionLag(0, 0, 1),)),
        )
        self._put_configs(address, action.configs)

    def _put_configs(self, address: MirrorAddress, values: Mapping[str, str]) -> None:
        here = self.clusters[address.cluster]
        shown = _read(here.topic_configs)
        mine = {n: ObservedConfig(n, v, is_default=False) for n, v in values.items()}
        shown[address.mirror] = {**shown.get(address.mirror, {}), **mine}
        self.clusters[address.cluster] = replace(here, topic_configs=shown)

    def _steer(self, address: MirrorAddress, verb: MirrorVerb) -> None:
        row = self._rows(address.cluster)[address.mirror]
        paused = self._links(address.cluster)[address.link].paused
        match verb:
            case MirrorVerb.PAUSE:
                assert row.status in LIVING - {"PAUSED", "LINK_PAUSED"}
                status = "PAUSED"
            case MirrorVerb.RESUME:
                assert row.status == "PAUSED"
                status = "LINK_PAUSED" if paused else "ACTIVE"
            case MirrorVerb.PROMOTE:
                assert row.status == "ACTIVE"
                status = "STOPPED"
            case MirrorVerb.FAILOVER:
                assert row.status != "STOPPED"
                status = "STOPPED"
        self._put_row(address, replace(row, status=status))

    def _status(self, address: MirrorAddress) -> str | None:
        row = self._rows(address.cluster).get(address.mirror)
        return row.status if row else None

    def _put_link(self, link: ObservedLink) -> None:
        here = self.clusters[link.address.cluster]
        links = {**self._links(here.name), link.address.link: link}
        self.clusters[here.name] = replace(here, links=links)

    def _put_row(self, address: MirrorAddress, row: ObservedMirror | None) -> None:
        here = self.clusters[address.cluster]
        rows = {n: r for n, r in self._rows(here.name).items() if n != address.mirror}
        names = {n: t for n, t in self._topics(here.name).items() if n != address.mirror}
        if row is not None:
            rows[address.mirror] = row
            names[address.mirror] = ObservedTopic(address.mirror, 1, 3)
        self.clusters[here.name] = replace(here, mirrors=rows, topics=names)

    def _links(self, cluster: str) -> dict[str, ObservedLink]:
        return _read(self.clusters[cluster].links)

    def _rows(self, cluster: str) -> dict[str, ObservedMirror]:
        return _read(self.clusters[cluster].mirrors)

    def _topics(self, cluster: str) -> dict[str, ObservedTopic]:
        return _read(self.clusters[cluster].topics)


def _class(status: str | None) -> str | None:
    """Words between which a mirror topic goes back and forth with its link and source are one to a runner."""
    return "living" if status in LIVING else status


def _read(part: Read[Mapping[str, T]] | None) -> dict[str, T]:
    assert part is not None
    assert not isinstance(part, Gap)
    return dict(part)


def shown_credentials(credentials: Mapping[str, Template]) -> dict[str, ObservedConfig]:
    """What a server shows of security configs: not the secrets."""
    shown = {}
    for name, template in credentials.items():
        hidden = CATALOGUE.is_sensitive(name)
        value = None if hidden else "".join(map(str, template.parts))
        shown[name] = ObservedConfig(name, value, is_default=False, sensitive=hidden)
    return shown
