"""Configs, credentials and filters: what counts as different, and when it is written."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping

import pytest

from reconciler.model.catalogue import Catalogue
from reconciler.model.changes import FieldDelta, FilterDelta
from reconciler.model.filters import AclFilter, Filter, FilterKind, FilterSet, NameFilter
from reconciler.model.observed import ObservedConfig, Read
from reconciler.model.plan import Plan
from reconciler.model.secrets import Reference, ReferenceKind, Template
from reconciler.model.steps import AlterLink
from reconciler.planning import make_plan
from reconciler.planning.diff import literal
from reconciler.planning.filters import final_filter
from reconciler.planning.normalise import same_topic_value, same_value
from tests.planning.builders import (
    CATALOGUE,
    DST,
    LINK,
    SRC,
    config,
    desired,
    entry,
    gap,
    half,
    live,
    live_link,
    mirror,
    observed,
    row,
)

SYNC, SYNC_MS = "consumer.offset.sync.enable", "consumer.offset.sync.ms"
AUTO = "auto.create.mirror.topics.enable"
JAAS = Template((Reference(ReferenceKind.ENV, "JAAS"),))
G, T = FilterKind.GROUP, FilterKind.TOPIC
a, b = NameFilter("a"), NameFilter("b")
no_a = NameFilter("a", filter_type="EXCLUDE")


def _plan(
    *,
    wanted: Mapping[str, str] | None = None,
    shown: Mapping[str, ObservedConfig] | None = None,
    reset: tuple[str, ...] = (),
    credentials: Mapping[str, Template] | None = None,
    rows: Mapping[FilterKind, FilterSet] | None = None,
    live_rows: Mapping[FilterKind, Read[FilterSet]] | None = None,
) -> Plan:
    made = half(configs=wanted, reset=reset, credentials=credentials, filters=rows)
    link = live_link(configs=shown, filters=live_rows)
    wish = desired(entry(halves=[made]))
    return make_plan(wish, observed(live(DST, links=[link]), live(SRC)), CATALOGUE)


def _actions(plan: Plan) -> dict[str, object]:
    return {step.id: step.action for step in plan.steps}


def _codes(plan: Plan) -> list[str]:
    return [finding.code for finding in plan.diagnostics]


@pytest.mark.parametrize(
    ("name", "wanted", "shown"),
    [
        (SYNC, "true", config("TRUE")),
        (SYNC_MS, "5000", config(" 05000 ")),
        (SYNC_MS, "30000", config(None, default=True)),
        ("topic.config.sync.include", "b, a", config("a,b")),
        ("security.protocol", "sasl_ssl", config("SASL_SSL")),
        ("new.to.us", "x", config("x")),
    ],
)
def test_spelling_is_no_difference(name: str, wanted: str, shown: ObservedConfig) -> None:
    """Booleans, numbers, lists, closed choices and documented defaults are compared by meaning."""
    assert not _plan(wanted={name: wanted}, shown={name: shown}).pending


@pytest.mark.parametrize(
    ("name", "wanted", "shown", "before"),
    [
        (SYNC_MS, "5000", config("30000", default=True), "30000"),
        ("new.to.us", "X", config("x"), "x"),
        ("new.to.us", "x", None, None),
        ("topic.config.sync.include", "a", config("a,b"), "a,b"),
    ],
)
def test_a_difference_is_shown_as_it_is_written(
    name: str, wanted: str, shown: ObservedConfig | None, before: str | None
) -> None:
    """A change shows both sides in their own spelling and is written in one batch."""
    plan = _plan(wanted={name: wanted}, shown={name: shown} if shown else {})
    assert plan.changes[0].deltas == (FieldDelta(name, before, wanted),)
    assert _actions(plan) == {"configure dst/l": AlterLink(LINK, set_configs={name: wanted})}


def test_what_is_not_declared_is_not_compared() -> None:
    """A config that the file does not name is reported at most, never written."""
    plan = _plan(shown={SYNC_MS: config("7")})
    assert (plan.pending, plan.steps) == (False, ())


@pytest.mark.parametrize(
    "shown", ["SASL_SSL://src:9092", "src:9092,SASL_SSL://src:9092", "SRC:9092", "x-y://src:9092 ,"]
)
def test_addresses_are_compared_as_clients_read_them(shown: str) -> None:
    """A protocol before an address is ignored by Kafka's clients, so it is no difference; nor is the case of a host."""
    assert not _plan(shown={"bootstrap.servers": config(shown)}).pending


