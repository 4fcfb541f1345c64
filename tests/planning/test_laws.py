"""The laws of planning, on wanted and live states that are drawn independently of each other."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reconciler.model.address import LinkAddress
from reconciler.model.catalogue import Catalogue
from reconciler.model.changes import ChangeKey, ChangeKind, Delta, FieldDelta, Resent
from reconciler.model.consent import ConsentKind, Grant
from reconciler.model.desired import DesiredHalf, DesiredLink, DesiredMirror, DesiredState
from reconciler.model.diagnostics import Severity
from reconciler.model.filters import FilterKind, FilterSet, NameFilter
from reconciler.model.links import ConnectionMode, LinkGoal, LinkMode, Topology
from reconciler.model.mirrors import MirrorGoal, MirrorStatus
from reconciler.model.observed import (
    ObservedCluster,
    ObservedConfig,
    ObservedLink,
    ObservedMirror,
    ObservedState,
)
from reconciler.model.plan import Plan
from reconciler.model.secrets import Reference, ReferenceKind, Template
from reconciler.model.steps import AlterLink, AlterMirror, ChangeMirrors, CreateLink, links_touched
from reconciler.planning import further_reads, make_plan, missing_consents
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
from tests.planning.worlds import World, shown_credentials

K = LinkAddress(DST, "k")
FAR = LinkAddress(SRC, "k")
PREFIX = "k."
SYNC, AUTO, MS = "consumer.offset.sync.enable", "auto.create.mirror.topics.enable", "consumer.offset.sync.ms"  # fmt: skip
NAMES = ("a", "b", "c", "d")
JAAS = Template((Reference(ReferenceKind.ENV, "JAAS"),))
MECHANISM, HANDLER = "sasl.mechanism", "sasl.login.callback.handler.class"
MECHANISMS = ("OAUTHBEARER", "PLAIN")
LOGINS: tuple[dict[str, Template], ...] = (
    {},
    {"sasl.jaas.config": JAAS},
    *({"sasl.jaas.config": JAAS, MECHANISM: Template.literal(name)} for name in MECHANISMS),
)
ROWS = st.frozensets(
    st.builds(
        NameFilter,
        st.sampled_from(["a", "b", "*"]),
        st.just("LITERAL"),
        st.sampled_from(["INCLUDE", "EXCLUDE"]),
    ),
    min_size=1,
    max_size=3,
)
BOOLEANS = ("true", "false")
Filters = dict[FilterKind, FilterSet]
A = TypeVar("A")
B = TypeVar("B")


@st.composite
def wanted_properties(draw: st.DrawFn) -> tuple[dict[str, str], Filters]:
    """Declared configs and filters; a filter never comes without its switch."""
    configs: dict[str, str] = {}
    filters: Filters = {}
    for switch, kind in ((SYNC, FilterKind.GROUP), (AUTO, FilterKind.TOPIC)):
        if draw(st.booleans()):
            configs[switch] = draw(st.sampled_from(BOOLEANS))
            filters[kind] = draw(ROWS)
    if draw(st.booleans()):
        configs[MS] = draw(st.sampled_from(["1000", "30000"]))
    return configs, filters


@st.composite
def wanted_mirrors(draw: st.DrawFn, link: LinkAddress, prefix: str) -> tuple[DesiredMirror, ...]:
    """A few mirror topics of one link in any wanted state."""
    names = draw(st.lists(st.sampled_from(NAMES), unique=True))
    return tuple(
        mirror(
            name,
            draw(st.sampled_from(MirrorGoal)),
            link=link,
            prefix=prefix,
            configs=draw(st.sampled_from([{}, {"confluent.x": "1"}])),
            replication_factor=draw(st.sampled_from([None, 3])),
        )
        for name in names
    )


@st.composite
def wanted_states(draw: st.DrawFn) -> DesiredState:
    """A destination-initiated link, and perhaps a pair that is initiated by the source."""
    configs, filters = draw(wanted_properties())
    one = half(
        configs=configs,
        filters=filters,
        reset=draw(st.sampled_from([(), ("new.to.us",), () if MS in configs else (MS,)])),
        credentials=draw(st.sampled_from(LOGINS)),
    )
    goals = st.sampled_from(LinkGoal)
    entries = [entry(*draw(wanted_mirrors(LINK, "")), halves=[one], goal=draw(goals))]
    if draw(st.booleans()):
        entries.append(_pair(*draw(wanted_mirrors(K, PREFIX)), goal=draw(goals)))
    return desired(*entries, protect=draw(st.sampled_from([(), ("a",), ("*b",)])))


def _pair(*mirrors: DesiredMirror, goal: LinkGoal) -> DesiredLink:
    dialled = half(K, connection_mode=ConnectionMode.INBOUND, prefix=PREFIX)
    dialling = half(FAR, DST, link_mode=LinkMode.SOURCE, hosts_mirrors=False)
    return entry(*mirrors, halves=[dialled, dialling], goal=goal, topology=Topology.SOURCE)


@st.composite
def live_rows(
    draw: st.DrawFn, link: LinkAddress, prefix: str, *, paused: bool
) -> list[ObservedMirror]:
    """Mirror rows in any status that fits the pause of their link."""
    words = [s.value for s in MirrorStatus if (s is MirrorStatus.LINK_PAUSED) <= paused]
    if paused:
        words.remove("ACTIVE")
    names = draw(st.lists(st.sampled_from(NAMES), unique=True))
    return [
        row(name, draw(st.sampled_from([*words, "STRANGE"])), link=link, prefix=prefix, lag=draw(st.integers(0, 3)))
        for name in names
    ]  # fmt: skip


@st.composite
def live_first_link(draw: st.DrawFn) -> ObservedLink:
    """The first link, with properties of its own choice."""
    configs: dict[str, ObservedConfig] = {
        MS: config(draw(st.sampled_from(["30000", "1000", "01000"])))
    }
    filters: Filters = {}
    for switch, kind in ((SYNC, FilterKind.GROUP), (AUTO, FilterKind.TOPIC)):
        on = draw(st.booleans())
        configs[switch] = config("true" if on else "false", default=not on)
        filters[kind] = draw(ROWS) if on else frozenset()
    secret = draw(st.booleans())
    configs["sasl.jaas.config"] = config(None, default=secret, sensitive=True)
    configs[MECHANISM] = config(draw(st.sampled_from(MECHANISMS)))
    configs[HANDLER] = draw(st.sampled_from([config("x.H"), config(None, default=True)]))
    return live_link(
        configs=configs,
        filters=filters,
        paused=draw(st.booleans()),
        prefix=draw(st.sampled_from(["", "", "", "x."])),
    )


@st.composite
def live_states(draw: st.DrawFn) -> ObservedState:
    """Both clusters, with any part of what could be there."""
    links: list[ObservedLink] = []
    rows: list[ObservedMirror] = []
    far: list[ObservedLink] = []
    if draw(st.booleans()):
        links.append(draw(live_first_link()))
        rows += draw(live_rows(LINK, "", paused=bool(links[0].paused)))
    if draw(st.booleans()):
        links.append(live_link(K, connection_mode="INBOUND", prefix=PREFIX))
        rows += draw(live_rows(K, PREFIX, paused=False))
    if draw(st.booleans()):
        link_id = draw(st.sampled_from(["L1", "L1", "L2"]))
        far.append(live_link(FAR, remote=DST, link_mode="SOURCE", link_id=link_id))
    taken = {r.address.mirror for r in rows}
    plain = [
        n for n in draw(st.lists(st.sampled_from([*NAMES, "k.a"]), unique=True)) if n not in taken
    ]
    here = live(DST, links=links, rows=rows, plain=plain, topic_configs={})
    return observed(
        here, live(SRC, links=far, plain=draw(st.lists(st.sampled_from(NAMES), unique=True)))
    )


def _bold(wish: DesiredState) -> tuple[Grant, ...]:
    """Exact consent to everything that wants it."""
    kinds = (ConsentKind.RECREATE, ConsentKind.DELETE_RELEASED)
    return tuple(Grant(kind, glob=str(m.address)) for _, m in wish.mirrors() for kind in kinds)


GRANTS: st.SearchStrategy[Callable[[DesiredState], tuple[Grant, ...]]] = st.sampled_from(
    [lambda _: (), _bold]
)
fast = settings(max_examples=150, deadline=None)


@fast
@given(wanted_states(), live_states(), GRANTS, st.randoms(use_true_random=False))
def test_same_in_same_out(
    wish: DesiredState,
    seen: ObservedState,
    grants: Callable[[DesiredState], tuple[Grant, ...]],
    rng: random.Random,
) -> None:
    """Shuffling the file, the answers or the consents changes no byte of the plan (P8)."""
    given_grants = list(grants(wish))
    plan = make_plan(wish, seen, CATALOGUE, grants=tuple(given_grants))
    rng.shuffle(given_grants)
    other = make_plan(
        _shuffled_wish(wish, rng), _shuffled_state(seen, rng), CATALOGUE, grants=tuple(given_grants)
    )
    assert plan == other
    assert _orders(plan) == _orders(other)


@fast
@given(wanted_states(), live_states(), GRANTS, st.sampled_from([(), ("*",)]))
def test_arrival(
    wish: DesiredState,
    seen: ObservedState,
    grants: Callable[[DesiredState], tuple[Grant, ...]],
    write_secrets: tuple[str, ...],
) -> None:
    """Every step is legal when its turn comes, and after one run nothing is left to do (P3), whatever was asked for."""
    allowed = grants(wish)
    plan = make_plan(wish, seen, CATALOGUE, grants=allowed, write_secrets=write_secrets)
    after = World(seen).run(plan).state
    again = make_plan(wish, after, CATALOGUE)
    assert again.changes == ()


@fast
@given(wanted_states(), live_states())
def test_a_request_for_secrets_adds_nothing_else(wish: DesiredState, seen: ObservedState) -> None:
    """Beside the secrets that were asked for, the plan is what it is without the request."""
    plan = make_plan(wish, seen, CATALOGUE)
    asked = make_plan(wish, seen, CATALOGUE, write_secrets=("*",))
    assert _told(asked, leave_out=Resent.REQUESTED) == _told(plan)
    assert all(isinstance(s.action, AlterLink) for s in asked.steps if s.id not in _ids(plan))
    assert asked.wanted_grants == plan.wanted_grants


def _told(plan: Plan, leave_out: Resent | None = None) -> set[tuple[ChangeKey, Delta]]:
    return {
        (change.key, delta)
        for change in plan.changes
        for delta in change.deltas
        if not isinstance(delta, FieldDelta)
        or delta.resent is None
        or delta.resent is not leave_out
    }


def _ids(plan: Plan) -> set[str]:
    return {step.id for step in plan.steps}


@fast
@given(wanted_states(), live_states(), GRANTS)
def test_order_and_cover(
    wish: DesiredState,
    seen: ObservedState,
    grants: Callable[[DesiredState], tuple[Grant, ...]],
) -> None:
    """Steps follow their needs, carry every change and nothing else, and never race for one object."""
    plan = make_plan(wish, seen, CATALOGUE, grants=grants(wish))
    earlier: dict[str, set[str]] = {}
    for step in plan.steps:
        assert set(step.needs) <= set(earlier)
        earlier[step.id] = {*step.needs, *(n for need in step.needs for n in earlier[need])}
    keys = {change.key for change in plan.changes}
    assert keys == {key for step in plan.steps for key in step.covers}
    assert all(step.covers for step in plan.steps)
    for n, one in enumerate(plan.steps):
        for other in plan.steps[:n]:
            if _written(plan, one.id) & _written(plan, other.id):
                assert other.id in earlier[one.id], (other.id, one.id)


@fast
@given(wanted_states(), live_states(), GRANTS, st.sampled_from(range(10)))
def test_blindness(
    wish: DesiredState,
    seen: ObservedState,
    grants: Callable[[DesiredState], tuple[Grant, ...]],
    scope: int,
) -> None:
    """A scope that can no longer be read adds no creation, no deletion and nothing irreversible anywhere (P6)."""
    clear = make_plan(wish, seen, CATALOGUE, grants=grants(wish))
    blind = make_plan(wish, _blinded(seen, scope), CATALOGUE, grants=grants(wish))
    assert _constructive(blind) <= _constructive(clear)
    assert _irreversible(blind) <= _irreversible(clear)


@fast
@given(wanted_states(), live_states())
def test_nothing_irreversible_without_consent(wish: DesiredState, seen: ObservedState) -> None:
    """A plan may run without consent exactly when it holds nothing irreversible; consents only remove findings (P5)."""
    plan = make_plan(wish, seen, CATALOGUE)
    dangerous = {c.kind.consent for c in plan.changes if c.kind.irreversible}
    assert len(missing_consents(plan, ())) == len(dangerous)
    for kind in ConsentKind:
        left = missing_consents(plan, (Grant(kind),))
        assert len(left) == len(dangerous - ({kind} if not kind.exact else set()))
        everything = (Grant(kind), Grant(kind, budget=9), Grant(kind, glob="*"))
        if not kind.exact:
            assert make_plan(wish, seen, CATALOGUE, grants=everything) == plan
    assert missing_consents(plan, plan.wanted_grants) == ()


@fast
@given(wanted_states(), live_states(), st.data())
def test_removing_an_entry_never_deletes(
    wish: DesiredState, seen: ObservedState, data: st.DataObject
) -> None:
    """Whatever leaves the file is not touched by any step (P4)."""
    kept = tuple(
        replace(link, mirrors=tuple(m for m in link.mirrors if data.draw(st.booleans())))
        for link in wish.links
        if data.draw(st.booleans())
    )
    left = {m.address for link in kept for m in link.mirrors}
    links = {h.address for link in kept for h in link.halves}
    plan = make_plan(replace(wish, links=kept), seen, CATALOGUE)
    assert {change.address for change in plan.changes} <= left | links


@fast
@given(wanted_states(), live_states())
def test_protection_holds_against_everything(wish: DesiredState, seen: ObservedState) -> None:
    """No consent gets an irreversible change past `protect`."""
    plan = make_plan(replace(wish, protect=("*",)), seen, CATALOGUE, grants=_bold(wish))
    assert {c.kind for c in plan.changes if c.kind.irreversible} <= {ChangeKind.DELETE_LINK}


@fast
@given(wanted_states(), live_states(), st.text(max_size=12))
def test_unknown_words(wish: DesiredState, seen: ObservedState, word: str) -> None:
    """Whatever word a server invents as a status, nothing raises and nothing is done to that mirror topic."""
    assume(word not in {status.value for status in MirrorStatus})
    here = seen.clusters[DST]
    assert isinstance(here.mirrors, dict)
    rows = {name: replace(r, status=word) for name, r in here.mirrors.items()}
    plan = make_plan(
        wish,
        seen.merge(observed(replace(here, mirrors=rows))),
        CATALOGUE,
        grants=_bold(wish),
    )
    acted = {c.address for c in plan.changes} & {r.address for r in rows.values()}
    assert acted == set()


@fast
@given(wanted_states())
def test_rest(wish: DesiredState) -> None:
    """A world that is as declared, in a server's spelling, needs nothing."""
    plan = make_plan(wish, _as_declared(wish), CATALOGUE)
    assert (plan.changes, plan.waiting) == ((), ())
    # An absent name under an auto-create filter is a contradiction of the file, and said.
    assert {d.code for d in plan.of(Severity.BLOCKED)} <= {
        "comes-back",
        "link-in-use",
        "link-unusable",
    }


