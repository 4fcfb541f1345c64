"""One input file from bytes to what was written, with everything that is wrong with it on its own."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from collections.abc import Mapping as Dict
from typing import NamedTuple, TypeAlias

from reconciler.model.diagnostics import Diagnostic
from reconciler.model.secrets import Reference, Template
from reconciler.spec.building import read_nodes
from reconciler.spec.findings import Findings, error
from reconciler.spec.nodes import Mapping, Node, Scalar, Sequence, position
from reconciler.spec.read import AUTH_SECRETS, read_document
from reconciler.spec.references import Expander
from reconciler.spec.schema import links_shape
from reconciler.spec.sources import Source
from reconciler.spec.text import decode
from reconciler.spec.written import Document


class Parsed(NamedTuple):
    """A file that could be read; `references` are those that stand where references may."""

    document: Document
    references: tuple[Reference, ...]


def parse(source: Source, variables: Dict[str, str], findings: Findings) -> Parsed | None:
    """What a file says, or None when too little of it could be read to go on."""
    text = decode(source.name, source.data)
    if isinstance(text, Diagnostic):
        findings.append(text)
        return None
    expand = Expander(variables, findings).expand
    root = read_nodes(source.name, source.data, text, expand, findings)
    if root is None:
        return None
    if not isinstance(root, Mapping):
        findings.append(
            error(
                code="not-a-mapping",
                at=position(source.name, root),
                message="the document is not a mapping",
                cure="begin with `version: 1`, `clusters:` and `links:` at the left edge",
            )
        )
        return None
    root = _without_extensions(root)
    references = _place_references(source.name, root, findings) if "${" in text else ()
    links_shape().check(source.name, root, findings)
    return Parsed(read_document(source.name, root), references)


def _without_extensions(root: Mapping) -> Mapping:
    """Top-level keys that begin with `x-` are a home for anchors: nobody looks into them."""
    for name in [name for name in root.values if name.startswith("x-")]:
        del root.values[name], root.keys[name]
    return root


def _place_references(file: str, root: Mapping, findings: Findings) -> tuple[Reference, ...]:
    """All references, after the ones that stand where none may have been refused."""
    areas = {(id(owner), name): node for owner, name, node in _secret_areas(root)}
    for scalar in _templates(root, areas.keys()):
        if not scalar.broken:
            scalar.broken = True
            findings.append(
                error(
                    code="reference-not-allowed",
                    at=position(file, scalar),
                    message="`${env:…}` and `${file:…}` are secrets and cannot be used here",
                    cure="use `${var:NAME}` for plain text; references belong into `auth`, `keyPassword` and `credentials`",
                )
            )
    return tuple(
        reference
        for area in areas.values()
        for scalar in _templates(area, ())
        if isinstance(scalar.value, Template)
        for reference in scalar.value.references
    )


_Area: TypeAlias = tuple[Mapping, str, Node]


def _secret_areas(root: Mapping) -> Iterator[_Area]:
    """The places where references may stand: a mapping, the key in it, and the node under that key."""
    for cluster in _values(root.values.get("clusters")):
        for _, _, auth in _under(cluster, "auth"):
            for kind in _values(auth):
                yield from _under(kind, *AUTH_SECRETS)
        for _, _, tls in _under(cluster, "tls"):
            yield from _under(tls, "keyPassword")
    links = root.values.get("links")
    for link in links.items if isinstance(links, Sequence) else ():
        yield from _under(link, "credentials")
        for _, _, sides in _under(link, "sides"):
            for side in _values(sides):
                yield from _under(side, "credentials")
    yield from _under(root.values.get("defaults"), "credentials")


def _under(node: Node | None, *names: str) -> Iterator[_Area]:
    if isinstance(node, Mapping):
        yield from ((node, name, node.values[name]) for name in names if name in node.values)


def _values(node: Node | None) -> Iterator[Node]:
    if isinstance(node, Mapping):
        yield from node.values.values()


def _templates(node: Node, but: Collection[tuple[int, str]]) -> Iterator[Scalar]:
    """The scalars below a node that hold references, without those in the places of `but`."""
    match node:
        case Scalar():
            if isinstance(node.value, Template):
                yield node
        case Sequence():
            for item in node.items:
                yield from _templates(item, but)
        case Mapping():
            for name, value in node.values.items():
                if (id(node), name) not in but:
                    yield from _templates(value, but)
