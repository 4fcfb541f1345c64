"""Make the written and the live spelling of one thing equal, so that a plan never shows a change that is none.

Whose job it is: `spec` writes configs in Kafka's spelling, an engine's reader gives values as the server said
them; neither knows the other. Here, and only here, both are brought into one form before they are compared:

- booleans whatever their case, numbers whatever their zeros, lists whatever their order and blanks, words from a
  closed choice whatever their case; names that the catalogue does not know letter by letter;
- filters as sets, their words whatever their case (`ANY` and `any`, `DESCRIBE_CONFIGS` and `describeConfigs`);
- properties of a filter row that linkctl does not know are kept: when the file does not speak of them, the
  live ones are added to the wanted row, and the ordinary comparison then leaves them alone.

What a change shows is the original spelling of both sides, never the normal form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reconciler.model.catalogue import Catalogue, ConfigType, LinkConfig
from reconciler.model.filters import AclFilter, Filter, FilterKind, FilterSet, NameFilter

TRUE, FALSE = "true", "false"


def canonical(value: str, known: LinkConfig | None) -> str:
    """The normal form of a link config's value; two values mean the same when their normal forms are equal."""
    text = value.strip()
    if known is None:
        return text
    match known.type:
        case ConfigType.BOOLEAN:
            return text.lower()
        case ConfigType.INT | ConfigType.LONG:
            return _number(text)
        case ConfigType.LIST:
            return ",".join(sorted({part.strip() for part in text.split(",") if part.strip()}))
        case _:
            return text.upper() if known.choices else text


def same_value(name: str, one: str | None, other: str | None, catalogue: Catalogue) -> bool:
    """Whether two values of a link config mean the same; a missing one means the documented default."""
    known = catalogue.get(name)
    default = known.default if known else None
    first, second = (default if value is None else value for value in (one, other))
    if first is None or second is None:
        return first is second
    return canonical(first, known) == canonical(second, known)


def same_topic_value(one: str | None, other: str) -> bool:
    """Whether two values of a topic config mean the same. The catalogue has no types for these: what reads as
    a number or a boolean on both sides is compared as such.
    """
    if one is None:
        return False
    if {one.strip().lower(), other.strip().lower()} <= {TRUE, FALSE}:
        return one.strip().lower() == other.strip().lower()
    return _number(one.strip()) == _number(other.strip())


def is_on(value: str | None) -> bool:
    """Whether a switch is on."""
    return value is not None and value.strip().lower() == TRUE


def wanted_rows(wanted: FilterSet, live: FilterSet) -> frozenset[Filter]:
    """The wanted rows in the live side's spelling, with the live rows' unknown properties carried over."""
    spelled: dict[Filter, Filter] = {}
    rows: frozenset[Filter] = frozenset(live)
    for row in sorted(rows, key=repr):
        spelled.setdefault(_bare(_folded(row)), row)
    return frozenset(_adopted(row, spelled.get(_bare(_folded(row)))) for row in wanted)


def typed_rows(kind: FilterKind, rows: frozenset[Filter]) -> FilterSet:
    """Rows as the set type of their kind."""
    if kind is FilterKind.ACL:
        return frozenset(row for row in rows if isinstance(row, AclFilter))
    return frozenset(row for row in rows if isinstance(row, NameFilter))


def sorted_rows(rows: frozenset[Filter]) -> tuple[Filter, ...]:
    """Rows in an order that does not depend on the set."""
    names = sorted(row for row in rows if isinstance(row, NameFilter))
    acls = sorted(row for row in rows if isinstance(row, AclFilter))
    return (*names, *acls)


def by_kind(filters: Mapping[FilterKind, FilterSet]) -> tuple[tuple[FilterKind, FilterSet], ...]:
    """Filters in a fixed order."""
    return tuple((kind, filters[kind]) for kind in FilterKind if kind in filters)


def _number(text: str) -> str:
    try:
        return str(int(text))
    except ValueError:
        return text


def _adopted(row: Filter, live: Filter | None) -> Filter:
    """The live row itself when it means the same; a row that names extra properties has to match them too."""
    if live is None or (row.extra and row.extra != live.extra):
        return row
    return live


def _folded(row: Filter) -> Filter:
    match row:
        case NameFilter():
            return replace(
                row, pattern_type=_word(row.pattern_type), filter_type=_word(row.filter_type)
            )
        case AclFilter():
            return replace(
                row,
                resource_type=_word(row.resource_type),
                resource_pattern_type=_word(row.resource_pattern_type),
                operation=_word(row.operation),
                permission_type=_word(row.permission_type),
            )


def _bare(row: Filter) -> Filter:
    return replace(row, extra=())


def _word(word: str) -> str:
    return word.replace("_", "").casefold()
