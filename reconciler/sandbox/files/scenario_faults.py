"""The faults of a scenario: what strikes requests, and what befalls clusters."""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from reconciler.sandbox.behaviour import conditions
from reconciler.sandbox.rest.faults import KINDS as FAULT_KINDS
from reconciler.sandbox.rest.faults import Fault

if TYPE_CHECKING:
    from reconciler.sandbox.files.fields import Fields
    from reconciler.sandbox.world.world import World

#: The methods that there are, for faults to choose from.
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def add_fault(world: World, row: Fields) -> None:
    """A fault hits requests; a condition befalls a cluster from a second of the world on, until another one."""
    if row.text("kind") not in conditions.KINDS:
        world.faults.rules.append(read_fault(row, world))
        return
    kind, cluster = row.text("kind"), row.text("cluster", required=True)
    group = row.text("group", required=kind == "groupActive")
    answers = row.boolean("restAnswers", default=False) if kind == "clusterAway" else False
    begin_ms, end_ms = _between(row, world)
    row.done()
    if cluster not in world.clusters:
        row.wrong("there is no such cluster", "cluster")
        return
    begins = conditions.Change(
        begin_ms, kind, cluster, begins=True, subject=group, rest_answers=answers
    )
    changes = [begins]
    if end_ms is not None:
        changes.append(replace(begins, at_ms=end_ms, begins=False, began_ms=begin_ms))
    world.schedule = sorted([*world.schedule, *changes], key=lambda change: change.at_ms)


def _between(row: Fields, world: World) -> tuple[int, int | None]:
    """The instants that `from` and `until` mean, in seconds of the world from now on."""
    begin, end = row.number("from", 0.0), row.number("until", 0.0)
    if row.has("until") and end <= begin:
        row.wrong("must be later than 'from'", "until")
    now = world.now_ms()
    return now + int(begin * 1000), now + int(end * 1000) if row.has("until") else None


def read_fault(row: Fields, world: World) -> Fault:
    """A fault as scenarios and admin calls write it; it must be able to hit one of the clusters, and be sendable."""
    standard = Fault("latency")
    from_ms, until_ms = _between(row, world)
    fault = Fault(
        kind=row.word("kind", "latency", FAULT_KINDS, required=True),
        cluster=row.text("cluster", "*"),
        method=row.text("method", "*").upper(),
        path=row.text("path", "*"),
        skip=row.integer("skip", 0),
        times=row.maybe_integer("times"),
        probability=row.number("probability", 1.0, maximum=1.0),
        seconds=row.number("seconds", standard.seconds),
        seconds_to=row.maybe_number("secondsTo"),
        status=row.integer("status", standard.status, minimum=400, maximum=599),
        code=row.integer("code", standard.code),
        message=row.text("message", standard.message),
        html=row.boolean("html", default=False),
        retry_after=row.maybe_integer("retryAfter"),
        after_effect=row.boolean("afterEffect", default=False),
        content_type=row.header("contentType", standard.content_type),
        bytes=row.integer("bytes", standard.bytes, minimum=1),
        old=row.text("old"),
        new=row.text("new"),
        location=row.header("location", standard.location),
        from_ms=from_ms,
        until_ms=until_ms,
    )
    row.done()
    if not any(fnmatchcase(name, fault.cluster) for name in world.clusters):
        row.wrong("there is no such cluster", "cluster")
    _check_meaning(row, fault)
    return fault


def _check_meaning(row: Fields, fault: Fault) -> None:
    """What could never hit anything, or do nothing that anybody could mean."""
    if not any(fnmatchcase(method, fault.method) for method in METHODS):
        row.wrong(f"matches none of {', '.join(METHODS)}", "method")
    if fault.path.startswith("/"):
        row.wrong("is what comes below the cluster, without a '/' before it", "path")
    if fault.kind == "replace" and not fault.old:
        row.wrong("'old' is missing: what is to be replaced")
    if fault.kind == "redirect" and not fault.location:
        row.wrong("must say where to", "location")
    if fault.seconds_to is not None and fault.seconds_to < fault.seconds:
        row.wrong("must not be less than 'seconds'", "secondsTo")
