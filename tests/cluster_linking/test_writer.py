"""Actions -> requests -> the server's word per object."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from reconciler.model.address import LinkAddress, MirrorAddress
from reconciler.model.desired import DesiredHalf
from reconciler.model.engine import ItemAnswer
from reconciler.model.errors import (
    AnswerLostError,
    InputError,
    RejectedError,
)
from reconciler.model.filters import FilterKind, NameFilter
from reconciler.model.links import ConnectionMode, LinkMode
from reconciler.model.mirrors import MirrorVerb
from reconciler.model.secrets import Quoted, Reference, ReferenceKind, Template
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
from tests.cluster_linking.wire import HOME, ID, Wire, cluster, engine, listing, refusal, run

LINK = LinkAddress("ig-test2", "test-link")
MIRROR = LINK.mirror("east.users")
PASSWORD = Reference(ReferenceKind.ENV, "IG_SECRET")
JAAS = Template(("Login required password=", Quoted((PASSWORD,)), ";"))
GROUPS = frozenset({NameFilter("g")})
GROUPS_TEXT = '{"groupFilters":[{"name":"g","patternType":"LITERAL","filterType":"INCLUDE"}]}'
INBOUND, OUTBOUND = ConnectionMode.INBOUND, ConnectionMode.OUTBOUND


def secret(reference: Reference) -> str:
    """The environment of these tests."""
    return {"IG_SECRET": 'pa"ss\\word'}[reference.name]


def half(**changes: Any) -> DesiredHalf:
    """A plain destination-initiated link, changed."""
    plain: dict[str, Any] = {
        "address": LINK,
        "remote": "ig-test1",
        "link_mode": LinkMode.DESTINATION,
        "connection_mode": OUTBOUND,
        "remote_connection_mode": None,
        "hosts_mirrors": True,
        "bootstrap_servers": "ig-test1:9092",
    }
    return DesiredHalf(**{**plain, **changes})


def sent(action: Action, *answers: httpx.Response) -> tuple[httpx.Request, ...]:
    """The requests of one action; 204 to everything unless answers are given."""
    requests: list[httpx.Request] = []
    pending = list(answers)

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return pending.pop(0) if pending else httpx.Response(204)

    async def story() -> None:
        async with engine(answer, lookup=secret) as e:
            await e.perform(action)

    run(story())
    return tuple(requests)


def line(request: httpx.Request) -> str:
    """Method and path."""
    return f"{request.method} {request.url.raw_path.decode()}"


def created(action: CreateLink) -> dict[str, Any]:
    """The body of a create, its configs as a mapping."""
    (request,) = sent(action)
    assert line(request) == f"POST {HOME}/links?link_name=test-link"
    body: dict[str, Any] = json.loads(request.content)
    body["configs"] = {row["name"]: row["value"] for row in body["configs"]}
    return body


def test_a_destination_initiated_link_is_the_minimal_request() -> None:
    """Only what is wanted is sent: the other side's id, its bootstrap, and the declared configs."""
    wanted = half(
        configs={"consumer.offset.sync.enable": "true"},
        credentials={"security.protocol": Template.literal("SASL_SSL"), "sasl.jaas.config": JAAS},
        filters={FilterKind.GROUP: GROUPS},
        prefix="east.",
    )
    assert created(CreateLink(wanted, remote_cluster_id="src-id", link_id="ignored")) == {
        "source_cluster_id": "src-id",
        "configs": {
            "bootstrap.servers": "ig-test1:9092",
            "cluster.link.prefix": "east.",
            "consumer.offset.group.filters": GROUPS_TEXT,
            "consumer.offset.sync.enable": "true",
            "sasl.jaas.config": 'Login required password="pa\\"ss\\\\word";',
            "security.protocol": "SASL_SSL",
        },
    }


