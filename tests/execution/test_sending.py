"""Failures of single calls: what is repeated, what is looked up, what is believed."""

from __future__ import annotations

import asyncio

import pytest

from reconciler.execution.naps import nap
from reconciler.execution.sending import Reaction, reaction
from reconciler.model.address import LinkAddress
from reconciler.model.changes import ChangeKind
from reconciler.model.errors import (
    AnswerLostError,
    EngineError,
    InputError,
    LinkctlError,
    NotSentError,
    RejectedError,
    ServerFaultError,
    ThrottledError,
    UnreadableError,
)
from reconciler.model.events import Outcome, StepRetried
from reconciler.model.links import LinkMode
from reconciler.model.mirrors import MirrorVerb
from reconciler.model.observed import Gap, ObservedConfig
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
from tests.execution.running import execute
from tests.execution.world import (
    LINK,
    Fault,
    World,
    change,
    create_mirror,
    delete_link,
    delete_topic,
    half,
    of_link,
    trouble,
)

A = LINK.mirror("a")
LOST = AnswerLostError(trouble("lost"))
BUSY = ThrottledError(trouble("busy"))
BROKEN = ServerFaultError(trouble("broken"))
CREATE = CreateMirror(A, "a")
REFUSAL = RejectedError(trouble(), status=400)


@pytest.mark.parametrize(
    ("error", "action", "expected"),
    [
        (NotSentError(trouble()), CREATE, Reaction.REPEAT),
        (BUSY, CREATE, Reaction.REPEAT),
        (LOST, CREATE, Reaction.LOOK),
        (BROKEN, CREATE, Reaction.LOOK),
        (UnreadableError(trouble()), CREATE, Reaction.LOOK),
        (RejectedError(trouble(), status=404, not_yet=True), CREATE, Reaction.REPEAT),
        (RejectedError(trouble(), status=400, exists=True), CREATE, Reaction.LOOK),
        (RejectedError(trouble(), status=400, exists=True), CreateLink(half()), Reaction.LOOK),
        (RejectedError(trouble(), status=400, exists=True), DeleteTopic(A), Reaction.GIVE_UP),
        (RejectedError(trouble(), status=404, absent=True), DeleteTopic(A), Reaction.DONE),
        (RejectedError(trouble(), status=404, absent=True), DeleteLink(LINK), Reaction.DONE),
        (RejectedError(trouble(), status=404, absent=True), CREATE, Reaction.GIVE_UP),
        (REFUSAL, CREATE, Reaction.GIVE_UP),
        (InputError(trouble()), CREATE, Reaction.GIVE_UP),
    ],
)
def test_reactions(error: LinkctlError, action: Action, expected: Reaction) -> None:
    """The table at the top of the module, row by row."""
    assert expected is reaction(error, action)


@pytest.mark.parametrize("error", [NotSentError(trouble()), BUSY])
def test_what_was_not_done_is_repeated(error: NotSentError | ThrottledError) -> None:
    """A call that certainly did nothing is sent again after a pause, without a look in between."""
    world = World().link().fail(Fault(error), Fault(error))
    ran = execute(world, create_mirror("a"))
    assert (ran.end("create a"), len(world.calls)) == (Outcome.SUCCEEDED, 3)
    assert [kind for kind, _ in world.log][:3] == ["perform"] * 3
    assert [e.attempt for e in ran.events if isinstance(e, StepRetried)] == [1, 2]


def test_patience_ends() -> None:
    """After the policy's number of attempts the last error is the step's diagnostic."""
    world = World().link().fail(*(Fault(BUSY) for _ in range(9)))
    ran = execute(world, create_mirror("a"), attempts=3)
    assert (ran.end("create a"), ran.codes("create a"), len(world.calls)) == (
        Outcome.FAILED,
        {"busy"},
        3,
    )


