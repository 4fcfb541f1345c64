"""`linkctl version`."""

from __future__ import annotations

from reconciler.cli.console import Console
from reconciler.cli.exit_codes import ExitCode
from reconciler.version import __version__


def version() -> int:
    """Print the version."""
    Console.standard().result(f"linkctl {__version__}")
    return ExitCode.OK
