"""How a client of librdkafka logs in: it has names of its own for what Java clients write as a JAAS line and as key
stores (librdkafka, CONFIGURATION.md). The short form of `credentials` says the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from reconciler.cluster_linking import CATALOGUE
from reconciler.model.address import LinkAddress
from reconciler.model.diagnostics import Diagnostic
from reconciler.model.secrets import Reference, ReferenceKind, Template
from reconciler.spec.credentials import OPTIONAL_OPTIONS, REQUIRED_OPTIONS
from reconciler.spec.secrecy import sounds_secret
from reconciler.spec.writing import Noted, Plain
from reconciler.workflows.converting.notes import became_reference, dropped, on_brokers
from reconciler.workflows.converting.properties import Property
from reconciler.workflows.exporting.names import Variables

PROTOCOL, NAME_CHECK = "security.protocol", "ssl.endpoint.identification.algorithm"
MECHANISM: Final = "mechanism"
EXTENSIONS: Final = "extensions"
_OAUTH = "sasl.oauthbearer"
SASL: Final[Mapping[str, str]] = {
    "sasl.mechanisms": MECHANISM,
    "sasl.mechanism": MECHANISM,
    "sasl.username": "username",
    "sasl.password": "password",
    f"{_OAUTH}.client.id": "clientId",
    f"{_OAUTH}.client.credentials.client.id": "clientId",
    f"{_OAUTH}.client.secret": "clientSecret",
    f"{_OAUTH}.client.credentials.client.secret": "clientSecret",
    f"{_OAUTH}.token.endpoint.url": "tokenUrl",
    f"{_OAUTH}.scope": "scope",
    f"{_OAUTH}.extensions": EXTENSIONS,
    "sasl.kerberos.principal": "principal",
    "sasl.kerberos.keytab": "keyTab",
    "sasl.kerberos.service.name": "serviceName",
}
"""Its names, and the keys of the short form `sasl` that mean the same."""
TLS: Final[Mapping[str, str]] = {
    "ssl.ca.location": "trust",
    "ssl.ca.pem": "trust",
    "ssl.certificate.location": "certificate",
    "ssl.certificate.pem": "certificate",
    "ssl.key.location": "key",
    "ssl.key.pem": "key",
    "ssl.key.password": "keyPassword",
}
"""The same for the short form `tls`."""
OF_NO_WEIGHT: Final = frozenset(
    {
        *(f"{_OAUTH}.method", f"{_OAUTH}.grant.type"),
        *("sasl.kerberos.kinit.cmd", "sasl.kerberos.min.time.before.relogin"),
        *("ssl.cipher.suites", "ssl.curves.list", "ssl.sigalgs.list", "ssl.providers"),
        *("ssl.engine.location", "ssl.engine.id", "ssl.ca.certificate.stores"),
    }
)
"""What a broker finds or does in a way of its own."""
_JAVAS_TOO = frozenset(
    {
        *CATALOGUE.configs,
        *(f"{_OAUTH}.client.credentials.client.{word}" for word in ("id", "secret")),
        f"{_OAUTH}.scope",
    }
)
OWN_NAMES: Final = frozenset({*SASL, *TLS, f"{_OAUTH}.method"}) - _JAVAS_TOO
"""What is written for librdkafka only."""
_IN_CLEAR = frozenset({MECHANISM, "tokenUrl", "scope", "principal", "keyTab", "serviceName"})
_NAME_CHECKS: Final = {"https": True, "none": False}
_A_PATH = ".location"
_EXTENSION = re.compile(r"\s*(?P<name>[A-Za-z]+)\s*=\s*(?P<value>\S(?:.*\S)?)\s*", re.DOTALL)
_WRITABLE = re.compile(r"[^\s{}](?:[^{}\n]*[^\s{}])?")
"""What a `${file:…}` can name."""


class Login(NamedTuple):
    """What a file says of the connection; options by their names in the short form."""

    protocol: str
    sasl: Mapping[str, Property]
    tls: Mapping[str, Property]
    others: tuple[Property, ...]
    """Security settings that are no options."""

    @property
    def logs_in(self) -> bool:
        """Whether the protocol has a login."""
        return self.protocol.startswith("SASL_")

    @property
    def encrypts(self) -> bool:
        """Whether the protocol has TLS."""
        return self.protocol.endswith("SSL")

    @property
    def taken(self) -> tuple[str, ...]:
        """The keys that the mechanism takes, in the order in which people read them."""
        if MECHANISM not in self.sasl:
            return ()
        word = self.sasl[MECHANISM].value
        extensions = (EXTENSIONS,) if word == "OAUTHBEARER" else ()
        return (MECHANISM, *REQUIRED_OPTIONS[word], *OPTIONAL_OPTIONS.get(word, ()), *extensions)


def extensions_of(found: Property) -> Mapping[str, str] | None:
    """SASL extensions by name, as they stand one after the other with commas between them; None where they are not
    put together like that.
    """
    pairs = [_EXTENSION.fullmatch(pair) for pair in found.value.split(",")]
    extensions = {pair["name"]: pair["value"] for pair in pairs if pair is not None}
    return extensions if len(extensions) == len(pairs) else None


def is_spoken(values: Mapping[str, Property]) -> bool:
    """Whether a file says in librdkafka's names how to connect."""
    return not OWN_NAMES.isdisjoint(values)


