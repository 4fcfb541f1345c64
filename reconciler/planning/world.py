"""Questions that every planner asks of the live side, with "could not be read" and "not there" kept apart.

A scope that nobody has read counts as a gap here: a plan made too early must not take it for an empty one (P6).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from reconciler.model.address import Address, LinkAddress, MirrorAddress, matches
from reconciler.model.catalogue import Catalogue
from reconciler.model.changes import ChangeKind
from reconciler.model.consent import Grant
from reconciler.model.desired import DesiredMirror, DesiredState
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.observed import (
    Gap,
    ObservedLink,
    ObservedMirror,
    ObservedState,
    ObservedTopic,
    Read,
    known,
)

T = TypeVar("T")

RowsBySource = Mapping[str, ObservedMirror]

READ_FIRST = "see what could not be read, and plan again when it can be"
"""The cure of everything that only a gap holds back: the gap itself is told once, with its own cause and cure."""


@dataclass(frozen=True, slots=True)
class World:
    """Both sides of a plan, the vocabulary, and what a run asks for beyond the file: the consents that turn a blocked
    cell into a change, and the links (globs on addresses) whose secrets are to be written again.
    """

    desired: DesiredState
    observed: ObservedState
    catalogue: Catalogue
    grants: tuple[Grant, ...] = ()
    write_secrets: tuple[str, ...] = ()
    rows: Mapping[LinkAddress, RowsBySource] = field(default_factory=dict)
    """Live mirror rows by link and source topic: the identity of a mirror topic."""

    def link(self, address: LinkAddress) -> Read[ObservedLink] | None:
        """A live link, None when it is not there, or the gap that hides it."""
        try:
            return self.observed.link(address)
        except LookupError:
            return _unread(address.cluster, "cluster links")

    def mirrors(self, cluster: str) -> Read[Mapping[str, ObservedMirror]]:
        """All mirror rows of a cluster by name."""
        return _asked(self.observed.cluster(cluster).mirrors, cluster, "mirror topics")

    def topics(self, cluster: str) -> Read[Mapping[str, ObservedTopic]]:
        """All topics of a cluster by name."""
        return _asked(self.observed.cluster(cluster).topics, cluster, "topics")

    def rows_of(self, link: LinkAddress) -> tuple[ObservedMirror, ...]:
        """The live mirror rows of one link, by name; empty when they could not be read."""
        return tuple(sorted(self.rows.get(link, {}).values(), key=lambda row: row.address))

    def row(self, mirror: DesiredMirror) -> ObservedMirror | None:
        """The live row of a wanted mirror topic, matched by link and source topic."""
        return self.rows.get(mirror.address.link_address, {}).get(mirror.source_topic)

    def holder(self, address: MirrorAddress) -> ObservedMirror | None:
        """Whichever mirror row holds that topic name on that cluster, of whatever link."""
        rows = self.mirrors(address.cluster)
        return None if isinstance(rows, Gap) else rows.get(address.mirror)

    def cluster_id(self, name: str) -> str | None:
        """The id of a cluster: as the file gives it, else as it was read."""
        declared = self.desired.clusters.get(name)
        if declared is not None and declared.cluster_id is not None:
            return declared.cluster_id
        return known(self.observed.cluster(name).cluster_id)

    def has_rest(self, name: str) -> bool:
        """Whether a cluster can be asked at all; plain sources cannot."""
        declared = self.desired.clusters.get(name)
        return declared is not None and declared.rest is not None

    def gone(self, name: str) -> Gap | None:
        """Why a cluster that has a REST endpoint counts as gone: its identity, or all that was asked, is a gap."""
        if not self.has_rest(name):
            return None
        seen = self.observed.cluster(name)
        if isinstance(seen.cluster_id, Gap):
            return seen.cluster_id
        parts = (seen.links, seen.mirrors, seen.topics)
        gaps = [part for part in parts if isinstance(part, Gap)]
        answered = any(part is not None and not isinstance(part, Gap) for part in parts)
        return gaps[0] if gaps and not answered else None

    def granted(self, kind: ChangeKind, address: Address) -> bool:
        """Whether an exact consent turns a blocked cell into that change."""
        return any(g.kind is kind.consent and g.covers(address) for g in self.grants)

    def writes_secrets(self, address: LinkAddress) -> bool:
        """Whether the secrets of a link object are to be written again."""
        return any(matches(address, glob) for glob in self.write_secrets)


def look(
    desired: DesiredState,
    observed: ObservedState,
    catalogue: Catalogue,
    grants: Iterable[Grant] = (),
    write_secrets: Iterable[str] = (),
) -> World:
    """Put both sides together and index the live mirror rows."""
    rows: dict[LinkAddress, dict[str, ObservedMirror]] = {}
    for _, cluster in sorted(observed.clusters.items()):
        for _, row in sorted((known(cluster.mirrors) or {}).items()):
            # Two rows of one link with one source cannot be made; should a server show them, the first name counts.
            rows.setdefault(row.address.link_address, {}).setdefault(row.source_topic, row)
    return World(desired, observed, catalogue, tuple(grants), tuple(write_secrets), rows)


def listing(names: Iterable[str], *, limit: int = 5) -> str:
    """Names for a sentence: sorted, the first few spelled out, the others counted."""
    ordered = sorted(names)
    shown = ", ".join(ordered[:limit])
    rest = len(ordered) - limit
    return f"{shown} and {rest} more" if rest > 0 else shown


def counted(number: int, noun: str) -> str:
    """`1 mirror topic`, `3 mirror topics`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _asked(part: Read[T] | None, cluster: str, what: str) -> Read[T]:
    return _unread(cluster, what) if part is None else part


def _unread(cluster: str, what: str) -> Gap:
    return Gap(
        f"{cluster}: {what}",
        Diagnostic(
            code="not-read",
            severity=Severity.ERROR,
            message=f"the {what} of {cluster} were not read before planning",
            cure="give the cluster a `restEndpoint`, or run the command again",
            subject=cluster,
        ),
    )