def test_retry_after_is_honoured() -> None:
    """The pause is as long as the server asked for."""
    world = World().link().fail(Fault(ThrottledError(trouble(), retry_after=17)))
    execute(world, create_mirror("a"))
    assert 17 in world.clock.slept


@pytest.mark.parametrize("error", [LOST, BROKEN, UnreadableError(trouble())])
@pytest.mark.parametrize("effect", [True, False])
def test_lost_answer_to_a_creation_is_looked_up(
    error: AnswerLostError | ServerFaultError | UnreadableError, effect: bool
) -> None:
    """What took effect is adopted, what did not is sent again, and a look decides which."""
    world = World().link().fail(Fault(error, effect=effect))
    ran = execute(world, create_mirror("a"))
    assert ran.end("create a") is Outcome.SUCCEEDED
    assert [kind for kind, _ in world.log][:2] == ["perform", "observe"]
    assert len(world.calls) == (1 if effect else 2)


JAAS = "sasl.jaas.config"
LOGIN = Template((Reference(ReferenceKind.ENV, "LOGIN"),))
KERBEROS = Template(("Krb5LoginModule required;",))
PLAIN = Template(("PLAIN",))
SECRETS_SET = {JAAS: ObservedConfig(JAAS, None, is_default=False, sensitive=True)}


@pytest.mark.parametrize("secret", [LOGIN, KERBEROS])
@pytest.mark.parametrize("error", [LOST, BROKEN])
def test_lost_secrets_are_sent_again(error: EngineError, secret: Template) -> None:
    """That a secret is set was so before: no look tells whether it is the new one, so it is sent until it is taken."""
    world = World().link(configs=SECRETS_SET).fail(Fault(error))
    step = of_link(AlterLink(LINK, credentials={JAAS: secret}), ChangeKind.CONFIGURE_LINK)
    ran = execute(world, step)
    assert (ran.end(step.id), world.calls) == (Outcome.SUCCEEDED, [step.action] * 2)


def test_secrets_that_are_never_answered_for_have_failed() -> None:
    """Nobody knows whether they were taken, and the reason says so."""
    world = World().link(configs=SECRETS_SET).fail(*(Fault(LOST) for _ in range(9)))
    step = of_link(AlterLink(LINK, credentials={JAAS: LOGIN}), ChangeKind.CONFIGURE_LINK)
    assert execute(world, step).end(step.id) is Outcome.FAILED


def test_a_refused_secret_is_not_taken_for_the_old_one() -> None:
    """The server's no counts, although a look shows that a secret is set."""
    world = World().link(configs=SECRETS_SET).fail(Fault(REFUSAL))
    step = of_link(AlterLink(LINK, credentials={JAAS: LOGIN}), ChangeKind.CONFIGURE_LINK)
    assert execute(world, step).end(step.id) is Outcome.FAILED


@pytest.mark.parametrize(
    "batch",
    [
        AlterLink(LINK, credentials={JAAS: LOGIN, "sasl.mechanism": PLAIN}),
        AlterLink(LINK, credentials={JAAS: LOGIN}, set_configs={"acl.sync.ms": "7"}),
    ],
)
def test_secrets_are_known_by_what_is_seen_beside_them(batch: AlterLink) -> None:
    """A batch is taken whole: where its visible part shows, the secrets in it are there as well."""
    world = World().link(configs=SECRETS_SET).fail(Fault(LOST, effect=True))
    step = of_link(batch, ChangeKind.CONFIGURE_LINK)
    assert (execute(world, step).end(step.id), len(world.calls)) == (Outcome.SUCCEEDED, 1)


def test_lost_answer_seen_late_is_adopted() -> None:
    """A creation that took effect and is listed late: the second call is told "exists", and the look adopts it."""
    world = World(delay=6).link().fail(Fault(LOST, effect=True))
    ran = execute(world, create_mirror("a"))
    assert ran.end("create a") is Outcome.SUCCEEDED


