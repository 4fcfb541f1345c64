"""Two validators, one answer: which rules of a JSON Schema does a document break, and where.

`jsonschema` states the rules in plain Python and is always there. `jsonschema-rs` says the same a hundred times faster
and is taken where it can be installed; a test holds both to the same findings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from typing import NamedTuple, Protocol, TypeAlias

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"

_UNTELLABLE_KEY = re.compile(r"\+?[0-9]*")
"""Keys that `jsonschema-rs` leaves out of a path or takes for an index: empty ones, and what Rust reads as a number."""
_PATTERN_PARTS = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\$", re.DOTALL)
_BLANKS = r"\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"


class Misfit(NamedTuple):
    """A rule of the schema that a value breaks. `parent` is the part of the schema that the rule stands in.

    `words` are what the rule is about: unknown keys for `additionalProperties`, the missing key for `required`, the
    misshapen key for `propertyNames`, the types that would do for `type`.
    """

    rule: str
    path: tuple[str | int, ...]
    schema_path: tuple[str | int, ...]
    words: tuple[str, ...]
    parent: dict[str, Json]

    def known_keys(self) -> list[str]:
        """The keys that are known where the misfit is."""
        properties = self.parent.get("properties")
        return sorted(properties) if isinstance(properties, dict) else []


class Validator(Protocol):
    """A compiled schema."""

    def is_valid(self, plain: Json) -> bool:
        """Whether a document breaks no rule."""
        ...

    def misfits(self, plain: Json) -> Iterator[Misfit]:
        """Every rule that it breaks, as they are found."""
        ...


def compiled(document: dict[str, Json]) -> Validator:
    """The fastest validator that is installed."""
    try:
        return Compiled(document)
    except ImportError:
        return Plain(document)


class Compiled:
    """`jsonschema-rs`. Where it could not tell the places of misfits, because keys look like something else in a path,
    it asks the other one for them.
    """

    def __init__(self, document: dict[str, Json]) -> None:
        from jsonschema_rs import Draft202012Validator  # noqa: PLC0415 - may not be installed

        self._document = document
        self._validator = Draft202012Validator(document)

    def is_valid(self, plain: Json) -> bool:
        return self._validator.is_valid(plain)

    def misfits(self, plain: Json) -> Iterator[Misfit]:
        if _has_untellable_keys(plain):
            yield from self._exact.misfits(plain)
            return
        for problem in self._validator.iter_errors(plain):
            rule, details = problem.kind.name, problem.kind.as_dict()
            path = tuple(problem.schema_path)
            yield Misfit(rule, tuple(problem.instance_path), path, _words(details), self._at(path))

    @cached_property
    def _exact(self) -> Plain:
        return Plain(self._document)

    def _at(self, path: tuple[str | int, ...]) -> dict[str, Json]:
        """The part of the schema that holds the rule at the end of a path."""
        place: Json = self._document
        for part in path[:-1]:
            if isinstance(place, dict) and isinstance(part, str):
                place = place.get(part)
            elif isinstance(place, list) and isinstance(part, int):
                place = place[part]
        return place if isinstance(place, dict) else {}


def _has_untellable_keys(value: Json) -> bool:
    if isinstance(value, dict):
        return any(_UNTELLABLE_KEY.fullmatch(name) for name in value) or any(
            map(_has_untellable_keys, value.values())
        )
    return isinstance(value, list) and any(map(_has_untellable_keys, value))


def _words(details: Mapping[str, object]) -> tuple[str, ...]:
    for name in ("unexpected", "types"):
        value = details.get(name)
        if isinstance(value, list):
            return tuple(str(word) for word in value)
    if "property" in details:
        return (str(details["property"]),)
    key = getattr(details.get("error"), "instance", None)
    return (key,) if isinstance(key, str) else ()


class Plain:
    """`jsonschema`."""

    def __init__(self, document: dict[str, Json]) -> None:
        # Only here: where the other one is installed, nobody needs to wait for this one to be loaded.
        from jsonschema import Draft202012Validator, ValidationError  # noqa: PLC0415
        from jsonschema.validators import extend  # noqa: PLC0415

        def pattern(_: object, form: str, value: object, _parent: object) -> Iterator[Exception]:
            if isinstance(value, str) and not _python_pattern(form).search(value):
                yield ValidationError("the form is another one")

        judge = extend(Draft202012Validator, {"pattern": pattern})  # type: ignore[no-untyped-call]
        self._validator = judge(document)

    def is_valid(self, plain: Json) -> bool:
        return bool(self._validator.is_valid(plain))

    def misfits(self, plain: Json) -> Iterator[Misfit]:
        missing: set[tuple[tuple[str | int, ...], str]] = set()
        for problem in self._validator.iter_errors(plain):
            path, schema_path = tuple(problem.absolute_path), tuple(problem.absolute_schema_path)
            parent: dict[str, Json] = problem.schema
            match str(problem.validator):
                case "required" | "dependentRequired":
                    for name in _required(problem.validator_value, problem.instance):
                        if name not in problem.instance and (path, name) not in missing:
                            missing.add((path, name))
                            yield Misfit("required", path, schema_path, (name,), parent)
                case "additionalProperties":
                    unknown = tuple(_unknown(problem.instance, parent))
                    yield Misfit("additionalProperties", path, schema_path, unknown, parent)
                case "type":
                    wanted = problem.validator_value
                    types = tuple(wanted) if isinstance(wanted, list) else (str(wanted),)
                    yield Misfit("type", path, schema_path, types, parent)
                case _ if "propertyNames" in schema_path:
                    names = (str(problem.instance),)
                    yield Misfit("propertyNames", path, schema_path, names, parent)
                case rule:
                    yield Misfit(rule, path, schema_path, (), parent)


@cache
def _python_pattern(pattern: str) -> re.Pattern[str]:
    """A pattern as JSON Schema means it (ECMA-262): in Python `$` also matches before a last line end, and `\\s` matches
    other characters.
    """

    def translated(found: re.Match[str]) -> str:
        word = found[0]
        if word.startswith("["):
            return word.replace(r"\s", _BLANKS)
        return {"$": r"\Z", r"\s": f"[{_BLANKS}]"}.get(word, word)

    return re.compile(_PATTERN_PARTS.sub(translated, pattern))


def _required(wanted: object, instance: Mapping[str, object]) -> list[str]:
    """Keys that have to be there: always (a list), or beside keys that are there (lists by key)."""
    if isinstance(wanted, Mapping):
        return [name for key, names in wanted.items() if key in instance for name in names]
    return list(wanted) if isinstance(wanted, list) else []


def _unknown(instance: Mapping[str, object], parent: Mapping[str, Json]) -> Iterator[str]:
    properties, patterns = parent.get("properties"), parent.get("patternProperties")
    known = properties if isinstance(properties, dict) else {}
    allowed = patterns if isinstance(patterns, dict) else {}
    for name in instance:
        if name not in known and not any(re.search(pattern, name) for pattern in allowed):
            yield name
