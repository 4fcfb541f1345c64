"""linkctl: plan and apply for Kafka Cluster Linking, as a library.

    import asyncio
    import os
    import reconciler

    loaded = reconciler.load_files(["links.yaml"], variables={}, environ=os.environ, stdin=bytes)
    if loaded.desired is not None:
        plan = asyncio.run(reconciler.plan(loaded.desired, reconciler.Environment()))
        print(plan.pending, [change.key for change in plan.changes])

What is named here is kept stable; the rooms behind it are not. Names are loaded when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from reconciler.version import __version__

if TYPE_CHECKING:
    from reconciler.model.desired import DesiredState as DesiredState
    from reconciler.model.errors import LinkctlError as LinkctlError
    from reconciler.model.plan import Plan as Plan
    from reconciler.workflows.apply import ApplyOptions as ApplyOptions
    from reconciler.workflows.apply import Audience as Audience
    from reconciler.workflows.apply import apply as apply
    from reconciler.workflows.environment import Environment as Environment
    from reconciler.workflows.load import load_files as load_files
    from reconciler.workflows.plan import plan as plan
    from reconciler.workflows.status import status as status

_HOMES = {
    "ApplyOptions": "workflows.apply",
    "Audience": "workflows.apply",
    "DesiredState": "model.desired",
    "Environment": "workflows.environment",
    "LinkctlError": "model.errors",
    "Plan": "model.plan",
    "apply": "workflows.apply",
    "load_files": "workflows.load",
    "plan": "workflows.plan",
    "status": "workflows.status",
}

__all__ = ["__version__", *sorted(_HOMES)]  # noqa: PLE0604 - all of them are text


def __getattr__(name: str) -> object:
    """Load a public name from the room that it lives in."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    return found
