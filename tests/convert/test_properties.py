"""Properties files are read as Java reads them, each key with its place."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.spec.sources import Source
from reconciler.workflows.converting.properties import read_properties


def pairs(text: str) -> list[tuple[str, str]]:
    found, problems = read_properties(Source("link.properties", text.encode()))
    assert problems == ()
    return [(p.name, p.value) for p in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a=b", [("a", "b")]),
        ("a = b ", [("a", "b ")]),
        ("a:b\na : b\n", [("a", "b"), ("a", "b")]),
        ("a b", [("a", "b")]),
        ("a\tb=c", [("a", "b=c")]),
        ("a==b", [("a", "=b")]),
        ("a = : b", [("a", ": b")]),
        ("a", [("a", "")]),
        ("=b", [("", "b")]),
        ("  \t a=b", [("a", "b")]),
        ("# a=b\n  ! a=b\n\n \t\n", []),
        ("# ends with a backslash \\\na=b", [("a", "b")]),
        ("a=b\\\n   c", [("a", "bc")]),
        ("a=b\\\r\n\tc\\\rd", [("a", "bcd")]),
        ("a=b\\\\\nc=d", [("a", "b\\"), ("c", "d")]),
        ("a=b\\\n# no comment", [("a", "b# no comment")]),
        ("a=b\\\n\nc=d", [("a", "b"), ("c", "d")]),
        ("a=b\\", [("a", "b")]),
        (r"a\=b\:c\ d=e", [("a=b:c d", "e")]),
        (r"a=\t\n\r\f\q\"", [("a", '\t\n\r\fq"')]),
        (r"a=\u00e9\uD83D\uDE00", [("a", "é😀")]),
        (r"a=\\u12", [("a", r"\u12")]),
        ("\ufeffa=b", [("a", "b")]),
        ("a=b\rc=d\r\ne=f", [("a", "b"), ("c", "d"), ("e", "f")]),
        ('a=x required \\\n  user="u" \\\n  pass="p";', [("a", 'x required user="u" pass="p";')]),
        ("a=é", [("a", "é")]),
    ],
)  # fmt: skip
def test_the_syntax_of_java(text: str, expected: list[tuple[str, str]]) -> None:
    """Separators, comments, continuation lines and escapes."""
    assert pairs(text) == expected


def test_places_are_those_of_the_keys() -> None:
    """Lines count as an editor counts them, whatever is continued or left out in between."""
    found, _ = read_properties(Source("f", b"# x\n\n  a=1\\\n   2\nb=3"))
    assert [(p.name, str(p.at)) for p in found] == [("a", "f:3:3"), ("b", "f:5:1")]


def test_what_cannot_be_read_has_a_place_and_no_value() -> None:
    """A broken escape is said with line and column; values are not shown."""
    found, problems = read_properties(Source("f", b"ok=1\nsecret=\\u12xy\nlast=2"))
    assert [(p.name, p.value) for p in found] == [("ok", "1"), ("last", "2")]
    assert [str(d.position) for d in problems] == ["f:2:1"]
    assert "secret" not in repr(problems)
    assert "1" not in repr(found[0]).replace("ok", "").replace("line=1, column=1", "")


@pytest.mark.parametrize("data", ["a=é", "# für\na=é"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_both_encodings_are_read(data: str, encoding: str) -> None:
    """UTF-8 as people write it, and otherwise ISO-8859-1 as Java reads it; a comment never decides."""
    found, problems = read_properties(Source("f", data.encode(encoding)))
    assert (problems, [p.value for p in found]) == ((), ["é"])


def stored(text: str, *, key: bool) -> str:
    """A text as `Properties.store` writes it."""
    out = []
    for place, c in enumerate(text):
        if c in "\\=:#!" or (c == " " and (key or place == 0)):
            out.append(f"\\{c}")
        elif c in "\t\n\r\f":
            out.append({"\t": "\\t", "\n": "\\n", "\r": "\\r", "\f": "\\f"}[c])
        elif " " <= c <= "~":
            out.append(c)
        else:
            units = c.encode("utf-16-be")
            out += [f"\\u{units[i : i + 2].hex()}" for i in range(0, len(units), 2)]
    return "".join(out)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(*[st.text(st.characters(exclude_categories=["Cs"]), max_size=8)] * 2), max_size=4
    )
)
def test_what_java_stores_is_read_back(values: list[tuple[str, str]]) -> None:
    """Any key and value, written by the rules of Java, comes back."""
    text = "".join(f"{stored(k, key=True)}={stored(v, key=False)}\n" for k, v in values)
    assert pairs(text) == values
