"""What a status of 400 and above means.

Classified by HTTP status first, then by `error_code`; texts are looked at only for the few conditions that
nothing else tells apart (cluster-linking reference, sections 0.4 and 10.3).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TypeAlias

import httpx
import msgspec

from reconciler.cluster_linking.exchange import Exchange
from reconciler.model.diagnostics import Diagnostic
from reconciler.model.errors import EngineError, RejectedError, ServerFaultError, ThrottledError

Scrub: TypeAlias = Callable[[str], str]

_MOST_OF_A_MESSAGE = 400
_UNKNOWN_CLUSTER = re.compile(r"\bcluster \S+ cannot be found", re.IGNORECASE)
_NOT_YET = ("unable to resolve cluster link information", "does not have a link named")
_LACKS_RIGHTS = re.compile(r"\bauthorization failed\b|\bright access to\b", re.IGNORECASE)
_GENERIC_404 = re.compile(r"(http 404 )?not found\.?", re.IGNORECASE)
GRANT_RIGHTS = "give this principal (on Cloud: the account that owns the API key) the rights of a cluster administrator"
"""The cure for what the server knows the caller to have no right to (cluster-linking reference, section 0.3)."""


class _ErrorBody(msgspec.Struct, gc=False):
    error_code: int | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """What an error body says: `text` is scrubbed, short and on one line; `code` is None when it is not JSON.

    `of_list` is about the request: a list has no object that a 404 could be about.
    """

    status: int
    code: int | None
    text: str
    of_list: bool

    @property
    def quoted(self) -> str:
        """The server's words as the end of a sentence."""
        return f': "{self.text}"' if self.text else ", without a word"

    @property
    def not_yet(self) -> bool:
        """Whether it names a condition that passes by itself shortly after a create."""
        return any(text in self.text.lower() for text in _NOT_YET)

    @property
    def of_the_link(self) -> bool:
        """Whether a 401 tells that the other cluster refuses the *link's* credentials (cluster-linking reference, section
        13, row 24).
        """
        return self.status == 401 and "validate cluster link" in self.text.lower()

    @property
    def lacks_rights(self) -> bool:
        """Whether the caller is known and may not do this: 403, and on Cloud also a 401 that says so (the vendor's
        Terraform provider, issue 287: "Not authorized: the authenticated user didn't have the right access to the
        resource: Cluster authorization failed.").
        """
        return self.status == 403 or (self.status == 401 and bool(_LACKS_RIGHTS.search(self.text)))

    @property
    def exists(self) -> bool:
        """Whether the name is taken: 400 in practice, 409 according to one source. A taken prefix is another matter."""
        said = self.text.lower()
        return self.status == 409 or (
            self.status == 400 and "already exists" in said and "prefix" not in said
        )

    @property
    def unknown_cluster(self) -> bool:
        """Whether the server is another cluster than the path names."""
        return self.status == 404 and bool(_UNKNOWN_CLUSTER.search(self.text))

    @property
    def unknown_path(self) -> bool:
        """Whether a 404 is about the path and not about an object: of a list, HTML, empty, or the framework's own text."""
        return self.status == 404 and (
            self.of_list
            or self.code is None
            or not self.text
            or bool(_GENERIC_404.fullmatch(self.text))
        )

    @property
    def absent(self) -> bool:
        """Whether the server named a link, mirror topic, topic or group that is not there.

        An unknown path and an unknown cluster are 404s too, and prove nothing about the object (P6).
        """
        return self.status == 404 and not (
            self.not_yet or self.unknown_cluster or self.unknown_path
        )


def refusal_error(
    exchange: Exchange, response: httpx.Response, body: bytes, scrub: Scrub
) -> EngineError:
    """The error for an answer that is not a success."""
    code, text = _said(body, scrub)
    refusal = Refusal(response.status_code, code, text, exchange.lists)
    if refusal.status == 429:
        return ThrottledError(_throttled(exchange), retry_after=retry_after(response))
    # 501 is a 5xx by number and a plain "no" by meaning.
    if refusal.status >= 500 and refusal.status != 501:
        return ServerFaultError(_fault(exchange, refusal), retry_after=retry_after(response))
    return RejectedError(
        _rejection(exchange, refusal),
        status=refusal.status,
        error_code=refusal.code,
        absent=refusal.absent,
        exists=refusal.exists,
        not_yet=refusal.not_yet,
    )


def plain(message: str | None, scrub: Scrub) -> str:
    """A server's words made fit to print: secrets masked, one line, no control characters, not endless."""
    text = " ".join(scrub(message or "").split())
    text = "".join(c if c.isprintable() else "?" for c in text)
    return text if len(text) <= _MOST_OF_A_MESSAGE else f"{text[:_MOST_OF_A_MESSAGE]}…"


