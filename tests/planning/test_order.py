"""The order of steps: after their needs, in the promised stages, circles refused."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.consent import ConsentKind, Grant
from reconciler.model.errors import RefusedError
from reconciler.model.filters import FilterKind, NameFilter
from reconciler.model.links import LinkGoal
from reconciler.model.mirrors import MirrorGoal
from reconciler.planning import make_plan
from reconciler.planning.order import in_order
from tests.planning.builders import (
    CATALOGUE,
    DST,
    LINK,
    SRC,
    config,
    desired,
    entry,
    half,
    live,
    live_link,
    mirror,
    observed,
    row,
)

G, T = FilterKind.GROUP, FilterKind.TOPIC


def test_the_promised_order_in_one_plan() -> None:
    """Every stage of the design at once, in its order, on one link that ends paused."""
    made = half(
        configs={
            "consumer.offset.sync.enable": "true",
            "auto.create.mirror.topics.enable": "true",
            "consumer.offset.sync.ms": "1",
        },
        filters={G: frozenset({NameFilter("b")}), T: frozenset({NameFilter("auto")})},
    )
    link = live_link(
        configs={"consumer.offset.sync.enable": config("true")},
        filters={G: frozenset({NameFilter("a")})},
    )
    wish = desired(
        entry(
            mirror("fail", MirrorGoal.FAILED_OVER),
            mirror("dead"),
            mirror("new"),
            mirror("still", configs={"x": "1"}),
            mirror("rest", MirrorGoal.PAUSED),
            mirror("wake"),
            mirror("done", MirrorGoal.PROMOTED),
            mirror("late", MirrorGoal.PROMOTED),
            mirror("gone", MirrorGoal.ABSENT),
            halves=[made],
            goal=LinkGoal.PAUSED,
        )
    )
    rows = [
        row("fail"), row("dead", "FAILED"), row("still"), row("rest"),
        row("wake", "PAUSED"), row("done"), row("late", "PAUSED"), row("gone"),
    ]  # fmt: skip
    here = live(DST, links=[link], rows=rows, topic_configs={})
    source = live(SRC, plain=["dead", "new"])
    grants = (Grant(ConsentKind.RECREATE, glob=str(LINK.mirror("dead"))),)
    plan = make_plan(wish, observed(here, source), CATALOGUE, grants=grants)
    assert [step.id for step in plan.steps] == [
        "failover dst/l",
        "configure dst/l",
        "clear dst/l/dead",
        "create-mirror dst/l/dead",
        "create-mirror dst/l/new",
        "auto-create dst/l",
        "configure-mirror dst/l/still",
        "pause-mirror dst/l",
        "resume-mirror dst/l",
        "promote dst/l",
        "promote-resumed dst/l",
        "narrow dst/l",
        "pause-link dst/l",
        "delete-topic dst/l/gone",
    ]


def test_what_leaves_waits_for_the_promotions() -> None:
    """A group filter is narrowed, and the link paused, only when the promotions on that link have succeeded."""
    made = half(
        configs={"consumer.offset.sync.enable": "true"}, filters={G: frozenset({NameFilter("a")})}
    )
    link = live_link(
        configs={"consumer.offset.sync.enable": config("true")},
        filters={G: frozenset({NameFilter("a"), NameFilter("b")})},
    )
    wish = desired(entry(mirror("t", MirrorGoal.PROMOTED), halves=[made], goal=LinkGoal.PAUSED))
    plan = make_plan(wish, observed(live(DST, links=[link], rows=[row("t")]), live(SRC)), CATALOGUE)
    assert [(step.id, step.needs) for step in plan.steps] == [
        ("promote dst/l", ()),
        ("narrow dst/l", ("promote dst/l",)),
        ("pause-link dst/l", ("narrow dst/l", "promote dst/l")),
    ]


def test_entries_do_not_wait_for_each_other() -> None:
    """Steps of one link never need steps of another."""
    other = LINK.__class__(DST, "k")
    wish = desired(entry(mirror("t")), entry(mirror("u", link=other), halves=[half(other)]))
    plan = make_plan(wish, observed(live(DST), live(SRC, plain=["t", "u"])), CATALOGUE)
    needs = {step.id: step.needs for step in plan.steps}
    assert needs["create-mirror dst/k/u"] == ("create-link dst/k",)
    assert needs["create-mirror dst/l/t"] == ("create-link dst/l",)


def _keys(names: set[str]) -> dict[str, tuple[int, tuple[str, ...], str]]:
    return {name: (0, (name,), name) for name in names}


@given(st.integers(2, 60), st.randoms(use_true_random=False))
def test_chains_are_ordered_whatever_their_input_order(length: int, rng: random.Random) -> None:
    """A chain whose names sort against its needs comes out whole and in order."""
    names = [f"{length - n:03}" for n in range(length)]
    pairs = [(name, (names[n - 1],) if n else ()) for n, name in enumerate(names)]
    rng.shuffle(pairs)
    assert list(in_order(dict(pairs), _keys(set(names)))) == names


@given(st.dictionaries(st.integers(0, 25), st.sets(st.integers(0, 25), max_size=4), max_size=26))
def test_acyclic_graphs_are_ordered_after_their_needs(graph: dict[int, set[int]]) -> None:
    """Any acyclic graph is fully ordered; among the ready ones the smallest name goes first."""
    needs = {
        f"{n:02}": tuple(f"{m:02}" for m in sorted(ms) if m < n and m in graph)
        for n, ms in graph.items()
    }
    ordered = in_order(needs, _keys(set(needs)))
    assert sorted(ordered) == sorted(needs)
    for at, name in enumerate(ordered):
        assert set(needs[name]) <= set(ordered[:at])
        ready = [n for n in ordered[at:] if set(needs[n]) <= set(ordered[:at])]
        assert name == min(ready)


def test_a_circle_is_refused_whole_with_its_members() -> None:
    """A circle orders nothing, not even what lies outside it."""
    needs = {"a": ("c",), "b": ("a",), "c": ("b",), "free": ()}
    with pytest.raises(RefusedError) as caught:
        in_order(needs, _keys(set(needs)))
    (finding,) = caught.value.diagnostics
    assert finding.code == "step-cycle"
    assert all(name in finding.message for name in "abc")
    assert "free" not in finding.message
