"""What one look says about an action: tables."""

from __future__ import annotations

import pytest

from reconciler.execution.settled import addresses_of, reads_for, settled
from reconciler.execution.settled_mirrors import shown as shown_row
from reconciler.execution.verdicts import Failed, Pending, Settled, Unseen, Verdict
from reconciler.model.address import Address, LinkAddress
from reconciler.model.diagnostics import Diagnostic
from reconciler.model.filters import AclFilter, FilterKind, NameFilter
from reconciler.model.links import ConnectionMode
from reconciler.model.mirrors import MirrorStatus, MirrorVerb, PartitionLag
from reconciler.model.observed import (
    Gap,
    ObservedCluster,
    ObservedConfig,
    ObservedLink,
    ObservedMirror,
    ObservedTopic,
    TaskError,
)
from reconciler.model.secrets import Reference, ReferenceKind, Template
from reconciler.model.steps import (
    Action,
    AlterLink,
    AlterMirror,
    ChangeMirrors,
    CreateLink,
    CreateMirror,
    DeleteLink,
    DeleteTopic,
    SetLinkPaused,
)
from tests.execution.world import CATALOGUE, DST, LINK, half, trouble

A = LINK.mirror("a")
GAP = Gap("dst", trouble("blind"))
SWITCH, MS = "consumer.offset.sync.enable", "consumer.offset.sync.ms"
SECRET = Template((Reference(ReferenceKind.ENV, "JAAS"),))
ROW = NameFilter("g")


def word(verdict: Verdict) -> str:
    """The verdict as one word, `begun` told apart."""
    if isinstance(verdict, Pending):
        return "begun" if verdict.begun else "pending"
    return type(verdict).__name__.lower()


def judge(action: Action, cluster: ObservedCluster) -> Verdict:
    (verdict,) = settled(action, cluster, CATALOGUE).values()
    return verdict


def mirror(status: str | None, link: str = "l", source: str = "a") -> ObservedCluster:
    address = LinkAddress(DST, link).mirror("a")
    return ObservedCluster(DST, mirrors={"a": ObservedMirror(address, source, status)})


def link(**facts: object) -> ObservedCluster:
    return ObservedCluster(DST, links={"l": ObservedLink(LINK, **facts)})  # type: ignore[arg-type]


LIFECYCLE = {
    # status: pause, resume, promote, failover, create
    "ACTIVE": ("pending", "settled", "pending", "pending", "settled"),
    "PAUSED": ("settled", "pending", "pending", "pending", "settled"),
    "LINK_PAUSED": ("pending", "settled", "pending", "pending", "settled"),
    "LINK_FAILED": ("pending", "pending", "pending", "pending", "begun"),
    "SOURCE_UNAVAILABLE": ("pending", "pending", "pending", "pending", "begun"),
    "PENDING_STOPPED": ("pending", "pending", "begun", "begun", "begun"),
    "STOPPED": ("failed", "failed", "settled", "settled", "failed"),
    "FAILED": ("failed", "failed", "failed", "pending", "failed"),
    "PENDING_MIRROR": ("pending", "pending", "pending", "pending", "begun"),
    "PENDING_SYNCHRONIZE": ("pending", "pending", "pending", "pending", "begun"),
    "PENDING_SETUP_FOR_RESTORE": ("pending", "pending", "pending", "pending", "begun"),
    "PENDING_RESTORE": ("pending", "pending", "pending", "pending", "begun"),
    "A_NEW_WORD": ("pending", "pending", "pending", "pending", "begun"),
    None: ("pending", "pending", "pending", "pending", "begun"),
}


@pytest.mark.parametrize("status", LIFECYCLE)
def test_mirror_words(status: str | None) -> None:
    """Each status word against each verb and the creation; words that are new mean "not yet"."""
    cluster = mirror(status)
    verbs = tuple(word(judge(ChangeMirrors(LINK, verb, ("a",)), cluster)) for verb in MirrorVerb)
    assert LIFECYCLE[status] == (*verbs, word(judge(CreateMirror(A, "a"), cluster)))


def test_every_known_status_is_in_the_table() -> None:
    """A word that the model learns gets a row."""
    assert set(MirrorStatus) <= set(LIFECYCLE)


