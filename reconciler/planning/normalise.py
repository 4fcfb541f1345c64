"""Make the written and the live spelling of one thing equal, so that a plan never shows a change that is none.

Whose job it is: `spec` writes configs in Kafka's spelling, an engine's reader gives values as the server said
them; neither knows the other. Here, and only here, both are brought into one form before they are compared:

- values and words whose spelling servers choose, by the forms of `model/spelling.py`;
- properties of a filter row that linkctl does not know are kept: when the file does not speak of them, the
  live ones are added to the wanted row, and the ordinary comparison then leaves them alone.

What a change shows is the original spelling of both sides, never the normal form.
"""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.catalogue import Catalogue
from reconciler.model.filters import AclFilter, Filter, FilterKind, FilterSet, NameFilter
from reconciler.model.spelling import TRUE, bare, canonical, folded, same_untyped


def same_value(name: str, one: str | None, other: str | None, catalogue: Catalogue) -> bool:
    """Whether two values of a link config mean the same; a missing one means the documented default."""
    known = catalogue.get(name)
    default = known.default if known else None
    first, second = (default if value is None else value for value in (one, other))
    if first is None or second is None:
        return first is second
    return canonical(first, known) == canonical(second, known)


def same_topic_value(one: str | None, other: str) -> bool:
    """Whether two values of a topic config mean the same; the catalogue has no types for these."""
    return one is not None and same_untyped(one, other)


def is_on(value: str | None) -> bool:
    """Whether a switch is on."""
    return value is not None and value.strip().lower() == TRUE


def wanted_rows(wanted: FilterSet, live: FilterSet) -> frozenset[Filter]:
    """The wanted rows in the live side's spelling, with the live rows' unknown properties carried over."""
    spelled: dict[Filter, Filter] = {}
    rows: frozenset[Filter] = frozenset(live)
    for row in sorted(rows, key=repr):
        spelled.setdefault(bare(folded(row)), row)
    return frozenset(_adopted(row, spelled.get(bare(folded(row)))) for row in wanted)


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


def _adopted(row: Filter, live: Filter | None) -> Filter:
    """The live row itself when it means the same; a row that names extra properties has to match them too."""
    if live is None or (row.extra and row.extra != live.extra):
        return row
    return live
