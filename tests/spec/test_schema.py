"""The schemas, the one that linkctl judges by and the published one: valid, and explained key by key."""

from __future__ import annotations

import json
from collections.abc import Iterator

import jsonschema_rs
import pytest

from reconciler.model.filters import FilterType, PatternType
from reconciler.model.links import ConnectionMode, LinkGoal, Topology
from reconciler.model.mirrors import MirrorGoal
from reconciler.resources import schema
from reconciler.spec.credentials import OPTIONAL_OPTIONS, REQUIRED_OPTIONS
from reconciler.spec.shape import shape
from reconciler.spec.validators import Json

SCHEMA: dict[str, Json] = json.loads(schema("links.schema.json"))
CONDITIONS = frozenset({"if", "then", "else", "not"})


def keys(part: Json, path: str = "") -> Iterator[tuple[str, dict[str, Json]]]:
    """Every key that the schema knows, with what it says about it."""
    if isinstance(part, list):
        for item in part:
            yield from keys(item, path)
    if not isinstance(part, dict):
        return
    for owner in ("properties", "patternProperties"):
        properties = part.get(owner)
        for name, about in properties.items() if isinstance(properties, dict) else ():
            if isinstance(about, dict):
                yield f"{path}/{name}", about
    for name, below in part.items():
        if name not in {"examples", *CONDITIONS}:
            yield from keys(below, f"{path}/{name}")


def resolved(about: dict[str, Json]) -> dict[str, Json]:
    """A key's schema with what it refers to laid under it."""
    reference = about.get("$ref")
    if not isinstance(reference, str):
        return about
    target: Json = SCHEMA
    for part in reference.removeprefix("#/").split("/"):
        assert isinstance(target, dict)
        target = target[part]
    assert isinstance(target, dict)
    return {**resolved(target), **about}


KEYS = dict(keys(SCHEMA))
JUDGED = dict(keys(shape()))


def test_the_schema_is_a_schema() -> None:
    """It is valid JSON Schema 2020-12."""
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema_rs.meta.validate(SCHEMA)
    jsonschema_rs.meta.validate(shape())


@pytest.mark.parametrize("path", KEYS)
def test_every_key_has_a_description_and_an_example(path: str) -> None:
    """Editors show both, so no key goes without, and every example is right."""
    about = resolved(KEYS[path])
    assert about.get("description"), path
    examples = about.get("examples")
    assert isinstance(examples, list)
    assert examples, path
    validator = jsonschema_rs.Draft202012Validator({**about, "$defs": SCHEMA["$defs"]})
    for example in examples:
        validator.validate(example)


def test_there_are_keys_to_explain() -> None:
    """The walk over the schema finds the keys at every depth."""
    names = {path.rsplit("/", 1)[-1] for path in KEYS}
    assert {
        "version",
        "clusters",
        "sides",
        "mirrorTopics",
        "maxLag",
        "extensions",
        "principal",
    } <= names


def choices(path: str) -> set[object]:
    """The words that a key takes."""
    words = JUDGED[path]["enum"]
    assert isinstance(words, list)
    return set(words)


def test_the_schema_and_the_model_know_the_same_words() -> None:
    """A word that the schema lets through has a meaning, and each meaning can be written."""
    link, mirror = "/$defs/link", "/$defs/mirrorTopic"
    assert choices(f"{link}/mode") == set(Topology)
    assert choices(f"{link}/state") == set(LinkGoal)
    assert choices(f"{mirror}/state") == set(MirrorGoal)
    assert choices("/$defs/side/connectionMode") == {mode.lower() for mode in ConnectionMode}
    assert choices("/$defs/nameFilters/items/patternType") == set(PatternType)
    assert choices("/$defs/nameFilters/items/filterType") == set(FilterType)


def test_every_sasl_option_belongs_to_a_mechanism() -> None:
    """The schema's options are those that some mechanism takes."""
    assert choices("/$defs/sasl/mechanism") == set(REQUIRED_OPTIONS)
    options = {path.rsplit("/", 1)[-1] for path in JUDGED if path.startswith("/$defs/sasl/")}
    taken = {
        o for by in (REQUIRED_OPTIONS, OPTIONAL_OPTIONS) for names in by.values() for o in names
    }
    assert options - {"mechanism", "extensions"} == taken
