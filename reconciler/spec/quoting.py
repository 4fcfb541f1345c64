"""How a text, number or switch is written in YAML, so that every reader takes it for what it is.

A text stands plain only where neither our strict reader nor a reader of YAML 1.1 could take it for anything else;
all others are put in double quotes. The same text is safe as a key, as a value, in a list and in braces.
"""

from __future__ import annotations

import re
from typing import TypeAlias

import yaml

from reconciler.model.catalogue import ConfigType, LinkConfig
from reconciler.model.secrets import Quoted, Template
from reconciler.spec import scalars

# A smaller set of characters than YAML allows: nothing in it means anything in any context.
_PLAIN = re.compile(r"[A-Za-z0-9_/](?:[A-Za-z0-9_./@+-]|:(?=[A-Za-z0-9_./@+-]))*")
_WHOLE_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,17}")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0"}


Scalar: TypeAlias = str | int | float | bool | Template | None


def written(value: Scalar) -> str:
    """A scalar as it stands in YAML; references are written so that they are read back as references.

    Raises:
        TypeError: a template is composed only when it is sent, and so has no form in YAML.
    """
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case Template():
            return _quoted(_reference_text(value))
        case str():
            text = _literal(value)
            return text if _reads_as_text(text) else _quoted(text)


def config_value(text: str, known: LinkConfig | None = None) -> str | int | bool:
    """The value of a config as people write it: `true` and `5000` without quotes, since Kafka spells them so too.

    Servers keep what they were given; for a config that is known, switches and choices get their documented case.
    """
    if known is not None and known.type is ConfigType.BOOLEAN:
        text = text.lower()
    elif known is not None and known.choices:
        text = text.upper()
    if text in {"true", "false"}:
        return text == "true"
    return int(text) if _WHOLE_NUMBER.fullmatch(text) else text


def printable(text: str) -> str:
    """A text that is fit for a comment: on one line, and nothing in it that a terminal would obey."""
    return "".join(c if c.isprintable() else "?" for c in text)


def _literal(text: str) -> str:
    return text.replace("${", "$${")


def _reference_text(template: Template) -> str:
    pieces: list[str] = []
    for part in template.parts:
        if isinstance(part, Quoted):
            raise TypeError("a line that is composed when it is sent has no form in links.yaml")
        pieces.append(_literal(part) if isinstance(part, str) else str(part))
    return "".join(pieces)


def _reads_as_text(text: str) -> bool:
    if not _PLAIN.fullmatch(text):
        return False
    if scalars.resolve(text) is not text or scalars.surprise(text) is not None:
        return False
    resolvers = yaml.SafeLoader.yaml_implicit_resolvers
    return not any(pattern.match(text) for _, pattern in resolvers.get(text[0], ()))


def _quoted(text: str) -> str:
    return f'"{"".join(_escaped(c) for c in text)}"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
