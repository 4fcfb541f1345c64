"""What a status report has to say, computed once: complaints per object, and figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from reconciler.model.observed import Gap, Health, HealthLevel, ObservedLink, ObservedMirror
from reconciler.model.status import LinkReport, MirrorReport, StatusReport
from reconciler.reporting.layout import number

ABSENT = "(absent)"
UNREADABLE = "(unreadable)"
NO_WORD = "(no word)"

_LAST_SECOND = 253_402_300_799
"""The end of year 9999, the last that a calendar date can say."""


@dataclass(frozen=True, slots=True)
class MirrorLine:
    """One mirror topic as people see it; `lag` is None where it is not known or means nothing."""

    report: MirrorReport
    status: str
    level: HealthLevel
    lag: int | None
    partitions: int | None
    since: str
    complaints: tuple[str, ...]

    @property
    def stopped(self) -> bool:
        """Whether this is an ordinary topic by now, or none at all: then there is no lag to know."""
        seen = self.report.observed
        return seen is None or (isinstance(seen, ObservedMirror) and seen.stopped)


@dataclass(frozen=True, slots=True)
class LinkView:
    """One link as people see it; mirror topics that need a look come first."""

    report: LinkReport
    state: str
    level: HealthLevel
    complaints: tuple[str, ...]
    mirrors: tuple[MirrorLine, ...]


@dataclass(frozen=True, slots=True)
class StatusView:
    """A status report, arranged for readers."""

    report: StatusReport
    links: tuple[LinkView, ...]
    gaps: tuple[Gap, ...]
    link_levels: Mapping[HealthLevel, int]
    mirror_levels: Mapping[HealthLevel, int]
    total_lag: int
    """Sum of all lags that are known, in records."""
    unknown_lags: int
    """Mirror topics that are not stopped and whose lag is not known."""


def view_status(report: StatusReport) -> StatusView:
    """Arrange a status report for printing."""
    links = tuple(_link(link) for link in report.links)
    mirrors = [mirror for link in links for mirror in link.mirrors]
    return StatusView(
        report=report,
        links=links,
        gaps=tuple(dict.fromkeys((*report.gaps, *_gaps_within(report)))),
        link_levels=_levels(link.level for link in links),
        mirror_levels=_levels(mirror.level for mirror in mirrors),
        total_lag=sum(mirror.lag or 0 for mirror in mirrors),
        unknown_lags=sum(mirror.lag is None and not mirror.stopped for mirror in mirrors),
    )


def _gaps_within(report: StatusReport) -> Iterator[Gap]:
    """Gaps that stand in the place of a value, so that none is shown without its cause."""
    for link in report.links:
        parts: list[object] = [link.observed, *(m.observed for m in link.mirrors)]
        parts += [side for group in link.groups for side in (group.source, group.destination)]
        if isinstance(link.observed, ObservedLink):
            parts.append(link.observed.tasks)
        yield from (part for part in parts if isinstance(part, Gap))


def _levels(found: Iterator[HealthLevel]) -> Mapping[HealthLevel, int]:
    counts = Counter(found)
    return {level: counts[level] for level in HealthLevel}


def _link(report: LinkReport) -> LinkView:
    mirrors = sorted((_mirror(m) for m in report.mirrors), key=_worst_first)
    state, health = _link_health(report.observed)
    return LinkView(report, state, health.level, health.reasons, tuple(mirrors))


def _link_health(observed: ObservedLink | Gap | None) -> tuple[str, Health]:
    match observed:
        case None:
            return ABSENT, Health(HealthLevel.UNHEALTHY, ("the cluster has no such link",))
        case Gap() as gap:
            return UNREADABLE, Health(HealthLevel.UNKNOWN, (unread(gap),))
        case ObservedLink(state=state, health=health):
            hidden = [
                unread(part) for part in (observed.configs, observed.tasks) if isinstance(part, Gap)
            ]
            if hidden and health.level is HealthLevel.HEALTHY:
                # What could not be read is never called green (P6).
                health = Health(HealthLevel.UNKNOWN, (*health.reasons, *hidden))
            return state or NO_WORD, health


def _mirror(report: MirrorReport) -> MirrorLine:
    match report.observed:
        case None:
            why = "the link lists no such mirror topic"
            return MirrorLine(report, ABSENT, HealthLevel.UNHEALTHY, None, None, "", (why,))
        case Gap() as gap:
            why = unread(gap)
            return MirrorLine(report, UNREADABLE, HealthLevel.UNKNOWN, None, None, "", (why,))
        case ObservedMirror() as mirror:
            return MirrorLine(
                report=report,
                status=mirror.status or NO_WORD,
                level=_mirror_level(report, mirror),
                lag=None if mirror.stopped else mirror.lag,
                partitions=mirror.partitions,
                since=instant(mirror.since_ms),
                complaints=tuple(_mirror_complaints(report, mirror)),
            )


def unread(gap: Gap) -> str:
    """A gap where it shows; its cause is told once, with all gaps."""
    return f"could not be read: {gap.scope}"


def _mirror_level(report: MirrorReport, mirror: ObservedMirror) -> HealthLevel:
    return HealthLevel.UNHEALTHY if report.lag_exceeded else mirror.health.level


def _mirror_complaints(report: MirrorReport, mirror: ObservedMirror) -> Iterator[str]:
    yield from mirror.health.reasons
    if report.lag_exceeded:
        yield f"lag {number(mirror.lag)} is over its maxLag of {number(report.max_lag)}"
    if mirror.never_fetched and not mirror.stopped:
        yield "nothing fetched yet on some partition: a lag of 0 there proves nothing"
    for error in mirror.transition_errors or ():
        yield f"{error.code}: {error.message}"


def _worst_first(line: MirrorLine) -> tuple[bool, str]:
    return line.level is HealthLevel.HEALTHY and not line.complaints, line.report.address.mirror


def instant(epoch_ms: int | None) -> str:
    """Milliseconds since the epoch as UTC to the second; empty where there is no such date."""
    if epoch_ms is None or not 0 <= epoch_ms // 1000 <= _LAST_SECOND:
        return ""
    return datetime.fromtimestamp(epoch_ms // 1000, tz=UTC).strftime("%Y-%m-%d %H:%M:%SZ")
