"""Rules on secrets: they are references, never literals. Messages name the key and nothing of the value."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reconciler.model.catalogue import Catalogue
from reconciler.model.diagnostics import Diagnostic, Position
from reconciler.model.secrets import Template
from reconciler.spec.findings import closest, error, shown
from reconciler.spec.written import Credential

_JAAS = "sasl.jaas.config"
# Options of a JAAS line that hold secrets, with a literal value: the sentinel stands for a reference.
_REFERENCE = "\0"
_JAAS_SECRET = re.compile(
    r"\b\w*(?:password|secret|token|assertion)\w*\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s;]*))",
    re.IGNORECASE,
)


def literal_secret(name: str, credential: Credential) -> Iterator[Diagnostic]:
    """A secret that stands in the file itself."""
    if not credential.as_written or _is_reference(name, credential.template):
        return
    yield refused(name, credential.at)


def refused(name: str, at: Position) -> Diagnostic:
    """The finding for a secret in the file."""
    cure = (
        'write `${file:PATH}` with the whole line in that file, or `password="${env:NAME}"` in the line'
        if name.endswith(_JAAS)
        else "write `${env:NAME}` or `${file:PATH}` instead, and change the secret if the file was shared"
    )
    return error(
        code="literal-secret",
        at=at,
        message=f"{shown(name)} is secret and stands here in clear",
        cure=cure,
    )


def _is_reference(name: str, template: Template) -> bool:
    """Whether all that is secret about a value comes from references."""
    if not template.references:
        return False
    text = "".join(part if isinstance(part, str) else _REFERENCE for part in template.parts)
    if name.endswith(_JAAS):
        return not any(
            value and value.strip(_REFERENCE)
            for match in _JAAS_SECRET.finditer(text)
            for value in match.groups()
        )
    return not text.replace(_REFERENCE, "").strip()


def looks_sensitive(name: str, catalogue: Catalogue) -> bool:
    """Whether a config is secret, or is close enough to the name of one to be a slip of the pen."""
    if catalogue.is_sensitive(name):
        return True
    if catalogue.get(name) is not None:
        return False
    lowered = name.lower()
    if any(word in lowered for word in ("password", "secret", "jaas", "passwd")):
        return True
    sensitive = [known for known, config in catalogue.configs.items() if config.sensitive]
    near = closest(name, catalogue.configs)
    return near in sensitive
