"""A JAAS line: `MODULE FLAG name=value … ;` (javax.security.auth.login.Configuration). What of it may stand in a
file, and how references in it are put in.

The line is cut into words once, from left to right, so that no text costs more than its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import Final

from reconciler.model.secrets import Part, Quoted, Template

_REFERENCE: Final = "\0"
"""Stands in a line for a reference."""

# A quote that is never closed runs to the end, and so does not have to be looked for twice.
_STRING = r"\"(?:[^\"\\]|\\.)*+\\?(?:\"|\Z)|'(?:[^'\\]|\\.)*+\\?(?:'|\Z)"
_VALUE = re.compile(rf"(?P<string>{_STRING})|=\s*(?P<bare>[^\s=;\"']*\0[^\s=;\"']*+)", re.DOTALL)
_WORD = re.compile(_STRING + r"|[=;]|[^\s=;\"']++", re.DOTALL)
_MODULE = re.compile(r"[\0\w.$]+")
_FLAGS = frozenset({"required", "requisite", "sufficient", "optional"})
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t"}

# Options of Kafka's login modules and of Java's Kerberos module whose values are no secrets.
_HARMLESS = frozenset(
    {
        *("username", "clientId", "scope", "tokenauth"),
        *("extension_logicalCluster", "extension_identityPoolId"),
        *("principal", "keyTab", "useKeyTab", "storeKey", "serviceName", "isInitiator", "debug"),
        *("useTicketCache", "ticketCache", "renewTGT", "doNotPrompt", "refreshKrb5Config"),
    }
)


class Fault(Enum):
    """What is wrong with a line."""

    SECRET = auto()
    """It may hold a secret in clear."""
    FORM = auto()
    """Kafka could not read it, and nothing in it looks like a secret."""


def fault(template: Template) -> Fault | None:
    """What is wrong with a line as far as it stands in the file; None for nothing.

    Only what is known to be harmless may be written out: the module, its flag, and some options. A line that is
    not put together as JAAS wants, by more than its flag or its end, is not trusted at all.
    """
    words: list[str] = _WORD.findall(_line(template))
    ended = words[-1:] == [";"]
    match words[:-1] if ended else words:
        case [*parts] if not any(part.strip(_REFERENCE) for part in parts):
            return None if template.references else Fault.FORM
        case [module, flag, *options] if _is_module(module) and flag.lower() in _FLAGS:
            if not _all_harmless(options):
                return Fault.SECRET
            return None if ended else Fault.FORM
        case [module, *options] if _is_module(module) and options and _all_harmless(options):
            return Fault.FORM
        case [module, _, *options] if _is_module(module) and options and _all_harmless(options):
            return Fault.FORM
        case _:
            return Fault.SECRET


def _is_module(word: str) -> bool:
    return _MODULE.fullmatch(word) is not None


def _all_harmless(options: list[str]) -> bool:
    triples = zip(options[::3], options[1::3], options[2::3], strict=False)
    return len(options) % 3 == 0 and all(
        equals == "=" and (name in _HARMLESS or not value.strip("\"'").strip(_REFERENCE))
        for name, equals, value in triples
    )


def quoted_references(template: Template) -> Template:
    """The line with the values in it that hold references as `Quoted`, so that quotes, backslashes and blanks in them
    are harmless when they are sent. Other references stay as they are: they may stand for the whole line.
    """
    references = iter(part for part in template.parts if not isinstance(part, str))
    line = _line(template)
    parts: list[Part] = []
    end = 0
    for value in _VALUE.finditer(line):
        group = "bare" if value["string"] is None else "string"
        text = value[group]
        if _REFERENCE not in text:
            continue
        parts += _filled(line[end : value.start(group)], references)
        if group == "string":
            text = _ESCAPE.sub(_unescaped, text[1:].removesuffix(text[0]))
        parts.append(Quoted(tuple(_filled(text, references))))
        end = value.end(group)
    return Template((*parts, *_filled(line[end:], references)))


def _unescaped(escape: re.Match[str]) -> str:
    return _CONTROLS.get(escape[1], escape[1])


def _filled(text: str, references: Iterator[Part]) -> Iterator[Part]:
    """A piece of the line with its references back in it."""
    first, *others = text.split(_REFERENCE)
    if first:
        yield first
    for after in others:
        yield next(references)
        if after:
            yield after


def _line(template: Template) -> str:
    """The line as one text. A reference cannot be mistaken: what is written never holds this character."""
    return "".join(
        part.replace(_REFERENCE, "") if isinstance(part, str) else _REFERENCE
        for part in template.parts
    )
