"""Identities in Kafka's spelling."""

from __future__ import annotations

import base64
import hashlib


def uuid_from(text: str) -> str:
    """A UUID of 22 characters of base64url, the same for the same text."""
    digest = hashlib.sha256(text.encode()).digest()[:16]
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def cluster_id_from(name: str, prefix: str | None) -> str:
    """The id of a cluster, the same for the same name: a UUID, or a prefix and six letters or digits as on Cloud (section 1.1)."""
    if prefix is None:
        return uuid_from(f"cluster/{name}")
    digest = hashlib.sha256(f"cluster/{name}".encode()).digest()
    return prefix + base64.b32encode(digest).decode().lower()[:6]