def test_hopeless_lost_answers_fail_with_the_reason() -> None:
    """When every attempt is lost and no look shows an effect, the step fails."""
    world = World().link().fail(*(Fault(LOST) for _ in range(9)))
    ran = execute(world, create_mirror("a"), attempts=3)
    assert (ran.end("create a"), ran.codes("create a"), len(world.calls)) == (
        Outcome.FAILED,
        {"lost"},
        3,
    )
    assert world.log[-1][0] == "observe"


def test_unknown_outcome_is_said() -> None:
    """P6: a lost answer and a cluster that cannot be read is neither success nor a reason to send again."""
    world = World().link().fail(Fault(LOST, effect=True))
    world.blind_looks = 50
    ran = execute(world, create_mirror("a"))
    assert (ran.end("create a"), ran.codes("create a"), len(world.calls)) == (
        Outcome.FAILED,
        {"outcome-unknown"},
        1,
    )


def test_a_link_that_appeared_as_wanted_is_adopted() -> None:
    """ "Exists" is as good as done when the look shows what was to be created."""
    world = World().link(
        link_mode=LinkMode.DESTINATION, connection_mode="OUTBOUND", prefix="", filters={}
    )
    ran = execute(world, of_link(CreateLink(half()), ChangeKind.CREATE_LINK))
    assert (ran.end("create-link"), len(world.calls)) == (Outcome.SUCCEEDED, 1)
    assert any(reads["dst"].link_configs for reads in world.looks)


def test_a_link_that_appeared_and_cannot_be_read_is_not_adopted() -> None:
    """P6: a link of that name whose configs could not be read may be another one."""
    world = World().link(configs=Gap("configs of l", trouble("unread")))
    ran = execute(world, of_link(CreateLink(half()), ChangeKind.CREATE_LINK))
    assert (ran.end("create-link"), ran.why(LINK).code) == (Outcome.FAILED, "exists")
    assert len(world.calls) == 1


