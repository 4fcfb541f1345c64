"""Live mirror topics as items of `mirrorTopics`, each in the state that a plan leaves as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reconciler.model.catalogue import Catalogue
from reconciler.model.mirrors import MirrorGoal, MirrorStatus
from reconciler.model.observed import ObservedCluster, ObservedConfig, ObservedMirror, known
from reconciler.planning.diff import is_hidden
from reconciler.planning.lifecycle import Course, cell, live_of_row
from reconciler.planning.outlook import is_paused
from reconciler.spec.quoting import config_value
from reconciler.spec.rules.secrets import looks_sensitive
from reconciler.spec.writing import Noted, Plain, Row
from reconciler.workflows.exporting.omissions import Omission
from reconciler.workflows.exporting.pairing import LiveHalf

_SYNC_LIST = "topic.config.sync.include"
_ILL = frozenset({MirrorStatus.SOURCE_UNAVAILABLE, MirrorStatus.LINK_FAILED})
_COURSES = {True: Course.STAYS_PAUSED, False: Course.RUNS, None: Course.UNKNOWN}


@dataclass(frozen=True, slots=True)
class MirrorContext:
    """What the mirror topics of one half are read against."""

    half: LiveHalf
    cluster: ObservedCluster
    catalogue: Catalogue
    with_origin: bool
    """Whether each item says `from` (bidirectional links)."""
    with_replication: bool


def mirror_items(context: MirrorContext) -> Iterator[Plain | Omission]:
    """The mirror topics of one half by source topic, and those that no item leaves as they are."""
    rows = [
        row
        for row in (known(context.cluster.mirrors) or {}).values()
        if row.address.link_address == context.half.address
    ]
    for row in sorted(rows, key=lambda row: (row.source_topic, row.address)):
        goal = resting_goal(row, _COURSES[is_paused(context.half.link)])
        yield _stuck(row) if goal is None else _item(context, row, goal)


def resting_goal(row: ObservedMirror, course: Course) -> MirrorGoal | None:
    """The wanted state that plans nothing for a mirror topic; None when every one plans or waits for something."""
    first = MirrorGoal.PAUSED if row.status == MirrorStatus.PAUSED else MirrorGoal.ACTIVE
    live = live_of_row(row.status, course)
    for goal in (first, MirrorGoal.RELEASED):
        found = cell(live, goal)
        if not found.changes and found.severity is None:
            return goal
    return None


def _stuck(row: ObservedMirror) -> Omission:
    status = row.status or "without a status"
    later = {
        MirrorStatus.FAILED.value: "no state leaves it as it is; decide what becomes of it and add it",
        MirrorStatus.PENDING_STOPPED.value: "it is being promoted or failed over; `state: released` fits once it has stopped",
    }
    why = later.get(status, "it is on its way to another state; export again when it has settled")
    return Omission(row.address, f"mirror topic, {status}", why)


def _item(context: MirrorContext, row: ObservedMirror, goal: MirrorGoal) -> Plain:
    item: dict[str, Plain] = {"name": row.source_topic}
    if goal is not MirrorGoal.ACTIVE:
        item["state"] = goal.value
    if context.with_origin:
        item["from"] = context.half.remote
    if goal is not MirrorGoal.RELEASED:
        if configs := dict(_own_configs(context, row)):
            item["configs"] = Row(configs)
        factor = _replication_factor(context, row)
        if context.with_replication and factor is not None:
            item["replicationFactor"] = factor
    remark = f"{row.status} when this was exported" if row.status in _ILL else ""
    short = row.source_topic if item.keys() == {"name"} else Row(item)
    return Noted(short, beside=remark) if remark else short


def _own_configs(context: MirrorContext, row: ObservedMirror) -> Iterator[tuple[str, Plain]]:
    """Topic configs that were set on the mirror topic itself, not those that follow the source."""
    configs = (known(context.cluster.topic_configs) or {}).get(row.address.mirror, {})
    followed = _followed(context)
    for name, found in sorted(configs.items()):
        if (
            found.is_default is False
            and name not in followed
            and _writable(found, configs, context)
        ):
            yield name, config_value(found.value or "")


def _followed(context: MirrorContext) -> frozenset[str]:
    """Topic configs that follow the source (cluster-linking reference, section 9). Where the server does not list
    which of the optional ones do, all may.
    """
    listed = context.half.link.config(_SYNC_LIST)
    optional = context.catalogue.optional_topic_configs
    if listed is not None:
        optional &= {name.strip() for name in listed.split(",")}
    return context.catalogue.synced_topic_configs | optional


def _writable(
    found: ObservedConfig, configs: Mapping[str, ObservedConfig], context: MirrorContext
) -> bool:
    secret = is_hidden(found.name, configs, context.catalogue) or looks_sensitive(
        found.name, context.catalogue
    )
    return bool(found.value) and not found.read_only and not secret


def _replication_factor(context: MirrorContext, row: ObservedMirror) -> int | None:
    topic = (known(context.cluster.topics) or {}).get(row.address.mirror)
    return topic.replication_factor if topic else None
