"""Links: what is refused with which status, code and text, and what a dry run leaves alone."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from reconciler.sandbox import World
from reconciler.sandbox.files.snapshot import snapshot
from reconciler.sandbox.world.flavours import FLAVOURS
from tests.sandbox.conftest import Client, group_filter

ACL_ROW = {
    "resourceFilter": {"resourceType": "any", "patternType": "any"},
    "accessFilter": {"operation": "any", "permissionType": "any"},
}
ACLS = json.dumps({"aclFilters": [ACL_ROW]})
ALWAYS = (
    "cleanup.policy,max.message.bytes,message.timestamp.type,message.timestamp.difference.max.ms"
)


def create(client: Client, query: str, configs: dict[str, str], **fields: str) -> Any:
    rows = [{"name": name, "value": value} for name, value in configs.items()]
    return client.post(f"links?{query}", {**fields, "configs": rows})


SRC = {"bootstrap.servers": "src:9092"}


@pytest.mark.parametrize(
    ("query", "configs", "fields", "code", "text"),
    [
        ("", SRC, {}, 400, "Missing required query parameter 'link_name'"),
        ("link_name=", SRC, {}, 400, "Link name '' is illegal"),
        ("link_name=..", SRC, {}, 400, "is illegal"),
        ("link_name=a%20b", SRC, {}, 400, "is illegal"),
        (f"link_name={'x' * 201}", SRC, {}, 400, "is illegal"),
        ("link_name=l&validate_only=maybe", SRC, {}, 400, "must be true or false"),
        ("link_name=l", {}, {}, 40002, "Missing required configuration 'bootstrap.servers'"),
        ("link_name=l", {"bootstrap.servers": ", ,"}, {}, 40002, "Missing required configuration"),
        (
            "link_name=l",
            {"bootstrap.servers": "nowhere:9092"},
            {},
            400,
            "Link error code: UNRESOLVABLE_BOOTSTRAP_ERROR",
        ),
        (
            "link_name=l",
            SRC,
            {"source_cluster_id": "other-id"},
            400,
            "Expected cluster ID 'other-id' does not match resolved cluster ID 'src-id'",
        ),
        (
            "link_name=l",
            SRC,
            {"source_cluster_id": "dst-id"},
            400,
            "Source cluster ID matches local cluster ID dst-id. Cannot create cluster link to self.",
        ),
        (
            "link_name=l",
            {"bootstrap.servers": "dst:9092"},
            {},
            400,
            "Source cluster ID matches local cluster ID dst-id. Cannot create cluster link to self.",
        ),
        (
            "link_name=l",
            {**SRC, "link.mode": "SOURCE", "connection.mode": "INBOUND"},
            {},
            40002,
            "cannot have connection.mode=INBOUND",
        ),
        ("link_name=l", {**SRC, "link.mode": "SIDEWAYS"}, {}, 40002, "Expected one of"),
        ("link_name=l", {**SRC, "consumer.offset.sync.ms": "999"}, {}, 40002, "at least 1000"),
        ("link_name=l", {**SRC, "consumer.offset.sync.ms": "1e3"}, {}, 40002, "Not a number"),
        ("link_name=l", {**SRC, "consumer.offset.sync.ms": "1_000"}, {}, 40002, "Not a number"),
        (
            "link_name=l",
            {**SRC, "consumer.offset.sync.ms": str(1 << 31)},
            {},
            40002,
            "Not a number",
        ),
        ("link_name=l", {**SRC, "consumer.offset.sync.ms": "9" * 5000}, {}, 40002, "Not a number"),
        ("link_name=l", {**SRC, "acl.sync.enable": "yes"}, {}, 40002, "true or false"),
        (
            "link_name=l",
            {**SRC, "acl.sync.enable": "true", "acl.filters": ACLS, "cluster.link.prefix": "p."},
            {},
            40002,
            "cannot be used together with cluster.link.prefix",
        ),
        ("link_name=l", {**SRC, "consumer.group.prefix.enable": "true"}, {}, 40002, "needs"),
        (
            "link_name=l",
            {**SRC, "consumer.offset.group.filters": '{"groupFilters":[{"nome":"x"}]}'},
            {},
            40002,
            "unknown key 'nome'",
        ),
        (
            "link_name=l",
            {**SRC, "consumer.offset.group.filters": '{"groupFilters":null}'},
            {},
            40002,
            "must be an array of objects",
        ),
        (
            "link_name=l",
            {**SRC, "auto.create.mirror.topics.filters": "not json"},
            {},
            40002,
            "it is not JSON",
        ),
        (
            "link_name=l",
            {**SRC, "topic.config.sync.include": "retention.ms"},
            {},
            40002,
            "always synced",
        ),
        *(
            (
                "link_name=l",
                {**SRC, "topic.config.sync.include": f"{ALWAYS},{key}"},
                {},
                40002,
                text,
            )
            for key, text in (
                ("confluent.key.schema.validation", "never synced"),
                ("leader.replication.throttled.replicas", "never synced"),
                ("nonsense.key", "not a topic configuration"),
            )
        ),
        ("link_name=l", {**SRC, "mirror.start.offset.spec": "newest"}, {}, 40002, "timestamp"),
        ("link_name=l", {**SRC, "ssl.keystore.key": "k" * 70_000}, {}, 400, "exceeded max limit"),
    ],
)
def test_a_link_that_cannot_be_made(
    client: Client,
    query: str,
    configs: dict[str, str],
    fields: dict[str, str],
    code: int,
    text: str,
) -> None:
    """Each refusal has its status, its code and a text that names the matter; nothing is made."""
    answer = create(client, query, configs, **fields)
    assert answer.status_code == 400
    assert answer.json()["error_code"] == code
    assert text in answer.json()["message"]
    assert client.get("links")["data"] == []


def test_a_source_that_is_away(client: Client, world: World) -> None:
    """With validation the create call fails; without it the link is made and does not work."""
    world.clusters["src"].set_up(up=False)
    message = create(client, "link_name=l", SRC).json()["message"]
    assert message.startswith(
        "Invalid Cluster Link: Invalid cluster link. Link error code: BOOTSTRAP_TCP"
    )
    assert message.endswith(
        "Unable to validate cluster link due to error: The provided cluster is invalid."
    )
    assert create(client, "link_name=l&validate_link=false", SRC).status_code == 201
    answer = client.mirror("users", link="l")
    assert answer.status_code == 400
    assert "cannot reach the source cluster" in answer.json()["message"]


def test_dry_runs_change_nothing(client: Client, world: World) -> None:
    """Every call that takes `validate_only` answers as the real one would and leaves the world alone."""
    client.link()
    client.mirror("users")
    before = snapshot(world)
    assert create(client, "link_name=x&validate_only=true", SRC).status_code == 201
    assert client.call("DELETE", "links/test-link?validate_only=true").status_code == 403
    batch = {"data": [{"name": "consumer.offset.sync.ms", "value": "9000"}]}
    path = "links/test-link/configs:alter"
    assert client.call("PUT", f"{path}?validate_only=true", json=batch).status_code == 204
    inside = {**batch, "validate_only": True}
    assert client.call("PUT", path, json=inside).status_code == 204
    topic = {"topic_name": "t", "validate_only": True}
    assert client.post("topics", topic).status_code == 200
    for verb in ("pause", "promote", "failover"):
        client.act(verb, "users", query="?validate_only=true")
    assert snapshot(world) == before
    assert world.writes == 2


def test_a_trailing_slash_is_accepted(client: Client) -> None:
    """Clients create links with and without one."""
    rows = [{"name": "bootstrap.servers", "value": "src:9092"}]
    assert client.post("links/?link_name=l", {"configs": rows}).status_code == 201


def test_a_batch_is_all_or_nothing(client: Client) -> None:
    """One bad entry and none is taken; an unknown operation is refused; a missing one means SET."""
    client.link()
    good = {"name": "acl.sync.ms", "value": "9000"}
    bad = {"name": "consumer.offset.sync.ms", "value": "soon"}
    path = "links/test-link/configs:alter"
    assert client.call("PUT", path, json={"data": [good, bad]}).status_code == 400
    assert client.get("links/test-link/configs/acl.sync.ms")["value"] == "5000"
    assert client.call("PUT", path, json={"data": [good]}).status_code == 204
    assert client.get("links/test-link/configs/acl.sync.ms")["value"] == "9000"
    remove = {**good, "value": None, "operation": "DELETE"}
    assert client.call("PUT", path, json={"data": [remove]}).status_code == 204
    assert client.get("links/test-link/configs/acl.sync.ms")["is_default"] is True
    strange = {**good, "operation": "APPEND"}
    assert client.call("PUT", path, json={"data": [strange]}).status_code == 400


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("link.mode", "BIDIRECTIONAL"),
        ("connection.mode", "INBOUND"),
        ("cluster.link.prefix", "p."),
    ],
)
def test_what_is_fixed_at_creation(client: Client, name: str, value: str) -> None:
    """Immutable configs are 40002, whether set, reset or in a batch."""
    client.link()
    path = f"links/test-link/configs/{name}"
    answer = client.call("PUT", path, json={"value": value})
    assert (answer.status_code, answer.json()["error_code"]) == (400, 40002)


def test_filters_choose_groups(world: World, client: Client) -> None:
    """Something must include a group and nothing may exclude it; `*` means all only as LITERAL."""
    from reconciler.sandbox.configs.filters import parse_name_filter

    def rows(*triples: tuple[str, str, str]) -> str:
        keys = ("name", "patternType", "filterType")
        return json.dumps({"groupFilters": [dict(zip(keys, row, strict=True)) for row in triples]})

    everything = ("*", "LITERAL", "INCLUDE")
    batch = ("batch-", "PREFIXED", "EXCLUDE")
    for text, name, expected in (
        ("", "a", False),
        (rows(everything), "a", True),
        (rows(everything, batch), "batch-1", False),
        (rows(batch, everything), "batch-1", False),
        (rows(batch), "a", False),
        (rows(("*", "PREFIXED", "INCLUDE")), "a", False),
        (rows(("*", "PREFIXED", "INCLUDE")), "*a", True),
        (rows(("a", "literal", "include")), "a", True),
        (group_filter("a"), "ab", False),
    ):
        assert parse_name_filter(text, "groupFilters").matches(name) is expected


@pytest.mark.parametrize("name", ["ssl.key.password", "sasl.jaas.config"])
def test_a_secret_that_is_too_long_does_not_come_back(client: Client, name: str) -> None:
    """The complaint about a secret does not quote it, whether a link is made or changed."""
    secret = "hunter2-" + "x" * 70_000
    made = create(client, "link_name=l", {**SRC, name: secret})
    client.link()
    changed = client.call("PUT", f"links/test-link/configs/{name}", json={"value": secret})
    for answer in (made, changed):
        assert answer.status_code == 400
        assert "exceeded max limit" in answer.text
        assert "hunter2" not in answer.text


@pytest.mark.parametrize("value", ["", ",,", " , "])
def test_who_dials_keeps_an_address(client: Client, value: str) -> None:
    """What a link could not be made without cannot be taken from it either."""
    client.link()
    path = "links/test-link/configs/bootstrap.servers"
    emptied, deleted = client.call("PUT", path, json={"value": value}), client.call("DELETE", path)
    assert {answer.json()["error_code"] for answer in (emptied, deleted)} == {40002}
    assert client.get(path)["value"] == "src:9092"


@pytest.mark.parametrize("value", [" 1000 ", "+1000", "\uff11\uff10\uff10\uff10"])
def test_numbers_are_read_as_java_reads_them(client: Client, value: str) -> None:
    """Space around a number, a plus sign and the digits of any script are fine."""
    client.link()
    path = "links/test-link/configs/consumer.offset.sync.ms"
    assert client.call("PUT", path, json={"value": value}).status_code == 204


def test_a_link_without_a_name_is_a_bad_request(client: Client) -> None:
    """What a client sends that has forgotten the name: a 400, not the list of links."""
    for path in ("links//mirrors", "links//configs"):
        assert client.call("GET", path).status_code == 400


TOPICS = json.dumps(
    {"topicFilters": [{"name": "u", "patternType": "PREFIXED", "filterType": "INCLUDE"}]}
)
SWITCHES = {
    "ConsumerOffsetSync": ("consumer.offset.sync.enable", group_filter("g")),
    "AutoCreateMirror": ("auto.create.mirror.topics.enable", TOPICS),
    "AclSync": ("acl.sync.enable", ACLS),
}
FILTERS = {
    "ConsumerOffsetSync": "consumer.offset.group.filters",
    "AutoCreateMirror": "auto.create.mirror.topics.filters",
    "AclSync": "acl.filters",
}


def tasks_of(client: Client) -> dict[str, Any]:
    rows = client.get("links/test-link?include_tasks=true")["tasks"]
    return {row["task_name"]: row for row in rows}


@pytest.mark.parametrize("task", SWITCHES)
def test_a_switch_without_its_filter_is_an_error_of_its_task(client: Client, task: str) -> None:
    """The link is made and works; the task is IN_ERROR until the filter is there."""
    switch, rules = SWITCHES[task]
    assert client.link(**{switch: "true"}).status_code == 201
    row = tasks_of(client)[task]
    assert row["state"] == "IN_ERROR"
    assert [error["error_code"] for error in row["errors"]] == ["MISCONFIGURATION_ERROR"]
    assert f"{FILTERS[task]} is not set" in row["errors"][0]["error_message"]
    assert client.get("links/test-link")["link_state"] == "ACTIVE"
    path = f"links/test-link/configs/{FILTERS[task]}"
    assert client.call("PUT", path, json={"value": rules}).status_code == 204
    assert (tasks_of(client)[task]["state"], tasks_of(client)[task]["errors"]) == ("ACTIVE", [])


def test_7_5_refuses_acl_sync_without_filters(client: Client) -> None:
    """At creation and later, in the words of the broker."""
    client.cluster.flavour = FLAVOURS["platform-7.5"]
    made = client.link(**{"acl.sync.enable": "true"})
    assert client.link().status_code == 201
    path = "links/test-link/configs/acl.sync.enable"
    for answer in (made, client.call("PUT", path, json={"value": "true"})):
        assert (answer.status_code, answer.json()["error_code"]) == (400, 40002)
        assert "ACL migration is enabled but acl.filters is not set." in answer.json()["message"]


@pytest.mark.parametrize("task", SWITCHES)
def test_switching_off_clears_the_filter(client: Client, task: str) -> None:
    """Turned off and on again, a feature has nothing to work by."""
    switch, rules = SWITCHES[task]
    client.link(**{switch: "true", FILTERS[task]: rules})
    path = f"links/test-link/configs/{FILTERS[task]}"
    assert client.get(path)["value"] == rules
    off = client.call("PUT", f"links/test-link/configs/{switch}", json={"value": "false"})
    assert (off.status_code, client.get(path)["value"]) == (204, "")


@pytest.mark.parametrize("name", ["session.timeout.ms", "acks"])
def test_what_only_clients_know_is_kept_and_shown(client: Client, name: str) -> None:
    """The properties of a Kafka client pass as they are, at creation and later; a slip of the pen is refused."""
    base, path = "links/test-link/configs", f"links/test-link/configs/{name}"
    assert client.link(**{name: "45000"}).status_code == 201
    (row,) = [row for row in client.get(base)["data"] if row["name"] == name]
    assert row == client.get(path)
    assert (row["value"], row["is_default"], row["is_sensitive"]) == ("45000", False, False)
    assert row["source"] == "DYNAMIC_CLUSTER_LINK_CONFIG"
    assert client.call("PUT", path, json={"value": "1"}).status_code == 204
    assert client.get(path)["value"] == "1"
    assert client.call("DELETE", path).status_code == 204
    assert client.call("GET", path).status_code == 404
    assert name not in {row["name"] for row in client.get(base)["data"]}


def test_every_link_names_the_other_cluster_and_tells_of_no_error(client: Client) -> None:
    """As Cloud answered in 2024: `remote_cluster_id` whatever the mode, and an empty message while all is well."""
    client.link()
    source = Client(client.world, "src")
    inbound = {"link.mode": "DESTINATION", "connection.mode": "INBOUND"}
    outbound = {"link.mode": "SOURCE", "bootstrap.servers": "dst:9092"}
    assert create(client, "link_name=p", inbound, source_cluster_id="src-id").status_code == 201
    assert create(source, "link_name=p", outbound).status_code == 201
    for side, name, remote in (
        (client, "test-link", "src-id"),
        (client, "p", "src-id"),
        (source, "p", "dst-id"),
    ):
        row = side.get(f"links/{name}")
        assert (row["remote_cluster_id"], row["link_error_message"]) == (remote, "")
    source.call("DELETE", "links/p")
    (left,) = source.get("links")["data"]
    assert (left["remote_cluster_id"], left["link_error_message"]) == ("dst-id", "")


@pytest.mark.parametrize("verb", ["promote", "failover", "pause", "truncate-and-restore"])
def test_the_answers_of_all_verbs_are_of_one_kind(client: Client, verb: str) -> None:
    """As captured from Cloud; what they call themselves is the list of the link's mirrors."""
    client.link()
    client.mirror("users")
    answer = client.post(
        f"links/test-link/mirrors:{verb}", {"mirror_topic_names": ["users"]}
    ).json()
    assert answer["kind"] == "KafkaAlterMirrorsDataList"
    assert answer["metadata"]["self"].endswith("/links/test-link/mirrors")