@pytest.mark.parametrize(
    ("wanted", "ids", "configs"),
    [
        (
            half(connection_mode=INBOUND, bootstrap_servers=None),
            {"source_cluster_id": "other"},
            {"link.mode": "DESTINATION", "connection.mode": "INBOUND"},
        ),
        (
            half(link_mode=LinkMode.SOURCE, remote_connection_mode=INBOUND),
            {"destination_cluster_id": "other"},
            {
                "link.mode": "SOURCE",
                "connection.mode": "OUTBOUND",
                "bootstrap.servers": "ig-test1:9092",
            },
        ),
        (
            half(link_mode=LinkMode.BIDIRECTIONAL, remote_connection_mode=OUTBOUND),
            {"remote_cluster_id": "other", "cluster_link_id": "the-id"},
            {
                "link.mode": "BIDIRECTIONAL",
                "connection.mode": "OUTBOUND",
                "bootstrap.servers": "ig-test1:9092",
            },
        ),
        (
            half(
                link_mode=LinkMode.BIDIRECTIONAL,
                connection_mode=INBOUND,
                remote_connection_mode=OUTBOUND,
                bootstrap_servers=None,
            ),
            {"remote_cluster_id": "other"},
            {"link.mode": "BIDIRECTIONAL", "connection.mode": "INBOUND"},
        ),
        (
            half(link_mode=LinkMode.BIDIRECTIONAL, remote_connection_mode=INBOUND),
            {"remote_cluster_id": "other", "cluster_link_id": "the-id"},
            {
                "link.mode": "BIDIRECTIONAL",
                "connection.mode": "OUTBOUND",
                "remote.link.connection.mode": "INBOUND",
                "bootstrap.servers": "ig-test1:9092",
            },
        ),
    ],
    ids=["inbound", "source", "outbound-outbound", "bidirectional-inbound", "its-outbound"],
)
def test_each_topology_has_its_body(
    wanted: DesiredHalf, ids: dict[str, str], configs: dict[str, str]
) -> None:
    """Id field, modes and the expected link id follow the topology."""
    body = created(CreateLink(wanted, remote_cluster_id="other", link_id="the-id"))
    assert body == {**ids, "configs": configs}


def test_an_unknown_remote_id_is_left_out() -> None:
    """A source without REST and without a given id: the server finds out itself."""
    assert created(CreateLink(half()))["configs"] == {"bootstrap.servers": "ig-test1:9092"}


def test_altering_a_link_is_one_batch() -> None:
    """Configs, credentials, filters and resets travel together, by PUT."""
    action = AlterLink(
        LINK,
        set_configs={"consumer.offset.sync.ms": "5000"},
        reset_configs=("acl.sync.ms",),
        credentials={"sasl.jaas.config": JAAS},
        filters={FilterKind.GROUP: GROUPS},
    )
    (request,) = sent(action)
    assert line(request) == f"PUT {HOME}/links/test-link/configs:alter"
    jaas = 'Login required password="pa\\"ss\\\\word";'
    assert json.loads(request.content) == {
        "data": [
            {"name": "consumer.offset.group.filters", "value": GROUPS_TEXT, "operation": "SET"},
            {"name": "consumer.offset.sync.ms", "value": "5000", "operation": "SET"},
            {"name": "sasl.jaas.config", "value": jaas, "operation": "SET"},
            {"name": "acl.sync.ms", "value": None, "operation": "DELETE"},
        ]
    }


@pytest.mark.parametrize(
    "no", [refusal(405, "HTTP 405 Method Not Allowed"), refusal(404, "HTTP 404 Not Found")]
)
def test_without_the_batch_keys_go_one_by_one_switch_last(no: httpx.Response) -> None:
    """A server without the batch gets filters first and the switch that enables them last."""
    action = AlterLink(
        LINK,
        set_configs={"consumer.offset.sync.enable": "true", "consumer.offset.sync.ms": "5000"},
        reset_configs=("acl.sync.ms",),
        filters={FilterKind.GROUP: GROUPS},
    )
    requests = sent(action, no)
    base = f"{HOME}/links/test-link/configs"
    assert [line(r) for r in requests] == [
        f"PUT {base}:alter",
        f"PUT {base}/consumer.offset.group.filters",
        f"DELETE {base}/acl.sync.ms",
        f"PUT {base}/consumer.offset.sync.ms",
        f"PUT {base}/consumer.offset.sync.enable",
    ]
    assert [json.loads(r.content) for r in requests[3:]] == [{"value": "5000"}, {"value": "true"}]
    assert requests[2].content == b""


