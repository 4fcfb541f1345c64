"""Configs, credentials and filters of a live link: what to write, and when.

A link's properties are written in at most three batches, so that nobody is left out by a change of order:

    widen         early     plain configs, credentials, filters that let more in, switches turned on
    auto-create   later     the same for the topic filter: after the mirror topics that the file lists are made,
                            or the server might make them first, with settings of its own
    narrow        late      filters that let less in and switches turned off: after promotions, which still need
                            the offsets of the groups that leave
"""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.model.catalogue import Catalogue
from reconciler.model.changes import FieldDelta
from reconciler.model.desired import DesiredHalf
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.observed import Gap, ObservedLink
from reconciler.planning.batches import ConfigPlan, Edit, joined_configs
from reconciler.planning.diff import (
    BOOTSTRAP,
    LiveConfigs,
    config_deltas,
    credential_deltas,
    overridden,
    reset_deltas,
)
from reconciler.planning.draft import Stage
from reconciler.planning.filters import plan_filter
from reconciler.planning.secrets import left_behind, resent_deltas


def plan_configs(
    half: DesiredHalf, live: ObservedLink, catalogue: Catalogue, *, write_secrets: bool = False
) -> ConfigPlan:
    """Compare what a half declares with the live link object, whose configs must have been read. Secrets that are set
    are written again when asked to, and with what changes beside them.
    """
    configs = live_configs(live)
    families = [
        plan_filter(half, live, configs, family, catalogue)
        for _, family in sorted(catalogue.families.items())
    ]
    return joined_configs(
        [_plan_plain(half, configs, catalogue, write_secrets=write_secrets), *families]
    )


def live_configs(live: ObservedLink) -> LiveConfigs:
    """The configs of a live link by name; empty when they were not read."""
    return {} if live.configs is None or isinstance(live.configs, Gap) else live.configs


def _plan_plain(
    half: DesiredHalf, configs: LiveConfigs, catalogue: Catalogue, *, write_secrets: bool
) -> ConfigPlan:
    """Everything but filters and their switches."""
    switches = {family.switch for family in catalogue.families.values()}
    plain = {name: value for name, value in half.configs.items() if name not in switches}
    if half.bootstrap_servers is not None:
        plain[BOOTSTRAP] = half.bootstrap_servers
    fixed: list[Diagnostic] = []

    def writable(deltas: Iterable[FieldDelta]) -> tuple[FieldDelta, ...]:
        refusals = {delta: _fixed(half, delta.name, configs, catalogue) for delta in deltas}
        fixed.extend(refusal for refusal in refusals.values() if refusal is not None)
        return tuple(delta for delta, refusal in refusals.items() if refusal is None)

    differing = writable(
        (
            *config_deltas(plain, configs, catalogue),
            *credential_deltas(half.credentials, configs, catalogue),
        )
    )
    unwanted = half.reset_configs | left_behind(half, differing, catalogue)
    resets = writable(reset_deltas(unwanted - switches, configs, catalogue))
    again = writable(
        resent_deltas(half, configs, catalogue, (*differing, *resets), requested=write_secrets)
    )
    deltas = sorted((*differing, *resets, *again), key=lambda delta: delta.name)
    written = {delta.name for delta in (*differing, *again)}
    edit = Edit(
        Stage.WIDEN,
        set_configs={name: value for name, value in plain.items() if name in written},
        reset_configs=tuple(delta.name for delta in resets),
        credentials={name: t for name, t in half.credentials.items() if name in written},
    )
    return ConfigPlan(
        deltas=tuple(deltas),
        edits=(edit,) if deltas else (),
        diagnostics=(*fixed, *_unverifiable(half, unwanted, configs, catalogue)),
    )


def _fixed(
    half: DesiredHalf, name: str, configs: LiveConfigs, catalogue: Catalogue
) -> Diagnostic | None:
    """Why a difference cannot be written to a live link, if so."""
    known, found = catalogue.get(name), configs.get(name)
    if found is not None and found.read_only:
        return Diagnostic(
            code="config-read-only",
            severity=Severity.BLOCKED,
            message=f"{name} differs from the file, and this server does not let anybody set it",
            cure=f"remove {name} from the file, or ask whoever runs the cluster to change it",
            position=half.position,
            address=half.address,
        )
    if known is not None and known.immutable:
        return Diagnostic(
            code="config-immutable",
            severity=Severity.BLOCKED,
            message=f"{name} differs from the file and is fixed when a link is created",
            cure="put the live value into the file, or delete the link and create it anew",
            position=half.position,
            address=half.address,
        )
    return None


def _unverifiable(
    half: DesiredHalf, resets: Iterable[str], configs: LiveConfigs, catalogue: Catalogue
) -> tuple[Diagnostic, ...]:
    names = [n for n in sorted(resets) if overridden(n, configs, catalogue) is None]
    return tuple(
        Diagnostic(
            code="reset-unverifiable",
            severity=Severity.NOTE,
            message=f"{name}: this server does not say whether the value is its default, so it is left alone",
            cure=f"give {name} an explicit value under `{_home(name, catalogue)}` instead",
            position=half.position,
            address=half.address,
        )
        for name in names
    )


def _home(name: str, catalogue: Catalogue) -> str:
    return "credentials" if catalogue.is_security(name) else "configs"
