"""A status report as JSON: `linkctl.status/1`, published as `schema/status.schema.json`.

What could not be read is `{"unreadable": …}`, what does not exist or was not offered is null.
"""

from __future__ import annotations

from collections.abc import Callable

from reconciler.model.observed import (
    Gap,
    GroupOffset,
    Health,
    LinkTask,
    ObservedLink,
    ObservedMirror,
    Read,
    T,
    TaskError,
)
from reconciler.model.status import GroupReport, LinkReport, MirrorReport, StatusReport
from reconciler.reporting.document import Json, as_json, diagnostic_json, gap_json
from reconciler.reporting.status_view import LinkView, MirrorLine, view_status

FORMAT = "linkctl.status/1"


def status_json(report: StatusReport, *, line: bool = False) -> str:
    """The report for machines; on a single line when it is one of several."""
    view = view_status(report)
    return as_json(
        {
            "format": FORMAT,
            "summary": {
                "links": {str(level): n for level, n in view.link_levels.items()},
                "mirrors": {str(level): n for level, n in view.mirror_levels.items()},
                "lag": view.total_lag,
                "lagUnknown": view.unknown_lags,
                "unreadable": len(view.gaps),
            },
            "links": [_link(link) for link in view.links],
            "gaps": [gap_json(gap) for gap in view.gaps],
        },
        line=line,
    )


def _link(view: LinkView) -> Json:
    report: LinkReport = view.report
    mirrors = sorted(view.mirrors, key=lambda line: line.report.address)
    return {
        "address": str(report.address),
        "remote": report.remote,
        "health": str(view.level),
        "complaints": list(view.complaints),
        "observed": _read(report.observed, _observed_link),
        "mirrors": [_mirror(line) for line in mirrors],
        "groups": [_group(group) for group in report.groups],
    }


def _mirror(line: MirrorLine) -> Json:
    report: MirrorReport = line.report
    return {
        "address": str(report.address),
        "health": str(line.level),
        "complaints": list(line.complaints),
        "maxLag": report.max_lag,
        "lagExceeded": report.lag_exceeded,
        "observed": _read(report.observed, _observed_mirror),
    }


def _group(report: GroupReport) -> Json:
    return {
        "group": report.group,
        "sourceCluster": report.source_cluster,
        "destinationCluster": report.destination_cluster,
        "sourceReadable": _readable(report.source),
        "destinationReadable": _readable(report.destination),
        "membersOnDestination": report.members_on_destination,
        "offsets": [
            {
                "topic": pair.topic,
                "partition": pair.partition,
                "source": pair.source,
                "destination": pair.destination,
                "behind": pair.behind,
            }
            for pair in report.offsets
        ],
    }


def _readable(offsets: Read[tuple[GroupOffset, ...]] | None) -> bool | None:
    """None: that side has no REST endpoint to ask."""
    return None if offsets is None else not isinstance(offsets, Gap)


def _observed_link(link: ObservedLink) -> Json:
    return {
        "linkId": link.link_id,
        "remoteClusterId": link.remote_cluster_id,
        "state": link.state,
        "error": link.error,
        "errorMessage": link.error_message,
        "paused": link.paused,
        "health": _health(link.health),
        "tasks": _read(link.tasks, lambda tasks: [_task(task) for task in tasks]),
    }


def _observed_mirror(mirror: ObservedMirror) -> Json:
    return {
        "sourceTopic": mirror.source_topic,
        "status": mirror.status,
        "error": mirror.error,
        "partitions": mirror.partitions,
        "lag": mirror.lag,
        "lags": None
        if mirror.lags is None
        else [
            {
                "partition": row.partition,
                "lag": row.lag,
                "lastSourceFetchOffset": row.last_source_fetch_offset,
            }
            for row in sorted(mirror.lags)
        ],
        "sinceMs": mirror.since_ms,
        "transitionErrors": None
        if mirror.transition_errors is None
        else [_error(error) for error in mirror.transition_errors],
        "health": _health(mirror.health),
    }


def _task(task: LinkTask) -> Json:
    return {
        "name": task.name,
        "state": task.state,
        "errors": [_error(error) for error in task.errors],
    }


def _error(error: TaskError) -> Json:
    return {"code": error.code, "message": error.message}


def _health(health: Health) -> Json:
    return {"level": str(health.level), "reasons": list(health.reasons)}


def _read(part: Read[T] | None, write: Callable[[T], Json]) -> Json:
    """A value, `{"unreadable": …}` for a gap, or null."""
    if part is None:
        return None
    return (
        {"unreadable": diagnostic_json(part.diagnostic)} if isinstance(part, Gap) else write(part)
    )
