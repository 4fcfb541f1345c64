"""Clusters as public recordings show them: the same shapes and words, reduced to what a reader decides by.

Nothing here is taken from the sandbox or from the document, so that what servers really send is a third witness.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

Row = Mapping[str, Any]
SET = "DYNAMIC_CLUSTER_LINK_CONFIG"


def listing(*rows: Row, kind: str = "List") -> dict[str, Any]:
    """A collection; real ones say `next` and mean none."""
    return {
        "kind": kind,
        "metadata": {"self": "https://pkc.example/list", "next": None},
        "data": rows,
    }


def config(link: str, name: str, value: str | None, source: str = "DEFAULT_CONFIG") -> Row:
    """A link config as Cloud sent it in 2022.

    Source: confluentinc/terraform-provider-confluent, `internal/testdata/cluster_link/read_created_cluster_link_config.json`:
    `cluster_id` is not the cluster that was asked, secrets and unset values are null.
    """
    return {
        "kind": "KafkaLinkConfigData",
        "metadata": {"self": "https://pkc.example/config"},
        "cluster_id": "lkc-ymq1wk",
        "name": name,
        "value": value,
        "is_read_only": name == "cluster.link.retry.timeout.ms",
        "is_sensitive": name.endswith("jaas.config"),
        "source": source,
        "synonyms": [],
        "link_name": link,
        "is_default": source != SET,
    }


def old_flags(row: Row) -> Row:
    """The same row with the flag names of Platform 7, without a kind, and with null for no synonyms.

    Source: confluentinc/cli, `test/test-server/kafka_rest_router.go` (handleKafkaRestLinkConfigs).
    """
    new = {"is_read_only": "read_only", "is_sensitive": "sensitive", "is_default": "default"}
    renamed = {new.get(name, name): value for name, value in row.items()}
    return {**renamed, "kind": "", "metadata": {"self": ""}, "synonyms": None}


def mirror(
    link: str, name: str, source: str, lags: Iterable[tuple[int, int, int]], **more: Any
) -> Row:
    """A mirror topic with its lags as (partition, lag, last fetched offset), in the order that was sent."""
    rows = [
        {"partition": partition, "lag": lag, "last_source_fetch_offset": fetched}
        for partition, lag, fetched in lags
    ]
    return {
        "kind": "KafkaMirrorData",
        "metadata": {"self": "https://pkc.example/mirror"},
        "link_name": link,
        "mirror_topic_name": name,
        "source_topic_name": source,
        "num_partitions": len(rows),
        "mirror_lags": rows,
        "mirror_status": "ACTIVE",
        "state_time_ms": 1662878304410,
        **more,
    }


@dataclass(slots=True)
class Recording:
    """A cluster that answers GET with what was recorded, and POST with what a test puts in."""

    cluster_id: str
    links: tuple[Row, ...]
    configs: Mapping[str, tuple[Row, ...]]
    mirrors: tuple[Row, ...]
    posts: dict[str, Callable[[], httpx.Response]] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        below = request.url.path.partition(f"/clusters/{self.cluster_id}/")[2]
        if request.method != "GET":
            self.written.append(f"{request.method} {below}")
            return self.posts[below]()
        rows = self._rows(below)
        if rows is not None:
            return httpx.Response(200, json=listing(*rows))
        found = [link for link in self.links if below == f"links/{link['link_name']}"]
        return httpx.Response(200, json=found[0]) if found else httpx.Response(404)

    def _rows(self, below: str) -> Iterable[Row] | None:
        """The rows of a list; None where no list is asked for."""
        match below.split("/"):
            case ["links"]:
                return self.links
            case ["links", name, "configs"]:
                return self.configs[name]
            case ["links", "-", "mirrors"]:
                return self.mirrors
            case ["links", name, "mirrors"]:
                return [row for row in self.mirrors if row["link_name"] == name]
            case ["topics"] | ["consumer-groups"] | ["topics", "-", "configs"]:
                return ()
            case _:
                return None


def _configs_2022(link: str, prefix: str | None = None) -> tuple[Row, ...]:
    return (
        config(link, "acl.filters", ""),
        config(link, "acl.sync.ms", "5100", SET),
        config(link, "bootstrap.servers", "pkc-pgq85.example:9092", SET),
        config(link, "cluster.link.prefix", prefix, SET if prefix else "DEFAULT_CONFIG"),
        config(link, "cluster.link.retry.timeout.ms", "300000"),
        config(link, "connection.mode", "OUTBOUND", SET),
        config(link, "consumer.offset.group.filters", ""),
        config(link, "consumer.offset.sync.enable", "false"),
        config(link, "link.mode", "DESTINATION", SET),
        config(link, "local.sasl.jaas.config", None),
        config(link, "sasl.jaas.config", None, SET),
        config(link, "sasl.mechanism", "PLAIN", SET),
        config(link, "security.protocol", "SASL_SSL", SET),
        config(link, "ssl.cipher.suites", None),
    )


def _link_2022(name: str) -> Row:
    return {
        "kind": "KafkaLinkData",
        "metadata": {"self": f"https://pkc.example/links/{name}"},
        "source_cluster_id": "lkc-nv0zqv",
        "destination_cluster_id": None,
        "link_name": name,
        "link_id": "ab3d070c-457e-433d-81e5-a3c5a5c59025",
        "cluster_link_id": "qz0HDEV-Qz2B5aPFpcWQJQ",
        "topic_names": [],
    }


_UNREAD = tuple((partition, 0, -1) for partition in range(6))


def cloud_2022() -> Recording:
    """Cloud before link states: nothing fetched yet, and a stopped mirror on a link with a prefix.

    Source: confluentinc/terraform-provider-confluent, `internal/testdata/cluster_link/` and `…/kafka_mirror_topic/`.
    """
    return Recording(
        "lkc-81knqq",
        (_link_2022("ui-test"), _link_2022("us-test")),
        {"ui-test": _configs_2022("ui-test"), "us-test": _configs_2022("us-test", "us_")},
        (
            mirror("ui-test", "orders", "orders", _UNREAD),
            mirror("us-test", "us_orders", "orders", _UNREAD, mirror_status="STOPPED"),
        ),
    )


def cloud_2024() -> Recording:
    """Cloud with link states: both id fields on a plain link, "" for no message, lags in any order.

    Source: captured answers in the README of a public disaster recovery manager that drives links and mirrors by REST.
    """
    link = {
        **_link_2022("cl-test-ps"),
        "remote_cluster_id": "lkc-nv0zqv",
        "topic_names": ["part2-topic", "common-topic"],
        "link_error": "NO_ERROR",
        "link_error_message": "",
        "link_state": "ACTIVE",
    }
    fine = {"mirror_topic_error": "NO_ERROR"}
    return Recording(
        "lkc-81knqq",
        (link,),
        {"cl-test-ps": _configs_2022("cl-test-ps")},
        (
            mirror("cl-test-ps", "part2-topic", "part2-topic", [(1, 0, 0), (0, 0, -1)], **fine),
            mirror("cl-test-ps", "common-topic", "common-topic", [(0, 0, 4)], **fine),
        ),
    )


def platform_7() -> Recording:
    """Platform 7: old flag names, AVAILABLE for ACTIVE, and what is left of a source-initiated link.

    Sources: confluentinc/cli, `test/test-server/kafka_rest_router.go` and `test/fixtures/output/kafka/link/`;
    confluentinc/kcp, `internal/services/clusterlink` (rows without a name).
    """
    leftover = {"link_name": "", "link_state": "UNMANAGED_SOURCE", "topic_names": None}
    return Recording(
        "lkc-81knqq",
        (leftover, {**_link_2022("ui-test"), "link_state": "AVAILABLE", "topic_names": None}),
        {"ui-test": tuple(old_flags(row) for row in _configs_2022("ui-test"))},
        (mirror("ui-test", "orders", "orders", _UNREAD),),
    )


def terraform_pair(own: str, other: str) -> Recording:
    """One side of the provider's regular bidirectional example, which says INBOUND of a side that dials as well.

    Source: confluentinc/terraform-provider-confluent, `internal/provider/resource_cluster_link.go` and
    `examples/configurations/regular-bidirectional-cluster-link-rbac/main.tf`.
    """
    link = {**_link_2022("pair"), "source_cluster_id": None, "remote_cluster_id": other}
    configs = (
        config("pair", "link.mode", "BIDIRECTIONAL", SET),
        config("pair", "connection.mode", "OUTBOUND", SET),
        config("pair", "remote.link.connection.mode", "INBOUND", SET),
        config("pair", "bootstrap.servers", f"SASL_SSL://{other}.example:9092", SET),
        config("pair", "security.protocol", "SASL_SSL", SET),
        config("pair", "sasl.mechanism", "PLAIN", SET),
        config("pair", "sasl.jaas.config", None, SET),
        config("pair", "local.sasl.jaas.config", None, SET),
    )
    topic = f"from-{other}"
    return Recording(own, (link,), {"pair": configs}, (mirror("pair", topic, topic, [(0, 0, 7)]),))


def verb_answer(*items: tuple[str, int | None, str | None]) -> httpx.Response:
    """A verb's answer of 2024: a kind that the document does not name, and none of its newest fields.

    Source: the captures of `cloud_2024`; the refused item is that of confluentinc/cli, `promote-mirror-json.golden`.
    """
    rows = [
        {
            "kind": "AlterMirrorsData",
            "metadata": {"self": f"https://pkc.example/mirrors/{name}"},
            "mirror_topic_name": name,
            "error_code": code,
            "error_message": message,
            "mirror_lags": [{"partition": 0, "lag": 0, "last_source_fetch_offset": -1}],
        }
        for name, code, message in items
    ]
    return httpx.Response(200, json=listing(*rows, kind="KafkaAlterMirrorsDataList"))
