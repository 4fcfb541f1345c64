"""One measurement for `bench.validate`, in a process of its own: `python -m bench.validate_side bare|validate FILE`.

Prints seconds and megabytes of one call. Imports do not count, the garbage collector is off, and memory is the
growth of the process's peak (Linux: /proc).
"""

from __future__ import annotations

import gc
import json
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path


def peak() -> float:
    """Megabytes that the process has held at most."""
    status = Path("/proc/self/status").read_text("utf-8")
    found = re.search(r"VmHWM:\s+(\d+)", status)
    assert found is not None
    return int(found[1]) / 1024


def bare() -> Callable[[bytes], object]:
    """libyaml's load and nothing else."""
    import yaml

    return lambda data: yaml.load(data, Loader=yaml.CSafeLoader)


def validate() -> Callable[[bytes], object]:
    """All that `validate` does with a file: nodes, schema, rules, desired state."""
    from reconciler.cluster_linking.catalogue import CATALOGUE
    from reconciler.spec import Source, load

    def run(data: bytes) -> object:
        loaded = load([Source("links.yaml", data)], variables={}, catalogue=CATALOGUE, env={})
        assert loaded.desired is not None
        return loaded

    # The schema is compiled once per process, however many files there are.
    load([Source("warm.yaml", b"version: 1")], variables={}, catalogue=CATALOGUE, env={})
    return run


def measure(side: str, file: str) -> None:
    """Time one call and print what it took."""
    call = {"bare": bare, "validate": validate}[side]()
    data = Path(file).read_bytes()
    gc.collect()
    gc.disable()
    before, start = peak(), time.perf_counter()
    kept = call(data)
    seconds, megabytes = time.perf_counter() - start, peak() - before
    assert kept is not None
    print(json.dumps({"seconds": seconds, "megabytes": megabytes}))


if __name__ == "__main__":
    measure(*sys.argv[1:])
