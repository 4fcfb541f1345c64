"""One input file from bytes to what was written, with everything that is wrong with it on its own."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice
from typing import NamedTuple, TypeAlias

from reconciler.model.catalogue import Catalogue
from reconciler.model.diagnostics import Diagnostic
from reconciler.model.secrets import Reference, Template
from reconciler.spec.building import read_nodes
from reconciler.spec.findings import MAX_FINDINGS, Findings, error
from reconciler.spec.nodes import Mapping, Node, Scalar, Sequence, position
from reconciler.spec.read import read_document
from reconciler.spec.references import Expander
from reconciler.spec.schema import links_shape
from reconciler.spec.secrecy import sounds_secret
from reconciler.spec.sources import Source
from reconciler.spec.text import decode
from reconciler.spec.written import Document


class Parsed(NamedTuple):
    """A file that could be read; `references` are those that stand where references may."""

    document: Document
    references: tuple[Reference, ...]


def parse(
    source: Source, expander: Expander, catalogue: Catalogue, findings: Findings
) -> Parsed | None:
    """What a file says, or None when too little of it could be read to go on, or too much of it is wrong."""
    text = decode(source.name, source.data)
    if isinstance(text, Diagnostic):
        findings.append(text)
        return None
    root = read_nodes(source.name, source.data, text, expander.expand, findings)
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
    references = _place_references(source.name, root, catalogue, findings) if "${" in text else ()
    if not links_shape().check(source.name, root, catalogue.is_security, findings):
        return None
    return Parsed(read_document(source.name, root), references)


def _without_extensions(root: Mapping) -> Mapping:
    """Top-level keys that begin with `x-` are a home for anchors: nobody looks into them."""
    for name in [name for name in root.values if name.startswith("x-")]:
        del root.values[name], root.keys[name]
    return root


def _place_references(
    file: str, root: Mapping, catalogue: Catalogue, findings: Findings
) -> tuple[Reference, ...]:
    """All references, after the ones that stand where none may have been refused."""
    areas = {(id(owner), name): node for owner, name, node in _secret_areas(root)}
    misplaced = _templates("", root, areas.keys())
    for name, scalar in islice(misplaced, MAX_FINDINGS + 1):
        if not scalar.broken:
            scalar.broken = True
            findings.append(
                error(
                    code="reference-not-allowed",
                    at=position(file, scalar),
                    message="`${env:…}` and `${file:…}` are secrets and cannot be used here",
                    cure=_better_place(name, catalogue),
                )
            )
    return tuple(
        reference
        for area in areas.values()
        for _, scalar in _templates("", area, ())
        if isinstance(scalar.value, Template)
        for reference in scalar.value.references
    )


def _better_place(name: str, catalogue: Catalogue) -> str:
    """The way out for a reference under a key that takes none: never a secret as plain text."""
    if catalogue.is_security(name):
        return f"move `{name}` to `credentials` of the link"
    if "." in name and sounds_secret(name):
        return "remove it: linkctl sends secrets in `auth`, `tls` and `credentials` only"
    return (
        "use `${var:NAME}` for plain text; references are for `auth` and `tls` of a cluster, "
        "and for `credentials` of a link"
    )


_Area: TypeAlias = tuple[Mapping, str, Node]


def _secret_areas(root: Mapping) -> Iterator[_Area]:
    """The places where references may stand: a mapping, the key in it, and the node under that key."""
    for cluster in _values(root.values.get("clusters")):
        yield from _under(cluster, "auth", "tls")
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


def _templates(
    name: str, node: Node, but: Collection[tuple[int, str]]
) -> Iterator[tuple[str, Scalar]]:
    """The scalars below a node that hold references, each with the key that it stands under, without those in the
    places of `but`. `name` is the key of the node itself.
    """
    match node:
        case Scalar():
            if isinstance(node.value, Template):
                yield name, node
        case Sequence():
            for item in node.items:
                yield from _templates(name, item, but)
        case Mapping():
            for key, value in node.values.items():
                if (id(node), key) not in but:
                    yield from _templates(key, value, but)
