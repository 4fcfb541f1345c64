"""What a server answered, as bytes to decode or as one of our errors.

Any 2xx is a success, whatever the documents say (cluster-linking reference, section 13, row 1). Bodies may be
compressed without a header, cut off or empty; the last is left to whoever needs a body. A redirect or a web page
is a refusal: whoever sent it is not the API, and will say the same the next time.
"""

from __future__ import annotations

import zlib

import httpx

from reconciler.cluster_linking.exchange import Exchange, harmless
from reconciler.cluster_linking.refusals import Scrub, refusal_error
from reconciler.model.diagnostics import Diagnostic
from reconciler.model.errors import RejectedError, UnreadableError

_GZIP = b"\x1f\x8b"


def readable(exchange: Exchange, response: httpx.Response, scrub: Scrub) -> bytes:
    """The body of a success, decompressed; empty for the empty answers that writes may have.

    Raises:
        EngineError: the subclass that the status, the headers and the body call for.
    """
    if 300 <= response.status_code < 400:
        raise RejectedError(_redirected(exchange, response), status=response.status_code)
    if not response.is_success:
        raise refusal_error(exchange, response, _inflated(response.content) or b"", scrub)
    body = None if _is_short(response) else _inflated(response.content)
    if body is None:
        raise UnreadableError(cut_off(exchange))
    if _is_html(response, body):
        raise RejectedError(_html(exchange, response.status_code), status=response.status_code)
    return body


def cut_off(exchange: Exchange) -> Diagnostic:
    """The finding for a body that ends too early."""
    return exchange.error(
        "answer-cut-off",
        "the answer is cut off",
        "run it again; if it stays, look for a proxy with a size or time limit",
    )


def _redirected(exchange: Exchange, response: httpx.Response) -> Diagnostic:
    target = harmless(response.headers.get("location", ""))
    return exchange.error(
        "redirected",
        f"the server sends us elsewhere ({response.status_code}), to {target or 'nowhere'}",
        "put the address that answers itself into restEndpoint: redirects are not followed, so that credentials stay put",
    )


def _html(exchange: Exchange, status: int) -> Diagnostic:
    return exchange.error(
        "html-answer",
        f"the answer ({status}) is a web page, not the REST API",
        "check restEndpoint: a login page, a proxy or another service answers there",
    )


def _is_html(response: httpx.Response, body: bytes) -> bool:
    """By its header, or by its first character."""
    return "html" in response.headers.get("content-type", "") or body[:256].lstrip()[:1] == b"<"


def _is_short(response: httpx.Response) -> bool:
    """Whether less came than was announced. Real transports notice that themselves; in-process ones do not."""
    announced = response.headers.get("content-length", "")
    if "content-encoding" in response.headers or not announced.isdigit():
        return False
    return len(response.content) < int(announced)


def _inflated(body: bytes) -> bytes | None:
    """Undo gzip that no header announced (cluster-linking reference, section 0.4); None when it is cut off."""
    if not body.startswith(_GZIP):
        return body
    try:
        return zlib.decompress(body, wbits=31)
    except zlib.error:
        return None
