"""The background tasks of a link, as `include_tasks=true` shows them (cluster-linking reference, section 2.4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reconciler.sandbox.behaviour import offset_sync
from reconciler.sandbox.configs import link_configs as keys

if TYPE_CHECKING:
    from reconciler.sandbox.world.cluster import Cluster
    from reconciler.sandbox.world.links import Link


@dataclass(frozen=True, slots=True)
class Task:
    """A task's name, its state, and what is wrong as (code, message)."""

    name: str
    state: str
    errors: list[tuple[str, str]]


def of_link(cluster: Cluster, link: Link, at_ms: int) -> list[Task]:
    """All four tasks of a link at an instant."""
    offset_sync.catch_up(cluster.world, at_ms)
    in_use = [
        (
            "CONSUMER_GROUP_IN_USE_ERROR",
            (
                f"Consumer group '{group}' is active on cluster {cluster.cluster_id}; "
                "its offsets were not written."
            ),
        )
        for group in link.groups_in_use
    ]
    taken = [
        ("TOPIC_EXISTS_ERROR", f"Topic '{name}' already exists and is not a mirror of this link.")
        for name in link.names_taken
    ]
    hidden = [
        ("AUTHORIZATION_ERROR", f"The link may not describe topic '{name}' of its source.")
        for name in link.names_hidden
    ]
    refused = [("INVALID_TOPIC", message) for message in link.names_refused]
    return [
        _task(link, "ConsumerOffsetSync", keys.OFFSET_SYNC, in_use, at_ms),
        _task(link, "AutoCreateMirror", keys.AUTO_CREATE, taken + hidden + refused, at_ms),
        _task(link, "AclSync", keys.ACL_SYNC, [], at_ms),
        _task(link, "TopicConfigsSync", None, [], at_ms),
    ]


def _task(
    link: Link, name: str, switch: str | None, errors: list[tuple[str, str]], at_ms: int
) -> Task:
    if not link.hosts_mirrors or (switch is not None and not keys.is_on(link.configs, switch)):
        return Task(name, "NOT_CONFIGURED", [])
    if switch is not None and keys.unfiltered(link.configs, switch):
        errors = [("MISCONFIGURATION_ERROR", keys.missing_filter(switch))]
    state = link.state(at_ms)
    if state in {"PAUSED", "FAILED", "UNAVAILABLE"}:
        return Task(name, f"LINK_{state}", [])
    return Task(name, "IN_ERROR" if errors else "ACTIVE", errors)
