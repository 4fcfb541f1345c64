"""Making mirror topics and acting on them (cluster-linking reference, sections 3.2, 3.4, 8, 9)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from reconciler.sandbox import refusals
from reconciler.sandbox.behaviour import config_sync, flow, following, health
from reconciler.sandbox.configs import link_configs as keys
from reconciler.sandbox.configs import topic_configs
from reconciler.sandbox.operations import lifecycle, linking, restore, topic_admin
from reconciler.sandbox.operations.patterns import Pattern, PatternError
from reconciler.sandbox.world import topics
from reconciler.sandbox.world.mirrors import Mirror
from reconciler.sandbox.world.topics import Topic

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reconciler.sandbox.operations.restore import Cut
    from reconciler.sandbox.world.cluster import Cluster
    from reconciler.sandbox.world.links import Link
    from reconciler.sandbox.world.world import World


@dataclass(frozen=True, slots=True)
class MirrorRequest:
    """The body of the create call."""

    source_topic: str
    mirror_topic: str | None = None
    replication_factor: int | None = None
    configs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One item of an action's answer; without `error` the verb was accepted, which does not mean done."""

    topic: str
    lags: list[flow.Lag]
    error: tuple[int, str] | None = None
    cuts: list[Cut] = field(default_factory=list)


def find(cluster: Cluster, link: str, topic: str) -> Mirror:
    """The mirror of that name on that link, once it is there for everybody to see. Raises Refusal (404/404)."""
    linking.find(cluster, link)
    mirror = cluster.mirrors.get(topic)
    if mirror is None or mirror.link != link or not cluster.shows(mirror):
        raise refusals.unknown_mirror(topic)
    return mirror


def create(cluster: Cluster, link_name: str, request: MirrorRequest) -> Mirror:
    """Make a mirror topic. Raises Refusal."""
    world = cluster.world
    now = world.settle()
    link = linking.made(cluster, link_name)
    name = _checked_name(cluster, link, request)
    origin, source = _checked_source(world, link, request, now)
    topic_admin.check_replication(cluster, request.replication_factor)
    for config, value in request.configs.items():
        topic_configs.check_value(config, value)
        if not config_sync.may_set(link, config):
            raise refusals.mirror_config(config, name)
    with world.writing() as at_ms:
        return add(cluster, link, (origin, source), request, at_ms)


def add(
    cluster: Cluster,
    link: Link,
    origin: tuple[Cluster, Topic],
    request: MirrorRequest,
    at_ms: int,
) -> Mirror:
    """Make a mirror whose request has been checked; inside a write."""
    world = cluster.world
    source = origin[1]
    name = link.prefix + source.name
    factor = request.replication_factor or cluster.flavour.default_replication_factor
    topic = Topic(name, world.new_id(), factor, _start(origin, link, at_ms), at_ms)
    topic.configs = dict(request.configs)
    topic_admin.add(cluster, topic, at_ms)
    mirror = Mirror(
        topic=name,
        source_topic=source.name,
        source_id=source.topic_id,
        link=link.name,
        created_ms=at_ms,
        state_ms=at_ms,
        fetch_from_ms=max(at_ms, link.active_ms) + world.delays.first_fetch,
    )
    cluster.add_mirror(mirror)
    following.follow(cluster, mirror)
    config_sync.copy(cluster, mirror, at_ms)
    health.review(cluster, mirror, at_ms)
    return mirror


def _checked_name(cluster: Cluster, link: Link, request: MirrorRequest) -> str:
    name = request.mirror_topic or request.source_topic
    topics.check_name(name)
    if name != link.prefix + request.source_topic:
        raise refusals.renaming()
    topic_admin.check_free(cluster, name)
    return name