@fast
@given(wanted_states(), live_states())
def test_a_whole_reading_leaves_nothing_to_read(wish: DesiredState, seen: ObservedState) -> None:
    """When everything was read, nothing more is asked for; so reading always ends."""
    assert further_reads(wish, seen, grants=_bold(wish)) == {}


def test_the_model_knows_the_same_switches() -> None:
    """The laws exercise the switches of the catalogue they are given."""
    catalogue: Catalogue = CATALOGUE
    assert {SYNC, AUTO} <= {family.switch for family in catalogue.families.values()}


def _orders(plan: Plan) -> list[list[str]]:
    """The order of every mapping in the plan, which equality does not see."""
    orders: list[list[str]] = [list(plan.identities)]
    for step in plan.steps:
        action = step.action
        if isinstance(action, CreateLink):
            made = action.half
            orders += [list(made.configs), list(made.credentials), list(made.filters)]
        if isinstance(action, AlterLink):
            orders += [list(action.set_configs), list(action.credentials), list(action.filters)]
    return orders


def _constructive(plan: Plan) -> set[tuple[str, ChangeKind]]:
    kinds = {kind for kind in ChangeKind if kind.value.startswith(("create", "delete", "recreate"))}
    return {(str(c.address), c.kind) for c in plan.changes if c.kind in kinds}