NO_ROW = ObservedCluster(DST, mirrors={}, topics={})
LISTED = ObservedCluster(DST, mirrors={}, topics={"a": ObservedTopic("a")})
BLIND = ObservedCluster(DST, links=GAP, mirrors=GAP, topics=GAP, topic_configs=GAP)
NEVER_READ = ObservedCluster(DST)
ACTIONS: tuple[Action, ...] = (
    CreateLink(half()),
    AlterLink(LINK),
    SetLinkPaused(LINK, paused=True),
    DeleteLink(LINK),
    CreateMirror(A, "a"),
    AlterMirror(A, {"retention.ms": "1"}),
    ChangeMirrors(LINK, MirrorVerb.PAUSE, ("a",)),
    DeleteTopic(A),
)


@pytest.mark.parametrize("action", ACTIONS, ids=lambda a: type(a).__name__)
@pytest.mark.parametrize("cluster", [BLIND, NEVER_READ], ids=["gap", "not read"])
def test_could_not_read_is_never_done(action: Action, cluster: ObservedCluster) -> None:
    """P6: without a reading there is no verdict, least of all "gone"."""
    assert isinstance(judge(action, cluster), Unseen)
    assert tuple(settled(action, cluster, CATALOGUE)) == addresses_of(action)
    assert reads_for(action) != reads_for(action).__class__()


@pytest.mark.parametrize(
    ("action", "cluster", "expected"),
    [
        (CreateMirror(A, "a"), NO_ROW, "pending"),
        (CreateMirror(A, "a"), mirror("ACTIVE", link="other"), "failed"),
        (CreateMirror(A, "a"), mirror("ACTIVE", source="b"), "failed"),
        (ChangeMirrors(LINK, MirrorVerb.PAUSE, ("a",)), NO_ROW, "failed"),
        (ChangeMirrors(LINK, MirrorVerb.PAUSE, ("a",)), mirror("PAUSED", link="other"), "failed"),
        (DeleteTopic(A), NO_ROW, "settled"),
        (DeleteTopic(A), LISTED, "pending"),
        (
            DeleteTopic(A),
            ObservedCluster(DST, mirrors=mirror("STOPPED").mirrors, topics={}),
            "pending",
        ),
        (DeleteTopic(A), ObservedCluster(DST, mirrors={}, topics=GAP), "unseen"),
        (DeleteLink(LINK), ObservedCluster(DST, links={}), "settled"),
        (DeleteLink(LINK), link(), "pending"),
        (SetLinkPaused(LINK, paused=True), link(configs={}, paused=True), "settled"),
        (SetLinkPaused(LINK, paused=True), link(configs={}, paused=False), "pending"),
        (SetLinkPaused(LINK, paused=False), link(configs={}, paused=False), "settled"),
        (SetLinkPaused(LINK, paused=False), link(configs={}, paused=True), "pending"),
        (SetLinkPaused(LINK, paused=False), link(configs=GAP), "unseen"),
        (SetLinkPaused(LINK, paused=False), ObservedCluster(DST, links={}), "failed"),
        (AlterLink(LINK), ObservedCluster(DST, links={}), "failed"),
        (AlterLink(LINK), link(configs=GAP), "unseen"),
        (AlterMirror(A, {"x": "1"}), ObservedCluster(DST, topic_configs={}), "pending"),
        (AlterMirror(A, {"x": "1"}), ObservedCluster(DST, topic_configs={"a": {}}), "pending"),
        (
            AlterMirror(A, {"x": "1"}),
            ObservedCluster(DST, topic_configs={"a": {"x": ObservedConfig("x", "1")}}),
            "settled",
        ),
    ],
)
def test_rows_there_and_gone(action: Action, cluster: ObservedCluster, expected: str) -> None:
    """Presence, absence and other owners."""
    assert expected == word(judge(action, cluster))


