"""Identities in Kafka's spelling."""

from __future__ import annotations

import base64
import hashlib


def uuid_from(text: str) -> str:
    """A UUID of 22 characters of base64url, the same for the same text."""
    digest = hashlib.sha256(text.encode()).digest()[:16]
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
