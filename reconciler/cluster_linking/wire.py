"""Rows of the REST API as they travel. Every field but a list's `data` may be missing or null, unknown fields are
ignored, and enum words stay text, because servers differ by version and learn new words
(cluster-linking reference, sections 2.2, 2.7, 3.3 and 13).
"""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import msgspec

from reconciler.cluster_linking.answers import cut_off
from reconciler.cluster_linking.exchange import Exchange
from reconciler.model.diagnostics import Diagnostic
from reconciler.model.errors import UnreadableError

Row = TypeVar("Row")
_BOM = b"\xef\xbb\xbf"


# `gc=False`: rows never form cycles, and a list of 100,000 of them should not be walked again and again.
class Metadata(msgspec.Struct, gc=False):
    """The envelope's links; only `next` matters."""

    next: str | None = None


class Listing(msgspec.Struct, Generic[Row], gc=False):
    """A collection. `data` is the one thing that must be there: without it this is no list, and never an empty one."""

    data: list[Row]
    metadata: Metadata | None = None


class ClusterRow(msgspec.Struct, gc=False):
    """`KafkaCluster`."""

    cluster_id: str | None = None


class ErrorRow(msgspec.Struct, gc=False):
    """An error of a link task or of a mirror's state transition."""

    error_code: str | int | None = None
    error_message: str | None = None


class TaskRow(msgspec.Struct, gc=False):
    """A background task of a link."""

    task_name: str | None = None
    state: str | None = None
    errors: list[ErrorRow] | None = None


class LinkRow(msgspec.Struct, gc=False):
    """`KafkaLinkData`. `topic_names` is left out on purpose: it may be long, and the mirror list says more."""

    link_name: str | None = None
    link_id: str | None = None
    cluster_link_id: str | None = None
    source_cluster_id: str | None = None
    destination_cluster_id: str | None = None
    remote_cluster_id: str | None = None
    link_state: str | None = None
    link_error: str | None = None
    link_error_message: str | None = None
    tasks: list[TaskRow] | None = None


class ConfigRow(msgspec.Struct, gc=False):
    """A config of a link or topic, with both spellings of its flags (cluster-linking reference, section 2.7)."""

    name: str | None = None
    value: str | None = None
    link_name: str | None = None
    topic_name: str | None = None
    source: str | None = None
    is_default: bool | None = None
    default: bool | None = None
    is_read_only: bool | None = None
    read_only: bool | None = None
    is_sensitive: bool | None = None
    sensitive: bool | None = None


class LagRow(msgspec.Struct, gc=False):
    """Lag of one partition; what is missing is unknown, and -1 means that."""

    partition: int = -1
    lag: int | None = None
    last_source_fetch_offset: int | None = None


class MirrorRow(msgspec.Struct, gc=False):
    """`KafkaMirrorData`."""

    link_name: str | None = None
    mirror_topic_name: str | None = None
    source_topic_name: str | None = None
    num_partitions: int | None = None
    mirror_lags: list[LagRow] | None = None
    mirror_status: str | None = None
    mirror_topic_error: str | None = None
    state_time_ms: int | None = None
    mirror_state_transition_errors: list[ErrorRow] | None = None


class TopicRow(msgspec.Struct, gc=False):
    """`KafkaTopic`."""

    topic_name: str | None = None
    partitions_count: int | None = None
    replication_factor: int | None = None
    is_internal: bool | None = None


class GroupRow(msgspec.Struct, gc=False):
    """`KafkaConsumerGroup`."""

    consumer_group_id: str | None = None
    state: str | None = None


class ConsumerRow(msgspec.Struct, gc=False):
    """`KafkaConsumer`: one member of a group."""

    consumer_group_id: str | None = None
    consumer_id: str | None = None


class GroupLagRow(msgspec.Struct, gc=False):
    """`KafkaConsumerLag`: one partition that a group reads."""

    consumer_group_id: str | None = None
    topic_name: str | None = None
    partition_id: int | None = None
    current_offset: int | None = None
    log_end_offset: int | None = None


class VerbRow(msgspec.Struct, gc=False):
    """`AlterMirrorsData`: the word on one mirror topic inside a 200."""

    mirror_topic_name: str | None = None
    error_code: int | None = None
    error_message: str | None = None


def decode(exchange: Exchange, body: bytes, shape: type[Row]) -> Row:
    """Decode an answer that must have a body.

    Raises:
        UnreadableError: it is empty, HTML, cut off, not JSON, or not of this shape.
    """
    text = body.removeprefix(_BOM)
    if not text.strip():
        raise UnreadableError(_empty(exchange))
    try:
        return msgspec.json.decode(text, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        finding = _undecodable(exchange, error)
    raise UnreadableError(finding)


def encode(value: Any) -> bytes:
    """A request body."""
    return msgspec.json.encode(value)


def _empty(exchange: Exchange) -> Diagnostic:
    return exchange.error(
        "empty-answer",
        "the server answered with success and nothing else",
        "check restEndpoint: something between this machine and the cluster answers in its place",
    )


def _undecodable(exchange: Exchange, error: Exception) -> Diagnostic:
    if isinstance(error, msgspec.ValidationError):
        return exchange.error(
            "unexpected-answer",
            f"the answer is JSON, but not what the API promises: {error}",
            "check restEndpoint and the server's version; the field that differs is named",
        )
    if "truncated" in str(error):
        return cut_off(exchange)
    return exchange.error(
        "not-json",
        "the answer is not JSON",
        "check restEndpoint: a proxy or another service may answer there",
    )