def test_without_the_batch_secrets_and_resets_go_before_what_shows() -> None:
    """A run that is cut off halfway leaves a visible difference, by which the next one knows what to send."""
    shown = {"security.protocol": "SSL", "sasl.mechanism": "PLAIN"}
    credentials = {name: Template.literal(value) for name, value in shown.items()}
    credentials |= {"sasl.jaas.config": JAAS, "ssl.truststore.certificates": JAAS}
    action = AlterLink(LINK, credentials=credentials, reset_configs=("sasl.z",))
    requests = sent(action, refusal(405, "HTTP 405 Method Not Allowed"))
    assert [line(r).rpartition("/")[2] for r in requests[1:]] == [
        "sasl.jaas.config",
        "sasl.z",
        "ssl.truststore.certificates",
        "sasl.mechanism",
        "security.protocol",
    ]


def test_a_server_without_the_batch_is_asked_only_once() -> None:
    """What a server lacks is remembered for the run."""
    wire = Wire()
    single = f"PUT {HOME}/links/test-link/configs/acl.sync.ms"
    wire.answers[single] = [httpx.Response(204), httpx.Response(204)]

    async def story() -> None:
        async with engine(wire) as e:
            for _ in range(2):
                await e.perform(AlterLink(LINK, set_configs={"acl.sync.ms": "1"}))

    run(story())
    assert wire.lines == sorted([f"PUT {HOME}/links/test-link/configs:alter", single, single])


def test_a_config_name_of_dots_does_not_climb() -> None:
    """Whatever a config is called, its request stays below its link."""
    action = AlterLink(LINK, set_configs={"..": "1"})
    requests = sent(action, refusal(405, "HTTP 405 Method Not Allowed"))
    assert line(requests[1]) == f"PUT {HOME}/links/test-link/configs/%2E%2E"


def test_a_missing_link_is_not_a_missing_batch() -> None:
    """The 404 that names the link is the answer; nothing else is sent."""
    wire = Wire(
        {
            f"PUT {HOME}/links/test-link/configs:alter": refusal(
                404, "Cluster link 'x' does not exist."
            )
        }
    )

    async def story() -> None:
        async with engine(wire) as e:
            await e.perform(AlterLink(LINK, set_configs={"acl.sync.ms": "1"}))

    with pytest.raises(RejectedError) as caught:
        run(story())
    assert caught.value.absent
    assert len(wire.requests) == 1


PAUSED = f"PUT {HOME}/links/test-link/configs/cluster.link.paused"
SINGLE: list[tuple[Action, str, Any]] = [
    (SetLinkPaused(LINK, paused=True), PAUSED, {"value": "true"}),
    (SetLinkPaused(LINK, paused=False), PAUSED, {"value": "false"}),
    (DeleteLink(LINK), f"DELETE {HOME}/links/test-link", None),
    (
        CreateMirror(MIRROR, "users"),
        f"POST {HOME}/links/test-link/mirrors",
        {"source_topic_name": "users", "mirror_topic_name": "east.users"},
    ),
    (
        CreateMirror(LINK.mirror("users"), "users", 3, {"confluent.tier.enable": "true"}),
        f"POST {HOME}/links/test-link/mirrors",
        {
            "source_topic_name": "users",
            "replication_factor": 3,
            "configs": [{"name": "confluent.tier.enable", "value": "true"}],
        },
    ),
    (
        AlterMirror(MIRROR, {"retention.ms": "1"}),
        f"POST {HOME}/topics/east.users/configs:alter",
        {"data": [{"name": "retention.ms", "value": "1", "operation": "SET"}]},
    ),
    (DeleteTopic(MIRROR), f"DELETE {HOME}/topics/east.users", None),
    *(
        (
            ChangeMirrors(LINK, verb, ("a", "b")),
            f"POST {HOME}/links/test-link/mirrors:{verb.value}",
            {"mirror_topic_names": ["a", "b"]},
        )
        for verb in MirrorVerb
    ),
]


