"""Inputs that are made to hurt: one clear line each, within a second and 200 MB, and the interpreter lives."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from reconciler.spec.findings import MAX_FINDINGS

SECONDS, MEGABYTES = 1.0, 200

_PROBE = """
import json, re, sys, time
from pathlib import Path
from reconciler.cluster_linking.catalogue import CATALOGUE
from reconciler.spec import Source, load, read_sources

data = eval(sys.argv[1], {"__builtins__": {"range": range, "str": str}})
start = time.process_time()
loaded = load([Source("links.yaml", data)], variables={}, catalogue=CATALOGUE, env={})
seconds = time.process_time() - start
print(json.dumps({
    "findings": [[d.code, d.where] for d in loaded.diagnostics],
    "longest": max(len(d.message) + len(d.cure) for d in loaded.diagnostics),
    "seconds": seconds,
    "megabytes": int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024,
}))
"""

_BOMB = """b'x-a0: &a0 [' + b'x,' * 9 + b']\\n' + b''.join(
    b'x-a%d: &a%d [' % (i, i) + b','.join([b'*a%d' % (i - 1)] * 9) + b']\\n' for i in range(1, 12))"""

_LINK = b"""version: 1
clusters: {a: {bootstrapServers: "a:1"}, b: {restEndpoint: "http://b/v3"}}
links:
- name: l
  source: a
  destination: b
  mirrorTopics: """

HOSTILE = {
    "50 MB": ("b'a' * 50_000_000", "input-too-large"),
    "50 MB of lines": ("b'a: b\\n' * 8_000_000", "input-too-large"),
    "40,000 brackets": ("b'a: ' + b'[' * 40_000", "too-deep"),
    "40,000 braces": ("b'{a: ' * 40_000", "too-deep"),
    "40,000 dashes": ("b'- ' * 40_000", "too-deep"),
    "40,000 question marks": ("b'? ' * 40_000", "too-deep"),
    "alias bomb": (_BOMB, "too-many-aliases"),
    "wide alias bomb": (
        "b'x-a: &a [' + b'x,' * 5_000 + b']\\nx-b: [' + b'*a,' * 5_000 + b']\\n'",
        "too-many-aliases",
    ),
    "deep aliases": (
        "b'x-a0: &a0 [x]\\n' + b''.join(b'x-a%d: &a%d [*a%d]\\n' % (i, i, i - 1) for i in range(1, 5_000))",
        "too-deep",
    ),
    "merge bomb": (
        (
            "b'x-a0: &a0 {a: b}\\n' + b''.join(b'x-a%d: &a%d {<<: [*a%d, *a%d, *a%d]}\\n' % (i, i, i-1, i-1, i-1) "
            "for i in range(1, 40))"
        ),
        "too-many-aliases",
    ),
    "long key": ("b'a' * 1_000_000 + b': b'", "yaml-syntax"),
    "long number": ("b'version: ' + b'9' * 1_000_000", "ambiguous-scalar"),
    "many references": ("b'version: 1\\nx-a: \"' + b'${' * 500_000 + b'\"'", "bad-reference"),
    "a million surprises": ("b'[' + b'on,' * 1_000_000 + b']'", "too-many-findings"),
    "20,000 unknown keys": (
        "b'version: 1\\n' + b''.join(b'k%d: 1\\n' % i for i in range(20_000))",
        "too-many-values",
    ),
    "8,000,000 topics": ("b'version: 1\\nx: [' + b'a,' * 8_000_000 + b']'", "too-many-values"),
    "100,000 wrong topics": (
        f"{_LINK!r} + b'[' + b'a!,' * 100_000 + b']'",
        "too-many-findings",
    ),
    "100,000 times one topic": (
        f"{_LINK!r} + b'[' + b'a,' * 100_000 + b']'",
        "too-many-findings",
    ),
    "60,000 empty links": (
        "b'version: 1\\nlinks: [' + b'{},' * 60_000 + b']'",
        "too-many-values",
    ),
    "10,000 empty links": (
        "b'version: 1\\nlinks: [' + b'{},' * 10_000 + b']'",
        "too-many-findings",
    ),
    "20,000 clusters": (
        "b'version: 1\\nclusters:\\n' + b''.join(b'  c%d: {}\\n' % i for i in range(20_000))",
        "too-many-values",
    ),
    "50,000 unknown configs": (
        f"{_LINK!r} + b'[]\\n  configs:\\n' + b''.join(b'    a.b%d: 1\\n' % i for i in range(50_000))",
        "too-many-values",
    ),
    "1,900 unknown clusters": (
        (
            "b'version: 1\\nclusters:\\n' + b''.join(b'  c%d: {}\\n' % i for i in range(1_900)) + b'links:\\n' + "
            "b''.join(b'- {name: l%d, source: x%d, destination: y%d}\\n' % (i, i, i) for i in range(1_900))"
        ),
        "too-many-findings",
    ),
    "NULs": ("b'\\0' * 1_000_000", "not-utf8"),
    "not text": ("b'\\xff\\xd8\\xff\\xe0' * 100_000", "not-utf8"),
}


def probed(expression: str) -> dict[str, Any]:
    """What a fresh process says of an input."""
    run = subprocess.run(
        [sys.executable, "-c", _PROBE, expression], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr[-2000:]
    found: dict[str, Any] = json.loads(run.stdout)
    return found


# As much as `LINKS` and `MAX_EXPANDED` let in, wrong all of it.
HOSTILE |= {
    "309,000 times one topic": (f"{_LINK!r} + b'[' + b'a,' * 309_000 + b']'", "too-many-findings"),
    "309,000 wrong topics": (f"{_LINK!r} + b'[' + b'a!,' * 309_000 + b']'", "too-many-findings"),
    "154,000 empty topics": (f"{_LINK!r} + b'[' + b'{{}},' * 154_000 + b']'", "too-many-findings"),
    "250,000 empty topics": (f"{_LINK!r} + b'[' + b'{{}},' * 250_000 + b']'", "too-many-values"),
    "30,000 topics with wrong settings": (
        f"{_LINK!r} + b'[' + b'{{name: a, state: paused, maxLag: x, stat: b}},' * 30_000 + b']'",
        "too-many-findings",
    ),
    "154,000 unknown keys": (
        "b'version: 1\\n' + b''.join(b'k%d: 1\\n' % i for i in range(154_000))",
        "too-many-values",
    ),
    "10,000 links without clusters": (
        "b'version: 1\\nlinks:\\n' + b''.join(b'- {name: l%d, source: x%d, destination: y%d}\\n' % (i, i, i) for i in range(10_000))",
        "too-many-findings",
    ),
    "38,000 wrong filters": (
        f"{_LINK!r} + b'[]\\n  topicFilters: [' + b'{{name: a, patternTyp: PREFIXED, filterType: EXCLUDE}},' * 38_000 + b']'",
        "too-many-values",
    ),
    "19,000 wrong filters": (
        f"{_LINK!r} + b'[]\\n  topicFilters: [' + b'{{name: a, patternTyp: PREFIXED, filterType: EXCLUDE}},' * 19_000 + b']'",
        "too-many-findings",
    ),
    "1,900 unknown keys in each of 80 links": (
        "b'version: 1\\nlinks:\\n' + b''.join(b'- {' + b''.join(b'k%d: 1, ' % i for i in range(1_900)) + b'}\\n' for _ in range(80))",
        "too-many-findings",
    ),
    "1,900 unknown configs": (
        f"{_LINK!r} + b'[]\\n  configs:\\n' + b''.join(b'    a.b%d: 1\\n' % i for i in range(1_900))",
        "too-many-unknown-configs",
    ),
    "19,000 resets": (
        f"{_LINK!r} + b'[]\\n  resetConfigs: [' + b''.join(b'a.b%d,' % i for i in range(19_000)) + b']'",
        "too-many-unknown-configs",
    ),
    "309,000 resets": (
        f"{_LINK!r} + b'[]\\n  resetConfigs: [' + b''.join(b'a.b%d,' % i for i in range(309_000)) + b']'",
        "too-many-values",
    ),
    "49,000 references where none may be": (
        f"{_LINK!r} + b'[' + b'\"${{env:X}}\",' * 49_000 + b']'",
        "too-many-findings",
    ),
    "300,000 references": (
        f"{_LINK!r} + b'[' + b'\"${{env:X}}\",' * 300_000 + b']'",
        "too-many-values",
    ),
    "49,000 secrets": (
        f"{_LINK!r} + b'[]\\n  credentials: {{' + b''.join(b'sasl.x%d: \"${{env:X%d}}\",' % (i, i) for i in range(49_000)) + b'}}'",
        "too-many-values",
    ),
}


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_is_refused_quickly(name: str) -> None:
    """A process of its own survives the input, says what is wrong in short lines, and stays small and quick."""
    expression, code = HOSTILE[name]
    # A busy machine is unfair to a clock, and never three times in a row.
    reports = map(probed, [expression] * 3)
    report = next((r for r in reports if r["seconds"] < SECONDS), None) or probed(expression)
    assert code in [found for found, _ in report["findings"]], report
    assert len(report["findings"]) <= (MAX_FINDINGS + 1 if code == "too-many-findings" else 1)
    assert report["longest"] < 400
    assert report["seconds"] < SECONDS
    # The 50 MB that the test itself hands over are not the reader's.
    assert report["megabytes"] - (50 if name.startswith("50 MB") else 0) < MEGABYTES
