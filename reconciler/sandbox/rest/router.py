"""Finds the handler of a request by its raw path.

Starlette matches decoded paths, in which `%2F` inside a topic name looks like a separator; here the path is cut first
and decoded after. A literal segment wins over a placeholder, so `links/-/mirrors` is found before `links/{link}/mirrors`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote

from reconciler.sandbox.refusals import method_not_allowed, not_found
from reconciler.sandbox.rest.call import Call, Reply

Handler = Callable[[Call], Reply]


@dataclass(frozen=True, slots=True)
class Route:
    """A method, a path with `{placeholders}` below the base path, and who answers."""

    method: str
    template: str
    handler: Handler


@dataclass(frozen=True, slots=True)
class Found:
    """The handler, what the placeholders stood for, and the template as an identity for statistics and faults."""

    route: Route
    params: dict[str, str]


@dataclass(slots=True)
class _Node:
    literals: dict[str, _Node] = field(default_factory=dict)
    placeholder: tuple[str, _Node] | None = None
    routes: dict[str, Route] = field(default_factory=dict)


class Router:
    """A tree of path segments."""

    def __init__(self, routes: list[Route]) -> None:
        self._root = _Node()
        for route in routes:
            self._add(route)

    def _add(self, route: Route) -> None:
        node = self._root
        for segment in route.template.split("/"):
            if segment.startswith("{"):
                if node.placeholder is None:
                    node.placeholder = (segment[1:-1], _Node())
                node = node.placeholder[1]
            else:
                node = node.literals.setdefault(segment, _Node())
        node.routes[route.method] = route

    def find(self, method: str, raw_path: str) -> Found:
        """The route of a raw path without base and leading slash. Raises Refusal (404 or 405)."""
        segments = [unquote(segment) for segment in raw_path.rstrip("/").split("/")]
        params: dict[str, str] = {}
        node: _Node | None = self._root
        for segment in segments:
            node = _step(node, segment, params) if node is not None else None
        if node is None or not node.routes:
            raise not_found()
        route = node.routes.get(method)
        if route is None:
            raise method_not_allowed()
        return Found(route, params)


def _step(node: _Node, segment: str, params: dict[str, str]) -> _Node | None:
    literal = node.literals.get(segment)
    if literal is not None:
        return literal
    if node.placeholder is None:
        return None
    name, below = node.placeholder
    params[name] = segment
    return below
