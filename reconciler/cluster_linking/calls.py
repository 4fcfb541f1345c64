"""The writes of an action, as values: method, path, query and body, with secrets still as templates.

The same calls are sent by the writer and shown by `requests`, so what people read is what a server gets.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from reconciler.cluster_linking import paths
from reconciler.cluster_linking.catalogue import CATALOGUE
from reconciler.cluster_linking.filters import filter_text
from reconciler.model.desired import DesiredHalf
from reconciler.model.filters import FilterKind, FilterSet
from reconciler.model.links import ConnectionMode, LinkMode
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

ConfigValue: TypeAlias = str | Template
Body: TypeAlias = "str | int | Template | Sequence[Body] | Mapping[str, Body] | None"
Filled: TypeAlias = "str | int | list[Filled] | dict[str, Filled] | None"

_REMOTE_ID_FIELD = {
    LinkMode.DESTINATION: "source_cluster_id",
    LinkMode.SOURCE: "destination_cluster_id",
    LinkMode.BIDIRECTIONAL: "remote_cluster_id",
}


@dataclass(frozen=True, slots=True)
class Call:
    """One write. `path` is below the base URL; `body` may hold templates."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Body = None


def calls(cluster_id: str, action: Action) -> tuple[Call, ...]:
    """The requests of an action: one, whatever it holds."""
    match action:
        case CreateLink():
            call = _create_link(cluster_id, action)
        case AlterLink():
            call = _alter_link(cluster_id, action)
        case SetLinkPaused(address, paused):
            # Pausing has no call of its own: it is a config (cluster-linking reference, section 2.1).
            path = paths.links(cluster_id, address.link, "configs", "cluster.link.paused")
            call = Call("PUT", path, body={"value": "true" if paused else "false"})
        case DeleteLink(address):
            call = Call("DELETE", paths.links(cluster_id, address.link))
        case CreateMirror():
            call = _create_mirror(cluster_id, action)
        case AlterMirror(address, set_configs):
            # POST for topics, PUT for links (cluster-linking reference, section 13, row 3).
            path = paths.topics(cluster_id, address.mirror, "configs:alter")
            call = Call("POST", path, body={"data": _sets(set_configs)})
        case ChangeMirrors(link, verb, mirrors):
            path = paths.links(cluster_id, link.link, f"mirrors:{verb}")
            call = Call("POST", path, body={"mirror_topic_names": list(mirrors)})
        case DeleteTopic(address):
            call = Call("DELETE", paths.topics(cluster_id, address.mirror))
    return (call,)


def single_calls(cluster_id: str, action: AlterLink) -> tuple[Call, ...]:
    """The same as the batch, one key at a time, for servers without it (cluster-linking reference, section 2.7).

    Not atomic, so the order matters: filters first, switches last. A switch that goes on must find its
    filter; one that goes off clears it on the server. Secrets and resets come before what is set for all to see:
    where a run is cut off, the latter tells the next one that all of it is still to be sent.
    """
    values = altered_configs(action)
    early = {name for name, value in values.items() if isinstance(value, Template)}
    early |= set(action.reset_configs)
    names = sorted({*values, *action.reset_configs}, key=lambda name: (_rank(name, early), name))
    return tuple(_single(cluster_id, action, name, values.get(name)) for name in names)


def altered_configs(action: AlterLink) -> dict[str, ConfigValue]:
    """Every config that the action sets, filters and credentials included, sorted by name."""
    return _joined(action.set_configs, action.credentials, action.filters)


def link_configs(half: DesiredHalf) -> dict[str, ConfigValue]:
    """Every config that a new link is created with, sorted by name (cluster-linking reference, sections 2.5 and 7)."""
    configs = _joined(half.configs, half.credentials, half.filters)
    # A plain destination-initiated link goes without its modes: they are the defaults of every version.
    if (half.link_mode, half.connection_mode) != (LinkMode.DESTINATION, ConnectionMode.OUTBOUND):
        configs["link.mode"] = half.link_mode.value
        configs["connection.mode"] = half.connection_mode.value
    if (
        half.link_mode is LinkMode.BIDIRECTIONAL
        and half.connection_mode is ConnectionMode.OUTBOUND
        and half.remote_connection_mode is ConnectionMode.INBOUND
    ):
        configs["remote.link.connection.mode"] = ConnectionMode.INBOUND.value
    if half.bootstrap_servers is not None:
        configs["bootstrap.servers"] = half.bootstrap_servers
    if half.prefix:
        configs["cluster.link.prefix"] = half.prefix
    return dict(sorted(configs.items()))


