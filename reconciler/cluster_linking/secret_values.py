"""Secrets in this room: resolved at send time, remembered so that nothing that a server echoes can print them.

Servers quote what they were sent ("Config property 'x' with value 'y' exceeded max limit", cluster-linking
reference, section 2.7). Every text of a server therefore passes through `scrub` before it becomes part of a
diagnostic.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import takewhile
from urllib.parse import quote

from reconciler.cluster_linking.escapes import escaped
from reconciler.cluster_linking.secret_parts import parts
from reconciler.model.secrets import Reference, Template

MASK = "***"
_CUT = ("..", "…")
"""How a server marks that it has shortened what it quotes."""
_TELLING = 8
"""A shortened value is known by this many characters: fewer are found in ordinary text."""


class SecretValues:
    """Resolves templates and knows every value that it has ever handed out."""

    __slots__ = ("_lookup", "_patterns", "_shapes")

    def __init__(self, lookup: Callable[[Reference], str]) -> None:
        self._lookup = lookup
        self._patterns: dict[str, re.Pattern[str] | None] = {}
        """By value; made when a text has to be searched for it."""
        self._shapes: set[str] = set()
        """As a value may begin where it is quoted shortened."""

    def reveal(self, template: Template) -> str:
        """The text to send; what `lookup` raises passes through."""
        value = template.render(self._resolve).reveal()
        if template.references:
            # Quoting has changed what the references stand for: a server repeats it as it was sent.
            self.remember(value)
        return value

    def remember(self, value: str) -> None:
        """Hide a value and its parts; for values that came from elsewhere, such as an access token."""
        if not value or value in self._patterns:
            return
        for part in (value, *parts(value)):
            self._patterns |= dict.fromkeys(_encodings(part), None)
            self._shapes.update(_shapes(part))

    def scrub(self, text: str) -> str:
        """The text with every known value masked, shortened or whole, longest first."""
        for shape in _longest_first(self._shapes):
            text = _without_beginning(text, shape)
        for value in _longest_first(self._patterns):
            text = self._pattern(value).sub(MASK, text)
        return text

    def _pattern(self, value: str) -> re.Pattern[str]:
        found = self._patterns[value]
        if found is None:
            found = self._patterns[value] = re.compile(escaped(value))
        return found

    def _resolve(self, reference: Reference) -> str:
        value = self._lookup(reference)
        self.remember(value)
        return value

    def __repr__(self) -> str:
        return f"SecretValues({len(self._patterns)} hidden)"


def _longest_first(values: Iterable[str]) -> list[str]:
    return sorted(values, key=lambda value: (-len(value), value))


def _without_beginning(text: str, value: str) -> str:
    """The text with every shortened quotation of a value masked."""
    beginning, rest = value[:_TELLING], value[_TELLING:]
    if not rest:
        return text
    head, *tails = text.split(beginning)
    pieces = [head]
    for tail in tails:
        quoted = sum(1 for _ in takewhile(_equal, zip(tail, rest, strict=False)))
        after = tail[quoted:]
        pieces.append(MASK + after if after.startswith(_CUT) else beginning + tail)
    return "".join(pieces)


def _equal(pair: tuple[str, str]) -> bool:
    return pair[0] == pair[1]


def _encodings(value: str) -> Iterator[str]:
    """A value as it stands, in a URL and in base64."""
    yield value
    yield quote(value, safe="")
    yield base64.b64encode(value.encode()).decode("ascii")


def _shapes(value: str) -> Iterator[str]:
    """A value as it may begin: encoded, or escaped for JSON, JAAS or a program's log."""
    yield from _encodings(value)
    yield repr(value)[1:-1]
    yield json.dumps(value)[1:-1]
    yield json.dumps(value, ensure_ascii=False)[1:-1]
    yield value.replace("\\", "\\\\").replace('"', '\\"')
