"""The sandbox over loopback, for other shells, other programs and other people's clients."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from reconciler.cli.console import Console
from reconciler.cli.embedded import furnish, world_of
from reconciler.cli.exit_codes import ExitCode
from reconciler.model.desired import DesiredState
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.errors import InputError
from reconciler.sandbox import (
    Clock,
    Listener,
    RealClock,
    SteppedClock,
    World,
    load_snapshot,
    serve,
    snapshot_lock,
)
from reconciler.sandbox.files.snapshot import SnapshotError
from reconciler.sandbox.serve import Endpoint
from reconciler.workflows.load import PlainDocument


@dataclass(frozen=True, slots=True)
class Serving:
    """Where and how fast. `speed` is world seconds per real second, or None for a clock that only `/sandbox/advance`
    moves; `snapshot` is where the world is kept.
    """

    host: str
    first_port: int
    speed: float | None
    snapshot: Path | None


def serve_until_stopped(
    desired: DesiredState | None,
    scenario: PlainDocument | None,
    serving: Serving,
    console: Console,
) -> ExitCode:
    """Serve the clusters of a desired state, of a scenario, or of both, until SIGINT or SIGTERM.

    Raises:
        InputError: the scenario or the snapshot cannot be used, or a port is taken.
    """
    with ExitStack() as held:
        if serving.snapshot is not None:
            held.enter_context(_for_ourselves(serving.snapshot))
        world = _world(scenario, serving, console)
        names = list(world.clusters)
        if desired is not None:
            furnish(world, desired)
            names = sorted(name for name, cluster in desired.clusters.items() if cluster.rest)
        listeners = _listeners(names, scenario, serving)
        try:
            asyncio.run(_until_stopped(world, listeners, serving, console))
        except OSError as error:
            what = f"use {error.filename}" if error.filename else "listen"
            cure = "check that file" if error.filename else "choose another --host or --port"
            raise _cannot(what, error, cure) from error
    console.note("sandbox: stopped")
    return ExitCode.OK


def _for_ourselves(snapshot: Path) -> ExitStack:
    """Hold the snapshot's file, so that two sandboxes do not overwrite each other's worlds."""
    held = ExitStack()
    try:
        held.enter_context(snapshot_lock(snapshot, wait=False))
    except (SnapshotError, OSError) as error:
        raise _cannot(f"keep the world in {snapshot}", error, "name another file") from error
    return held


def _world(scenario: PlainDocument | None, serving: Serving, console: Console) -> World:
    clock = SteppedClock() if serving.speed is None else RealClock(serving.speed)
    kept = _kept(serving.snapshot, clock) if serving.snapshot is not None else None
    if kept is not None:
        if scenario is not None:
            console.note(
                f"sandbox: the world is the one kept in {serving.snapshot}; the scenario only says where to serve it. "
                "Remove the file to start from the scenario."
            )
        return kept
    return World(clock) if scenario is None else world_of(scenario, clock)


def _kept(snapshot: Path, clock: Clock) -> World | None:
    try:
        return load_snapshot(snapshot, clock)
    except (SnapshotError, OSError) as error:
        raise _cannot("read the snapshot", error, "name another file or remove it") from error


def _tell_ready(endpoints: Sequence[Endpoint], console: Console) -> None:
    """One line for programs, and the options for people to paste."""
    clusters = [
        {
            "name": endpoint.cluster,
            "clusterId": endpoint.cluster_id,
            "url": endpoint.url,
            "bootstrapServers": endpoint.bootstrap,
        }
        for endpoint in endpoints
    ]
    console.result(json.dumps({"ready": True, "clusters": clusters}))
    options = " ".join(f"--endpoint {e.cluster}={e.url}" for e in endpoints)
    console.note(f"sandbox: serving; stop with Ctrl-C. Options to paste:\n  {options}")


def _listeners(
    names: Sequence[str], scenario: PlainDocument | None, serving: Serving
) -> list[Listener]:
    """One loopback port for each cluster: the scenario's, the next after `--port`, or any that is free."""
    described = _by_name(scenario)
    first = serving.first_port
    return [
        _listener(name, described.get(name, {}), serving.host, first + offset if first else 0)
        for offset, name in enumerate(names)
    ]


def _by_name(scenario: PlainDocument | None) -> dict[str, Mapping[str, object]]:
    """The clusters of a scenario, which the sandbox has found in order."""
    rows = scenario.values.get("clusters") if scenario else None
    return {
        str(row["name"]): row
        for row in (rows if isinstance(rows, list) else [])
        if isinstance(row, Mapping) and "name" in row
    }


def _listener(name: str, described: Mapping[str, object], host: str, port: int) -> Listener:
    wanted, tls = described.get("port"), described.get("tls")
    files = tls if isinstance(tls, Mapping) else {}
    return Listener(
        name,
        host,
        wanted if isinstance(wanted, int) and wanted else port,
        certificate=Path(str(files["certificate"])) if files.get("certificate") else None,
        key=Path(str(files["key"])) if files.get("key") else None,
    )


async def _until_stopped(
    world: World, listeners: Sequence[Listener], serving: Serving, console: Console
) -> None:
    def unsaved(error: OSError) -> None:
        console.note(f"sandbox: the world was not saved ({error.strerror}); serving goes on")

    task = asyncio.create_task(
        serve(
            world,
            listeners,
            on_ready=lambda endpoints: _tell_ready(endpoints, console),
            snapshot=serving.snapshot,
            on_unsaved=unsaved,
        )
    )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
    with suppress(asyncio.CancelledError):
        await task


def _cannot(what: str, error: Exception, cure: str) -> InputError:
    return InputError(
        Diagnostic(
            code="sandbox-unusable",
            severity=Severity.ERROR,
            message=f"cannot {what}: {error}",
            cure=cure,
            subject="sandbox serve",
        )
    )
