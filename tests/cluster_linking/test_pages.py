"""Where a list ends: servers that do not say, or say it wrongly, are neither believed nor followed for ever."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from reconciler.cluster_linking import wire
from reconciler.cluster_linking.exchange import Exchange
from reconciler.cluster_linking.pages import MOST_PAGES, Pages
from reconciler.model.errors import UnreadableError
from reconciler.model.observed import Gap, ObservedCluster
from reconciler.model.reads import ClusterReads
from tests.cluster_linking.wire import BASE, HOME, engine, listing, run

Rows = list[dict[str, Any]]
FIRST = f"{BASE}/clusters/x/links"


def mirror(*number: int) -> dict[str, Any]:
    return {"link_name": "l", "mirror_topic_name": f"t{number}", "mirror_status": "ACTIVE"}


class PagedMirrors:
    """A server whose every page of mirror topics names another one; `rows` makes the content of a page from its number."""

    def __init__(self, rows: Callable[[int], Rows], last: int = 10**9) -> None:
        self.pages = 0
        self._rows = rows
        self._last = last

    def __call__(self, _request: httpx.Request) -> httpx.Response:
        self.pages += 1
        more = (
            f"{HOME}/links/-/mirrors?page_token={self.pages}" if self.pages < self._last else None
        )
        return listing(*self._rows(self.pages), following=more)


def read_mirrors(server: PagedMirrors, **options: Any) -> ObservedCluster:
    async def story() -> ObservedCluster:
        async with engine(server, **options) as e:
            return (await e.observe({"ig-test2": ClusterReads(mirrors=True)})).cluster("ig-test2")

    return run(story())


@pytest.mark.parametrize("cycle", [1, 3])
def test_pages_that_come_again_under_new_addresses_are_a_circle(cycle: int) -> None:
    """A server that does not heed its own page tokens is noticed at the first page that begins as an earlier one did."""
    server = PagedMirrors(lambda page: [mirror(page % cycle)])
    mirrors = read_mirrors(server).mirrors
    assert isinstance(mirrors, Gap)
    assert (mirrors.diagnostic.code, server.pages) == ("bad-next-page", cycle + 1)


def following(pages: Pages, url: str, number: int, per_page: int) -> str:
    rows = [wire.LinkRow(f"l{number}")] * per_page
    page = wire.Listing(rows, wire.Metadata(f"{FIRST}?page_token={number}"))
    return pages.after(url, page) or ""


@pytest.mark.parametrize("per_page", [0, 1])
def test_a_list_without_end_is_given_up(per_page: int) -> None:
    """Ever new pages, empty or not, are an error after so many of them, and not an endless silence."""
    exchange = Exchange.of("ig-test2", "GET", FIRST)
    pages, url = Pages(exchange, FIRST, monotonic=lambda: 0.0), FIRST
    for number in range(1, MOST_PAGES):
        url = following(pages, url, number, per_page)
    with pytest.raises(UnreadableError) as raised:
        following(pages, url, MOST_PAGES, per_page)
    assert raised.value.diagnostics[0].code == "endless-list"
    assert "after 10,000 pages" in raised.value.diagnostics[0].message


def test_a_list_that_takes_for_ever_is_given_up() -> None:
    """The pages of one list have a time limit together, however long each may take; what came so far is no list."""
    minutes = itertools.count(step=60)
    server = PagedMirrors(lambda page: [mirror(page)])
    mirrors = read_mirrors(server, monotonic=lambda: float(next(minutes))).mirrors
    assert isinstance(mirrors, Gap)
    assert (mirrors.diagnostic.code, server.pages) == ("endless-list", 15)


def test_a_long_list_is_read_to_its_end() -> None:
    """A hundred thousand rows in pages of a hundred are a long list, and not an endless one."""
    server = PagedMirrors(lambda page: [mirror(page, n) for n in range(100)], last=1000)
    mirrors = read_mirrors(server).mirrors
    assert isinstance(mirrors, dict)
    assert (len(mirrors), server.pages) == (100_000, 1000)
