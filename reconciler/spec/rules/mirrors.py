"""Rules on mirror topics: names, owners, and what an item of `mirrorTopics` must say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase

from reconciler.model.diagnostics import Diagnostic, Position
from reconciler.model.links import LinkGoal, Topology
from reconciler.model.mirrors import MirrorGoal
from reconciler.spec.findings import did_you_mean, error, warning
from reconciler.spec.halves import Half
from reconciler.spec.written import Document, LinkEntry, MirrorEntry

_MAX_NAME = 249
_STAYS_WITHOUT_LINK = frozenset(
    {MirrorGoal.PROMOTED, MirrorGoal.FAILED_OVER, MirrorGoal.RELEASED, MirrorGoal.ABSENT}
)


def needs_look(entry: LinkEntry) -> bool:
    """Whether `check_entry` can find something in a bare name: under an ordinary link it is right as it stands."""
    return entry.mode is Topology.BIDIRECTIONAL or entry.goal is LinkGoal.ABSENT


def check_entry(
    entry: LinkEntry, mirror: MirrorEntry, sides: Sequence[str]
) -> Iterator[Diagnostic]:
    """Rules on one item by itself; `sides` are the two clusters of a bidirectional link, as far as known."""
    if mirror.keys:
        yield from _name_or_match(mirror)
    if entry.mode is Topology.BIDIRECTIONAL:
        yield from _origin(mirror, sides)
    elif "from" in mirror.keys and entry.mode is not None and not entry.between:
        yield error(
            code="key-of-other-mode",
            at=mirror.keys["from"],
            message="`from` is for bidirectional links",
            cure="remove it: the data comes from the link's `source`",
        )
    if entry.goal is LinkGoal.ABSENT and mirror.goal and mirror.goal not in _STAYS_WITHOUT_LINK:
        yield error(
            code="mirror-outlives-link",
            at=mirror.keys.get("state", mirror.at),
            message="the link is to be deleted, and this mirror topic is to go on mirroring",
            cure="set its `state` to `promoted`, `failed_over`, `released` or `absent` first",
            related=(entry.at,),
        )


def _name_or_match(mirror: MirrorEntry) -> Iterator[Diagnostic]:
    keys = mirror.keys
    if "name" in keys and "match" in keys:
        yield error(
            code="name-and-match",
            at=max(keys["name"], keys["match"]),
            message="an item has `name` or `match`, not both",
            cure="make it two items",
        )
    elif "name" not in keys and "match" not in keys:
        yield error(
            code="missing-key",
            at=mirror.at,
            message="this mirror topic has neither `name` nor `match`",
            cure="add `name: TOPIC`, or `match: GLOB` for several",
        )
    elif "except" in keys and "match" not in keys:
        yield error(
            code="except-without-match",
            at=keys["except"],
            message="`except` takes names out of a `match`, and there is none",
            cure="remove it, or use `match` instead of `name`",
        )


def _origin(mirror: MirrorEntry, sides: Sequence[str]) -> Iterator[Diagnostic]:
    if "from" not in mirror.keys:
        yield error(
            code="missing-key",
            at=mirror.at,
            message="on a bidirectional link, each mirror topic says `from` which cluster its data comes",
            cure="write `{name: TOPIC, from: CLUSTER}`",
        )
    elif mirror.origin is not None and sides and mirror.origin.text not in sides:
        yield error(
            code="unknown-side",
            at=mirror.origin.at,
            message="`from` is not one of the two clusters in `between`",
            cure=did_you_mean(mirror.origin.text, sides, "use one of the two names"),
        )


class Owners:
    """Which mirror names are taken on which cluster, over all links of all files."""

    def __init__(self) -> None:
        self._exact: dict[str, dict[str, Position]] = {}
        self._folded: dict[tuple[str, str], tuple[str, Position]] = {}

    def names(self) -> frozenset[str]:
        """All names that were claimed."""
        return frozenset(name for taken in self._exact.values() for name in taken)

    def claim(self, source_topic: str, at: Position, half: Half) -> Iterable[Diagnostic]:
        """Rules on the name that a mirror topic gets on its cluster."""
        name = half.prefix_text + source_topic
        taken = self._exact.setdefault(half.cluster, {})
        first = taken.setdefault(name, at)
        if first is not at:
            return (_twice(at, first, half.cluster),)
        if len(name) > _MAX_NAME:
            return (_too_long(at, len(name)),)
        if "_" in name or "." in name:
            return self._collisions(name, at, half.cluster)
        return ()

    def _collisions(self, name: str, at: Position, cluster: str) -> Iterator[Diagnostic]:
        # Brokers name metrics with `_` for `.` and refuse topics whose names are then the same.
        folded = (cluster, name.replace(".", "_"))
        other, first = self._folded.setdefault(folded, (name, at))
        if other != name:
            yield error(
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


def _too_long(at: Position, length: int) -> Diagnostic:
    return error(
        code="mirror-name-too-long",
        at=at,
        message=f"with its prefix the mirror topic's name has {length} characters; {_MAX_NAME} are allowed",
        cure="use a shorter prefix, or leave this topic out",
    )


def check_patterns(entry: LinkEntry) -> Iterator[Diagnostic]:
    """The same `match` twice under one link."""
    first: dict[tuple[str, str], Position] = {}
    for mirror in entry.mirrors:
        if mirror.match is None:
            continue
        key = (mirror.match.text, mirror.origin.text if mirror.origin else "")
        if key in first:
            yield error(
                code="mirror-declared-twice",
                at=mirror.match.at,
                message="this `match` stands here a second time",
                cure="keep one of the two",
                related=(first[key],),
            )
        first.setdefault(key, mirror.match.at)


def check_protect(document: Document, names: frozenset[str]) -> Iterator[Diagnostic]:
    """A glob of `protect` that covers nothing listed is most likely misspelt.

    With `match` or topic filters about, what exists cannot be known from files, so nothing is said.
    """
    open_ended = any(
        mirror.match is not None for link in document.links for mirror in link.mirrors
    ) or any(
        section.filters
        for link in document.links
        for section in (link.own, *link.sides.values())
        if "topicFilters" in section.keys
    )
    if open_ended:
        return
    for word in document.protect:
        if not _covers(word.text, names):
            yield warning(
                code="protects-nothing",
                at=word.at,
                message="this glob matches no mirror topic that is listed",
                cure="check its spelling (names include the prefix); keep it if it guards topics that are no longer listed",
            )


def _covers(glob: str, names: frozenset[str]) -> bool:
    return glob in names or any(fnmatchcase(name, glob) for name in names)
