"""Rules on `credentials`: secrets are references, short forms are complete, and nothing is said twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reconciler.model.catalogue import Catalogue, LinkConfig
from reconciler.model.diagnostics import Diagnostic
from reconciler.spec.credentials import (
    OAUTH_ENDPOINT,
    OPTIONAL_OPTIONS,
    REQUIRED_OPTIONS,
    SECRET_OPTIONS,
    mechanisms_of,
    short_configs,
)
from reconciler.spec.findings import both, closest, either, error, warning
from reconciler.spec.halves import Half
from reconciler.spec.rules.exposure import is_plain_http, sent_in_clear
from reconciler.spec.rules.secrets import literal_secret, looks_sensitive
from reconciler.spec.secrecy import REFERENCE_CURE, sounds_secret
from reconciler.spec.written import Credential, CredentialsEntry, SaslEntry, SecurityEntry

# The one security config whose empty value means something: do not compare host names.
_MAY_BE_EMPTY = "ssl.endpoint.identification.algorithm"
_DEFAULT_MECHANISM = "GSSAPI"


def check_credentials(entry: CredentialsEntry, catalogue: Catalogue) -> Iterator[Diagnostic]:
    """What can be said of credentials where they are written."""
    yield from _raw(entry, catalogue)
    yield from _twice(entry)
    for direction in (entry.remote, entry.local):
        yield from _short(direction)


def _raw(entry: CredentialsEntry, catalogue: Catalogue) -> Iterator[Diagnostic]:
    for name, credential in entry.raw.items():
        known = catalogue.get(name)
        if known is None:
            yield from _unknown(name, credential, catalogue)
        elif not catalogue.is_security(name):
            yield error(
                code="not-a-credential",
                at=credential.key_at,
                message=f"`{name}` is not a security config",
                cure=f"it belongs into {known.home or '`configs`'}",
            )
        else:
            yield from _value(known, credential)


def _unknown(name: str, credential: Credential, catalogue: Catalogue) -> Iterator[Diagnostic]:
    near = closest(name, (k for k in catalogue.configs if catalogue.is_security(k)))
    security = catalogue.is_security(name)
    # A name like no other may be a piece of a secret that a comma or a quote has made a key: it is not repeated.
    subject = f"`{name}`" if near or security else "this key"
    said = False
    if looks_sensitive(name, catalogue):
        for finding in literal_secret(subject, name, credential):
            said = True
            yield finding
    if security:
        yield warning(
            code="unknown-config",
            at=credential.key_at,
            message=f"{subject} is not a security config that linkctl knows",
            cure=f"did you mean `{near}`?" if near else "check the name; it is sent as it is",
        )
    elif not said:
        yield error(
            code="not-a-credential",
            at=credential.key_at,
            message=f"{subject} is not a security config",
            cure=f"did you mean `{near}`?"
            if near
            else "security configs begin with `security.`, `sasl.`, `ssl.` or `local.`; others belong under `configs`",
        )


def _value(known: LinkConfig, credential: Credential) -> Iterator[Diagnostic]:
    name, text = known.name, credential.literal
    if text == "" and not name.endswith(_MAY_BE_EMPTY):
        yield error(
            code="empty-value",
            at=credential.at,
            message=f"`{name}` is empty",
            cure=f"{REFERENCE_CURE if known.sensitive else 'write a value'}, or remove the key",
        )
    elif known.sensitive:
        yield from literal_secret(f"`{name}`", name, credential)
    elif text is not None and known.choices and text not in known.choices:
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
            yield from literal_secret(f"`{name}`", name, credential)


def _sasl(entry: SaslEntry) -> Iterator[Diagnostic]:
    for name, credential in entry.options.items():
        if name in SECRET_OPTIONS:
            yield from literal_secret(f"`{name}`", name, credential)
    for name, credential in entry.extensions.items():
        if sounds_secret(name):
            yield from literal_secret("this extension", name, credential)
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


def check_whole(half: Half) -> Iterator[Diagnostic]:
    """What can only be said of all credentials that a link object gets, defaults included: do they fit together?"""
    for prefix in ("", "local."):
        given = {
            name.removeprefix(prefix): credential
            for name, credential in half.credentials.items()
            if name.startswith("local.") is bool(prefix)
        }
        if given:
            yield from _fit(given, prefix)


def _fit(given: Mapping[str, Credential], prefix: str) -> Iterator[Diagnostic]:
    protocol, jaas = given.get("security.protocol"), given.get("sasl.jaas.config")
    sasl = [credential for name, credential in given.items() if name.startswith("sasl.")]
    words = protocol.literal if protocol else "PLAINTEXT"
    if protocol and _logs_in(given) and jaas is None:
        yield warning(
            code="credentials-incomplete",
            at=protocol.at,
            message=f"`{prefix}security.protocol` is {words}, and `{prefix}sasl.jaas.config` is missing",
            cure="add it with `sasl.mechanism`, or write the short form `sasl: {mechanism: …}`",
        )
    elif sasl and words in {"PLAINTEXT", "SSL"}:
        yield warning(
            code="credentials-incomplete",
            at=min(credential.key_at for credential in sasl),
            message=f"`sasl.*` has no effect while `{prefix}security.protocol` is {words}"
            + ("" if protocol else ", its default"),
            cure=f"add `{prefix}security.protocol: SASL_SSL`, or write the short form `sasl: {{mechanism: …}}`",
        )
    yield from _same_mechanism(given, prefix)
    yield from _readable_on_the_way(given)


def _same_mechanism(given: Mapping[str, Credential], prefix: str) -> Iterator[Diagnostic]:
    """The module of a login makes what its mechanism needs, so the two have to be of a kind."""
    mechanism, jaas = given.get("sasl.mechanism"), given.get("sasl.jaas.config")
    modules = mechanisms_of(jaas.template) if jaas else None
    word = mechanism.literal if mechanism else _DEFAULT_MECHANISM if _logs_in(given) else None
    if jaas and word in REQUIRED_OPTIONS and modules and word not in modules:
        places = sorted((mechanism.at, jaas.at) if mechanism else (jaas.at,))
        yield warning(
            code="login-of-other-mechanism",
            at=places[-1],
            message=f"`{prefix}sasl.mechanism` is {word}{'' if mechanism else ', its default'}, and "
            f"`{prefix}sasl.jaas.config` is a login for {either(sorted(modules))}",
            cure="let the two be of one kind, or write the short form `sasl: {mechanism: …}`",
            related=tuple(places[:-1]),
        )


def _logs_in(given: Mapping[str, Credential]) -> bool:
    protocol = given.get("security.protocol")
    return protocol is not None and (protocol.literal or "").startswith("SASL_")


def _readable_on_the_way(given: Mapping[str, Credential]) -> Iterator[Diagnostic]:
    """SCRAM and Kerberos do not send what could be used again; PLAIN and OAUTHBEARER do."""
    protocol, mechanism = given.get("security.protocol"), given.get("sasl.mechanism")
    tokens = given.get(OAUTH_ENDPOINT)
    checked = given.get(_MAY_BE_EMPTY)
    if (
        protocol
        and mechanism
        and protocol.literal == "SASL_PLAINTEXT"
        and mechanism.literal in {"PLAIN", "OAUTHBEARER"}
    ):
        yield warning(
            code="credentials-in-clear",
            at=protocol.at,
            message=f"{mechanism.literal} sends credentials, and the connection is not encrypted",
            cure="use SASL_SSL, or `tls: true` in the short form",
        )
    if tokens and is_plain_http(tokens.literal or ""):
        yield sent_in_clear(tokens.at)
    if checked and checked.literal == "":
        yield warning(
            code="insecure-tls",
            at=checked.at,
            message="host names are not compared with certificates: anybody with a certificate can read the connection",
            cure="give the brokers certificates with their names, and leave the check on",
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
