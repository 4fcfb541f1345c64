"""How a plan is arranged for readers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.model.address import LinkAddress
from reconciler.model.changes import Change, ChangeKind, Exposure, FieldDelta
from reconciler.model.consent import ConsentKind, Grant
from reconciler.model.diagnostics import Severity
from reconciler.model.observed import Gap
from reconciler.model.plan import Plan
from reconciler.reporting import plan_text
from reconciler.reporting.dangers_text import consequence
from reconciler.reporting.grouping import MANY
from reconciler.reporting.plan_view import Batch, Danger, Single, view_plan
from tests.reporting import samples


def failovers(*lags: int | None) -> tuple[Change, ...]:
    return tuple(
        samples.mirror_change(f"t{n}", ChangeKind.FAILOVER, exposure=Exposure(lag))
        for n, lag in enumerate(lags)
    )


def test_irreversible_changes_stand_apart() -> None:
    """What cannot be undone is told once, in its own block."""
    view = view_plan(samples.irreversible())
    assert all(danger.kind.irreversible for danger in view.dangers)
    told = [c for danger in view.dangers for c in danger.changes]
    told += [e.change for s in view.links for e in s.entries if isinstance(e, Single)]
    assert sorted(str(c.address) for c in told) == sorted(
        str(c.address) for c in samples.irreversible().changes
    )


def test_many_alike_become_a_batch() -> None:
    """Up to ten changes of a kind are told one by one, more are added up."""
    few, more = view_plan(samples.many(MANY)), view_plan(samples.many(MANY + 1))
    assert [type(e) for e in few.links[0].entries] == [Single] * MANY
    assert [type(e) for e in more.links[0].entries] == [Batch]


def test_batch_adds_up_its_differences() -> None:
    """A batch says how many have which difference, and how many differences it leaves to JSON."""
    changes = tuple(
        samples.mirror_change(
            f"t{n:02}",
            ChangeKind.CONFIGURE_MIRROR,
            deltas=(FieldDelta("retention.ms", None, "1" if n < 8 else f"{n}"),),
        )
        for n in range(20)
    )
    text = plan_text(Plan(changes))
    assert "      on 8 of them:\n        retention.ms: (not set) -> 1\n" in text
    assert "      and 8 other differences; `--format json` shows them all\n" in text


def test_notes_stand_beneath_their_change() -> None:
    """A note on an object that changes is told there and not again."""
    view = view_plan(samples.config_change())
    entry = view.links[0].entries[0]
    assert isinstance(entry, Single)
    assert entry.notes == samples.config_change().diagnostics
    assert view.of(Severity.NOTE) == ()
    assert plan_text(samples.config_change()).count("filter-narrowed") == 1


def test_notes_on_dangers_are_told_there() -> None:
    """A note on an irreversible change stands in its block."""
    note = samples.finding(
        "source-gone", Severity.NOTE, "The source is gone.", address=samples.LINK.mirror("users")
    )
    view = view_plan(replace(samples.failover(), diagnostics=(note,)))
    assert view.dangers[0].notes == (note,)
    assert view.findings == ()
    assert "      The source is gone.\n" in plan_text(view.plan)


def test_notes_on_very_many_dangers_are_added_up() -> None:
    """Hundreds of notes on one block become a few and a count."""
    changes = failovers(*range(300))
    notes = tuple(
        samples.finding("slow", Severity.NOTE, f"Slow {n}.", address=change.address)
        for n, change in enumerate(changes)
    )
    text = plan_text(Plan(changes, diagnostics=notes))
    assert text.count("Slow ") == 3
    assert "and 297 more findings with this code [slow]\n" in text


def test_a_gap_is_counted_once() -> None:
    """The error behind a gap is told and counted as the gap."""
    counts = view_plan(samples.troubled()).counts
    assert (counts.unreadable, counts.errors) == (1, 0)
    assert plan_text(samples.troubled()).count("did not answer") == 1


def test_gaps_of_one_cause_share_a_message() -> None:
    """One failure is one message, however many scopes it hides."""
    gaps = tuple(replace(samples.GAP, scope=f"ig-test1: {what}") for what in ("links", "topics"))
    text = plan_text(Plan(gaps=gaps))
    assert text.count("did not answer") == 1
    assert "missing: ig-test1: links, ig-test1: topics\n" in text


def test_gaps_of_two_clusters_are_told_apart() -> None:
    """Two clusters may fail with the same words; each has a message of its own, with its own scopes beneath."""
    other = replace(samples.UNREACHABLE, subject="ig-test2 (GET http://ig-test2:8090/kafka/v3)")
    gaps = (
        samples.GAP,
        Gap("ig-test2: cluster id", other),
        Gap("ig-test2/test-link: tasks", other),
    )
    text = plan_text(Plan(gaps=gaps))
    first, second = text.index("! ig-test1"), text.index("! ig-test2")
    assert first < text.index("missing: ig-test1: topics\n") < second
    assert second < text.index("missing: ig-test2: cluster id, ig-test2/test-link: tasks\n")


def test_many_findings_of_one_code_are_counted() -> None:
    """Of many findings with one code the first few are written out, the number is never hidden."""
    blocked = tuple(
        samples.finding(
            "name-taken", Severity.BLOCKED, f"Taken {n}.", address=samples.LINK.mirror(f"t{n:03}")
        )
        for n in range(200)
    )
    text = plan_text(Plan(diagnostics=blocked))
    assert "Blocked (200): " in text
    assert "and 197 more findings with this code [name-taken]\n" in text
    assert text.count("Taken ") == 3


@pytest.mark.parametrize(
    ("lags", "sentence"),
    [
        ((0,), "no record would be lost by the lag at the time of this plan"),
        ((1,), "1 record would be lost: not yet copied when this plan was made"),
        ((1200, 4), "1,204 records would be lost: not yet copied when this plan was made"),
        ((None,), "the lag is not known, and so neither is how many records would be lost"),
        (
            (5, None),
            "at least 5 records would be lost, not yet copied; the lag of 1 mirror topic is not known",
        ),
    ],
)
def test_failover_says_what_is_lost(lags: tuple[int | None, ...], sentence: str) -> None:
    """P5: the lag that a failover would lose is said, and an unknown one is not taken for none."""
    assert consequence(Danger(samples.LINK, ChangeKind.FAILOVER, failovers(*lags))) == sentence


def test_a_missing_exposure_is_not_a_lag_of_zero() -> None:
    """P6: a failover whose lag was not read says so."""
    change = samples.mirror_change("t", ChangeKind.FAILOVER)
    assert "not known" in consequence(Danger(samples.LINK, ChangeKind.FAILOVER, (change,)))


def test_very_many_irreversible_changes_name_the_first_hundred() -> None:
    """Irreversible changes are named one by one up to a hundred; the rest is counted, in red."""
    text = plan_text(Plan(failovers(*range(103))))
    assert "      and 3 more; `--format json` names them all\n" in text
    assert "  t99 " in text
    assert "  t100 " not in text


def test_wanted_grants() -> None:
    """The consent to paste names a lone object of its kind by its address, and several by their number."""
    link = str(samples.LINK)
    assert samples.irreversible().wanted_grants == (
        Grant(ConsentKind.PROMOTE, glob=f"{link}/orders"),
        Grant(ConsentKind.FAILOVER, budget=2),
        Grant(ConsentKind.DELETE_TOPIC, glob=f"{link}/refunds"),
        Grant(ConsentKind.DELETE_LINK, glob=str(samples.OLD_LINK)),
        Grant(ConsentKind.RECREATE, glob=f"{link}/visits"),
    )


def test_each_danger_needs_what_the_line_to_paste_says() -> None:
    """One option for one kind, told at each link that it speaks of, and in the line to paste. Where its number is not that
    of the changes that it stands beside, that is explained.
    """
    other = LinkAddress("ig-test2", "other-link")
    plan = Plan(
        (
            *failovers(1),
            Change(other.mirror("a"), ChangeKind.FAILOVER),
            Change(other.mirror("b"), ChangeKind.PROMOTE),
        )
    )
    text = plan_text(plan)
    assert text.count("      needs --allow failover=2 (for all of this kind)\n") == 2
    assert text.count("      needs --allow promote=ig-test2/other-link/b\n") == 1
    asked = {
        line.split("--allow ")[1].split()[0]
        for line in text.splitlines()
        if "needs --allow" in line
    }
    assert asked == {str(grant) for grant in plan.wanted_grants}


def test_a_number_that_fits_is_not_explained() -> None:
    """Where the budget is that of the changes above it, it says enough."""
    assert "      needs --allow failover=3\n" in plan_text(Plan(failovers(1, 2, 3)))


def test_consent_that_was_given_is_not_asked_for() -> None:
    """An apply that has its consents shows what cannot be undone, and asks for nothing."""
    text = plan_text(samples.irreversible(), command=None)
    assert "IRREVERSIBLE: 6 changes" in text
    assert "--allow" not in text


def test_the_line_to_paste_begins_with_the_command_given() -> None:
    """The caller's own options come before the consents, so that the line can be pasted as it is."""
    text = plan_text(samples.failover(), command="linkctl apply -f links.yaml")
    assert text.endswith(
        "\n  linkctl apply -f links.yaml --allow failover=ig-test2/test-link/users\n"
    )


def test_errors_without_a_gap_are_not_called_unread() -> None:
    """A plan with an error and nothing to do is not called "as declared"."""
    error = samples.finding("wrong-cluster", Severity.ERROR, "Wrong id.", subject="ig-test2")
    text = plan_text(Plan(diagnostics=(error,)))
    assert text.endswith("No changes found, but there are errors.\n")


def test_links_keep_the_order_of_the_plan() -> None:
    """Changes are grouped by link, links in the order in which they come."""
    links = [LinkAddress("b", "x"), LinkAddress("a", "y")]
    changes = tuple(Change(link, ChangeKind.PAUSE_LINK) for link in links)
    assert [section.link for section in view_plan(Plan(changes)).links] == links