@pytest.mark.parametrize(
    ("state", "error", "expected"),
    [
        ("ACTIVE", "NO_ERROR", "settled"),
        ("AVAILABLE", None, "settled"),
        ("PAUSED", "NO_ERROR", "settled"),
        (None, None, "settled"),
        ("UNKNOWN", "NO_ERROR", "begun"),
        ("A_NEW_WORD", "NO_ERROR", "begun"),
        ("UNAVAILABLE", "TIMEOUT_ERROR", "begun"),
        ("ACTIVE", "UNKNOWN", "begun"),
        ("FAILED", "AUTHENTICATION_ERROR", "failed"),
        ("FAILED", "NO_ERROR", "begun"),
    ],
)
def test_new_links_come_up(state: str | None, error: str | None, expected: str) -> None:
    """A new link has settled when it runs without an error; a dialled half when it is there."""
    cluster = link(state=state, error=error)
    assert expected == word(judge(CreateLink(half()), cluster))
    inbound = CreateLink(half(connection_mode=ConnectionMode.INBOUND))
    assert word(judge(inbound, cluster)) == "settled"


def test_a_link_that_is_not_listed_yet_is_pending() -> None:
    """Not listed after a creation means "not yet", and proves nothing."""
    assert judge(CreateLink(half()), ObservedCluster(DST, links={})) == Pending(
        "the link is not listed yet"
    )


@pytest.mark.parametrize(
    "facts",
    [
        {"link_mode": "SOURCE"},
        {"connection_mode": "INBOUND"},
        {"prefix": "x."},
        {"remote_cluster_id": "another"},
        {"link_id": "another"},
        {"configs": {}},
    ],
)
def test_another_link_of_the_name_is_not_ours(facts: dict[str, object]) -> None:
    """Any part that was read and differs shows that somebody else made the link."""
    action = CreateLink(half(configs={MS: "5000"}), remote_cluster_id="src-id", link_id="id-1")
    assert word(judge(action, link(**{"state": "ACTIVE", **facts}))) == "failed"
    assert word(judge(action, link(state="ACTIVE"))) == "settled"


def shown(name: str, value: str | None, **facts: bool) -> dict[str, ObservedConfig]:
    return {name: ObservedConfig(name, value, **facts)}


@pytest.mark.parametrize(
    ("action", "configs", "expected"),
    [
        (AlterLink(LINK, {MS: "5000"}), shown(MS, "5000"), True),
        (AlterLink(LINK, {MS: "05000"}), shown(MS, "5000"), True),
        (AlterLink(LINK, {MS: "5000"}), shown(MS, "30000"), False),
        (AlterLink(LINK, {MS: "5000"}), {}, False),
        (AlterLink(LINK, {SWITCH: "true"}), shown(SWITCH, "TRUE"), True),
        (AlterLink(LINK, {"connection.kind": "left"}), shown("connection.kind", "LEFT"), True),
        (AlterLink(LINK, {"unheard.of": "left"}), shown("unheard.of", "LEFT"), False),
        (
            AlterLink(LINK, {"topic.config.sync.include": "b,a"}),
            shown("topic.config.sync.include", "a, b"),
            True,
        ),
        (
            AlterLink(LINK, {"hidden": "x"}),
            shown("hidden", None, sensitive=True, is_default=False),
            True,
        ),
        (AlterLink(LINK, {"hidden": "x"}), shown("hidden", None), False),
        (AlterLink(LINK, reset_configs=(MS,)), {}, True),
        (AlterLink(LINK, reset_configs=(MS,)), shown(MS, "5000", is_default=True), True),
        (AlterLink(LINK, reset_configs=(MS,)), shown(MS, "30000"), True),
        (AlterLink(LINK, reset_configs=(MS,)), shown(MS, "5000"), False),
        (AlterLink(LINK, reset_configs=("unheard.of",)), shown("unheard.of", "1"), True),
        (
            AlterLink(LINK, reset_configs=("unheard.of",)),
            shown("unheard.of", "1", is_default=False),
            False,
        ),
        (AlterLink(LINK, credentials={"sasl.jaas.config": SECRET}), {}, False),
        (
            AlterLink(LINK, credentials={"sasl.jaas.config": SECRET}),
            shown("sasl.jaas.config", None, is_default=False),
            True,
        ),
        (
            AlterLink(LINK, credentials={"sasl.jaas.config": SECRET}),
            shown("sasl.jaas.config", None),
            False,
        ),
        (
            AlterLink(LINK, credentials={"sasl.mechanism": Template.literal("PLAIN")}),
            shown("sasl.mechanism", "GSSAPI"),
            False,
        ),
        (
            AlterLink(LINK, credentials={"sasl.mechanism": Template.literal("PLAIN")}),
            shown("sasl.mechanism", "PLAIN"),
            True,
        ),
    ],
)
def test_configs_show(
    action: AlterLink, configs: dict[str, ObservedConfig], expected: bool
) -> None:
    """Values in any spelling of the server's; resets by default; secrets by being set at all."""
    assert expected == (word(judge(action, link(configs=configs))) == "settled")