def test_the_list_of_configs_is_sorted(client: Client) -> None:
    """By name, whatever was set and when."""
    client.link(**{"transactional.id": "1", "acks": "all", "ssl.provider": "BC"})
    names = [row["name"] for row in client.get("links/test-link/configs")["data"]]
    assert names == sorted(names)


@pytest.mark.parametrize("reverse", [False, True])
def test_switching_off_clears_the_filter_in_any_order(client: Client, reverse: bool) -> None:
    """A batch that turns offset sync off and sets its filter leaves none; a filter set later waits for the switch."""
    client.link(
        **{"consumer.offset.sync.enable": "true"},
        **{"consumer.offset.group.filters": group_filter("g")},
    )
    batch = [
        {"name": "consumer.offset.sync.enable", "value": "false"},
        {"name": "consumer.offset.group.filters", "value": group_filter("h")},
    ]
    body = {"data": batch[::-1] if reverse else batch}
    assert client.call("PUT", "links/test-link/configs:alter", json=body).status_code == 204
    path = "links/test-link/configs/consumer.offset.group.filters"
    assert client.get(path)["value"] == ""
    assert client.call("PUT", path, json={"value": group_filter("h")}).status_code == 204
    assert client.get(path)["value"] == group_filter("h")


def test_what_is_too_young_is_nowhere(world: World) -> None:
    """A link or mirror that a read does not find is in no list, and takes no change or verb."""
    world.delays = replace(world.delays, link_visible=3000, mirror_visible=3000)
    client = Client(world, "dst")
    client.link()
    assert client.get("links")["data"] == []
    for method, path in (
        ("GET", "links/test-link"),
        ("GET", "links/test-link/mirrors"),
        ("PUT", "links/test-link/configs/acl.sync.ms"),
        ("DELETE", "links/test-link"),
    ):
        assert client.call(method, path, json={"value": "2000"}).status_code == 404
    client.advance(3)
    assert [row["link_name"] for row in client.get("links")["data"]] == ["test-link"]
    client.mirror("users")
    assert client.call("GET", "links/test-link/mirrors/users").status_code == 404
    assert client.get("links/test-link/mirrors")["data"] == []
    assert client.get("links/-/mirrors?mirror_status=ACTIVE")["data"] == []
    assert client.get("links/test-link")["topic_names"] == []
    assert client.act("pause", "users")[0]["error_code"] == 404
    client.advance(3)
    assert len(client.get("links/test-link/mirrors")["data"]) == 1
    assert client.act("pause", "users")[0]["error_code"] is None