def _irreversible(plan: Plan) -> set[ChangeKey]:
    return {change.key for change in plan.changes if change.kind.irreversible}


def _written(plan: Plan, name: str) -> set[str]:
    """The objects whose state a step writes; configs of a topic are another object than its mirroring."""
    action = next(step.action for step in plan.steps if step.id == name)
    match action:
        case ChangeMirrors(link, _, mirrors):
            return {str(link.mirror(m)) for m in mirrors}
        case AlterMirror(address):
            return {f"configs of {address}"}
        case _:
            return {str(getattr(action, "address", links_touched(action)))}


def _blinded(seen: ObservedState, scope: int) -> ObservedState:
    """The same world with one scope turned into a gap."""
    here, source, hidden = seen.clusters[DST], seen.clusters[SRC], gap()
    parts: list[ObservedCluster] = [
        replace(here, links=hidden),
        replace(here, mirrors=hidden),
        replace(here, topics=hidden),
        replace(here, topic_configs=hidden),
        _hide_links(here, lambda link: replace(link, configs=hidden, filters={}, link_mode=None, connection_mode=None, prefix=None, paused=None)),
        _hide_links(here, lambda link: replace(link, filters=dict.fromkeys(FilterKind, hidden))),
        replace(source, cluster_id=hidden),
        replace(source, topics=hidden),
        replace(source, links=hidden),
        _hide_links(source, lambda link: replace(link, configs=hidden, link_mode=None)),
    ]  # fmt: skip
    part = parts[scope]
    return ObservedState({**seen.clusters, part.name: part})


