"""What is refused while YAML is read: limits, and what plain YAML has no use for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NoReturn

import yaml

from reconciler.model.diagnostics import Diagnostic, Position
from reconciler.spec.findings import MAX_FINDINGS, Findings, error, shown
from reconciler.spec.nodes import Node, Scalar, position
from reconciler.spec.secrecy import secret_cure

MAX_DEPTH: Final = 64
MAX_ALIASES: Final = 10_000
MAX_EXPANDED: Final = 50_000
"""Values of one file that hold `${`. To take one apart costs as much as to read five others."""
MAX_ALIASED_NODES: Final = 200_000
"""What all aliases together may stand for: 10,000 uses of a small mapping, not of a whole file."""

_FILES = "put some links into files of their own (several `-f` are read as one)"
_FEWER = f"{_FILES}; within one link, write mirror topics without settings as names, or select them with `match`"
_PLAIN = f"{_FILES}; within one link, write out what is the same everywhere, or select mirror topics with `match`"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file of a kind may hold: `events` are keys, values and ends, `keys` those of one mapping, `items` those of
    one list, by its key. `fewer` is what to do about too many events.
    """

    events: int
    keys: int
    items: Mapping[str, int]
    fewer: str


LINKS: Final = Limits(
    # 20,000 mirror topics with five settings each, one of them a mapping.
    events=310_000,
    # Only `clusters` has room for more than a few hundred that are right.
    keys=2_000,
    # Mirror topics may be as many as there is room for. To judge a link costs as much as to judge ten of them.
    items={
        "links": 10_000,
        **dict.fromkeys(("groupFilters", "topicFilters", "aclFilters"), 20_000),
        **dict.fromkeys(("resetConfigs", "protect", "except"), 20_000),
    },
    fewer=_FEWER,
)
WORLDS: Final = Limits(
    # 100,000 topics, and as many mirrors of them, with a few settings each; the user of a sandbox waits only for himself.
    events=3_000_000,
    keys=200_000,
    items={},
    fewer="describe fewer topics; those of a pattern can be made over REST",
)

# Events of the C parser always have a mark; the stubs allow for none.
NOWHERE: Final = yaml.Mark("", 0, 0, 0, None, 0)


class Stop(Exception):  # noqa: N818 - not an error: the finding has been made, there is no point in reading on
    """Leave the event loop."""