def fill(body: Body, value: Callable[[Template], str]) -> Filled:
    """A body with each template replaced by what `value` makes of it: the secret to send, or its reference to show."""
    match body:
        case Template():
            return value(body)
        case str() | int() | None:
            return body
        case Mapping():
            return {key: fill(part, value) for key, part in body.items()}
        case _:
            return [fill(part, value) for part in body]


def _create_link(cluster_id: str, action: CreateLink) -> Call:
    half = action.half
    body: dict[str, Body] = {}
    if action.remote_cluster_id:
        body[_REMOTE_ID_FIELD[half.link_mode]] = action.remote_cluster_id
    # An INBOUND side refuses an expected link id (cluster-linking reference, section 2.5).
    if action.link_id and (half.link_mode, half.connection_mode) == (
        LinkMode.BIDIRECTIONAL,
        ConnectionMode.OUTBOUND,
    ):
        body["cluster_link_id"] = action.link_id
    body["configs"] = _pairs(link_configs(half))
    return Call("POST", paths.links(cluster_id), {"link_name": half.address.link}, body)


def _alter_link(cluster_id: str, action: AlterLink) -> Call:
    resets: list[Body] = [
        {"name": name, "value": None, "operation": "DELETE"}
        for name in sorted(action.reset_configs)
    ]
    path = paths.links(cluster_id, action.address.link, "configs:alter")
    return Call("PUT", path, body={"data": [*_sets(altered_configs(action)), *resets]})


def _create_mirror(cluster_id: str, action: CreateMirror) -> Call:
    body: dict[str, Body] = {"source_topic_name": action.source_topic}
    # Old servers do not know the field (cluster-linking reference, section 3.2).
    if action.address.mirror != action.source_topic:
        body["mirror_topic_name"] = action.address.mirror
    if action.replication_factor is not None:
        body["replication_factor"] = action.replication_factor
    if action.configs:
        body["configs"] = _pairs(action.configs)
    return Call("POST", paths.links(cluster_id, action.address.link, "mirrors"), body=body)


def _single(cluster_id: str, action: AlterLink, name: str, value: ConfigValue | None) -> Call:
    path = paths.links(cluster_id, action.address.link, "configs", name)
    if value is None:
        return Call("DELETE", path)
    return Call("PUT", path, body={"value": value})


def _rank(name: str, early: Collection[str]) -> int:
    families = CATALOGUE.families.values()
    if any(name == family.config for family in families):
        return 0
    if any(name == family.switch for family in families):
        return 3
    return 1 if name in early else 2


def _joined(
    configs: Mapping[str, str],
    credentials: Mapping[str, Template],
    filters: Mapping[FilterKind, FilterSet],
) -> dict[str, ConfigValue]:
    joined: dict[str, ConfigValue] = dict(configs)
    joined |= {name: _open_or_secret(name, value) for name, value in credentials.items()}
    joined |= {CATALOGUE.families[k].config: filter_text(k, rows) for k, rows in filters.items()}
    return dict(sorted(joined.items()))


def _open_or_secret(name: str, template: Template) -> ConfigValue:
    """Text where there is nothing to hide: no reference, and a config that servers show."""
    text = "".join(part for part in template.parts if isinstance(part, str))
    is_open = len(template.parts) == sum(isinstance(part, str) for part in template.parts)
    known = CATALOGUE.get(name)
    return text if is_open and known is not None and not known.sensitive else template


def _pairs(configs: Mapping[str, ConfigValue]) -> list[Body]:
    return [{"name": name, "value": value} for name, value in sorted(configs.items())]


def _sets(configs: Mapping[str, ConfigValue]) -> list[Body]:
    return [
        {"name": name, "value": value, "operation": "SET"}
        for name, value in sorted(configs.items())
    ]
