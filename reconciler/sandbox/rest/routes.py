"""Every path that the sandbox answers, below `/kafka/v3` and `/v3`."""

from __future__ import annotations

from reconciler.sandbox.rest import clusters, groups, links, mirrors, partitions, records, topics
from reconciler.sandbox.rest.router import Route

_CLUSTER = "clusters/{cluster}"
_TOPIC = f"{_CLUSTER}/topics/{{topic}}"
_PARTITION = f"{_TOPIC}/partitions/{{partition}}"
_GROUP = f"{_CLUSTER}/consumer-groups/{{group}}"
_LINK = f"{_CLUSTER}/links/{{link}}"

ROUTES = [
    Route("GET", "clusters", clusters.list_clusters),
    Route("GET", _CLUSTER, clusters.get_cluster),
    Route("GET", f"{_CLUSTER}/topics", topics.list_topics),
    Route("POST", f"{_CLUSTER}/topics", topics.create_topic),
    Route("GET", f"{_CLUSTER}/topics/-/configs", topics.list_all_configs),
    Route("GET", _TOPIC, topics.get_topic),
    Route("PATCH", _TOPIC, topics.patch_topic),
    Route("DELETE", _TOPIC, topics.delete_topic),
    Route("GET", f"{_CLUSTER}/topics/-/partitions/-/replica-status", partitions.list_statuses),
    Route("GET", f"{_TOPIC}/partitions", partitions.list_partitions),
    Route("GET", f"{_TOPIC}/partitions/-/replica-status", partitions.list_statuses),
    Route("GET", _PARTITION, partitions.get_partition),
    Route("GET", f"{_PARTITION}/offset", partitions.get_offset),
    Route("GET", f"{_PARTITION}/replicas", partitions.list_replicas),
    Route("GET", f"{_PARTITION}/replicas/{{broker}}", partitions.get_replica),
    Route("GET", f"{_PARTITION}/replica-status", partitions.list_statuses),
    Route("GET", f"{_TOPIC}/configs", topics.list_configs),
    Route("GET", f"{_TOPIC}/default-configs", topics.list_default_configs),
    Route("POST", f"{_TOPIC}/configs:alter", topics.alter_configs),
    Route("GET", f"{_TOPIC}/configs/{{name}}", topics.get_config),
    Route("PUT", f"{_TOPIC}/configs/{{name}}", topics.put_config),
    Route("DELETE", f"{_TOPIC}/configs/{{name}}", topics.delete_config),
    Route("POST", f"{_TOPIC}/records", records.produce),
    Route("GET", f"{_CLUSTER}/consumer-groups", groups.list_groups),
    Route("GET", _GROUP, groups.get_group),
    Route("GET", f"{_GROUP}/consumers", groups.list_consumers),
    Route("GET", f"{_GROUP}/consumers/{{consumer}}", groups.get_consumer),
    Route("GET", f"{_GROUP}/lag-summary", groups.lag_summary),
    Route("GET", f"{_GROUP}/lags", groups.list_lags),
    Route("GET", f"{_GROUP}/lags/{{topic}}/partitions/{{partition}}", groups.get_lag),
    Route("GET", f"{_CLUSTER}/links", links.list_links),
    Route("POST", f"{_CLUSTER}/links", links.create_link),
    Route("GET", f"{_CLUSTER}/links/-/mirrors", mirrors.list_all_mirrors),
    Route("GET", _LINK, links.get_link),
    Route("DELETE", _LINK, links.delete_link),
    Route("GET", f"{_LINK}/configs", links.list_configs),
    Route("PUT", f"{_LINK}/configs:alter", links.alter_configs),
    Route("GET", f"{_LINK}/configs/{{name}}", links.get_config),
    Route("PUT", f"{_LINK}/configs/{{name}}", links.put_config),
    Route("DELETE", f"{_LINK}/configs/{{name}}", links.delete_config),
    Route("GET", f"{_LINK}/mirrors", mirrors.list_mirrors),
    Route("POST", f"{_LINK}/mirrors", mirrors.create_mirror),
    Route("GET", f"{_LINK}/mirrors/{{mirror}}", mirrors.get_mirror),
    *(
        Route("POST", f"{_LINK}/mirrors:{segment}", mirrors.action(segment))
        for segment in mirrors.VERBS
    ),
]
