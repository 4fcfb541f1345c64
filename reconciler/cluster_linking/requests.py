"""The requests of an action as people read them: real URLs and bodies, secrets as their references."""

from __future__ import annotations

from urllib.parse import urlencode

import msgspec

from reconciler.cluster_linking.calls import Call, calls, fill
from reconciler.cluster_linking.exchange import harmless
from reconciler.model.clusters import Cluster
from reconciler.model.engine import Request
from reconciler.model.steps import Action

UNKNOWN_ID = "{cluster_id}"
"""Stands in a URL for a cluster id that nobody has given or read yet."""


def shown_requests(cluster: Cluster, cluster_id: str | None, action: Action) -> tuple[Request, ...]:
    """The requests that would be sent; the base URL goes without user information."""
    base = harmless(cluster.rest.url).rstrip("/") if cluster.rest else f"<{cluster.name}>"
    return tuple(_shown(base, call, cluster_id) for call in calls(cluster_id or UNKNOWN_ID, action))


def _shown(base: str, call: Call, cluster_id: str | None) -> Request:
    path = call.path if cluster_id else call.path.replace("%7Bcluster_id%7D", UNKNOWN_ID, 1)
    query = f"?{urlencode(call.query)}" if call.query else ""
    filled = fill(call.body, str)
    body = "" if filled is None else msgspec.json.encode(filled).decode()
    return Request(call.method, f"{base}{path}{query}", body)
