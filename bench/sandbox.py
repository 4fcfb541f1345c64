"""The sandbox on loopback, as ratios to a bare starlette route that answers with the same bytes.

Targets: GET link and POST mirror at most 3 times the time of the bare route; lists of 10,000 and 100,000 mirrors at most
4 times; and what a GET link has to wait while such lists run is stated, as for the longest of the other answers.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from bench.processes import Comparison, compared, measured, serving
from bench.sandbox_servers import CLUSTER

SERVERS, LOAD = "bench.sandbox_servers", "bench.sandbox_load"
LINK = f"{CLUSTER}/links/l"
MIRRORS = f"{LINK}/mirrors"
SECONDS = "2"
#: A tenth of the sources grows, so that a tenth of the rows reads differently each time.
GROWING_SHARE = 10


def main() -> None:
    """Print every figure with its target."""
    with tempfile.TemporaryDirectory() as folder:
        body = Path(folder, "body")
        get_link(body)
        post_mirror(body)
        for mirrors in (10_000, 100_000):
            for growing in (0, mirrors // GROWING_SHARE):
                list_mirrors(body, mirrors, growing)
        for path in (
            "topics",
            "topics/-/configs",
            "topics/wide/partitions",
            "consumer-groups/g/lags",
        ):
            long_answer(body, path)


def get_link(body: Path) -> None:
    """GET link, 10 mirrors on it."""
    with serving(SERVERS, "sandbox", "10", "10") as port:
        measured(LOAD, "time", str(port), "GET", LINK, "1", str(body))

    def ours() -> float:
        with serving(SERVERS, "sandbox", "10", "10") as port:
            return measured(LOAD, "rate", str(port), "GET", LINK, SECONDS)["per_second"]

    def bare() -> float:
        with serving(SERVERS, "bare", "GET", LINK, "200", str(body)) as port:
            return measured(LOAD, "rate", str(port), "GET", LINK, SECONDS)["per_second"]

    _print_rates("GET link", compared(ours, bare))


def post_mirror(body: Path) -> None:
    """POST mirror, a new one each time."""
    body.write_bytes(b"")
    wanted = '{"source_topic_name":"waiting-#"}'

    def ours() -> float:
        with serving(SERVERS, "sandbox", "10", "0") as port:
            arguments = (str(port), "POST", MIRRORS, SECONDS, wanted)
            return measured(LOAD, "rate", *arguments)["per_second"]

    def bare() -> float:
        with serving(SERVERS, "bare", "POST", MIRRORS, "201", str(body)) as port:
            arguments = (str(port), "POST", MIRRORS, SECONDS, wanted)
            return measured(LOAD, "rate", *arguments)["per_second"]

    _print_rates("POST mirror", compared(ours, bare))


def list_mirrors(body: Path, mirrors: int, growing: int) -> None:
    """The list of a link's mirrors, and what a GET link has to wait beside it."""
    waits: list[float] = []

    def ours() -> float:
        with serving(SERVERS, "sandbox", str(mirrors), str(growing)) as port:
            arguments = (str(port), "GET", MIRRORS, "5", str(body))
            seconds = measured(LOAD, "time", *arguments)["seconds"]
            waits.append(measured(LOAD, "beside", str(port), LINK, MIRRORS, "3")["p95_seconds"])
            return seconds

    def bare() -> float:
        with serving(SERVERS, "bare", "GET", MIRRORS, "200", str(body)) as port:
            arguments = (str(port), "GET", MIRRORS, "5", str(body) + ".bare")
            return measured(LOAD, "time", *arguments)["seconds"]

    found, p95 = compared(ours, bare), statistics.median(waits)
    print(
        f"list of {mirrors:,} mirrors, {growing:,} growing: {found.ours * 1000:.0f} ms, bare route "
        f"{found.bare * 1000:.0f} ms, ratio {found.ratio:.2f} (target 4); "
        f"GET link beside it: p95 {p95 * 1000:.0f} ms"
    )


def long_answer(body: Path, path: str) -> None:
    """A list of 20,000 topics or 100,000 partitions, and what a short GET has to wait beside it."""
    with serving(SERVERS, "wide", "20000", "100000") as port:
        arguments = (str(port), "GET", f"{CLUSTER}/{path}")
        seconds = measured(LOAD, "time", *arguments, "3", str(body))["seconds"]
        waits = measured(LOAD, "beside", str(port), CLUSTER, f"{CLUSTER}/{path}", "3")
    print(
        f"GET {path}: {seconds * 1000:,.0f} ms for {body.stat().st_size / 1e6:.0f} MB; GET cluster beside it: "
        f"p95 {waits['p95_seconds'] * 1000:.0f} ms, longest {waits['longest_seconds'] * 1000:.0f} ms"
    )


def _print_rates(name: str, found: Comparison) -> None:
    """Rates go down where times go up, so their ratio is turned round."""
    print(
        f"{name}: {found.ours:,.0f}/s, bare route {found.bare:,.0f}/s, "
        f"ratio {1 / found.ratio:.2f} (target 3)"
    )
