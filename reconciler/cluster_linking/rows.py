"""Rows of the wire as the model's values: names checked, both spellings of flags joined, health judged."""

from __future__ import annotations

import base64
import sys
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace

from reconciler.cluster_linking import wire
from reconciler.cluster_linking.catalogue import CATALOGUE
from reconciler.cluster_linking.health import link_health, mirror_health
from reconciler.cluster_linking.refusals import Scrub, plain
from reconciler.model.address import LinkAddress, MirrorAddress
from reconciler.model.mirrors import MirrorStatus, PartitionLag
from reconciler.model.observed import (
    GroupOffset,
    LinkTask,
    ObservedConfig,
    ObservedGroup,
    ObservedLink,
    ObservedMirror,
    ObservedTopic,
    TaskError,
)

_UNKNOWN_LAG = -1


def observed_links(
    cluster: str, own_id: str, rows: Iterable[wire.LinkRow], scrub: Scrub
) -> dict[str, ObservedLink]:
    """Links by name. Rows without a name are leftovers of deleted pairs (cluster-linking reference, section 2.3)."""
    return {
        row.link_name: observed_link(LinkAddress(cluster, row.link_name), own_id, row, scrub)
        for row in rows
        if row.link_name
    }


def observed_link(
    address: LinkAddress, own_id: str, row: wire.LinkRow, scrub: Scrub
) -> ObservedLink:
    """One link, with its tasks where the server offers them."""
    message = plain(row.link_error_message, scrub) or None
    tasks = None if row.tasks is None else _tasks(row.tasks, scrub)
    return ObservedLink(
        address,
        link_id=row.cluster_link_id or _short_id(row.link_id),
        remote_cluster_id=_remote_id(own_id, row),
        state=row.link_state,
        error=row.link_error,
        error_message=message,
        tasks=tasks,
        health=link_health(row.link_error, message, tasks or ()),
    )


def observed_configs(rows: Iterable[wire.ConfigRow]) -> dict[str, ObservedConfig]:
    """Configs by name, sorted."""
    configs = (_config(row.name, row) for row in rows if row.name)
    return {config.name: config for config in sorted(configs, key=lambda config: config.name)}


OWN_SOURCES = frozenset({None, "", "DYNAMIC_TOPIC_CONFIG"})
"""Sources that say, or do not deny, that somebody set a config on the topic itself (reference, section 1.2)."""


def observed_topic_configs(
    rows: Iterable[wire.ConfigRow],
) -> dict[str, Mapping[str, ObservedConfig]]:
    """Topic configs by topic and name.

    What a broker sets for all its topics is no setting of the topic's own, although servers call only their
    built-in values defaults.
    """
    by_topic: dict[str, dict[str, ObservedConfig]] = {}
    for row in rows:
        if row.topic_name and row.name:
            config = _config(row.name, row)
            if row.source not in OWN_SOURCES:
                config = replace(config, is_default=True)
            by_topic.setdefault(row.topic_name, {})[row.name] = config
    return dict(by_topic)


def observed_mirrors(
    cluster: str, rows: Iterable[wire.MirrorRow], scrub: Scrub
) -> dict[str, ObservedMirror]:
    """Mirror topics by mirror name; rows that name no link or no mirror cannot be addressed and are dropped.

    One name under two links means that it was stopped on one and mirrored again on the other: the live row counts.
    """
    mirrors: dict[str, ObservedMirror] = {}
    for row in rows:
        if not row.link_name or not row.mirror_topic_name:
            continue
        address = MirrorAddress(cluster, sys.intern(row.link_name), row.mirror_topic_name)
        mirror = observed_mirror(address, row, scrub)
        other = mirrors.get(address.mirror)
        if other is None or _precedence(mirror) < _precedence(other):
            mirrors[address.mirror] = mirror
    return mirrors


def observed_mirror(address: MirrorAddress, row: wire.MirrorRow, scrub: Scrub) -> ObservedMirror:
    """One mirror topic. Without a source name it is taken to be called as on the source."""
    errors = row.mirror_state_transition_errors
    found = None if errors is None else _errors(errors, scrub)
    source = row.source_topic_name
    return ObservedMirror(
        address,
        # Most mirrors are called as their source: one text for both halves the memory of a long list.
        source_topic=address.mirror if not source or source == address.mirror else source,
        status=_interned(row.mirror_status),
        error=_interned(row.mirror_topic_error),
        partitions=row.num_partitions,
        lags=None if row.mirror_lags is None else _lags(row.mirror_lags),
        since_ms=row.state_time_ms,
        transition_errors=found,
        health=mirror_health(row.mirror_status, row.mirror_topic_error, found or ()),
    )


