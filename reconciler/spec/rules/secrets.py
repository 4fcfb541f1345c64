"""Rules on secrets: they are references, never literals. Messages name the key and nothing of the value."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.catalogue import Catalogue
from reconciler.model.diagnostics import Diagnostic, Position
from reconciler.model.secrets import Template
from reconciler.spec.findings import closest, error
from reconciler.spec.jaas import holds_literal
from reconciler.spec.secrecy import sounds_secret
from reconciler.spec.written import Credential

_JAAS = "sasl.jaas.config"
_REFERENCE_CURE = (
    "write `${env:NAME}` or `${file:PATH}` instead, and change the secret if the file was shared"
)
_JAAS_CURE = (
    "write `${file:PATH}` with the whole line in that file, or give every option a reference, as in "
    '`password="${env:NAME}"`; only options like `username` may be written out'
)


def literal_secret(subject: str, name: str, credential: Credential) -> Iterator[Diagnostic]:
    """A secret that stands in the file itself; `subject` is how the message calls it."""
    if credential.as_written and not _is_reference(name, credential.template):
        cure = _JAAS_CURE if name.endswith(_JAAS) else _REFERENCE_CURE
        yield refused(subject, credential.at, cure)


def refused(subject: str, at: Position, cure: str) -> Diagnostic:
    """The finding for a secret in the file."""
    return error(
        code="literal-secret",
        at=at,
        message=f"{subject} is secret, and all or part of it stands here in clear",
        cure=cure,
    )


def _is_reference(name: str, template: Template) -> bool:
    """Whether all that is secret about a value comes from references."""
    if not template.references:
        return False
    if name.endswith(_JAAS):
        return not holds_literal(template)
    return not any(isinstance(part, str) and part.strip() for part in template.parts)


def looks_sensitive(name: str, catalogue: Catalogue) -> bool:
    """Whether a config is secret, or is close enough to the name of one to be a slip of the pen."""
    if catalogue.is_sensitive(name):
        return True
    if catalogue.get(name) is not None:
        return False
    near = closest(name, catalogue.configs)
    return sounds_secret(name) or (near is not None and catalogue.is_sensitive(near))