@pytest.mark.parametrize(("action", "expected", "body"), SINGLE)
@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_every_other_action_is_one_request(
    action: Action, expected: str, body: Any, status: int
) -> None:
    """One action, one request, whatever 2xx comes back and without a body."""
    (request,) = sent(action, httpx.Response(status))
    assert line(request) == expected
    assert (json.loads(request.content) if request.content else None) == body
    assert "force" not in str(request.url)


@pytest.mark.parametrize(("action", "expected", "body"), SINGLE)
def test_what_is_shown_is_what_is_sent(action: Action, expected: str, body: Any) -> None:
    """`requests` shows method, URL and body of the very request that `perform` sends."""
    (shown,) = engine(None).requests(action)
    assert f"{shown.method} {shown.url}" == expected.replace(" ", " http://ig-test2:8090")
    assert (json.loads(shown.body) if shown.body else None) == body


def test_shown_requests_hold_references_only() -> None:
    """P7: a shown body names where a secret comes from; nothing is looked up for it."""
    wanted = half(
        credentials={"security.protocol": Template.literal("SASL_SSL"), "sasl.jaas.config": JAAS}
    )
    (shown,) = engine(None).requests(CreateLink(wanted))
    values = {row["name"]: row["value"] for row in json.loads(shown.body)["configs"]}
    assert values["sasl.jaas.config"] == "${env:IG_SECRET}"
    assert values["security.protocol"] == "SASL_SSL"


def test_shown_requests_say_where_the_cluster_id_goes() -> None:
    """An id that nobody has given or read is a placeholder, until it is read."""
    wire = Wire({"GET /kafka/v3/clusters": listing({"cluster_id": ID})})
    e = engine(wire, cluster(cluster_id=None))
    assert "/clusters/{cluster_id}/links/test-link" in e.requests(DeleteLink(LINK))[0].url

    async def story() -> str:
        async with e:
            with pytest.raises(RejectedError):
                await e.perform(DeleteLink(LINK))
            return e.requests(DeleteLink(LINK))[0].url

    assert f"/clusters/{ID}/links/test-link" in run(story())


def items(body: Any) -> tuple[ItemAnswer, ...]:
    """The word on mirrors `a` and `b` when the server answers a promote with this."""
    response = httpx.Response(200, content=body if isinstance(body, bytes) else json.dumps(body))
    wire = Wire({f"POST {HOME}/links/test-link/mirrors:promote": response})

    async def story() -> tuple[ItemAnswer, ...]:
        async with engine(wire) as e:
            return await e.perform(ChangeMirrors(LINK, MirrorVerb.PROMOTE, ("a", "b")))

    return run(story())


@pytest.mark.parametrize(
    "row",
    [
        {"error_code": None, "error_message": None, "mirror_lags": [], "messages_truncated": -1},
        {"error_code": 0},
        {},
    ],
)
def test_null_zero_and_missing_codes_mean_accepted(row: dict[str, Any]) -> None:
    """Three ways to say yes."""
    answers = items({"data": [{"mirror_topic_name": name, **row} for name in "ab"]})
    assert answers == (ItemAnswer(LINK.mirror("a")), ItemAnswer(LINK.mirror("b")))