@pytest.mark.parametrize(
    "bootstrap",
    ["SASL_SSL://src:9092", " SRC:9092 ,other:9092", "gone:9092,PLAINTEXT://src:9092"],
)
def test_an_address_is_read_as_kafka_reads_it(client: Client, bootstrap: str) -> None:
    """The Terraform provider knows bootstrap endpoints with the protocol before them; hosts have no case."""
    assert create(client, "link_name=l", {"bootstrap.servers": bootstrap}).status_code == 201
    assert client.get("links/l/configs/bootstrap.servers")["value"] == bootstrap


@pytest.mark.parametrize("bootstrap", ["src", "src:90920", "://src", "src:9092/x"])
def test_what_is_no_address_of_a_cluster_is_not_resolved(client: Client, bootstrap: str) -> None:
    """A host without its port, or with another one, is nobody's."""
    answer = create(client, "link_name=l", {"bootstrap.servers": bootstrap})
    assert "UNRESOLVABLE_BOOTSTRAP_ERROR" in answer.json()["message"]


def test_a_link_that_knew_nobody_finds_its_source(client: Client) -> None:
    """Made without a check, with an address that nobody has: corrected in place it works, and knows whom it mirrors."""
    body = {"configs": [{"name": "bootstrap.servers", "value": "nobody:9092"}]}
    assert client.post("links?link_name=l&validate_link=false", body).status_code == 201
    client.advance(60)
    assert client.get("links/l")["link_error"] == "UNRESOLVABLE_BOOTSTRAP_ERROR"
    path = "links/l/configs/bootstrap.servers"
    client.world.clusters["src"].set_up(up=False)
    assert client.call("PUT", path, json={"value": "src:9092"}).status_code == 204
    client.advance(600)
    row = client.get("links/l")
    assert (row["link_error"], row["source_cluster_id"]) == (
        "BOOTSTRAP_TCP_CONNECTION_FAILED_ERROR",
        None,
    )
    client.world.clusters["src"].set_up(up=True)
    row = client.get("links/l")
    assert (row["link_state"], row["source_cluster_id"]) == ("ACTIVE", "src-id")
    assert client.mirror("test-topic", "l").status_code == 201
    client.advance(1)
    assert client.cluster.end_offsets("test-topic") == [3]
