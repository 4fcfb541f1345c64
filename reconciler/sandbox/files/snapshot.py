"""A world as JSON values with a format number, and back; `snapshot_file` keeps it on disk."""

from __future__ import annotations

from dataclasses import asdict
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from reconciler.sandbox.behaviour import following
from reconciler.sandbox.behaviour.conditions import Change
from reconciler.sandbox.rest.auth import Auth
from reconciler.sandbox.rest.faults import Fault
from reconciler.sandbox.world.cluster import Cluster
from reconciler.sandbox.world.flavours import FLAVOURS
from reconciler.sandbox.world.groups import Group, Member, Reading
from reconciler.sandbox.world.links import Link
from reconciler.sandbox.world.mirrors import NOT_YET_FOLLOWING, Mirror, Move
from reconciler.sandbox.world.topics import Topic
from reconciler.sandbox.world.world import Delays, World

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reconciler.sandbox.world.clock import Clock

FORMAT = 2

_FIELDS = {kind: (kind.__slots__, attrgetter(*kind.__slots__)) for kind in (Topic, Mirror)}


class SnapshotError(ValueError):
    """The file is not a snapshot that this version can read; the message says why."""


def snapshot(world: World) -> dict[str, object]:
    """The whole world as JSON values. No secret is in it, because the world keeps none.

    What the world does afterwards does not show in it: of the lists and mappings that it shares with the world none is
    ever changed in place.
    """
    return {
        "format": FORMAT,
        "now_ms": world.settle(),
        "changed_ms": world.changed_ms,
        "changes": world.changes,
        "seed": world.seed,
        "ids_given": world.ids_given,
        "catch_up_rate": world.catch_up_rate,
        "strict_codes": world.strict_codes,
        "admin": world.admin,
        "delays": asdict(world.delays),
        "faults": [asdict(fault) for fault in world.faults.rules],
        "schedule": [asdict(change) for change in world.schedule],
        "clusters": [_cluster_row(cluster) for cluster in world.clusters.values()],
    }


def _cluster_row(cluster: Cluster) -> dict[str, object]:
    return {
        "name": cluster.name,
        "cluster_id": cluster.cluster_id,
        "bootstrap": list(cluster.bootstrap),
        "flavour": cluster.flavour.name,
        "linking_enabled": cluster.linking_enabled,
        "conditions": [asdict(condition) for condition in cluster.conditions],
        "advertises": cluster.advertises,
        "auth": asdict(cluster.auth) if cluster.auth else None,
        "leftovers": dict(cluster.leftovers),
        "topics": [_flat_row(topic) for topic in cluster.topics.values()],
        "groups": [asdict(group) for group in cluster.groups.values()],
        "links": [
            asdict(link) | {"unsynced": sorted(link.unsynced)} for link in cluster.links.values()
        ],
        "mirrors": [
            _flat_row(mirror, move=asdict(mirror.move) if mirror.move else None)
            for mirror in cluster.mirrors.values()
        ],
    }


def _flat_row(thing: Topic | Mirror, **instead: object) -> dict[str, object]:
    """The fields as they are. There may be a hundred thousand of these, and `asdict` would copy every list of them."""
    names, values = _FIELDS[type(thing)]
    row: dict[str, object] = dict(zip(names, values(thing), strict=True))
    row.update(instead)
    return row


def restore(document: Mapping[str, Any], clock: Clock) -> World:
    """The world of a snapshot, going on at the instant at which it was taken. Raises SnapshotError."""
    if document.get("format") != FORMAT:
        reason = f"format {document.get('format')!r} is not {FORMAT}"
        raise SnapshotError(reason)
    try:
        return _restore(document, clock)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        reason = f"it is damaged ({error})"
        raise SnapshotError(reason) from error


def _restore(document: Mapping[str, Any], clock: Clock) -> World:
    world = World(
        clock,
        delays=Delays(**document["delays"]),
        catch_up_rate=document["catch_up_rate"],
        seed=document["seed"],
    )
    world.shift_ms = document["now_ms"] - clock.now_ms()
    world.changed_ms = document["changed_ms"]
    world.changes = document["changes"]
    world.ids_given = document["ids_given"]
    world.strict_codes, world.admin = document["strict_codes"], document["admin"]
    world.faults.rules = [Fault(**fault) for fault in document["faults"]]
    world.schedule = [Change(**change) for change in document["schedule"]]
    for row in document["clusters"]:
        _restore_cluster(world, row)
    for cluster in world.clusters.values():
        for mirror in cluster.mirrors.values():
            if not mirror.is_stopped and mirror.status not in NOT_YET_FOLLOWING:
                following.follow(cluster, mirror)
    return world


def _restore_cluster(world: World, row: Mapping[str, Any]) -> None:
    cluster = world.add_cluster(row["name"], row["cluster_id"], FLAVOURS[row["flavour"]])
    cluster.bootstrap = tuple(row["bootstrap"])
    cluster.linking_enabled = row["linking_enabled"]
    cluster.conditions = [Change(**condition) for condition in row["conditions"]]
    cluster.auth = Auth(**row["auth"]) if row["auth"] else None
    cluster.advertises = row["advertises"]
    cluster.leftovers = row["leftovers"]
    for topic in row["topics"]:
        cluster.add_topic(Topic(**topic))
    cluster.leaving = {t.name for t in cluster.topics.values() if t.gone_ms is not None}
    for group in row["groups"]:
        cluster.add_group(_group(group))
    cluster.links = {
        link["name"]: Link(**link | {"unsynced": set(link["unsynced"])}) for link in row["links"]
    }
    for found in row["mirrors"]:
        move = Move(**found["move"]) if found["move"] else None
        mirror = Mirror(**found | {"move": move})
        cluster.add_mirror(mirror)
        if mirror.error != "NO_ERROR":
            cluster.troubled.add(mirror.topic)
        cluster.enter(mirror, mirror.status, mirror.state_ms, mirror.move)


def _group(row: Mapping[str, Any]) -> Group:
    return Group(
        name=row["name"],
        members=[Member(**member) for member in row["members"]],
        readings={topic: Reading(**reading) for topic, reading in row["readings"].items()},
    )
