"""linkctl: plan and apply for Kafka Cluster Linking."""

from reconciler.version import __version__

__all__ = ["__version__"]
