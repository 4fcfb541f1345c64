"""References: read out of text, and turned into values when a request needs them."""

from __future__ import annotations

import pytest

from reconciler.model.diagnostics import Diagnostic, Position
from reconciler.model.errors import InputError
from reconciler.model.secrets import Reference, ReferenceKind, Template
from reconciler.spec import reference_lookup
from reconciler.spec.references import Expander

AT = Position("conf/links.yaml", 3, 7)
FILES = {"token": "abc\n", "windows": "abc\r\n", "two": "a\n\n", "empty": "\n"}


def read_text(path: str) -> str:
    """Files that exist nowhere else."""
    if path == "latin":
        return b"\xe9".decode()
    if path not in FILES:
        raise FileNotFoundError(2, "No such file or directory", path)
    return FILES[path]


lookup = reference_lookup({"SET": "value", "EMPTY": ""}, read_text)


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        (ReferenceKind.ENV, "SET", "value"),
        (ReferenceKind.FILE, "token", "abc"),
        (ReferenceKind.FILE, "windows", "abc"),
        (ReferenceKind.FILE, "two", "a\n"),
    ],
)
def test_references_are_looked_up(kind: ReferenceKind, name: str, value: str) -> None:
    """The value, without the one line break that editors put at the end of a file."""
    assert lookup(Reference(kind, name)) == value


@pytest.mark.parametrize(
    ("kind", "name", "says"),
    [
        (ReferenceKind.ENV, "UNSET", "is not set"),
        (ReferenceKind.ENV, "EMPTY", "is empty"),
        (ReferenceKind.FILE, "missing", "cannot be read (No such file or directory)"),
        (ReferenceKind.FILE, "empty", "is empty"),
        (ReferenceKind.FILE, "latin", "is not UTF-8 text"),
    ],
)
def test_what_cannot_be_looked_up_says_where_it_is_used(
    kind: ReferenceKind, name: str, says: str
) -> None:
    """The error names the reference, its position and the cure."""
    with pytest.raises(InputError) as raised:
        lookup(Reference(kind, name, AT))
    (finding,) = raised.value.diagnostics
    assert (finding.code, finding.position) == ("unresolved-reference", AT)
    assert says in finding.message
    assert finding.cure


def expand(text: str) -> tuple[object, list[Diagnostic]]:
    """What a text becomes, with `X` as the only variable."""
    findings: list[Diagnostic] = []
    return Expander({"X": "x"}, findings).expand(text, AT), findings


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("${var:X}", "x"),
        ("a${var:X}${var:X}b", "axxb"),
        ("$${var:X}", "${var:X}"),
        ("$$${var:X}", "$${var:X}"),
        ("$X $ {}", "$X $ {}"),
    ],
)
def test_variables_become_text(text: str, value: str) -> None:
    """Variables are put in, and `$${` stands for itself."""
    assert expand(text) == (value, [])


def test_secrets_become_templates() -> None:
    """Text and references in order; a path is relative to the file that names it."""
    value, findings = expand("a${env:B}${file:c/d}${var:X}")
    assert findings == []
    assert value == Template(
        ("a", Reference(ReferenceKind.ENV, "B"), Reference(ReferenceKind.FILE, "conf/c/d"), "x")
    )


def test_a_wrong_reference_is_said_once() -> None:
    """However many there are in one text."""
    value, findings = expand("${a}${b}${env:}")
    assert value is None
    assert [f.code for f in findings] == ["bad-reference"]
