"""One type for everything we have to say about an input or a plan."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from reconciler.model.address import Address


class Severity(StrEnum):
    """How much a diagnostic weighs.

    `BLOCKED` and `WAITING` belong to plans: what was asked for cannot be done (a person has to act), or
    is already on its way (time has to pass). Neither makes the rest of a plan invalid.
    """

    ERROR = "error"
    BLOCKED = "blocked"
    WAITING = "waiting"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in an input file. Lines and columns count from 1, columns in characters."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A finding: what is wrong, where, and what to do about it.

    `code` is stable (scripts may match it); `message` says what is wrong without ever quoting a value that
    could be a secret; `cure` says what to do. A finding about an input has a `position`, one about live
    state an `address` or at least a `subject` (a cluster, a URL).
    """

    code: str
    severity: Severity
    message: str
    cure: str
    position: Position | None = None
    address: Address | None = None
    subject: str = ""
    related: tuple[Position, ...] = ()

    @property
    def where(self) -> str:
        """The position, address or subject as text; empty when the finding is about the whole input."""
        return str(self.position or self.address or self.subject or "")


def diagnostic_order(diagnostic: Diagnostic) -> tuple[str, int, int, str, str, str]:
    """Sort key: by file and line, then by address, so that reports do not depend on discovery order."""
    at = diagnostic.position
    return (
        at.file if at else "",
        at.line if at else 0,
        at.column if at else 0,
        str(diagnostic.address or diagnostic.subject),
        diagnostic.code,
        diagnostic.message,
    )


def has_errors(diagnostics: tuple[Diagnostic, ...]) -> bool:
    """Whether any finding is an error."""
    return any(d.severity is Severity.ERROR for d in diagnostics)
