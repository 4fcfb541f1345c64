"""What a JAAS line gives away: `MODULE FLAG name=value … ;` (javax.security.auth.login.Configuration).

The line is cut into words once, from left to right, so that no text costs more than its length.
"""

from __future__ import annotations

import re
from typing import Final

REFERENCE: Final = "\0"
"""Stands in a line for a reference."""

# A quote that is never closed runs to the end, and so does not have to be looked for twice.
_WORD = re.compile(
    r'"(?:[^"\\]|\\.)*+\\?(?:"|\Z)' r"|'(?:[^'\\]|\\.)*+\\?(?:'|\Z)" r"|[=;]|[^\s=;\"']++",
    re.DOTALL,
)
_MODULE = re.compile(r"[\0\w.$]+")
_FLAGS = frozenset({"required", "requisite", "sufficient", "optional"})

# Options of Kafka's login modules and of Java's Kerberos module whose values are no secrets.
_HARMLESS = frozenset(
    {
        *("username", "clientId", "scope", "tokenauth"),
        *("extension_logicalCluster", "extension_identityPoolId"),
        *("principal", "keyTab", "useKeyTab", "storeKey", "serviceName", "isInitiator", "debug"),
        *("useTicketCache", "ticketCache", "renewTGT", "doNotPrompt", "refreshKrb5Config"),
    }
)


def holds_literal(line: str) -> bool:
    """Whether a line, with `REFERENCE` for each reference in it, may hold a secret in clear.

    Only what is known to be harmless may be written out: the module, its flag, and some options. A line that is
    not put together as JAAS wants is not trusted at all.
    """
    words: list[str] = _WORD.findall(line)
    if words[-1:] == [";"]:
        words.pop()
    if not any(word.strip(REFERENCE) for word in words):
        return False
    match words:
        case [module, flag, *options] if _MODULE.fullmatch(module) and flag.lower() in _FLAGS:
            return not _all_harmless(options)
        case _:
            return True


def _all_harmless(options: list[str]) -> bool:
    triples = zip(options[::3], options[1::3], options[2::3], strict=False)
    return len(options) % 3 == 0 and all(
        equals == "=" and (name in _HARMLESS or not value.strip("\"'").strip(REFERENCE))
        for name, equals, value in triples
    )
