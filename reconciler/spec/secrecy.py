"""Which names stand for secrets, whoever made them up; the catalogue knows the rest."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

SECRET_KEYS: Final = frozenset(
    {
        *("username", "password", "token", "clientId", "clientSecret"),
        *("trust", "certificate", "key", "keyPassword"),
    }
)
"""Keys of links.yaml that take references only."""

REFERENCE_CURE: Final = "write `${env:NAME}` or `${file:PATH}`"
ELSEWHERE_CURE: Final = (
    "move it to `credentials` of the link, as `${env:NAME}` or `${file:PATH}`, if it is a `sasl.` or `ssl.` config; "
    "else remove it: linkctl sends secrets in `auth`, `tls` and `credentials` only"
)

_SECRET_PLACES = frozenset({"auth", "tls", "credentials", "sasl"})
_ANYWHERE = (
    *("password", "passwd", "passphrase", "secret", "token", "jaas", "credential"),
    *("assertion", "apikey", "authkey", "accesskey", "privatekey", "authorization", "cookie"),
    *("accountkey", "sharedkey", "signingkey", "encryptionkey", "userinfo", "license"),
)
_AS_A_WORD = frozenset({"pass", "pwd", "pw"})
# What is said about a secret, and is none: from where a client takes its credentials.
_ABOUT_SECRETS = re.compile(r"(?:credentials?source|licensetopic)")
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def beside_secrets(path: Iterable[str | int]) -> bool:
    """Whether a path leads below a place that holds secrets."""
    return not _SECRET_PLACES.isdisjoint(path)


def secret_cure(key: str, path: Iterable[str | int]) -> str | None:
    """What to write in the place of a value that cannot stay, if its key says that it is a secret; `path` leads to it.
    None for all other keys.
    """
    places = frozenset(path)
    if beside_secrets(places):
        return REFERENCE_CURE if key in SECRET_KEYS or sounds_secret(key) else None
    if not sounds_secret(key):
        return None
    # Anchors may stand anywhere, and are used where secrets belong.
    return ELSEWHERE_CURE if "configs" in places else REFERENCE_CURE


def sounds_secret(name: str) -> bool:
    """Whether a name says that its value is secret: `my.api.token`, `X-Api-Key`, `dbPassword`."""
    words = [word.lower() for word in _WORDS.findall(name)]
    joined = _ABOUT_SECRETS.sub("-", "".join(words))
    return any(word in joined for word in _ANYWHERE) or not _AS_A_WORD.isdisjoint(words)
