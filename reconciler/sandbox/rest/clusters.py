"""`/clusters`: each server knows one cluster (cluster-linking reference, section 1.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.sandbox.refusals import not_found
from reconciler.sandbox.rest.call import encode, listing, ok, resource

if TYPE_CHECKING:
    from reconciler.sandbox.rest.call import Call, Reply


def list_clusters(call: Call) -> Reply:
    if not call.cluster.flavour.lists_clusters:
        raise not_found()
    return listing("KafkaClusterList", f"{call.base}/clusters", [encode(_row(call))])


def get_cluster(call: Call) -> Reply:
    return ok(_row(call))


def _row(call: Call) -> dict[str, object]:
    return resource(
        "KafkaCluster",
        call.url(),
        cluster_id=call.cluster.cluster_id,
        controller=call.related("brokers", "1"),
        acls=call.related("acls"),
        brokers=call.related("brokers"),
        broker_configs=call.related("broker-configs"),
        consumer_groups=call.related("consumer-groups"),
        topics=call.related("topics"),
        partition_reassignments=call.related("topics", "-", "partitions", "-", "reassignment"),
    )
