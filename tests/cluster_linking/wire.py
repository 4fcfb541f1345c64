"""The far end of the wire for the tests of this room: canned answers by path, with every request kept."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx

from reconciler.cluster_linking import ClusterLinkingEngine
from reconciler.model.clusters import Auth, Cluster, NoAuth, RestEndpoint, Tls
from reconciler.model.secrets import Reference

T = TypeVar("T")
BASE = "http://ig-test2:8090/kafka/v3"
ID = "3hVQ2k0nQ2S0Xv0m5m4x7A"
HOME = f"/kafka/v3/clusters/{ID}"
Answer = httpx.Response | Exception


async def once(attempt: Callable[[], Awaitable[T]]) -> T:
    """A retry policy that never retries."""
    return await attempt()


def listing(*rows: Mapping[str, Any], following: str | None = None) -> httpx.Response:
    """A collection as servers send it."""
    envelope = {"self": "http://somewhere/else", "next": following}
    return httpx.Response(200, json={"kind": "List", "metadata": envelope, "data": list(rows)})


def refusal(status: int, message: str | None, code: int | None = None) -> httpx.Response:
    """An error body of the schema `Error`."""
    body = {"error_code": status if code is None else code, "message": message}
    return httpx.Response(status, json=body)


@dataclass
class Wire:
    """Answers by `METHOD path`; whatever is not listed is a 404 of the framework's own."""

    answers: dict[str, Answer | list[Answer]] = field(default_factory=dict)
    requests: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.get(f"{request.method} {request.url.raw_path.decode()}")
        if answer is None:
            return refusal(404, "HTTP 404 Not Found")
        if isinstance(answer, list):
            answer = answer.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def lines(self) -> list[str]:
        """Method and path of every request, sorted."""
        return sorted(f"{r.method} {r.url.raw_path.decode()}" for r in self.requests)

    def body(self, number: int = -1) -> Any:
        """The JSON body of a request."""
        return json.loads(self.requests[number].content)


def cluster(
    name: str = "ig-test2",
    *,
    url: str = BASE,
    cluster_id: str | None = ID,
    auth: Auth | None = None,
    tls: Tls | None = None,
) -> Cluster:
    """A cluster with a REST endpoint."""
    endpoint = RestEndpoint(url, auth=auth or NoAuth(), tls=tls or Tls())
    return Cluster(name, f"{name}:9092", endpoint, cluster_id)


def no_secrets(reference: Reference) -> str:
    """A lookup where nothing is set."""
    raise LookupError(reference.name)


def engine(
    wire: Callable[[httpx.Request], httpx.Response] | None,
    *clusters: Cluster,
    lookup: Callable[[Reference], str] = no_secrets,
    **options: Any,
) -> ClusterLinkingEngine:
    """An engine on canned answers, or on the real network when there are none."""
    known = {c.name: c for c in clusters or (cluster(),)}
    return ClusterLinkingEngine(
        known,
        lookup=lookup,
        retry=options.pop("retry", once),
        transports=lambda _: None if wire is None else httpx.MockTransport(wire),
        **options,
    )


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end."""
    return asyncio.run(work)
