"""Secrets that are set: when they are written again, and what goes when their mechanism does."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from reconciler.model.address import LinkAddress
from reconciler.model.changes import ChangeKind, FieldDelta, Resent
from reconciler.model.links import ConnectionMode, LinkGoal, LinkMode, Topology
from reconciler.model.observed import ObservedConfig
from reconciler.model.plan import Plan
from reconciler.model.secrets import Reference, ReferenceKind, Template
from reconciler.model.steps import AlterLink, CreateLink
from reconciler.planning import make_plan, what_moved
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
)

PROTOCOL, MECHANISM, JAAS = "security.protocol", "sasl.mechanism", "sasl.jaas.config"
HANDLER, TOKENS = "sasl.login.callback.handler.class", "sasl.oauthbearer.token.endpoint.url"
TRUST, TRUST_TYPE = "ssl.truststore.certificates", "ssl.truststore.type"
SYNC_MS = "consumer.offset.sync.ms"
BESIDE, REQUESTED = Resent.BESIDE_CHANGE, Resent.REQUESTED
OAUTH, SCRAM, PLAIN = (Template.literal(w) for w in ("OAUTHBEARER", "SCRAM-SHA-512", "PLAIN"))
SET = config(None, sensitive=True)


def env(name: str) -> Template:
    """`${env:NAME}`."""
    return Template((Reference(ReferenceKind.ENV, name),))


WANTED = {PROTOCOL: Template.literal("SASL_SSL"), MECHANISM: SCRAM, JAAS: env("LOGIN"), TRUST: env("CA")}  # fmt: skip
LIVE = {PROTOCOL: config("SASL_SSL"), MECHANISM: config("SCRAM-SHA-512"), JAAS: SET, TRUST: SET}


def _plan(
    credentials: Mapping[str, Template],
    shown: Mapping[str, ObservedConfig],
    *globs: str,
    configs: Mapping[str, str] | None = None,
    reset: tuple[str, ...] = (),
) -> Plan:
    wish = desired(entry(halves=[half(credentials=credentials, configs=configs, reset=reset)]))
    seen = observed(live(DST, links=[live_link(configs=shown)]), live(SRC))
    return make_plan(wish, seen, CATALOGUE, write_secrets=globs)


def _resent(plan: Plan) -> dict[str, Resent | None]:
    deltas = (delta for change in plan.changes for delta in change.deltas)
    return {d.name: d.resent for d in deltas if isinstance(d, FieldDelta) and d.hidden}


def _codes(plan: Plan) -> list[str]:
    return [finding.code for finding in plan.diagnostics]


def _action(plan: Plan) -> AlterLink:
    (step,) = plan.steps
    assert isinstance(step.action, AlterLink)
    return step.action


@pytest.mark.parametrize(
    ("moved", "before"),
    [
        ({MECHANISM: PLAIN}, {}),
        ({PROTOCOL: Template.literal("PLAINTEXT")}, {}),
        ({TRUST_TYPE: Template.literal("PEM")}, {TRUST_TYPE: config("JKS")}),
        ({HANDLER: Template.literal("x.Y")}, {HANDLER: config("x.Z")}),
        ({TOKENS: Template.literal("https://b")}, {}),
    ],
)
def test_secrets_go_along_with_what_changes_beside_them(
    moved: Mapping[str, Template], before: Mapping[str, ObservedConfig]
) -> None:
    """Where a visible security config changes, all secrets of its direction are sent in the same batch, and shown."""
    plan = _plan({**WANTED, **moved}, {**LIVE, **before})
    assert _resent(plan) == {JAAS: BESIDE, TRUST: BESIDE}
    assert _action(plan).credentials == {JAAS: env("LOGIN"), TRUST: env("CA"), **moved}
    assert "secrets-not-compared" not in _codes(plan)


@pytest.mark.parametrize("moved", ["", "local."])
def test_each_direction_has_its_own_secrets(moved: str) -> None:
    """Plain keys and `local.*` are two logins: the secrets of the one stay when only the other changes."""
    wanted = {f"{p}{n}": t for p in ("", "local.") for n, t in WANTED.items()}
    shown = {f"{p}{n}": c for p in ("", "local.") for n, c in LIVE.items()}
    plan = _plan(wanted | {f"{moved}{MECHANISM}": PLAIN}, shown)
    assert _resent(plan) == {f"{moved}{JAAS}": BESIDE, f"{moved}{TRUST}": BESIDE}
    (note,) = plan.diagnostics
    other = "" if moved else "local."
    assert note.message.startswith(f"{other}{JAAS}, {other}{TRUST}: set on the server")


def test_other_changes_move_no_secret() -> None:
    """A change of a behaviour config, or of nothing, leaves secrets alone: they cannot be compared."""
    assert _resent(_plan(WANTED, LIVE, configs={SYNC_MS: "7"})) == {}
    assert not _plan(WANTED, LIVE).pending


def test_what_is_hidden_itself_moves_no_other_secret() -> None:
    """One secret more says nothing about the others, and neither does a config that nobody knows."""
    unset = {**LIVE, TRUST: config(None, default=True, sensitive=True)}
    plan = _plan({**WANTED, "ssl.of.tomorrow": Template.literal("x")}, unset)
    assert _resent(plan) == {TRUST: None, "ssl.of.tomorrow": None}


def test_a_change_that_the_server_forbids_moves_no_secret() -> None:
    """What is blocked is not written, so it would send the secrets at every plan."""
    plan = _plan(WANTED, {**LIVE, MECHANISM: config("PLAIN", read_only=True)})
    assert (plan.steps, _codes(plan)) == ((), ["config-read-only", "secrets-not-compared"])


OF_OAUTH = {HANDLER: config("x.Handler"), TOKENS: config("https://tokens")}


@pytest.mark.parametrize("prefix", ["", "local."])
def test_what_only_the_old_mechanism_uses_goes_with_it(prefix: str) -> None:
    """Leaving OAUTHBEARER puts its handler and its token URL back, in one batch with the new login, and shows it."""
    wanted = {prefix + name: template for name, template in WANTED.items()}
    shown = {prefix + n: c for n, c in {**LIVE, **OF_OAUTH, MECHANISM: config("OAUTHBEARER")}.items()}  # fmt: skip
    plan = _plan(wanted, shown)
    action = _action(plan)
    assert action.reset_configs == (prefix + HANDLER, prefix + TOKENS)
    assert set(action.credentials) == {prefix + MECHANISM, prefix + JAAS, prefix + TRUST}
    assert FieldDelta(prefix + HANDLER, "x.Handler", None) in plan.changes[0].deltas


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        ({HANDLER: Template.literal("x.Handler"), TOKENS: env("URL")}, {MECHANISM: config("OAUTHBEARER")}),
        ({MECHANISM: OAUTH}, {MECHANISM: config("PLAIN")}),
        ({}, {}),
        ({}, {MECHANISM: config("PLAIN")}),
        ({}, {f"local.{MECHANISM}": config("OAUTHBEARER")}),
    ],
)  # fmt: skip
def test_nothing_else_that_the_file_does_not_name_is_put_back(
    wanted: Mapping[str, Template], shown: Mapping[str, ObservedConfig]
) -> None:
    """What the file declares, what the new mechanism uses, and what was there while the mechanism stays, stays."""
    plan = _plan({**WANTED, **wanted}, {**LIVE, **OF_OAUTH, **shown})
    assert [name for step in plan.steps for name in getattr(step.action, "reset_configs", ())] == []


def test_what_nobody_knows_to_be_set_is_said_and_stays() -> None:
    """Where the server does not say what is default, an old handler is named with the way out."""
    shown = {**LIVE, MECHANISM: config("OAUTHBEARER"), HANDLER: config("x.H", default=None)}
    plan = _plan(WANTED, shown)
    (note,) = plan.diagnostics
    assert (note.code, _action(plan).reset_configs) == ("reset-unverifiable", ())
    assert note.cure == f"give {HANDLER} an explicit value under `credentials` instead"


def test_secrets_are_written_on_request() -> None:
    """The request makes a change of the secrets alone, told by their references, and is not asked for a second time."""
    plan = _plan(WANTED, LIVE, "dst/l")
    (change,) = plan.changes
    assert (change.kind, change.kind.irreversible) == (ChangeKind.CONFIGURE_LINK, False)
    assert change.deltas == (
        FieldDelta(JAAS, hidden=True, reference="${env:LOGIN}", resent=REQUESTED),
        FieldDelta(TRUST, hidden=True, reference="${env:CA}", resent=REQUESTED),
    )
    assert _action(plan) == AlterLink(LINK, credentials={JAAS: env("LOGIN"), TRUST: env("CA")})
    assert _codes(plan) == []
    assert not _plan(WANTED, LIVE).pending


def test_a_request_goes_along_with_what_differs() -> None:
    """A secret that is not set stays the difference that it is; the rest is written as well, in one batch."""
    shown = {**LIVE, JAAS: config(None, default=True, sensitive=True)}
    plan = _plan(WANTED, shown, "dst/*", configs={SYNC_MS: "7"})
    assert _resent(plan) == {JAAS: None, TRUST: REQUESTED}
    assert set(_action(plan).credentials) == {JAAS, TRUST}
    assert _action(plan).set_configs == {SYNC_MS: "7"}


def test_what_a_server_hides_among_the_configs_is_written_too() -> None:
    """A config that this server calls sensitive cannot be compared either."""
    plan = _plan({}, {"their.own": SET}, "dst/l", configs={"their.own": "x"})
    assert _resent(plan) == {"their.own": REQUESTED}
    assert _action(plan).set_configs == {"their.own": "x"}


def test_a_request_is_part_of_what_was_shown() -> None:
    """A plan with a request is fresh when planned with it, and not without it."""
    shown = _plan(WANTED, LIVE, "dst/l")
    assert what_moved(shown, _plan(WANTED, LIVE, "dst/l")) == ()
    assert [f.code for f in what_moved(shown, _plan(WANTED, LIVE))] == ["moved-change"]


def test_a_hidden_value_without_a_reference_names_no_origin() -> None:
    """A Kerberos login holds no secret and is hidden all the same: it goes along, and nothing is shown of it."""
    login = Template.literal("Krb5LoginModule required;")
    (delta,) = _plan({JAAS: login}, {JAAS: SET}, "dst/l").changes[0].deltas
    assert delta == FieldDelta(JAAS, hidden=True, resent=REQUESTED)
    (unset,) = _plan({JAAS: login}, {}).changes[0].deltas
    assert unset == FieldDelta(JAAS, hidden=True)


def test_the_note_says_how_to_write_them() -> None:
    """What is not compared can be written by the address that stands in the note."""
    (note,) = _plan(WANTED, LIVE).diagnostics
    assert note.address == LINK
    assert "`--write-secrets dst/l`" in note.cure


@pytest.mark.parametrize("glob", ["dst/m", "l", "dst/l/t", "DST/l"])
def test_a_request_that_names_nothing_is_an_error(glob: str) -> None:
    """A misspelt address is said with those that there are, and is never an empty plan."""
    (error,) = [d for d in _plan(WANTED, LIVE, glob).diagnostics if d.code == "secrets-unmatched"]
    assert (error.severity, error.subject) == ("error", glob)
    assert error.cure.endswith(": dst/l")


def test_a_request_for_a_link_without_secrets_is_an_error() -> None:
    """Where the file has no secrets of a link, there is nothing to write."""
    plan = _plan({PROTOCOL: Template.literal("SSL")}, {PROTOCOL: config("SSL")}, "dst/l")
    assert _codes(plan) == ["secrets-unmatched"]
    assert "no secrets in the file" in plan.diagnostics[0].cure


def test_a_request_names_the_half_that_has_the_secrets() -> None:
    """The address of the other half is refused with the right one; a link to be deleted has nothing to write."""
    far = LinkAddress(SRC, "l")
    dialled = half(connection_mode=ConnectionMode.INBOUND)
    dialling = half(far, DST, link_mode=LinkMode.SOURCE, hosts_mirrors=False, credentials=WANTED)
    lives = [
        live(DST, links=[live_link(connection_mode="INBOUND")]),
        live(SRC, links=[live_link(far, remote=DST, link_mode="SOURCE", configs=LIVE)]),
    ]

    def plan(glob: str, goal: LinkGoal = LinkGoal.ACTIVE) -> Plan:
        link = entry(halves=[dialled, dialling], goal=goal, topology=Topology.SOURCE)
        return make_plan(desired(link), observed(*lives), CATALOGUE, write_secrets=(glob,))

    assert _resent(plan("src/l")) == {JAAS: REQUESTED, TRUST: REQUESTED}
    refused = [d.cure for d in plan("dst/l").diagnostics if d.code == "secrets-unmatched"]
    assert refused == ["write one of these, or a glob over them: src/l"]
    refused = [
        d.cure for d in plan("src/l", LinkGoal.ABSENT).diagnostics if d.code == "secrets-unmatched"
    ]
    assert refused == ["leave the option out: what is to be deleted gets no secrets: src/l"]


def test_a_target_limits_what_may_be_requested() -> None:
    """Secrets of a link that the targets leave out are not written, and that is said."""
    wish = desired(entry(halves=[half(credentials=WANTED)]))
    seen = observed(live(DST, links=[live_link(configs=LIVE)]), live(SRC))
    plan = make_plan(wish, seen, CATALOGUE, targets=("dst/elsewhere",), write_secrets=("dst/l",))
    assert _codes(plan) == ["target-unknown", "secrets-unmatched"]
    assert "the targets are beside dst/l" in plan.diagnostics[1].cure


def test_a_target_below_a_link_leaves_its_secrets_out() -> None:
    """They belong to the link object, and are not said to be missing in the file."""
    wish = desired(entry(mirror("t"), halves=[half(credentials=WANTED)]))
    seen = observed(live(DST, links=[live_link(configs=LIVE)]), live(SRC))
    plan = make_plan(wish, seen, CATALOGUE, targets=("dst/l/t",), write_secrets=("dst/l",))
    (cure,) = [d.cure for d in plan.diagnostics if d.code == "secrets-unmatched"]
    assert "the targets are beside dst/l" in cure


def test_a_new_link_gets_its_secrets_anyway() -> None:
    """A request that selects a link which is yet to be made is fulfilled by its creation."""
    wish = desired(entry(halves=[half(credentials=WANTED)]))
    plan = make_plan(wish, observed(live(DST), live(SRC)), CATALOGUE, write_secrets=("dst/l",))
    (step,) = plan.steps
    assert isinstance(step.action, CreateLink)
    assert _codes(plan) == []
