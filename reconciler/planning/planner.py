"""The plan: wanted and live state in, changes, steps and findings out. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reconciler.model.address import Address, LinkAddress
from reconciler.model.catalogue import Catalogue
from reconciler.model.changes import change_order
from reconciler.model.consent import Grant
from reconciler.model.desired import DesiredLink, DesiredState
from reconciler.model.diagnostics import Diagnostic, diagnostic_order
from reconciler.model.observed import ObservedState
from reconciler.model.plan import Plan, Unmanaged
from reconciler.planning import lint
from reconciler.planning.draft import Draft, joined
from reconciler.planning.holds import Hold, hold_finding
from reconciler.planning.links import (
    ConfiguredHalf,
    configured_halves,
    draft_link,
)
from reconciler.planning.mirror_configs import draft_mirror_configs
from reconciler.planning.mirror_moves import creates, draft_mirrors
from reconciler.planning.mirrors import Decision, decide
from reconciler.planning.order import steps_of
from reconciler.planning.outlook import EntryOutlook, HalfOutlook, judge
from reconciler.planning.patterns import expand
from reconciler.planning.removal import draft_removal
from reconciler.planning.scope import selects_link, selects_mirror, touches, unknown_targets
from reconciler.planning.unmanaged import find_unmanaged
from reconciler.planning.world import World, look


@dataclass(frozen=True, slots=True)
class EntryPlan:
    """Everything about one entry of links.yaml."""

    outlook: EntryOutlook
    decisions: tuple[Decision, ...]
    spoken_of: tuple[Address, ...]
    configured: tuple[ConfiguredHalf, ...]
    draft: Draft


def make_plan(
    desired: DesiredState,
    observed: ObservedState,
    catalogue: Catalogue,
    *,
    targets: tuple[str, ...] = (),
    grants: tuple[Grant, ...] = (),
    write_secrets: tuple[str, ...] = (),
) -> Plan:
    """Everything between what is wanted and what exists.

    `observed` must hold what `first_reads` and `further_reads` asked for; what is missing counts as unreadable.
    `grants` matter for `recreate` and `delete-released` only, which turn a blocked cell into a change.
    `write_secrets` are globs on addresses of links: what they select is written although it cannot be compared.
    """
    world = look(desired, observed, catalogue, grants, write_secrets)
    entries = [plan_entry(world, e, targets) for e in _by_name(desired) if touches(targets, e)]
    whole = joined(entry.draft for entry in entries)
    halves = [half for entry in entries for half in entry.outlook.halves]
    return Plan(
        changes=tuple(sorted(whole.changes, key=change_order)),
        steps=steps_of(whole.moves),
        diagnostics=_ordered((*whole.diagnostics, *_remarks(world, entries, targets))),
        gaps=tuple(sorted(set(observed.gaps()), key=lambda gap: (gap.scope, repr(gap.diagnostic)))),
        unmanaged=() if targets else _unmanaged(world, entries),
        identities=_identities(world, halves),
        link_ids=_link_ids(halves),
        targets=tuple(sorted(set(targets))),
    )


def plan_entry(world: World, entry: DesiredLink, targets: tuple[str, ...]) -> EntryPlan:
    """Judge the links, decide about each mirror topic, then say what both mean for the link objects."""
    outlook = judge(world, entry, selected=selects_link(targets, entry))
    hosts = {judged.half.address: judged for judged in outlook.halves}
    expansion = expand(world, entry)
    decisions = tuple(
        decide(world, hosts[mirror.address.link_address], mirror)
        for mirror in expansion.mirrors
        if selects_mirror(targets, entry, mirror.address)
    )
    configured = configured_halves(world, outlook)
    ends = {decision.address: decision.ends for decision in decisions if decision.kinds}
    creating = {decision.address.link_address for decision in decisions if creates(decision)}
    draft = joined(
        [
            draft_link(world, outlook, configured, creating),
            *(_draft_half(world, entry, judged, decisions) for judged in outlook.halves),
            draft_removal(world, outlook, ends),
            Draft(diagnostics=expansion.diagnostics),
        ]
    )
    named = (decision.address for decision in decisions)
    spoken_of: tuple[Address, ...] = (*hosts, *named, *expansion.disputed)
    return EntryPlan(outlook, decisions, spoken_of, configured, draft)


def _draft_half(
    world: World, entry: DesiredLink, judged: HalfOutlook, decisions: Iterable[Decision]
) -> Draft:
    """The mirror topics of one half."""
    ours = [d for d in decisions if d.mirror.address.link_address == judged.half.address]
    first = entry.halves[0].address
    held: dict[Hold, list[str]] = {}
    for decision in ours:
        if decision.hold is not None:
            held.setdefault(decision.hold, []).append(decision.address.mirror)
    findings = [d for decision in ours for d in decision.diagnostics]
    findings += [hold_finding(entry, judged, hold, held[hold]) for hold in sorted(held)]
    return joined(
        [
            draft_mirrors(first, judged.half.address, ours),
            draft_mirror_configs(world, first, judged, ours),
            Draft(diagnostics=tuple(findings)),
        ]
    )


def _remarks(
    world: World, entries: list[EntryPlan], targets: tuple[str, ...]
) -> tuple[Diagnostic, ...]:
    decisions = [decision for entry in entries for decision in entry.decisions]
    halves = [half for entry in entries for half in entry.outlook.halves]
    configured = [half for entry in entries for half in entry.configured]
    addresses = [address for entry in entries for address in entry.spoken_of]
    return (
        *lint.narrowed_filters(world, configured),
        *lint.ill_health(world, halves),
        *lint.unused_grants(world, decisions),
        *lint.unmatched_secrets(world, (entry.outlook for entry in entries)),
        *(() if targets else lint.unmatched_protection(world)),
        *unknown_targets(targets, addresses),
    )


def _unmanaged(world: World, entries: list[EntryPlan]) -> tuple[Unmanaged, ...]:
    halves = [half for entry in entries for half in entry.outlook.halves]
    spoken_of = {address for entry in entries for address in entry.spoken_of}
    return find_unmanaged(world, halves, spoken_of)


def _identities(world: World, halves: list[HalfOutlook]) -> dict[str, str]:
    names = {
        name for judged in halves for name in (judged.half.address.cluster, judged.half.remote)
    }
    ids = {name: world.cluster_id(name) for name in sorted(names)}
    return {name: found for name, found in ids.items() if found is not None}


def _link_ids(halves: list[HalfOutlook]) -> dict[LinkAddress, str]:
    lives = {judged.half.address: judged.live for judged in halves}
    return {
        address: live.link_id for address, live in sorted(lives.items()) if live and live.link_id
    }


def _by_name(desired: DesiredState) -> list[DesiredLink]:
    return sorted(desired.links, key=lambda entry: tuple(half.address for half in entry.halves))


def _ordered(findings: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(sorted(set(findings), key=diagnostic_order))
