"""Who may call a cluster: nobody in particular, a user with a password, or the bearer of a token (cluster-linking reference, section 0.3)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass

from reconciler.sandbox.refusals import unauthenticated


@dataclass(frozen=True, slots=True)
class Auth:
    """What a caller must present. Only a digest is kept, so that a snapshot gives nothing away."""

    scheme: str
    digest: str

    @classmethod
    def basic(cls, username: str, password: str) -> Auth:
        return cls("basic", _digest(f"{username}:{password}"))

    @classmethod
    def bearer(cls, token: str) -> Auth:
        return cls("bearer", _digest(token))

    def check(self, header: str | None) -> None:
        """Compare an `Authorization` header. Raises Refusal (401/40101)."""
        scheme, _, presented = (header or "").partition(" ")
        secret = _decoded(presented) if self.scheme == "basic" else presented.strip()
        matches = hmac.compare_digest(_digest(secret), self.digest)
        if scheme.lower() != self.scheme or not matches:
            raise unauthenticated(self.scheme)


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except ValueError:
        return ""


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
