"""What differs between the declared and the live properties of one object.

    declared       live           outcome
    ------------   ------------   ------------------------------------------------------------------
    value          same           nothing (equal after normalising)
    value          other          before -> after
    value          not set        default -> after; nothing when the value is the default
    reset          set            before -> server's default
    reset          default        nothing
    secret         set            nothing: set can be seen, the value cannot (but see `secrets.py`)
    secret         not set        a hidden change that names its reference
    filter rows    other rows     rows added, rows removed
    (nothing)      anything       nothing: only what is declared is compared

Mappings are compared as wholes first; only a pair that is known to differ is taken apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconciler.model.catalogue import Catalogue
from reconciler.model.changes import Delta, FieldDelta, FilterDelta
from reconciler.model.desired import DesiredHalf
from reconciler.model.filters import Filter, FilterKind
from reconciler.model.observed import ObservedConfig
from reconciler.model.secrets import Reference, Template
from reconciler.model.spelling import canonical
from reconciler.planning.normalise import (
    by_kind,
    same_topic_value,
    same_value,
    sorted_rows,
)

BOOTSTRAP = "bootstrap.servers"
PREFIX = "prefix"

LiveConfigs = Mapping[str, ObservedConfig]


def config_deltas(
    wanted: Mapping[str, str], live: LiveConfigs, catalogue: Catalogue
) -> tuple[FieldDelta, ...]:
    """Plain configs that differ, by name. Hidden ones differ only when the server shows them as not set."""
    hidden = {name for name in wanted if is_hidden(name, live, catalogue)}
    plain = {name: value for name, value in wanted.items() if name not in hidden}
    before = {name: _seen(name, live, catalogue) for name in plain}
    after = {name: canonical(value, catalogue.get(name)) for name, value in plain.items()}
    unset = (FieldDelta(name, hidden=True) for name in hidden if not is_set(name, live))
    changed = (
        FieldDelta(name, before=_value(name, live), after=plain[name])
        for name in _differing(before, after)
    )
    return tuple(sorted((*unset, *changed), key=lambda delta: delta.name))


def credential_deltas(
    wanted: Mapping[str, Template], live: LiveConfigs, catalogue: Catalogue
) -> tuple[FieldDelta, ...]:
    """Security configs that differ: secrets only when the server shows them as not set."""
    literals = {
        name: plain
        for name, template in wanted.items()
        if not is_hidden(name, live, catalogue) and (plain := literal(template)) is not None
    }
    unset = (
        FieldDelta(name, hidden=True, reference=origin(wanted[name]))
        for name in wanted
        if name not in literals and not is_set(name, live)
    )
    changed = config_deltas(literals, live, catalogue)
    return tuple(sorted((*unset, *changed), key=lambda delta: delta.name))


def reset_deltas(
    names: Iterable[str], live: LiveConfigs, catalogue: Catalogue
) -> tuple[FieldDelta, ...]:
    """Configs that somebody has set and that have to go back to the server's default."""
    return tuple(
        FieldDelta(name, before=_value(name, live), hidden=is_hidden(name, live, catalogue))
        for name in sorted(names)
        if overridden(name, live, catalogue)
    )


def topic_deltas(wanted: Mapping[str, str], live: LiveConfigs) -> tuple[FieldDelta, ...]:
    """Topic configs of a mirror's own that differ."""
    return tuple(
        FieldDelta(name, before=_value(name, live), after=value)
        for name, value in sorted(wanted.items())
        if not same_topic_value(_value(name, live), value)
    )


def filter_delta(
    kind: FilterKind, wanted: frozenset[Filter], live: frozenset[Filter]
) -> FilterDelta | None:
    """Rows that a filter has to gain and to lose; None when it is as wanted."""
    if wanted == live:
        return None
    return FilterDelta(kind, added=sorted_rows(wanted - live), removed=sorted_rows(live - wanted))


def creation_deltas(half: DesiredHalf, catalogue: Catalogue) -> tuple[Delta, ...]:
    """All that a new link object is given."""
    plain = dict(half.configs)
    if half.bootstrap_servers is not None:
        plain[BOOTSTRAP] = half.bootstrap_servers
    if half.prefix:
        plain[PREFIX] = half.prefix
    fields = [_given(name, value, catalogue) for name, value in plain.items()]
    fields += [_given_credential(name, t, catalogue) for name, t in half.credentials.items()]
    rows = (
        FilterDelta(kind, added=sorted_rows(frozenset(rows)))
        for kind, rows in by_kind(half.filters)
        if rows
    )
    return (*sorted(fields, key=lambda delta: delta.name), *rows)


def is_hidden(name: str, live: LiveConfigs, catalogue: Catalogue) -> bool:
    """Whether a value must not be shown: the catalogue or the server calls it sensitive, or it looks like a
    security config and nobody knows it.
    """
    found = live.get(name)
    return (
        catalogue.is_sensitive(name)
        or (found is not None and found.sensitive)
        or (catalogue.get(name) is None and catalogue.is_security(name))
    )


def is_set(name: str, live: LiveConfigs) -> bool:
    """Whether the server shows that a config has a value, whatever it is."""
    found = live.get(name)
    return found is not None and found.is_set


def overridden(name: str, live: LiveConfigs, catalogue: Catalogue) -> bool | None:
    """Whether somebody has set a config; None when the server does not say and no default is known to compare with."""
    found = live.get(name)
    if found is None:
        return False
    if found.is_default is not None:
        return not found.is_default
    if found.value is None:
        return False
    default = catalogue.get(name)
    if default is None or default.default is None:
        return None
    return not same_value(name, found.value, default.default, catalogue)


def literal(template: Template) -> str | None:
    """The text of a template without references; None when it has any."""
    return None if template.references else template.render(_never).reveal()


def origin(template: Template) -> str:
    """Where a hidden value comes from: its references; empty where the file holds all of it."""
    return " ".join(map(str, template.references))


def _differing(before: Mapping[str, str | None], after: Mapping[str, str]) -> tuple[str, ...]:
    if before == after:
        return ()
    # Loading deepdiff costs more than most plans: only plans that have a difference to show pay for it.
    from deepdiff import DeepDiff  # noqa: PLC0415

    return tuple(sorted(str(name) for name in DeepDiff(before, after).affected_root_keys))


def _seen(name: str, live: LiveConfigs, catalogue: Catalogue) -> str | None:
    """The live value in normal form; an unset one counts as the documented default."""
    known = catalogue.get(name)
    value = _value(name, live)
    if value is None and known is not None:
        value = known.default
    return None if value is None else canonical(value, known)


def _value(name: str, live: LiveConfigs) -> str | None:
    found = live.get(name)
    return None if found is None or found.sensitive else found.value


def _given(name: str, value: str, catalogue: Catalogue) -> FieldDelta:
    if is_hidden(name, {}, catalogue):
        return FieldDelta(name, hidden=True)
    return FieldDelta(name, after=value)


def _given_credential(name: str, template: Template, catalogue: Catalogue) -> FieldDelta:
    plain = literal(template)
    if plain is None or is_hidden(name, {}, catalogue):
        return FieldDelta(name, hidden=True, reference=origin(template))
    return FieldDelta(name, after=plain)


def _never(reference: Reference) -> str:
    raise LookupError(f"{reference} is not resolved while planning")
