"""YAML that is written is read back as the same values, by our strict reader and by one of YAML 1.1."""

from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reconciler.model.diagnostics import Position
from reconciler.model.filters import AclFilter, NameFilter
from reconciler.model.secrets import Quoted, Reference, ReferenceKind, Template
from reconciler.spec.plain import load_plain
from reconciler.spec.quoting import config_value, written
from reconciler.spec.sources import Source
from reconciler.spec.writing import Noted, Plain, Row, write_document
from reconciler.spec.writing_filters import filter_row

TEXTS = st.one_of(
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=20),
    st.text(alphabet="0123456789_.:+-eExobTyYnNfalsetru=~<>#{}$[]*&!|%@`'\" \t\n\\,?", max_size=8),
    st.sampled_from(
        ["", "~", "null", "yes", "on", "off", "y", "012", "1_000", "12:30", "1e5", ".5", ".inf", "0x1f", "0o17",
         "2001-12-14", "=", "<<", "-", "- a", "a: b", "a #b", "host:9092", "${env:A}", "$${x", "[a]", "é", "\u2028",
         "\ufeff", "\x85", "\x7f", "\U0001f600"]
    ),
)  # fmt: skip
VALUES = st.recursive(
    st.one_of(TEXTS, st.booleans(), st.integers(-(10**17), 10**17), st.none()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(TEXTS.filter(lambda k: k != "<<"), inner)
    ),
    max_leaves=12,
)


def reread(text: str) -> object:
    document, problems = load_plain(Source("written.yaml", text.encode("utf-8")))
    assert document is not None, problems
    return document.values


def rows(value: object) -> Plain:
    """The same value, every mapping and list on one line where it fits."""
    if isinstance(value, dict):
        return Row({key: rows(below) for key, below in value.items()})
    return Row([rows(below) for below in value]) if isinstance(value, list) else value  # type: ignore[return-value]


@settings(max_examples=400, deadline=None)
@given(value=VALUES, flow=st.booleans())
@example(value={"a": ["x" * 130, {"b": "y" * 130}]}, flow=True)
@example(value=[{"a": [[], {}, [[1]]]}], flow=False)
def test_what_is_written_is_read_back(value: object, *, flow: bool) -> None:
    """No text is misread, wherever it stands and whoever reads it."""
    text = write_document({"v": rows(value) if flow else value}).text  # type: ignore[dict-item]
    assert reread(text) == {"v": value}
    if "${" not in text:
        assert yaml.safe_load(text) == {"v": value}


def test_comments_cannot_break_out() -> None:
    """A name with a line break in a comment stays a comment."""
    text = write_document({"a": Noted([Noted("b", above=("x\ny: 1\u2028z",), beside="c\nd")])}).text
    assert reread(text) == {"a": ["b"]}


def test_a_reference_stays_a_reference_and_text_stays_text() -> None:
    """`${env:…}` is written for a reference only; the same characters in a text are escaped."""
    reference = Reference(ReferenceKind.ENV, "KEY")
    assert written(Template((reference, " $ ${x}"))) == '"${env:KEY} $ $${x}"'
    with pytest.raises(TypeError):
        written(Template((Quoted((reference,)),)))


@pytest.mark.parametrize(
    ("text", "shown"),
    [("true", "true"), ("False", '"False"'), ("5000", "5000"), ("-1", "-1"), ("007", '"007"'), ("1.50", '"1.50"'),
     ("1" * 30, f'"{"1" * 30}"'), ("earliest", "earliest"), ("a,b", '"a,b"'), ("", '""')],
)  # fmt: skip
def test_configs_are_written_as_people_write_them(text: str, shown: str) -> None:
    """Switches and whole numbers stand without quotes; whatever Kafka might spell differently keeps them."""
    assert written(config_value(text)) == shown


def test_every_line_knows_where_its_value_comes_from() -> None:
    """A finding about the written text can be told about the place that the value came from."""
    here, there = Position("a.properties", 3, 1), Position("b.json", 2, 5)
    document = write_document(
        {
            "a": {
                "b": Noted(1, origin=here),
                "c": Noted([Row(["x"]), Noted("z", origin=there)], origin=here),
            }
        },
    )
    assert document.text == "a:\n  b: 1\n  c:\n    - [x]\n    - z\n"
    assert document.origins == (None, here, here, here, there)
    assert document.origin(5) == there
    assert document.origin(6) is None


def test_filter_rows_keep_properties_that_are_new_to_us() -> None:
    """Each unknown property is written at the place where the server had it."""
    name = filter_row(NameFilter("g", extra=(("topicTypes", '["a"]'),)))
    assert write_document({"r": name}).text.strip() == (
        "r: {name: g, patternType: LITERAL, filterType: INCLUDE, topicTypes: [a]}"
    )
    acl = filter_row(
        AclFilter("topic", "literal", "read", "allow", "t", "User:a", "*",
                  extra=(("accessFilter.x", "1"), ("resourceFilter.y", "null"), ("z", "true")))
    )  # fmt: skip
    assert json.loads(json.dumps(reread(write_document({"r": acl}).text))) == {
        "r": {
            "resourceFilter": {"resourceType": "topic", "patternType": "literal", "name": "t", "y": None},
            "accessFilter": {"operation": "read", "permissionType": "allow", "principal": "User:a", "host": "*", "x": 1},
            "z": True,
        }
    }  # fmt: skip
