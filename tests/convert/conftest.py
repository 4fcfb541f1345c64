"""The command line in a folder of its own, as the scenarios have it."""

from __future__ import annotations

from tests.scenarios.conftest import folder, linkctl

__all__ = ["folder", "linkctl"]
