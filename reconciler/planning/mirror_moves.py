"""Decisions on mirror topics as changes and moves: one call per (link, verb), one per creation.

A batch fails as a whole for whatever waits for it. So mirror topics whose verb waits for an earlier move of
their own go apart from those that wait for nothing: one creation that fails must not keep forty others from
being paused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from reconciler.model.address import LinkAddress, MirrorAddress
from reconciler.model.changes import Change, ChangeKey, ChangeKind, Exposure
from reconciler.model.mirrors import MirrorStatus, MirrorVerb
from reconciler.model.observed import ObservedMirror
from reconciler.model.steps import ChangeMirrors, CreateMirror, DeleteTopic
from reconciler.planning.draft import Draft, Move, Stage, joined
from reconciler.planning.lifecycle import Live
from reconciler.planning.mirrors import Decision

_EXPOSED = frozenset(
    {
        ChangeKind.PROMOTE,
        ChangeKind.FAILOVER,
        ChangeKind.DELETE_TOPIC,
        ChangeKind.DELETE_RELEASED,
        ChangeKind.RECREATE_MIRROR,
    }
)
_CREATIONS = frozenset({ChangeKind.CREATE_MIRROR, ChangeKind.RECREATE_MIRROR})


def creates(decision: Decision) -> bool:
    """Whether the plan creates this mirror topic."""
    return bool(_CREATIONS & set(decision.kinds))


def draft_mirrors(entry: LinkAddress, half: LinkAddress, decisions: Iterable[Decision]) -> Draft:
    """Changes and moves for the mirror topics of one half."""
    acting = sorted((d for d in decisions if d.kinds), key=lambda d: d.address)
    changes = tuple(_change(d, kind) for d in acting for kind in d.kinds)
    fresh = [d for d in acting if creates(d)]
    settled = [d for d in acting if not creates(d)]
    resumed = [d for d in settled if ChangeKind.RESUME_MIRROR in d.kinds]
    steady = [d for d in settled if ChangeKind.RESUME_MIRROR not in d.kinds]

    def batch(kind: ChangeKind, some: list[Decision], *, word: str = "") -> Draft:
        return _batch(entry, half, kind, [d for d in some if kind in d.kinds], word or kind.value)

    return joined(
        [
            Draft(changes),
            batch(ChangeKind.FAILOVER, settled),
            *(_creation(entry, d) for d in fresh),
            batch(ChangeKind.PAUSE_MIRROR, settled),
            *(_pause_after_creation(entry, d) for d in fresh),
            batch(ChangeKind.RESUME_MIRROR, settled),
            batch(ChangeKind.PROMOTE, steady),
            batch(ChangeKind.PROMOTE, resumed, word="promote-resumed"),
            *(_deletion(entry, d) for d in settled),
        ]
    )


def exposure_of(row: ObservedMirror | None) -> Exposure:
    """By how much a mirror topic is behind. A lag of 0 before the first fetch proves nothing (cluster-linking
    reference, section 12.1).
    """
    if row is None:
        return Exposure(None)
    return Exposure(None if row.never_fetched else row.lag, row.partitions)


_VERBS: dict[ChangeKind, tuple[MirrorVerb, Stage]] = {
    ChangeKind.FAILOVER: (MirrorVerb.FAILOVER, Stage.FAILOVER),
    ChangeKind.PAUSE_MIRROR: (MirrorVerb.PAUSE, Stage.STEER_MIRROR),
    ChangeKind.RESUME_MIRROR: (MirrorVerb.RESUME, Stage.STEER_MIRROR),
    ChangeKind.PROMOTE: (MirrorVerb.PROMOTE, Stage.PROMOTE),
}


def _change(decision: Decision, kind: ChangeKind) -> Change:
    return Change(
        decision.address,
        kind,
        exposure=exposure_of(decision.row) if kind in _EXPOSED else None,
        before=(decision.row.status if decision.row else None) or "",
        position=decision.mirror.position,
    )


def _batch(
    entry: LinkAddress, half: LinkAddress, kind: ChangeKind, some: list[Decision], word: str
) -> Draft:
    if not some:
        return Draft()
    verb, stage = _VERBS[kind]
    after = (f"{ChangeKind.RESUME_MIRROR.value} {half}",) if word == "promote-resumed" else ()
    move = Move(
        stage,
        entry,
        word,
        half,
        ChangeMirrors(half, verb, tuple(d.address.mirror for d in some)),
        tuple(ChangeKey(d.address, kind) for d in some),
        expects={d.address: _expected(d, kind) for d in some},
        after=after,
    )
    return Draft(moves=(move,))


def _expected(decision: Decision, kind: ChangeKind) -> str | None:
    """What the step will find: the status that was read, carried on over the plan's own earlier steps."""
    resumed = decision.live is Live.LINK_RESUMES or ChangeKind.RESUME_MIRROR in decision.kinds
    if kind in {ChangeKind.PROMOTE, ChangeKind.PAUSE_MIRROR} and resumed:
        return MirrorStatus.ACTIVE
    return decision.row.status if decision.row else None


