"""Defaults, a link and its sides speak of one config: what was applied once is as declared."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.conftest import Linkctl

HEAD = """\
version: 1
clusters:
  a: {restEndpoint: "http://a:8090/kafka/v3", bootstrapServers: "a:9092"}
  b: {restEndpoint: "http://b:8090/kafka/v3", bootstrapServers: "b:9092"}
"""
SIDES = """\
links:
  - name: both
    mode: bidirectional
    between: [a, b]
    configs: {topic.config.sync.ms: 9000}
    resetConfigs: [acl.sync.ms]
    sides:
      a: {resetConfigs: [topic.config.sync.ms]}
      b: {configs: {acl.sync.ms: 7000}}
"""
LOGIN = """\
defaults:
  credentials: {sasl: {mechanism: PLAIN, username: "${env:U}", password: "${env:P}"}}
links:
  - {name: without, source: a, destination: b, resetConfigs: [sasl.jaas.config, sasl.mechanism, security.protocol]}
  - {name: with, source: a, destination: b, prefix: w., credentials: {tls: {trust: "${env:CA}"}}}
"""


@pytest.mark.parametrize("links", [SIDES, LOGIN], ids=["sides", "defaults"])
def test_a_config_that_one_layer_sets_and_another_resets_is_applied_once(
    linkctl: Linkctl, folder: Path, monkeypatch: pytest.MonkeyPatch, links: str
) -> None:
    """The second apply has nothing to turn back, and is not told that something remains."""
    for name in ("U", "P", "CA"):
        monkeypatch.setenv(name, f"value-of-{name}")
    (folder / "links.yaml").write_text(HEAD + links, "utf-8")
    first = linkctl("apply", "--sandbox", "--yes")
    assert (first.code, "Nothing remains" in first.out) == (0, True), first
    assert linkctl("plan", "--sandbox", "--detailed-exitcode").code == 0
    assert "No changes" in linkctl("apply", "--sandbox", "--yes").out
