"""What `status` reports: links, mirror topics and consumer groups as they are, beside the limits that the YAML sets.

As in `observed`, three cases are kept apart: a value, a `Gap` (could not be read), and None. For a link or a
mirror topic None means that the list was read and holds no such row; for the offsets of a group, that
the side has no REST endpoint to ask.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reconciler.model.address import LinkAddress, MirrorAddress
from reconciler.model.observed import Gap, GroupOffset, ObservedLink, ObservedMirror, Read


@dataclass(frozen=True, slots=True)
class MirrorReport:
    """One mirror topic. `max_lag` is the limit in records that its entry sets, if any."""

    address: MirrorAddress
    observed: Read[ObservedMirror] | None
    max_lag: int | None = None

    @property
    def lag_exceeded(self) -> bool | None:
        """Whether the lag is over its limit; None when there is no limit or the lag is not known.

        A mirror that has stopped is an ordinary topic: its lag means nothing any more.
        """
        if self.max_lag is None or not isinstance(self.observed, ObservedMirror):
            return None
        if self.observed.stopped or self.observed.lag is None:
            return None
        return self.observed.lag > self.max_lag


@dataclass(frozen=True, slots=True)
class OffsetPair:
    """Where a group stands on one partition of a mirrored topic, on both sides.

    `topic` is the name on the source. None: no offset is committed there, or that side could not be asked.
    """

    topic: str
    partition: int
    source: int | None
    destination: int | None

    @property
    def behind(self) -> int | None:
        """Records by which the destination's offset trails the source's; None unless both are known."""
        if self.source is None or self.destination is None:
            return None
        return self.source - self.destination


@dataclass(frozen=True, slots=True)
class GroupReport:
    """One consumer group that a link takes along.

    `mirrors` gives the mirror topic's name for each source topic of the link; offsets on other topics are
    not the link's affair and are left out.
    """

    group: str
    source_cluster: str
    destination_cluster: str
    source: Read[tuple[GroupOffset, ...]] | None
    destination: Read[tuple[GroupOffset, ...]] | None
    mirrors: Mapping[str, str] = field(default_factory=dict)
    members_on_destination: bool | None = None
    """Members there keep the link from syncing the group's offsets; None when that is not known."""

    @property
    def offsets(self) -> tuple[OffsetPair, ...]:
        """Both sides joined by partition, sorted by source topic and partition."""
        here = _committed(self.source)
        there = _committed(self.destination)
        origin = {mirror: topic for topic, mirror in self.mirrors.items()}
        spots = {(t, p) for t, p in here if t in self.mirrors}
        spots |= {(origin[t], p) for t, p in there if t in origin}
        return tuple(
            OffsetPair(topic, part, here.get((topic, part)), there.get((self.mirrors[topic], part)))
            for topic, part in sorted(spots)
        )


@dataclass(frozen=True, slots=True)
class LinkReport:
    """One link object with what hangs on it. `remote` is the name of the cluster on the other side."""

    address: LinkAddress
    remote: str
    observed: Read[ObservedLink] | None
    mirrors: tuple[MirrorReport, ...] = ()
    groups: tuple[GroupReport, ...] = ()


@dataclass(frozen=True, slots=True)
class StatusReport:
    """Everything that `status` has to say; links sorted by address, mirror topics and groups by name."""

    links: tuple[LinkReport, ...] = ()
    gaps: tuple[Gap, ...] = ()


def _committed(offsets: Read[tuple[GroupOffset, ...]] | None) -> dict[tuple[str, int], int]:
    """Committed offsets by topic and partition; a negative offset means that none is committed."""
    if offsets is None or isinstance(offsets, Gap):
        return {}
    return {(o.topic, o.partition): o.current_offset for o in offsets if o.current_offset >= 0}
