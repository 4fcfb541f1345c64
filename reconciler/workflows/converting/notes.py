"""What `convert` has to say about files that are in order."""

from __future__ import annotations

from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.secrets import Template
from reconciler.workflows.converting.properties import Property


def dropped(found: Property, why: str) -> Diagnostic:
    """A line that has no effect on the result."""
    return Diagnostic(
        code="convert-dropped",
        severity=Severity.NOTE,
        message=f"{found.name} is left out: {why}",
        cure="nothing to do",
        position=found.at,
    )


def became_reference(found: Property, reference: Template, cure: str) -> Diagnostic:
    """A secret, which is never copied."""
    return Diagnostic(
        code="convert-secret",
        severity=Severity.NOTE,
        message=f"{found.name} became {reference}: secrets are not copied",
        cure=cure,
        position=found.at,
    )


def unsaid(what: str, cure: str) -> Diagnostic:
    """What the files leave open."""
    return Diagnostic(
        code="convert-assumed",
        severity=Severity.NOTE,
        message=what,
        cure=cure,
        subject="not in the files",
    )


def on_brokers(found: Property) -> Diagnostic:
    """A file that a client has on its own disk, and that a link reads on those of the brokers."""
    return Diagnostic(
        code="convert-assumed",
        severity=Severity.NOTE,
        message=f"{found.name} names a file, and it is assumed that every broker has it at that path",
        cure="put it there, or correct the path",
        position=found.at,
    )
