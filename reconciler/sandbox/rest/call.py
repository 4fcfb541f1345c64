"""One request as the handlers see it, and their answer."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

from reconciler.sandbox.refusals import Refusal, bad_request

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reconciler.sandbox.cluster import Cluster
    from reconciler.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: a status and the bytes of a body. No body means no content type."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Options:
    """How one application answers, whatever is asked."""

    #: False: what real servers answer (201 for a link or mirror made, 204 for a link deleted). True: what the
    #: specification says (204 and 200).
    strict_codes: bool = False
    #: Whether `/sandbox/…` is answered.
    admin: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A request to one cluster. `base` is scheme, authority and base path as the caller wrote them."""

    world: World
    cluster: Cluster
    base: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    raw_body: bytes = b""
    options: Options = field(default_factory=Options)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A boolean query parameter. Raises Refusal (400/400)."""
        value = self.query.get(name)
        if value is None:
            return default
        if value.lower() not in {"true", "false"}:
            raise bad_request(f"Query parameter '{name}' must be true or false.")
        return value.lower() == "true"

    def body(self, *, optional: bool = False) -> Body:
        """The JSON object of the body. Raises Refusal (400/400)."""
        return read_body(self.raw_body, optional=optional)

    def url(self, *segments: str) -> str:
        """The absolute URL of something on this cluster; it needs no escaping inside JSON."""
        path = (self.cluster.cluster_id, *segments)
        quoted = "/".join([quote(segment, safe=":", errors="replace") for segment in path])
        return f"{self.base}/clusters/{quoted}"

    def related(self, *segments: str) -> dict[str, str]:
        return {"related": self.url(*segments)}


@dataclass(frozen=True, slots=True)
class Body:
    """A JSON object, read by type. Every reader raises Refusal (400/400) on what it cannot take."""

    document: Mapping[str, object]

    def text(self, name: str) -> str | None:
        value = self.document.get(name)
        if value is not None and not isinstance(value, str):
            raise _wrong_type(name, "a string")
        return value

    def required_text(self, name: str) -> str:
        value = self.text(name)
        if value is None:
            raise bad_request(f"Missing required creator property '{name}'.")
        return value

    def integer(self, name: str) -> int | None:
        value = self.document.get(name)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 1 << 31:
            raise _wrong_type(name, "an int")
        return value

    def boolean(self, name: str) -> bool:
        value = self.document.get(name, False)
        if value is not None and not isinstance(value, bool):
            raise _wrong_type(name, "a boolean")
        return bool(value)

    def texts(self, name: str) -> list[str] | None:
        value = self.document.get(name)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise _wrong_type(name, "an array of strings")
        return value

    def objects(self, name: str, *, required: bool = False) -> list[Body]:
        value = self.document.get(name)
        if value is None and required:
            raise bad_request(f"Missing required creator property '{name}'.")
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise _wrong_type(name, "an array of objects")
        return [Body(item) for item in value]

    def configs(self) -> dict[str, str]:
        """The `configs` of a create call; a null value means "leave the default"."""
        pairs = [(row.required_text("name"), row.text("value")) for row in self.objects("configs")]
        return {name: value for name, value in pairs if value is not None}


def read_body(raw: bytes, *, optional: bool = False) -> Body:
    """The JSON object of a request body. Raises Refusal (400/400)."""
    if optional and not raw.strip():
        return Body({})
    try:
        document = json.loads(raw)
    except (ValueError, RecursionError):
        raise bad_request("Cannot deserialize value: the request body is not JSON.") from None
    if not isinstance(document, dict):
        raise bad_request("Cannot deserialize value: the request body is not a JSON object.")
    return Body(document)


def _wrong_type(name: str, wanted: str) -> Refusal:
    return bad_request(f"Cannot deserialize value of '{name}': expected {wanted}.")


def ok(document: object, status: int = 200) -> Reply:
    """A JSON answer."""
    return Reply(status, encode(document))


def empty(status: int = 204) -> Reply:
    return Reply(status)


def encode(document: object) -> bytes:
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=False)
    # Half a surrogate pair, which JSON can say and UTF-8 cannot, goes back as the escape that it came as.
    return text.encode(errors="backslashreplace")


def resource(kind: str, url: str, **fields: object) -> dict[str, object]:
    """A single resource with its envelope (section 0.5)."""
    return {"kind": kind, "metadata": {"self": url}, **fields}


def collection(kind: str, url: str, rows: Sequence[object]) -> dict[str, object]:
    """A list with its envelope; there is only ever one page (section 0.5)."""
    return {"kind": kind, "metadata": {"self": url, "next": None}, "data": rows}


def refusal_reply(refusal: Refusal) -> Reply:
    body = encode({"error_code": refusal.code, "message": refusal.message})
    return Reply(refusal.status, body, headers=refusal.headers)
