"""Inputs that are not the YAML that we read: one line each, at the place where it goes wrong."""

from __future__ import annotations

import pytest

from tests.spec.harness import SECRET, Broken, document, errors, lines, link, marked, mirror, read

CASES = [
    Broken("nothing", "▸", "empty-document", "begin with `version: 1`"),
    Broken("only a comment", "▸# nothing yet\n", "empty-document", "begin with `version: 1`"),
    Broken("only a marker", "▸---\n", "empty-document", "begin with `version: 1`"),
    Broken("null at the top", "▸~\n", "empty-document", "begin with `version: 1`"),
    Broken("list at the top", "▸- version: 1\n", "not-a-mapping", "begin with `version: 1`"),
    Broken("text at the top", "▸version 1\n", "not-a-mapping", "begin with `version: 1`"),
    Broken("number at the top", "▸42\n", "not-a-mapping", "begin with `version: 1`"),
    Broken(
        "two documents", "version: 1\n▸---\nversion: 1\n", "several-documents", "file of its own"
    ),
    Broken("second document empty", "version: 1\n▸---\n", "several-documents", "file of its own"),
    Broken("tab as indentation", "clusters:\n▸\twest: {}\n", "yaml-syntax", "spaces"),
    Broken("tab after a dash", "links:\n-▸\tname: x\n", "yaml-syntax", "spaces"),
    Broken("bare reference in braces", "a: {b: ▸${var:X}, c: d}\n", "yaml-syntax", "double quotes"),
    Broken("bare reference in brackets", "a: [b, x▸${var:X}]\n", "yaml-syntax", "double quotes"),
    Broken("tab under a key", "a:\n  b: c\n▸\td: e\n", "yaml-syntax", "spaces"),
    Broken("line of a tab", "a: b\n▸\t\nc: d\n", "yaml-syntax", "spaces"),
    Broken("tab in a folded text", "x-a: >\n▸\t text\n", "yaml-syntax", "spaces"),
    Broken("unclosed double quote", f'version: 1\nx-a: ▸"{SECRET}\n', "yaml-syntax", "close it"),
    Broken("unclosed single quote", f"version: 1\nx-a: ▸'{SECRET}\n", "yaml-syntax", "close it"),
    Broken(
        "unclosed quote before a secret",
        f'clusters:\n  west: {{auth: {{basic: {{username: ▸"u, password: {SECRET}}}}}}}\n',
        "yaml-syntax",
        "close it",
    ),
    Broken("quote before a marker", f'a: ▸"{SECRET}\n--- b\n', "yaml-syntax", "close it"),
    Broken("unclosed bracket", "protect: ▸[a, b\n", "yaml-syntax", "`]`"),
    Broken("unclosed brace", "clusters: ▸{west: {}\n", "yaml-syntax", "`}`"),
    Broken("bracket closed twice", "protect: [a]▸]\n", "yaml-syntax", ""),
    Broken("stray brace", "clusters: ▸}\n", "yaml-syntax", "remove the extra"),
    Broken("two commas", "protect: [a,▸,b]\n", "yaml-syntax", "remove the extra"),
    Broken("two values on a line", "a: b▸: c\n", "yaml-syntax", "quote a text"),
    Broken("colon in a plain text", f"a: {SECRET}▸: x\n", "yaml-syntax", "quote a text"),
    Broken("list on the line of its key", "protect: ▸- a\n", "yaml-syntax", "own line"),
    Broken("key without colon", "version: 1\n▸clusters\nlinks: []\n", "yaml-syntax", "key: value"),
    Broken("mapping inside a list", "- a\n▸b: c\n", "yaml-syntax", "`- `"),
    Broken("text after a quote", 'a: "b" ▸c\n', "yaml-syntax", "indentation"),
    Broken("begins with at", "a: ▸@home\n", "yaml-syntax", "quotes"),
    Broken("begins with backtick", "a: ▸`b`\n", "yaml-syntax", "quotes"),
    Broken("begins with percent", "a: ▸%b\n", "yaml-syntax", "quotes"),
    Broken("unknown escape", 'a: "▸\\q"\n', "yaml-syntax", "single quotes"),
    Broken("half a surrogate", 'a: "\\u▸d800"\n', "yaml-syntax", ""),
    Broken("indented less", "  a: b\n ▸c: d\n", "yaml-syntax", "indentation"),
    Broken("unknown directive", "%FOO▸ x\n---\na: b\n", "yaml-syntax", "remove that line"),
    Broken("future YAML", "▸%YAML 3.0\n---\na: b\n", "yaml-syntax", "remove that line"),
    Broken("standard tag", "version: ▸!!int 1\n", "yaml-tag", "remove it"),
    Broken("own tag", "version: 1\nprotect: ▸!globs [a]\n", "yaml-tag", "remove it"),
    Broken(
        "python tag", "version: 1\nx-a: ▸!!python/object:os.system {}\n", "yaml-tag", "remove it"
    ),
    Broken("bare tag", "version: 1\nx-a: ▸! a\n", "yaml-tag", "remove it"),
    Broken("tag on a mapping", "version: 1\nclusters: ▸!!map {}\n", "yaml-tag", "remove it"),
    Broken(
        "alias without anchor", "version: 1\nx-a: ▸*nowhere\n", "bad-alias", "above its first use"
    ),
    Broken(
        "alias inside itself", "version: 1\nx-a: &a [▸*a]\n", "bad-alias", "above its first use"
    ),
    Broken("merge of a text", "version: 1\nx-a: {<<: ▸b}\n", "bad-merge", "mapping"),
    Broken("merge of a list of texts", "version: 1\nx-a: {<<: ▸[b]}\n", "bad-merge", "mapping"),
    Broken(
        "two merges",
        "version: 1\nx-a: &a {b: c}\nx-d: {<<: *a, ▸<<: *a}\n",
        "duplicate-key",
        "<<: [*one, *two]",
    ),
    Broken("list as a key", "version: 1\nx-a: {▸[b]: c}\n", "key-not-text", "quotes"),
    Broken("mapping as a key", "version: 1\nx-a: {▸{b: c}: d}\n", "key-not-text", "quotes"),
    Broken("number as a key", "version: 1\nx-a: {▸1: c}\n", "key-not-text", "quotes"),
    Broken("truth as a key", "version: 1\nx-a: {▸true: c}\n", "key-not-text", "quotes"),
    Broken("null as a key", "version: 1\nx-a: {▸~: c}\n", "key-not-text", "quotes"),
    Broken("reference as a key", 'version: 1\nx-a: {▸"${env:A}": c}\n', "key-not-text", "quotes"),
    Broken("on as a key", "version: 1\nx-a: {▸on: c}\n", "ambiguous-scalar", "quotes"),
    Broken("duplicate at the top", "version: 1\n▸version: 1\n", "duplicate-key", "keep one"),
    Broken("duplicate in a link", link("▸name: other"), "duplicate-key", "keep one"),
    Broken(
        "duplicate in braces",
        mirror("{name: a, state: paused, ▸name: b}"),
        "duplicate-key",
        "keep one",
    ),
    Broken(
        "duplicate by an escape", 'version: 1\n▸"versi\\u006fn": 1\n', "duplicate-key", "keep one"
    ),
    Broken(
        "duplicate cluster", document(clusters="west: {}\n▸west: {}\n"), "duplicate-key", "keep one"
    ),
    Broken("deep brackets", "a: " + "[" * 63 + "▸" + "[" * 40_000, "too-deep", "never closed"),
    Broken("deep braces", "a: " + "{b: " * 63 + "▸" + "{b: " * 40_000, "too-deep", "never closed"),
    Broken("NUL", "version: 1\nx-a: b▸\0\n", "control-character", "remove it"),
    Broken("escape character", "version: 1\nx-a: ▸\x1b[31m\n", "control-character", "remove it"),
    *(
        Broken(
            f"U+{ord(end):04X} in a comment",
            f"version: 1\n# note▸{end}clusters: {{}}\n",
            "hidden-line-end",
            "remove it",
        )
        for end in "\x85\u2028\u2029"
    ),
    Broken("mark inside", "version: 1\nx-a: b▸\ufeff\n", "control-character", "remove it"),
]

