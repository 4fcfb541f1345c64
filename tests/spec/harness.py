"""Short documents for the tests of `reconciler.spec`, and how a case says where a finding has to stand.

`▸` in a text marks the place that a finding must point to; it is taken out before the text is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from textwrap import dedent, indent

from reconciler.cluster_linking.catalogue import CATALOGUE
from reconciler.model.desired import DesiredState
from reconciler.model.diagnostics import Diagnostic, Position, Severity
from reconciler.spec import Loaded, Source, load

FILE = "links.yaml"
MARK = "▸"
SECRET = "hunter2-MARKER"

CLUSTERS = """\
west: {bootstrapServers: "west:9092", restEndpoint: "http://west:8090/kafka/v3"}
east: {bootstrapServers: "east:9092", restEndpoint: "http://east:8090/kafka/v3"}
"""
ENDS = "source: west\ndestination: east\n"


@dataclass(frozen=True, slots=True)
class Broken:
    """An input with one thing wrong: the code and a part of the cure that are expected at the mark."""

    id: str
    text: str
    code: str
    cure: str
    variables: Mapping[str, str] | None = None


def read(*texts: str | bytes, variables: Mapping[str, str] | None = None) -> Loaded:
    """Load texts as files; the first is `links.yaml`, later ones `more-1.yaml` and so on."""
    return load(
        [
            Source(
                FILE if index == 0 else f"more-{index}.yaml",
                text.encode() if isinstance(text, str) else text,
            )
            for index, text in enumerate(texts)
        ],
        variables=variables or {},
        catalogue=CATALOGUE,
        env=None,
    )


def desired(*texts: str, variables: Mapping[str, str] | None = None) -> DesiredState:
    """The desired state of texts that have to be right."""
    loaded = read(*texts, variables=variables)
    assert loaded.desired is not None, "\n".join(lines(loaded.diagnostics))
    return loaded.desired


def lines(diagnostics: Iterable[Diagnostic]) -> list[str]:
    """Findings as a person reads them."""
    return [f"{d.where} {d.severity} {d.code}: {d.message} ({d.cure})" for d in diagnostics]


def errors(diagnostics: Iterable[Diagnostic]) -> list[tuple[str, str]]:
    """Codes and places of the errors."""
    return [(d.code, d.where) for d in diagnostics if d.severity is Severity.ERROR]


def marked(text: str) -> tuple[str, Position]:
    """The text without its mark, and the place that was marked."""
    before, mark, after = text.partition(MARK)
    assert mark, "no mark in the case"
    rows = before.split("\n")
    return before + after, Position(FILE, len(rows), len(rows[-1]) + 1)


def document(
    links: str = "", *, clusters: str = CLUSTERS, top: str = "", version: str = "version: 1\n"
) -> str:
    """A document with the usual two clusters; `links` are the items of the list."""
    parts = [version, top, "clusters:\n", indent(dedent(clusters), "  ")]
    if links:
        parts += ["links:\n", indent(dedent(links), "  ")]
    return "".join(part if part.endswith("\n") or not part else part + "\n" for part in parts)


def link(body: str = "", *, ends: str = ENDS, name: str = "name: a-link\n") -> str:
    """A document with one link; `body` are its keys beside name and ends."""
    keys = "".join(
        part if part.endswith("\n") or not part else part + "\n"
        for part in (name, ends, dedent(body))
    )
    return document("- " + indent(keys, "  ")[2:])


def mirror(item: str) -> str:
    """A document with one mirror topic."""
    return link(f"mirrorTopics:\n  - {item}\n")


def pair(sides: str = "", body: str = "") -> str:
    """A document with one bidirectional link."""
    rest = f"sides:\n{indent(dedent(sides), '  ')}\n" if sides else ""
    return link(rest + dedent(body), ends="mode: bidirectional\nbetween: [west, east]\n")