class Refusals:
    """The findings about one file. Those after which it makes no sense to read on raise `Stop`."""

    def __init__(self, file: str, findings: Findings, limits: Limits) -> None:
        self._file = file
        self._limits = limits
        self._findings = findings
        self._most = len(findings) + MAX_FINDINGS

    def size(self, event: yaml.Event) -> NoReturn:
        """There is more to come than is read."""
        self._last(
            event,
            code="too-many-values",
            message=f"the file holds more than {self._limits.events:,} keys, values and ends of brackets",
            cure=self._limits.fewer,
        )

    def expanded(self, node: Scalar) -> NoReturn:
        """There is more to look up than is looked up."""
        self._say_at(
            node,
            code="too-many-values",
            message=f"more than {MAX_EXPANDED:,} values of the file hold `${{`",
            cure=_PLAIN,
        )
        raise Stop

    def keys(self, key: Scalar) -> NoReturn:
        """There are more keys in a mapping than anything has."""
        self._say_at(
            key,
            code="too-many-values",
            message=f"a mapping has more than {self._limits.keys:,} keys",
            cure="check that this is the right file; so many clusters go into several files, as several `-f` are read as one",
        )
        raise Stop

    def items(self, key: Scalar) -> NoReturn:
        """There are more items in a list than anybody has links or filters."""
        self._say_at(
            key,
            code="too-many-values",
            message=f"`{key.text}` has more than {self._limits.items[key.text]:,} items",
            cure="put some of them into files of their own: several `-f` are read as one"
            if key.text == "links"
            else "let fewer items stand for many names, as globs and `patternType: PREFIXED` do",
        )
        raise Stop

    def depth(self, event: yaml.Event) -> NoReturn:
        """Brackets in brackets in brackets."""
        self._last(
            event,
            code="too-deep",
            message=f"values are nested deeper than {MAX_DEPTH} levels",
            cure="links.yaml needs fewer than ten: look for brackets that are never closed",
        )

    def aliases(self, event: yaml.Event) -> NoReturn:
        """Aliases that stand for too much."""
        self._last(
            event,
            code="too-many-aliases",
            message=f"aliases stand for more than {MAX_ALIASES:,} uses or {MAX_ALIASED_NODES:,} values in all",
            cure="use `defaults`, or write the values out",
        )

    def alias(self, event: yaml.Event, *, inside_itself: bool) -> NoReturn:
        """An alias without an anchor that is complete."""
        what = "what it is inside of" if inside_itself else "nothing"
        self._last(
            event,
            code="bad-alias",
            message=f"this alias stands for {what}",
            cure="define the anchor (`&name`) above its first use",
        )

    def second_document(self, event: yaml.Event) -> NoReturn:
        """More than one document."""
        self._last(
            event,
            code="several-documents",
            message="a second YAML document begins here",
            cure="put it into a file of its own and pass both with `-f`",
        )

    def tag(self, event: yaml.Event, node: Node) -> None:
        """A tag, on whatever."""
        node.broken = True
        self._say(
            event,
            code="yaml-tag",
            message="a tag (`!…`) is used",
            cure="remove it: linkctl reads plain YAML; a text that begins with `!` needs quotes",
        )

    def surprise(self, node: Scalar, what: str, path: Sequence[str]) -> None:
        """A word that YAML 1.1 reads differently; `path` are the keys that lead to it."""
        node.broken = True
        secret = secret_cure(path[-1], path) if path else None
        self._say_at(
            node,
            code="ambiguous-scalar",
            message=f"this word is {what}" + (", and seems to be a secret" if secret else ""),
            cure=secret
            or "put it in quotes if it is text; else write `true`, `false` or a plain decimal number",
        )

    def key(self, node: Node) -> None:
        """A key that is no text."""
        if isinstance(node, Scalar):
            message = "a key that is not plain text"
            cure = "put the key in quotes; references are for values only"
        else:
            message = "a list or mapping is used as a key"
            cure = "put texts with `{` or `[` in quotes"
        self._say_at(node, code="key-not-text", message=message, cure=cure)

    def merge(self, node: Node) -> None:
        """`<<` with something that is no mapping."""
        self._say_at(
            node,
            code="bad-merge",
            message="`<<` merges something that is not a mapping",
            cure="give it the alias of a mapping, or a list of such aliases",
        )

    def twice(self, key: Scalar, first: Scalar, cure: str) -> None:
        """A key that is there already."""
        self._report(
            error(
                code="duplicate-key",
                at=position(self._file, key),
                message=f"{shown(key.text)} stands here a second time",
                cure=cure,
                related=(position(self._file, first),),
            )
        )

    def stop_when_enough(self) -> None:
        """Stop at one finding more than is shown, so that it is said that there are more."""
        if len(self._findings) > self._most:
            raise Stop

    def _last(self, event: yaml.Event, *, code: str, message: str, cure: str) -> NoReturn:
        self._say(event, code=code, message=message, cure=cure)
        raise Stop

    def _say(self, event: yaml.Event, *, code: str, message: str, cure: str) -> None:
        mark = event.start_mark or NOWHERE
        at = Position(self._file, mark.line + 1, mark.column + 1)
        self._report(error(code=code, at=at, message=message, cure=cure))

    def _say_at(self, node: Node, *, code: str, message: str, cure: str) -> None:
        self._report(error(code=code, at=position(self._file, node), message=message, cure=cure))

    def _report(self, finding: Diagnostic) -> None:
        self._findings.append(finding)
        self.stop_when_enough()
