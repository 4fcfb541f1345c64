"""Whatever a server answers, reading ends in values or gaps and never in an exception."""

from __future__ import annotations

import json
from typing import Any

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.model.observed import Gap, HealthLevel, ObservedCluster
from reconciler.model.reads import ClusterReads
from tests.cluster_linking.wire import HOME, Wire, engine, listing, run

EVERYTHING = ClusterReads(
    identity=True,
    links=True,
    mirrors=True,
    link_configs=frozenset({"l"}),
    link_tasks=frozenset({"l"}),
    topics=True,
    topic_configs=True,
    groups=True,
    group_offsets=frozenset({"g"}),
    group_members=frozenset({"g"}),
    transition_errors=frozenset({("l", "m")}),
)
FIELDS = st.sampled_from(
    [
        "data",
        "link_name",
        "name",
        "value",
        "mirror_topic_name",
        "mirror_lags",
        "partition",
        "lag",
        "tasks",
        "errors",
        "error_code",
        "topic_name",
        "state",
        "metadata",
        "next",
        "consumer_group_id",
        "source",
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | st.just("l"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELDS, inner, max_size=4),
    max_leaves=12,
)
ROWS = st.lists(st.dictionaries(FIELDS, VALUES, max_size=4), max_size=3)
BODIES = st.one_of(
    st.binary(max_size=40),
    VALUES.map(lambda value: json.dumps(value).encode()),
    ROWS.map(lambda rows: json.dumps({"data": rows}).encode()),
)


def observed(answer: Any) -> ObservedCluster:
    """Everything there is to read, with every request answered the same way."""

    async def story() -> ObservedCluster:
        async with engine(answer) as e:
            return (await e.observe({"ig-test2": EVERYTHING})).cluster("ig-test2")

    return run(story())


@settings(max_examples=40, deadline=None)
@given(BODIES, st.sampled_from([200, 204, 400, 404, 500]))
def test_no_answer_raises(body: bytes, status: int) -> None:
    """Every part is read or a gap, and an answer without `data` is never an empty list (P6)."""
    seen = observed(lambda _request: httpx.Response(status, content=body))
    for part in (seen.links, seen.mirrors, seen.topics, seen.topic_configs, seen.groups):
        assert part is not None
        if status >= 400 or b'"data"' not in body:
            assert isinstance(part, Gap)


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1).map(lambda word: f"NEW_{word}"))
def test_a_new_word_is_kept_and_means_unknown(word: str) -> None:
    """An enum word that nobody knows yet is neither healthy nor ill, wherever it stands."""
    link = {"link_name": "l", "link_error": word, "link_state": word}
    mirror = {"link_name": "l", "mirror_topic_name": "m", "mirror_status": word}
    wire = Wire(
        {f"GET {HOME}/links": listing(link), f"GET {HOME}/links/-/mirrors": listing(mirror)}
    )

    async def story() -> ObservedCluster:
        async with engine(wire) as e:
            return (await e.observe({"ig-test2": ClusterReads(links=True, mirrors=True)})).cluster(
                "ig-test2"
            )

    seen = run(story())
    assert isinstance(seen.links, dict)
    assert isinstance(seen.mirrors, dict)
    assert (seen.links["l"].error, seen.mirrors["m"].status) == (word, word)
    assert seen.links["l"].health.level is HealthLevel.UNKNOWN
    assert seen.mirrors["m"].health.level is HealthLevel.UNKNOWN
