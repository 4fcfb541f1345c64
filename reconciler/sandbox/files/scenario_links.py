"""The links of a scenario and the mirrors on them: there already when the world begins, made as a caller would make them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reconciler.sandbox.behaviour import health
from reconciler.sandbox.files import scenario_topics
from reconciler.sandbox.operations import lifecycle, linking, mirroring
from reconciler.sandbox.refusals import Refusal
from reconciler.sandbox.world import links
from reconciler.sandbox.world import mirrors as states

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reconciler.sandbox.files.fields import Fields
    from reconciler.sandbox.world.cluster import Cluster
    from reconciler.sandbox.world.links import Link
    from reconciler.sandbox.world.mirrors import Mirror


def add_links(described: Iterable[tuple[Cluster, Fields]]) -> None:
    """All links, the dialled half of a pair before the one that dials; then the mirrors, each after what it mirrors."""
    halves = [_half(cluster, link) for cluster, row in described for link in row.rows("links")]
    made = [(half, _link(half)) for half in sorted(halves, key=lambda h: not h.is_dialled)]
    copies = []
    for half, link in made:
        if link is not None:
            copies += [_copy(half.cluster, link, row) for row in half.row.rows("mirrors")]
            half.row.done()
    for copy in _in_order(copies):
        _mirror(copy)


@dataclass(frozen=True, slots=True)
class _Half:
    """A link as it is described, and what a caller would send to make it."""

    cluster: Cluster
    row: Fields
    request: linking.LinkRequest | None

    @property
    def is_dialled(self) -> bool:
        return "bootstrap.servers" not in (self.request.configs if self.request else {})


def _half(cluster: Cluster, row: Fields) -> _Half:
    name = row.text("name", required=True)
    remote = cluster.world.clusters.get(row.text("remote", required=True))
    configs = row.texts("configs")
    if remote is None:
        row.wrong("there is no such cluster", "remote")
        return _Half(cluster, row, None)
    if configs.get("connection.mode", "").upper() != "INBOUND":
        configs = {"bootstrap.servers": ",".join(remote.addresses), **configs}
    request = linking.LinkRequest(
        name=name,
        configs=configs,
        source_cluster_id=remote.cluster_id,
        destination_cluster_id=remote.cluster_id,
        remote_cluster_id=remote.cluster_id,
        validate_link=False,
    )
    return _Half(cluster, row, request)


def _link(half: _Half) -> Link | None:
    """A link that is already there: made as a caller would make it, and past its start-up."""
    if half.request is None:
        return None
    world = half.cluster.world
    try:
        linking.create(half.cluster, half.request)
    except Refusal as refusal:
        half.row.wrong(refusal.message)
        return None
    link = half.cluster.links[half.request.name]
    link.created_ms, link.active_ms = 0, world.now_ms()
    link.link_id = half.row.text("linkId") or link.link_id
    try:
        links.dashed_id(link.link_id)
    except ValueError:
        half.row.wrong("must be a UUID in Kafka's spelling (22 characters)", "linkId")
    return link


@dataclass(frozen=True, slots=True)
class _Copy:
    """A mirror as it is described."""

    cluster: Cluster
    link: Link
    row: Fields
    request: mirroring.MirrorRequest
    state: str
    behind: int

    @property
    def place(self) -> tuple[str, str]:
        return self.cluster.cluster_id, self.request.mirror_topic or ""

    @property
    def source(self) -> tuple[str, str]:
        return self.link.remote_id or "", self.request.source_topic


def _copy(cluster: Cluster, link: Link, row: Fields) -> _Copy:
    source = row.text("source", required=True)
    factor, configs = scenario_topics.factor(cluster, row), scenario_topics.configs(row)
    request = mirroring.MirrorRequest(source, link.prefix + source, factor, configs)
    state = row.word("state", "active", ("active", "paused", "stopped", "failed"))
    copy = _Copy(cluster, link, row, request, state, row.integer("lag", 0))
    row.done()
    return copy


def _in_order(copies: list[_Copy]) -> list[_Copy]:
    """Mirrors of mirrors after what they mirror, wherever they are written down."""
    sources = {copy.place: copy.source for copy in copies}
    depths: dict[tuple[str, str], int] = {}
    for copy in copies:
        chain = [copy.place]
        while chain[-1] in sources and chain[-1] not in depths and len(chain) <= len(sources):
            chain.append(sources[chain[-1]])
        depth = depths.get(chain[-1], 0)
        for one in reversed(chain[:-1]):
            depth += 1
            depths[one] = depth
    return sorted(copies, key=lambda copy: depths[copy.place])


def _mirror(copy: _Copy) -> None:
    """A mirror that is already there, caught up unless it says how far it lags."""
    cluster, world = copy.cluster, copy.cluster.world
    try:
        mirror = mirroring.create(cluster, copy.link.name, copy.request)
    except Refusal as refusal:
        copy.row.wrong(refusal.message, "source")
        return
    now = world.now_ms()
    mirror.fetch_from_ms = now
    topic, seen = cluster.topics[mirror.topic], health.last_seen(cluster, mirror, now)
    topic.settle([max(0, end - copy.behind) for end in seen], now)
    _enter(cluster, mirror, copy.state, now)


def _enter(cluster: Cluster, mirror: Mirror, state: str, now: int) -> None:
    if state == "paused":
        lifecycle.act(cluster, mirror, lifecycle.PAUSE, now)
    elif state == "stopped":
        lifecycle.stop(cluster, mirror, now)
    elif state == "failed":
        cluster.enter(mirror, states.FAILED, now)
        health.review(cluster, mirror, now)
