"""`/links`: links and their configs (cluster-linking reference, section 2)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from reconciler.sandbox.behaviour import tasks
from reconciler.sandbox.configs import link_configs as keys
from reconciler.sandbox.operations import linking
from reconciler.sandbox.operations.linking import ConfigChange
from reconciler.sandbox.refusals import bad_request, linking_disabled, not_found
from reconciler.sandbox.rest.call import empty, encode, listing, ok, resource
from reconciler.sandbox.rest.topics import config_changes
from reconciler.sandbox.world import links

if TYPE_CHECKING:
    from reconciler.sandbox.configs.config_keys import ConfigKey
    from reconciler.sandbox.rest.call import Call, Reply
    from reconciler.sandbox.world.cluster import Cluster
    from reconciler.sandbox.world.links import Link

_CATEGORIES = {
    "ACTIVE": "ACTIVE",
    "PAUSED": "PAUSED",
    "LINK_PAUSED": "PAUSED",
    "FAILED": "IN_ERROR",
    "LINK_FAILED": "IN_ERROR",
    "SOURCE_UNAVAILABLE": "IN_ERROR",
    "STOPPED": "NOT_APPLICABLE",
}


def list_links(call: Call) -> Reply:
    if not call.cluster.linking_enabled:
        raise linking_disabled()
    rows = [_row(call, link) for link in linking.visible(call.cluster)]
    rows += [_leftover_row(call, *left) for left in sorted(call.cluster.leftovers.items())]
    return listing("KafkaLinkDataList", call.url("links"), map(encode, rows))


def get_link(call: Call) -> Reply:
    link = _link(call)
    row = _row(call, link)
    if call.flag("include_tasks") and call.cluster.flavour.modern_fields:
        found = tasks.of_link(call.cluster, link, call.world.now_ms())
        row["tasks"] = [
            {"task_name": task.name, "state": task.state, "errors": error_rows(task.errors)}
            for task in found
        ]
    return ok(row)


def create_link(call: Call) -> Reply:
    name = call.query.get("link_name")
    if name is None:
        raise bad_request("Missing required query parameter 'link_name'.")
    body = call.body(optional=True)
    request = linking.LinkRequest(
        name=name,
        configs=body.configs(),
        source_cluster_id=body.text("source_cluster_id"),
        destination_cluster_id=body.text("destination_cluster_id"),
        remote_cluster_id=body.text("remote_cluster_id"),
        cluster_link_id=body.text("cluster_link_id"),
        validate_link=call.flag("validate_link", default=True),
    )
    validate_only = call.flag("validate_only")
    linking.create(call.cluster, request, validate_only=validate_only)
    return empty(204 if call.options.strict_codes else 201)


def delete_link(call: Call) -> Reply:
    linking.delete(
        call.cluster,
        call.params["link"],
        force=call.flag("force"),
        validate_only=call.flag("validate_only"),
    )
    return empty(200 if call.options.strict_codes else 204)


def list_configs(call: Call) -> Reply:
    link = _link(call)
    rows = [_config_row(call, link, key) for key in keys.listed(call.cluster.flavour, link.configs)]
    url = call.url("links", link.name, "configs")
    return listing("KafkaLinkConfigDataList", url, map(encode, rows))


def get_config(call: Call) -> Reply:
    link, name, flavour = _link(call), call.params["name"], call.cluster.flavour
    if name not in link.configs and not keys.is_defined(flavour, name):
        raise not_found(f"Config {name} cannot be found for link {link.name}.")
    return ok(_config_row(call, link, keys.find(flavour, name)))


def put_config(call: Call) -> Reply:
    value = call.body().required_text("value")
    return _alter(call, [ConfigChange(call.params["name"], value)])


def delete_config(call: Call) -> Reply:
    return _alter(call, [ConfigChange(call.params["name"], None)])


def alter_configs(call: Call) -> Reply:
    body = call.body()
    validate_only = call.flag("validate_only") or body.boolean("validate_only")
    return _alter(call, config_changes(body), validate_only=validate_only)


def _alter(call: Call, changes: list[ConfigChange], *, validate_only: bool = False) -> Reply:
    link = call.params["link"]
    linking.alter(call.cluster, link, changes, validate_only=validate_only)
    return empty()


def error_rows(errors: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"error_code": code, "error_message": message} for code, message in errors]


def _link(call: Call) -> Link:
    """The link that is asked for."""
    return linking.find(call.cluster, call.params["link"])


def _row(call: Call, link: Link) -> dict[str, object]:
    now = call.world.now_ms()
    row = resource(
        "KafkaLinkData",
        call.url("links", link.name),
        source_cluster_id=link.remote_id if link.mode == "DESTINATION" else None,
        destination_cluster_id=link.remote_id if link.mode == "SOURCE" else None,
        link_name=link.name,
        link_id=links.dashed_id(link.link_id),
        cluster_link_id=link.link_id,
        topic_names=call.cluster.rows.names(link.name),
    )
    if call.cluster.flavour.modern_fields:
        row |= {
            "remote_cluster_id": link.remote_id,
            "link_state": link.state(now),
            "link_error": link.error_at(now),
            "link_error_message": (
                link.error_message if link.error_at(now) != links.NO_ERROR else ""
            ),
            "tasks": None,
            "category_counts": _category_counts(call.cluster, link),
        }
    return row


def _leftover_row(call: Call, link_id: str, remote_id: str) -> dict[str, object]:
    """What a cluster lists for a source-initiated link that was deleted on its side only (section 2.3)."""
    row = resource(
        "KafkaLinkData",
        call.url("links", ""),
        source_cluster_id=None,
        destination_cluster_id=remote_id,
        link_name="",
        link_id=links.dashed_id(link_id),
        cluster_link_id=link_id,
        topic_names=[],
    )
    if call.cluster.flavour.modern_fields:
        row |= {
            "remote_cluster_id": remote_id,
            "link_state": "UNMANAGED_SOURCE",
            "link_error": links.NO_ERROR,
            "link_error_message": "",
        }
    return row


def _category_counts(cluster: Cluster, link: Link) -> list[dict[str, object]]:
    """Mirror partitions by what they are doing (section 2.2)."""
    counts: Counter[str] = Counter()
    for status, partitions in cluster.rows.counts(link.name).items():
        counts[_CATEGORIES.get(status, "PENDING")] += partitions
    return [
        {"state_category": word, "count": count} for word, count in sorted(counts.items()) if count
    ]


def _config_row(call: Call, link: Link, key: ConfigKey) -> dict[str, object]:
    """A config as it is shown; a secret shows that it is set, never what it is (section 5.2)."""
    source = key.reads_as or key.name
    is_set = source in link.configs
    value = link.configs.get(source, key.default)
    read_only = key.reads_as is not None or (
        key.read_only and call.cluster.flavour.read_only_configs
    )
    modern = call.cluster.flavour.modern_flags
    return resource(
        "KafkaLinkConfigData",
        call.url("links", link.name, "configs", key.name),
        cluster_id=call.cluster.cluster_id,
        name=key.name,
        value=None if key.sensitive else value,
        **{
            "is_default" if modern else "default": not is_set,
            "is_read_only" if modern else "read_only": read_only,
            "is_sensitive" if modern else "sensitive": key.sensitive,
        },
        source="DYNAMIC_CLUSTER_LINK_CONFIG" if is_set else "DEFAULT_CONFIG",
        synonyms=[],
        link_name=link.name,
    )