def _creation(entry: LinkAddress, decision: Decision) -> Draft:
    kind = next(kind for kind in decision.kinds if kind in _CREATIONS)
    covers = (ChangeKey(decision.address, kind),)
    mirror = decision.mirror
    clearing = _clearing(entry, decision, covers) if kind is ChangeKind.RECREATE_MIRROR else ()
    move = _single(
        Stage.CREATE_MIRROR,
        entry,
        ChangeKind.CREATE_MIRROR.value,
        decision.address,
        covers,
        lambda address: CreateMirror(
            address,
            mirror.source_topic,
            mirror.replication_factor,
            dict(sorted(mirror.configs.items())),
        ),
        expects=None,
        after=tuple(m.id for m in clearing),
    )
    return Draft(moves=(*clearing, move))


def _clearing(
    entry: LinkAddress, decision: Decision, covers: tuple[ChangeKey, ...]
) -> tuple[Move, ...]:
    """The deletion that makes room for a mirror topic of the same name: right before the creation, not at the end."""
    status = decision.row.status if decision.row else None
    return (
        _single(
            Stage.CREATE_MIRROR,
            entry,
            "clear",
            decision.address,
            covers,
            DeleteTopic,
            expects=status,
        ),
    )


def _pause_after_creation(entry: LinkAddress, decision: Decision) -> Draft:
    if ChangeKind.PAUSE_MIRROR not in decision.kinds:
        return Draft()
    move = _single(
        Stage.STEER_MIRROR,
        entry,
        ChangeKind.PAUSE_MIRROR.value,
        decision.address,
        (ChangeKey(decision.address, ChangeKind.PAUSE_MIRROR),),
        lambda address: ChangeMirrors(address.link_address, MirrorVerb.PAUSE, (address.mirror,)),
        expects=MirrorStatus.ACTIVE,
        after=(f"{ChangeKind.CREATE_MIRROR.value} {decision.address}",),
    )
    return Draft(moves=(move,))


def _deletion(entry: LinkAddress, decision: Decision) -> Draft:
    deletions = (ChangeKind.DELETE_TOPIC, ChangeKind.DELETE_RELEASED)
    status = decision.row.status if decision.row else None
    return Draft(
        moves=tuple(
            _single(
                Stage.DELETE_TOPIC,
                entry,
                kind.value,
                decision.address,
                (ChangeKey(decision.address, kind),),
                DeleteTopic,
                expects=status,
            )
            for kind in deletions
            if kind in decision.kinds
        )
    )


def _single(
    stage: Stage,
    entry: LinkAddress,
    word: str,
    address: MirrorAddress,
    covers: tuple[ChangeKey, ...],
    action: Callable[[MirrorAddress], CreateMirror | ChangeMirrors | DeleteTopic],
    *,
    expects: str | None,
    after: tuple[str, ...] = (),
) -> Move:
    return Move(
        stage,
        entry,
        word,
        address,
        action(address),
        covers,
        expects={address: expects},
        after=after,
    )