def _hide_links(
    cluster: ObservedCluster, hide: Callable[[ObservedLink], ObservedLink]
) -> ObservedCluster:
    assert isinstance(cluster.links, dict)
    return replace(cluster, links={name: hide(link) for name, link in cluster.links.items()})


def _shuffled_wish(wish: DesiredState, rng: random.Random) -> DesiredState:
    links = [
        replace(link, mirrors=tuple(rng.sample(link.mirrors, len(link.mirrors))))
        for link in wish.links
    ]
    rng.shuffle(links)
    halves = [
        replace(link, halves=tuple(_shuffled_half(h, rng) for h in link.halves)) for link in links
    ]
    return replace(wish, links=tuple(halves), clusters=_shuffled(wish.clusters, rng))


def _shuffled_half(one: DesiredHalf, rng: random.Random) -> DesiredHalf:
    return replace(one, configs=_shuffled(one.configs, rng), filters=_shuffled(one.filters, rng))


def _shuffled_state(seen: ObservedState, rng: random.Random) -> ObservedState:
    clusters = {}
    for name, cluster in seen.clusters.items():
        assert isinstance(cluster.links, dict)
        assert isinstance(cluster.mirrors, dict)
        assert isinstance(cluster.topics, dict)
        links = {
            n: replace(link, filters=_shuffled(link.filters, rng))
            for n, link in _shuffled(cluster.links, rng).items()
        }
        clusters[name] = replace(
            cluster,
            links=links,
            mirrors=_shuffled(cluster.mirrors, rng),
            topics=_shuffled(cluster.topics, rng),
        )
    return ObservedState(_shuffled(clusters, rng))


