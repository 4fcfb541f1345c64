"""Values that the tests of this room print: small worlds built by hand, without any logic of the planner."""

from __future__ import annotations

from reconciler.model.address import Address, LinkAddress, MirrorAddress
from reconciler.model.changes import (
    Change,
    ChangeKind,
    Delta,
    Exposure,
    FieldDelta,
    FilterDelta,
    Resent,
)
from reconciler.model.desired import DesiredHalf
from reconciler.model.diagnostics import Diagnostic, Position, Severity
from reconciler.model.events import ItemOutcome, Outcome, RunResult, StepOutcome
from reconciler.model.filters import AclFilter, FilterKind, NameFilter
from reconciler.model.links import ConnectionMode, LinkMode
from reconciler.model.mirrors import MirrorVerb, PartitionLag
from reconciler.model.observed import (
    Gap,
    GroupOffset,
    Health,
    HealthLevel,
    LinkTask,
    ObservedLink,
    ObservedMirror,
    TaskError,
)
from reconciler.model.plan import Plan, Unmanaged
from reconciler.model.secrets import Reference, ReferenceKind, Template
from reconciler.model.status import GroupReport, LinkReport, MirrorReport, StatusReport
from reconciler.model.steps import (
    AlterLink,
    ChangeMirrors,
    CreateLink,
    CreateMirror,
    DeleteLink,
    DeleteTopic,
    Step,
)
from reconciler.reporting.words import action_addresses

LINK = LinkAddress("ig-test2", "test-link")
OLD_LINK = LinkAddress("ig-test2", "old-link")
GROUP = "connect-FileStreamSinkConnectorConnector_1"
HOSTILE = "a\x1b[31m\nb\u202ec\u05d0::error::x"
SECRET = "hunter2-marker"


def at(line: int) -> Position:
    return Position("links.yaml", line, 5)


def finding(
    code: str,
    severity: Severity,
    message: str,
    cure: str = "",
    *,
    address: Address | None = None,
    position: Position | None = None,
    subject: str = "",
) -> Diagnostic:
    return Diagnostic(code, severity, message, cure, position, address, subject)


UNREACHABLE = finding(
    "not-reachable",
    Severity.ERROR,
    "ig-test1 did not answer at http://ig-test1:8090/kafka/v3: connection refused.",
    "Check that the cluster runs and that `restEndpoint` is right.",
    subject="ig-test1",
)
GAP = Gap("ig-test1: topics", UNREACHABLE)


def mirror_change(
    name: str,
    kind: ChangeKind,
    line: int = 20,
    *,
    deltas: tuple[Delta, ...] = (),
    exposure: Exposure | None = None,
    before: str = "",
) -> Change:
    return Change(LINK.mirror(name), kind, deltas, exposure, before, at(line))


def first_run() -> Plan:
    """Nothing exists yet: a link with its secrets and filter, and two mirror topics."""
    link = Change(
        LINK,
        ChangeKind.CREATE_LINK,
        deltas=(
            FieldDelta("bootstrap.servers", None, "ig-test1:9092"),
            FieldDelta("consumer.offset.sync.enable", None, "true"),
            FieldDelta("sasl.jaas.config", hidden=True, reference="${file:/run/secrets/jaas}"),
            FilterDelta(FilterKind.GROUP, added=(NameFilter(GROUP),)),
        ),
        position=at(14),
    )
    mirrors = tuple(
        mirror_change(name, ChangeKind.CREATE_MIRROR, line)
        for name, line in (("test-topic", 24), ("users", 25))
    )
    half = DesiredHalf(
        LINK,
        "ig-test1",
        LinkMode.DESTINATION,
        ConnectionMode.OUTBOUND,
        None,
        hosts_mirrors=True,
        bootstrap_servers="ig-test1:9092",
        credentials={
            "sasl.jaas.config": Template((SECRET, Reference(ReferenceKind.ENV, "JAAS"))),
        },
    )
    steps = (
        Step("1", CreateLink(half), covers=(link.key,)),
        *(
            Step(str(n), CreateMirror(m.address, m.address.mirror), ("1",), (m.key,))
            for n, m in enumerate(mirrors, 2)
            if isinstance(m.address, MirrorAddress)
        ),
    )
    return Plan((link, *mirrors), steps, identities={"ig-test2": "id-2"})


