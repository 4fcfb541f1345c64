"""Rules on filters: conflicts, rows that can never matter, and the switch that each list needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.model.catalogue import Catalogue, FilterFamily
from reconciler.model.diagnostics import Diagnostic, Position
from reconciler.model.filters import AclFilter, FilterKind, FilterType, NameFilter, PatternType
from reconciler.spec.findings import MAX_RELATED, closest, error, shown, warning
from reconciler.spec.glob_relations import ALPHABET
from reconciler.spec.globs import Beginnings
from reconciler.spec.halves import Half
from reconciler.spec.read import FILTER_KEYS
from reconciler.spec.read_filters import row_keys
from reconciler.spec.written import FilterList, FilterRow, SectionEntry

_KEYS = {kind: key for key, kind in FILTER_KEYS.items()}


def check_filters(section: SectionEntry) -> Iterator[Diagnostic]:
    """What can be said of the lists where they are written."""
    for kind, listed in section.filters.items():
        for row in listed.rows:
            yield from _unknown_properties(kind, row)
        yield from _repeated(listed)
        if kind is not FilterKind.ACL:
            yield from _dead(kind, listed)


def _unknown_properties(kind: FilterKind, row: FilterRow) -> Iterator[Diagnostic]:
    for owner, name, at in row.strangers:
        near = closest(name, row_keys(kind)[owner])
        if near:
            yield error(
                code="unknown-key",
                at=at,
                message=f"{shown(name)} is not known in a filter row",
                cure=f"did you mean `{near}`?",
            )
        else:
            yield warning(
                code="unknown-filter-property",
                at=at,
                message=f"{shown(name)} is not a property of filter rows that linkctl knows",
                cure="check the name; servers learn new ones, so it is sent as it is",
            )


def _repeated(listed: FilterList) -> Iterator[Diagnostic]:
    first: dict[NameFilter | AclFilter, FilterRow] = {}
    for row in listed.rows:
        if row.row in first:
            yield warning(
                code="repeated-filter",
                at=row.at,
                message="this row repeats an earlier one",
                cure="remove it",
                related=(first[row.row].at,),
            )
        else:
            first[row.row] = row


def _dead(kind: FilterKind, listed: FilterList) -> Iterator[Diagnostic]:
    rows = [(row, row.row) for row in listed.rows if isinstance(row.row, NameFilter)]
    dead: dict[Position, list[Position]] = {}
    excludes = _Shadows([pair for pair in rows if pair[1].filter_type == FilterType.EXCLUDE])
    for row, name_filter in rows:
        if kind is FilterKind.TOPIC and _no_topic(name_filter):
            yield warning(
                code="no-such-name",
                at=row.at,
                message="no topic can have a name like this, so the row has no effect",
                cure="topic names have 1 to 249 letters, digits, `.`, `_` and `-`; correct the name, or remove the row",
            )
        if "*" in name_filter.name[1:] + name_filter.name[:-1] and _is_literal(name_filter):
            yield warning(
                code="star-in-name",
                at=row.at,
                message="with LITERAL, `*` means every name only where it stands alone",
                cure="write the beginning of the names with `patternType: PREFIXED`",
            )
        if name_filter.pattern_type == PatternType.PREFIXED and "*" in name_filter.name:
            yield warning(
                code="star-in-prefix",
                at=row.at,
                message="with PREFIXED, `*` is an ordinary character and matches nothing else",
                cure="remove the `*`: PREFIXED already means every name that begins so",
            )
        if name_filter.filter_type != FilterType.INCLUDE:
            continue
        shadow = excludes.over(name_filter)
        if shadow is not None:
            dead.setdefault(shadow.at, []).append(row.at)
    for at, includes in dead.items():
        yield _shadowed(at, includes)
    if rows and listed.complete and not any(r.filter_type == FilterType.INCLUDE for _, r in rows):
        yield warning(
            code="nothing-included",
            at=listed.at,
            message="the list has no INCLUDE, so it selects nothing",
            cure='add an INCLUDE, such as `{name: "*"}`',
        )


def _shadowed(at: Position, includes: Sequence[Position]) -> Diagnostic:
    many = len(includes) > 1
    return warning(
        code="dead-filter",
        at=at,
        message=f"this EXCLUDE keeps out everything that {len(includes):,} INCLUDEs let in, so they have no effect"
        if many
        else "this EXCLUDE keeps out everything that an INCLUDE lets in, so the INCLUDE has no effect",
        cure="remove the EXCLUDE, or the INCLUDEs" if many else "remove one of the two",
        related=tuple(includes[:MAX_RELATED]),
    )


def _is_literal(row: NameFilter) -> bool:
    return row.pattern_type == PatternType.LITERAL


def _no_topic(row: NameFilter) -> bool:
    """Whether a row is about names that no topic can have. What a `*` means is said elsewhere."""
    strange = not ALPHABET.issuperset(row.name.replace("*", ""))
    return strange or len(row.name) > 249 or (_is_literal(row) and row.name in {".", ".."})


class _Shadows:
    """The EXCLUDE rows, looked up by what they cover: a name or all names that begin so."""

    def __init__(self, rows: list[tuple[FilterRow, NameFilter]]) -> None:
        self._literal = {f.name: row for row, f in rows if f.pattern_type == PatternType.LITERAL}
        self._prefixed = {f.name: row for row, f in rows if f.pattern_type == PatternType.PREFIXED}
        self._beginnings = Beginnings(self._prefixed)

    def over(self, include: NameFilter) -> FilterRow | None:
        """An EXCLUDE that covers all that an INCLUDE does."""
        if "*" in self._literal:
            return self._literal["*"]
        everything = include.name == "*" and include.pattern_type == PatternType.LITERAL
        if everything:
            return None
        if include.pattern_type == PatternType.LITERAL and include.name in self._literal:
            return self._literal[include.name]
        beginning = self._beginnings.of(include.name)
        return self._prefixed[beginning] if beginning is not None else None


def check_switches(half: Half, catalogue: Catalogue) -> Iterator[Diagnostic]:
    """A filter list and the switch that enables it come together (cluster-linking reference, section 5.3)."""
    if not half.hosts_mirrors:
        return
    for kind, family in catalogue.families.items():
        yield from _together(half, kind, family)
    acl = catalogue.families.get(FilterKind.ACL)
    switch = half.configs.get(acl.switch) if acl else None
    if half.prefix is not None and switch is not None and switch.text == "true":
        yield error(
            code="acl-sync-with-prefix",
            at=min(switch.key_at, half.prefix.at),
            message="ACL sync does not work on a link with a prefix",
            cure="turn ACL sync off, or leave the prefix out",
            related=(max(switch.key_at, half.prefix.at),),
        )


def _together(half: Half, kind: FilterKind, family: FilterFamily) -> Iterator[Diagnostic]:
    listed, switch = half.filters.get(kind), half.configs.get(family.switch)
    key = _KEYS[kind]
    if family.switch in half.refused_configs:
        return
    on = switch is not None and switch.text == "true"
    if listed is not None and listed.rows and not on:
        refused = switch is not None and switch.text not in {"true", "false"}
        if not refused:
            places = sorted((listed.at, switch.key_at) if switch else (listed.at,))
            yield error(
                code="filter-without-switch",
                at=places[0],
                message=f"`{key}` has no effect while `{family.switch}` is not true",
                cure=f"{_turned_on(half, family.switch)}, or remove `{key}`: a switch that is off has no rows",
                related=tuple(places[1:]),
            )
    elif on and switch is not None and (listed is None or (not listed.rows and listed.complete)):
        if listed is None and key in half.section.keys:
            return
        places = sorted((listed.at, switch.key_at) if listed else (switch.key_at,))
        there = f" on `{half.side}`" if half.side else ""
        yield error(
            code="switch-without-filter",
            at=places[0],
            message=f"`{family.switch}` is true, and `{key}` selects nothing{there}",
            cure=f"add `{key}`{_under_side(half)}; `{_everything(kind)}` selects everything",
            related=(half.section.at, *places[1:]) if listed is None else tuple(places[1:]),
        )


def _turned_on(half: Half, switch: str) -> str:
    if switch in half.section.configs:
        return f"set `{switch}: true`"
    return f"add `{switch}: true` to `configs`{_under_side(half)}"


def _under_side(half: Half) -> str:
    return f" under `sides`, at `{half.side}`" if half.side else ""


def _everything(kind: FilterKind) -> str:
    if kind is FilterKind.ACL:
        return (
            "[{resourceFilter: {resourceType: any, patternType: any}, "
            "accessFilter: {operation: any, permissionType: any}}]"
        )
    return '[{name: "*"}]'