def test_a_name_whose_owner_no_list_shows_is_tried_with_a_look_before_each_call() -> None:
    """A taken name that nothing listed has is asked for again after a look, for a while, and then told as what it is."""
    exists = RejectedError(trouble("exists"), status=400, exists=True)
    world = World().fail(*(Fault(exists) for _ in range(99)))
    ran = execute(world, of_link(CreateLink(half()), ChangeKind.CREATE_LINK), timeout=300)
    kinds = [kind for kind, _ in world.log]
    assert kinds == ["perform", "observe"] * (len(kinds) // 2)
    assert len(world.calls) <= 11
    assert ran.codes("create-link") == {"taken-unseen"}


def test_a_short_time_limit_holds_for_names_that_are_taken_too() -> None:
    """Nobody who allows a step five seconds is kept waiting for thirty."""
    exists = RejectedError(trouble("exists"), status=400, exists=True)
    world = World().fail(*(Fault(exists) for _ in range(99)))
    execute(world, of_link(CreateLink(half()), ChangeKind.CREATE_LINK), timeout=5)
    assert len(world.calls) <= 5
    assert world.clock.time - 1000 < 10


def test_a_link_that_appeared_otherwise_is_refused() -> None:
    """ "Exists" is a failure when the look shows another link of that name, and says in what it differs."""
    world = World().link(link_mode="SOURCE", prefix="x.")
    wanted = half(configs={"consumer.offset.sync.ms": "5000"})
    ran = execute(world, of_link(CreateLink(wanted), ChangeKind.CREATE_LINK))
    why = ran.why(LINK)
    assert (ran.end("create-link"), why.code) == (Outcome.FAILED, "link-taken")
    assert "link mode, prefix, consumer.offset.sync.ms" in why.message


def test_a_name_taken_by_another_link_is_refused() -> None:
    """A mirror of that name under another link is not ours."""
    world = World().link().mirror("a", address=LinkAddress("dst", "other").mirror("a"))
    ran = execute(world, create_mirror("a"))
    assert (ran.end("create a"), ran.codes("create a")) == (Outcome.FAILED, {"mirror-taken"})


def test_recreation_waits_until_the_name_is_free() -> None:
    """Delete, then create: the topic is seen to be gone before its name is used again."""
    world = World(delay=12).link().mirror("a", "STOPPED")
    ran = execute(world, delete_topic("a", saw="STOPPED"), create_mirror("a", "delete a"))
    assert set(ran.ends().values()) == {Outcome.SUCCEEDED}
    assert [type(call) for call in world.calls] == [DeleteTopic, CreateMirror]


def test_a_name_that_frees_itself_is_retried() -> None:
    """ "Exists" with nothing of that kind to see passes by itself: the creation is tried for half a minute."""
    world = World().link()
    world.site.topics.add("a")
    world.later(lambda: world.site.topics.discard("a"), delay=9)
    ran = execute(world, create_mirror("a"))
    assert (ran.end("create a"), len(world.calls) > 2) == (Outcome.SUCCEEDED, True)


def test_not_yet_is_retried_for_half_a_minute() -> None:
    """A link that is not known everywhere yet is waited for, 30 s and no longer."""
    not_yet = RejectedError(trouble("not-yet"), status=404, not_yet=True)
    world = World().link().fail(*(Fault(not_yet) for _ in range(4)))
    assert execute(world, create_mirror("a")).end("create a") is Outcome.SUCCEEDED
    assert world.clock.slept[:4] == [0.5, 1, 2, 4]
    world = World().link().fail(*(Fault(not_yet) for _ in range(99)))
    ran = execute(world, create_mirror("a"))
    assert (ran.end("create a"), ran.codes("create a")) == (Outcome.FAILED, {"not-yet"})
    assert 30 <= world.clock.time - 1000 <= 35


def test_what_is_gone_needs_no_deletion() -> None:
    """ "Not there" is as good as done for a deletion, and is confirmed by a look."""
    world = World()
    ran = execute(world, delete_link())
    assert (ran.end("delete link"), len(world.looks)) == (Outcome.SUCCEEDED, 2)


def test_items_are_believed_over_the_answer() -> None:
    """One refused mirror fails with its own reason; the others of the call succeed."""
    world = World().link().mirror("a").mirror("b")
    world.refusals[A] = trouble("no-rights")
    ran = execute(world, change(MirrorVerb.PAUSE, "a", "b"))
    assert ran.end("pause a b") is Outcome.FAILED
    assert (ran.why(A).code, ran.item(LINK.mirror("b"))) == ("no-rights", Outcome.SUCCEEDED)


def test_refused_but_there_is_done() -> None:
    """A refusal does not matter when the wanted state is already there."""
    world = World().link().mirror("a", "PAUSED")
    world.refusals[A] = trouble("already")
    assert execute(world, change(MirrorVerb.PAUSE, "a")).end("pause a") is Outcome.SUCCEEDED


def test_irreversible_calls_are_looked_after_even_when_throttled() -> None:
    """P11: whatever the error, an irreversible call is never repeated without a look in between."""
    world = World().link().mirror("a").fail(Fault(BUSY), Fault(NotSentError(trouble())))
    ran = execute(world, change(MirrorVerb.FAILOVER, "a"))
    assert ran.end("failover a") is Outcome.SUCCEEDED
    kinds = [kind for kind, _ in world.log]
    assert kinds[:6] == ["observe", "perform"] * 3


def test_lost_failover_is_sent_again_only_where_it_left_no_trace() -> None:
    """After a lost answer only the mirrors without an effect are sent again."""
    world = World(delay=30).link().mirror("a").mirror("b")
    world.fail(Fault(LOST, effect=False))

    def somebody_took_a() -> None:
        if len(world.calls) == 1:
            world.mirror("a", "PENDING_STOPPED")
            world.later(lambda: stopped(world, "a"))

    world.before_look = somebody_took_a
    ran = execute(world, change(MirrorVerb.FAILOVER, "a", "b"))
    assert ran.end("failover a b") is Outcome.SUCCEEDED
    assert [c.mirrors for c in world.calls if isinstance(c, ChangeMirrors)] == [("a", "b"), ("b",)]


def stopped(world: World, name: str) -> None:
    world.mirror(name, "STOPPED")


def test_failover_out_of_a_stuck_promote_is_sent_again() -> None:
    """PENDING_STOPPED proves nothing of a mirror that was so before."""
    world = World().link().mirror("a", "PENDING_STOPPED").fail(Fault(LOST, effect=False))
    ran = execute(world, change(MirrorVerb.FAILOVER, "a", saw="PENDING_STOPPED"))
    assert (ran.end("failover a"), len(world.calls)) == (Outcome.SUCCEEDED, 2)


def test_moved_after_a_lost_answer_is_not_sent_again() -> None:
    """What is no longer as planned after a lost answer is left alone."""
    world = World().link().mirror("a").fail(Fault(LOST, effect=False))

    def fails_on_its_own() -> None:
        if world.calls:
            world.mirror("a", "FAILED")

    world.before_look = fails_on_its_own
    ran = execute(world, change(MirrorVerb.FAILOVER, "a"))
    assert (ran.item(A), ran.why(A).code, len(world.calls)) == (Outcome.SKIPPED, "moved", 1)


@pytest.mark.parametrize("found", ["STOPPED", "PENDING_STOPPED", "FAILED", "SOMETHING_NEW"])
def test_moved_mirrors_are_left_alone_and_the_others_go_on(found: str) -> None:
    """An irreversible step is not sent to a mirror that is not as the plan saw it."""
    world = World().link().mirror("a", found).mirror("b")
    ran = execute(world, change(MirrorVerb.FAILOVER, "a", "b"))
    assert (ran.item(A), ran.why(A).code) == (Outcome.SKIPPED, "moved")
    assert ran.item(LINK.mirror("b")) is Outcome.SUCCEEDED
    assert [c.mirrors for c in world.calls if isinstance(c, ChangeMirrors)] == [("b",)]


def test_irreversible_steps_are_not_sent_blindly() -> None:
    """P6: when the mirrors cannot be read first, nothing irreversible is sent."""
    world = World().link().mirror("a")
    world.blind_looks = 1
    ran = execute(world, delete_topic("a"))
    assert (ran.end("delete a"), ran.codes("delete a"), world.calls) == (
        Outcome.SKIPPED,
        {"not-looked"},
        [],
    )


@pytest.mark.parametrize("status", ["ACTIVE", "PENDING_STOPPED", "FAILED", None])
def test_a_link_with_a_live_mirror_is_not_deleted(status: str | None) -> None:
    """Also a mirror that the plan never saw keeps its link from being deleted."""
    world = World().link().mirror("a", "STOPPED").mirror("new", status)
    ran = execute(world, delete_link(a="STOPPED"))
    assert (ran.end("delete link"), world.calls) == (Outcome.SKIPPED, [])
    assert ran.codes("delete link") == {"link-still-mirrors"}


def test_own_steps_are_not_mistaken_for_a_move() -> None:
    """A link is deleted after this run itself has stopped its mirrors and deleted their topics."""
    world = World(delay=3).link().mirror("a").mirror("b", "FAILED")
    ran = execute(
        world,
        change(MirrorVerb.FAILOVER, "a"),
        delete_topic("b", saw="FAILED"),
        delete_link("failover a", "delete b", a="ACTIVE", b="FAILED"),
    )
    assert set(ran.ends().values()) == {Outcome.SUCCEEDED}
    assert world.site.links == {}


def test_hundreds_of_mirrors_go_in_chunks() -> None:
    """A step on 250 mirrors is three calls, and every mirror has its outcome."""
    world = World().link()
    names = [f"m{n:03}" for n in range(250)]
    for name in names:
        world.mirror(name)
    ran = execute(world, change(MirrorVerb.PAUSE, *names))
    assert sorted(len(c.mirrors) for c in world.calls if isinstance(c, ChangeMirrors)) == [
        50,
        100,
        100,
    ]
    (result,) = ran.outcomes.values()
    assert [item.address.mirror for item in result.items] == names


def test_configs_of_mirrors_and_pauses_of_links_settle() -> None:
    """Every kind of step is waited for until a look shows it."""
    world = World(delay=2).link().mirror("a")
    pause = of_link(SetLinkPaused(LINK, paused=True), ChangeKind.PAUSE_LINK)
    alter = of_link(AlterMirror(A, {"retention.ms": "1"}), ChangeKind.CONFIGURE_MIRROR)
    ran = execute(world, pause, alter)
    assert set(ran.ends().values()) == {Outcome.SUCCEEDED}
    assert world.site.links["l"].paused is True


def test_nap_passes_on_what_the_clock_raises() -> None:
    """A clock that fails is not taken for one that has waited."""

    class Broken:
        def now(self) -> float:
            return 0

        def monotonic(self) -> float:
            return 0

        async def sleep(self, seconds: float) -> None:
            raise RuntimeError(f"no {seconds}")

    with pytest.raises(RuntimeError, match="no 3"):
        asyncio.run(
            nap(
                Broken(),
                3,
            )
        )


def test_a_refusal_counts_although_somebody_else_began() -> None:
    """Refused on the first sending: that the mirror is being stopped is then not this run's doing."""
    world = World().link().mirror("a")
    world.refusals[A] = trouble("no-rights")

    def somebody_else() -> None:
        if world.calls:
            world.mirror("a", "PENDING_STOPPED")

    world.before_look = somebody_else
    ran = execute(world, change(MirrorVerb.FAILOVER, "a"))
    assert (ran.end("failover a"), ran.why(A).code) == (Outcome.FAILED, "no-rights")


def test_a_refusal_after_a_lost_answer_may_be_our_own_doing() -> None:
    """Lost, seen too early, sent again, refused: the look after that shows that the first call had worked."""
    world = World().link().mirror("a").fail(Fault(LOST, effect=False))
    world.refusals[A] = trouble("already-stopped")

    def late() -> None:
        if len(world.calls) == 2:
            world.mirror("a", "PENDING_STOPPED")
            world.later(lambda: stopped(world, "a"), delay=3)
            world.before_look = lambda: None

    world.before_look = late
    ran = execute(world, change(MirrorVerb.FAILOVER, "a"))
    assert (ran.end("failover a"), len(world.calls)) == (Outcome.SUCCEEDED, 2)


def test_a_short_blindness_after_a_lost_answer_is_outlasted() -> None:
    """Looks after a lost answer are repeated before the outcome is called unknown."""
    world = World().link().fail(Fault(LOST, effect=True))
    world.blind_looks = 2
    ran = execute(world, create_mirror("a"))
    assert (ran.end("create a"), len(world.calls)) == (Outcome.SUCCEEDED, 1)


def test_interrupted_after_a_lost_answer_is_not_called_unsent() -> None:
    """A call that was sent and shows no effect has failed; "skipped" would say that it never was."""
    world = World().link().fail(Fault(LOST, effect=False))
    ran = execute(world, create_mirror("a"), interrupt_after=1)
    assert (ran.end("create a"), ran.codes("create a"), len(world.calls)) == (
        Outcome.FAILED,
        {"lost"},
        1,
    )


def test_a_lost_deletion_of_a_link_is_looked_up_with_its_mirrors() -> None:
    """Before a link's deletion is sent again, its mirrors are looked at again too."""
    world = World().link().mirror("a", "STOPPED").fail(Fault(LOST, effect=False))
    ran = execute(world, delete_link(a="STOPPED"))
    assert (ran.end("delete link"), len(world.calls)) == (Outcome.SUCCEEDED, 2)
