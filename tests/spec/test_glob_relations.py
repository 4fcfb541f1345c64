"""Globs held against each other: what is said of them holds for every name."""

from __future__ import annotations

from fnmatch import fnmatchcase
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.spec.glob_relations import Glob

NAMES = [
    name
    for length in range(1, 5)
    for name in map("".join, product("ab.", repeat=length))
    if name not in {".", ".."}
]
PIECES = st.sampled_from(
    ["a", "b", ".", "?", "*", "[ab]", "[!a]", "[!ab]", "[]a]", "[", "/", "[a", "A"]
)
GLOBS = st.lists(PIECES, min_size=1, max_size=4).map("".join)


def matched(glob: str) -> set[str]:
    """The short names that a glob matches, by the library that matches in the end."""
    return {name for name in NAMES if fnmatchcase(name, glob)}


@given(GLOBS)
def test_a_glob_is_dead_only_if_no_name_fits(glob: str) -> None:
    """A short name that it matches shows that it is alive."""
    assert Glob(glob).matches_any() or not matched(glob)


@given(GLOBS, GLOBS)
def test_globs_that_share_a_name_meet(one: str, other: str) -> None:
    """And it does not matter which of them is asked."""
    meets = Glob(one).meets(Glob(other))
    assert meets or not matched(one) & matched(other)
    assert Glob(other).meets(Glob(one)) is meets


@given(GLOBS, GLOBS)
def test_a_glob_that_covers_another_matches_all_of_it(one: str, other: str) -> None:
    """What is said to be covered is."""
    if Glob(one).covers(Glob(other)):
        assert matched(other) <= matched(one)


@pytest.mark.parametrize(
    ("one", "other", "meets", "covers"),
    [
        ("*", "a*", True, True),
        ("a*", "*", True, False),
        ("a*", "b*", False, False),
        ("a*", "*b", True, False),
        ("a*b", "a?b", True, True),
        ("a?", "a", False, False),
        ("[a-c]*", "b", True, True),
        ("[!a]*", "a*", False, False),
        ("*a*", "bab", True, True),
        ("", "*", True, False),
    ],
)
def test_globs_that_people_write(one: str, other: str, *, meets: bool, covers: bool) -> None:
    """Both answers are right for what is usual."""
    assert Glob(one).meets(Glob(other)) is meets
    assert Glob(one).covers(Glob(other)) is covers


@pytest.mark.parametrize(
    ("glob", "alive"),
    [
        ("a" * 249, True),
        ("a" * 250, False),
        ("?" * 250 + "*", False),
        (".", False),
        ("..", False),
        ("...", True),
        (".?", True),
        (".*", True),
        ("orders/*", False),
        ("[/ ]", False),
        ("é*", False),
    ],
)
def test_what_no_topic_can_be_called(glob: str, *, alive: bool) -> None:
    """Too long, of nothing but dots, or with other characters."""
    assert Glob(glob).matches_any() is alive
