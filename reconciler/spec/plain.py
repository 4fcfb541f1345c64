"""YAML documents that are not ours to interpret, such as scenarios, read with the same strictness."""

from __future__ import annotations

from collections.abc import Mapping as Dict

from reconciler.collector import collector_paused
from reconciler.model.diagnostics import Diagnostic
from reconciler.spec.building import read_nodes
from reconciler.spec.findings import Findings, error, settled
from reconciler.spec.nodes import Mapping, Node, Scalar, Sequence, position
from reconciler.spec.references import Expander
from reconciler.spec.refusals import WORLDS
from reconciler.spec.sources import Source
from reconciler.spec.text import decode


def load_plain(source: Source) -> tuple[Dict[str, object] | None, tuple[Diagnostic, ...]]:
    """The mapping that a file holds as plain values, or None with everything that keeps it from being read."""
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
    return {name: plain(value) for name, value in root.values.items()}, ()


def plain(node: Node) -> object:
    """The value of a node as Python has it."""
    match node:
        case Scalar():
            return node.value if isinstance(node.value, str | int | float | None) else node.text
        case Sequence():
            return [plain(item) for item in node.items]
        case Mapping():
            return {name: plain(value) for name, value in node.values.items()}
