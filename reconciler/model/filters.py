"""Filters: which consumer groups, topics and ACLs a link takes along.

They are sets: order and repetition mean nothing (cluster-linking reference, section 6).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class FilterKind(StrEnum):
    """The three lists that a link may carry."""

    GROUP = "group"
    TOPIC = "topic"
    ACL = "acl"


class PatternType(StrEnum):
    """How a name is read."""

    LITERAL = "LITERAL"
    PREFIXED = "PREFIXED"


class FilterType(StrEnum):
    """Whether a match lets in or keeps out."""

    INCLUDE = "INCLUDE"
    EXCLUDE = "EXCLUDE"


@dataclass(frozen=True, slots=True, order=True)
class NameFilter:
    """One row of a group or topic filter. `extra` keeps properties that we do not know, sorted by name,
    each value as its JSON text.

    `pattern_type` and `filter_type` are plain words, because a server may know more of them than we do;
    compare them with `PatternType` and `FilterType`.
    """

    name: str
    pattern_type: str = PatternType.LITERAL
    filter_type: str = FilterType.INCLUDE
    extra: tuple[tuple[str, str], ...] = ()

    def matches(self, name: str) -> bool:
        """Whether this row speaks of that name. `*` is a wildcard with LITERAL only, and an ordinary
        character with PREFIXED (cluster-linking reference, section 6.1).
        """
        if self.pattern_type == PatternType.PREFIXED:
            return name.startswith(self.name)
        return self.name in {"*", name}


@dataclass(frozen=True, slots=True, order=True)
class AclFilter:
    """One row of an ACL filter. An empty `name`, `principal` or `host` means any."""

    resource_type: str
    resource_pattern_type: str
    operation: str
    permission_type: str
    resource_name: str = ""
    principal: str = ""
    host: str = ""
    extra: tuple[tuple[str, str], ...] = ()


Filter: TypeAlias = NameFilter | AclFilter


def property_text(value: object) -> str:
    """The JSON text of a property that we do not know: the same for equal values, whoever reads them."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


FilterSet: TypeAlias = frozenset[NameFilter] | frozenset[AclFilter]


def selects(filters: Iterable[NameFilter], name: str) -> bool:
    """Whether a filter set selects a name: at least one INCLUDE matches and no EXCLUDE does.

    Any matching EXCLUDE wins, whatever the order; no match at all means not selected
    (cluster-linking reference, section 6.1).
    """
    included = False
    for row in filters:
        if row.matches(name):
            if row.filter_type == FilterType.EXCLUDE:
                return False
            included = included or row.filter_type == FilterType.INCLUDE
    return included