def config_change() -> Plan:
    """One link is configured anew: values, a reset, a secret, filters of two kinds, and a note on who loses."""
    change = Change(
        LINK,
        ChangeKind.CONFIGURE_LINK,
        deltas=(
            FieldDelta("availability.check.ms", "30000", None),
            FieldDelta("consumer.offset.sync.ms", "5000", "10000"),
            FieldDelta("cluster.link.prefix", None, ""),
            FieldDelta("sasl.jaas.config", hidden=True),
            FieldDelta(
                "ssl.keystore.key",
                hidden=True,
                reference="${file:/run/secrets/key}",
                resent=Resent.BESIDE_CHANGE,
            ),
            FieldDelta(
                "local.sasl.jaas.config",
                hidden=True,
                reference="${env:LOCAL}",
                resent=Resent.REQUESTED,
            ),
            FieldDelta(
                "topic.config.sync.include",
                "cleanup.policy,max.message.bytes,message.timestamp.type",
                "cleanup.policy,max.message.bytes,retention.ms",
            ),
            FilterDelta(
                FilterKind.GROUP,
                added=(NameFilter(GROUP), NameFilter("tmp-", "PREFIXED", "EXCLUDE")),
                removed=(NameFilter("*", extra=(("since", '"3"'),)),),
            ),
            FilterDelta(
                FilterKind.ACL,
                added=(AclFilter("topic", "literal", "read", "allow", "orders", "User:alice"),),
                removed=(AclFilter("any", "any", "any", "any"),),
            ),
        ),
        position=at(14),
    )
    note = finding(
        "filter-narrowed",
        Severity.NOTE,
        "Group billing is selected now and will not be any more: its offsets stop being synced.",
        "Keep a rule that selects it if it still needs its place.",
        address=LINK,
    )
    step = Step("1", AlterLink(LINK, {"consumer.offset.sync.ms": "10000"}), (), (change.key,))
    return Plan((change,), (step,), (note,))


def irreversible() -> Plan:
    """Each kind that cannot be undone, alone and together, with the lag known, zero and unknown."""
    changes = (
        Change(OLD_LINK, ChangeKind.DELETE_LINK, position=at(40)),
        mirror_change("clicks", ChangeKind.FAILOVER, 21, before="FAILED", exposure=Exposure(None)),
        mirror_change("orders", ChangeKind.PROMOTE, 22, before="ACTIVE", exposure=Exposure(12, 3)),
        mirror_change("refunds", ChangeKind.DELETE_TOPIC, 23, before="ACTIVE"),
        mirror_change(
            "users", ChangeKind.FAILOVER, 24, before="ACTIVE", exposure=Exposure(1204, 3)
        ),
        mirror_change("visits", ChangeKind.RECREATE_MIRROR, 25, before="STOPPED"),
        mirror_change("zones", ChangeKind.PAUSE_MIRROR, 26, before="ACTIVE"),
    )
    steps = (
        Step(
            "1",
            ChangeMirrors(LINK, MirrorVerb.FAILOVER, ("clicks", "users")),
            covers=tuple(c.key for c in changes if c.kind is ChangeKind.FAILOVER),
        ),
        Step("2", ChangeMirrors(LINK, MirrorVerb.PAUSE, ("zones",)), (), (changes[6].key,)),
        Step("3", ChangeMirrors(LINK, MirrorVerb.PROMOTE, ("orders",)), (), (changes[2].key,)),
        Step("4", DeleteTopic(LINK.mirror("refunds")), (), (changes[3].key,)),
        Step("5", DeleteTopic(LINK.mirror("visits")), (), (changes[5].key,)),
        Step("6", CreateMirror(LINK.mirror("visits"), "visits"), ("5",), (changes[5].key,)),
        Step("7", DeleteLink(OLD_LINK), (), (changes[0].key,)),
    )
    return Plan(changes, steps)


def failover() -> Plan:
    """One mirror topic is to be failed over, behind its source."""
    change = mirror_change(
        "users", ChangeKind.FAILOVER, 25, before="ACTIVE", exposure=Exposure(1204, 3)
    )
    step = Step("1", ChangeMirrors(LINK, MirrorVerb.FAILOVER, ("users",)), covers=(change.key,))
    return Plan((change,), (step,), link_ids={LINK: "link-1"})


