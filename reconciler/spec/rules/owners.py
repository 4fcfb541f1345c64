"""Rules on mirror names over all links of all files: one owner each, no collisions, no circles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from reconciler.model.diagnostics import Diagnostic, Position
from reconciler.model.mirrors import MirrorGoal
from reconciler.spec.findings import MAX_RELATED, error, warning
from reconciler.spec.halves import Half, Hosts
from reconciler.spec.written import LinkEntry

_MAX_NAME = 249
_GOES_ON = frozenset({MirrorGoal.ACTIVE, MirrorGoal.PAUSED})


class Owners:
    """Which mirror names are taken on which cluster, over all links of all files."""

    def __init__(self) -> None:
        self._exact: defaultdict[str, dict[str, Position]] = defaultdict(dict)
        self._folded: defaultdict[str, dict[str, str]] = defaultdict(dict)

    def claimed(self) -> frozenset[str]:
        """All names that were claimed."""
        return frozenset(name for taken in self._exact.values() for name in taken)

    def claim(self, source_topic: str, at: Position, half: Half) -> Iterable[Diagnostic]:
        """Rules on the name that a mirror topic gets on its cluster."""
        name = half.prefix_text + source_topic
        taken = self._exact[half.cluster]
        first = taken.setdefault(name, at)
        if first is not at:
            return (_twice(at, first, half.cluster),)
        if len(name) > _MAX_NAME:
            return (_too_long(at, len(name)),)
        if name == "-":
            return (_reserved(at),)
        if "_" in name or "." in name:
            # Brokers name metrics with `_` for `.` and refuse topics whose names are then the same.
            other = self._folded[half.cluster].setdefault(name.replace(".", "_"), name)
            if other != name:
                return (_collides(at, taken[other]),)
        return ()


def _collides(at: Position, first: Position) -> Diagnostic:
    return error(
        code="mirror-names-collide",
        at=at,
        message="this mirror topic's name differs from another one only in `.` and `_`, and brokers refuse that",
        cure="mirror only one of the two on this cluster, or give one link a prefix",
        related=(first,),
    )


def _twice(at: Position, first: Position, cluster: str) -> Diagnostic:
    return error(
        code="mirror-declared-twice",
        at=at,
        message=f"a mirror topic of this name on `{cluster}` is already declared at {first}",
        cure="keep one of the two: a topic can be the mirror of one link only",
        related=(first,),
    )


def _reserved(at: Position) -> Diagnostic:
    return warning(
        code="reserved-name",
        at=at,
        message="the REST API reads `-` as all topics, so a mirror topic of this name cannot be asked for alone",
        cure="give the link a prefix, or leave this topic out",
    )


def _too_long(at: Position, length: int) -> Diagnostic:
    return error(
        code="mirror-name-too-long",
        at=at,
        message=f"with its prefix the mirror topic's name has {length} characters; {_MAX_NAME} are allowed",
        cure="use a shorter prefix, or leave this topic out",
    )


def check_cycles(entries: Sequence[tuple[LinkEntry, tuple[Half, ...]]]) -> Iterator[Diagnostic]:
    """Mirror topics that would take their data from each other in a circle.

    Only those that go on mirroring count: after a failover, the old direction is `released` and the new one active.
    """
    sources: dict[tuple[str, str], tuple[str, str]] = {}
    places: dict[tuple[str, str], Position] = {}
    halves = [half for _, pair in entries for half in pair if half.hosts_mirrors]
    if {half.cluster for half in halves}.isdisjoint(half.remote for half in halves):
        return
    for entry, pair in entries:
        hosts = Hosts(pair)
        for mirror in entry.mirrors:
            half = hosts.only if mirror.origin is None else hosts.of(mirror.origin)
            if half is not None and mirror.name is not None and mirror.goal in _GOES_ON:
                key = (half.cluster, half.prefix_text + mirror.name)
                sources.setdefault(key, (half.remote, mirror.name))
                places.setdefault(key, mirror.at)
    for circle in _circles(sources):
        at, *others = sorted(places[key] for key in circle)
        yield error(
            code="mirror-cycle",
            at=at,
            message="mirror topics take their data from each other in a circle, so none can be created",
            cure="set the direction that is over to `released`, or give the links prefixes",
            related=tuple(others[:MAX_RELATED]),
        )


def _circles(
    sources: Mapping[tuple[str, str], tuple[str, str]],
) -> Iterator[list[tuple[str, str]]]:
    """The circles in a graph in which each node has at most one way to go; each once."""
    done: set[tuple[str, str]] = set()
    for start in sources:
        path: dict[tuple[str, str], None] = {}
        node = start
        while node in sources and node not in done and node not in path:
            path[node] = None
            node = sources[node]
        if node in path:
            walked = list(path)
            yield walked[walked.index(node) :]
        done.update(path)
