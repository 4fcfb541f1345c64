"""Rules on secrets: they are references, never literals. Messages name the key and nothing of the value."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.catalogue import Catalogue
from reconciler.model.diagnostics import Diagnostic, Position
from reconciler.model.secrets import Template
from reconciler.spec.findings import closest, error
from reconciler.spec.jaas import Fault, fault
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
    """A secret that stands in the file itself, or a JAAS line that hides whether it does; `subject` is how the
    message calls it.
    """
    if not credential.as_written:
        return
    if not name.endswith(_JAAS):
        if not _is_reference(credential.template):
            yield refused(subject, credential.at, _REFERENCE_CURE)
        return
    wrong = fault(credential.template)
    if wrong is Fault.SECRET:
        yield refused(subject, credential.at, _JAAS_CURE)
    elif wrong is Fault.FORM:
        yield error(
            code="malformed-jaas",
            at=credential.at,
            message=f"{subject} is not put together as Kafka wants: `MODULE required NAME=VALUE … ;`",
            cure="write `required` after the module, each option as `name=value`, and `;` at the end",
        )


def refused(subject: str, at: Position, cure: str) -> Diagnostic:
    """The finding for a secret in the file."""
    return error(
        code="literal-secret",
        at=at,
        message=f"{subject} is secret, and all or part of it stands here in clear",
        cure=cure,
    )


def _is_reference(template: Template) -> bool:
    """Whether a value comes from references altogether."""
    return bool(template.references) and not any(
        isinstance(part, str) and part.strip() for part in template.parts
    )


def looks_sensitive(name: str, catalogue: Catalogue) -> bool:
    """Whether a config is secret, or is close enough to the name of one to be a slip of the pen."""
    if catalogue.is_sensitive(name):
        return True
    if catalogue.get(name) is not None:
        return False
    near = closest(name, catalogue.configs)
    return sounds_secret(name) or (near is not None and catalogue.is_sensitive(near))
