"""One request as diagnostics name it: the cluster and the URL, and never more of the URL than is harmless."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from reconciler.model.diagnostics import Diagnostic, Severity

# `-` stands for all of them (cluster-linking reference, sections 1.2 and 3.1).
_OBJECT = re.compile(r"/clusters/[^/]+/(?:links|topics|consumer-groups)/(?!-(?:/|$))[^/]+")


@dataclass(frozen=True, slots=True)
class Service:
    """What a request goes to, as cures name it: where its URL is written, what it is, and how it gets a certificate."""

    setting: str
    name: str
    certificate: str


REST_API = Service(
    "restEndpoint",
    "the REST API of the cluster",
    "give tls.certFile and tls.keyFile for this cluster",
)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request that is under way. `url` carries no user information and no query."""

    cluster: str
    method: str
    url: str
    writes: bool = False
    """Whether it asks the cluster to change something. Asking for an access token does not."""
    service: Service = REST_API

    @classmethod
    def of(cls, cluster: str, method: str, url: str) -> Exchange:
        """A request to a cluster; everything that could be a secret is cut from the URL."""
        return cls(cluster, method, harmless(url), writes=method != "GET")

    @property
    def host(self) -> str:
        """Host and port as the URL states them; a reference that stands for a URL stands for its host as well."""
        return urlsplit(self.url).netloc or self.url

    @property
    def lists(self) -> bool:
        """Whether it reads a list that belongs to no one object, and that therefore is there, however empty."""
        return not self.writes and not _OBJECT.search(urlsplit(self.url).path)

    @property
    def doubt(self) -> str:
        """The end of a sentence on an answer that is missing: only a write leaves anything in doubt."""
        return "; what was asked for may take effect all the same" if self.writes else ""

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
