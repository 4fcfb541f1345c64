"""Two validators give one answer."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reconciler.resources import resource
from reconciler.spec.building import read_nodes
from reconciler.spec.findings import Findings
from reconciler.spec.references import Expander
from reconciler.spec.schema import _plain
from reconciler.spec.shape import shape
from reconciler.spec.validators import Compiled, Json, Plain, Validator, compiled
from tests.spec.harness import FILE, Broken, marked, read
from tests.spec.test_broken_links import MEANING, SECRETS, SHAPE

DOCUMENT = shape()
FAST, SLOW = Compiled(DOCUMENT), Plain(DOCUMENT)

ODD = ("", "/", "//", "a/b", "~", "~0", "~1", "~01", "0", "12", "01", "+5", "-1", "\u0663", "1_0", "18446744073709551616",
       "a b", " 1", "1 ", "a\n", "é", "😀", "\u2028", "\x1f", "\ufeff", "%41", "#", "$ref", "null", "true", "x" * 1000)  # fmt: skip
KEYS = st.sampled_from(ODD) | st.text(max_size=4)
TEXTS = st.sampled_from(("h:1", "http://h/", "http://h", "${env:N}", "none", "soon")).flatmap(
    lambda text: st.sampled_from(("", "\n", " ", "\x1f", "\ufeff")).map(text.__add__)
)
TREES = st.recursive(
    TEXTS | st.integers() | st.none(),
    lambda below: (
        st.lists(below, max_size=2)
        | st.dictionaries(
            KEYS | st.sampled_from(("restEndpoint", "bootstrapServers", "tls", "configs")),
            below,
            max_size=3,
        )
    ),
    max_leaves=8,
)
DOCUMENTS = st.fixed_dictionaries(
    {"version": st.just(1)},
    optional={
        "clusters": st.dictionaries(KEYS, TREES, max_size=3),
        "defaults": TREES,
        "links": st.lists(TREES, max_size=2) | TREES,
    },
)


def plain(text: str, case: Broken | None = None) -> Json:
    """The values of a document, as they are handed to a validator."""
    findings: Findings = []
    variables = dict(case.variables or {}) if case else {}
    root = read_nodes(FILE, text.encode(), text, Expander(variables, findings).expand, findings)
    assert root is not None
    return _plain(root)


def told(validator: Validator, document: Json) -> list[tuple[str, ...]]:
    """Every misfit, with what a finding is made of: rule, place, words, and what is known there."""
    return sorted(
        (
            m.rule,
            str(m.path),
            str(sorted(m.words)),
            str(m.known_keys()),
            str("then" in m.schema_path),
        )
        for m in validator.misfits(document)
    )


@pytest.mark.parametrize("case", [*SHAPE, *SECRETS, *MEANING], ids=lambda case: case.id)
def test_both_find_the_same(case: Broken) -> None:
    """For every broken input the compiled validator and the plain one find the same rules broken at the same places."""
    document = plain(marked(case.text)[0], case)
    assert FAST.is_valid(document) is SLOW.is_valid(document)
    assert told(FAST, document) == told(SLOW, document)


@settings(max_examples=150, deadline=None)
@given(document=DOCUMENTS)
@example(document={"version": 1, "clusters": {"": {"restEndpoint": "nowhere"}}})
@example(document={"version": 1, "clusters": {"01": {"restEndpoint": "nowhere"}, "1": 5}})
@example(document={"version": 1, "clusters": {"a\n": {"restEndpoint": "http://h\x1f"}}})
def test_both_name_the_same_places_whatever_the_keys(document: dict[str, Json]) -> None:
    """Keys that look like something else in a path, and texts at the edge of a form, are no matter of opinion."""
    assert FAST.is_valid(document) is SLOW.is_valid(document)
    assert told(FAST, document) == told(SLOW, document)
    for finding in read(json.dumps(document)).diagnostics:
        assert finding.position is not None


@pytest.mark.parametrize("key", ODD)
def test_a_misfit_under_any_key_is_told_at_its_value(key: str) -> None:
    """Whatever a key looks like, what is wrong below it is pointed to."""
    quoted = "".join(c if c == "x" else f"\\U{ord(c):08x}" for c in key)
    text = f'version: 1\nclusters:\n  "{quoted}":\n    restEndpoint: nowhere\n'
    assert [d.where for d in read(text).diagnostics if d.code == "bad-form"][-1:] == [
        f"{FILE}:4:19"
    ]


def test_both_accept_the_example() -> None:
    """What is right for one is right for the other."""
    document = plain(resource("links.example.yaml").decode())
    assert FAST.is_valid(document)
    assert SLOW.is_valid(document)


def test_without_the_compiled_one_the_plain_one_judges() -> None:
    """Where jsonschema-rs cannot be installed, linkctl validates all the same."""
    probe = (
        "import sys; sys.modules['jsonschema_rs'] = None\n"
        "from reconciler.spec.validators import compiled\n"
        "print(type(compiled({'type': 'object'})).__name__)"
    )
    ran = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert ran.stdout == "Plain\n"
    assert isinstance(compiled(DOCUMENT), Compiled)
