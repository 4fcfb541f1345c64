"""Making, changing and deleting links (cluster-linking reference, sections 2.5 to 2.7, 5.3, 7, 8)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reconciler.sandbox import refusals
from reconciler.sandbox.behaviour import config_sync, following, health, offset_sync, pairs
from reconciler.sandbox.configs import link_configs as keys
from reconciler.sandbox.operations import reversal
from reconciler.sandbox.world import links
from reconciler.sandbox.world import topics as topic_rules
from reconciler.sandbox.world.links import Link
from reconciler.sandbox.world.mirrors import PENDING_MIRROR

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reconciler.sandbox.configs.config_keys import ConfigKey
    from reconciler.sandbox.world.cluster import Cluster


#: What a complaint calls the cluster at the other end, by the mode of the link.
_OTHER_SIDE = {"DESTINATION": "Source", "SOURCE": "Destination", "BIDIRECTIONAL": "Remote"}


@dataclass(frozen=True, slots=True)
class LinkRequest:
    """What a caller asks of a new link: the query and the body of the create call."""

    name: str
    configs: Mapping[str, str] = field(default_factory=dict)
    source_cluster_id: str | None = None
    destination_cluster_id: str | None = None
    remote_cluster_id: str | None = None
    cluster_link_id: str | None = None
    validate_link: bool = True

    @property
    def mode(self) -> str:
        return keys.value_of(dict(self.configs), keys.MODE).upper()

    @property
    def expected_id(self) -> str | None:
        """The id that the caller expects on the other side; which field carries it depends on the mode (section 7)."""
        if self.mode == "SOURCE":
            return self.destination_cluster_id
        if self.mode == "BIDIRECTIONAL":
            return self.remote_cluster_id
        # One published example puts the id of an inbound link's source into the other field (section 2.5).
        return self.source_cluster_id or self.destination_cluster_id


@dataclass(frozen=True, slots=True)
class ConfigChange:
    """One entry of a batch: a value to set, or None to go back to the default."""

    name: str
    value: str | None


def find(cluster: Cluster, name: str) -> Link:
    """The link of that name, once it is there for everybody to see. Raises Refusal (404/404; 400/400 without a name)."""
    link = made(cluster, name)
    if cluster.world.now_ms() < link.created_ms + cluster.world.delays.link_visible:
        raise refusals.unknown_link(name)
    return link


def visible(cluster: Cluster) -> list[Link]:
    """The links that `find` finds, by name."""
    seen_from = cluster.world.now_ms() - cluster.world.delays.link_visible
    return [link for _, link in sorted(cluster.links.items()) if link.created_ms <= seen_from]


def made(cluster: Cluster, name: str) -> Link:
    """The link of that name, however young it is. Raises Refusal as `find` does."""
    if not cluster.linking_enabled:
        raise refusals.linking_disabled()
    if not name:
        links.check_name(name)
    link = cluster.links.get(name)
    if link is None:
        raise refusals.unknown_link(name)
    return link


def create(cluster: Cluster, request: LinkRequest, *, validate_only: bool = False) -> None:
    """Make a link, or only check that it could be made. Raises Refusal."""
    world = cluster.world
    world.settle()
    configs = _checked_configs(cluster, request)
    remote_id = _remote(cluster, request, configs)
    remote = world.by_id.get(remote_id or "")
    given = world.ids_given
    link_id = pairs.id_for(cluster, remote, request, configs) if remote else world.new_id()
    if validate_only:
        world.ids_given = given
        return
    with world.writing() as now:
        link = Link(
            name=request.name,
            link_id=link_id,
            remote_id=remote_id,
            configs=configs,
            created_ms=now,
            active_ms=now + world.delays.link_active,
        )
        offset_sync.restart(link, now)
        cluster.links[link.name] = link
        pairs.introduce(cluster, link)
        health.review_pair(cluster, link, now)


def _checked_configs(cluster: Cluster, request: LinkRequest) -> dict[str, str]:
    if not cluster.linking_enabled:
        raise refusals.linking_disabled()
    links.check_name(request.name)
    if request.name in cluster.links:
        raise refusals.link_exists(request.name)
    for name, value in request.configs.items():
        keys.check_value(cluster.flavour, name, value)
        keys.check_settable(cluster.flavour, name)
    configs = {
        key.name: _kept(key, request.configs[key.name])
        for key in (keys.find(cluster.flavour, name) for name in request.configs)
        if key.reads_as is None
    }
    keys.check_together(cluster.flavour, configs)
    _check_prefix(cluster, keys.value_of(configs, keys.PREFIX))
    return configs


def _kept(key: ConfigKey, value: str) -> str:
    """What the world keeps of a value: of a secret only that it is set, so that nothing can ever give it away."""
    return "[hidden]" if key.sensitive else value


def _check_prefix(cluster: Cluster, prefix: str) -> None:
    if not prefix:
        return
    longest = cluster.flavour.longest_prefix
    if longest is not None and len(prefix) > longest:
        raise refusals.invalid(
            f"Cluster link prefix '{prefix}' is longer than {longest} characters."
        )
    topic_rules.check_name(prefix + "x")
    if any(link.prefix == prefix for link in cluster.links.values()):
        raise refusals.invalid(f"Cluster link prefix already exists: '{prefix}'.")


def _remote(cluster: Cluster, request: LinkRequest, configs: dict[str, str]) -> str | None:
    """The id of the other cluster, checked as `validate_link` asks for."""
    world = cluster.world
    expected = request.expected_id
    if expected == cluster.cluster_id:
        raise refusals.link_to_self(_OTHER_SIDE[request.mode], cluster.cluster_id)
    if keys.value_of(configs, keys.CONNECTION).upper() == "INBOUND":
        # Nothing can be dialled yet, so nothing is checked; who comes later is compared with the id.
        return expected
    remote = world.resolve(keys.value_of(configs, keys.BOOTSTRAP))
    if request.validate_link:
        _validate(cluster, remote, request)
    return remote.cluster_id if remote else expected


def _validate(cluster: Cluster, remote: Cluster | None, request: LinkRequest) -> None:
    """What the server does when it connects to the other cluster during the call (section 2.5)."""
    side, expected = _OTHER_SIDE[request.mode], request.expected_id
    if remote is None:
        raise refusals.link_invalid(links.UNRESOLVABLE, "No resolvable bootstrap urls given.")
    if not remote.up:
        reason = f"Failed to create a TCP connection to the {side.lower()} cluster."
        raise refusals.link_invalid(links.UNREACHABLE, reason)
    if not remote.accepts_links:
        mechanism = keys.value_of(dict(request.configs), "sasl.mechanism")
        raise refusals.link_credentials_refused(mechanism)
    if remote is cluster:
        raise refusals.link_to_self(side, cluster.cluster_id)
    if expected is not None and expected != remote.cluster_id:
        raise refusals.link_validation(
            f"Expected cluster ID '{expected}' does not match resolved cluster ID "
            f"'{remote.cluster_id}'."
        )


def delete(
    cluster: Cluster, name: str, *, force: bool = False, validate_only: bool = False
) -> None:
    """Delete a link; refused while mirrors live on it, unless forced. Raises Refusal."""
    world = cluster.world
    world.settle()
    link = find(cluster, name)
    # A stopping mirror does not hold the deletion up, and is damaged by it (section 2.6).
    live = [
        mirror
        for mirror in cluster.mirrors_of(name)
        if mirror.status not in {"STOPPED", "PENDING_STOPPED"}
    ]
    if live and not force:
        raise refusals.link_in_use(name, len(live))
    if validate_only or link.is_leaving:
        return
    with world.writing() as now:
        link.gone_ms = now + world.delays.link_gone


def remove(cluster: Cluster, link: Link, at_ms: int) -> None:
    """Take a link away for good; its mirrors are no longer listed under any link (section 2.6).

    Their topics stay, with every record and every offset that had come by then.
    """
    for mirror in cluster.mirrors_of(link.name):
        if not mirror.is_stopped:
            health.review(cluster, mirror, at_ms)
            reversal.cancel(cluster, mirror)
            following.unfollow(cluster, mirror)
            # A topic that was only about to become a mirror has data of its own, and stays what it was.
            cluster.topics[mirror.topic].locked = mirror.status != PENDING_MIRROR
        cluster.drop_mirror(mirror)
    pair = pairs.partner(cluster, link)
    cluster.by_link.pop(link.name, None)
    del cluster.links[link.name]
    pairs.part(cluster, link, pair)
    if pair is not None:
        health.review_link(*pair, at_ms)


def alter(
    cluster: Cluster,
    name: str,
    changes: Sequence[ConfigChange],
    *,
    validate_only: bool = False,
) -> None:
    """Change configs in place, all or none. Raises Refusal."""
    world = cluster.world
    world.settle()
    link = find(cluster, name)
    if link.is_leaving:
        raise refusals.unknown_link(name)
    configs = dict(link.configs)
    for change in changes:
        _apply(cluster, configs, change)
    # Whatever the order inside a batch: clients send their configs in any (pitfall 19).
    for change in changes:
        if change.name in keys.FILTER_OF and not keys.is_on(configs, change.name):
            configs.pop(keys.FILTER_OF[change.name], None)
    keys.check_together(cluster.flavour, configs)
    if validate_only or configs == link.configs:
        return
    with world.writing() as now:
        _take_over(cluster, link, configs, now)


def _apply(cluster: Cluster, configs: dict[str, str], change: ConfigChange) -> None:
    name, value = change.name, change.value
    key = keys.find(cluster.flavour, name)
    if value is not None:
        keys.check_value(cluster.flavour, name, value)
    if key.reads_as is not None:
        return
    wanted = key.default or "" if value is None else value
    if key.immutable and wanted != keys.value_of(configs, name):
        raise refusals.invalid(f"Cluster link configuration '{name}' cannot be changed.")
    keys.check_settable(cluster.flavour, name)
    if value is None:
        configs.pop(name, None)
    else:
        configs[name] = _kept(key, value)


def _take_over(cluster: Cluster, link: Link, configs: dict[str, str], now: int) -> None:
    before, link.configs = link.configs, configs
    changed = {
        name for name in before.keys() | configs.keys() if before.get(name) != configs.get(name)
    }
    if changed & {keys.OFFSET_SYNC, keys.OFFSET_SYNC_MS}:
        offset_sync.restart(link, now)
    if keys.CONFIG_SYNC_INCLUDE in changed:
        config_sync.note_all(cluster, link)
    health.review_pair(cluster, link, now)