def test_a_failed_item_of_a_200_is_a_refusal() -> None:
    """The 200 is not believed: the item that failed is refused in the server's words, the other is accepted."""
    text = "Topic 'b' has already stopped its mirror from 'test-link'"
    first, second = items(
        {
            "kind": "KafkaPromoteMirror",
            "data": [
                {"mirror_topic_name": "b", "error_code": 400, "error_message": text},
                {"mirror_topic_name": "a", "error_code": None},
                {"mirror_topic_name": "stranger", "error_code": 400},
            ],
        }
    )
    assert first == ItemAnswer(LINK.mirror("a"))
    assert second.refusal is not None
    assert second.refusal.code == "mirror-refused"
    assert second.refusal.address == LINK.mirror("b")
    assert text in second.refusal.message


def test_an_item_without_rights_is_not_cured_by_another_plan() -> None:
    """The command line's own stubs answer 401 "Not authorized" for one item of a 200."""
    body = {"mirror_topic_name": "b", "error_code": 401, "error_message": "Not authorized"}
    _, second = items({"data": [body]})
    assert second.refusal is not None
    assert "rights" in (second.refusal.cure or "")


def test_a_refused_verb_is_said_as_people_say_it() -> None:
    """`failover` is a path; in a sentence it is to fail over."""
    body = {"data": [{"mirror_topic_name": "a", "error_code": 400, "error_message": "no"}]}
    wire = Wire({f"POST {HOME}/links/test-link/mirrors:failover": httpx.Response(200, json=body)})

    async def story() -> tuple[ItemAnswer, ...]:
        async with engine(wire) as e:
            return await e.perform(ChangeMirrors(LINK, MirrorVerb.FAILOVER, ("a",)))

    (answer,) = run(story())
    assert answer.refusal is not None
    assert answer.refusal.message.startswith("the server refuses to fail over this mirror topic")


@pytest.mark.parametrize("body", [b"", {"data": []}])
def test_mirrors_that_the_answer_leaves_out_count_as_accepted(body: Any) -> None:
    """Whether anything happened is observed anyway (P10)."""
    assert [answer.refusal for answer in items(body)] == [None, None]


def test_an_unreadable_word_on_mirrors_is_a_lost_answer() -> None:
    """A success that cannot be read may have taken effect; a web page never reached the cluster."""
    with pytest.raises(AnswerLostError):
        items(b'{"data":[{"mirror_topic_na')
    with pytest.raises(RejectedError):
        items(b"<html>")


def test_the_answer_names_the_object_of_the_action() -> None:
    """Each action answers for the address that it is about."""
    wire = Wire({f"DELETE {HOME}/topics/east.users": httpx.Response(204)})

    async def story() -> tuple[ItemAnswer, ...]:
        async with engine(wire) as e:
            return await e.perform(DeleteTopic(MIRROR))

    assert run(story()) == (ItemAnswer(MirrorAddress("ig-test2", "test-link", "east.users")),)


def test_a_reference_that_cannot_be_resolved_sends_nothing() -> None:
    """The lookup's own error passes through before the first byte."""
    wire = Wire()

    def unset(reference: Reference) -> str:
        raise InputError

    async def story() -> None:
        async with engine(wire, lookup=unset) as e:
            await e.perform(AlterLink(LINK, credentials={"sasl.jaas.config": JAAS}))

    with pytest.raises(InputError):
        run(story())
    assert wire.requests == []


def test_a_refused_link_credential_is_not_our_api_key() -> None:
    """A 401 while a link is validated speaks of the link's credentials."""
    text = "Unable to validate cluster link due to error: Client SASL mechanism 'PLAIN' not enabled"
    wire = Wire({f"POST {HOME}/links?link_name=test-link": refusal(401, text)})

    async def story() -> None:
        async with engine(wire) as e:
            await e.perform(CreateLink(half()))

    with pytest.raises(RejectedError) as caught:
        run(story())
    assert caught.value.diagnostics[0].code == "link-credentials-refused"
