"""Link objects: create, configure, pause, resume."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from reconciler.model.address import LinkAddress
from reconciler.model.catalogue import Catalogue
from reconciler.model.changes import Change, ChangeKey, ChangeKind, FieldDelta
from reconciler.model.desired import DesiredHalf, DesiredLink
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.filters import FilterKind, FilterSet
from reconciler.model.links import ConnectionMode, LinkGoal
from reconciler.model.observed import Gap, ObservedLink
from reconciler.model.steps import AlterLink, CreateLink, SetLinkPaused
from reconciler.planning.batches import ConfigPlan
from reconciler.planning.configs import live_configs, plan_configs
from reconciler.planning.diff import creation_deltas
from reconciler.planning.draft import Draft, Move, Stage, joined
from reconciler.planning.lifecycle import Course
from reconciler.planning.normalise import by_kind
from reconciler.planning.outlook import EntryOutlook, HalfOutlook, Standing
from reconciler.planning.secrets import set_secrets
from reconciler.planning.world import World, listing

_BATCH_WORDS = {Stage.WIDEN: "configure", Stage.AUTO_CREATE: "auto-create", Stage.NARROW: "narrow"}


@dataclass(frozen=True, slots=True)
class ConfiguredHalf:
    """A live half beside what the plan writes to it."""

    half: DesiredHalf
    live: ObservedLink
    configs: ConfigPlan


def configured_halves(world: World, outlook: EntryOutlook) -> tuple[ConfiguredHalf, ...]:
    """The live halves of an entry whose configs can be compared."""
    if not outlook.selected or outlook.entry.goal is LinkGoal.ABSENT:
        return ()
    return tuple(
        ConfiguredHalf(
            o.half,
            o.live,
            plan_configs(
                o.half,
                o.live,
                world.catalogue,
                write_secrets=world.writes_secrets(o.half.address),
            ),
        )
        for o in outlook.halves
        if o.standing is Standing.LIVE and o.live is not None and _configs_gap(o.live) is None
    )


def draft_link(
    world: World,
    outlook: EntryOutlook,
    configured: tuple[ConfiguredHalf, ...],
    creating_mirrors_on: Collection[LinkAddress],
) -> Draft:
    """Everything about the link objects of an entry that is to exist."""
    if not outlook.selected or outlook.entry.goal is LinkGoal.ABSENT:
        return Draft(diagnostics=outlook.diagnostics)
    quiet = (note for half in configured for note in _quiet_secrets(world, outlook.entry, half))
    drafts = [Draft(diagnostics=(*outlook.diagnostics, *quiet))]
    for place, judged in enumerate(outlook.halves):
        if judged.standing is Standing.CREATE:
            busy = judged.half.address in creating_mirrors_on
            drafts.append(_creation(world, outlook, place, auto_later=busy))
        elif judged.standing is Standing.LIVE:
            drafts.append(_hidden_configs(judged))
        drafts.append(_steering(outlook.entry, judged))
    drafts += [_configuration(outlook.entry, half) for half in configured]
    return joined(drafts)


def _creation(world: World, outlook: EntryOutlook, place: int, *, auto_later: bool) -> Draft:
    entry, half = outlook.entry, outlook.halves[place].half
    change = Change(
        half.address,
        ChangeKind.CREATE_LINK,
        deltas=creation_deltas(half, world.catalogue),
        position=half.position or entry.position,
    )
    born, later = _without_auto_create(half, world.catalogue) if auto_later else (half, None)
    action = CreateLink(
        _tidy(born),
        remote_cluster_id=world.cluster_id(half.remote),
        link_id_from=_id_giver(outlook, place),
    )
    covers = (change.key,)
    moves = [
        Move(
            Stage.CREATE_LINK,
            entry.halves[0].address,
            "create-link",
            half.address,
            action,
            covers,
            place=place,
        )
    ]
    if later is not None:
        moves.append(_batch_move(entry, Stage.AUTO_CREATE, later, covers))
    return Draft((change,), tuple(moves))


def _without_auto_create(
    half: DesiredHalf, catalogue: Catalogue
) -> tuple[DesiredHalf, AlterLink | None]:
    """The half as it is first made, and what is written once the listed mirror topics exist: otherwise the
    server might make them first, with settings of its own.
    """
    family = catalogue.families.get(FilterKind.TOPIC)
    if family is None or family.switch not in half.configs:
        return half, None
    kept = {name: value for name, value in half.configs.items() if name != family.switch}
    others: dict[FilterKind, FilterSet] = {
        kind: rows for kind, rows in half.filters.items() if kind is not FilterKind.TOPIC
    }
    topic: dict[FilterKind, FilterSet] = {
        kind: rows for kind, rows in half.filters.items() if kind is FilterKind.TOPIC
    }
    later = AlterLink(
        half.address, set_configs={family.switch: half.configs[family.switch]}, filters=topic
    )
    return replace(half, configs=kept, filters=others), later


def _tidy(half: DesiredHalf) -> DesiredHalf:
    """The half with its keys in order: the same wish in another order is the same step, byte for byte (P8)."""
    return replace(
        half,
        configs=dict(sorted(half.configs.items())),
        credentials=dict(sorted(half.credentials.items())),
        filters=dict(by_kind(half.filters)),
    )


def _id_giver(outlook: EntryOutlook, place: int) -> LinkAddress | None:
    """The half whose id a new one must carry: only where both sides dial; a dialled side is found by the server
    itself (cluster-linking reference, sections 2.5 and 7).
    """
    dialling = all(j.half.connection_mode is ConnectionMode.OUTBOUND for j in outlook.halves)
    if len(outlook.halves) < 2 or not dialling:
        return None
    other = outlook.halves[1 - place]
    first_of_two_new = place == 0 and other.live is None
    return None if first_of_two_new else other.half.address


def _configuration(entry: DesiredLink, half: ConfiguredHalf) -> Draft:
    plan = half.configs
    if not plan.deltas:
        return Draft(diagnostics=plan.diagnostics)
    change = Change(
        half.half.address,
        ChangeKind.CONFIGURE_LINK,
        deltas=plan.deltas,
        position=half.half.position or entry.position,
    )
    moves = tuple(
        _batch_move(entry, stage, action, (change.key,))
        for stage, action in plan.batches(half.half.address)
    )
    return Draft((change,), moves, plan.diagnostics)


def _batch_move(
    entry: DesiredLink, stage: Stage, action: AlterLink, covers: tuple[ChangeKey, ...]
) -> Move:
    return Move(stage, entry.halves[0].address, _BATCH_WORDS[stage], action.address, action, covers)


def _steering(entry: DesiredLink, judged: HalfOutlook) -> Draft:
    """Pause or resume: a matter of the half that hosts mirror topics."""
    if not judged.half.hosts_mirrors or judged.course not in {Course.PAUSES, Course.RESUMES}:
        return Draft()
    paused = judged.course is Course.PAUSES
    kind = ChangeKind.PAUSE_LINK if paused else ChangeKind.RESUME_LINK
    state = judged.live.state if judged.live else None
    change = Change(
        judged.half.address,
        kind,
        before=state or "",
        position=judged.half.position or entry.position,
    )
    move = Move(
        Stage.PAUSE_LINK if paused else Stage.RESUME_LINK,
        entry.halves[0].address,
        kind,
        judged.half.address,
        SetLinkPaused(judged.half.address, paused=paused),
        (change.key,),
    )
    return Draft((change,), (move,))


def _configs_gap(live: ObservedLink) -> str | None:
    """Why the configs of a link are not known; None when they are."""
    if live.configs is None:
        return "they were not read"
    return live.configs.diagnostic.message if isinstance(live.configs, Gap) else None


def _hidden_configs(judged: HalfOutlook) -> Draft:
    reason = _configs_gap(judged.live) if judged.live else None
    if reason is None:
        return Draft()
    finding = Diagnostic(
        code="link-configs-unreadable",
        severity=Severity.BLOCKED,
        message=f"the configs of {judged.half.address} could not be read, so they are neither compared nor written: {reason}",
        cure="make the link's configs readable for this user and plan again",
        position=judged.half.position,
        address=judged.half.address,
    )
    return Draft(diagnostics=(finding,))


def _quiet_secrets(
    world: World, entry: DesiredLink, configured: ConfiguredHalf
) -> Iterator[Diagnostic]:
    """The secrets of a half that are set and not written by this plan."""
    half = configured.half
    written = {delta.name for delta in configured.configs.deltas if isinstance(delta, FieldDelta)}
    declared = set_secrets(half, live_configs(configured.live), world.catalogue)
    names = [name for name in declared if name not in written]
    if names:
        yield Diagnostic(
            code="secrets-not-compared",
            severity=Severity.NOTE,
            message=f"{listing(names)}: set on the server, which never shows the value; not compared",
            cure=f"nothing to do; after a change of keys, `--write-secrets {half.address}` writes them",
            position=half.position or entry.position,
            address=half.address,
        )
