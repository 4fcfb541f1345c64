"""Paths of the REST API below its base URL, each segment percent-encoded (cluster-linking reference, sections 0.1, 2.1, 3.1)."""

from __future__ import annotations

from urllib.parse import quote

ALL = "-"
"""In place of a link or topic name: all of them."""


def clusters() -> str:
    """The list of clusters; on Platform only."""
    return "/clusters"


def links(cluster_id: str, *below: str) -> str:
    """`links` of a cluster, or what the further segments name below it."""
    return _path("clusters", cluster_id, "links", *below)


def topics(cluster_id: str, *below: str) -> str:
    """`topics` of a cluster, or what the further segments name below it."""
    return _path("clusters", cluster_id, "topics", *below)


def groups(cluster_id: str, *below: str) -> str:
    """`consumer-groups` of a cluster, or what the further segments name below it."""
    return _path("clusters", cluster_id, "consumer-groups", *below)


def _path(*segments: str) -> str:
    return "".join(f"/{_encoded(segment)}" for segment in segments)


def _encoded(segment: str) -> str:
    """One segment. The colon of `configs:alter` is literal; a name of dots alone must not climb."""
    if segment in {".", ".."}:
        return segment.replace(".", "%2E")
    return quote(segment, safe=":")
