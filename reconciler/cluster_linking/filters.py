"""Filters as servers store them: JSON text in one config value (cluster-linking reference, section 6).

Text is parsed into typed rows and made from them; properties that are new to us survive the round trip.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from reconciler.model.filters import (
    AclFilter,
    FilterKind,
    FilterSet,
    FilterType,
    NameFilter,
    PatternType,
    property_text,
)

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Extra: TypeAlias = tuple[tuple[str, str], ...]

_LISTS = {
    FilterKind.GROUP: "groupFilters",
    FilterKind.TOPIC: "topicFilters",
    FilterKind.ACL: "aclFilters",
}
_RESOURCE = ("resourceType", "name", "patternType")
_ACCESS = ("principal", "host", "operation", "permissionType")


def parse_filters(kind: FilterKind, text: str | None) -> FilterSet:
    """Typed rows of a config value; none for a value that is unset or empty.

    Raises:
        ValueError: the text is not a filter of this kind. The message quotes nothing of it.
    """
    if text is None or not text.strip():
        return frozenset[NameFilter]()
    rows = _rows(_LISTS[kind], text)
    if kind is FilterKind.ACL:
        return frozenset(_acl_row(row) for row in rows)
    return frozenset(_name_row(row) for row in rows)


def filter_text(kind: FilterKind, filters: FilterSet) -> str:
    """The config value for these rows, sorted, so that the same filter is always the same text."""
    rows = [_name_json(row) if isinstance(row, NameFilter) else _acl_json(row) for row in filters]
    rows.sort(key=_compact)
    return _compact({_LISTS[kind]: list(rows)})


def _rows(list_name: str, text: str) -> list[dict[str, Json]]:
    try:
        document: Json = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("it is not JSON") from None
    # A property beside the list would be lost when the filter is written back, so it is not understood at all.
    if not isinstance(document, dict) or set(document) != {list_name}:
        raise ValueError(f"it is not an object with `{list_name}` alone")
    rows = document[list_name]
    if not isinstance(rows, list):
        raise ValueError(f"`{list_name}` is not a list")  # noqa: TRY004 - a wrong text, not a wrong argument
    return [_object(row, "a row") for row in rows]


def _name_row(row: Mapping[str, Json]) -> NameFilter:
    return NameFilter(
        name=_word(row, "name"),
        pattern_type=_word(row, "patternType", PatternType.LITERAL).upper(),
        filter_type=_word(row, "filterType", FilterType.INCLUDE).upper(),
        extra=_extra(row, known={"name", "patternType", "filterType"}),
    )


def _acl_row(row: Mapping[str, Json]) -> AclFilter:
    resource = _object(row.get("resourceFilter"), "`resourceFilter`")
    access = _object(row.get("accessFilter"), "`accessFilter`")
    return AclFilter(
        resource_type=acl_word(_word(resource, "resourceType")),
        resource_pattern_type=acl_word(_word(resource, "patternType")),
        operation=acl_word(_word(access, "operation")),
        permission_type=acl_word(_word(access, "permissionType")),
        resource_name=_word(resource, "name", ""),
        principal=_word(access, "principal", ""),
        host=_word(access, "host", ""),
        extra=tuple(
            sorted(
                (
                    *_extra(row, known={"resourceFilter", "accessFilter"}),
                    *_extra(resource, known=set(_RESOURCE), under="resourceFilter."),
                    *_extra(access, known=set(_ACCESS), under="accessFilter."),
                )
            )
        ),
    )


def acl_word(word: str) -> str:
    """One spelling for an ACL word: `DESCRIBE_CONFIGS` and `DescribeConfigs` are `describeConfigs`."""
    if "_" in word or word.isupper():
        head, *tail = word.lower().split("_")
        return head + "".join(part.capitalize() for part in tail)
    return word[:1].lower() + word[1:]


def _name_json(row: NameFilter) -> dict[str, Json]:
    return {
        "name": row.name,
        "patternType": str(row.pattern_type),
        "filterType": str(row.filter_type),
        **{name: json.loads(value) for name, value in row.extra},
    }


def _acl_json(row: AclFilter) -> dict[str, Json]:
    resource: dict[str, Json] = {
        "resourceType": row.resource_type,
        "patternType": row.resource_pattern_type,
        **({"name": row.resource_name} if row.resource_name else {}),
        **_values(row.extra, under="resourceFilter."),
    }
    access: dict[str, Json] = {
        **({"principal": row.principal} if row.principal else {}),
        **({"host": row.host} if row.host else {}),
        "operation": row.operation,
        "permissionType": row.permission_type,
        **_values(row.extra, under="accessFilter."),
    }
    return {
        "resourceFilter": resource,
        "accessFilter": access,
        **_values(row.extra, under=""),
    }


def _extra(row: Mapping[str, Json], *, known: set[str], under: str = "") -> Extra:
    """Properties that are new to us, each with its JSON text."""
    return tuple(sorted((under + k, property_text(v)) for k, v in row.items() if k not in known))


def _values(extra: Iterable[tuple[str, str]], *, under: str) -> dict[str, Json]:
    """The way back from `_extra`, for the properties that belong directly under that prefix."""
    if under:
        return {k.removeprefix(under): json.loads(v) for k, v in extra if k.startswith(under)}
    return {k: json.loads(v) for k, v in extra if not re.match(r"(resource|access)Filter\.", k)}


def _word(row: Mapping[str, Json], key: str, default: str | None = None) -> str:
    value = row.get(key)
    if value is None and default is not None:
        return default
    if isinstance(value, str):
        return value
    raise ValueError(f"`{key}` of a row is missing or not a text")


def _object(value: Json, what: str) -> dict[str, Json]:
    if isinstance(value, dict):
        return value
    raise ValueError(f"{what} is not an object")


def _compact(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
