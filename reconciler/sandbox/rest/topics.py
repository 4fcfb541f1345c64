"""`/topics`: topics, their partitions, configs and records (cluster-linking reference, section 1.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.sandbox import topic_admin, topic_configs
from reconciler.sandbox.linking import ConfigChange
from reconciler.sandbox.refusals import Refusal, bad_request, unknown_topic
from reconciler.sandbox.rest.call import Body, collection, empty, ok, resource
from reconciler.sandbox.topics import Topic

if TYPE_CHECKING:
    from reconciler.sandbox.rest.call import Call, Reply


def list_topics(call: Call) -> Reply:
    rows = [_row(call, topic) for _, topic in sorted(call.cluster.topics.items())]
    return ok(collection("KafkaTopicList", call.url("topics"), rows))


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
    return ok(_row(call, topic), 201)


def _imagined(call: Call, request: topic_admin.TopicRequest) -> Topic:
    factor = request.replication_factor or call.cluster.flavour.default_replication_factor
    return Topic(request.name, "", factor, [0] * (request.partitions or 1), call.world.now_ms())


def get_topic(call: Call) -> Reply:
    row = _row(call, _topic(call))
    if call.flag("include_authorized_operations"):
        row["authorized_operations"] = ["READ", "WRITE", "DELETE", "DESCRIBE", "DESCRIBE_CONFIGS"]
    return ok(row)


def patch_topic(call: Call) -> Reply:
    count = call.body().integer("partitions_count")
    if count is None:
        raise bad_request("Missing required creator property 'partitions_count'.")
    return ok(_row(call, topic_admin.grow(call.cluster, call.params["topic"], count)))


def delete_topic(call: Call) -> Reply:
    topic_admin.delete(call.cluster, call.params["topic"])
    return empty()


def list_partitions(call: Call) -> Reply:
    topic = _topic(call)
    rows = [_partition_row(call, topic, at) for at in range(topic.partitions)]
    url = call.url("topics", topic.name, "partitions")
    return ok(collection("KafkaPartitionList", url, rows))


def get_partition(call: Call) -> Reply:
    topic = _topic(call)
    numbers = {str(number): number for number in range(topic.partitions)}
    if call.params["partition"] not in numbers:
        raise unknown_topic()
    return ok(_partition_row(call, topic, numbers[call.params["partition"]]))


def list_configs(call: Call) -> Reply:
    topic = _topic(call)
    rows = [_config_row(call, topic, name) for name in topic_configs.DEFAULTS]
    url = call.url("topics", topic.name, "configs")
    return ok(collection("KafkaTopicConfigList", url, rows))


def list_all_configs(call: Call) -> Reply:
    """The configs of every topic in one answer."""
    rows = [
        _config_row(call, topic, name)
        for _, topic in sorted(call.cluster.topics.items())
        for name in topic_configs.DEFAULTS
    ]
    return ok(collection("KafkaTopicConfigList", call.url("topics", "-", "configs"), rows))


def list_default_configs(call: Call) -> Reply:
    """What a topic of that name would get if it were made with no configs of its own."""
    bare = Topic(call.params["topic"], "", 1, [0], 0)
    rows = [_config_row(call, bare, name) for name in topic_configs.DEFAULTS]
    url = call.url("topics", bare.name, "default-configs")
    return ok(collection("KafkaTopicConfigList", url, rows))


def get_config(call: Call) -> Reply:
    topic, name = _topic(call), call.params["name"]
    if name not in topic_configs.DEFAULTS:
        raise Refusal(404, 404, f"Config {name} cannot be found for TOPIC {topic.name}.")
    return ok(_config_row(call, topic, name))


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


def _row(call: Call, topic: Topic) -> dict[str, object]:
    here = ("topics", topic.name)
    return resource(
        "KafkaTopic",
        call.url(*here),
        cluster_id=call.cluster.cluster_id,
        topic_name=topic.name,
        is_internal=topic.is_internal,
        replication_factor=topic.replication_factor,
        partitions_count=topic.partitions,
        partitions=call.related(*here, "partitions"),
        configs=call.related(*here, "configs"),
        partition_reassignments=call.related(*here, "partitions", "-", "reassignments"),
    )


def _partition_row(call: Call, topic: Topic, partition: int) -> dict[str, object]:
    here = ("topics", topic.name, "partitions", str(partition))
    return resource(
        "KafkaPartition",
        call.url(*here),
        cluster_id=call.cluster.cluster_id,
        topic_name=topic.name,
        partition_id=partition,
        leader=call.related(*here, "replicas", "1"),
        replicas=call.related(*here, "replicas"),
        reassignment=call.related(*here, "reassignment"),
    )


def _config_row(call: Call, topic: Topic, name: str) -> dict[str, object]:
    default = topic_configs.DEFAULTS[name]
    value = topic.configs.get(name)
    synonyms = [{"name": name, "value": default, "source": "DEFAULT_CONFIG"}]
    if value is not None:
        synonyms.insert(0, {"name": name, "value": value, "source": "DYNAMIC_TOPIC_CONFIG"})
    return resource(
        "KafkaTopicConfig",
        call.url("topics", topic.name, "configs", name),
        cluster_id=call.cluster.cluster_id,
        topic_name=topic.name,
        name=name,
        value=default if value is None else value,
        is_default=value is None,
        is_read_only=False,
        is_sensitive=False,
        source="DEFAULT_CONFIG" if value is None else "DYNAMIC_TOPIC_CONFIG",
        synonyms=synonyms,
    )
