"""The ASGI application: picks the cluster by the authority that was called, finds the handler, answers.

A handler runs without interruption between reading the body and answering, so every call is atomic: of two that race,
one comes first.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from reconciler.sandbox.refusals import (
    Refusal,
    bad_request,
    not_found,
    unknown_cluster,
    unsupported_media_type,
)
from reconciler.sandbox.rest import admin, limits
from reconciler.sandbox.rest.call import Call, Options, Reply, read_body, refusal_reply
from reconciler.sandbox.rest.faulty import AnswerLost, Faulty, send_whole
from reconciler.sandbox.rest.router import Router
from reconciler.sandbox.rest.routes import ROUTES
from reconciler.sandbox.world.clock import SteppedClock

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Receive, Scope, Send

    from reconciler.sandbox.rest.faults import Fault
    from reconciler.sandbox.world.cluster import Cluster
    from reconciler.sandbox.world.world import World

#: The embedded server has the first, the standalone proxy the second (section 0.1).
BASE_PATHS = ("/kafka/v3/", "/v3/")

#: What may stand between `//` and `/` of a URL (RFC 3986); the URLs of every answer begin with it.
_AUTHORITY = re.compile(r"[\w.~!$&'()*+,;=%:\[\]-]*", re.ASCII)


class Sandbox:
    """The application as an object; `application` makes one."""

    def __init__(
        self,
        world: World,
        authorities: Mapping[str, str],
        only: str | None,
        options: Options,
        seconds_per_request: float,
    ) -> None:
        self._world = world
        self._authorities = authorities
        self._only = only
        self._options = Options(
            strict_codes=options.strict_codes or world.strict_codes,
            admin=options.admin or world.admin,
        )
        self._seconds_per_request = seconds_per_request
        self._router = Router(ROUTES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        request = Request(scope, receive)
        try:
            body = await request.body()
        except ClientDisconnect:
            return
        clock = self._world.clock
        if isinstance(clock, SteppedClock) and self._seconds_per_request:
            clock.advance(self._seconds_per_request)
        authority, path = _target(request)
        cluster = self._world.clusters.get(self._only or self._authorities.get(authority, ""))
        # Admin calls meet no faults, or nobody could end them.
        if cluster is None or (self._options.admin and path.startswith(admin.PREFIX)):
            await send_whole(self._answer(request, body), send)
            return
        struck = self._on_the_way(cluster, request.method, path)
        if not struck:
            await send_whole(limits.told(self._answer(request, body), cluster.flavour), send)
            return
        # How often a fault has hit is kept with the world.
        self._world.writes += 1
        faulty = Faulty(self._world.faults, struck, clock, cluster.flavour)
        reply = limits.told(
            await faulty.answer(lambda: self._answer(request, body)), cluster.flavour
        )
        if not await faulty.send(reply, send):
            await send_whole(reply, send)

    def _on_the_way(self, cluster: Cluster, method: str, path: str) -> list[Fault]:
        """The faults that a request meets. Raises AnswerLost when the cluster is away with its REST API."""
        now = self._world.settle()
        if cluster.is_silent:
            raise AnswerLost(hard=True)
        if not self._world.faults.rules:
            return []
        below = path.partition("/clusters/")[2].partition("/")[2]
        return self._world.faults.hitting(cluster.name, method, below, now)

    def _answer(self, request: Request, body: bytes) -> Reply:
        try:
            return self._handle(request, body)
        except Refusal as refusal:
            return refusal_reply(refusal)

    def _handle(self, request: Request, body: bytes) -> Reply:
        self._world.settle()
        authority, path = _target(request)
        if self._options.admin and path.startswith(admin.PREFIX):
            return admin.answer(self._world, request.method, path, read_body(body, optional=True))
        cluster = self._cluster(authority)
        if cluster.auth is not None:
            cluster.auth.check(request.headers.get("authorization"))
        _check_content_type(request, body)
        base = next((base for base in BASE_PATHS if path.startswith(base)), None)
        if base is None:
            raise not_found()
        below = path[len(base) :]
        if request.method == "OPTIONS":
            return Reply(200, headers=[("allow", ", ".join(self._router.methods(below)))])
        found = self._router.find(request.method, below)
        asked = found.params.get("cluster", cluster.cluster_id)
        if asked != cluster.cluster_id:
            raise unknown_cluster(asked)
        query = request.scope["query_string"].decode("latin-1")
        call = Call(
            world=self._world,
            cluster=cluster,
            base=f"{request.scope['scheme']}://{authority}{base.rstrip('/')}",
            params=found.params,
            query=dict(parse_qsl(query, keep_blank_values=True)) if query else {},
            raw_body=body,
            options=self._options,
        )
        return found.route.handler(call)

    def _cluster(self, authority: str) -> Cluster:
        if _AUTHORITY.fullmatch(authority) is None:
            raise bad_request("Bad Host header")
        name = self._only or self._authorities.get(authority)
        if name is None or name not in self._world.clusters:
            raise not_found(f"No cluster of this sandbox listens at {authority}.")
        return self._world.clusters[name]


def _target(request: Request) -> tuple[str, str]:
    """The authority and the raw path that were called. Proxies write both into the request line: that one counts."""
    raw = request.scope["raw_path"].partition(b"?")[0].decode("latin-1")
    host = request.headers.get("host", "")
    if not raw.startswith("/"):
        host, slash, path = raw.partition("://")[2].partition("/")
        raw = slash + path
    return host.lower(), raw


def _check_content_type(request: Request, body: bytes) -> None:
    """A body under another name than JSON is not read. Raises Refusal (415); one without a name is (choice).

    Nobody looks at the body of a GET or a DELETE.
    """
    content_type = request.headers.get("content-type", "application/json")
    is_json = content_type.partition(";")[0].strip().lower() == "application/json"
    if body and not is_json and request.method in {"POST", "PUT", "PATCH"}:
        raise unsupported_media_type()


async def _live(receive: Receive, send: Send) -> None:
    """Start-up and shutdown, as a server announces them; there is nothing to do for either."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


def application(
    world: World,
    authorities: Mapping[str, str],
    *,
    only: str | None = None,
    options: Options | None = None,
    seconds_per_request: float = 0.0,
) -> ASGIApp:
    """The world as one ASGI application.

    `authorities` maps `host:port`, as callers write it in the URL, to the name of a cluster; `only` answers as one
    cluster, however it was called. Under a stepped clock each request steps the world by `seconds_per_request`.
    """
    lowered = {authority.lower(): name for authority, name in authorities.items()}
    return Sandbox(world, lowered, only, options or Options(), seconds_per_request)
