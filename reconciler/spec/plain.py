"""YAML documents that are not ours to interpret, such as scenarios, read with the same strictness."""

from __future__ import annotations

import re
from dataclasses import dataclass

from reconciler.collector import collector_paused
from reconciler.model.diagnostics import Diagnostic, Position
from reconciler.spec.building import read_nodes
from reconciler.spec.findings import Findings, error, settled
from reconciler.spec.nodes import Mapping, Node, Scalar, Sequence, position
from reconciler.spec.references import Expander
from reconciler.spec.refusals import WORLDS
from reconciler.spec.sources import Source
from reconciler.spec.text import decode

_ITEM = re.compile(r"\[([0-9]{1,9})\]")


@dataclass(frozen=True, slots=True)
class PlainDocument:
    """A mapping as plain values, and where they stand."""

    file: str
    root: Mapping
    values: dict[str, object]

    def position(self, path: str) -> Position:
        """Where the value at a path such as `clusters[0].topics[1].name` stands, or as much of it as there is."""
        node: Node = self.root
        while path:
            step = _step(node, path)
            if step is None:
                break
            node, path = step
        return position(self.file, node)


def _step(node: Node, path: str) -> tuple[Node, str] | None:
    """The value at the first part of a path, and the rest of the path. A key may hold dots: the longest one counts."""
    if isinstance(node, Sequence):
        item = _ITEM.match(path)
        if item is not None and int(item[1]) < len(node.items):
            return node.items[int(item[1])], path[item.end() :]
    if isinstance(node, Mapping):
        path = path.removeprefix(".")
        fits = [key for key in node.values if re.match(rf"{re.escape(key)}(?![^.\[])", path)]
        if fits:
            key = max(fits, key=len)
            return node.values[key], path[len(key) :]
    return None


def load_plain(source: Source) -> tuple[PlainDocument | None, tuple[Diagnostic, ...]]:
    """The mapping that a file holds, or None with everything that keeps it from being read."""
    findings: Findings = []
    text = decode(source.name, source.data)
    if isinstance(text, Diagnostic):
        return None, (text,)
    expand = Expander({}, findings).expand
    with collector_paused():
        root = read_nodes(source.name, source.data, text, expand, findings, WORLDS)
    if root is not None and not isinstance(root, Mapping):
        findings.append(
            error(
                code="not-a-mapping",
                at=position(source.name, root),
                message="the document is not a mapping",
                cure="begin with `version: 1` at the left edge",
            )
        )
    if findings or not isinstance(root, Mapping):
        return None, settled(findings)
    values = {name: plain(value) for name, value in root.values.items()}
    return PlainDocument(source.name, root, values), ()


def plain(node: Node) -> object:
    """The value of a node as Python has it."""
    match node:
        case Scalar():
            return node.value if isinstance(node.value, str | int | float | None) else node.text
        case Sequence():
            return [plain(item) for item in node.items]
        case Mapping():
            return {name: plain(value) for name, value in node.values.items()}
