"""Files that are not ours to interpret, scenarios above all."""

from __future__ import annotations

from dataclasses import replace

from reconciler.model.diagnostics import Diagnostic
from reconciler.spec import Source
from reconciler.spec.building import read_nodes
from reconciler.spec.plain import load_plain
from reconciler.spec.refusals import LINKS, WORLDS


def items(count: int) -> Source:
    return Source("world.yaml", b"topics: [" + b"t," * count + b"]")


def test_a_world_may_be_larger_than_any_links_file() -> None:
    """Whoever rehearses on a copy of a large estate waits for nobody but himself."""
    found, problems = load_plain(items(LINKS.events))
    assert problems == ()
    assert found == {"topics": ["t"] * LINKS.events}


def test_what_is_too_large_is_told_so_in_words_of_its_own() -> None:
    """The cure for a world speaks of topics, and not of links in several files."""
    source, findings = items(100), list[Diagnostic]()
    small = replace(WORLDS, events=50)
    read_nodes(source.name, source.data, "", lambda text, _: text, findings, small)
    (problem,) = findings
    assert (problem.code, problem.cure) == ("too-many-values", WORLDS.fewer)
    assert "more than 50 keys" in problem.message
