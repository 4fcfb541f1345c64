"""Confluent Cluster Linking: the only room that speaks Kafka REST v3."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from reconciler.cluster_linking.catalogue import CATALOGUE
from reconciler.cluster_linking.codes import CODES

if TYPE_CHECKING:
    from reconciler.cluster_linking.engine import ClusterLinkingEngine

__all__ = ["CATALOGUE", "CODES", "ClusterLinkingEngine"]


def __getattr__(name: str) -> object:
    """Load the engine when it is first asked for: `validate` needs the catalogue alone, and no HTTP client."""
    if name == "ClusterLinkingEngine":
        return import_module("reconciler.cluster_linking.engine").ClusterLinkingEngine
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