def _shuffled(mapping: Mapping[A, B], rng: random.Random) -> dict[A, B]:
    items = list(mapping.items())
    rng.shuffle(items)
    return dict(items)


SETTLED = {
    MirrorGoal.ACTIVE: "ACTIVE",
    MirrorGoal.PAUSED: "PAUSED",
    MirrorGoal.PROMOTED: "STOPPED",
    MirrorGoal.FAILED_OVER: "STOPPED",
    MirrorGoal.RELEASED: "STOPPED",
}


def _as_declared(wish: DesiredState) -> ObservedState:
    """A world that is as the file says, built by hand and spelled as servers spell."""
    links: dict[str, list[ObservedLink]] = {DST: [], SRC: []}
    rows: list[ObservedMirror] = []
    shown: dict[str, dict[str, ObservedConfig]] = {}
    for link in wish.links:
        if link.goal is LinkGoal.ABSENT:
            continue
        paused = link.goal is LinkGoal.PAUSED
        for one in link.halves:
            links[one.address.cluster].append(_live_half(one, paused=paused and one.hosts_mirrors))
        for m in link.mirrors:
            if m.goal is MirrorGoal.ABSENT:
                continue
            status = SETTLED[m.goal]
            status = "LINK_PAUSED" if paused and status == "ACTIVE" else status
            at = m.address
            rows.append(row(m.source_topic, status, link=at.link_address, prefix=at.mirror.removesuffix(m.source_topic)))  # fmt: skip
            shown[at.mirror] = {n: ObservedConfig(n, v) for n, v in m.configs.items()}
    released = [
        m.address.mirror
        for link, m in wish.mirrors()
        if link.goal is LinkGoal.ABSENT and SETTLED.get(m.goal) == "STOPPED"
    ]
    here = live(DST, links=links[DST], rows=rows, plain=released, topic_configs=shown)
    return observed(here, live(SRC, links=links[SRC], plain=NAMES))


def _live_half(one: DesiredHalf, *, paused: bool) -> ObservedLink:
    configs = {n: config(v.upper() if v in BOOLEANS else f" {v}") for n, v in one.configs.items()}
    configs |= shown_credentials(one.credentials)
    off = {
        kind
        for kind, family in CATALOGUE.families.items()
        if one.configs.get(family.switch, "false") == "false"
    }
    return live_link(
        one.address,
        remote=one.remote,
        configs=configs,
        filters={k: frozenset() if k in off else rows for k, rows in one.filters.items()},
        paused=paused,
        prefix=one.prefix,
        link_mode=one.link_mode,
        connection_mode=one.connection_mode,
    )
