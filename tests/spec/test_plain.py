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
    assert found is not None
    assert found.values == {"topics": ["t"] * LINKS.events}


def test_what_is_too_large_is_told_so_in_words_of_its_own() -> None:
    """The cure for a world speaks of topics, and not of links in several files."""
    source, findings = items(100), list[Diagnostic]()
    small = replace(WORLDS, events=50)
    read_nodes(source.name, source.data, "", lambda text, _: text, findings, small)
    (problem,) = findings
    assert (problem.code, problem.cure) == ("too-many-values", WORLDS.fewer)
    assert "more than 50 keys" in problem.message


def test_a_path_leads_to_the_place_of_a_value() -> None:
    """The sandbox judges values and knows only paths; a complaint wants a line. Keys may hold dots."""
    text = b"clusters:\n- name: a\n  topics:\n  - name: t\n    configs:\n      retention.ms: x\n"
    found, _ = load_plain(Source("w.yaml", text))
    assert found is not None
    places = {
        "clusters[0].topics[0].configs.retention.ms": "6:21",
        "clusters[0].topics[0].name": "4:11",
        "clusters[0].topics[0].missing": "4:5",
        "clusters[0].topics[7]": "4:3",
        "the scenario": "1:1",
    }
    seen = {path: found.position(path) for path in places}
    assert {path: f"{at.line}:{at.column}" for path, at in seen.items()} == places
