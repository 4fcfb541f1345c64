"""One slip is one line, however often it shows, and no amount of them takes long or buries the rest."""

from __future__ import annotations

import time

import pytest

from reconciler.model.diagnostics import Severity
from reconciler.spec.findings import MAX_FINDINGS
from reconciler.spec.globs import Names
from tests.spec.harness import SECRET, document, errors, lines, link, read


def codes(text: str) -> list[str]:
    """The codes of all findings."""
    return [d.code for d in read(text).diagnostics]


def many_links(body: str, count: int, version: str = "version: 1\n") -> str:
    """Links that differ in their names only."""
    rows = (f"- {{{body}, name: l{i}, source: west, destination: east}}\n" for i in range(count))
    return document("".join(rows), version=version)


ANCHORS = {
    "unknown key": ("stat: active", "unknown-key"),
    "config value": ("configs: {acl.sync.ms: abc}", "bad-config-value"),
    "unknown config": ("configs: {acl.synch.ms: 5}", "unknown-config"),
    "literal secret": (
        f'credentials: {{sasl: {{mechanism: PLAIN, username: "${{env:U}}", password: {SECRET}}}}}',
        "literal-secret",
    ),
}


@pytest.mark.parametrize("slip", ANCHORS.values(), ids=ANCHORS.keys())
def test_a_slip_under_an_anchor_is_said_once(slip: tuple[str, str]) -> None:
    """A hundred uses of one mapping are one place in the file."""
    text = many_links("<<: *a", 100, f"version: 1\nx-a: &a {{{slip[0]}}}\n")
    assert codes(text) == [slip[1]]


def test_a_missing_variable_is_said_once() -> None:
    """It is forgotten once, wherever it is used: in all files."""
    first = link("mirrorTopics: [" + '"a${var:ENV}", ' * 600 + "]")
    found = read(first, 'version: 1\nprotect: ["${var:ENV}*"]\n').diagnostics
    assert errors(found) == [("unset-variable", "links.yaml:9:20")]


FLOODS = {
    "misspelt properties": (
        link(
            "configs: {consumer.offset.sync.enable: true}\ngroupFilters:\n"
            + "".join(f"  - {{name: x{i}, patternTipe: LITERAL}}\n" for i in range(2_000))
        ),
        Severity.ERROR,
    ),
    "wrong states": (many_links("state: bogus", 1_000), Severity.ERROR),
    "references where none may be": (
        link("mirrorTopics:\n" + '  - "${env:A}"\n' * 2_000),
        Severity.ERROR,
    ),
    "what is no reference": (link("mirrorTopics:\n" + '  - "${a}"\n' * 2_000), Severity.ERROR),
    "same topic": (link("mirrorTopics:\n" + "  - a\n" * 2_000), Severity.ERROR),
    "protection of nothing": (
        link("mirrorTopics: [a]").replace(
            "version: 1\n", "version: 1\nprotect: [" + "z, " * 2_000 + "]\n"
        ),
        Severity.WARNING,
    ),
}


@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS.keys())
def test_more_than_500_findings_are_cut(flood: tuple[str, Severity]) -> None:
    """500 lines and one that says that there are more; it weighs as much as the worst of them."""
    text, severity = flood
    loaded = read(text)
    assert len(loaded.diagnostics) == MAX_FINDINGS + 1
    [cut] = [d for d in loaded.diagnostics if d.code == "too-many-findings"]
    assert cut.severity is severity
    assert (loaded.desired is None) is (severity is Severity.ERROR)


def test_warnings_never_hide_an_error() -> None:
    """What is cut are warnings first."""
    text = link("mirrorTopics: [a]\nstate: bogus").replace(
        "version: 1\n", "version: 1\nprotect: [" + "z, " * 2_000 + "]\n"
    )
    assert "not-a-choice" in codes(text)


def test_findings_of_one_file_do_not_hide_those_of_another() -> None:
    """The limit is for each file."""
    found = read(link("mirrorTopics:\n" + '  - "${a}"\n' * 2_000), "version: 1\nprotect: [${b}]\n")
    assert [d.where for d in found.diagnostics][-1] == "more-1.yaml:2:11"


def test_a_list_of_clusters_in_a_message_stays_short() -> None:
    """A few names help; a thousand do not."""
    clusters = "".join(f"c{i}: {{}}\n" for i in range(1_000))
    text = document("- {name: l, source: moon, destination: c1}", clusters=clusters)
    assert max(len(line) for line in lines(read(text).diagnostics)) < 400


LONG = {
    "one word": "${env:X} " + "password" * 30_000,
    "quotes that are escaped": "${env:X} m " + r"\\" * 100_000 + '"',
    "open quotes": "${env:X} m " + '\\"' * 100_000,
    "options": "${env:X} required " + 'a="${env:X}" ' * 20_000 + "'",
}