@pytest.mark.parametrize("shown", ["SASL_SSL://old:9092", "SASL_SSL://src:9093", "src:9092,b:9092"])
def test_another_address_stays_a_difference(shown: str) -> None:
    """Behind the protocol the address counts; what is shown and sent is as it is written."""
    plan = _plan(shown={"bootstrap.servers": config(shown)})
    assert plan.changes[0].deltas == (FieldDelta("bootstrap.servers", shown, "src:9092"),)
    written = {"bootstrap.servers": "src:9092"}
    assert _actions(plan) == {"configure dst/l": AlterLink(LINK, set_configs=written)}


def test_bootstrap_servers_are_compared_as_a_list() -> None:
    """Another address is a change of the dialling half; another order is none."""
    moved = _plan(shown={"bootstrap.servers": config("old:9092")})
    assert moved.changes[0].deltas == (FieldDelta("bootstrap.servers", "old:9092", "src:9092"),)
    assert not _plan(shown={"bootstrap.servers": config(" src:9092,")}).pending


@pytest.mark.parametrize(
    ("shown", "resets"),
    [
        (config("7"), True),
        (config("30000", default=True), False),
        (config("7", default=None), True),
        (config("30000", default=None), False),
        (config(None, default=None), False),
        (None, False),
    ],
)
def test_a_reset_acts_only_on_what_is_set(shown: ObservedConfig | None, resets: bool) -> None:
    """A config is put back to the server's default once, and then left alone."""
    plan = _plan(reset=(SYNC_MS,), shown={SYNC_MS: shown} if shown else {})
    expected = {"configure dst/l": AlterLink(LINK, reset_configs=(SYNC_MS,))} if resets else {}
    assert _actions(plan) == expected


def test_a_reset_that_could_never_be_seen_is_left_out() -> None:
    """Where neither the server nor the catalogue knows the default, a reset would be sent for ever."""
    plan = _plan(reset=("new.to.us",), shown={"new.to.us": config("7", default=None)})
    assert (plan.steps, _codes(plan)) == ((), ["reset-unverifiable"])


def test_a_secret_that_is_set_is_not_compared() -> None:
    """A set secret is a quiet note, once per link, and no change."""
    plan = _plan(
        credentials={"sasl.jaas.config": JAAS, "security.protocol": Template.literal("SASL_SSL")},
        shown={
            "sasl.jaas.config": config(None, sensitive=True),
            "security.protocol": config("SASL_SSL"),
        },
    )
    assert (plan.pending, _codes(plan)) == (False, ["secrets-not-compared"])


@pytest.mark.parametrize("shown", [config(None, default=True, sensitive=True), None])
def test_a_secret_that_is_not_set_is_a_change(shown: ObservedConfig | None) -> None:
    """A secret that the server shows as unset is written, and shown by its reference only."""
    plan = _plan(
        credentials={"sasl.jaas.config": JAAS}, shown={"sasl.jaas.config": shown} if shown else {}
    )
    hidden = FieldDelta("sasl.jaas.config", hidden=True, reference="${env:JAAS}")
    assert plan.changes[0].deltas == (hidden,)
    assert _actions(plan) == {
        "configure dst/l": AlterLink(LINK, credentials={"sasl.jaas.config": JAAS})
    }


def test_security_keys_that_are_no_secret_are_compared() -> None:
    """`security.protocol` is compared like any config, and written with the credentials."""
    literal = Template.literal("SASL_SSL")
    plan = _plan(
        credentials={"security.protocol": literal}, shown={"security.protocol": config("PLAINTEXT")}
    )
    assert plan.changes[0].deltas == (FieldDelta("security.protocol", "PLAINTEXT", "SASL_SSL"),)
    assert _actions(plan) == {
        "configure dst/l": AlterLink(LINK, credentials={"security.protocol": literal})
    }


def test_values_that_may_be_secret_are_never_shown() -> None:
    """What the server calls sensitive, or what looks like a security key that nobody knows, stays hidden."""
    plan = _plan(
        wanted={"their.token": "hunter2", "sasl.jaas.confg": "hunter2"},
        shown={"their.token": config(None, default=True, sensitive=True)},
    )
    assert "hunter2" not in repr(plan.changes) + repr(plan.diagnostics)
    assert [delta.name for delta in plan.changes[0].deltas if isinstance(delta, FieldDelta)] == [
        "sasl.jaas.confg",
        "their.token",
    ]


@pytest.mark.parametrize(
    ("name", "shown", "code"),
    [
        (SYNC_MS, config("7", read_only=True), "config-read-only"),
        ("consumer.group.prefix.enable", config("true"), "config-immutable"),
    ],
)
def test_what_the_server_would_refuse_is_blocked(
    name: str, shown: ObservedConfig, code: str
) -> None:
    """A difference that cannot be written is said, and no step is made of it."""
    plan = _plan(wanted={name: "false" if "enable" in name else "1"}, shown={name: shown})
    assert (plan.steps, _codes(plan)) == ((), [code])


