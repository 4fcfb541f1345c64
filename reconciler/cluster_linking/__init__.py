"""Confluent Cluster Linking: the only room that speaks Kafka REST v3."""

from reconciler.cluster_linking.catalogue import CATALOGUE
from reconciler.cluster_linking.codes import CODES
from reconciler.cluster_linking.engine import ClusterLinkingEngine

__all__ = ["CATALOGUE", "CODES", "ClusterLinkingEngine"]
