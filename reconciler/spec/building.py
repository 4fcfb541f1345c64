"""From YAML events to nodes.

We read events instead of letting a composer build its own tree: depth can be refused before it hurts (the C
composer recurses and brings the interpreter down), duplicate keys are seen, and one small object per value
is all the memory that is used. Aliases share their node; what they would expand to is counted, not built.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any, TypeAlias

import yaml

from reconciler.model.diagnostics import Position
from reconciler.model.secrets import Template
from reconciler.spec import scalars
from reconciler.spec.findings import Findings, error
from reconciler.spec.frames import Anchored, Frame, merge
from reconciler.spec.nodes import Mapping, Node, Scalar, Sequence, position
from reconciler.spec.refusals import (
    LINKS,
    MAX_ALIASED_NODES,
    MAX_ALIASES,
    MAX_DEPTH,
    MAX_EXPANDED,
    NOWHERE,
    Limits,
    Refusals,
    Stop,
)
from reconciler.spec.syntax import syntax_finding

Expand: TypeAlias = Callable[[str, Position], str | Template | None]


def read_nodes(
    file: str, data: bytes, text: str, expand: Expand, findings: Findings, limits: Limits = LINKS
) -> Node | None:
    """The root of a document, or None when there is none that could be looked at further.

    `expand` is called for every scalar that holds `${`. Findings that do not stop the reading (duplicate
    keys, tags, words that YAML 1.1 reads differently) are collected all in one go.
    """
    builder = _Builder(file, expand, findings, limits)
    takers = builder.takers
    try:
        events = iter(yaml.CLoader(data).get_event, None)
        for event in islice(events, limits.events):
            takers[type(event)](event)
        for event in events:
            builder.refuse.size(event)
    except yaml.YAMLError as problem:
        findings.append(syntax_finding(file, text, problem))
        return None
    except Stop:
        return None
    if _is_nothing(builder.root):
        findings.append(
            error(
                code="empty-document",
                at=Position(file, 1, 1),
                message="the input holds nothing",
                cure="begin with `version: 1`, `clusters:` and `links:`; see the example in the README",
            )
        )
        return None
    return builder.root


def _is_nothing(root: Node | None) -> bool:
    """Whether a document is missing or empty; `---` and `~` are documents with nothing in them."""
    return root is None or (isinstance(root, Scalar) and root.value is None and not root.broken)


class _Builder:
    def __init__(self, file: str, expand: Expand, findings: Findings, limits: Limits) -> None:
        self.root: Node | None = None
        self.refuse = Refusals(file, findings, limits)
        self._limits = limits
        self._file = file
        self._expand = expand
        self._stack: list[Frame] = []
        self._anchors: dict[str, Anchored] = {}
        self._documents = 0
        self._aliased_nodes = 0
        self._aliases = 0
        self._expansions = 0

        self.takers: dict[type, Callable[[Any], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._open,
            yaml.SequenceStartEvent: self._open,
            yaml.MappingEndEvent: self._close,
            yaml.SequenceEndEvent: self._close,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
            yaml.DocumentEndEvent: _pass_over,
            yaml.StreamStartEvent: _pass_over,
            yaml.StreamEndEvent: _pass_over,
        }
        """What to do with an event, by its type. Files hold hundreds of thousands."""

    def _document(self, event: yaml.Event) -> None:
        self._documents += 1
        if self._documents > 1:
            self.refuse.second_document(event)

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        text = event.value
        mark = event.start_mark or NOWHERE
        plain = event.implicit[0]
        node = Scalar(text, text, mark.line + 1, mark.column + 1)
        if event.tag is not None:
            self.refuse.tag(event, node)
        elif "${" in text:
            self._expanded(node, plain=plain)
        elif plain and text[:1] not in scalars.BEGINS_TEXT:
            node.value = scalars.resolve(text)
            if node.value is text and (what := scalars.surprise(text)) is not None:
                path = [frame.key.text for frame in self._stack if frame.key is not None]
                self.refuse.surprise(node, what, path)
        if event.anchor is not None:
            self._anchors[event.anchor] = Anchored(node, 1, 0, 0)
        self._add(node, mergeable=plain)

    def _expanded(self, node: Scalar, *, plain: bool) -> None:
        self._expansions += 1
        if self._expansions > MAX_EXPANDED:
            self.refuse.expanded(node)
        expanded = self._expand(node.text, position(self._file, node))
        if expanded is None:
            node.broken = True
            self.refuse.stop_when_enough()
            return
        node.value = expanded
        if isinstance(expanded, str):
            node.text = expanded
            if plain and expanded:
                # A number or switch may come from a variable; words that YAML 1.1 reads differently stay text.
                node.value = scalars.resolve(expanded)

    def _open(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> None:
        if len(self._stack) >= MAX_DEPTH:
            self.refuse.depth(event)
        mark = event.start_mark or NOWHERE
        shape = Mapping if type(event) is yaml.MappingStartEvent else Sequence
        node = shape(mark.line + 1, mark.column + 1)
        if event.tag is not None:
            self.refuse.tag(event, node)
        if event.anchor is not None:
            self._anchors[event.anchor] = Anchored(None, 1, 0, 1)
        self._stack.append(Frame(node, event.anchor))

    def _close(self, _: yaml.Event) -> None:
        frame = self._stack.pop()
        node = frame.node
        if frame.merges:
            merge(node, frame.merges)
        frame.size += len(node.items if isinstance(node, Sequence) else node.values)
        if frame.anchor is not None:
            self._anchors[frame.anchor] = Anchored(node, frame.size, frame.aliases, frame.height)
        if self._stack:
            outer = self._stack[-1]
            outer.size += frame.size
            outer.aliases += frame.aliases
            outer.height = max(outer.height, frame.height + 1)
        self._add(node)

    def _alias(self, event: yaml.AliasEvent) -> None:
        target = self._anchors.get(event.anchor or "")
        if target is None or target.node is None:
            self.refuse.alias(event, inside_itself=target is not None)
        self._weigh(event, target)
        self._add(target.node, mergeable=False)

    def _weigh(self, event: yaml.AliasEvent, target: Anchored) -> None:
        if len(self._stack) + target.height > MAX_DEPTH:
            self.refuse.depth(event)
        self._aliases += 1 + target.aliases
        self._aliased_nodes += target.size
        if self._stack:
            outer = self._stack[-1]
            outer.size += target.size
            outer.aliases += 1 + target.aliases
            outer.height = max(outer.height, target.height + 1)
        if self._aliases > MAX_ALIASES or self._aliased_nodes > MAX_ALIASED_NODES:
            self.refuse.aliases(event)

    def _add(self, node: Node, *, mergeable: bool = True) -> None:
        if not self._stack:
            self.root = node
            return
        frame = self._stack[-1]
        if frame.items is not None:
            frame.items.append(node)
        elif frame.key is None:
            frame.key = self._key(node, mergeable=mergeable)
        elif isinstance(frame.node, Mapping):
            self._pair(frame, frame.node, frame.key, node)
            frame.key = None

    def _key(self, node: Node, *, mergeable: bool) -> Scalar:
        if isinstance(node, Scalar):
            if isinstance(node.value, str):
                if node.value == "<<" and not mergeable:
                    node.text = '"<<"'
                return node
            if not node.broken:
                self.refuse.key(node)
        else:
            self.refuse.key(node)
        key = Scalar("", "", node.line, node.column)
        key.broken = True
        return key

    def _pair(self, frame: Frame, container: Mapping, key: Scalar, node: Node) -> None:
        if key.broken:
            return
        name = key.text
        if name == "<<":
            if frame.merge_key is not None:
                self.refuse.twice(key, frame.merge_key, "merge a list: `<<: [*one, *two]`")
                return
            frame.merge_key = key
            self._take_merge(frame, node)
        elif name in container.keys:
            self.refuse.twice(key, container.keys[name], "keep one of the two")
        else:
            container.keys[name] = key
            container.values[name] = node
            if len(container.keys) > self._limits.keys:
                self.refuse.keys(key)
            if type(node) is Sequence and len(node.items) > self._limits.items.get(
                name, self._limits.events
            ):
                self.refuse.items(key)

    def _take_merge(self, frame: Frame, node: Node) -> None:
        sources: list[Node] = node.items if isinstance(node, Sequence) else [node]
        if all(isinstance(source, Mapping) for source in sources):
            frame.merges = sources
            return
        self.refuse.merge(node)


def _pass_over(_: yaml.Event) -> None:
    """The beginning and the end of a stream say nothing."""
