"""The short forms of `credentials` written out as Kafka's security configs.

Secrets stay references: a JAAS line is composed of parts, and the parts that come from outside are quoted
when the request is sent, after they have been looked up. Only then are the characters known that need a
backslash.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from reconciler.model.diagnostics import Position
from reconciler.model.secrets import Part, Quoted, Template
from reconciler.spec.jaas import quoted_references
from reconciler.spec.written import Credential, CredentialsEntry, SaslEntry, SecurityEntry, TlsEntry

_MODULES = {
    "PLAIN": "org.apache.kafka.common.security.plain.PlainLoginModule",
    "SCRAM-SHA-256": "org.apache.kafka.common.security.scram.ScramLoginModule",
    "SCRAM-SHA-512": "org.apache.kafka.common.security.scram.ScramLoginModule",
    "OAUTHBEARER": "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule",
    "GSSAPI": "com.sun.security.auth.module.Krb5LoginModule",
}
# Its home since Apache Kafka 3.4 (Confluent Platform 7.4). Older brokers have it one package below, in `secured`,
# which Kafka 4 no longer has; `callbackHandlerClass` is for those.
_OAUTH_HANDLER = "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler"

OAUTH_ENDPOINT: Final = "sasl.oauthbearer.token.endpoint.url"

REQUIRED_OPTIONS: Mapping[str, tuple[str, ...]] = {
    "PLAIN": ("username", "password"),
    "SCRAM-SHA-256": ("username", "password"),
    "SCRAM-SHA-512": ("username", "password"),
    "OAUTHBEARER": ("clientId", "clientSecret", "tokenUrl"),
    "GSSAPI": ("principal", "keyTab"),
}
OPTIONAL_OPTIONS: Mapping[str, tuple[str, ...]] = {
    "OAUTHBEARER": ("scope", "callbackHandlerClass"),
    "GSSAPI": ("serviceName",),
}
SECRET_OPTIONS = frozenset({"username", "password", "clientId", "clientSecret"})

_TLS_CONFIGS = {
    "trust": "ssl.truststore.certificates",
    "certificate": "ssl.keystore.certificate.chain",
    "key": "ssl.keystore.key",
    "keyPassword": "ssl.key.password",
}


def mechanisms_of(login: Template) -> frozenset[str] | None:
    """The mechanisms that the login module of a JAAS line is for; None where it is not one that Kafka comes with, or
    where it comes from outside.
    """
    first = login.parts[0] if login.parts else ""
    module = first.split(maxsplit=1)[0] if isinstance(first, str) and first.strip() else ""
    return frozenset(m for m, name in _MODULES.items() if name == module) or None


def security_configs(entry: CredentialsEntry) -> dict[str, Credential]:
    """All security configs that an entry stands for, by Kafka name; raw keys win (a rule refuses clashes)."""
    return {**short_configs(entry), **{n: _sendable(n, c) for n, c in entry.raw.items()}}


def layered_configs(
    below: CredentialsEntry | None, own: CredentialsEntry | None
) -> dict[str, Credential]:
    """All security configs where an entry lies over defaults. Short forms are merged as they are written, and written
    out once, so that a login from below and a certificate from above make one connection: `sasl` stands in place of
    all that is below of `sasl` and `sasl.*`, and `tls` likewise; raw keys are merged one by one.
    """
    if below is None or own is None:
        entry = own or below
        return security_configs(entry) if entry else {}
    raw = {**dict(_left(below, own.remote, "")), **dict(_left(below, own.local, "local."))}
    return security_configs(
        CredentialsEntry(
            own.at,
            {**raw, **own.raw},
            _over(below.remote, own.remote),
            _over(below.local, own.local),
        )
    )


def _over(below: SecurityEntry, own: SecurityEntry) -> SecurityEntry:
    return SecurityEntry(own.sasl or below.sasl, own.tls or below.tls)


def _left(
    below: CredentialsEntry, own: SecurityEntry, prefix: str
) -> Iterator[tuple[str, Credential]]:
    """The raw keys of one direction that short forms above them leave as they are. A protocol is made of both."""
    for name, credential in below.raw.items():
        if name.startswith("local.") is not bool(prefix):
            continue
        match name.removeprefix(prefix).partition(".")[0]:
            case "sasl" if own.sasl:
                continue
            case "ssl" if own.tls:
                continue
            case "security" if (above := own.sasl or own.tls) and name.endswith(".protocol"):
                if protocol := credential.literal:
                    login = own.sasl is not None or protocol.startswith("SASL_")
                    encrypted = own.tls.enabled if own.tls else protocol.endswith("SSL")
                    yield name, _plain(_protocol(login=login, encrypted=encrypted), above.at)
            case _:
                yield name, credential


def _sendable(name: str, credential: Credential) -> Credential:
    if not name.endswith("sasl.jaas.config"):
        return credential
    return credential._replace(template=quoted_references(credential.template))


def short_configs(entry: CredentialsEntry) -> dict[str, Credential]:
    """The security configs that the short forms of an entry stand for."""
    return {
        **dict(_direction(entry.remote, "")),
        **dict(_direction(entry.local, "local.")),
    }


def _direction(entry: SecurityEntry, prefix: str) -> Iterator[tuple[str, Credential]]:
    at = entry.sasl.at if entry.sasl else entry.tls.at if entry.tls else None
    if at is None:
        return
    encrypted = entry.tls.enabled if entry.tls else True
    protocol = _protocol(login=entry.sasl is not None, encrypted=encrypted)
    yield f"{prefix}security.protocol", _plain(protocol, at)
    if entry.sasl is not None:
        for name, credential in _sasl(entry.sasl):
            yield prefix + name, credential
    if entry.tls is not None:
        for name, credential in _tls(entry.tls):
            yield prefix + name, credential


def _protocol(*, login: bool, encrypted: bool) -> str:
    return f"{'SASL_' if login else ''}{'SSL' if encrypted else 'PLAINTEXT'}"


def _sasl(entry: SaslEntry) -> Iterator[tuple[str, Credential]]:
    if entry.mechanism is None:
        # It was refused: what the login would be is not known, and that there is one is.
        yield "sasl.jaas.config", _plain("", entry.at)
        return
    mechanism = entry.mechanism.text
    yield "sasl.mechanism", _plain(mechanism, entry.at)
    yield "sasl.jaas.config", _composed(_jaas(mechanism, entry), entry.at)
    if mechanism == "OAUTHBEARER":
        if url := entry.options.get("tokenUrl"):
            yield OAUTH_ENDPOINT, url
        handler = entry.options.get("callbackHandlerClass")
        yield "sasl.login.callback.handler.class", handler or _plain(_OAUTH_HANDLER, entry.at)
    if mechanism == "GSSAPI":
        service = entry.options.get("serviceName")
        yield "sasl.kerberos.service.name", service or _plain("kafka", entry.at)


def _jaas(mechanism: str, entry: SaslEntry) -> tuple[Part, ...]:
    names = {
        "OAUTHBEARER": ("clientId", "clientSecret", "scope"),
        "GSSAPI": ("keyTab", "principal"),
    }.get(mechanism, ("username", "password"))
    options = [(name, entry.options[name]) for name in names if name in entry.options]
    options += [(f"extension_{name}", value) for name, value in sorted(entry.extensions.items())]
    parts: list[Part] = [f"{_MODULES[mechanism]} required"]
    if mechanism == "GSSAPI":
        parts.append(" useKeyTab=true storeKey=true")
    for name, value in options:
        parts += [f" {name}=", Quoted(value.template.parts)]
    return (*parts, ";")


def _tls(entry: TlsEntry) -> Iterator[tuple[str, Credential]]:
    if "trust" in entry.options:
        yield "ssl.truststore.type", _plain("PEM", entry.at)
    if "certificate" in entry.options:
        yield "ssl.keystore.type", _plain("PEM", entry.at)
    for option, name in _TLS_CONFIGS.items():
        if option in entry.options:
            yield name, entry.options[option]
    if entry.verify_hostname is not None:
        # An empty algorithm is how Kafka turns the comparison off. That it is on is said as well, though it is the
        # default: a link on which it was turned off would otherwise stay as it is.
        algorithm = "https" if entry.verify_hostname else ""
        yield "ssl.endpoint.identification.algorithm", _plain(algorithm, entry.at)


def _plain(text: str, at: Position) -> Credential:
    return Credential(Template.literal(text), at, at, as_written=False)


def _composed(parts: tuple[Part, ...], at: Position) -> Credential:
    return Credential(Template(parts), at, at, as_written=False)