def observed_topics(rows: Iterable[wire.TopicRow]) -> dict[str, ObservedTopic]:
    """Topics by name."""
    return {
        row.topic_name: ObservedTopic(
            row.topic_name,
            partitions=row.partitions_count,
            replication_factor=row.replication_factor,
            internal=bool(row.is_internal),
        )
        for row in rows
        if row.topic_name
    }


def observed_groups(rows: Iterable[wire.GroupRow]) -> dict[str, ObservedGroup]:
    """Consumer groups by name."""
    return {
        row.consumer_group_id: ObservedGroup(row.consumer_group_id, row.state)
        for row in rows
        if row.consumer_group_id
    }


def group_offsets(group: str, rows: Iterable[wire.GroupLagRow]) -> tuple[GroupOffset, ...]:
    """Where a group stands, sorted; rows of other groups and rows without a place are dropped."""
    return tuple(
        sorted(
            GroupOffset(row.topic_name, row.partition_id, row.current_offset, row.log_end_offset)
            for row in rows
            if row.consumer_group_id in {None, "", group}
            and row.topic_name
            and row.partition_id is not None
            and row.current_offset is not None
            and row.log_end_offset is not None
        )
    )


def _config(name: str, row: wire.ConfigRow) -> ObservedConfig:
    sensitive = _either(row.is_sensitive, row.sensitive) or CATALOGUE.is_sensitive(name)
    is_default = _either(row.is_default, row.default)
    if is_default is None and row.source:
        is_default = row.source == "DEFAULT_CONFIG"
    return ObservedConfig(
        sys.intern(name),
        # A server that shows a secret is not followed in that.
        value=None if sensitive else row.value,
        is_default=is_default,
        read_only=bool(_either(row.is_read_only, row.read_only)),
        sensitive=sensitive,
    )


def _either(new: bool | None, old: bool | None) -> bool | None:  # noqa: FBT001 - two spellings of one flag
    return old if new is None else new


def _tasks(rows: Iterable[wire.TaskRow], scrub: Scrub) -> tuple[LinkTask, ...]:
    tasks = (
        LinkTask(row.task_name, row.state or "", _errors(row.errors or (), scrub))
        for row in rows
        if row.task_name
    )
    return tuple(sorted(tasks, key=lambda task: task.name))


def _errors(rows: Iterable[wire.ErrorRow], scrub: Scrub) -> tuple[TaskError, ...]:
    errors = (TaskError(str(r.error_code or ""), plain(r.error_message, scrub)) for r in rows)
    return tuple(sorted(errors, key=lambda error: (error.code, error.message)))


def _lags(rows: Iterable[wire.LagRow]) -> tuple[PartitionLag, ...]:
    lags = [
        PartitionLag(
            row.partition,
            _UNKNOWN_LAG if row.lag is None else row.lag,
            -1 if row.last_source_fetch_offset is None else row.last_source_fetch_offset,
        )
        for row in rows
    ]
    lags.sort(key=lambda lag: lag.partition)
    return tuple(lags)


def _precedence(mirror: ObservedMirror) -> tuple[bool, str]:
    return mirror.status == MirrorStatus.STOPPED, mirror.address.link


def _interned(word: str | None) -> str | None:
    return None if word is None else sys.intern(word)


def _remote_id(own_id: str, row: wire.LinkRow) -> str | None:
    """The other side's id: which of the three fields holds it depends on the mode of the link."""
    ids = (row.source_cluster_id, row.remote_cluster_id, row.destination_cluster_id)
    return next((found for found in ids if found and found != own_id), None)


def _short_id(dashed: str | None) -> str | None:
    """The deprecated UUID form of a link id in today's 22 characters (cluster-linking reference, section 2.2)."""
    try:
        raw = uuid.UUID(dashed or "").bytes
    except ValueError:
        return dashed or None
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
