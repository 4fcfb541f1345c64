"""What to write to one live link object, collected piece by piece and written in at most three batches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from reconciler.model.address import LinkAddress
from reconciler.model.changes import Delta, FieldDelta, FilterDelta
from reconciler.model.diagnostics import Diagnostic
from reconciler.model.filters import FilterKind, FilterSet
from reconciler.model.secrets import Template
from reconciler.model.steps import AlterLink
from reconciler.planning.draft import Stage
from reconciler.planning.normalise import by_kind


@dataclass(frozen=True, slots=True)
class Edit:
    """Part of a batch."""

    stage: Stage
    set_configs: Mapping[str, str] = field(default_factory=dict)
    reset_configs: tuple[str, ...] = ()
    credentials: Mapping[str, Template] = field(default_factory=dict)
    filters: Mapping[FilterKind, FilterSet] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A filter that will select less than it does."""

    kind: FilterKind
    before: FilterSet
    after: FilterSet
    switched_off: bool


@dataclass(frozen=True, slots=True)
class ConfigPlan:
    """What to write to one live link object."""

    deltas: tuple[Delta, ...] = ()
    edits: tuple[Edit, ...] = ()
    narrowings: tuple[Narrowing, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()

    def batches(self, address: LinkAddress) -> tuple[tuple[Stage, AlterLink], ...]:
        """One action per stage that has something to write."""
        stages = sorted({edit.stage for edit in self.edits})
        return tuple(
            (stage, _batch(address, [e for e in self.edits if e.stage is stage]))
            for stage in stages
        )


def joined_configs(parts: Iterable[ConfigPlan]) -> ConfigPlan:
    """Several parts in one: fields by name first, then filters."""
    parts = tuple(parts)
    fields = [d for part in parts for d in part.deltas if isinstance(d, FieldDelta)]
    rows = [d for part in parts for d in part.deltas if isinstance(d, FilterDelta)]
    return ConfigPlan(
        deltas=(*sorted(fields, key=lambda delta: delta.name), *rows),
        edits=tuple(edit for part in parts for edit in part.edits),
        narrowings=tuple(n for part in parts for n in part.narrowings),
        diagnostics=tuple(d for part in parts for d in part.diagnostics),
    )


def _batch(address: LinkAddress, edits: list[Edit]) -> AlterLink:
    return AlterLink(
        address,
        set_configs=dict(sorted((k, v) for edit in edits for k, v in edit.set_configs.items())),
        reset_configs=tuple(sorted(name for edit in edits for name in edit.reset_configs)),
        credentials={k: v for edit in edits for k, v in sorted(edit.credentials.items())},
        filters=dict(by_kind({k: v for edit in edits for k, v in edit.filters.items()})),
    )
