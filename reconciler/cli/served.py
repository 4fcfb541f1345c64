"""The sandbox over loopback, for other shells, other programs and other people's clients."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
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
)
from reconciler.sandbox.serve import Endpoint
from reconciler.sandbox.snapshot import SnapshotError


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
    scenario: Mapping[str, object] | None,
    serving: Serving,
    console: Console,
) -> ExitCode:
    """Serve the clusters of a desired state, of a scenario, or of both, until SIGINT or SIGTERM.

    Raises:
        InputError: the scenario or the snapshot cannot be used, or a port is taken.
    """
    if scenario is not None and serving.snapshot is not None and serving.snapshot.exists():
        console.note(
            f"sandbox: the world is the one kept in {serving.snapshot}; the scenario only says where to serve it. "
            "Remove the file to start from the scenario."
        )
    clock = SteppedClock() if serving.speed is None else RealClock(serving.speed)
    world = _world(scenario, serving, clock)
    if desired is not None:
        furnish(world, desired)
    names = (
        sorted(name for name, cluster in desired.clusters.items() if cluster.rest is not None)
        if desired is not None
        else list(world.clusters)
    )
    listeners = _listeners(names, scenario, serving)

    def ready(endpoints: Sequence[Endpoint]) -> None:
        console.result(
            json.dumps(
                {
                    "ready": True,
                    "clusters": [
                        {
                            "name": e.cluster,
                            "clusterId": e.cluster_id,
                            "url": e.url,
                            "bootstrapServers": ",".join(world.clusters[e.cluster].addresses),
                        }
                        for e in endpoints
                    ],
                }
            )
        )
        options = " ".join(f"--endpoint {e.cluster}={e.url}" for e in endpoints)
        console.note(f"sandbox: serving; stop with Ctrl-C. Options to paste:\n  {options}")

    try:
        asyncio.run(_until_stopped(world, listeners, serving, ready))
    except OSError as error:
        what = f"use {error.filename}" if error.filename else "listen"
        cure = "check that file" if error.filename else "choose another --host or --port"
        raise _cannot(what, error, cure) from error
    console.note("sandbox: stopped")
    return ExitCode.OK


def _world(scenario: Mapping[str, object] | None, serving: Serving, clock: Clock) -> World:
    if serving.snapshot is not None:
        try:
            kept = load_snapshot(serving.snapshot, clock)
        except (SnapshotError, OSError) as error:
            raise _cannot("read the snapshot", error, "name another file or remove it") from error
        if kept is not None:
            return kept
    return World(clock) if scenario is None else world_of(scenario, clock)


def _listeners(
    names: Sequence[str], scenario: Mapping[str, object] | None, serving: Serving
) -> list[Listener]:
    """One loopback port for each cluster: the scenario's, the next after `--port`, or any that is free."""
    described = _by_name(scenario)
    first = serving.first_port
    return [
        _listener(name, described.get(name, {}), serving.host, first + offset if first else 0)
        for offset, name in enumerate(names)
    ]


def _by_name(scenario: Mapping[str, object] | None) -> dict[str, Mapping[str, object]]:
    """The clusters of a scenario, which the sandbox has found in order."""
    rows = (scenario or {}).get("clusters")
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
    world: World,
    listeners: Sequence[Listener],
    serving: Serving,
    ready: Callable[[Sequence[Endpoint]], None],
) -> None:
    task = asyncio.create_task(serve(world, listeners, on_ready=ready, snapshot=serving.snapshot))
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
