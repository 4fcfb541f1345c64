"""One request as diagnostics name it: the cluster and the URL, and never more of the URL than is harmless."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from reconciler.model.diagnostics import Diagnostic, Severity


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request that is under way. `url` carries no user information and no query."""

    cluster: str
    method: str
    url: str

    @classmethod
    def of(cls, cluster: str, method: str, url: str) -> Exchange:
        """Cut everything from the URL that could be a secret."""
        return cls(cluster, method, harmless(url))

    @property
    def host(self) -> str:
        """Host and port as the URL states them."""
        return urlsplit(self.url).netloc

    def error(self, code: str, message: str, cure: str) -> Diagnostic:
        """A finding about this request."""
        return Diagnostic(
            code=code,
            severity=Severity.ERROR,
            message=message,
            cure=cure,
            subject=f"{self.cluster} ({self.method} {self.url})",
        )


def harmless(url: str) -> str:
    """A URL without user information, query and fragment."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "(not a URL)"
    netloc = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=netloc, query="", fragment="").geturl()
