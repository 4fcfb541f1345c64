"""The JSON filters of a link: which groups, topics and ACLs it takes (cluster-linking reference, section 6)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_RULE_KEYS = frozenset({"name", "patternType", "filterType"})
_ACL_RESOURCE_TYPES = frozenset(
    {"any", "topic", "group", "cluster", "transactionalid", "delegationtoken"}
)
_ACL_PATTERNS = frozenset({"any", "match", "literal", "prefixed"})
_ACL_PERMISSIONS = frozenset({"any", "allow", "deny"})
_ACL_OPERATIONS = frozenset(
    {
        "any",
        "all",
        "read",
        "write",
        "create",
        "delete",
        "alter",
        "describe",
        "clusteraction",
        "describeconfigs",
        "alterconfigs",
        "idempotentwrite",
        "createtokens",
        "describetokens",
    }
)


class FilterError(ValueError):
    """The text is not a filter; the message says which part."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of a group or topic filter."""

    name: str
    prefixed: bool
    include: bool

    def matches(self, name: str) -> bool:
        if self.prefixed:
            return name.startswith(self.name)
        return self.name in {"*", name}


@dataclass(frozen=True, slots=True)
class NameFilter:
    """A set of rules: something must include the name and nothing may exclude it; order means nothing."""

    rules: tuple[Rule, ...] = ()

    def matches(self, name: str) -> bool:
        verdicts = {rule.include for rule in self.rules if rule.matches(name)}
        return verdicts == {True}

    def names_internal(self, name: str) -> bool:
        """Whether a rule asks for this internal name on purpose: `*` and `a` never reach `__x`."""
        return any(
            rule.include and rule.name.startswith("_") and rule.matches(name) for rule in self.rules
        )


def parse_name_filter(text: str, list_key: str) -> NameFilter:
    """The rules of a `groupFilters` or `topicFilters` value; the empty text selects nothing. Raises FilterError."""
    if not text.strip():
        return NameFilter()
    rows = _rows(text, list_key)
    return NameFilter(tuple(_rule(row, f"{list_key}[{at}]") for at, row in enumerate(rows)))


def name_rules(text: str, list_key: str) -> int:
    """How many rules a `groupFilters` or `topicFilters` value has. Raises FilterError."""
    return len(parse_name_filter(text, list_key).rules)


def acl_rules(text: str) -> int:
    """How many rules an `aclFilters` value has. Raises FilterError."""
    if not text.strip():
        return 0
    rows = _rows(text, "aclFilters")
    for at, row in enumerate(rows):
        _check_acl_row(row, f"aclFilters[{at}]")
    return len(rows)


def _rows(text: str, list_key: str) -> list[Mapping[str, object]]:
    try:
        document = json.loads(text)
    except ValueError as error:
        reason = f"it is not JSON ({error})"
        raise FilterError(reason) from None
    if not isinstance(document, dict) or set(document) != {list_key}:
        reason = f"it must be an object with the one key '{list_key}'"
        raise FilterError(reason)
    rows = document[list_key]
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        reason = f"'{list_key}' must be an array of objects"
        raise FilterError(reason)
    return rows


def _rule(row: Mapping[str, object], where: str) -> Rule:
    _refuse_unknown(row, _RULE_KEYS, where)
    name = row.get("name")
    if not isinstance(name, str) or not name:
        reason = f"{where} needs a 'name'"
        raise FilterError(reason)
    pattern = _word(row, "patternType", {"literal", "prefixed"}, where)
    # Old servers took a missing filterType for INCLUDE (section 6.1).
    kind = _word({"filterType": "INCLUDE", **row}, "filterType", {"include", "exclude"}, where)
    return Rule(name=name, prefixed=pattern == "prefixed", include=kind == "include")


def _check_acl_row(row: Mapping[str, object], where: str) -> None:
    _refuse_unknown(row, frozenset({"resourceFilter", "accessFilter"}), where)
    resource, access = row.get("resourceFilter"), row.get("accessFilter")
    if not isinstance(resource, dict) or not isinstance(access, dict):
        reason = f"{where} needs a 'resourceFilter' and an 'accessFilter'"
        raise FilterError(reason)
    _refuse_unknown(resource, frozenset({"resourceType", "name", "patternType"}), where)
    _refuse_unknown(access, frozenset({"principal", "host", "operation", "permissionType"}), where)
    _word(resource, "resourceType", _ACL_RESOURCE_TYPES, where)
    _word(resource, "patternType", _ACL_PATTERNS, where)
    _word(access, "operation", _ACL_OPERATIONS, where)
    _word(access, "permissionType", _ACL_PERMISSIONS, where)
    principal = access.get("principal")
    if principal is not None and (not isinstance(principal, str) or ":" not in principal):
        reason = f"{where} has a principal that is not 'Type:name'"
        raise FilterError(reason)


def _refuse_unknown(row: Mapping[str, object], known: frozenset[str], where: str) -> None:
    unknown = sorted(set(row) - known)
    if unknown:
        reason = f"{where} has the unknown key '{unknown[0]}'"
        raise FilterError(reason)


def _word(
    row: Mapping[str, object], key: str, allowed: set[str] | frozenset[str], where: str
) -> str:
    value = row.get(key)
    if not isinstance(value, str) or value.lower() not in allowed:
        reason = f"{where} has no usable '{key}' (one of {', '.join(sorted(allowed)).upper()})"
        raise FilterError(reason)
    return value.lower()
