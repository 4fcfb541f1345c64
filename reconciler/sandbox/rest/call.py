"""One request as the handlers see it, and their answer."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from reconciler.sandbox.refusals import Refusal, bad_request

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from reconciler.sandbox.world.cluster import Cluster
    from reconciler.sandbox.world.world import World


#: What needs no quoting in a URL, which is nearly everything.
_PLAIN = re.compile(r"[\w.~:-]*", re.ASCII)
_ENCODER = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)
#: Bytes that are made and sent at once.
_SLICE = 1 << 18


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: a status and the bytes of a body. No body means no content type.

    A long list has `rows` instead of a body: they are written while they are being sent, so that neither the other
    callers wait for the last of them nor the memory holds them all. Whoever makes such a reply has looked at the world
    before: what the rows are made from must not change any more.
    """

    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: Sequence[tuple[str, str]] = ()
    rows: Iterator[bytes] | None = None

    def slices(self) -> Iterator[bytes]:
        """The body, cut into pieces of which each is made and sent in no time."""
        if self.rows is None:
            yield from _cut(self.body)
            return
        gathered, size = [], 0
        for row in self.rows:
            gathered.append(row)
            size += len(row)
            if size >= _SLICE:
                yield from _cut(b"".join(gathered))
                gathered, size = [], 0
        yield b"".join(gathered)

    def whole(self) -> Reply:
        """The same with its body at once."""
        return self if self.rows is None else replace(self, body=b"".join(self.rows), rows=None)


def _cut(body: bytes) -> Iterator[bytes]:
    for at in range(0, len(body), _SLICE):
        yield body[at : at + _SLICE]


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
        return f"{self.base}/clusters/{'/'.join(map(quoted, path))}"

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


def quoted(segment: str) -> str:
    """A segment of a path as URLs write it."""
    return segment if _PLAIN.fullmatch(segment) else quote(segment, safe=":", errors="replace")


def encode(document: object) -> bytes:
    text = _ENCODER.encode(document)
    # Half a surrogate pair, which JSON can say and UTF-8 cannot, goes back as the escape that it came as.
    return text.encode(errors="backslashreplace")


def resource(kind: str, url: str, **fields: object) -> dict[str, object]:
    """A single resource with its envelope (section 0.5)."""
    return {"kind": kind, "metadata": {"self": url}, **fields}


def listing(kind: str, url: str, rows: Iterable[bytes]) -> Reply:
    """A list with its envelope; there is only ever one page (section 0.5). `rows` may be made as they are sent."""
    return Reply(200, rows=_listed(kind, url, rows))


def _listed(kind: str, url: str, rows: Iterable[bytes]) -> Iterator[bytes]:
    yield encode({"kind": kind, "metadata": {"self": url, "next": None}, "data": []})[:-2]
    between = b""
    for row in rows:
        yield between + row
        between = b","
    yield b"]}"


def refusal_reply(refusal: Refusal) -> Reply:
    body = encode({"error_code": refusal.code, "message": refusal.message})
    return Reply(refusal.status, body, headers=refusal.headers)
