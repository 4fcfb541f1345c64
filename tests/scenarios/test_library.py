"""The library face: the main job from Python."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import reconciler
from reconciler.cli.console import Console
from reconciler.cli.embedded import embedded_sandbox
from reconciler.workflows.connect import without_credentials


def test_every_public_name_is_there() -> None:
    """What is announced can be imported."""
    assert [name for name in reconciler.__all__ if not hasattr(reconciler, name)] == []


def test_plan_from_python(folder: Path) -> None:
    """Load a file, plan it, and read the plan as a value."""
    loaded = reconciler.load_files(
        [str(folder / "links.yaml")], variables={}, environ=os.environ, stdin=bytes
    )
    assert loaded.desired is not None
    with embedded_sandbox(loaded.desired, Console.standard()) as environment:
        plan = asyncio.run(reconciler.plan(without_credentials(loaded.desired), environment))
    assert plan.pending
    assert [str(change.address) for change in plan.changes] == [
        "ig-test2/test-link",
        "ig-test2/test-link/test-topic",
        "ig-test2/test-link/users",
    ]


def test_commands_without_a_cluster_load_no_http_client() -> None:
    """The start of every command stays cheap: neither httpx nor the sandbox nor deepdiff is imported for nothing."""
    heavy = "{'httpx', 'starlette', 'uvicorn', 'deepdiff', 'rich', 'pydantic'}"
    probe = f"import sys, reconciler.cli.main; print(sorted({heavy} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"
