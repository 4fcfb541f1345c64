"""Which names stand for secrets, whoever made them up; the catalogue knows the rest."""

from __future__ import annotations

from typing import Final

SECRET_KEYS: Final = frozenset(
    {
        *("username", "password", "token", "clientId", "clientSecret"),
        *("trust", "certificate", "key", "keyPassword"),
    }
)
"""Keys of links.yaml that take references only."""

_ANYWHERE = (
    *("password", "passwd", "passphrase", "secret", "token", "jaas", "credential"),
    *("assertion", "apikey", "authkey", "accesskey", "privatekey", "authorization", "cookie"),
)
_AS_A_WORD = frozenset({"pass", "pwd"})


def sounds_secret(name: str) -> bool:
    """Whether a name says that its value is secret: `my.api.token`, `X-Api-Key`, `dbPassword`."""
    lowered = name.lower().replace("-", ".").replace("_", ".")
    joined = lowered.replace(".", "")
    return any(word in joined for word in _ANYWHERE) or not _AS_A_WORD.isdisjoint(
        lowered.split(".")
    )
