"""Files that are not ours to interpret, scenarios above all."""

from __future__ import annotations

from reconciler.spec import Source
from reconciler.spec.plain import load_plain
from reconciler.spec.refusals import LINKS, WORLDS


def items(count: int) -> Source:
    return Source("world.yaml", b"topics: [" + b"t," * count + b"]")


def test_a_world_may_be_larger_than_any_links_file() -> None:
    """Whoever rehearses on a copy of a large estate waits for nobody but himself."""
    found, problems = load_plain(items(LINKS.events))
    assert problems == ()
    assert found == {"topics": ["t"] * LINKS.events}


def test_a_world_that_is_too_large_is_told_so_in_its_own_words() -> None:
    """The cure speaks of topics, and not of links in several files."""
    found, (problem,) = load_plain(items(WORLDS.events))
    assert found is None
    assert (problem.code, problem.cure) == ("too-many-values", WORLDS.fewer)
