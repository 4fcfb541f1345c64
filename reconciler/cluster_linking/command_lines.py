"""The vendor's command lines that do what an action does, ready to paste; secrets as their references.

Two families, because neither covers both platforms: `confluent kafka mirror …` works on Cloud only and
`confluent kafka link create` refuses destination mode on Platform (cluster-linking reference, sections 7 and
11), while Platform ships `kafka-cluster-links`, `kafka-mirrors` and `kafka-configs`.
"""

from __future__ import annotations

from reconciler.cluster_linking import confluent_cli, kafka_tools
from reconciler.model.clusters import Cluster
from reconciler.model.steps import Action

_CLOUD_ID = "lkc-"


def command_lines(cluster: Cluster, cluster_id: str | None, action: Action) -> tuple[str, ...]:
    """The lines for the platform that the cluster runs on, told by the form of its id."""
    if cluster_id is not None and cluster_id.startswith(_CLOUD_ID):
        return confluent_cli.lines(cluster_id, action)
    return kafka_tools.lines(cluster.bootstrap_servers or f"<bootstrap of {cluster.name}>", action)
