"""The world that a links.yaml is given inside a command."""

from __future__ import annotations

import reconciler
from reconciler.cli.embedded import furnish
from reconciler.sandbox import SteppedClock, World

YAML = b"""\
version: 1
clusters:
  src: {bootstrapServers: "src:9092", clusterId: src-id}
  one: {restEndpoint: "http://one:8090/kafka/v3", clusterId: one-id}
  two: {restEndpoint: "http://two:8090/kafka/v3", clusterId: two-id}
links:
  - {name: l, source: src, destination: one, mirrorTopics: [a.b]}
  - name: l
    source: src
    destination: two
    configs: {consumer.offset.sync.enable: true}
    groupFilters: [{name: g}]
    mirrorTopics: [a_b, c]
"""


def test_topics_that_kafka_would_not_take_together_are_not_seeded_together() -> None:
    """The second of two names that collide is left out, of the groups too, and nothing breaks."""
    loaded = reconciler.load_files(["-"], variables={}, environ={}, stdin=lambda: YAML)
    assert loaded.desired is not None, loaded.diagnostics
    world = World(SteppedClock())
    furnish(world, loaded.desired)
    source = world.clusters["src"]
    assert source.topics.keys() == {"a.b", "c"}
    assert source.groups["g"].readings.keys() == {"c"}
