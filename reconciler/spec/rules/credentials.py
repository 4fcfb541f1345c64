"""Rules on `credentials`: secrets are references, short forms are complete, and nothing is said twice."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.catalogue import Catalogue
from reconciler.model.diagnostics import Diagnostic
from reconciler.spec.credentials import (
    OPTIONAL_OPTIONS,
    REQUIRED_OPTIONS,
    SECRET_OPTIONS,
    short_configs,
)
from reconciler.spec.findings import both, closest, either, error, shown, warning
from reconciler.spec.halves import Half
from reconciler.spec.rules.secrets import literal_secret, looks_sensitive
from reconciler.spec.written import CredentialsEntry, SaslEntry, SecurityEntry

# The one security config whose empty value means something: do not compare host names.
_MAY_BE_EMPTY = "ssl.endpoint.identification.algorithm"


def check_credentials(entry: CredentialsEntry, catalogue: Catalogue) -> Iterator[Diagnostic]:
    """What can be said of credentials where they are written."""
    yield from _raw(entry, catalogue)
    yield from _twice(entry)
    for direction in (entry.remote, entry.local):
        yield from _short(direction)


def _raw(entry: CredentialsEntry, catalogue: Catalogue) -> Iterator[Diagnostic]:
    for name, credential in entry.raw.items():
        known = catalogue.get(name)
        if looks_sensitive(name, catalogue):
            yield from literal_secret(name, credential)
        if known is None and not catalogue.is_security(name):
            yield error(
                code="not-a-credential",
                at=credential.key_at,
                message=f"{shown(name)} is not a security config",
                cure="security configs begin with `security.`, `sasl.`, `ssl.` or `local.`; others belong under `configs`",
            )
        elif known is None:
            near = closest(name, (k for k in catalogue.configs if catalogue.is_security(k)))
            yield warning(
                code="unknown-config",
                at=credential.key_at,
                message=f"{shown(name)} is not a security config that linkctl knows",
                cure=f"did you mean `{near}`?" if near else "check the name; it is sent as it is",
            )
        elif not catalogue.is_security(name):
            yield error(
                code="not-a-credential",
                at=credential.key_at,
                message=f"`{name}` is not a security config",
                cure=f"it belongs into {known.home or '`configs`'}",
            )
        elif not credential.template.references:
            yield from _literal(name, entry, catalogue)


def _literal(name: str, entry: CredentialsEntry, catalogue: Catalogue) -> Iterator[Diagnostic]:
    credential, known = entry.raw[name], catalogue.configs[name]
    text = "".join(part for part in credential.template.parts if isinstance(part, str))
    if not text and not name.endswith(_MAY_BE_EMPTY):
        yield error(
            code="empty-value",
            at=credential.at,
            message=f"`{name}` is empty",
            cure="write a value, or remove the key",
        )
    elif known.choices and not known.sensitive and text not in known.choices:
        yield error(
            code="bad-config-value",
            at=credential.at,
            message=f"`{name}` must be {either(known.choices)}",
            cure="write one of them",
        )


def _twice(entry: CredentialsEntry) -> Iterator[Diagnostic]:
    composed = short_configs(entry)
    for name in entry.raw.keys() & composed.keys():
        raw, short = entry.raw[name].key_at, composed[name].key_at
        yield error(
            code="credential-twice",
            at=max(raw, short),
            message=f"`{name}` is also written by the short form",
            cure="keep the raw key or the short form, not both",
            related=(min(raw, short),),
        )


def _short(direction: SecurityEntry) -> Iterator[Diagnostic]:
    if direction.sasl is not None:
        yield from _sasl(direction.sasl)
    if direction.tls is not None:
        for name, credential in direction.tls.options.items():
            yield from literal_secret(name, credential)


def _sasl(entry: SaslEntry) -> Iterator[Diagnostic]:
    for name, credential in entry.options.items():
        if name in SECRET_OPTIONS:
            yield from literal_secret(name, credential)
    if entry.mechanism is None:
        return
    mechanism = entry.mechanism.text
    required = REQUIRED_OPTIONS[mechanism]
    taken = {*required, *OPTIONAL_OPTIONS.get(mechanism, ())}
    missing = [name for name in required if name not in entry.keys]
    if missing:
        yield error(
            code="missing-key",
            at=entry.at,
            message=f"`mechanism: {mechanism}` needs {both(missing)}",
            cure=f"add {', '.join(f'`{name}: …`' for name in missing)}",
        )
    for name, credential in entry.options.items():
        if name not in taken:
            yield error(
                code="key-of-other-mechanism",
                at=credential.key_at,
                message=f"`{name}` is not an option of `mechanism: {mechanism}`",
                cure=f"this mechanism takes {both(sorted(taken))}",
            )
    if entry.extensions and mechanism != "OAUTHBEARER":
        yield error(
            code="key-of-other-mechanism",
            at=entry.keys["extensions"],
            message=f"`extensions` are not an option of `mechanism: {mechanism}`",
            cure="remove them, or use `mechanism: OAUTHBEARER`",
        )


def check_local(half: Half) -> Iterator[Diagnostic]:
    """`local.*` belongs to the half that dials a half that is dialled (cluster-linking reference, section 5.2)."""
    credentials = half.section.credentials
    if not half.dials or credentials is None or half.remote_connection_mode == "INBOUND":
        return
    raw = [c.key_at for name, c in credentials.raw.items() if name.startswith("local.")]
    short = [part.at for part in (credentials.local.sasl, credentials.local.tls) if part]
    for at in sorted((*raw, *short)):
        yield error(
            code="local-credentials",
            at=at,
            message="nothing comes back through this connection, so `local` credentials have no use",
            cure="remove them; they are for source-initiated links and for sides whose other side is inbound",
        )
