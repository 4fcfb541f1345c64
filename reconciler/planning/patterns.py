"""Expand `match`/`except` into mirror topics.

`match` with `state: active` means "mirror these topics of the source": it is resolved on the source's topics.
With any other state it means "do this to these mirror topics": it is resolved on the live rows of the link, so that
a whole link can be failed over with a dead source. A listed mirror topic always beats a pattern.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from reconciler.model.address import MirrorAddress
from reconciler.model.desired import DesiredLink, DesiredMirror, MirrorPattern
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.mirrors import MirrorGoal
from reconciler.model.observed import Gap, ObservedTopic
from reconciler.planning.world import World


@dataclass(frozen=True, slots=True)
class Expansion:
    """The mirror topics of an entry, listed and matched, sorted by address; those that patterns fight over apart."""

    mirrors: tuple[DesiredMirror, ...]
    disputed: tuple[MirrorAddress, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def expand(world: World, entry: DesiredLink) -> Expansion:
    """All mirror topics that an entry speaks of."""
    listed = {(m.address.link_address, m.source_topic): m for m in entry.mirrors}
    matched = dict(listed)
    findings: list[Diagnostic] = []
    disputed: set[MirrorAddress] = set()
    for pattern in sorted(entry.patterns, key=lambda p: (p.goal is not MirrorGoal.ACTIVE, repr(p))):
        # What an active pattern is about to create is there for the others to want something else of.
        coming = {source for link, source in matched if link == pattern.link} - {
            source for link, source in listed if link == pattern.link
        }
        names = _names(world, entry, pattern, coming)
        if isinstance(names, Diagnostic):
            findings.append(names)
            continue
        if not names:
            findings.append(_empty(pattern))
        for name in names:
            mirror = _mirror(pattern, name)
            key = (pattern.link, name)
            if key in listed:
                continue
            earlier = matched.setdefault(key, mirror)
            if replace(earlier, position=None) != replace(mirror, position=None):
                disputed.add(mirror.address)
                findings.append(_clash(earlier, mirror))
    mirrors = (mirror for mirror in matched.values() if mirror.address not in disputed)
    return Expansion(
        tuple(sorted(mirrors, key=lambda m: m.address)), tuple(sorted(disputed)), tuple(findings)
    )


def needs_source_topics(entry: DesiredLink) -> tuple[str, ...]:
    """Clusters whose topic lists the patterns of an entry are resolved on."""
    remotes = {half.address: half.remote for half in entry.halves}
    return tuple(sorted({remotes[p.link] for p in entry.patterns if p.goal is MirrorGoal.ACTIVE}))


def _names(
    world: World, entry: DesiredLink, pattern: MirrorPattern, coming: AbstractSet[str]
) -> tuple[str, ...] | Diagnostic:
    """Source topic names that a pattern selects, of live rows and of those that are `coming`, or why that cannot be
    known.
    """
    if pattern.goal is not MirrorGoal.ACTIVE:
        rows = world.mirrors(pattern.link.cluster)
        if isinstance(rows, Gap):
            return _unreadable(pattern, f"the mirror topics of {pattern.link.cluster}", rows)
        names = {row.source_topic for row in world.rows_of(pattern.link)} | coming
        return tuple(sorted(name for name in names if _selected(pattern, name)))
    remote = next(half.remote for half in entry.halves if half.address == pattern.link)
    topics = world.topics(remote)
    if isinstance(topics, Gap):
        return _unreadable(pattern, f"the topics of {remote}", topics)
    return _source_names(world, entry, pattern, topics, remote)


def _source_names(
    world: World,
    entry: DesiredLink,
    pattern: MirrorPattern,
    topics: Mapping[str, ObservedTopic],
    remote: str,
) -> tuple[str, ...]:
    # On a bidirectional link the other side lists our own topics as its mirrors; mirroring them back would loop.
    ours = {
        row.address.mirror
        for half in entry.halves
        if half.address.cluster == remote
        for row in world.rows_of(half.address)
        if not row.stopped
    }
    hidden = not pattern.match.startswith("_")
    return tuple(
        name
        for name, topic in sorted(topics.items())
        if _selected(pattern, name)
        and name not in ours
        and not (hidden and (topic.internal or name.startswith("_")))
    )


def _selected(pattern: MirrorPattern, name: str) -> bool:
    return fnmatchcase(name, pattern.match) and not any(
        fnmatchcase(name, glob) for glob in pattern.excludes
    )


def _mirror(pattern: MirrorPattern, source_topic: str) -> DesiredMirror:
    return DesiredMirror(
        pattern.link.mirror(pattern.prefix + source_topic),
        source_topic,
        pattern.goal,
        pattern.configs,
        pattern.replication_factor,
        pattern.max_lag,
        pattern.position,
    )


def _unreadable(pattern: MirrorPattern, what: str, gap: Gap) -> Diagnostic:
    return Diagnostic(
        code="pattern-unreadable",
        severity=Severity.BLOCKED,
        message=f"the pattern {pattern.match} cannot be resolved: {what} could not be read ({gap.diagnostic.message})",
        cure="make that cluster readable and plan again, or list the mirror topics by name",
        position=pattern.position,
        address=pattern.link,
    )


def _empty(pattern: MirrorPattern) -> Diagnostic:
    where = "topic of the source" if pattern.goal is MirrorGoal.ACTIVE else "live mirror topic"
    return Diagnostic(
        code="pattern-empty",
        severity=Severity.WARNING,
        message=f"the pattern {pattern.match} selects no {where}",
        cure="check the glob and its `except` list, or remove the entry",
        position=pattern.position,
        address=pattern.link,
    )


def _clash(one: DesiredMirror, other: DesiredMirror) -> Diagnostic:
    related = tuple(sorted(m.position for m in (one, other) if m.position is not None))
    return Diagnostic(
        code="pattern-overlap",
        severity=Severity.BLOCKED,
        message=f"two patterns select {one.source_topic} and want different things of it; nothing is planned for it",
        cure="exclude it from one of them, or list it by name: a name beats every pattern",
        position=related[0] if related else None,
        address=one.address,
        related=related[1:],
    )
