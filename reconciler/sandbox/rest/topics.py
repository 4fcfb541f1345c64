"""`/topics`: topics and their configs (cluster-linking reference, section 1.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reconciler.sandbox.configs import topic_configs
from reconciler.sandbox.operations import topic_admin
from reconciler.sandbox.operations.linking import ConfigChange
from reconciler.sandbox.refusals import Refusal, bad_request
from reconciler.sandbox.rest.call import Body, Reply, empty, encode, listing, ok, resource
from reconciler.sandbox.rest.config_rows import ConfigRows
from reconciler.sandbox.world.topics import is_internal

if TYPE_CHECKING:
    from reconciler.sandbox.rest.call import Call
    from reconciler.sandbox.world.topics import Topic


def list_topics(call: Call) -> Reply:
    faces = [_Face.of(topic) for _, topic in sorted(call.cluster.topics.items())]
    rows = (encode(_row(call, face)) for face in faces)
    return listing("KafkaTopicList", call.url("topics"), rows)


def create_topic(call: Call) -> Reply:
    body = call.body()
    request = topic_admin.TopicRequest(
        name=body.required_text("topic_name"),
        partitions=body.integer("partitions_count"),
        replication_factor=body.integer("replication_factor"),
        configs=body.configs(),
    )
    validate_only = body.boolean("validate_only")
    topic = topic_admin.create(call.cluster, request, validate_only=validate_only)
    if topic is None:
        return ok(_row(call, _imagined(call, request)), 200)
    return ok(_row(call, _Face.of(topic)), 201)


def _imagined(call: Call, request: topic_admin.TopicRequest) -> _Face:
    factor = request.replication_factor or call.cluster.flavour.default_replication_factor
    return _Face(request.name, factor, request.partitions or 1)


def get_topic(call: Call) -> Reply:
    row = _row(call, _Face.of(_topic(call)))
    if call.flag("include_authorized_operations"):
        row["authorized_operations"] = ["READ", "WRITE", "DELETE", "DESCRIBE", "DESCRIBE_CONFIGS"]
    return ok(row)


def patch_topic(call: Call) -> Reply:
    count = call.body().integer("partitions_count")
    if count is None:
        raise bad_request("Missing required creator property 'partitions_count'.")
    grown = topic_admin.grow(call.cluster, call.params["topic"], count)
    return ok(_row(call, _Face.of(grown)))


def delete_topic(call: Call) -> Reply:
    topic_admin.delete(call.cluster, call.params["topic"])
    return empty()


def list_configs(call: Call) -> Reply:
    topic = _topic(call)
    url = call.url("topics", topic.name, "configs")
    return listing("KafkaTopicConfigList", url, [ConfigRows(call).of(topic.name, topic.configs)])


def list_all_configs(call: Call) -> Reply:
    """The configs of every topic in one answer."""
    rows = ConfigRows(call)
    # A topic gets a new mapping when its configs change, so these stay as they are now.
    found = [(name, topic.configs) for name, topic in sorted(call.cluster.topics.items())]
    url = call.url("topics", "-", "configs")
    return listing("KafkaTopicConfigList", url, (rows.of(name, own) for name, own in found))


def list_default_configs(call: Call) -> Reply:
    """What a topic of that name would get if it were made with no configs of its own."""
    name = call.params["topic"]
    url = call.url("topics", name, "default-configs")
    return listing("KafkaTopicConfigList", url, [ConfigRows(call).of(name, {})])


def get_config(call: Call) -> Reply:
    topic, name = _topic(call), call.params["name"]
    if name not in topic_configs.DEFAULTS:
        raise Refusal(404, 404, f"Config {name} cannot be found for TOPIC {topic.name}.")
    return Reply(200, ConfigRows(call).of(topic.name, topic.configs, [name]))


def put_config(call: Call) -> Reply:
    return _alter(call, [ConfigChange(call.params["name"], call.body().text("value"))])


def delete_config(call: Call) -> Reply:
    return _alter(call, [ConfigChange(call.params["name"], None)])


def alter_configs(call: Call) -> Reply:
    body = call.body()
    return _alter(call, config_changes(body), validate_only=body.boolean("validate_only"))


def _alter(call: Call, changes: list[ConfigChange], *, validate_only: bool = False) -> Reply:
    topic = call.params["topic"]
    topic_admin.alter(call.cluster, topic, changes, validate_only=validate_only)
    return empty()


def config_changes(body: Body) -> list[ConfigChange]:
    """The entries of a batch; a missing operation means SET (section 2.7)."""
    return [_config_change(row) for row in body.objects("data", required=True)]


def _config_change(row: Body) -> ConfigChange:
    name, operation = row.required_text("name"), (row.text("operation") or "SET").upper()
    if operation == "DELETE":
        return ConfigChange(name, None)
    if operation != "SET":
        raise bad_request(f"Cannot deserialize value of 'operation': '{operation}' is unknown.")
    value = row.text("value")
    if value is None:
        raise bad_request(f"A value is needed to set configuration '{name}'.")
    return ConfigChange(name, value)


def _topic(call: Call) -> Topic:
    return topic_admin.find(call.cluster, call.params["topic"])


@dataclass(frozen=True, slots=True)
class _Face:
    """What a row shows of a topic at one moment."""

    name: str
    replication_factor: int
    partitions: int

    @classmethod
    def of(cls, topic: Topic) -> _Face:
        return cls(topic.name, topic.replication_factor, topic.partitions)


def _row(call: Call, topic: _Face) -> dict[str, object]:
    here = ("topics", topic.name)
    return resource(
        "KafkaTopic",
        call.url(*here),
        cluster_id=call.cluster.cluster_id,
        topic_name=topic.name,
        is_internal=is_internal(topic.name),
        replication_factor=topic.replication_factor,
        partitions_count=topic.partitions,
        partitions=call.related(*here, "partitions"),
        configs=call.related(*here, "configs"),
        partition_reassignments=call.related(*here, "partitions", "-", "reassignments"),
    )