SURPRISES = [
    *("yes", "Yes", "NO", "on", "Off", "OFF", "y", "N"),
    *("012", "0777", "-012", "0b101", "1_000", "1_000.5", "12:30", "190:20:30", "2024-01-31"),
    *("2024-01-31T10:00:00Z", "2024-01-31 10:00:00", ".inf", "-.INF", ".nan", "="),
    *("12345678901234567890", "0xffffffffffffffffffff", "1e999", "-1.5e400"),
]
CASES += [
    Broken(f"surprise {word}", link(f"configs: {{a.b: ▸{word}}}"), "ambiguous-scalar", "quotes")
    for word in SURPRISES
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_broken_yaml_is_answered_in_one_line_at_its_place(case: Broken) -> None:
    """What is not our YAML gives one error with position and cure, and nothing of the source."""
    text, at = marked(case.text)
    found = [d for d in read(text).diagnostics if d.code not in {"missing-key", "unknown-config"}]
    assert errors(found) == [(case.code, str(at))], lines(found)
    assert case.cure in found[0].cure
    assert SECRET not in "\n".join(lines(found))


ENCODINGS = {
    "UTF-16 with a mark": ("version: 1\n".encode("utf-16"), 1, 1),
    "UTF-16 without a mark": ("version: 1\n".encode("utf-16-le"), 1, 1),
    "UTF-16 big endian": ("version: 1\n".encode("utf-16-be"), 1, 1),
    "UTF-32": ("version: 1\n".encode("utf-32"), 1, 1),
    "Latin-1": ("version: 1\nx-a: caf\xe9\n".encode("latin-1"), 2, 9),
    "cut in a character": ("version: 1\nx-ä: é".encode()[:-1], 2, 6),
}


@pytest.mark.parametrize("case", ENCODINGS.values(), ids=ENCODINGS.keys())
def test_other_encodings_are_named(case: tuple[bytes, int, int]) -> None:
    """What is not UTF-8 is refused at the first byte that shows it."""
    data, line, column = case
    diagnostics = read(data).diagnostics
    assert errors(diagnostics) == [("not-utf8", f"links.yaml:{line}:{column}")]
    assert "UTF-8" in diagnostics[0].cure


def test_a_text_in_quotes_is_never_a_surprise() -> None:
    """Quotes are the cure that every such message names, so they must work."""
    for word in SURPRISES:
        assert "ambiguous-scalar" not in [
            c for c, _ in errors(read(link(f'configs: {{a.b: "{word}"}}')).diagnostics)
        ]


@pytest.mark.parametrize(
    "form",
    [
        str.encode,
        lambda t: b"\xef\xbb\xbf" + t.encode(),
        lambda t: t.replace("\n", "\r\n").encode(),
    ],
)
def test_line_ends_and_a_mark_do_not_matter(form: object) -> None:
    """CRLF and a byte order mark are read like any other file, positions included."""
    assert callable(form)
    good = mirror("{name: users, state: paused}")
    assert read(form(good)).desired == read(good).desired


def test_several_mistakes_come_in_one_run() -> None:
    """All that can be known of a file is said at once."""
    text = mirror("{name: users, state: pausd}").replace(
        "version: 1", "version: 1\nversion: 1\nx-a: on"
    )
    assert [code for code, _ in errors(read(text).diagnostics)] == [
        "duplicate-key",
        "ambiguous-scalar",
        "not-a-choice",
    ]
