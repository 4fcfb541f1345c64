"""From YAML events to nodes.

We read events instead of letting a composer build its own tree: depth can be refused before it hurts (the C
composer recurses and brings the interpreter down), duplicate keys are seen, and one small object per value
is all the memory that is used. Aliases share their node; what they would expand to is counted, not built.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Final, TypeAlias

import yaml

from reconciler.model.diagnostics import Diagnostic, Position
from reconciler.model.secrets import Template
from reconciler.spec import scalars
from reconciler.spec.findings import MAX_FINDINGS, Findings, error, shown
from reconciler.spec.frames import Anchored, Frame, merge
from reconciler.spec.nodes import Mapping, Node, Scalar, Sequence, position
from reconciler.spec.secrecy import SECRET_KEYS, sounds_secret
from reconciler.spec.syntax import syntax_finding

MAX_DEPTH: Final = 64
MAX_ALIASES: Final = 10_000
MAX_EVENTS: Final = 200_000
"""Keys, values and ends of one file: 25,000 mirror topics as mappings, and no more than a second reads."""
MAX_ALIASED_NODES: Final = 200_000
"""What all aliases together may stand for: 10,000 uses of a small mapping, not of a whole file."""

Expand: TypeAlias = Callable[[str, Position], str | Template | None]

# Events of the C parser always have a mark; the stubs allow for none.
_NOWHERE: Final = yaml.Mark("", 0, 0, 0, None, 0)


def read_nodes(
    file: str, data: bytes, text: str, expand: Expand, findings: Findings
) -> Node | None:
    """The root of a document, or None when there is none that could be looked at further.

    `expand` is called for every scalar that holds `${`. Findings that do not stop the reading (duplicate
    keys, tags, words that YAML 1.1 reads differently) are collected all in one go.
    """
    builder = _Builder(file, expand, findings)
    try:
        events = yaml.parse(data, Loader=yaml.CLoader)
        for event in islice(events, MAX_EVENTS):
            builder.take(event)
        for event in events:
            builder.refuse_size(event)
    except yaml.YAMLError as problem:
        findings.append(syntax_finding(file, text, problem))
        return None
    except _Stop:
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


class _Stop(Exception):  # noqa: N818 - not an error: the finding has been made, there is no point in reading on
    """Leave the event loop."""


class _Builder:
    def __init__(self, file: str, expand: Expand, findings: Findings) -> None:
        self.root: Node | None = None
        self._file = file
        self._expand = expand
        self._findings = findings
        self._stack: list[Frame] = []
        self._anchors: dict[str, Anchored] = {}
        self._documents = 0
        self._most = len(findings) + MAX_FINDINGS
        self._aliased_nodes = 0
        self._aliases = 0

    def take(self, event: yaml.Event) -> None:
        """Add what an event says."""
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._open(event)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._close()
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.DocumentStartEvent):
            self._document(event)

    def refuse_size(self, event: yaml.Event) -> None:
        """Say that there is more to come than is read."""
        self._say(
            event,
            code="too-many-values",
            message=f"the file holds more than {MAX_EVENTS:,} keys and values",
            cure="split its links over several files, or use `match` for mirror topics",
        )
        raise _Stop

    def _document(self, event: yaml.Event) -> None:
        self._documents += 1
        if self._documents > 1:
            self._say(
                event,
                code="several-documents",
                message="a second YAML document begins here",
                cure="put it into a file of its own and pass both with `-f`",
            )
            raise _Stop

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        text = event.value
        mark = event.start_mark or _NOWHERE
        plain = event.implicit[0]
        node = Scalar(text, text, mark.line + 1, mark.column + 1)
        if event.tag is not None:
            self._refuse_tag(event, node)
        elif "${" in text:
            self._expanded(node, plain=plain)
        elif plain:
            node.value = scalars.resolve(text)
            if node.value is text and (what := scalars.surprise(text)) is not None:
                self._refuse_surprise(node, what)
        if event.anchor is not None:
            self._anchors[event.anchor] = Anchored(node, 1, 0, 0)
        self._add(node, mergeable=plain)

    def _expanded(self, node: Scalar, *, plain: bool) -> None:
        expanded = self._expand(node.text, position(self._file, node))
        if expanded is None:
            node.broken = True
            self._stop_when_enough()
            return
        node.value = expanded
        if isinstance(expanded, str):
            node.text = expanded
            if plain and expanded:
                # A number or switch may come from a variable; words that YAML 1.1 reads differently stay text.
                node.value = scalars.resolve(expanded)

    def _open(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> None:
        if len(self._stack) >= MAX_DEPTH:
            self._refuse_depth(event)
        mark = event.start_mark or _NOWHERE
        shape = Mapping if type(event) is yaml.MappingStartEvent else Sequence
        node = shape(mark.line + 1, mark.column + 1)
        if event.tag is not None:
            self._refuse_tag(event, node)
        if event.anchor is not None:
            self._anchors[event.anchor] = Anchored(None, 1, 0, 1)
        self._stack.append(Frame(node, event.anchor))

    def _close(self) -> None:
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
            self._say(
                event,
                code="bad-alias",
                message="this alias stands for nothing"
                if target is None
                else "this alias stands for what it is inside of",
                cure="define the anchor (`&name`) above its first use",
            )
            raise _Stop
        self._weigh(event, target)
        self._add(target.node, mergeable=False)

    def _weigh(self, event: yaml.AliasEvent, target: Anchored) -> None:
        if len(self._stack) + target.height > MAX_DEPTH:
            self._refuse_depth(event)
        self._aliases += 1 + target.aliases
        self._aliased_nodes += target.size
        if self._stack:
            outer = self._stack[-1]
            outer.size += target.size
            outer.aliases += 1 + target.aliases
            outer.height = max(outer.height, target.height + 1)
        if self._aliases > MAX_ALIASES or self._aliased_nodes > MAX_ALIASED_NODES:
            self._say(
                event,
                code="too-many-aliases",
                message=f"aliases stand for more than {MAX_ALIASES:,} uses or {MAX_ALIASED_NODES:,} values in all",
                cure="use `defaults`, or write the values out",
            )
            raise _Stop

    def _add(self, node: Node, *, mergeable: bool = True) -> None:
        if not self._stack:
            self.root = node
            return
        frame = self._stack[-1]
        container = frame.node
        if isinstance(container, Sequence):
            container.items.append(node)
        elif frame.key is None:
            frame.key = self._key(node, mergeable=mergeable)
        else:
            self._pair(frame, container, frame.key, node)
            frame.key = None

    def _key(self, node: Node, *, mergeable: bool) -> Scalar:
        if isinstance(node, Scalar):
            if isinstance(node.value, str):
                if node.value == "<<" and not mergeable:
                    node.text = '"<<"'
                return node
            if not node.broken:
                self._say_at(
                    node,
                    code="key-not-text",
                    message="a key that is not plain text",
                    cure="put the key in quotes; references are for values only",
                )
        else:
            self._say_at(
                node,
                code="key-not-text",
                message="a list or mapping is used as a key",
                cure="put texts with `{` or `[` in quotes",
            )
        key = Scalar("", "", node.line, node.column)
        key.broken = True
        return key

    def _pair(self, frame: Frame, container: Mapping, key: Scalar, node: Node) -> None:
        if key.broken:
            return
        name = key.text
        if name == "<<":
            if frame.merge_key is not None:
                self._refuse_twice(key, frame.merge_key, "merge a list: `<<: [*one, *two]`")
                return
            frame.merge_key = key
            self._take_merge(frame, node)
        elif name in container.keys:
            self._refuse_twice(key, container.keys[name], "keep one of the two")
        else:
            container.keys[name] = key
            container.values[name] = node

    def _take_merge(self, frame: Frame, node: Node) -> None:
        sources: list[Node] = node.items if isinstance(node, Sequence) else [node]
        if all(isinstance(source, Mapping) for source in sources):
            frame.merges = sources
            return
        self._say_at(
            node,
            code="bad-merge",
            message="`<<` merges something that is not a mapping",
            cure="give it the alias of a mapping, or a list of such aliases",
        )

    def _refuse_twice(self, key: Scalar, first: Scalar, cure: str) -> None:
        self._report(
            error(
                code="duplicate-key",
                at=position(self._file, key),
                message=f"{shown(key.text)} stands here a second time",
                cure=cure,
                related=(position(self._file, first),),
            )
        )

    def _refuse_tag(self, event: yaml.Event, node: Node) -> None:
        node.broken = True
        self._say(
            event,
            code="yaml-tag",
            message="a tag (`!…`) is used",
            cure="remove it: linkctl reads plain YAML; a text that begins with `!` needs quotes",
        )

    def _refuse_surprise(self, node: Scalar, what: str) -> None:
        node.broken = True
        key = self._stack[-1].key if self._stack else None
        secret = key is not None and (key.text in SECRET_KEYS or sounds_secret(key.text))
        self._say_at(
            node,
            code="ambiguous-scalar",
            message=f"this word is {what}",
            cure="write `${env:NAME}` or `${file:PATH}` instead, as it seems to be a secret"
            if secret
            else "put it in quotes if it is text; else write `true`, `false` or a plain decimal number",
        )

    def _refuse_depth(self, event: yaml.Event) -> None:
        self._say(
            event,
            code="too-deep",
            message=f"values are nested deeper than {MAX_DEPTH} levels",
            cure="links.yaml needs fewer than ten: look for brackets that are never closed",
        )
        raise _Stop

    def _say(self, event: yaml.Event, *, code: str, message: str, cure: str) -> None:
        mark = event.start_mark or _NOWHERE
        at = Position(self._file, mark.line + 1, mark.column + 1)
        self._report(error(code=code, at=at, message=message, cure=cure))

    def _say_at(self, node: Node, *, code: str, message: str, cure: str) -> None:
        self._report(error(code=code, at=position(self._file, node), message=message, cure=cure))

    def _report(self, finding: Diagnostic) -> None:
        self._findings.append(finding)
        self._stop_when_enough()

    def _stop_when_enough(self) -> None:
        """One finding more than is shown, so that it is said that there are more."""
        if len(self._findings) > self._most:
            raise _Stop
