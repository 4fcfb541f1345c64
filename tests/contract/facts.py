"""Holding an exchange against the facts of the API document, and saying exactly where the two part.

Stricter than the document in two ways, because both have hidden mistakes: a field that no schema declares is a
complaint, and so is a word that an open enumeration does not list yet.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Literal, cast

from jsonschema import Draft202012Validator, FormatChecker, ValidationError

from tests.contract.contradictions import UNDOCUMENTED
from tests.contract.distil import FACTS
from tests.contract.exchanges import Exchange

CLUSTER = "/kafka/v3/clusters/{cluster_id}"
#: How much of a value a complaint quotes.
MAX_SEEN = 80
Side = Literal["request", "answer"]
Schema = dict[str, Any]


@dataclass(frozen=True, slots=True, order=True)
class Complaint:
    """One thing that an exchange says and the facts do not.

    `operation` is a method and a path template below the cluster; `place` a path inside the body with `*` for every
    item of a list, or `status`, `content type`, `query/NAME`; `rule` the keyword that is broken, where `undeclared`
    means that the facts know nothing of it.
    """

    operation: str
    side: Side
    status: int
    place: str
    rule: str
    seen: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the document."""

    name: str
    method: str
    pattern: re.Pattern[str]
    query: Mapping[str, Schema]
    needed: frozenset[str]
    body: Schema | None
    responses: Mapping[str, Mapping[str, Schema]]


def operation_of(exchange: Exchange) -> Operation | None:
    """The operation that a request calls; None when the document has none of that method and path."""
    path = exchange.path.rstrip("/")
    path = path if path.startswith("/kafka/") else f"/kafka{path}"
    for operation in (*operations(), *undocumented_operations()):
        if operation.method == exchange.method and operation.pattern.fullmatch(path):
            return operation
    return None


@cache
def operations() -> tuple[Operation, ...]:
    """Every operation; those with fewer placeholders first, so that `links/-/mirrors` is found before `links/{l}/mirrors`."""
    found = [
        _operation(method.upper(), path, item)
        for path, methods in facts()["paths"].items()
        for method, item in methods.items()
    ]
    return tuple(sorted(found, key=lambda operation: (operation.name.count("{"), operation.name)))


@cache
def undocumented_operations() -> tuple[Operation, ...]:
    """What servers answer although the document does not say so, with the answer of the operation it resembles."""
    return tuple(
        _operation(each.method, each.path, facts()["paths"][each.like_path][each.method.lower()])
        for each in UNDOCUMENTED
    )


@cache
def facts() -> Schema:
    """The distilled document."""
    return cast("Schema", json.loads(FACTS.read_text("utf-8")))


def complaints_about_request(exchange: Exchange) -> Iterator[Complaint]:
    """Where a request departs from what the document lets a client send."""
    operation = operation_of(exchange)
    if operation is None:
        yield _undeclared(f"{exchange.method} {exchange.path}", "request", exchange, "path")
        return
    given = dict(exchange.query)
    for name in operation.needed - given.keys():
        yield Complaint(operation.name, "request", exchange.status, f"query/{name}", "required", "")
    for name, value in given.items():
        schema = operation.query.get(name)
        if schema is None:
            yield _undeclared(operation.name, "request", exchange, f"query/{name}")
        else:
            yield from _body_complaints(
                operation,
                "request",
                exchange.status,
                schema,
                _typed(value, schema),
                prefix=f"query/{name}",
            )
    yield from _sent_body_complaints(operation, exchange)


def complaints_about_answer(exchange: Exchange) -> Iterator[Complaint]:
    """Where an answer departs from what the document promises."""
    operation = operation_of(exchange)
    if operation is None:
        return
    contents = operation.responses.get(str(exchange.status))
    if contents is None:
        contents = operation.responses.get(f"{exchange.status // 100}XX")
    if contents is None:
        yield _undeclared(operation.name, "answer", exchange, "status", str(exchange.status))
        contents = _contents_of_undeclared(exchange)
    if not contents:
        if exchange.received:
            yield _undeclared(operation.name, "answer", exchange, "body")
        return
    schema = contents.get(exchange.received_type)
    if schema is None:
        yield _undeclared(
            operation.name, "answer", exchange, "content type", exchange.received_type
        )
        return
    if exchange.received_type != "application/json":
        return
    for document in _documents(exchange, operation):
        yield from _body_complaints(operation, "answer", exchange.status, schema, document)


def _documents(exchange: Exchange, operation: Operation) -> Iterator[object]:
    """The JSON of an answer; delivery reports of produced records follow each other (concatenated JSON)."""
    if operation.name != "POST /topics/{topic_name}/records":
        yield json.loads(exchange.received)
        return
    decoder, text = json.JSONDecoder(), exchange.received.decode().strip()
    while text:
        document, end = decoder.raw_decode(text)
        yield document
        text = text[end:].lstrip()


def _contents_of_undeclared(exchange: Exchange) -> Mapping[str, Schema]:
    """What an answer of a status that the document does not have should look like: an error, or nothing."""
    if exchange.status < 300:
        return {}
    return {"application/json": _strict({"$ref": "#/components/schemas/Error"})}


