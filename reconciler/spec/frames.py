"""Containers while they are being filled, and what aliases inside them add up to."""

from __future__ import annotations

from reconciler.spec.nodes import Mapping, Node, Scalar, Sequence


class Frame:
    """A container that is being filled, and what aliases inside it add up to."""

    __slots__ = (
        "aliases",
        "anchor",
        "height",
        "items",
        "key",
        "merge_key",
        "merges",
        "node",
        "size",
    )

    def __init__(self, node: Sequence | Mapping, anchor: str | None) -> None:
        self.node = node
        self.items = node.items if isinstance(node, Sequence) else None
        self.anchor = anchor
        self.key: Scalar | None = None
        self.merge_key: Scalar | None = None
        self.merges: list[Node] | None = None
        self.size = 1
        self.aliases = 0
        self.height = 1


class Anchored:
    """A node that aliases may point to, with its weight."""

    __slots__ = ("aliases", "height", "node", "size")

    def __init__(self, node: Node | None, size: int, aliases: int, height: int) -> None:
        self.node = node
        self.size = size
        self.aliases = aliases
        self.height = height


def merge(node: Sequence | Mapping, sources: list[Node]) -> None:
    """Put merged mappings into one: own keys win over merged ones, and earlier sources over later ones."""
    if not isinstance(node, Mapping):
        return
    for source in sources:
        if isinstance(source, Mapping):
            for name, value in source.values.items():
                if name not in node.values:
                    node.values[name] = value
                    node.keys[name] = source.keys[name]
