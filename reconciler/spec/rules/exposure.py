"""Warnings of credentials that others on the network path could read."""

from __future__ import annotations

from reconciler.model.diagnostics import Diagnostic, Position
from reconciler.spec.findings import warning


def is_plain_http(url: str) -> bool:
    """Whether requests to a URL are not encrypted."""
    return url.startswith("http:")


def sent_in_clear(at: Position) -> Diagnostic:
    """The finding for credentials that go over `http`."""
    return warning(
        code="credentials-in-clear",
        at=at,
        message="credentials are sent over `http`, without encryption",
        cure="use `https`",
    )
