"""Keep the facts of the vendor's OpenAPI document, and leave its prose where it is.

The prose is the vendor's work; that a path takes a parameter, or that a field may be null, is a fact. What is written
to `kafka-rest-v3.facts.json` are the facts: paths, methods, parameters, bodies and answers by status, and schemas. It
is again an OpenAPI 3 document, sorted, so that a newer edition shows as a small difference.

    python -m tests.contract.distil DOCUMENT
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
Object = dict[str, Json]

FACTS = Path(__file__).with_name("kafka-rest-v3.facts.json")

#: What a schema says to a machine. `x-extensible-enum` lists the words of today; tomorrow may bring more.
SCHEMA_FACTS = (
    "$ref", "type", "format", "nullable", "deprecated", "required", "enum", "x-extensible-enum",
    "minimum", "maximum", "minLength", "maxLength", "pattern", "default",
)  # fmt: skip
PARAMETER_FACTS = ("name", "in", "required")
SCHEMAS = "#/components/schemas/"
RESPONSES = "#/components/responses/"


def distil(document: Mapping[str, Json]) -> Object:
    """The facts of an OpenAPI document, as an OpenAPI document."""
    components = _object(document["components"])
    schemas = _object(components["schemas"])
    bodies = _object(components.get("requestBodies", {}))
    paths: Object = {
        path: {
            method: _operation(_object(operation), bodies)
            for method, operation in _object(item).items()
        }
        for path, item in _object(document["paths"]).items()
    }
    shared: Object = {}
    for operation in _operations(paths):
        operation["responses"] = {
            status: _share(_object(response), shared)
            for status, response in _object(operation["responses"]).items()
        }
    facts: Object = {name: _schema(_flat(_object(schemas[name]), schemas)) for name in schemas}
    used: Object = {name: facts[name] for name in _reachable([paths, shared], facts)}
    return {
        "openapi": "3.0.0",
        "info": {"title": "Facts of Kafka REST v3", "version": "3"},
        "paths": paths,
        "components": {"responses": shared, "schemas": used},
    }


def text_of(facts: Object) -> str:
    """The file's text: sorted and indented, so that two editions can be compared line by line."""
    return json.dumps(facts, indent=1, sort_keys=True) + "\n"


def _object(value: Json) -> Object:
    if not isinstance(value, dict):
        raise TypeError(f"an object was expected, not {value!r}")
    return value


def _operation(operation: Object, bodies: Object) -> Object:
    facts: Object = {
        "responses": {
            status: _content(_object(response)) | {"description": ""}
            for status, response in _object(operation["responses"]).items()
        }
    }
    if parameters := operation.get("parameters"):
        facts["parameters"] = [_parameter(_object(item)) for item in cast("list[Json]", parameters)]
    if body := operation.get("requestBody"):
        facts["requestBody"] = _content(_body(_object(body), bodies))
    return facts


def _body(body: Object, bodies: Object) -> Object:
    reference = body.get("$ref")
    return _object(bodies[reference.rpartition("/")[2]]) if isinstance(reference, str) else body


def _parameter(parameter: Object) -> Object:
    facts: Object = {key: parameter[key] for key in PARAMETER_FACTS if key in parameter}
    return facts | {"schema": _schema(_object(parameter["schema"]))}


def _content(holder: Object) -> Object:
    """The content types of a body or an answer with their schemas; empty when it has no content."""
    content: Object = {
        kind: {"schema": _schema(_object(_object(media)["schema"]))}
        for kind, media in _object(holder.get("content", {})).items()
    }
    return {"content": content} if content else {}


def _share(response: Object, shared: Object) -> Json:
    """Answers that every operation gives are kept once, under a name: the error, the page, the empty answer."""
    name = _shared_name(response)
    if name is None:
        return response
    shared[name] = response
    return {"$ref": RESPONSES + name}


def _shared_name(response: Object) -> str | None:
    content = _object(response.get("content", {}))
    if not content:
        return "Empty"
    if "text/html" in content:
        return "Page"
    return "Error" if f"{SCHEMAS}Error" in json.dumps(content) else None


def _flat(schema: Object, schemas: Object) -> Object:
    """A schema with the parts of its `allOf` laid into one, so that all its properties can be seen in one place."""
    parts = [schema, *(_resolved(_object(part), schemas) for part in _list(schema.get("allOf")))]
    flat: Object = {}
    for part in (parts[0], *(_flat(part, schemas) for part in parts[1:])):
        properties = _object(flat.get("properties", {})) | _object(part.get("properties", {}))
        required = sorted({*_strings(flat.get("required")), *_strings(part.get("required"))})
        flat |= part
        if properties:
            flat |= {"type": "object", "properties": properties}
        if required:
            flat["required"] = list[Json](required)
    flat.pop("allOf", None)
    return flat


def _resolved(schema: Object, schemas: Object) -> Object:
    reference = schema.get("$ref")
    return (
        _object(schemas[reference.removeprefix(SCHEMAS)]) if isinstance(reference, str) else schema
    )


def _schema(schema: Object) -> Object:
    facts: Object = {key: schema[key] for key in SCHEMA_FACTS if key in schema}
    if "properties" in schema:
        properties = _object(schema["properties"])
        facts["properties"] = {name: _schema(_object(part)) for name, part in properties.items()}
    if "items" in schema:
        facts["items"] = _schema(_object(schema["items"]))
    return facts


def _operations(paths: Object) -> Iterator[Object]:
    for item in paths.values():
        yield from map(_object, _object(item).values())


def _reachable(roots: Sequence[Json], schemas: Object) -> set[str]:
    """The names of the schemas that anything outside refers to, directly or through another schema."""
    found: set[str] = set()
    pending = list(roots)
    while pending:
        for name in _references(pending.pop()):
            if name not in found:
                found.add(name)
                pending.append(schemas[name])
    return found


def _references(value: Json) -> Iterator[str]:
    if isinstance(value, dict):
        reference = value.get("$ref")
        if isinstance(reference, str) and reference.startswith(SCHEMAS):
            yield reference.removeprefix(SCHEMAS)
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from _references(part)


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _strings(value: Json) -> list[str]:
    return [part for part in _list(value) if isinstance(part, str)]


if __name__ == "__main__":
    FACTS.write_text(text_of(distil(json.loads(Path(sys.argv[1]).read_text("utf-8")))), "utf-8")
