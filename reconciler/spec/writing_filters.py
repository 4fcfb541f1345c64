"""Filters as rows of links.yaml: the way back from `groupFilters`, `topicFilters` and `aclFilters`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from reconciler.model.filters import AclFilter, Filter, FilterKind, FilterSet, NameFilter
from reconciler.model.secrets import Template
from reconciler.spec.read import FILTER_KEYS
from reconciler.spec.shape import shape
from reconciler.spec.validators import Json, Validator, compiled
from reconciler.spec.writing import Noted, Plain, Row

KEYS = {kind: key for key, kind in FILTER_KEYS.items()}
"""The key of links.yaml that holds each kind of filter."""


def filter_rows(filters: FilterSet) -> tuple[Row, ...]:
    """Rows in an order that does not depend on the set."""
    names = sorted(row for row in filters if isinstance(row, NameFilter))
    acls = sorted(row for row in filters if isinstance(row, AclFilter))
    return (*map(filter_row, names), *map(filter_row, acls))


def filter_row(row: Filter) -> Row:
    """One row, with the properties that we do not know at their places."""
    return Row(_name_row(row) if isinstance(row, NameFilter) else _acl_row(row))


def can_be_written(kind: FilterKind, filters: FilterSet) -> bool:
    """Whether links.yaml knows all words of these rows: servers may know more, in any version."""
    return _validator(kind).is_valid([_bare(row) for row in filter_rows(filters)])


@cache
def _validator(kind: FilterKind) -> Validator:
    return compiled({"$defs": shape()["$defs"], "$ref": f"#/$defs/{KEYS[kind]}"})


def _bare(value: Plain) -> Json:
    if isinstance(value, Noted | Row):
        return _bare(value.value if isinstance(value, Noted) else value.values)
    if isinstance(value, Mapping):
        return {name: _bare(below) for name, below in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_bare(below) for below in value]
    return str(value) if isinstance(value, Template) else value


def _name_row(row: NameFilter) -> Mapping[str, Plain]:
    return {
        "name": row.name,
        "patternType": str(row.pattern_type),
        "filterType": str(row.filter_type),
        **_under("", row.extra),
    }


def _acl_row(row: AclFilter) -> Mapping[str, Plain]:
    resource: dict[str, Plain] = {
        "resourceType": row.resource_type,
        "patternType": row.resource_pattern_type,
        **({"name": row.resource_name} if row.resource_name else {}),
        **_under("resourceFilter.", row.extra),
    }
    access: dict[str, Plain] = {
        "operation": row.operation,
        "permissionType": row.permission_type,
        **({"principal": row.principal} if row.principal else {}),
        **({"host": row.host} if row.host else {}),
        **_under("accessFilter.", row.extra),
    }
    return {
        "resourceFilter": Row(resource),
        "accessFilter": Row(access),
        **_under("", row.extra),
    }


def _under(place: str, extra: Iterable[tuple[str, str]]) -> dict[str, Plain]:
    places = ("resourceFilter.", "accessFilter.")
    return {
        path.removeprefix(place): json.loads(text)
        for path, text in extra
        if (path.startswith(place) if place else not path.startswith(places))
    }
