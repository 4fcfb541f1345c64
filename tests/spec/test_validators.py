"""Two validators give one answer."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from reconciler.resources import resource, schema
from reconciler.spec.building import read_nodes
from reconciler.spec.findings import Findings
from reconciler.spec.references import Expander
from reconciler.spec.schema import _plain
from reconciler.spec.validators import Compiled, Json, Plain, Validator, compiled
from tests.spec.harness import FILE, Broken, marked
from tests.spec.test_broken_links import MEANING, SECRETS, SHAPE

DOCUMENT: dict[str, Json] = json.loads(schema("links.schema.json"))
FAST, SLOW = Compiled(DOCUMENT), Plain(DOCUMENT)


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