def troubled() -> Plan:
    """One change goes on; others are blocked, waited for or unreadable, and some objects are nobody's."""
    change = mirror_change("zones", ChangeKind.RESUME_MIRROR, 26, before="PAUSED")
    diagnostics = (
        finding(
            "name-taken",
            Severity.BLOCKED,
            "The name orders is taken by a plain topic on ig-test2, so the mirror topic cannot be created.",
            "Delete or rename that topic, or take the entry out of the file.",
            address=LINK.mirror("orders"),
            position=at(22),
        ),
        finding(
            "being-stopped",
            Severity.WAITING,
            "users is PENDING_STOPPED: a promote or failover is under way.",
            "Wait and plan again.",
            address=LINK.mirror("users"),
        ),
        finding(
            "config-unknown",
            Severity.WARNING,
            "The link config `availability.chek.ms` is not known.",
            "Did you mean `availability.check.ms`?",
            position=at(17),
        ),
        finding("not-comparable", Severity.NOTE, "Secrets are not compared.", address=OLD_LINK),
        UNREACHABLE,
    )
    unmanaged = (
        Unmanaged(LinkAddress("ig-test2", "alien"), "link with 7 mirror topics"),
        *(Unmanaged(LINK, f"config confluent.x{n} is set") for n in range(4)),
        *(Unmanaged(LINK.mirror(f"stray-{n}"), "mirror topic, ACTIVE") for n in range(5)),
        Unmanaged(LINK.mirror("stray-9"), "mirror topic, STOPPED"),
    )
    step = Step("1", ChangeMirrors(LINK, MirrorVerb.RESUME, ("zones",)), covers=(change.key,))
    return Plan((change,), (step,), diagnostics, (GAP,), unmanaged)


def many(count: int = 5000) -> Plan:
    """A link with very many new mirror topics, some of them with configs of their own."""
    changes = tuple(
        mirror_change(
            f"topic-{n:05}",
            ChangeKind.CREATE_MIRROR,
            20 + n,
            deltas=(FieldDelta("retention.ms", None, "-1"),) if n % 5 == 0 else (),
        )
        for n in range(count)
    )
    steps = tuple(
        Step(str(n), CreateMirror(c.address, c.address.mirror), (), (c.key,))
        for n, c in enumerate(changes)
        if isinstance(c.address, MirrorAddress)
    )
    return Plan(changes, steps)


def hostile(name: str = HOSTILE) -> Plan:
    """Every place that takes a text from outside holds a hostile one."""
    link = LinkAddress("c", name)
    position = Position(name, 1, 1)
    deltas = (
        FieldDelta(name, name, f"{name}2"),
        FieldDelta(name, SECRET, SECRET, hidden=True, reference=name),
        FilterDelta(FilterKind.GROUP, added=(NameFilter(name, name, name, ((name, name),)),)),
        FilterDelta(
            FilterKind.ACL,
            removed=(AclFilter(name, name, name, name, name, name, name, ((name, name),)),),
        ),
    )
    said = tuple(
        Diagnostic(name, severity, name, name, position, link, name, (position,))
        for severity in Severity
    )
    return Plan(
        (
            Change(link, ChangeKind.CONFIGURE_LINK, deltas, before=name, position=position),
            Change(link.mirror(name), ChangeKind.FAILOVER, deltas, Exposure(3), name, position),
            Change(link.mirror("m"), ChangeKind.FAILOVER, deltas, Exposure(3), name, position),
            Change(link.mirror(name), ChangeKind.RECREATE_MIRROR, before=name, position=position),
        ),
        (Step(name, ChangeMirrors(link, MirrorVerb.PAUSE, (name,)), (name,)),),
        said,
        (Gap(name, said[0]),),
        (Unmanaged(link, name), Unmanaged(link.mirror(name), name)),
        {name: name},
    )


def story_status() -> StatusReport:
    """The story's link after `users` was failed over, with one mirror topic over its limit."""
    link = ObservedLink(
        LINK,
        link_id="link-1",
        remote_cluster_id="id-1",
        state="ACTIVE",
        error="NO_ERROR",
        tasks=(
            LinkTask("ConsumerOffsetSync", "ACTIVE"),
            LinkTask(
                "AutoCreateMirror",
                "IN_ERROR",
                (TaskError("TOPIC_EXISTS_ERROR", "The topic clicks exists already."),),
            ),
        ),
        paused=False,
        health=Health(HealthLevel.UNHEALTHY, ("task AutoCreateMirror is IN_ERROR",)),
    )
    mirrors = (
        mirror("test-topic", "ACTIVE", 0),
        mirror("users", "STOPPED", 7),
        mirror("visits", "ACTIVE", 1204, max_lag=1000),
        MirrorReport(LINK.mirror("zones"), None),
    )
    group = GroupReport(
        GROUP,
        "ig-test1",
        "ig-test2",
        (GroupOffset("users", 0, 120, 130), GroupOffset("users", 1, 90, 95), offset("other", 5)),
        (GroupOffset("users", 0, 100, 130), offset("visits", -1)),
        {"users": "users", "visits": "visits"},
        members_on_destination=True,
    )
    return StatusReport((LinkReport(LINK, "ig-test1", link, mirrors, (group,)),))