ON = {SYNC: config("true")}
WANT_ON = {SYNC: "true"}


def _group_steps(before: set[NameFilter], after: set[NameFilter]) -> dict[str, set[Filter]]:
    plan = _plan(
        wanted=WANT_ON, shown=ON, rows={G: frozenset(after)}, live_rows={G: frozenset(before)}
    )
    return {
        name.split()[0]: set(action.filters[G])
        for name, action in _actions(plan).items()
        if isinstance(action, AlterLink)
    }


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({a}, {a, b}, {"configure": {a, b}}),
        ({a, b}, {a}, {"narrow": {a}}),
        ({a}, {b}, {"configure": {a, b}, "narrow": {b}}),
        ({NameFilter("*"), no_a}, {NameFilter("*")}, {"configure": {NameFilter("*")}}),
        ({NameFilter("*")}, {NameFilter("*"), no_a}, {"narrow": {NameFilter("*"), no_a}}),
        ({b}, {NameFilter("*"), no_a}, {"narrow": {NameFilter("*"), no_a}}),
    ],
)
def test_filters_widen_early_and_narrow_late(
    before: set[NameFilter], after: set[NameFilter], expected: dict[str, set[Filter]]
) -> None:
    """INCLUDE rows come early and go late; with EXCLUDE rows in the mix nothing in between is ever written."""
    assert _group_steps(before, after) == expected


def test_a_narrowed_filter_names_who_loses() -> None:
    """A warning names the rows that go, and the live topics that fall out."""
    made = half(configs={AUTO: "true"}, filters={T: frozenset({a})})
    link = live_link(configs={AUTO: config("true")}, filters={T: frozenset({a, b})})
    here = live(DST, links=[link], rows=[row("a"), row("b")])
    plan = make_plan(desired(entry(halves=[made])), observed(here, live(SRC)), CATALOGUE)
    (warning,) = plan.diagnostics
    assert warning.code == "filter-narrowed"
    assert "without INCLUDE LITERAL b" in warning.message
    assert "Of what is live: b." in warning.message
    assert plan.changes[0].deltas == (FilterDelta(T, removed=(b,)),)


def test_filter_and_switch_are_written_together() -> None:
    """Adding offset sync to a bare link is one batch with the switch and its rows."""
    plan = _plan(
        wanted=WANT_ON, shown={SYNC: config("false", default=True)}, rows={G: frozenset({a})}
    )
    batch = AlterLink(LINK, set_configs=WANT_ON, filters={G: frozenset({a})})
    assert _actions(plan) == {"configure dst/l": batch}
    assert plan.changes[0].deltas == (
        FieldDelta(SYNC, "false", "true"),
        FilterDelta(G, added=(a,)),
    )


def test_turning_auto_create_on_waits_for_the_listed_mirror_topics() -> None:
    """On a live link too, the topic filter and its switch come after the creations."""
    made = half(configs={AUTO: "true", SYNC_MS: "1"}, filters={T: frozenset({a})})
    wish = desired(entry(mirror("m"), halves=[made]))
    plan = make_plan(
        wish, observed(live(DST, links=[live_link()]), live(SRC, plain=["m"])), CATALOGUE
    )
    assert [(step.id, step.needs) for step in plan.steps] == [
        ("configure dst/l", ()),
        ("create-mirror dst/l/m", ("configure dst/l",)),
        ("auto-create dst/l", ("configure dst/l", "create-mirror dst/l/m")),
    ]


@pytest.mark.parametrize(
    ("rows", "written"), [({G: frozenset({a})}, {}), ({}, {}), ({G: frozenset()}, {G: frozenset()})]
)
def test_turning_a_switch_off_says_that_it_clears_the_filter(
    rows: Mapping[FilterKind, FilterSet], written: Mapping[FilterKind, FilterSet]
) -> None:
    """The rows that the server will clear are shown as removed and warned of, whether listed or not."""
    plan = _plan(wanted={SYNC: "false"}, shown=ON, rows=rows, live_rows={G: frozenset({a})})
    assert plan.changes[0].deltas == (
        FieldDelta(SYNC, "true", "false"),
        FilterDelta(G, removed=(a,)),
    )
    assert _actions(plan) == {
        "narrow dst/l": AlterLink(LINK, set_configs={SYNC: "false"}, filters=written)
    }
    (warning,) = plan.diagnostics
    assert warning.code == "switch-clears-filter"
    assert "the file no longer lists them" in warning.cure, (
        "rows beside a switch that is off are a mistake"
    )


