"""Finds the handler of a request by its raw path.

Starlette matches decoded paths, in which `%2F` inside a topic name looks like a separator; here the path is cut first
and decoded after. A literal segment wins over a placeholder where it leads to an answer: `links/-/mirrors` is found before
`links/{link}/mirrors`, and `links/-` is still the link of that name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
        """The route of a raw path without base and leading slash; HEAD is a GET. Raises Refusal (404 or 405)."""
        wanted = "GET" if method == "HEAD" else method
        segments = _segments(raw_path)
        for node, params in _fitting(self._root, segments, {}):
            route = node.routes.get(wanted)
            if route is not None:
                return Found(route, params)
        raise method_not_allowed(self.methods(raw_path))

    def methods(self, raw_path: str) -> list[str]:
        """What can be done with a path. Raises Refusal (404) when nothing can."""
        nodes = _fitting(self._root, _segments(raw_path), {})
        found = {method for node, _ in nodes for method in node.routes}
        if not found:
            raise not_found()
        return sorted(found | {"OPTIONS"} | ({"HEAD"} if "GET" in found else set()))


def _segments(raw_path: str) -> list[str]:
    return [unquote(segment) for segment in raw_path.rstrip("/").split("/")]


def _fitting(
    node: _Node, segments: list[str], params: dict[str, str]
) -> Iterator[tuple[_Node, dict[str, str]]]:
    """The nodes at which a path can end, the most literal first, and what it puts into their placeholders."""
    if not segments:
        yield node, params
        return
    first, rest = segments[0], segments[1:]
    if first in node.literals:
        yield from _fitting(node.literals[first], rest, params)
    if node.placeholder is not None:
        name, below = node.placeholder
        yield from _fitting(below, rest, {**params, name: first})
