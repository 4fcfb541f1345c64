"""Whether a document has the shape of links.yaml, which `shape.json` states: this file asks a validator, finds the
nodes that do not fit, and marks them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Sequence as List
from functools import cache
from itertools import islice

from reconciler.model.diagnostics import Diagnostic
from reconciler.model.secrets import Template
from reconciler.spec.findings import MAX_FINDINGS, Findings, closest
from reconciler.spec.misfits import (
    bad_names,
    bad_value,
    glued_key,
    is_itself_the_name,
    missing_key,
    unknown_key,
)
from reconciler.spec.nodes import Mapping, Node, Scalar, Sequence
from reconciler.spec.secrecy import beside_secrets
from reconciler.spec.shape import shape
from reconciler.spec.validators import Json, Misfit, Validator, compiled
from reconciler.spec.windows import misfits

_PLACES = {
    "": "at the top",
    "cluster": "under a cluster",
    "auth": "under `auth`",
    "tls": "under `tls` of a cluster",
    "link": "under a link",
    "side": "under a side of a bidirectional link",
    "mirrorTopic": "under a mirror topic",
    "sasl": "under `sasl`",
    "linkTls": "under `tls` of `credentials`",
}


class Shape:
    """A compiled schema, and what its misfits mean."""

    def __init__(self, document: dict[str, Json], validator: Validator) -> None:
        self._validator = validator
        self._homes = _homes(document)
        self._names = frozenset(_names(document))
        self._needed = frozenset(_needed(document))

    def check(
        self, file: str, root: Node, is_security: Callable[[str], bool], findings: Findings
    ) -> bool:
        """Say what does not fit, and mark it as broken, so that nobody trips over it later. False when there is so
        much of it that not all was marked: then nobody may look at the rest. `is_security` knows Kafka's security
        configs by their names.
        """
        plain = _plain(root)
        if self._validator.is_valid(plain):
            return True
        find = _Finder(root)
        # Located before anything is marked: positions in lists count only what is not broken.
        located = [
            (find.node(misfit.path), find.key(misfit.path), misfit)
            for misfit in _enough(misfits(self._validator, plain))
        ]
        # Missing keys last: a misspelt key stands for the one that is then missed.
        located.sort(key=lambda found: found[2].rule == "required")
        said = list(
            islice(
                (
                    finding
                    for node, key, misfit in located
                    for finding in self._explain(
                        file, node, key, self._printable(misfit, is_security)
                    )
                ),
                MAX_FINDINGS + 1,
            )
        )
        findings.extend(said)
        told = sum(_told(misfit) for _, _, misfit in located)
        return told <= MAX_FINDINGS and len(said) <= MAX_FINDINGS

    def _printable(self, misfit: Misfit, is_security: Callable[[str], bool]) -> Misfit:
        """The misfit with only those keys in its path that may be named. Below `credentials` and the like a key that
        nobody knows may be a piece of a secret, made a key by a comma or a quote.
        """
        path: list[str | int] = []
        for part in misfit.path:
            hidden = (
                isinstance(part, str)
                and beside_secrets(path)
                and part not in self._names
                and not is_security(part)
            )
            path.append("" if hidden else part)
        return misfit._replace(path=tuple(path))

    def _explain(
        self, file: str, node: Node, key: Scalar | None, misfit: Misfit
    ) -> Iterator[Diagnostic]:
        match misfit.rule:
            case "additionalProperties" if isinstance(node, Mapping):
                for name in misfit.words:
                    yield unknown_key(file, node, name, misfit, self._homes.get(name, ()))
                    _stand_in(node, name, misfit)
            case "required" if isinstance(node, Mapping):
                yield from missing_key(file, node, misfit)
            case "propertyNames" if isinstance(node, Mapping):
                yield from bad_names(file, node, misfit)
            case _:
                if not node.broken:
                    node.broken = True
                    removable = key is None or key.text not in self._needed
                    yield bad_value(file, node, key, misfit, removable=removable)


def _enough(found: Iterator[Misfit]) -> Iterator[Misfit]:
    """Misfits, until they come to more findings than are shown."""
    told = 0
    for misfit in found:
        yield misfit
        told += _told(misfit)
        if told > MAX_FINDINGS:
            return


def _told(misfit: Misfit) -> int:
    """How many findings a misfit comes to: one tells all the unknown keys of a mapping."""
    return len(misfit.words) if misfit.rule == "additionalProperties" else 1


@cache
def links_shape() -> Shape:
    """The shape of links.yaml."""
    return Shape(shape(), compiled(shape()))


def _plain(node: Node) -> Json:
    """The values alone, without what is broken. References count as the text that they are."""
    if isinstance(node, Scalar):
        value = node.value
        return node.text if isinstance(value, Template) else value
    if isinstance(node, Sequence):
        return [_plain(item) for item in node.items if not item.broken]
    return {name: _plain(value) for name, value in node.values.items() if not value.broken}


class _Finder:
    """Finds nodes by their paths in the plain values."""

    def __init__(self, root: Node) -> None:
        self._root = root
        self._items: dict[int, list[Node]] = {}

    def node(self, path: List[str | int]) -> Node:
        """The node that a path leads to."""
        node = self._root
        for part in path:
            if isinstance(node, Mapping) and isinstance(part, str):
                node = node.values[part]
            elif isinstance(node, Sequence) and isinstance(part, int):
                node = self._whole(node)[part]
        return node

    def key(self, path: List[str | int]) -> Scalar | None:
        """The key that the node at the end of a path stands under."""
        if not path or not isinstance(path[-1], str):
            return None
        owner = self.node(path[:-1])
        return owner.keys[path[-1]] if isinstance(owner, Mapping) else None

    def _whole(self, node: Sequence) -> list[Node]:
        if id(node) not in self._items:
            self._items[id(node)] = [item for item in node.items if not item.broken]
        return self._items[id(node)]


def _stand_in(node: Mapping, name: str, misfit: Misfit) -> None:
    """A misspelt key counts as the key that was meant, with a value that is not looked at: one slip, one line."""
    node.values[name].broken = True
    known = misfit.known_keys()
    if is_itself_the_name(node, misfit):
        meant: str | None = "name"
    else:
        meant = glued_key(name, known) or closest(name, known)
    if meant is not None and meant not in node.values:
        node.keys[meant] = node.keys[name]
        node.values[meant] = node.values[name]


def _needed(part: Json) -> Iterator[str]:
    """Every key that some mapping cannot do without."""
    if isinstance(part, dict):
        required = part.get("required")
        yield from (str(name) for name in (required if isinstance(required, list) else ()))
    below = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    for value in below:
        yield from _needed(value)


def _names(part: Json) -> Iterator[str]:
    """Every key that the schema knows, wherever."""
    if isinstance(part, dict):
        properties = part.get("properties")
        yield from properties if isinstance(properties, dict) else ()
    below = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    for value in below:
        yield from _names(value)


def _homes(document: dict[str, Json]) -> dict[str, list[str]]:
    """For each key, the places that know it."""
    homes: dict[str, list[str]] = {}
    parts = document["$defs"]
    for place, words in _PLACES.items():
        owner = parts.get(place) if place and isinstance(parts, dict) else document
        properties = owner.get("properties") if isinstance(owner, dict) else None
        for name in properties if isinstance(properties, dict) else ():
            homes.setdefault(name, []).append(words)
    return homes