def test_rows_of_a_switch_that_is_off_are_not_compared() -> None:
    """After the server has cleared the filter, the rows that the file keeps are no difference."""
    plan = _plan(wanted={SYNC: "false"}, shown={SYNC: config("false")}, rows={G: frozenset({a})})
    assert not plan.pending


def test_resetting_a_switch_turns_it_off_late() -> None:
    """A reset of a switch that is on narrows, and clears its filter like turning it off."""
    plan = _plan(reset=(SYNC,), shown=ON, live_rows={G: frozenset({a})})
    assert _actions(plan) == {"narrow dst/l": AlterLink(LINK, reset_configs=(SYNC,))}
    assert _codes(plan) == ["switch-clears-filter"]


def test_an_unreadable_filter_is_not_overwritten() -> None:
    """A filter text that nobody can parse blocks that filter and its switch, and nothing else."""
    plan = _plan(
        wanted={SYNC: "true", SYNC_MS: "1"},
        rows={G: frozenset({a})},
        live_rows={G: gap(), T: gap()},
    )
    assert _actions(plan) == {"configure dst/l": AlterLink(LINK, set_configs={SYNC_MS: "1"})}
    assert _codes(plan) == ["filter-unreadable"]


def test_unknown_properties_of_a_row_are_kept() -> None:
    """Properties that the file does not speak of stay on the row and travel with it when others change."""
    tagged = NameFilter("a", "LITERAL", "INCLUDE", (("isSynced", "true"),))
    assert _group_steps({tagged}, {a}) == {}
    assert _group_steps({tagged}, {a, b}) == {"configure": {tagged, b}}
    other = NameFilter("a", "LITERAL", "INCLUDE", (("isSynced", "false"),))
    assert _group_steps({tagged}, {other}) == {"configure": {tagged, other}, "narrow": {other}}


def test_words_of_filters_are_compared_whatever_their_case() -> None:
    """ACL and name filters mean the same in either spelling."""
    wanted = AclFilter("TOPIC", "ANY", "DESCRIBE_CONFIGS", "ALLOW")
    shown = AclFilter("topic", "any", "describeConfigs", "allow")
    on = {"acl.sync.enable": "true"}
    plan = _plan(
        wanted=on,
        shown={"acl.sync.enable": config("true")},
        rows={FilterKind.ACL: frozenset({wanted})},
        live_rows={FilterKind.ACL: frozenset({shown})},
    )
    assert not plan.pending
    assert _group_steps({NameFilter("a", "literal", "include")}, {a}) == {}


def test_a_narrowed_acl_filter_is_described() -> None:
    """ACL rows that go are named by resource and principal."""
    rows = {n: AclFilter("topic", "literal", "any", "allow", n, "User:u") for n in ("x", "y")}
    plan = _plan(
        wanted={"acl.sync.enable": "true"},
        shown={"acl.sync.enable": config("true")},
        rows={FilterKind.ACL: frozenset({rows["x"]})},
        live_rows={FilterKind.ACL: frozenset(rows.values())},
    )
    assert "without topic y for User:u" in plan.diagnostics[0].message


def test_deepdiff_is_loaded_only_for_a_difference() -> None:
    """A plan without differences does not pay for loading the differ."""
    code = (
        "import sys; from tests.planning.builders import *; from reconciler.planning import make_plan\n"
        "plan = make_plan(desired(entry()), observed(live(DST, links=[live_link()]), live(SRC)), CATALOGUE)\n"
        "assert not plan.pending; sys.exit('deepdiff' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_secret_among_the_configs_of_a_new_link_is_hidden() -> None:
    """Not even a creation shows the value of a key that is sensitive."""
    made = half(configs={"sasl.jaas.config": "hunter2"})
    plan = make_plan(desired(entry(halves=[made])), observed(live(DST), live(SRC)), CATALOGUE)
    assert FieldDelta("sasl.jaas.config", hidden=True) in plan.changes[0].deltas
    assert "hunter2" not in repr(plan.changes)


def test_planning_never_resolves_a_reference() -> None:
    """A template with a reference has no literal text, so nothing is looked up while planning."""
    assert literal(JAAS) is None
    assert literal(Template.literal("text")) == "text"


def test_a_catalogue_without_filters_selects_nothing() -> None:
    """An engine that knows no filters has no auto-create to bring anything back."""
    none = Catalogue(configs={}, families={})
    assert final_filter(half(), live_link(), T, none) == frozenset()


def test_values_that_are_no_numbers_are_compared_as_text() -> None:
    """A number that is none is still compared, and a missing value is never equal to a declared one."""
    assert same_topic_value("7x", "7x")
    assert not same_topic_value(None, "7")
    assert not same_value("new.to.us", None, "7", CATALOGUE)
