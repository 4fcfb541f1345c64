"""Consent: what a plan wants, what a run was given, what is missing."""

from __future__ import annotations

import pytest

from reconciler.model.changes import Change, ChangeKind
from reconciler.model.consent import ConsentKind, Grant
from reconciler.model.plan import Plan
from reconciler.planning import missing_consents, parse_grant, wanted_grants
from tests.planning.builders import LINK

K = ConsentKind


def _plan(*kinds: tuple[str, ChangeKind]) -> Plan:
    return Plan(changes=tuple(Change(LINK.mirror(name), kind) for name, kind in kinds))


OVER = [(name, ChangeKind.FAILOVER) for name in "abc"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("failover", Grant(K.FAILOVER)),
        ("promote=2", Grant(K.PROMOTE, budget=2)),
        ("delete-topic=dst/l/*", Grant(K.DELETE_TOPIC, glob="dst/l/*")),
        ("delete-link=dst/l", Grant(K.DELETE_LINK, glob="dst/l")),
        ("recreate=dst/l/t", Grant(K.RECREATE, glob="dst/l/t")),
        ("delete-released=dst/l/t", Grant(K.DELETE_RELEASED, glob="dst/l/t")),
    ],
)
def test_grants_are_parsed_and_printed_back(text: str, expected: Grant) -> None:
    """What a user may paste is read as meant, and prints as it was written."""
    assert (parse_grant(text), str(parse_grant(text))) == (expected, text)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("force", "write one of"),
        ("", "write one of"),
        ("failover=", "NUMBER"),
        ("failover=0", "allows nothing"),
        ("failover=-1", "neither a number nor an address"),
        ("failover=²", "neither a number nor an address"),
        ("recreate", "one whole address"),
        ("recreate=2", "one whole address"),
        ("recreate=dst/l/*", "without * ?"),
    ],
)
def test_a_grant_that_is_none_says_what_to_write(text: str, part: str) -> None:
    """There is no `force`, no empty budget, and no glob where an exact address is wanted."""
    with pytest.raises(ValueError, match=part.replace("*", r"\*").replace("?", r"\?")):
        parse_grant(text)


@pytest.mark.parametrize(
    ("grants", "codes"),
    [
        ((), ["consent-missing"]),
        ((Grant(K.PROMOTE),), ["consent-missing"]),
        ((Grant(K.FAILOVER),), []),
        ((Grant(K.FAILOVER, budget=3),), []),
        ((Grant(K.FAILOVER, budget=2),), ["consent-budget"]),
        ((Grant(K.FAILOVER, budget=2), Grant(K.FAILOVER, budget=1)), ["consent-budget"]),
        ((Grant(K.FAILOVER, glob="dst/l/a"), Grant(K.FAILOVER, budget=2)), []),
        ((Grant(K.FAILOVER, glob="dst/l/[ab]"),), ["consent-missing"]),
        ((Grant(K.FAILOVER, glob="dst/*"),), []),
    ],
)
def test_consent_by_kind_budget_and_address(grants: tuple[Grant, ...], codes: list[str]) -> None:
    """A run may go on only when every irreversible change is named by kind, by address or within one budget."""
    assert [finding.code for finding in missing_consents(_plan(*OVER), grants)] == codes


def test_the_refusal_names_what_is_left_and_the_option_to_paste() -> None:
    """The message counts what nobody consented to, not what was covered."""
    (finding,) = missing_consents(_plan(*OVER), (Grant(K.FAILOVER, glob="dst/l/a"),))
    assert "dst/l/b, dst/l/c" in finding.message
    assert "dst/l/a" not in finding.message
    assert finding.cure.endswith("add --allow failover=2")
    narrow = Grant(K.FAILOVER, glob="dst/l/[ab]")
    (last,) = missing_consents(_plan(*OVER), (narrow,))
    assert last.cure.endswith("add --allow failover=dst/l/c")
    assert missing_consents(_plan(*OVER), (narrow, parse_grant("failover=dst/l/c"))) == ()
    (exact,) = missing_consents(_plan(("t", ChangeKind.RECREATE_MIRROR)), (Grant(K.RECREATE),))
    assert exact.cure.endswith("--allow recreate=dst/l/t")


def test_reversible_changes_need_no_consent() -> None:
    """Creating, configuring, pausing and resuming ask for nothing."""
    reversible = [("t", kind) for kind in ChangeKind if not kind.irreversible]
    assert missing_consents(_plan(*reversible), ()) == ()


def test_the_wanted_grants_are_enough_and_narrow() -> None:
    """What a plan says it wants lets exactly this plan run."""
    plan = _plan(*OVER, ("d", ChangeKind.PROMOTE), ("e", ChangeKind.RECREATE_MIRROR))
    wanted = wanted_grants(plan)
    assert [str(grant) for grant in wanted] == ["promote=dst/l/d", "failover=3", "recreate=dst/l/e"]
    assert missing_consents(plan, tuple(parse_grant(str(grant)) for grant in wanted)) == ()
    assert missing_consents(_plan(*OVER, ("x", ChangeKind.FAILOVER)), wanted) != ()
    assert missing_consents(_plan(("x", ChangeKind.PROMOTE)), wanted) != ()
