"""Looking into a mapping node: typed answers, None for what is missing or was refused."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Dict

from reconciler.model.diagnostics import Position
from reconciler.model.secrets import Template
from reconciler.spec.nodes import Mapping, Node, Scalar, Sequence, position
from reconciler.spec.written import Credential, Setting, Word


class View:
    """A mapping with the file that it stands in."""

    __slots__ = ("_node", "file")

    def __init__(self, file: str, node: Mapping) -> None:
        self.file = file
        self._node = node

    @property
    def at(self) -> Position:
        """Where the mapping begins."""
        return position(self.file, self._node)

    def keys(self) -> Dict[str, Position]:
        """All keys, also those whose value was refused."""
        file = self.file
        return {name: Position(file, key.line, key.column) for name, key in self._node.keys.items()}

    def __contains__(self, name: str) -> bool:
        """Whether a key was written, also one whose value was refused."""
        return name in self._node.keys

    def key_at(self, name: str) -> Position:
        """Where a key stands."""
        return position(self.file, self._node.keys[name])

    def get(self, name: str) -> Node | None:
        """The node under a key."""
        node = self._node.values.get(name)
        return None if node is None or node.broken else node

    def items(self) -> Iterator[tuple[str, Node]]:
        """Keys with the nodes that were not refused."""
        for name, node in self._node.values.items():
            if not node.broken:
                yield name, node

    def refused(self) -> frozenset[str]:
        """The keys whose value was refused."""
        return frozenset(name for name, node in self._node.values.items() if node.broken)

    def word(self, name: str) -> Word | None:
        """A text."""
        node = self._node.values.get(name)
        if isinstance(node, Scalar) and not node.broken and isinstance(node.value, str):
            return Word(node.value, Position(self.file, node.line, node.column))
        return None

    def number(self, name: str) -> int | None:
        """A whole number."""
        node = self._node.values.get(name)
        if isinstance(node, Scalar) and not node.broken and isinstance(node.value, int | float):
            return int(node.value)
        return None

    def view(self, name: str) -> View | None:
        """A mapping below this one."""
        node = self.get(name)
        return View(self.file, node) if isinstance(node, Mapping) else None

    def views(self) -> Iterator[tuple[str, View]]:
        """All mappings below this one, by key."""
        for name, node in self.items():
            if isinstance(node, Mapping):
                yield name, View(self.file, node)

    def sequence(self, name: str) -> Sequence | None:
        """A list."""
        node = self.get(name)
        return node if isinstance(node, Sequence) else None

    def mappings(self, name: str) -> Iterator[View]:
        """The mappings of a list."""
        sequence = self.sequence(name)
        for node in sequence.items if sequence else ():
            if isinstance(node, Mapping) and not node.broken:
                yield View(self.file, node)

    def words(self, name: str) -> tuple[Word, ...]:
        """The texts of a list."""
        sequence = self.sequence(name)
        return () if sequence is None else tuple(self._words(sequence))

    def places(self, name: str) -> dict[str, Position]:
        """The texts of a list with the place where each stands last."""
        sequence = self.sequence(name)
        return {
            node.value: Position(self.file, node.line, node.column)
            for node in (sequence.items if sequence else ())
            if isinstance(node, Scalar) and not node.broken and isinstance(node.value, str)
        }

    def _words(self, sequence: Sequence) -> Iterator[Word]:
        for node in sequence.items:
            if isinstance(node, Scalar) and not node.broken and isinstance(node.value, str):
                yield Word(node.value, position(self.file, node))

    def settings(self) -> dict[str, Setting]:
        """All values as configs, in Kafka's spelling."""
        return {
            name: Setting(spelled(node), position(self.file, node), self.key_at(name))
            for name, node in self.items()
            if isinstance(node, Scalar)
        }

    def credential(self, name: str) -> Credential | None:
        """A value that may hold references."""
        node = self.get(name)
        if not isinstance(node, Scalar):
            return None
        value = node.value
        template = value if isinstance(value, Template) else Template.literal(spelled(node))
        return Credential(template, position(self.file, node), self.key_at(name))

    def credentials(self) -> dict[str, Credential]:
        """All values that may hold references, by key."""
        found = {name: self.credential(name) for name, _ in self.items()}
        return {name: credential for name, credential in found.items() if credential is not None}


def spelled(node: Scalar) -> str:
    """A value as Kafka writes it: switches in lower case, whole numbers in decimal, all else as it stands."""
    if isinstance(node.value, bool):
        return "true" if node.value else "false"
    if isinstance(node.value, int):
        return str(node.value)
    return node.text
