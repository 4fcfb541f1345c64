"""Filter lists: from nodes to the typed rows of the model."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Dict
from typing import Final

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
from reconciler.spec.written import FilterList, FilterRow, Stranger

_NAME_ROW: Final = {"": frozenset({"name", "patternType", "filterType"})}
_ACL_ROW: Final = {
    "": frozenset({"resourceFilter", "accessFilter"}),
    "resourceFilter": frozenset({"resourceType", "patternType", "name"}),
    "accessFilter": frozenset({"operation", "permissionType", "principal", "host"}),
}


def row_keys(kind: FilterKind) -> Dict[str, frozenset[str]]:
    """The keys of a row that are known: its own (under an empty text) and those of each mapping in it."""
    return _ACL_ROW if kind is FilterKind.ACL else _NAME_ROW


def read_filters(section: View, key: str, kind: FilterKind) -> FilterList:
    """The list under a key of a link or side; rows whose shape was refused are left out."""
    read = _acl_row if kind is FilterKind.ACL else _name_row
    sequence = section.sequence(key)
    rows = [(view, read(view)) for view in section.mappings(key)]
    return FilterList(
        section.key_at(key),
        tuple(
            FilterRow(row, view.at, _strangers(view, kind) if row.extra else ())
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
        extra=_extra(view, FilterKind.GROUP),
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
        extra=_extra(view, FilterKind.ACL),
    )


def _text(view: View, name: str) -> str:
    word = view.word(name)
    return word.text if word else ""


def _extra(row: View, kind: FilterKind) -> tuple[tuple[str, str], ...]:
    """Properties of a row that we do not know, kept as JSON: servers may know more than we do."""
    extra = [
        (f"{owner}.{name}" if owner else name, property_text(_plain(node)))
        for owner, view, name in _unknown(row, kind)
        if (node := view.get(name)) is not None
    ]
    return tuple(sorted(extra))


def _strangers(row: View, kind: FilterKind) -> tuple[Stranger, ...]:
    """Where the properties stand that are kept as they are."""
    return tuple(
        Stranger(owner, name, view.key_at(name)) for owner, view, name in _unknown(row, kind)
    )


def _unknown(row: View, kind: FilterKind) -> Iterator[tuple[str, View, str]]:
    for owner, known in row_keys(kind).items():
        view = row.view(owner) if owner else row
        for name, _ in view.items() if view else ():
            if view is not None and name not in known:
                yield owner, view, name


def _plain(node: Node) -> object:
    match node:
        case Scalar():
            return node.value if isinstance(node.value, str | int | float | None) else node.text
        case Sequence():
            return [_plain(item) for item in node.items]
        case Mapping():
            return {name: _plain(value) for name, value in node.values.items()}