def _checked_source(
    world: World, link: Link, request: MirrorRequest, now: int
) -> tuple[Cluster, Topic]:
    if not link.hosts_mirrors:
        raise refusals.invalid(
            f"Cluster link '{link.name}' has link.mode=SOURCE and cannot host mirror topics."
        )
    waiting = link.is_inbound and not link.met
    if waiting or now < link.created_ms + world.delays.link_resolved:
        raise refusals.link_not_resolved(link.name)
    if link.is_leaving:
        raise refusals.unknown_link(link.name)
    if link.broken_ms is not None:
        raise refusals.bad_request(
            f"Cluster link '{link.name}' cannot reach the source cluster: {link.error_message}"
        )
    remote = world.by_id[link.remote_id or ""]
    source = remote.topics.get(request.source_topic)
    if source is None or source.gone_ms is not None:
        raise refusals.unknown_topic()
    if not source.describable:
        raise refusals.not_authorized("Topic authorization failed")
    return remote, source


def _start(origin: tuple[Cluster, Topic], link: Link, at_ms: int) -> list[int]:
    """Where a new mirror begins: `mirror.start.offset.spec`."""
    spec = keys.value_of(link.configs, keys.START_OFFSET)
    source = origin[1]
    if spec == "earliest":
        return [0] * source.partitions
    if spec == "latest":
        return list(flow.ends(*origin, at_ms))
    # Records carry no time here: what a producer wrote after the last change of its rate is known to the
    # millisecond, everything earlier counts as older than any timestamp (choice).
    instant = datetime.fromisoformat(spec)
    utc = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    wanted = int(utc.timestamp() * 1000)
    return (
        source.own_ends(min(wanted, at_ms)) if wanted > source.since_ms else [0] * source.partitions
    )


def select(
    cluster: Cluster, link: str, names: Sequence[str] | None, pattern: str | None
) -> list[str]:
    """The names an action is about. A pattern must match the whole name and selects mirrors of the link (choice)."""
    if names is not None and pattern is not None:
        raise refusals.bad_request(
            "Only one of mirror_topic_names and mirror_topic_name_pattern may be given."
        )
    if names is not None:
        return list(dict.fromkeys(names))
    if pattern is None:
        raise refusals.bad_request(
            "One of mirror_topic_names and mirror_topic_name_pattern must be given."
        )
    try:
        wanted = Pattern(pattern)
    except PatternError as error:
        raise refusals.bad_request(f"Invalid mirror topic name pattern: {error}.") from None
    return [
        mirror.topic
        for mirror in cluster.mirrors_of(link)
        if cluster.shows(mirror) and wanted.matches(mirror.topic)
    ]


def act(
    cluster: Cluster,
    link: str,
    verb: str,
    names: Sequence[str],
    *,
    validate_only: bool = False,
) -> list[Outcome]:
    """Perform a verb on each mirror that allows it; every name gets an outcome of its own (section 3.4)."""
    world = cluster.world
    now = world.settle()
    linking.find(cluster, link)
    outcomes = [_judge(cluster, link, verb, name, now) for name in names]
    accepted = [outcome.topic for outcome in outcomes if outcome.error is None]
    if accepted and not validate_only:
        with world.writing() as at_ms:
            for name in accepted:
                _set_going(cluster, link, name, verb, at_ms)
    return outcomes


def _set_going(cluster: Cluster, link: str, name: str, verb: str, at_ms: int) -> None:
    if verb == restore.VERB:
        restore.begin(cluster, cluster.links[link], name, at_ms)
    else:
        lifecycle.act(cluster, cluster.mirrors[name], verb, at_ms)


def _judge(cluster: Cluster, link: str, verb: str, name: str, now: int) -> Outcome:
    if verb == restore.VERB:
        return _judge_restore(cluster, cluster.links[link], name, now)
    mirror = cluster.mirrors.get(name)
    if mirror is None or mirror.link != link or not cluster.shows(mirror):
        refusal = refusals.unknown_mirror(name)
        return Outcome(name, [], (refusal.code, refusal.message))
    shown = flow.lags(cluster, mirror, now)
    complaint = lifecycle.objection(cluster, mirror, flow.status(cluster, mirror, now), verb)
    return Outcome(name, shown, (400, complaint) if complaint else None)


def _judge_restore(cluster: Cluster, link: Link, name: str, now: int) -> Outcome:
    complaint = restore.objection(cluster, link, name)
    if complaint is not None:
        return Outcome(name, [], (400, complaint))
    return Outcome(name, [], cuts=restore.cuts(cluster, link, name, now))
