"""The pages of one list: where it goes on, and when it is none that ends.

The envelope of a list may name a next page, although no server is known that does (cluster-linking reference, section
0.5). It is followed on the origin that we were told to ask, since credentials must not travel. A page that was read already,
or that begins as an earlier one did, leads nowhere, and ever new ones are not followed for ever. Half a list is no list
(P6), so each of these is an error.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

from reconciler.cluster_linking import wire
from reconciler.cluster_linking.exchange import Exchange
from reconciler.model.diagnostics import Diagnostic
from reconciler.model.errors import UnreadableError

MOST_PAGES = 10_000
"""A hundred thousand mirror topics in pages of a hundred are a tenth of this."""
LONGEST = 900.0
"""Seconds for all pages of one list together."""
_PORTS = {"http": 80, "https": 443}


class Pages:
    """Follows one list. `first` is the address of its first page, `monotonic` tells seconds."""

    def __init__(self, exchange: Exchange, first: str, monotonic: Callable[[], float]) -> None:
        self._exchange = exchange
        self._origin = _origin(first)
        self._monotonic = monotonic
        self._begun = monotonic()
        self._read: set[str] = set()
        self._first_rows: set[bytes] = set()

    def after(self, url: str, page: wire.Listing[wire.Row]) -> str | None:
        """The address of the page after this one; None at the end of the list.

        Raises:
            UnreadableError: the list goes on elsewhere, in a circle, or for too long.
        """
        following = page.metadata.next if page.metadata else None
        if not following:
            return None
        self._read.add(url)
        target = _joined(url, following)
        if target in self._read or _origin(target) != self._origin or self._repeats(page):
            raise UnreadableError(_bad_next(self._exchange))
        if len(self._read) >= MOST_PAGES or self._monotonic() - self._begun >= LONGEST:
            raise UnreadableError(_endless(self._exchange, len(self._read)))
        return target

    def _repeats(self, page: wire.Listing[wire.Row]) -> bool:
        """Whether a page begins with the row with which another one began: a server that does not heed the address.

        One row per page is enough to tell, and costs nothing beside decoding. An empty page says nothing.
        """
        if not page.data:
            return False
        row = wire.encode(page.data[0])
        known = row in self._first_rows
        self._first_rows.add(row)
        return known


def _joined(url: str, following: str) -> str:
    """The next page's address, which may be relative; empty when it is no address at all."""
    try:
        return urljoin(url, following)
    except ValueError:
        return ""


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    try:
        return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return "", None, None


def _bad_next(exchange: Exchange) -> Diagnostic:
    return exchange.error(
        "bad-next-page",
        "the list goes on at a page that is on another server or was read already, so it cannot be read to its end",
        "use the address that the server gives for itself as restEndpoint; a proxy that drops the query of a request "
        "has the same effect",
    )


def _endless(exchange: Exchange, pages: int) -> Diagnostic:
    return exchange.error(
        "endless-list",
        f"after {pages:,} pages the list still goes on, so it was given up",
        "see what answers at restEndpoint, and how long it takes for a page: a list may have "
        f"{MOST_PAGES:,} pages and take {LONGEST / 60:g} minutes",
    )
