"""What a mirror topic has of its own: configs that are not synced from the source, and the replication factor."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.model.address import LinkAddress
from reconciler.model.changes import Change, ChangeKind, FieldDelta
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.observed import Gap, known
from reconciler.model.steps import AlterMirror
from reconciler.planning.diff import topic_deltas
from reconciler.planning.draft import Draft, Move, Stage, joined
from reconciler.planning.mirrors import Decision
from reconciler.planning.outlook import HalfOutlook
from reconciler.planning.world import World, counted, listing

_SYNC_LIST = "topic.config.sync.include"


def draft_mirror_configs(
    world: World, entry: LinkAddress, outlook: HalfOutlook, decisions: Iterable[Decision]
) -> Draft:
    """Compare what is declared on live mirror topics that stay mirror topics; released ones belong to their users."""
    settled = sorted((d for d in decisions if d.mirrors_on), key=lambda d: d.address)
    declared = [d for d in settled if d.mirror.configs]
    live = world.observed.cluster(outlook.half.address.cluster).topic_configs
    factors = joined(_replication(world, decision) for decision in settled)
    if not declared:
        return factors
    if live is None or isinstance(live, Gap):
        return joined([factors, Draft(diagnostics=(_unreadable(outlook, declared),))])
    synced = _synced(world, outlook)
    return joined(
        [
            factors,
            *(
                _configuration(
                    entry, d, topic_deltas(d.mirror.configs, live.get(d.address.mirror, {})), synced
                )
                for d in declared
            ),
        ]
    )


def _configuration(
    entry: LinkAddress, decision: Decision, deltas: tuple[FieldDelta, ...], synced: frozenset[str]
) -> Draft:
    refused = tuple(_follows_source(decision, d.name) for d in deltas if d.name in synced)
    writable = tuple(delta for delta in deltas if delta.name not in synced)
    if not writable:
        return Draft(diagnostics=refused)
    change = Change(
        decision.address,
        ChangeKind.CONFIGURE_MIRROR,
        deltas=writable,
        position=decision.mirror.position,
    )
    values = {delta.name: decision.mirror.configs[delta.name] for delta in writable}
    move = Move(
        Stage.CONFIGURE_MIRROR,
        entry,
        ChangeKind.CONFIGURE_MIRROR.value,
        decision.address,
        AlterMirror(decision.address, values),
        (change.key,),
        expects={decision.address: decision.row.status if decision.row else None},
    )
    return Draft((change,), (move,), refused)


def _synced(world: World, outlook: HalfOutlook) -> frozenset[str]:
    """Topic configs that follow the source on this link, so that nobody can set them on a mirror topic
    (cluster-linking reference, section 9).
    """
    live = outlook.live.config(_SYNC_LIST) if outlook.live else None
    included = outlook.half.configs.get(_SYNC_LIST, live or "")
    listed = {name.strip() for name in included.split(",")}
    return world.catalogue.synced_topic_configs | (world.catalogue.optional_topic_configs & listed)


def _replication(world: World, decision: Decision) -> Draft:
    """The replication factor is fixed at creation as far as Cluster Linking goes."""
    wanted = decision.mirror.replication_factor
    topics = known(world.observed.cluster(decision.address.cluster).topics) or {}
    topic = topics.get(decision.address.mirror)
    live = topic.replication_factor if topic else None
    if wanted is None or live is None or wanted == live:
        return Draft()
    finding = Diagnostic(
        code="replication-factor-fixed",
        severity=Severity.BLOCKED,
        message=f"{decision.address.mirror} has replication factor {live} where the file says {wanted}; linkctl cannot change it",
        cure=f"reassign its partitions with Kafka's own tools, or write `replicationFactor: {live}`",
        position=decision.mirror.position,
        address=decision.address,
    )
    return Draft(diagnostics=(finding,))


def _follows_source(decision: Decision, name: str) -> Diagnostic:
    return Diagnostic(
        code="mirror-config-synced",
        severity=Severity.BLOCKED,
        message=f"{name} of {decision.address.mirror} follows the source and cannot be set on the mirror topic",
        cure=f"set {name} on the source topic, or take it out of {_SYNC_LIST} if it is optional there",
        position=decision.mirror.position,
        address=decision.address,
    )


def _unreadable(outlook: HalfOutlook, declared: list[Decision]) -> Diagnostic:
    names = listing(decision.address.mirror for decision in declared)
    return Diagnostic(
        code="mirror-configs-unreadable",
        severity=Severity.BLOCKED,
        message=f"the configs of {counted(len(declared), 'mirror topic')} ({names}) could not be read; they are neither "
        "compared nor written",
        cure=f"make the topic configs of {outlook.half.address.cluster} readable for this user and plan again",
        position=outlook.half.position,
        address=outlook.half.address,
    )
