"""How a run is arranged for readers."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.diagnostics import Severity
from reconciler.model.events import (
    ItemOutcome,
    Outcome,
    RunResult,
    StepFinished,
    StepOutcome,
    StepRetried,
    StepStarted,
    StepWaiting,
)
from reconciler.model.mirrors import MirrorVerb
from reconciler.model.plan import Plan
from reconciler.model.steps import (
    AlterLink,
    AlterMirror,
    ChangeMirrors,
    CreateMirror,
    DeleteLink,
    DeleteTopic,
    SetLinkPaused,
    Step,
)
from reconciler.reporting import event_text, run_text
from reconciler.reporting.run_view import view_run
from reconciler.reporting.words import action_addresses, action_verb, describe
from tests.reporting import samples

REFUSED = samples.finding("refused", Severity.ERROR, "The server said no.", "Ask it why.")


def steps(*needs: tuple[str, ...]) -> tuple[Step, ...]:
    return tuple(
        Step(str(n), DeleteTopic(samples.LINK.mirror(f"t{n}")), needed)
        for n, needed in enumerate(needs)
    )


def test_what_was_kept_back_stands_beneath_its_cause() -> None:
    """One failure is one message: skipped steps are listed once, under what failed first."""
    first, second, third = steps((), ("0",), ("1",))
    note = samples.finding("needs-failed", Severity.NOTE, "Kept back.")
    result = RunResult(
        (
            StepOutcome(first, Outcome.FAILED, (), (REFUSED,)),
            StepOutcome(second, Outcome.SKIPPED, (), (note,)),
            StepOutcome(third, Outcome.SKIPPED, (), (note,)),
        )
    )
    (ending,) = view_run(result).endings
    assert ending.kept_back == (second, third)
    assert "Kept back" not in run_text(result)
    assert run_text(result).count("The server said no.") == 1


def test_a_skip_of_its_own_is_a_cause() -> None:
    """A step that was skipped because its object has moved says so itself."""
    first, second = steps((), ("0",))
    moved = samples.finding("moved", Severity.ERROR, "t0 is STOPPED by now.")
    outcomes = (
        StepOutcome(first, Outcome.SKIPPED, (), (moved,)),
        StepOutcome(second, Outcome.SKIPPED),
    )
    (ending,) = view_run(RunResult(outcomes)).endings
    assert ending.complaints[0].diagnostic == moved
    assert ending.kept_back == (second,)


@given(st.data())
def test_every_step_is_told_once(data: st.DataObject) -> None:
    """Whatever failed, each step is either an ending or kept back by exactly one."""
    needs = [
        tuple(str(m) for m in range(n) if data.draw(st.booleans()))
        for n in range(data.draw(st.integers(0, 7)))
    ]
    outcomes = tuple(
        StepOutcome(step, data.draw(st.sampled_from(list(Outcome)))) for step in steps(*needs)
    )
    view = view_run(RunResult(outcomes))
    told = [s.id for e in view.endings for s in (*(r.step for r in e.results), *e.kept_back)]
    assert sorted(told) == sorted(r.step.id for r in outcomes)
    assert sum(view.counts.values()) == len(outcomes)


def test_objects_with_one_reason_share_a_message() -> None:
    """The same refusal of several objects is one message that names them."""
    verb = ChangeMirrors(samples.LINK, MirrorVerb.PAUSE, ("a", "b"))
    items = tuple(
        ItemOutcome(samples.LINK.mirror(n), Outcome.FAILED, replace(REFUSED, subject=n))
        for n in ("a", "b")
    )
    result = RunResult((StepOutcome(Step("1", verb), Outcome.FAILED, items, (REFUSED,)),))
    assert run_text(result).count("The server said no.") == 1
    assert "a, b: The server said no. [refused]" in run_text(result)


def test_steps_that_ended_alike_are_told_as_one() -> None:
    """One reason is said once, with the count and the first names; another reason stands apart."""
    stopped = samples.finding("interrupted", Severity.NOTE, "Not sent.", "Apply again.")
    skipped = tuple(
        StepOutcome(
            Step(str(n), CreateMirror(samples.LINK.mirror(f"t{n}"), f"t{n}")),
            Outcome.SKIPPED,
            (),
            (stopped,),
        )
        for n in range(120)
    )
    alone = StepOutcome(steps(())[0], Outcome.SKIPPED, (), (stopped,))
    lines = run_text(RunResult((*skipped[:60], alone, *skipped[60:]))).splitlines()
    assert lines[:4] == [
        "skipped     create 120 mirror topics of ig-test2/test-link",
        "            t0, t1, t2, t3, t4, t5, t6, t7, t8, t9 and 110 more",
        "            Not sent. [interrupted]",
        "            -> Apply again.",
    ]
    assert lines[4] == "skipped     delete topic ig-test2/test-link/t0"
    assert len(lines) == 9


def test_what_was_kept_back_is_told_by_kind() -> None:
    """A link that could not be made keeps back all its mirror topics: one line says so."""
    link = StepOutcome(Step("l", DeleteLink(samples.LINK)), Outcome.FAILED, (), (REFUSED,))
    kept = tuple(
        StepOutcome(
            Step(str(n), CreateMirror(samples.LINK.mirror(f"t{n}"), f"t{n}"), ("l",)),
            Outcome.SKIPPED,
        )
        for n in range(120)
    )
    text = run_text(RunResult((link, *kept)))
    assert "not sent because of this: 120 steps" in text
    assert "create 120 mirror topics of ig-test2/test-link: t0, t1, t2" in " ".join(text.split())
    assert len(text.splitlines()) < 10


def test_successes_are_counted_and_not_told_again() -> None:
    """What succeeded was told while it ran and stands in the plan: the report is about the rest."""
    made = tuple(
        StepOutcome(
            Step(str(n), CreateMirror(samples.LINK.mirror(f"t{n}"), f"t{n}")), Outcome.SUCCEEDED
        )
        for n in range(300)
    )
    failed = StepOutcome(steps(())[0], Outcome.FAILED, (), (REFUSED,))
    text = run_text(RunResult((*made[:200], failed, *made[200:])))
    assert "create mirror topic" not in text
    assert text.startswith("FAILED      delete topic ig-test2/test-link/t0\n")
    assert text.endswith("Run: 301 steps, 300 succeeded, 1 failed.\n")


def test_many_kept_back_are_counted() -> None:
    """A long list of steps that were not sent is named in part and counted in full."""
    first, *rest = steps((), *[("0",)] * 30)
    outcomes = (
        StepOutcome(first, Outcome.FAILED, (), (REFUSED,)),
        *(StepOutcome(step, Outcome.SKIPPED) for step in rest),
    )
    text = run_text(RunResult(outcomes))
    assert "not sent because of this: 30 steps\n" in text
    assert "and 20 more\n" in text


def test_remaining_of_a_blind_reading_is_not_called_done() -> None:
    """P6: when the world could not be read at the end, the report does not say that all is as declared."""
    result = replace(samples.good_run(), remaining=Plan(gaps=(samples.GAP,)))
    text = run_text(result)
    assert "as declared" not in text
    assert "Nothing is seen to remain, but not everything could be read.\n" in text


def test_a_run_that_worked_is_not_said_to_have_changed_nothing() -> None:
    """After work nothing remains; "no changes" is for those who found nothing to do."""
    assert "Nothing remains. The clusters are as declared.\n" in run_text(samples.good_run())
    assert "No changes. The clusters are as declared.\n" in run_text(
        RunResult((), remaining=Plan())
    )


def test_a_step_that_was_left_is_not_said_to_have_timed_out() -> None:
    """What was accepted before an interruption and not watched to its end is called unfinished, also in the count."""
    step = steps(())[0]
    text = run_text(RunResult((StepOutcome(step, Outcome.UNFINISHED),), interrupted=True))
    assert text.startswith("unfinished  delete topic ")
    assert "1 unfinished" in text
    assert "timed out" not in text.lower()
    assert "Interrupted: after that nothing more was sent." in text


def test_events_are_lines() -> None:
    """Progress says what is done to what, and why it is slow or over."""
    step = steps(())[0]
    told = [
        event_text(StepStarted(step, 1.0)),
        event_text(StepRetried(step, 2, 1.25, REFUSED)),
        event_text(StepWaiting(step, "lag 3")),
        event_text(StepFinished(StepOutcome(step, Outcome.SUCCEEDED), 2.0)),
        event_text(StepFinished(StepOutcome(step, Outcome.TIMED_OUT, (), (REFUSED,)), 2.0)),
        event_text(StepFinished(StepOutcome(step, Outcome.UNFINISHED), 2.0)),
        event_text(StepFinished(StepOutcome(step, Outcome.SKIPPED), 2.0)),
    ]
    assert told == [
        "start       delete topic ig-test2/test-link/t0",
        "retry       delete topic ig-test2/test-link/t0: attempt 2 in 1.2 s: The server said no.",
        "waiting     delete topic ig-test2/test-link/t0: lag 3",
        "ok          delete topic ig-test2/test-link/t0",
        "TIMED OUT   delete topic ig-test2/test-link/t0: The server said no.",
        "unfinished  delete topic ig-test2/test-link/t0",
        "skipped     delete topic ig-test2/test-link/t0",
    ]


def test_every_action_has_its_words() -> None:
    """Each kind of action is described, has a stable verb, and names its objects."""
    link, users = samples.LINK, samples.LINK.mirror("users")
    create = samples.first_run().steps[0].action
    pair = ChangeMirrors(link, MirrorVerb.FAILOVER, ("a", "b"))
    told = {
        action_verb(action): (describe(action), tuple(map(str, action_addresses(action))))
        for action in (
            create,
            AlterLink(link),
            SetLinkPaused(link, paused=True),
            SetLinkPaused(link, paused=False),
            DeleteLink(link),
            CreateMirror(users, "users"),
            AlterMirror(users, {}),
            pair,
            ChangeMirrors(link, MirrorVerb.PROMOTE, ("users",)),
            DeleteTopic(users),
        )
    }
    on_link, on_users = ("ig-test2/test-link",), ("ig-test2/test-link/users",)
    assert told == {
        "create-link": ("create link ig-test2/test-link", on_link),
        "configure-link": ("configure link ig-test2/test-link", on_link),
        "pause-link": ("pause link ig-test2/test-link", on_link),
        "resume-link": ("resume link ig-test2/test-link", on_link),
        "delete-link": ("delete link ig-test2/test-link", on_link),
        "create-mirror": ("create mirror topic ig-test2/test-link/users", on_users),
        "configure-mirror": ("configure mirror topic ig-test2/test-link/users", on_users),
        "failover": (
            "fail over 2 mirror topics of ig-test2/test-link",
            ("ig-test2/test-link/a", "ig-test2/test-link/b"),
        ),
        "promote": ("promote mirror topic ig-test2/test-link/users", on_users),
        "delete-topic": ("delete topic ig-test2/test-link/users", on_users),
    }


def test_the_end_counts_objects_where_a_step_was_done_in_part() -> None:
    """A step that failed for one object of two did not fail as a whole, and the sum says so; others need no second sum."""
    names = ("orders", "users")
    step = Step("1", ChangeMirrors(samples.LINK, MirrorVerb.FAILOVER, names))
    done, refused = (samples.LINK.mirror(name) for name in names)
    items = (
        ItemOutcome(done, Outcome.SUCCEEDED, accepted=True),
        ItemOutcome(refused, Outcome.FAILED, REFUSED),
    )
    in_part = run_text(RunResult((StepOutcome(step, Outcome.FAILED, items),)))
    assert in_part.splitlines()[-1] == (
        "Run: 1 step, 0 succeeded, 1 failed; 2 objects, 1 succeeded, 1 failed."
    )
    whole = run_text(RunResult((StepOutcome(step, Outcome.FAILED, items[1:]),)))
    assert whole.splitlines()[-1] == "Run: 1 step, 0 succeeded, 1 failed."