def read_login(values: Mapping[str, Property]) -> Login:
    """What the security settings of a file say; those of `local.*` are not librdkafka's."""
    found = values.get(PROTOCOL)
    others = (
        value
        for name, value in values.items()
        if CATALOGUE.is_security(name)
        and not name.startswith("local.")
        and name not in {*SASL, *TLS, PROTOCOL}
    )
    return Login(
        found.value.upper() if found is not None else "PLAINTEXT",
        {option: values[name] for name, option in SASL.items() if name in values},
        {option: values[name] for name, option in TLS.items() if name in values},
        tuple(others),
    )


def write_login(
    link: LinkAddress,
    values: Mapping[str, Property],
    variables: Variables,
    notes: list[Diagnostic],
) -> dict[str, Plain]:
    """The short form of a login that can be that of a link."""
    login = read_login(values)
    useless = dict(_useless(login))
    notes.extend(dropped(found, why) for found, why in useless.items())

    def options(given: Mapping[str, Property]) -> dict[str, Plain]:
        return {
            option: _option(option, found, link, variables, notes)
            for option, found in given.items()
            if found not in useless
        }

    keys: dict[str, Plain] = {}
    if login.logs_in:
        keys["sasl"] = options({o: login.sasl[o] for o in login.taken if o in login.sasl})
    if not login.encrypts:
        given = values.get(PROTOCOL)
        keys["tls"] = Noted(value=False, origin=given.at if given else None)
        return keys
    tls = options(login.tls)
    if (check := values.get(NAME_CHECK)) is not None and check.value.lower() in _NAME_CHECKS:
        tls["verifyHostname"] = Noted(_NAME_CHECKS[check.value.lower()], origin=check.at)
    if tls or not login.logs_in:
        keys["tls"] = tls or True
    return keys


def _useless(login: Login) -> Iterator[tuple[Property, str]]:
    for found in login.others:
        if found.name in OF_NO_WEIGHT:
            yield found, "brokers have their own way of this"
    for option, found in login.sasl.items():
        if option not in login.taken:
            yield found, f"{login.sasl[MECHANISM].value} does not use it"
    for found in login.tls.values():
        if not login.encrypts:
            yield found, f"{login.protocol} is without TLS"
        elif found.value == "probe":
            yield found, "a broker trusts what its Java does"


def _option(
    option: str,
    found: Property,
    link: LinkAddress,
    variables: Variables,
    notes: list[Diagnostic],
) -> Plain:
    if option == EXTENSIONS:
        return _extensions(found, link, variables, notes)
    if option == "keyTab":
        notes.append(on_brokers(found))
    if option in _IN_CLEAR:
        return Noted(found.value, origin=found.at)
    path = found.name.endswith(_A_PATH)
    if path and _WRITABLE.fullmatch(found.value):
        reference = Template((Reference(ReferenceKind.FILE, found.value),))
        cure = "see that the path is right: it counts from the folder of the links.yaml"
    else:
        reference = variables.reference(link, found.name)
        what = "what the file holds whose path" if path else "the value that"
        cure = f"set {reference.references[0].name} to {what} stands here before an `apply`"
    notes.append(became_reference(found, reference, cure))
    return Noted(reference, origin=found.at)


def _extensions(
    found: Property, link: LinkAddress, variables: Variables, notes: list[Diagnostic]
) -> Plain:
    """They are not secret, unless one is named like a secret."""
    written: dict[str, Plain] = {}
    for name, value in (extensions_of(found) or {}).items():
        written[name] = Noted(value, origin=found.at)
        if sounds_secret(name):
            reference = variables.reference(link, f"{found.name}.{name}")
            cure = f"set {reference.references[0].name} to the value that stands here before an `apply`"
            notes.append(became_reference(found, reference, cure))
            written[name] = Noted(reference, origin=found.at)
    return written
