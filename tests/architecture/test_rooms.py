"""The house has rooms, and each knows only those that it is allowed to (docs/architecture.md)."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "reconciler"
STDLIB = frozenset(sys.stdlib_module_names) | {"__future__"}


@dataclass(frozen=True)
class Room:
    """What a room may import: our own modules by dotted prefix, and libraries by name."""

    ours: tuple[str, ...] = ()
    libraries: frozenset[str] = frozenset()
    lazily: frozenset[str] = frozenset()


RESOURCES = ("reconciler.resources", "reconciler.version", "reconciler.collector")
ENGINE_SIDE = (
    "reconciler.model",
    "reconciler.spec",
    "reconciler.cluster_linking",
    "reconciler.planning",
    "reconciler.execution",
    "reconciler.reporting",
)
ROOMS = {
    "model": Room(),
    "planning": Room(ours=("reconciler.model",), lazily=frozenset({"deepdiff"})),
    "reporting": Room(ours=("reconciler.model",), libraries=frozenset({"jinja2"})),
    "spec": Room(
        ours=("reconciler.model", *RESOURCES),
        libraries=frozenset({"yaml", "jsonschema", "jsonschema_rs"}),
    ),
    "cluster_linking": Room(
        ours=("reconciler.model", *RESOURCES), libraries=frozenset({"httpx", "msgspec"})
    ),
    "execution": Room(ours=("reconciler.model",), libraries=frozenset({"tenacity"})),
    "workflows": Room(ours=(*ENGINE_SIDE, *RESOURCES), libraries=frozenset({"httpx"})),
    "sandbox": Room(libraries=frozenset({"starlette", "uvicorn"})),
    "cli": Room(
        ours=("reconciler.workflows", "reconciler.reporting", "reconciler.model", *RESOURCES),
        libraries=frozenset({"typer", "click", "rich"}),
    ),
}
DOORS: dict[tuple[str, ...], Room] = {
    ("cli", "embedded.py"): Room(
        ours=(*ROOMS["cli"].ours, "reconciler.sandbox"), libraries=frozenset({"httpx"})
    ),
    ("cli", "served.py"): Room(ours=(*ROOMS["cli"].ours, "reconciler.sandbox")),
}
"""The two files that open the sandbox: in this process, where httpx joins in, and over loopback."""
OUTSIDE = {
    "__init__.py": Room(ours=("reconciler.workflows", "reconciler.model", *RESOURCES)),
    "__main__.py": Room(ours=("reconciler.cli",)),
    "collector.py": Room(),
    "resources.py": Room(),
    "version.py": Room(),
}


@dataclass(frozen=True)
class Import:
    module: str
    line: int
    lazy: bool


def imports(source: str, package: str) -> Iterator[Import]:
    """Every import of a module, with whether it stands inside a function."""

    def visit(node: ast.AST, *, lazy: bool) -> Iterator[Import]:
        match node:
            case ast.Import(names=names):
                yield from (Import(alias.name, node.lineno, lazy) for alias in names)
            case ast.ImportFrom(module=module, names=names, level=level):
                base = ".".join(package.split(".")[: -level + 1 or None]) if level else ""
                root = ".".join(part for part in (base, module) if part)
                if root == "reconciler":
                    yield from (Import(f"{root}.{a.name}", node.lineno, lazy) for a in names)
                else:
                    yield Import(root, node.lineno, lazy)
            case _:
                inside = lazy or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
                for child in ast.iter_child_nodes(node):
                    yield from visit(child, lazy=inside)

    yield from visit(ast.parse(source), lazy=False)


def room_of(path: Path) -> tuple[str, Room]:
    """The room that a file of the package stands in, and what it may import."""
    relative = path.relative_to(PACKAGE)
    if len(relative.parts) == 1:
        return "", OUTSIDE[relative.name]
    return relative.parts[0], DOORS.get(relative.parts, ROOMS[relative.parts[0]])


def violations(path: Path, source: str) -> list[str]:
    """What a file imports and its room may not."""
    name, room = room_of(path)
    package = ".".join(("reconciler", *path.relative_to(PACKAGE).parts[:-1]))
    own = (f"reconciler.{name}",) if name else ()
    found = []
    for item in imports(source, package):
        top = item.module.split(".")[0]
        if top == "reconciler":
            allowed = any(
                item.module == prefix or item.module.startswith(f"{prefix}.")
                for prefix in (*own, *room.ours)
            )
        else:
            allowed = top in STDLIB or top in room.libraries or (item.lazy and top in room.lazily)
        if not allowed:
            found.append(f"{path.relative_to(PACKAGE.parent)}:{item.line} imports {item.module}")
    return found


FILES = sorted(PACKAGE.rglob("*.py"))


def test_every_room_is_in_the_table() -> None:
    """A new folder has to say what it may know."""
    assert {path.relative_to(PACKAGE).parts[0] for path in FILES} <= {*ROOMS, *OUTSIDE}


def test_no_file_imports_more_than_its_room_may() -> None:
    """The table of rooms holds."""
    assert [bad for path in FILES for bad in violations(path, path.read_text("utf-8"))] == []


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("planning/diff.py", "import httpx"),
        ("planning/diff.py", "import deepdiff"),
        ("model/links.py", "from reconciler.spec import load"),
        ("sandbox/world.py", "from reconciler.model.links import LinkMode"),
        ("sandbox/world.py", "from reconciler import model"),
        (
            "execution/runner.py",
            "from reconciler.cluster_linking.engine import ClusterLinkingEngine",
        ),
        ("cli/main.py", "import reconciler.sandbox"),
        ("cli/main.py", "def late():\n    import httpx"),
        ("reporting/text.py", "from reconciler.planning import make_plan"),
        ("workflows/plan.py", "from reconciler.cli import main"),
        ("workflows/plan.py", "from ..cli import main"),
    ],
)
def test_a_forbidden_import_is_found(file: str, line: str) -> None:
    """The test that guards the table can fail."""
    assert violations(PACKAGE / file, line) != []


def test_lazy_deepdiff_and_own_modules_are_allowed() -> None:
    """And it does not cry wolf."""
    source = "from reconciler.planning import order\ndef f():\n    from deepdiff import DeepDiff\n"
    assert violations(PACKAGE / "planning" / "diff.py", source) == []
