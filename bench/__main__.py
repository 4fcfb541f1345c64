"""Runs the benchmarks that are named, or all of them."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Callable, Sequence

import bench


def benchmarks() -> dict[str, Callable[[], None]]:
    """Every module of this folder that has a `main`, by its name."""
    names = sorted(module.name for module in pkgutil.iter_modules(bench.__path__))
    modules = {name: importlib.import_module(f"bench.{name}") for name in names if name[0] != "_"}
    return {name: module.main for name, module in modules.items() if hasattr(module, "main")}


def run(wanted: Sequence[str]) -> int:
    """Run what is wanted; 2 when there is no benchmark of such a name."""
    known = benchmarks()
    unknown = [name for name in wanted if name not in known]
    if unknown:
        print(f"no benchmark is called {', '.join(unknown)}; there are: {', '.join(known)}")
        return 2
    for name in wanted or known:
        print(f"== {name}")
        known[name]()
    return 0


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