ACL = AclFilter("TOPIC", "LITERAL", "DESCRIBE_CONFIGS", "ALLOW")
SAME_ACL = AclFilter("topic", "literal", "describeConfigs", "allow", extra=(("x", "1"),))


@pytest.mark.parametrize(
    ("wanted", "switch", "live", "expected"),
    [
        ({FilterKind.GROUP: frozenset({ROW})}, {}, {FilterKind.GROUP: frozenset({ROW})}, True),
        ({FilterKind.GROUP: frozenset({ROW})}, {}, {FilterKind.GROUP: frozenset()}, False),
        ({FilterKind.GROUP: frozenset({ROW})}, {}, {}, False),
        ({FilterKind.GROUP: frozenset()}, {}, {}, True),
        ({FilterKind.GROUP: frozenset({ROW})}, {}, {FilterKind.GROUP: GAP}, False),
        (
            {FilterKind.GROUP: frozenset({ROW})},
            {SWITCH: "false"},
            {FilterKind.GROUP: frozenset()},
            True,
        ),
        (
            {FilterKind.GROUP: frozenset()},
            {SWITCH: "false"},
            {FilterKind.GROUP: frozenset({ROW})},
            False,
        ),
        ({FilterKind.ACL: frozenset({ACL})}, {}, {FilterKind.ACL: frozenset({SAME_ACL})}, True),
    ],
)
def test_filters_show(
    wanted: dict[FilterKind, frozenset[NameFilter]],
    switch: dict[str, str],
    live: dict[FilterKind, frozenset[NameFilter]],
    expected: bool,
) -> None:
    """Filters as sets; a switch that is turned off clears them."""
    action = AlterLink(LINK, switch, filters=wanted)
    configs = {name: ObservedConfig(name, value) for name, value in switch.items()}
    assert expected == (word(judge(action, link(configs=configs, filters=live))) == "settled")


def test_failures_name_the_object_and_a_cure() -> None:
    """Every failed verdict carries an address and something to do."""
    verdicts: list[tuple[Address, Verdict]] = []
    for action in ACTIONS:
        for cluster in (NO_ROW, mirror("FAILED"), mirror("ACTIVE", link="x"), link(link_mode="X")):
            verdicts += settled(action, cluster, CATALOGUE).items()
    found = [(a, v.diagnostic) for a, v in verdicts if isinstance(v, Failed)]
    assert found
    for address, diagnostic in found:
        assert isinstance(diagnostic, Diagnostic)
        assert diagnostic.address == address
        assert diagnostic.cure


def test_what_a_server_says_is_said() -> None:
    """Progress shows status, lag, the mirror's own error and the errors of its transition."""
    row = ObservedMirror(
        A,
        "a",
        None,
        "ILLEGAL_STATE",
        1,
        (PartitionLag(0, 7, 9),),
        transition_errors=(TaskError("X_ERROR", "because"),),
    )
    assert shown_row(row) == "no status, lag 7, ILLEGAL_STATE, X_ERROR: because"


def test_many_mirrors_have_one_verdict_each() -> None:
    """An action on several mirrors is judged mirror by mirror."""
    action = ChangeMirrors(LINK, MirrorVerb.PROMOTE, ("a", "b"))
    cluster = ObservedCluster(
        DST,
        mirrors={
            "a": ObservedMirror(A, "a", "STOPPED"),
            "b": ObservedMirror(LINK.mirror("b"), "b", "PENDING_STOPPED"),
        },
    )
    assert settled(action, cluster, CATALOGUE) == {
        A: Settled(),
        LINK.mirror("b"): Pending("PENDING_STOPPED", begun=True),
    }
