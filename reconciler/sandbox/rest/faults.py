"""What can go wrong on the way: which requests are hit, by what, and how often.

A fault is a value; how a server carries it out is the business of `rest.faulty`. Chance is a function of the seed and
of how many requests have come by, so that the same run meets the same faults.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: Kinds that answer in place of the handler, or spoil what it answered.
KINDS = (
    "latency",  # wait before anything happens
    "throttle",  # 429 in HTML, or in JSON, with Retry-After
    "error",  # a status and code, before or after the effect
    "lostAnswer",  # the connection closes, before or after the effect
    "reset",  # the same, the hard way
    "hang",  # no answer at all
    "slowBody",  # the answer drips
    "truncatedBody",  # the connection closes in the middle of the answer
    "contentType",  # the right body under the wrong name
    "html",  # a page of some proxy, with a 200
    "empty",  # a 200 without a body
    "redirect",  # a 302 to somewhere else
    "gzip",  # the body is compressed and nobody says so
    "replace",  # a word of the body is another one
)


@dataclass(slots=True)
class Fault:
    """One rule. While it lasts it hits requests that match, after `skip` of them, at most `times`, with `probability`."""

    kind: str
    cluster: str = "*"
    method: str = "*"
    #: A glob over the path below the cluster, such as `links/*/mirrors:promote`.
    path: str = "*"
    skip: int = 0
    times: int | None = None
    probability: float = 1.0
    #: Seconds: how long to wait or hang; with `seconds_to`, anything between the two.
    seconds: float = 1.0
    seconds_to: float | None = None
    status: int = 503
    code: int = 50302
    message: str = "Broker not available"
    html: bool = False
    retry_after: int | None = None
    after_effect: bool = False
    content_type: str = "text/html"
    #: For `truncatedBody`, how many bytes arrive; for `slowBody`, how many a second.
    bytes: int = 20
    old: str = ""
    new: str = ""
    location: str = "http://127.0.0.1:1/login"
    #: The instants of the world between which it hits; without `until_ms` it never ends.
    from_ms: int = 0
    until_ms: int | None = None
    #: How many requests have matched, and how many were hit.
    seen: int = 0
    hits: int = 0

    def lasts(self, at_ms: int) -> bool:
        return self.from_ms <= at_ms and (self.until_ms is None or at_ms < self.until_ms)

    def matches(self, cluster: str, method: str, path: str) -> bool:
        return (
            fnmatchcase(cluster, self.cluster)
            and fnmatchcase(method, self.method)
            and fnmatchcase(path, self.path)
        )


@dataclass(slots=True)
class Faults:
    """All rules of a world, and the seed of their chance."""

    seed: int = 0
    rules: list[Fault] = field(default_factory=list)

    def hitting(self, cluster: str, method: str, path: str, at_ms: int) -> list[Fault]:
        """The faults that this request meets; asking counts as coming by."""
        lasting = ((at, fault) for at, fault in enumerate(self.rules) if fault.lasts(at_ms))
        return list(self._strike(lasting, cluster, method, path))

    def _strike(
        self, rules: Iterable[tuple[int, Fault]], cluster: str, method: str, path: str
    ) -> Iterator[Fault]:
        for at, fault in rules:
            if not fault.matches(cluster, method, path):
                continue
            fault.seen += 1
            spent = fault.times is not None and fault.hits >= fault.times
            if fault.seen <= fault.skip or spent:
                continue
            if chance(self.seed, at, fault.seen) < fault.probability:
                fault.hits += 1
                yield fault

    def seconds(self, fault: Fault) -> float:
        """How long this hit lasts."""
        if fault.seconds_to is None:
            return fault.seconds
        drawn = chance(self.seed, "seconds", fault.seen)
        return fault.seconds + (fault.seconds_to - fault.seconds) * drawn


def chance(*parts: object) -> float:
    """A number from 0 up to 1 that is the same for the same parts."""
    digest = hashlib.sha256("/".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:8]) / 2**64
