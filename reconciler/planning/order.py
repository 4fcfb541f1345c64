"""From moves to steps: what each waits for, and an order in which all can run.

A step needs what it could not work without, and nothing else, so that one failure stops only what depends on
it. The order of the whole follows the stages (`draft.Stage`), ties by address.

    move                needs, of the same entry
    -----------------   ------------------------------------------------------------------------------------
    failover            nothing
    create link         the half before it
    widen, resume link  the link
    create mirror       the link in its new shape; the deletion of its predecessor when it is recreated
    auto-create on      all mirror topics that the file lists on that half
    configure mirror    the link running
    pause, resume       the link running; its own creation
    promote             the link running, in its new shape; its own resumption
    narrow              the promotions on that half, which still need what is taken away
    pause link          everything else on that half
    delete topic        the narrower filter, or auto-create would bring it back
    delete link         everything that releases or deletes mirror topics, on both halves; the half made after it
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from heapq import heappop, heappush

from reconciler.model.address import LinkAddress, address_order
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.errors import RefusedError
from reconciler.model.steps import Step
from reconciler.planning.draft import Move, Stage

_LINK_RUNS = (Stage.CREATE_LINK, Stage.WIDEN, Stage.RESUME_LINK)
_MIRROR_WORK = (Stage.CREATE_MIRROR, Stage.CONFIGURE_MIRROR, Stage.STEER_MIRROR, Stage.PROMOTE)

# Creations and deletions of link objects concern the entry; the rest is a matter of one half.
_NEEDS: Mapping[Stage, tuple[Stage, ...]] = {
    Stage.FAILOVER: (),
    Stage.CREATE_LINK: (),
    Stage.WIDEN: (Stage.CREATE_LINK,),
    Stage.RESUME_LINK: (Stage.CREATE_LINK, Stage.WIDEN),
    Stage.CREATE_MIRROR: _LINK_RUNS,
    Stage.AUTO_CREATE: (*_LINK_RUNS, Stage.CREATE_MIRROR),
    Stage.CONFIGURE_MIRROR: _LINK_RUNS,
    Stage.STEER_MIRROR: _LINK_RUNS,
    Stage.PROMOTE: _LINK_RUNS,
    Stage.NARROW: (*_LINK_RUNS, Stage.AUTO_CREATE, Stage.PROMOTE),
    Stage.PAUSE_LINK: (*_LINK_RUNS, *_MIRROR_WORK, Stage.AUTO_CREATE, Stage.NARROW),
    Stage.DELETE_TOPIC: (Stage.NARROW,),
    Stage.DELETE_LINK: (Stage.FAILOVER, Stage.PROMOTE, Stage.DELETE_TOPIC),
}
_ENTRY_WIDE = frozenset({Stage.CREATE_LINK, Stage.DELETE_LINK})
_SortKey = tuple[int, tuple[str, ...], str]


def steps_of(moves: Iterable[Move]) -> tuple[Step, ...]:
    """Moves as steps with their needs, in an order in which they can run.

    Raises:
        RefusedError: the moves wait for each other in a circle; its members are named.
    """
    known = sorted(moves, key=_sort_key)
    needs = _needs(known)
    steps = [
        Step(move.id, move.action, needs[move.id], move.covers, move.expects) for move in known
    ]
    order = in_order(needs, {move.id: _sort_key(move) for move in known})
    by_id = {step.id: step for step in steps}
    return tuple(by_id[name] for name in order)


def in_order(needs: Mapping[str, tuple[str, ...]], keys: Mapping[str, _SortKey]) -> tuple[str, ...]:
    """All names, each after its needs; among those that may come next the smallest key goes first.

    Raises:
        RefusedError: there is a circle; its members are named and nothing is ordered.
    """
    sorter = TopologicalSorter(needs)
    try:
        sorter.prepare()
    except CycleError as error:
        raise RefusedError(_circle(error.args[1])) from error
    ready: list[tuple[_SortKey, str]] = []
    ordered: list[str] = []
    while sorter.is_active():
        for name in sorter.get_ready():
            heappush(ready, (keys[name], name))
        _, name = heappop(ready)
        ordered.append(name)
        sorter.done(name)
    return tuple(ordered)


def _needs(moves: list[Move]) -> dict[str, tuple[str, ...]]:
    by_entry: dict[tuple[LinkAddress, Stage], list[Move]] = defaultdict(list)
    by_half: dict[tuple[LinkAddress, Stage], list[Move]] = defaultdict(list)
    for move in moves:
        by_entry[move.entry, move.stage].append(move)
        by_half[move.half, move.stage].append(move)
    found: dict[str, tuple[str, ...]] = {}
    for move in moves:
        wide = move.stage in _ENTRY_WIDE
        names = set(move.after)
        for stage in _NEEDS[move.stage]:
            entry_wide = wide or stage in _ENTRY_WIDE
            earlier = by_entry[move.entry, stage] if entry_wide else by_half[move.half, stage]
            names.update(m.id for m in earlier)
        if wide:
            siblings = by_entry[move.entry, move.stage]
            names.update(m.id for m in siblings if m.place == move.place - 1)
        found[move.id] = tuple(sorted(names))
    return found


def _sort_key(move: Move) -> _SortKey:
    return move.stage, address_order(move.target), move.id


def _circle(members: list[str]) -> Diagnostic:
    return Diagnostic(
        code="step-cycle",
        severity=Severity.ERROR,
        message=f"steps wait for each other in a circle: {' -> '.join(members)}. This is a mistake in linkctl",
        cure="report it with the plan in JSON; meanwhile plan one part at a time with --target",
    )