def _undeclared(
    operation: str, side: Side, exchange: Exchange, place: str, seen: str = ""
) -> Complaint:
    return Complaint(operation, side, exchange.status, place, "undeclared", seen)


def _sent_body_complaints(operation: Operation, exchange: Exchange) -> Iterator[Complaint]:
    if not exchange.sent:
        if operation.body is not None:
            yield Complaint(operation.name, "request", exchange.status, "body", "required", "")
        return
    if operation.body is None:
        yield _undeclared(operation.name, "request", exchange, "body")
        return
    if exchange.sent_type != "application/json":
        yield _undeclared(operation.name, "request", exchange, "content type", exchange.sent_type)
    yield from _body_complaints(
        operation, "request", exchange.status, operation.body, json.loads(exchange.sent)
    )


def _body_complaints(
    operation: Operation,
    side: Side,
    status: int,
    schema: Schema,
    document: object,
    *,
    prefix: str = "body",
) -> Iterator[Complaint]:
    validator = Draft202012Validator(schema | {"$defs": _definitions()}, format_checker=FORMATS)
    found = {
        Complaint(operation.name, side, status, place, rule, seen)
        for error in validator.iter_errors(document)
        for place, rule, seen in _places(error, prefix)
    }
    yield from sorted(found)


def _places(error: ValidationError, prefix: str) -> Iterator[tuple[str, str, str]]:
    """Place, rule and value of a validation error; one for each field where the error is about several."""
    broken = cast("Schema", error.schema)
    steps = ["*" if isinstance(step, int) else str(step) for step in error.absolute_path]
    here = "/".join([prefix, *steps])
    match error.validator:
        case "required":
            for name in set(cast("list[str]", broken["required"])) - set(
                cast("Schema", error.instance)
            ):
                yield f"{here}/{name}", "required", ""
        case "additionalProperties":
            for name in set(cast("Schema", error.instance)) - set(broken["properties"]):
                yield f"{here}/{name}", "undeclared", ""
        case _:
            yield here, str(error.validator), json.dumps(error.instance)[:MAX_SEEN]


def _typed(value: str, schema: Schema) -> object:
    """A query value as the type that its schema speaks of."""
    if schema.get("type") == "boolean" and value in {"true", "false"}:
        return value == "true"
    return value


def _operation(method: str, path: str, item: Schema) -> Operation:
    parameters = [each for each in item.get("parameters", ()) if each["in"] == "query"]
    template = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))
    body = item.get("requestBody", {}).get("content", {}).get("application/json")
    return Operation(
        name=f"{method} {path.removeprefix(CLUSTER) or '/'}",
        method=method,
        pattern=re.compile(template),
        query={each["name"]: _strict(each["schema"]) for each in parameters},
        needed=frozenset(each["name"] for each in parameters if each.get("required")),
        body=_strict(body["schema"]) if body else None,
        responses={
            status: {
                kind: _strict(media["schema"])
                for kind, media in _response(answer).get("content", {}).items()
            }
            for status, answer in item["responses"].items()
        },
    )


def _response(answer: Schema) -> Schema:
    reference = answer.get("$ref")
    if reference is None:
        return answer
    return cast("Schema", facts()["components"]["responses"][reference.rpartition("/")[2]])


@cache
def _definitions() -> Schema:
    schemas = facts()["components"]["schemas"]
    return {name: _strict(schema) for name, schema in schemas.items()}


def _strict(schema: Schema) -> Schema:
    """An OpenAPI 3.0 schema as a JSON Schema: null is a type, open enumerations are closed, fields are declared."""
    if reference := schema.get("$ref"):
        return {"$ref": f"#/$defs/{reference.rpartition('/')[2]}"}
    nullable = schema.get("nullable", False)
    strict: Schema = {key: schema[key] for key in ("format", "required") if key in schema}
    if "type" in schema:
        strict["type"] = [schema["type"], "null"] if nullable else schema["type"]
    if words := schema.get("enum") or schema.get("x-extensible-enum"):
        strict["enum"] = [*words, None] if nullable else words
    if "items" in schema:
        strict["items"] = _strict(schema["items"])
    if "properties" in schema:
        parts = schema["properties"].items()
        strict["properties"] = {name: _strict(part) for name, part in parts}
        strict["additionalProperties"] = False
    return strict


FORMATS = FormatChecker(formats=())


@FORMATS.checks("int32")
def _is_int32(value: object) -> bool:
    return not isinstance(value, int) or -(1 << 31) <= value < 1 << 31


@FORMATS.checks("int64")
def _is_int64(value: object) -> bool:
    return not isinstance(value, int) or -(1 << 63) <= value < 1 << 63


@FORMATS.checks("date-time", raises=ValueError)
def _is_date_time(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@FORMATS.checks("byte", raises=binascii.Error)
def _is_base64(value: object) -> bool:
    return not isinstance(value, str) or bool(base64.b64decode(value, validate=True)) or not value