@pytest.mark.parametrize("line", LONG.values(), ids=LONG.keys())
def test_a_long_jaas_line_is_read_once(line: str) -> None:
    """The time grows with the line, and no faster."""
    quoted = line.replace("'", "''")
    text = link(f"credentials: {{security.protocol: SASL_SSL, sasl.jaas.config: '{quoted}'}}")
    start = time.process_time()
    assert codes(text) == ["literal-secret"]
    assert time.process_time() - start < 1


def test_many_filters_and_many_deletions_are_judged_quickly() -> None:
    """Rows are looked up, not compared with each topic; nor does a long name take its length squared."""
    switches = "configs: {auto.create.mirror.topics.enable: true}\ntopicFilters:\n"
    rows = "".join(f"  - {{name: f{i}}}\n" for i in range(10_000))
    dead = (
        "  - {name: "
        + "n" * 1_000_000
        + "}\n  - {name: z, patternType: PREFIXED, filterType: EXCLUDE}\n"
    )
    gone = "".join(f"  - {{name: t{i}, state: absent}}\n" for i in range(10_000))
    text = link(switches + rows + dead + "mirrorTopics:\n" + gone)
    start = time.process_time()
    assert codes(text) == ["no-such-name"]
    assert time.process_time() - start < 2


def test_many_patterns_are_judged_quickly() -> None:
    """However many there are, and however long: in the end they are no longer held against each other."""
    longest = '"' + "*a?" * 80 + '"'
    excludes = "[" + f"{longest}, " * 300 + "x" * 100_000 + "]"
    text = link(
        "mirrorTopics:\n"
        + "".join(f'  - {{match: "t{i}*", except: {excludes}}}\n' for i in range(50))
    )
    start = time.process_time()
    assert read(text).desired is not None
    assert time.process_time() - start < 2


GLOBS = {
    "a": True,
    "b": False,
    "a*": True,
    "a*z": False,
    "?.b": True,
    "*b": True,
    "*c": False,
    "[ab].b": True,
    "[!a]*": True,
    "A*": False,
    "": False,
}


@pytest.mark.parametrize("glob", GLOBS)
def test_globs_find_their_names(glob: str) -> None:
    """As shells match them, with upper and lower case told apart."""
    assert Names(["a", "a.b", "ab", "z"]).has_match(glob) is GLOBS[glob]


@pytest.mark.parametrize(
    "globs",
    [
        [f"z{i}" for i in range(10_000)],
        [f'"z*{i}*a*b"' for i in range(3_000)],
        [f'"*{i}*a*a*b"' for i in range(3_000)],
    ],
    ids=["names", "beginnings", "ends"],
)
def test_long_lists_of_protection_are_judged_quickly(globs: list[str]) -> None:
    """Lists that something else has written may be as long as the lists of topics."""
    topics = ", ".join(f"t{i}" + "a" * 100 for i in range(5_000))
    text = link(f"mirrorTopics: [{topics}]").replace(
        "version: 1\n", f"version: 1\nprotect: [{', '.join(globs)}]\n"
    )
    start = time.process_time()
    assert "protects-nothing" in codes(text)
    assert time.process_time() - start < 2


def test_a_large_estate_is_accepted() -> None:
    """20,000 mirror topics with five settings each are no abuse."""
    settings = "state: paused, maxLag: 5, replicationFactor: 3, configs: {retention.ms: 1}"
    rows = "".join(f"  - {{name: t{i}, {settings}}}\n" for i in range(20_000))
    assert read(link(f"mirrorTopics:\n{rows}")).diagnostics == ()


def test_what_is_too_much_for_one_file_fits_into_several() -> None:
    """The cure can be followed: links go into files of their own."""
    rows = [f"  - {{name: l{i}, source: west, destination: east}}\n" for i in range(12_000)]
    clusters = document()
    assert codes(clusters + "links:\n" + "".join(rows)) == ["too-many-values"]
    several = ("version: 1\nlinks:\n" + "".join(part) for part in (rows[:6_000], rows[6_000:]))
    assert read(clusters, *several).diagnostics == ()


def test_too_many_references_are_told_what_makes_them_fewer() -> None:
    """Mirror topics that are names already cannot become names; a text that is the same everywhere can stand there."""
    rows = "".join(f"  - ${{var:X}}{i}\n" for i in range(50_001))
    findings = read(link(f"mirrorTopics:\n{rows}"), variables={"X": "x"}).diagnostics
    [finding] = [d for d in findings if d.code == "too-many-values"]
    assert "as names" not in finding.cure
    assert "write out what is the same everywhere" in finding.cure
