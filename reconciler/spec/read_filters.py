"""Filter lists: from nodes to the typed rows of the model."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.diagnostics import Position
from reconciler.model.filters import (
    AclFilter,
    Filter,
    FilterKind,
    FilterType,
    NameFilter,
    PatternType,
    property_text,
)
from reconciler.spec.nodes import Mapping, Node, Scalar, Sequence
from reconciler.spec.view import View
from reconciler.spec.written import FilterList, FilterRow

NAME_ROW_KEYS = frozenset({"name", "patternType", "filterType"})
ACL_ROW_KEYS = frozenset({"resourceFilter", "accessFilter"})
ACL_RESOURCE_KEYS = frozenset({"resourceType", "patternType", "name"})
ACL_ACCESS_KEYS = frozenset({"operation", "permissionType", "principal", "host"})


def read_filters(section: View, key: str, kind: FilterKind) -> FilterList:
    """The list under a key of a link or side; rows whose shape was refused are left out."""
    read = _acl_row if kind is FilterKind.ACL else _name_row
    sequence = section.sequence(key)
    rows = [(view, read(view)) for view in section.mappings(key)]
    return FilterList(
        section.key_at(key),
        tuple(
            FilterRow(row, view.at, dict(_places(view, row)) if row.extra else {})
            for view, row in rows
            if row is not None
        ),
        complete=sequence is not None
        and len(rows) == len(sequence.items)
        and all(row is not None for _, row in rows),
    )


def _name_row(view: View) -> Filter | None:
    name, pattern, kind = view.word("name"), view.word("patternType"), view.word("filterType")
    if (
        name is None
        or (pattern is None and "patternType" in view)
        or (kind is None and "filterType" in view)
    ):
        return None
    return NameFilter(
        name.text,
        pattern.text if pattern else PatternType.LITERAL,
        kind.text if kind else FilterType.INCLUDE,
        extra=_extra(view, NAME_ROW_KEYS),
    )


def _acl_row(view: View) -> Filter | None:
    resource, access = view.view("resourceFilter"), view.view("accessFilter")
    if resource is None or access is None:
        return None
    words = [
        resource.word("resourceType"),
        resource.word("patternType"),
        access.word("operation"),
        access.word("permissionType"),
    ]
    if any(word is None for word in words):
        return None
    resource_type, resource_pattern, operation, permission = (w.text for w in words if w)
    return AclFilter(
        resource_type,
        resource_pattern,
        operation,
        permission,
        resource_name=_text(resource, "name"),
        principal=_text(access, "principal"),
        host=_text(access, "host"),
        extra=(
            *_extra(access, ACL_ACCESS_KEYS, "accessFilter."),
            *_extra(view, ACL_ROW_KEYS),
            *_extra(resource, ACL_RESOURCE_KEYS, "resourceFilter."),
        ),
    )


def _text(view: View, name: str) -> str:
    word = view.word(name)
    return word.text if word else ""


def _extra(view: View, known: frozenset[str], path: str = "") -> tuple[tuple[str, str], ...]:
    """Properties of a row that we do not know, kept as JSON: servers may know more than we do."""
    extra = [
        (path + name, property_text(_plain(node)))
        for name, node in view.items()
        if name not in known
    ]
    return tuple(sorted(extra))


def _places(view: View, row: Filter) -> Iterator[tuple[str, Position]]:
    """Where the properties stand that are kept as they are."""
    for path, _ in row.extra:
        owner, _, name = path.rpartition(".")
        inner = view.view(owner) if owner else view
        if inner is not None:
            yield path, inner.key_at(name)


def _plain(node: Node) -> object:
    match node:
        case Scalar():
            return node.value if isinstance(node.value, str | int | float | None) else node.text
        case Sequence():
            return [_plain(item) for item in node.items]
        case Mapping():
            return {name: _plain(value) for name, value in node.values.items()}
