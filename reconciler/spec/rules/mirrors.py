"""Rules on mirror topics: names, owners, and what an item of `mirrorTopics` must say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from reconciler.model.catalogue import Catalogue
from reconciler.model.diagnostics import Diagnostic
from reconciler.model.filters import FilterKind, FilterType, NameFilter, PatternType
from reconciler.model.links import LinkGoal, Topology
from reconciler.model.mirrors import MirrorGoal
from reconciler.spec.findings import MAX_RELATED, did_you_mean, error, warning
from reconciler.spec.globs import Beginnings, Names
from reconciler.spec.halves import Half
from reconciler.spec.written import Document, LinkEntry, MirrorEntry

_ON_CLOUD: Final = 3
_GOES_ON = frozenset({MirrorGoal.ACTIVE, MirrorGoal.PAUSED})


def needs_look(entry: LinkEntry) -> bool:
    """Whether `check_entry` can find something in a bare name: under a one-way link it is right as it stands."""
    return entry.mode is Topology.BIDIRECTIONAL


def check_entry(
    entry: LinkEntry, mirror: MirrorEntry, sides: Sequence[str]
) -> Iterator[Diagnostic]:
    """Rules on one item by itself; `sides` are the two clusters of a bidirectional link, as far as known."""
    if mirror.keys or mirror.name is None:
        yield from _name_or_match(mirror)
    if entry.mode is Topology.BIDIRECTIONAL:
        yield from _origin(mirror, sides) if sides else ()
    elif "from" in mirror.keys and entry.mode is not None and not entry.between:
        yield error(
            code="key-of-other-mode",
            at=mirror.keys["from"],
            message="`from` is for bidirectional links",
            cure="remove it: the data comes from the link's `source`",
        )


def check_outlived(entry: LinkEntry) -> Iterator[Diagnostic]:
    """A link that is to be deleted under mirror topics that are to go on: said once, at the link's state."""
    if entry.goal is not LinkGoal.ABSENT:
        return
    going_on = [m.keys.get("state", m.at) for m in entry.mirrors if m.goal in _GOES_ON]
    if going_on:
        yield error(
            code="mirror-outlives-link",
            at=entry.own.keys["state"],
            message=f"the link is to be deleted, and {_counted(len(going_on))} to go on mirroring",
            cure="set their `state` to `promoted`, `failed_over`, `released` or `absent`",
            related=tuple(going_on[:MAX_RELATED]),
        )


def _counted(number: int) -> str:
    return "a mirror topic on it is" if number == 1 else f"{number:,} mirror topics on it are"


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
            message="on a bidirectional link, each mirror topic says with `from` where its data comes from",
            cure="write `{name: TOPIC, from: CLUSTER}`",
        )
    elif mirror.origin is not None and mirror.origin.text not in sides:
        yield error(
            code="unknown-side",
            at=mirror.origin.at,
            message="`from` is not one of the two clusters in `between`",
            cure=did_you_mean(mirror.origin.text, sides, "use one of the two names"),
        )


def check_replicas(mirror: MirrorEntry) -> Iterator[Diagnostic]:
    """A mirror topic on Confluent Cloud, where every topic has three copies (cluster-linking reference, section 3.2)."""
    if mirror.replication_factor not in {None, _ON_CLOUD}:
        yield warning(
            code="replicas-on-cloud",
            at=mirror.keys["replicationFactor"],
            message=f"Confluent Cloud creates topics with {_ON_CLOUD} replicas only, and refuses other numbers",
            cure="remove `replicationFactor`",
        )


class AutoCreated:
    """Which topics the filters of a link object create mirrors of by themselves (section 6.1)."""

    def __init__(self, half: Half, catalogue: Catalogue) -> None:
        family, listed = (
            catalogue.families.get(FilterKind.TOPIC),
            half.filters.get(FilterKind.TOPIC),
        )
        switch = half.configs.get(family.switch) if family else None
        on = half.stays and listed is not None and switch is not None and switch.text == "true"
        self._listed = listed if on else None
        rows = [row.row for row in listed.rows if isinstance(row.row, NameFilter)] if listed else []
        self._included = _Selection(r for r in rows if r.filter_type == FilterType.INCLUDE)
        self._excluded = _Selection(r for r in rows if r.filter_type == FilterType.EXCLUDE)

    def check(self, mirror: MirrorEntry) -> Iterator[Diagnostic]:
        """A mirror topic that is to be deleted, and would be created again."""
        name = mirror.name
        if self._listed is None or name is None or mirror.goal is not MirrorGoal.ABSENT:
            return
        if self._included.has(name) and not self._excluded.has(name):
            places = sorted((self._listed.at, mirror.keys["state"]))
            yield error(
                code="comes-back",
                at=places[0],
                message="a mirror topic is to be deleted, and `topicFilters` would create it again",
                cure="add an EXCLUDE row with its name to `topicFilters`",
                related=(places[1],),
            )


class _Selection:
    """The names that rows speak of, looked up instead of compared row by row."""

    def __init__(self, rows: Iterable[NameFilter]) -> None:
        kinds = [(row.name, row.pattern_type == PatternType.PREFIXED) for row in rows]
        self._names = frozenset(name for name, prefixed in kinds if not prefixed)
        self._beginnings = Beginnings(name for name, prefixed in kinds if prefixed)

    def has(self, name: str) -> bool:
        """Whether a row matches a name."""
        return name in self._names or "*" in self._names or self._beginnings.of(name) is not None


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
    listed = Names(names)
    for word in document.protect:
        if not listed.has_match(word.text):
            yield warning(
                code="protects-nothing",
                at=word.at,
                message="this glob matches no mirror topic that is listed",
                cure="check its spelling (names include the prefix); keep it if it guards topics that are no longer listed",
            )
