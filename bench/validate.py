"""`validate` of 10,000 mirror topics against libyaml's bare load of the same file: time and peak memory.

The promise is that neither is more than three times as much. Both sides run in fresh processes, in turns, so that
a busy machine is unfair to neither.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from bench.processes import RUNS, measured

TOPICS = 10_000
PROMISED = 3.0

_HEAD = """\
version: 1
clusters:
  source: {bootstrapServers: "source:9092"}
  destination: {restEndpoint: "https://destination:8090/kafka/v3"}
links:
  - name: many
    source: source
    destination: destination
    mirrorTopics:
"""
FORMS: Mapping[str, Callable[[int], str]] = {
    "short": lambda i: f"      - shop.orders-{i:05d}\n",
    "mapping": lambda i: f"      - {{name: shop.orders-{i:05d}, state: paused, maxLag: 10000}}\n",
}


def medians(file: Path) -> dict[str, dict[str, float]]:
    """The median of each number on each side."""
    runs: dict[str, list[dict[str, float]]] = {"bare": [], "validate": []}
    for _ in range(RUNS):
        for side, rows in runs.items():
            rows.append(measured("bench.validate_side", side, str(file)))
    return {
        side: {name: statistics.median(row[name] for row in rows) for name in rows[0]}
        for side, rows in runs.items()
    }


def main() -> None:
    """Print one line per form."""
    for form, row in FORMS.items():
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "links.yaml"
            file.write_text(_HEAD + "".join(map(row, range(TOPICS))), "utf-8")
            sides = medians(file)
        bare, ours = sides["bare"], sides["validate"]
        print(
            f"{form:8} {TOPICS:,} mirror topics:"
            f"  time {ours['seconds'] * 1000:.0f} ms / {bare['seconds'] * 1000:.0f} ms"
            f" = {ours['seconds'] / bare['seconds']:.2f},"
            f"  memory {ours['megabytes']:.1f} MB / {bare['megabytes']:.1f} MB"
            f" = {ours['megabytes'] / bare['megabytes']:.2f}"
            f"  (promised: at most {PROMISED:g})"
        )


if __name__ == "__main__":
    main()
