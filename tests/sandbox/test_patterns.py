"""Patterns of mirror topic names: Java's spelling, whole names, and no pattern that stops the clock."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.sandbox.operations.patterns import Pattern, PatternError
from tests.sandbox.conftest import Client

NAMES = ("a", "b", "A", "a.b", "a-b", "a_b", "7", "aab", "orders-eu")


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("", set()),
        (".*", set(NAMES)),
        ("orders", set()),
        ("^orders-.*$", {"orders-eu"}),
        ("orders-(eu|us)", {"orders-eu"}),
        ("a.b", {"a.b", "a-b", "a_b", "aab"}),
        (r"a\.b", {"a.b"}),
        (r"\Qa.b\E", {"a.b"}),
        (r"\p{Alpha}+", {"a", "b", "A", "aab"}),
        (r"\p{Lu}|\P{L}", {"A", "7"}),
        (r"\pL", {"a", "b", "A"}),
        ("(?<first>a)b?", {"a"}),
        ("(?i)a", {"a", "A"}),
        ("(?i:A)|B", {"a", "A"}),
        ("[[a]]", {"a"}),
        ("[a-z&&[^b]]+", {"a"}),
        ("[^a]", {"b", "A", "7"}),
        ("[.-]", set()),
        (r"[\d\-]", {"7"}),
        ("a{2}b", {"aab"}),
        ("a{1,}?b", {"aab"}),
        (r"\x61|\u0062", {"a", "b"}),
        ("ä", set()),
    ],
)
def test_what_a_pattern_finds(pattern: str, found: set[str]) -> None:
    """Java's spelling is understood, and the whole name must fit."""
    assert {name for name in NAMES if Pattern(pattern).matches(name)} == found


@pytest.mark.parametrize(
    "pattern",
    [
        *(
            "(",
            ")",
            "[",
            "[b-a]",
            "*",
            "a**",
            "a{",
            "a{x}",
            "a{2,1}",
            "a{99999999999}",
            "\\",
            "\\q",
        ),
        *("(?", "(?<", "(?<1>a)", "(?P<n>a)", "\\p{", "\\p{Nonsense}", "\\x{110000}", "a{１}"),
        *("(?=a)", "(?<!a)", "(?>a)", "(a)\\1", "\\b", "a*+"),
        *("((a{1000}){1000}){1000}", "(" * 100_000, "[" * 100_000),
    ],
)
def test_what_is_not_a_pattern(pattern: str) -> None:
    """What Java refuses is refused, and so is what would not be linear; neither takes long."""
    with pytest.raises(PatternError, match=r"near index \d+$|too large"):
        Pattern(pattern)


_ATOMS = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", "\\.", "\\d", "^", "$"])


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    signs = st.sampled_from(["*", "+", "?", "*?", "{2}", "{0,2}", "{2,}"])
    return st.one_of(
        st.builds("{}{}".format, inner, inner),
        st.builds("(?:{}|{})".format, inner, inner),
        st.builds("({}){}".format, inner, signs),
        st.builds("(?i:{})".format, inner),
    )


@given(st.recursive(_ATOMS, _larger, max_leaves=8), st.text("ab.A1", max_size=6))
def test_another_engine_finds_the_same(pattern: str, name: str) -> None:
    """Where Python's spelling means the same, its engine agrees."""
    expected = re.fullmatch(pattern.replace("$", "\\Z"), name) is not None
    assert Pattern(pattern).matches(name) == expected


@pytest.mark.parametrize("pattern", ["(a+)+", "((a*b|a)*c|a)*", "(a|aa)*", "(.*a){20}"])
def test_no_pattern_stops_the_world(client: Client, pattern: str) -> None:
    """A pattern that other engines never finish is answered like any other."""
    client.world.clusters["src"].ensure_topic("a" * 200 + "-")
    client.link()
    client.mirror("a" * 200 + "-")
    body = {"mirror_topic_name_pattern": pattern}
    answer = client.post("links/test-link/mirrors:pause?validate_only=true", body)
    assert (answer.status_code, answer.json()["data"]) == (200, [])
