"""`/topics/{topic}/records`: producing, one delivery report for each record (the OpenAPI document, `produceRecord`)."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from reconciler.sandbox.operations import producing, topic_admin
from reconciler.sandbox.refusals import Refusal, bad_request
from reconciler.sandbox.rest.call import Body, Reply, encode

if TYPE_CHECKING:
    from reconciler.sandbox.rest.call import Call


@dataclass(frozen=True, slots=True)
class _Record:
    """A record as it was sent: where to, and what a delivery report tells of its key and value."""

    partition: int | None
    key: dict[str, object] | None
    value: dict[str, object] | None


def produce(call: Call) -> Reply:
    """Append the records of the body; a refused record is reported inside a 200, as the specification says.

    A body is read whole before the first record is appended, so that one that cannot be read leaves nothing behind.
    """
    if not call.raw_body.strip():
        message = "Payload error. Request body is empty. Data is required."
        raise Refusal(422, 422, message)
    topic_admin.find(call.cluster, call.params["topic"])
    reports = [_deliver(call, record) for record in _records(call.raw_body)]
    return Reply(200, b"\n".join(encode(report) for report in reports))


def _records(raw: bytes) -> list[_Record]:
    """Concatenated JSON: one object after the other."""
    decoder, text, records, at = json.JSONDecoder(), _utf8(raw), [], 0
    while at < len(text):
        try:
            document, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            raise bad_request("Cannot deserialize value: a record is not JSON.") from None
        if not isinstance(document, dict):
            raise bad_request("Cannot deserialize value: a record is not a JSON object.")
        records.append(_record(Body(document)))
        while text[at : at + 1].isspace():
            at += 1
    return records


def _utf8(raw: bytes) -> str:
    try:
        return raw.decode().strip()
    except UnicodeDecodeError:
        raise bad_request("Cannot deserialize value: the request body is not UTF-8.") from None


def _record(body: Body) -> _Record:
    return _Record(body.integer("partition_id"), _datum(body, "key"), _datum(body, "value"))


def _deliver(call: Call, record: _Record) -> dict[str, object]:
    try:
        partition, offset = producing.produce(
            call.cluster, call.params["topic"], partition=record.partition
        )
    except Refusal as refusal:
        return {"error_code": refusal.code, "message": refusal.message}
    stamp = datetime.fromtimestamp(call.world.now_ms() / 1000, UTC)
    return {
        "error_code": 200,
        "cluster_id": call.cluster.cluster_id,
        "topic_name": call.params["topic"],
        "partition_id": partition,
        "offset": offset,
        "timestamp": stamp.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "key": record.key,
        "value": record.value,
    }


def _datum(record: Body, name: str) -> dict[str, object] | None:
    """The type and size that a delivery report names for a key or value."""
    datum = record.document.get(name)
    if datum is None:
        return None
    if not isinstance(datum, dict):
        raise bad_request(f"Cannot deserialize value of '{name}': expected an object.")
    kind, data = Body(datum).text("type") or "JSON", datum.get("data")
    if kind == "BINARY":
        return {"type": kind, "size": len(_binary(data))}
    if kind not in {"JSON", "STRING"}:
        raise bad_request(f"Cannot deserialize value of 'type': '{kind}' is unknown.")
    text = data if kind == "STRING" and isinstance(data, str) else _json(data)
    return {"type": kind, "size": len(text.encode(errors="replace"))}


def _binary(data: object) -> bytes:
    try:
        return base64.b64decode(str(data or ""), validate=True)
    except ValueError:
        raise bad_request(f"Bad Request: data={data} is not a base64 string.") from None


def _json(data: object) -> str:
    """What can just be read may be too deep to be written."""
    try:
        return json.dumps(data)
    except RecursionError:
        raise bad_request("Cannot deserialize value: a record is nested too deeply.") from None
