"""Confluent Cluster Linking: the only room that speaks Kafka REST v3."""

from reconciler.cluster_linking.catalogue import CATALOGUE

__all__ = ["CATALOGUE"]
