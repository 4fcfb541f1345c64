"""Fresh processes to measure in: one that serves, one that measures."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

RUNS = 5
#: No measurement takes longer than this, so a benchmark that hangs ends.
SECONDS_AT_MOST = 120


@contextmanager
def serving(module: str, *arguments: str) -> Iterator[int]:
    """Run `python -m module arguments` until the block ends; the port that its first line names.

    The process serves until its standard input is closed.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        process.communicate(timeout=SECONDS_AT_MOST)


def measured(module: str, *arguments: str) -> dict[str, float]:
    """Run `python -m module arguments` to its end; the JSON object that it prints."""
    finished = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=SECONDS_AT_MOST,
    )
    found: dict[str, float] = json.loads(finished.stdout)
    return found


@dataclass(frozen=True, slots=True)
class Comparison:
    """Medians of two measurements, and of their ratio. The two are taken in turn, so that both meet the same machine."""

    ours: float
    bare: float
    ratio: float


def compared(ours: Callable[[], float], bare: Callable[[], float], runs: int = RUNS) -> Comparison:
    """Measure both in turn, some times; the ratio is ours to bare."""
    pairs = [(ours(), bare()) for _ in range(runs)]
    return Comparison(
        ours=statistics.median(pair[0] for pair in pairs),
        bare=statistics.median(pair[1] for pair in pairs),
        ratio=statistics.median(pair[0] / pair[1] for pair in pairs),
    )
