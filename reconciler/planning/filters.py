"""Filters of a live link, each together with the switch that enables it.

A filter that both gains and loses INCLUDE rows is written twice: first with all of them, then as wanted. When
EXCLUDE rows change as well, anything in between could let in what both sides keep out; then it is written
once, late.
"""

from __future__ import annotations

from reconciler.model.catalogue import Catalogue, FilterFamily
from reconciler.model.changes import FilterDelta
from reconciler.model.desired import DesiredHalf
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.filters import Filter, FilterKind, FilterSet, FilterType, NameFilter
from reconciler.model.observed import Gap, ObservedLink, Read, known
from reconciler.model.spelling import FALSE
from reconciler.planning.batches import ConfigPlan, Edit, Narrowing, joined_configs
from reconciler.planning.diff import LiveConfigs, config_deltas, filter_delta, reset_deltas
from reconciler.planning.draft import Stage
from reconciler.planning.normalise import is_on, typed_rows, wanted_rows


def plan_filter(
    half: DesiredHalf,
    live: ObservedLink,
    configs: LiveConfigs,
    family: FilterFamily,
    catalogue: Catalogue,
) -> ConfigPlan:
    """One filter and the switch that enables it: they are written together."""
    seen = live.filters.get(family.kind, frozenset())
    if isinstance(seen, Gap):
        return _unreadable_filter(half, family, seen)
    switch = _plan_switch(half, configs, family, catalogue)
    was_on = is_on(live.config(family.switch))
    turned_off = was_on and bool(switch.edits)
    declared = half.filters.get(family.kind)
    if _declared_off(half, family):
        return joined_configs([switch, _cleared(family, declared, seen, turned_off=turned_off)])
    if declared is None:
        return switch
    turned_on = not was_on and bool(switch.edits)
    return joined_configs([switch, _plan_rows(family, declared, seen, turned_on=turned_on)])


def final_filter(
    half: DesiredHalf, live: Read[ObservedLink] | None, kind: FilterKind, catalogue: Catalogue
) -> FilterSet | None:
    """What a filter selects by once the plan has run: nothing while its switch is off; None when that depends on
    something that could not be read.
    """
    family = catalogue.families.get(kind)
    if family is None or family.switch in half.reset_configs:
        return frozenset()
    switch = half.configs.get(family.switch)
    if switch is None:
        if _configs_hidden(live):
            return None
        link = known(live)
        switch = link.config(family.switch) if link else None
    return _final_rows(half, live, kind) if is_on(switch) else frozenset()


def _final_rows(
    half: DesiredHalf, live: Read[ObservedLink] | None, kind: FilterKind
) -> FilterSet | None:
    if kind in half.filters:
        return half.filters[kind]
    if isinstance(live, Gap):
        return None
    rows = live.filters.get(kind) if live else None
    if rows is None:
        return frozenset()
    return None if isinstance(rows, Gap) else rows


def _configs_hidden(live: Read[ObservedLink] | None) -> bool:
    return isinstance(live, Gap) or (live is not None and known(live.configs) is None)


def _plan_switch(
    half: DesiredHalf, configs: LiveConfigs, family: FilterFamily, catalogue: Catalogue
) -> ConfigPlan:
    name = family.switch
    if name in half.reset_configs:
        resets = reset_deltas((name,), configs, catalogue)
        # Putting an explicit `false` back to the default lets nobody in or out; turning it off does.
        return ConfigPlan(resets, (Edit(Stage.NARROW, reset_configs=(name,)),) if resets else ())
    if name not in half.configs:
        return ConfigPlan()
    value = half.configs[name]
    changed = config_deltas({name: value}, configs, catalogue)
    stage = _opening(family) if is_on(value) else Stage.NARROW
    return ConfigPlan(changed, (Edit(stage, set_configs={name: value}),) if changed else ())


def _cleared(
    family: FilterFamily, declared: FilterSet | None, seen: FilterSet, *, turned_off: bool
) -> ConfigPlan:
    """The filter of a switch that is off. Turning the switch off makes the server clear it (cluster-linking
    reference, section 5.3); afterwards rows in the file mean nothing until the switch is on again.
    """
    written = declared is not None and not declared and bool(seen)
    if not seen or not (turned_off or written):
        return ConfigPlan()
    delta = filter_delta(family.kind, frozenset(), frozenset(seen))
    empty = typed_rows(family.kind, frozenset())
    return ConfigPlan(
        deltas=(delta,) if delta else (),
        edits=(Edit(Stage.NARROW, filters={family.kind: empty}),) if written else (),
        narrowings=(Narrowing(family.kind, seen, empty, switched_off=True),) if turned_off else (),
    )


def _plan_rows(
    family: FilterFamily, declared: FilterSet, seen: FilterSet, *, turned_on: bool
) -> ConfigPlan:
    live: frozenset[Filter] = frozenset(seen)
    wanted = wanted_rows(declared, seen)
    delta = filter_delta(family.kind, wanted, live)
    final = typed_rows(family.kind, wanted)
    opening = _opening(family)
    if delta is None:
        # A switch that is turned on takes its rows along, in case the server forgot them meanwhile.
        return ConfigPlan(edits=(Edit(opening, filters={family.kind: final}),) if turned_on else ())
    narrows = not turned_on and _narrows(delta)
    if not narrows:
        return ConfigPlan((delta,), (Edit(opening, filters={family.kind: final}),))
    edits = [Edit(Stage.NARROW, filters={family.kind: final})]
    if delta.added and all(_includes(row) for row in (*delta.added, *delta.removed)):
        both = typed_rows(family.kind, live | wanted)
        edits.insert(0, Edit(opening, filters={family.kind: both}))
    return ConfigPlan(
        (delta,), tuple(edits), (Narrowing(family.kind, seen, final, switched_off=False),)
    )


def _narrows(delta: FilterDelta) -> bool:
    """Whether anybody may fall out: an INCLUDE row goes, or a row that keeps out comes."""
    return any(_includes(row) for row in delta.removed) or any(
        not _includes(row) for row in delta.added
    )


def _includes(row: Filter) -> bool:
    return not isinstance(row, NameFilter) or row.filter_type.upper() == FilterType.INCLUDE


def _opening(family: FilterFamily) -> Stage:
    return Stage.AUTO_CREATE if family.kind is FilterKind.TOPIC else Stage.WIDEN


def _declared_off(half: DesiredHalf, family: FilterFamily) -> bool:
    if family.switch in half.reset_configs:
        return True
    value = half.configs.get(family.switch)
    return value is not None and value.strip().lower() == FALSE


def _unreadable_filter(half: DesiredHalf, family: FilterFamily, gap: Gap) -> ConfigPlan:
    declared = family.kind in half.filters or family.switch in {*half.configs, *half.reset_configs}
    if not declared:
        return ConfigPlan()
    finding = Diagnostic(
        code="filter-unreadable",
        severity=Severity.BLOCKED,
        message=f"the live {family.kind} filter could not be read ({gap.diagnostic.message}); it and "
        f"{family.switch} are left alone",
        cure=f"look at {family.config} of the link and repair or reset it by hand, then plan again",
        position=half.position,
        address=half.address,
    )
    return ConfigPlan(diagnostics=(finding,))
