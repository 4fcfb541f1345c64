"""What a reviewer should be told beside the changes: warnings and notes. None of them alters a change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from reconciler.model.address import LinkAddress, matches
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.filters import AclFilter, Filter, FilterKind, NameFilter, selects
from reconciler.model.links import LinkGoal
from reconciler.model.mirrors import MirrorStatus
from reconciler.model.observed import Gap, HealthLevel, ObservedMirror, known
from reconciler.planning.batches import Narrowing
from reconciler.planning.configs import live_configs
from reconciler.planning.links import ConfiguredHalf
from reconciler.planning.mirrors import Decision
from reconciler.planning.normalise import sorted_rows
from reconciler.planning.outlook import EntryOutlook, HalfOutlook
from reconciler.planning.secrets import secrets_of
from reconciler.planning.world import World, counted, listing

_ILL = frozenset({MirrorStatus.FAILED, MirrorStatus.LINK_FAILED, MirrorStatus.SOURCE_UNAVAILABLE})
_EFFECT = {
    FilterKind.GROUP: "their offsets are no longer synced; offsets that were synced stay",
    FilterKind.TOPIC: "such topics are no longer mirrored by themselves; mirror topics that exist stay",
    FilterKind.ACL: "such ACLs are no longer synced",
}


def narrowed_filters(world: World, configured: Iterable[ConfiguredHalf]) -> tuple[Diagnostic, ...]:
    """Who loses when a filter is narrowed or its switch is turned off."""
    return tuple(
        _switched_off(half, n) if n.switched_off else _narrowed(world, half, n)
        for half in configured
        for n in half.configs.narrowings
    )


def unmatched_protection(world: World) -> tuple[Diagnostic, ...]:
    """`protect` globs that protect nothing: probably misspelt. Only said when every mirror list could be read."""
    hosts = {half.address.cluster for _, half in world.desired.halves() if half.hosts_mirrors}
    lists = [world.observed.cluster(name).mirrors for name in sorted(hosts)]
    if any(rows is None or isinstance(rows, Gap) for rows in lists):
        return ()
    names = {name for rows in lists for name in known(rows) or {}}
    names |= {mirror.address.mirror for _, mirror in world.desired.mirrors()}
    return tuple(
        Diagnostic(
            code="protect-unmatched",
            severity=Severity.WARNING,
            message=f"the protection {glob} matches no mirror topic, neither in the files nor live",
            cure="check the glob: it is matched against mirror names, prefix included",
            subject="protect",
        )
        for glob in sorted(set(world.desired.protect))
        if not any(fnmatchcase(name, glob) for name in names)
    )


def unused_grants(world: World, decisions: Iterable[Decision]) -> tuple[Diagnostic, ...]:
    """Consents by exact address that name nothing: probably misspelt."""
    addresses = {str(decision.address) for decision in decisions}
    return tuple(
        Diagnostic(
            code="grant-unused",
            severity=Severity.WARNING,
            message=f"--allow {grant} names no mirror topic of the file",
            cure="write the whole address as the plan shows it: CLUSTER/LINK/MIRROR",
            subject=str(grant),
        )
        for grant in sorted(set(world.grants), key=str)
        if grant.kind.exact and grant.glob not in addresses
    )


def unmatched_secrets(world: World, outlooks: Iterable[EntryOutlook]) -> Iterator[Diagnostic]:
    """A request to write secrets that finds none: probably misspelt, and never silently an empty plan."""
    holders = [
        judged.half.address
        for outlook in outlooks
        if outlook.selected and outlook.entry.goal is not LinkGoal.ABSENT
        for judged in outlook.halves
        if secrets_of(
            judged.half, live_configs(judged.live) if judged.live else {}, world.catalogue
        )
    ]
    for glob in sorted(set(world.write_secrets)):
        if not any(matches(address, glob) for address in holders):
            yield Diagnostic(
                code="secrets-unmatched",
                severity=Severity.ERROR,
                message=f"no link object with secrets is named by --write-secrets {glob}",
                cure=_instead(world, glob, holders),
                subject=glob,
            )


def _instead(world: World, glob: str, holders: Iterable[LinkAddress]) -> str:
    """What to ask for where a request selects none of the `holders` of secrets."""
    named = [
        (entry.goal, str(half.address))
        for entry, half in world.desired.halves()
        if matches(half.address, glob) and secrets_of(half, {}, world.catalogue)
    ]
    if leaving := [address for goal, address in named if goal is LinkGoal.ABSENT]:
        return f"leave the option out: what is to be deleted gets no secrets: {listing(leaving)}"
    if named:
        beside = listing(address for _, address in named)
        return f"add a `--target` for it, or leave the option out: the targets are beside {beside}"
    if addresses := [str(address) for address in holders]:
        return f"write one of these, or a glob over them: {listing(addresses)}"
    return "leave the option out: the links that are planned here have no secrets in the file"


def ill_health(world: World, outlooks: Iterable[HalfOutlook]) -> tuple[Diagnostic, ...]:
    """Links and mirror topics that are not healthy: noted, and no matter of the plan."""
    return tuple(note for outlook in outlooks for note in _ill(world, outlook))


def _ill(world: World, outlook: HalfOutlook) -> Iterator[Diagnostic]:
    link = outlook.live
    if link is not None and link.health.level is HealthLevel.UNHEALTHY:
        yield Diagnostic(
            code="link-unhealthy",
            severity=Severity.NOTE,
            message=f"the link is not healthy: {'; '.join(link.health.reasons) or link.error or 'no reason given'}",
            cure="see `linkctl status`",
            address=outlook.half.address,
        )
    rows = world.rows_of(outlook.half.address)
    ill = [row for row in rows if _is_ill(row)]
    if ill:
        names = listing(f"{row.address.mirror} ({row.status or 'no status'})" for row in ill)
        yield Diagnostic(
            code="mirrors-unhealthy",
            severity=Severity.NOTE,
            message=f"{len(ill)} of {counted(len(rows), 'mirror topic')} not healthy: {names}",
            cure="see `linkctl status`",
            address=outlook.half.address,
        )


def _is_ill(row: ObservedMirror) -> bool:
    return row.health.level is HealthLevel.UNHEALTHY or row.status in _ILL


def _switched_off(half: ConfiguredHalf, narrowing: Narrowing) -> Diagnostic:
    rows = counted(len(narrowing.before), "row")
    return Diagnostic(
        code="switch-clears-filter",
        severity=Severity.WARNING,
        message=f"turning the switch off makes the server clear the {narrowing.kind} filter ({rows}); "
        f"{_EFFECT[narrowing.kind]}",
        cure="the file no longer lists them; turning the switch on again takes them as well, so keep a copy if that may come",
        position=half.half.position,
        address=half.half.address,
    )


def _narrowed(world: World, half: ConfiguredHalf, narrowing: Narrowing) -> Diagnostic:
    before: frozenset[Filter] = frozenset(narrowing.before)
    after: frozenset[Filter] = frozenset(narrowing.after)
    rows = [f"without {_text(row)}" for row in sorted_rows(before - after) if _lets_in(row)]
    rows += [f"excluding {_text(row)}" for row in sorted_rows(after - before) if not _lets_in(row)]
    losers = _losers(world, half, narrowing)
    who = f" Of what is live: {listing(losers)}." if losers else ""
    return Diagnostic(
        code="filter-narrowed",
        severity=Severity.WARNING,
        message=f"the {narrowing.kind} filter will select less ({'; '.join(rows)}); {_EFFECT[narrowing.kind]}.{who}",
        cure="check that nobody needs it any more",
        position=half.half.position,
        address=half.half.address,
    )


def _losers(world: World, half: ConfiguredHalf, narrowing: Narrowing) -> list[str]:
    """The live names that were selected and will not be, where the names are known."""
    before = [row for row in narrowing.before if isinstance(row, NameFilter)]
    after = [row for row in narrowing.after if isinstance(row, NameFilter)]
    match narrowing.kind:
        case FilterKind.TOPIC:
            names = [row.source_topic for row in world.rows_of(half.half.address)]
        case FilterKind.GROUP:
            names = list(known(world.observed.cluster(half.half.remote).groups) or {})
        case FilterKind.ACL:
            names = []
    return [name for name in names if selects(before, name) and not selects(after, name)]


def _lets_in(row: Filter) -> bool:
    return isinstance(row, AclFilter) or row.filter_type == "INCLUDE"


def _text(row: Filter) -> str:
    if isinstance(row, NameFilter):
        return f"{row.filter_type} {row.pattern_type} {row.name}"
    return f"{row.resource_type} {row.resource_name or 'any'} for {row.principal or 'anybody'}"
