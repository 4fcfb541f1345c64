"""What keeps the login of a librdkafka client from being the login of a link."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from reconciler.cluster_linking import CATALOGUE
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.spec.credentials import REQUIRED_OPTIONS
from reconciler.spec.findings import both, either
from reconciler.workflows.converting.librdkafka import (
    EXTENSIONS,
    MECHANISM,
    NAME_CHECK,
    OF_NO_WEIGHT,
    OWN_NAMES,
    PROTOCOL,
    SASL,
    TLS,
    Login,
    extensions_of,
    read_login,
)
from reconciler.workflows.converting.properties import Property

_PROTOCOLS: Final = ("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL")
_FILES_OF_CLIENTS = frozenset({"ssl.keystore.location", "ssl.keystore.password"})
"""Java's names too, but there for a file on every broker."""
_NEEDS = {"certificate": "key", "key": "certificate", "keyPassword": "key"}
"""Options of `tls` that are nothing without another one."""


def check_login(values: Mapping[str, Property]) -> Iterator[Diagnostic]:
    """Nothing is said of a file in Java's names."""
    own = next((found for name, found in values.items() if name in OWN_NAMES), None)
    if own is None:
        return
    login = read_login(values)
    for found in login.others:
        if found.name not in {*OF_NO_WEIGHT, NAME_CHECK}:
            yield _no_option(found, own)
    yield from _said_twice(values)
    yield from _protocol(login, values.get(PROTOCOL))
    if login.encrypts:
        yield from _half_a_key(login)


def _no_option(found: Property, own: Property) -> Diagnostic:
    if found.name in CATALOGUE.configs and found.name not in _FILES_OF_CLIENTS:
        message = (
            f"{found.name} is for Java clients, and {own.name} at {own.at} for those of librdkafka"
        )
        return _contradiction(found, own, message, "keep the login of one kind of client")
    return _wrong(
        found,
        f"{found.name} of a librdkafka client has no counterpart on a link",
        "remove it; if the link cannot log in without, write its `credentials` in the result",
    )


def _said_twice(values: Mapping[str, Property]) -> Iterator[Diagnostic]:
    first: dict[str, Property] = {}
    for name, option in (*SASL.items(), *TLS.items()):
        if name not in values:
            continue
        one = first.setdefault(option, values[name])
        if one.value != values[name].value:
            early, late = sorted((one, values[name]), key=lambda found: found.at)
            message = f"{late.name} means the same as {early.name} at {early.at}, and differs"
            yield _contradiction(late, early, message, "keep one of the two")


def _protocol(login: Login, given: Property | None) -> Iterator[Diagnostic]:
    if given is not None and login.protocol not in _PROTOCOLS:
        yield _wrong(given, f"{PROTOCOL} must be {either(_PROTOCOLS)}", "correct the word")
    elif login.sasl and not login.logs_in:
        default = "" if given is not None else ", its default"
        yield _wrong(
            given or next(iter(login.sasl.values())),
            f"`sasl.*` has no effect while {PROTOCOL} is {login.protocol}{default}",
            f"write `{PROTOCOL}=SASL_SSL`, or remove what begins with `sasl.`",
        )
    elif login.logs_in and given is not None:
        yield from _mechanism(login, given)


def _mechanism(login: Login, protocol: Property) -> Iterator[Diagnostic]:
    mechanism = login.sasl.get(MECHANISM)
    if mechanism is None:
        yield _wrong(
            protocol,
            "sasl.mechanisms is missing, so this client would use GSSAPI (Kerberos)",
            "add what the cluster takes, as in `sasl.mechanisms=PLAIN`",
        )
        return
    if mechanism.value not in REQUIRED_OPTIONS:
        yield _wrong(
            mechanism, f"{mechanism.name} must be {either(REQUIRED_OPTIONS)}", "correct the word"
        )
        return
    names = _first_names(SASL)
    missing = [names[o] for o in REQUIRED_OPTIONS[mechanism.value] if o not in login.sasl]
    if missing:
        yield _wrong(
            mechanism,
            f"a link that logs in with {mechanism.value} needs {both(missing)}",
            f"add {both(f'{name}=…' for name in missing)}",
        )
    extensions = login.sasl.get(EXTENSIONS)
    if extensions is not None and EXTENSIONS in login.taken and extensions_of(extensions) is None:
        yield _wrong(
            extensions,
            f"{extensions.name} is not a list of names with a value each",
            "write it like `logicalCluster=lkc-abc123,identityPoolId=pool-abc`; a name has letters only",
        )


def _half_a_key(login: Login) -> Iterator[Diagnostic]:
    names = _first_names(TLS)
    for option, needed in _NEEDS.items():
        if option in login.tls and needed not in login.tls:
            yield _wrong(
                login.tls[option],
                f"{login.tls[option].name} has no effect without `{names[needed]}`",
                f"add `{names[needed]}=…`",
            )
            return


def _first_names(names: Mapping[str, str]) -> dict[str, str]:
    """The options of a table with the name that stands first."""
    return {option: name for name, option in reversed([*names.items()])}


def _contradiction(found: Property, first: Property, message: str, cure: str) -> Diagnostic:
    return Diagnostic(
        code="convert-contradiction",
        severity=Severity.ERROR,
        message=message,
        cure=cure,
        position=found.at,
        related=(first.at,),
    )


def _wrong(found: Property, message: str, cure: str) -> Diagnostic:
    return Diagnostic(
        code="convert-librdkafka",
        severity=Severity.ERROR,
        message=message,
        cure=cure,
        position=found.at,
    )