def retry_after(response: httpx.Response) -> float | None:
    """Seconds to wait as the server said: Retry-After in both its forms, or Cloud's relative X-RateLimit-Reset
    (cluster-linking reference, section 10.1). A date is read against the answer's own Date header.
    """
    said = response.headers.get("retry-after") or response.headers.get("x-ratelimit-reset") or ""
    try:
        seconds = float(said)
    except ValueError:
        seconds = _until(said, response.headers.get("date", ""))
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _until(date: str, now: str) -> float:
    try:
        return (parsedate_to_datetime(date) - parsedate_to_datetime(now)).total_seconds()
    except (TypeError, ValueError):
        return math.nan


def _said(body: bytes, scrub: Scrub) -> tuple[int | None, str]:
    try:
        said = msgspec.json.decode(body, type=_ErrorBody)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None, ""
    return said.error_code, plain(said.message, scrub)


def _rejection(exchange: Exchange, refusal: Refusal) -> Diagnostic:
    if refusal.not_yet:
        return _not_yet(exchange, refusal)
    if refusal.exists:
        return _exists(exchange, refusal)
    if refusal.lacks_rights and not refusal.of_the_link:
        return _unauthorized(exchange, refusal)
    by_status = {
        401: _unauthenticated,
        404: _not_found,
        405: _not_offered,
        501: _not_offered,
    }
    return by_status.get(refusal.status, _otherwise)(exchange, refusal)


def _fault(exchange: Exchange, refusal: Refusal) -> Diagnostic:
    return exchange.error(
        "server-fault",
        f"the server failed with {refusal.status}{refusal.quoted}",
        f"look at the log of the REST server{exchange.doubt}",
    )


def _throttled(exchange: Exchange) -> Diagnostic:
    return exchange.error(
        "throttled",
        "the server has had too many requests (429)",
        "run it later, with less parallelism, or with fewer tools on the same cluster",
    )


def _not_yet(exchange: Exchange, refusal: Refusal) -> Diagnostic:
    return exchange.error(
        "not-yet-visible",
        f"the server does not see the new link yet{refusal.quoted}",
        "this passes by itself shortly after a create: run it again in a minute",
    )


def _exists(exchange: Exchange, refusal: Refusal) -> Diagnostic:
    return exchange.error(
        "already-exists",
        f"the name is taken{refusal.quoted}",
        "plan again: the plan reads what exists and says who owns the name",
    )


def _unauthenticated(exchange: Exchange, refusal: Refusal) -> Diagnostic:
    if refusal.of_the_link:
        return exchange.error(
            "link-credentials-refused",
            f"the other cluster refuses the credentials of the link (401){refusal.quoted}",
            "correct `credentials` of the link; the credentials of the REST API are not the matter",
        )
    return exchange.error(
        "not-authenticated",
        f"the server does not accept the credentials (401){refusal.quoted}",
        "check `auth` of this cluster: on Cloud it takes a Kafka API key of this very cluster",
    )


def _unauthorized(exchange: Exchange, refusal: Refusal) -> Diagnostic:
    # A link that still has live mirrors refuses its deletion with a 403 too (section 2.6).
    in_use = refusal.status == 403 and "/links/" in exchange.url and exchange.method == "DELETE"
    return exchange.error(
        "not-authorized",
        f"the server forbids it ({refusal.status}){refusal.quoted}",
        GRANT_RIGHTS
        + (", and stop every mirror topic of the link before deleting it" if in_use else ""),
    )


def _not_found(exchange: Exchange, refusal: Refusal) -> Diagnostic:
    if refusal.unknown_cluster:
        return exchange.error(
            "wrong-cluster-id",
            f"this server is not the cluster that the YAML names{refusal.quoted}",
            "correct clusterId, or restEndpoint if it leads to another cluster",
        )
    if refusal.unknown_path:
        return exchange.error(
            "no-such-path",
            f"the server knows no such path (404){refusal.quoted}",
            _base_path_hint(exchange.url),
        )
    return exchange.error(
        "absent",
        f"the server says that it is not there (404){refusal.quoted}",
        _absent_hint(exchange),
    )


def _absent_hint(exchange: Exchange) -> str:
    if exchange.writes:
        return "plan again: the plan reads what exists now"
    # Only what a list has shown, or the files name, is asked for by its name.
    return "run it again; if it stays, the servers behind this address do not agree: look at each of them"


def _base_path_hint(url: str) -> str:
    if "/kafka/v3" in url:
        return (
            "end restEndpoint with /kafka/v3 for the REST API inside the brokers and for Cloud, with /v3 for the "
            "standalone proxy. Cloud needs clusterId too. Cluster Linking may be switched off on this server"
        )
    return "end restEndpoint with /kafka/v3 (the REST API inside the brokers, and Cloud)"


def _not_offered(exchange: Exchange, refusal: Refusal) -> Diagnostic:
    return exchange.error(
        "not-offered",
        f"the server does not offer this call ({refusal.status}){refusal.quoted}",
        "check that the cluster is a Confluent Server with Cluster Linking, and its version",
    )


def _otherwise(exchange: Exchange, refusal: Refusal) -> Diagnostic:
    return exchange.error(
        "rejected",
        f"the server refused it ({refusal.status}){refusal.quoted}",
        "correct what it names, then plan again",
    )