def offset(topic: str, current: int) -> GroupOffset:
    return GroupOffset(topic, 0, current, 100)


def mirror(name: str, status: str, lag: int, max_lag: int | None = None) -> MirrorReport:
    observed = ObservedMirror(
        LINK.mirror(name),
        name,
        status,
        "NO_ERROR",
        1,
        (PartitionLag(0, lag, 5000),),
        1_795_000_000_000,
    )
    return MirrorReport(LINK.mirror(name), observed, max_lag)


def blind_status() -> StatusReport:
    """The list of links could not be read on one cluster; on the other the source cannot be asked."""
    group = GroupReport("billing", "ig-test1", "ig-test2", None, GAP, {"users": "users"})
    return StatusReport(
        (
            LinkReport(OLD_LINK, "ig-test1", None),
            LinkReport(LINK, "ig-test1", GAP, (MirrorReport(LINK.mirror("users"), GAP),), (group,)),
        ),
        (GAP,),
    )


def good_run() -> RunResult:
    """Everything went well and nothing remains."""
    return RunResult(tuple(map(_done, first_run().steps)), remaining=Plan())


def _done(step: Step) -> StepOutcome:
    items = (
        ItemOutcome(address, Outcome.SUCCEEDED, accepted=True)
        for address in action_addresses(step.action)
    )
    return StepOutcome(step, Outcome.SUCCEEDED, tuple(items))


def bad_run() -> RunResult:
    """A promote fails for one mirror topic of three, what needs it is kept back, another step times out."""
    verb, names = MirrorVerb.PROMOTE, ("orders", "users", "zones")
    promote = Step("1", ChangeMirrors(LINK, verb, names))
    delete = Step("2", DeleteLink(LINK), ("1",))
    further = Step("3", DeleteLink(OLD_LINK), ("2",))
    create = Step("4", CreateMirror(LINK.mirror("visits"), "visits"))
    moved = Step("5", DeleteTopic(LINK.mirror("refunds")))
    refused = finding(
        "group-in-use",
        Severity.ERROR,
        "Group billing has members on ig-test2, so its offsets cannot be written.",
        "Stop its members there, then run this again.",
        address=LINK.mirror("users"),
    )
    kept = finding("needs-failed", Severity.NOTE, "A step that this one needs did not succeed.")
    slow = finding("not-settled", Severity.ERROR, "visits is still PENDING_MIRROR.", "Wait.")
    gone = finding(
        "moved", Severity.ERROR, "refunds is STOPPED, the plan saw ACTIVE.", "Plan again."
    )
    items = tuple(
        ItemOutcome(LINK.mirror(name), Outcome.SUCCEEDED, accepted=True)
        for name in names
        if name == "orders"
    ) + tuple(
        ItemOutcome(LINK.mirror(name), Outcome.FAILED, refused)
        for name in names
        if name != "orders"
    )
    late = ItemOutcome(LINK.mirror("visits"), Outcome.TIMED_OUT, slow, accepted=True)
    left = ItemOutcome(LINK.mirror("refunds"), Outcome.SKIPPED, gone)
    outcomes = (
        StepOutcome(promote, Outcome.FAILED, items),
        StepOutcome(delete, Outcome.SKIPPED, (ItemOutcome(LINK, Outcome.SKIPPED),), (kept,)),
        StepOutcome(further, Outcome.SKIPPED, (ItemOutcome(OLD_LINK, Outcome.SKIPPED),), (kept,)),
        StepOutcome(create, Outcome.TIMED_OUT, (late,)),
        StepOutcome(moved, Outcome.SKIPPED, (left,)),
    )
    return RunResult(outcomes, interrupted=True, remaining=failover())


def findings() -> tuple[Diagnostic, ...]:
    """One finding of each severity, with a position, an address, a subject, or none of these."""
    return (
        Diagnostic(
            "duplicate-link",
            Severity.ERROR,
            "The link test-link is declared twice.",
            "Keep one of the two entries.",
            at(30),
            related=(at(14),),
        ),
        *troubled().diagnostics,
        finding("input-empty", Severity.ERROR, "There is no input: 100% of it is missing."),
    )
