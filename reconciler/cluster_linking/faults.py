"""What the network did, as our errors: was the request sent, and is its answer known?

NotSentError      name, connection, proxy, TLS: nothing reached the server
AnswerLostError   the connection failed after the request may have left
UnreadableError   the body claims an encoding that it does not have
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator

import httpx

from reconciler.cluster_linking.exchange import Exchange
from reconciler.model.diagnostics import Diagnostic
from reconciler.model.errors import AnswerLostError, EngineError, NotSentError, UnreadableError

NETWORK_ERRORS = (httpx.HTTPError, httpx.InvalidURL, UnicodeError, OSError)
"""What httpx may raise when a request is sent; UnicodeError is that of host names that IDNA refuses."""


def network_error(exchange: Exchange, error: Exception) -> EngineError:
    """Classify what httpx raised. Its text is never used: it may quote headers."""
    for types, kind, finding in _KINDS:
        if isinstance(error, types):
            return kind(finding(exchange))
    if isinstance(error, httpx.ConnectError):
        return NotSentError(_no_connection(exchange, error))
    if _is_certificate_demand(error):
        return NotSentError(_certificate_demanded(exchange))
    return AnswerLostError(_connection_lost(exchange))


def _no_connection(exchange: Exchange, error: Exception) -> Diagnostic:
    causes = tuple(_causes(error))
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return exchange.error(
            "unknown-host",
            f"the host name in {exchange.host} cannot be resolved",
            f"check {exchange.service.setting} for a typing error, and DNS or VPN on this machine",
        )
    for cause in causes:
        if isinstance(cause, ssl.SSLError):
            return _tls_failure(exchange, cause)
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return exchange.error(
            "nobody-listening",
            f"nobody listens on {exchange.host}: connection refused",
            f"check the port in {exchange.service.setting}, and that {exchange.service.name} is up",
        )
    return exchange.error(
        "no-connection",
        f"no connection to {exchange.host} could be made",
        "check the network, VPN and firewall between this machine and the cluster",
    )


def _tls_failure(exchange: Exchange, cause: ssl.SSLError) -> Diagnostic:
    if isinstance(cause, ssl.SSLCertVerificationError):
        return exchange.error(
            "certificate-refused",
            f"the certificate of {exchange.host} is not trusted: {cause.verify_message}",
            "name the authority that signed it in tls.caFile, and use the host name that it was made for",
        )
    reason = _reason(cause).replace("_", " ").lower() or "the handshake was not finished"
    return exchange.error(
        "tls-failed",
        f"TLS with {exchange.host} failed: {reason}",
        "check whether the port speaks TLS at all (http:// or https://), and the client certificate in tls",
    )


def _is_certificate_demand(error: Exception) -> bool:
    """TLS 1.3 refuses a missing client certificate only when the answer is read; nothing was handled then."""
    return any(
        isinstance(cause, ssl.SSLError) and "CERTIFICATE_REQUIRED" in _reason(cause)
        for cause in _causes(error)
    )


def _reason(cause: ssl.SSLError) -> str:
    """OpenSSL's word for what went wrong; errors that Python itself raises have none."""
    return str(getattr(cause, "reason", None) or "")


def _certificate_demanded(exchange: Exchange) -> Diagnostic:
    return exchange.error(
        "client-certificate-required",
        f"{exchange.host} wants a client certificate and got none",
        exchange.service.certificate,
    )


def _connect_timeout(exchange: Exchange) -> Diagnostic:
    return exchange.error(
        "connect-timeout",
        f"{exchange.host} did not take the connection in time",
        "check the address and the firewall: a port that is filtered answers nothing at all",
    )


def _no_way_out(exchange: Exchange) -> Diagnostic:
    return exchange.error(
        "proxy-failed",
        f"the way to {exchange.host} is blocked: the proxy refused, or no connection became free",
        "check HTTPS_PROXY and NO_PROXY; clusters inside your network belong into NO_PROXY",
    )


def _impossible(exchange: Exchange) -> Diagnostic:
    return exchange.error(
        "request-impossible",
        "this request cannot be sent: the URL or a header holds what HTTP does not allow",
        f"check {exchange.service.setting}, and the credentials of this cluster for line breaks and other "
        "control characters",
    )


def _wrong_encoding(exchange: Exchange) -> Diagnostic:
    return exchange.error(
        "wrong-encoding",
        "the answer is not compressed the way its Content-Encoding says, or is cut off",
        "look for a proxy between this machine and the cluster that rewrites answers",
    )


def _no_answer(exchange: Exchange) -> Diagnostic:
    return exchange.error(
        "no-answer",
        f"{exchange.host} took the request and did not answer in time",
        f"look at the load of {exchange.service.name}{exchange.doubt}",
    )


def _connection_lost(exchange: Exchange) -> Diagnostic:
    # With TLS 1.3 a server that misses a client certificate may hang up before its alert is read.
    hint = f", or for a server that wants a client certificate: {exchange.service.certificate}"
    return exchange.error(
        "connection-lost",
        f"the connection to {exchange.host} broke before the whole answer was there",
        f"run it again{exchange.doubt}. If it stays, look for a proxy or a restart"
        + (hint if exchange.url.startswith("https:") else ""),
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, everything that it says it comes from, and the members of groups among them."""
    pending: list[BaseException] = [error]
    seen: set[int] = set()
    while pending:
        current = pending.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        pending.extend(e for e in (current.__cause__, current.__context__) if e is not None)
        if isinstance(current, BaseExceptionGroup):
            pending.extend(current.exceptions)


_KINDS: tuple[
    tuple[tuple[type[Exception], ...], type[EngineError], Callable[[Exchange], Diagnostic]], ...
] = (
    ((httpx.ConnectTimeout,), NotSentError, _connect_timeout),
    ((httpx.ProxyError, httpx.PoolTimeout), NotSentError, _no_way_out),
    (
        (httpx.UnsupportedProtocol, httpx.LocalProtocolError, httpx.InvalidURL, UnicodeError),
        NotSentError,
        _impossible,
    ),
    ((httpx.DecodingError,), UnreadableError, _wrong_encoding),
    ((httpx.ReadTimeout, TimeoutError), AnswerLostError, _no_answer),
)
"""Kinds of failure that their type alone tells."""
