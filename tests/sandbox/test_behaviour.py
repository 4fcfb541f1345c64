"""What happens over time: lag, offsets, configs, partitions, discovery."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reconciler.sandbox import SteppedClock, World
from tests.sandbox.conftest import GROUP, STORY, Client, group_filter

OFFSET_SYNC = {
    "consumer.offset.sync.enable": "true",
    "consumer.offset.sync.ms": "5000",
    "consumer.offset.group.filters": group_filter(GROUP),
}


def topic_filter(name: str, pattern: str = "LITERAL", kind: str = "INCLUDE") -> str:
    rows = [{"name": name, "patternType": pattern, "filterType": kind}]
    return json.dumps({"topicFilters": rows})


def lags(client: Client, topic: str) -> list[int]:
    row = client.get(f"links/test-link/mirrors/{topic}")
    return [lag["lag"] for lag in row["mirror_lags"]]


def source_config(world: World, topic: str, name: str, value: str) -> None:
    source = Client(world, "src")
    path = f"topics/{topic}/configs/{name}"
    assert source.call("PUT", path, json={"value": value}).status_code == 204


def task(client: Client, name: str) -> dict[str, Any]:
    tasks = client.get("links/test-link?include_tasks=true")["tasks"]
    found: dict[str, Any] = {row["task_name"]: row for row in tasks}[name]
    return found


def test_a_new_mirror_has_read_nothing_until_its_first_fetch() -> None:
    """Lag 0 and fetch offset -1 on every partition prove nothing."""
    client = Client(World.from_scenario({**STORY, "delays": {}}, SteppedClock()), "dst")
    client.link()
    client.mirror("users")
    row = client.get("links/test-link/mirrors/users")
    assert row["mirror_lags"] == [
        {"partition": partition, "lag": 0, "last_source_fetch_offset": -1} for partition in (0, 1)
    ]


def test_lag_is_worked_off_at_a_bounded_rate(world: World, client: Client) -> None:
    """A burst on the source shows as lag and shrinks by the rate of the world, no faster after an idle time."""
    client.link()
    client.mirror("test-topic")
    client.advance(100)
    world.clusters["src"].produce("test-topic", 20_000)
    assert lags(client, "test-topic") == [20_000]
    client.advance(1)
    assert lags(client, "test-topic") == [15_000]
    client.advance(3)
    assert lags(client, "test-topic") == [0]


def test_a_paused_mirror_falls_behind_and_catches_up(client: Client) -> None:
    """While paused the log stands still and the lag grows with the source."""
    client.link()
    client.mirror("users")
    client.advance(1)
    client.act("pause", "users")
    client.advance(10)
    assert sum(lags(client, "users")) == 100
    client.act("resume", "users")
    client.advance(1)
    assert sum(lags(client, "users")) == 0


def test_synced_offsets_never_pass_the_mirrored_end(world: World, client: Client) -> None:
    """A mirror that lags holds the group's offsets back."""
    client.link(**OFFSET_SYNC)
    client.mirror("users")
    client.act("pause", "users")
    client.advance(30)
    client.act("resume", "users")
    world.catch_up_rate = 1
    client.advance(5)
    ends = client.cluster.end_offsets("users")
    offsets = client.cluster.committed(GROUP, "users")
    assert offsets
    assert all(offset <= end for offset, end in zip(offsets, ends, strict=True))


def test_a_group_with_members_here_blocks_its_offsets_and_a_promote(
    world: World, client: Client
) -> None:
    """The task and the transition errors name the group; when it has gone the promote ends."""
    client.link(**OFFSET_SYNC)
    client.mirror("users")
    client.advance(6)
    world.clusters["src"].set_rate("users", 0)
    client.cluster.set_members(GROUP, 1)
    before = client.cluster.committed(GROUP, "users")
    client.act("promote", "users")
    client.advance(30)
    assert client.status("users") == "PENDING_STOPPED"
    assert client.cluster.committed(GROUP, "users") == before
    found = task(client, "ConsumerOffsetSync")
    assert found["state"] == "IN_ERROR"
    assert found["errors"][0]["error_code"] == "CONSUMER_GROUP_IN_USE_ERROR"
    row = client.get("links/test-link/mirrors/users?include_state_transition_errors=true")
    errors = row["mirror_state_transition_errors"]
    assert [error["error_code"] for error in errors] == ["CONSUMER_GROUP_IN_USE_ERROR"]
    client.cluster.set_members(GROUP, 0)
    client.advance(5)
    assert client.status("users") == "STOPPED"
    assert client.cluster.committed(GROUP, "users") == world.clusters["src"].committed(
        GROUP, "users"
    )


def test_group_names_take_the_prefix(client: Client) -> None:
    """With `consumer.group.prefix.enable` offsets are written under prefix + group."""
    client.link(
        **OFFSET_SYNC, **{"cluster.link.prefix": "e.", "consumer.group.prefix.enable": "true"}
    )
    client.mirror("users", mirror_topic_name="e.users")
    client.advance(6)
    groups = [row["consumer_group_id"] for row in client.get("consumer-groups")["data"]]
    assert groups == [f"e.{GROUP}"]
    assert sum(client.cluster.committed(f"e.{GROUP}", "e.users")) == 50


def test_a_failover_copies_no_more_offsets(client: Client) -> None:
    """From its acceptance on, what the group commits at the source stays there."""
    client.link(**OFFSET_SYNC)
    client.mirror("users")
    client.advance(6)
    before = client.cluster.committed(GROUP, "users")
    client.act("failover", "users")
    client.advance(30)
    assert client.cluster.committed(GROUP, "users") == before


def test_a_group_reads_partitions_that_are_added(world: World) -> None:
    """A reader's commits go on over the new partitions, too."""
    source = Client(world, "src")
    source.call("PATCH", "topics/users", json={"partitions_count": 3})
    source.advance(60)
    rows = source.get(f"consumer-groups/{GROUP}/lags")["data"]
    assert [row["partition_id"] for row in rows] == [0, 1, 2]
    assert rows[2]["current_offset"] == rows[2]["log_end_offset"] == 200


def test_tasks_say_what_is_configured(client: Client) -> None:
    """Features that are off read NOT_CONFIGURED, those of a paused link LINK_PAUSED."""
    client.link(**OFFSET_SYNC)
    client.advance(1)
    states = {
        name: task(client, name)["state"]
        for name in ("ConsumerOffsetSync", "AutoCreateMirror", "AclSync", "TopicConfigsSync")
    }
    assert states == {
        "ConsumerOffsetSync": "ACTIVE",
        "AutoCreateMirror": "NOT_CONFIGURED",
        "AclSync": "NOT_CONFIGURED",
        "TopicConfigsSync": "ACTIVE",
    }
    client.call("PUT", "links/test-link/configs/cluster.link.paused", json={"value": "true"})
    assert task(client, "ConsumerOffsetSync")["state"] == "LINK_PAUSED"
    assert client.get("links/test-link")["link_state"] == "PAUSED"


def test_topic_configs_follow_the_source(world: World, client: Client) -> None:
    """What is synced is copied at creation and at every tick, and cannot be set on the mirror."""
    source_config(world, "users", "cleanup.policy", "compact")
    client.link()
    client.mirror("users")
    path = "topics/users/configs/cleanup.policy"
    assert client.get(path)["value"] == "compact"
    source_config(world, "users", "cleanup.policy", "delete")
    assert client.get(path)["value"] == "compact"
    client.advance(5)
    assert client.get(path)["value"] == "delete"
    answer = client.call("PUT", path, json={"value": "compact"})
    assert (answer.status_code, answer.json()["message"]) == (
        400,
        "Cannot set configuration 'cleanup.policy' for mirror topic 'users'",
    )
    own = "topics/users/configs/confluent.value.schema.validation"
    assert client.call("PUT", own, json={"value": "true"}).status_code == 204


def test_configs_at_creation_are_those_that_do_not_follow(client: Client) -> None:
    """An independent config may be given with the create call, a synced one may not."""
    client.link()
    synced = [{"name": "retention.ms", "value": "1"}]
    assert client.mirror("users", configs=synced).json()["error_code"] == 40002
    own = [{"name": "unclean.leader.election.enable", "value": "true"}]
    assert client.mirror("users", configs=own).status_code == 201
    assert client.get("topics/users/configs/unclean.leader.election.enable")["value"] == "true"


def test_partitions_follow_the_source(world: World, client: Client) -> None:
    """Growth on the source arrives with the next tick; on the mirror it is refused."""
    client.link()
    client.mirror("users")
    client.advance(1)
    source = Client(world, "src")
    answer = source.call("PATCH", "topics/users", json={"partitions_count": 4})
    assert answer.status_code == 200
    client.advance(6)
    assert client.get("links/test-link/mirrors/users")["num_partitions"] == 4
    assert lags(client, "users") == [0, 0, 0, 0]
    answer = client.call("PATCH", "topics/users", json={"partitions_count": 9})
    assert (answer.status_code, answer.json()["error_code"]) == (400, 40002)


def test_a_deleted_source_topic_fails_its_mirror_after_a_while(
    world: World, client: Client
) -> None:
    """First an error beside ACTIVE, then FAILED; a failover makes the data writable."""
    client.link()
    client.mirror("test-topic")
    client.advance(1)
    Client(world, "src").call("DELETE", "topics/test-topic")
    row = client.get("links/test-link/mirrors/test-topic")
    assert (row["mirror_status"], row["mirror_topic_error"]) == (
        "ACTIVE",
        "SOURCE_TOPIC_MAY_BE_DELETED",
    )
    client.advance(300)
    assert client.status("test-topic") == "FAILED"
    client.act("failover", "test-topic")
    assert client.status("test-topic") == "STOPPED"
    assert client.cluster.end_offsets("test-topic") == [3]


@pytest.mark.parametrize(
    ("partitions", "error"),
    [(2, "SOURCE_TOPIC_ID_CHANGED"), (1, "SOURCE_PARTITIONS_DECREASED")],
)
def test_a_source_topic_that_was_made_anew(
    world: World, client: Client, partitions: int, error: str
) -> None:
    """Another topic by the same name is noticed and not mixed in."""
    client.link()
    client.mirror("users")
    client.advance(1)
    before = client.cluster.end_offsets("users")
    source = Client(world, "src")
    source.call("DELETE", "topics/users")
    source.advance(1)
    source.post("topics", {"topic_name": "users", "partitions_count": partitions})
    assert client.get("links/test-link/mirrors/users")["mirror_topic_error"] == error
    assert client.cluster.end_offsets("users") == before


def test_mirrors_are_made_by_the_link_itself(world: World, client: Client) -> None:
    """Topics that the filter takes appear after the discovery interval, with the prefix; deleted ones come back."""
    client.post("topics", {"topic_name": "e.test-topic"})
    client.link(
        **{
            "cluster.link.prefix": "e.",
            "auto.create.mirror.topics.enable": "true",
            "auto.create.mirror.topics.filters": topic_filter("*"),
        }
    )
    world.clusters["src"].ensure_topic("_hidden")
    assert client.get("links/test-link")["topic_names"] == []
    client.advance(300)
    assert client.get("links/test-link")["topic_names"] == ["e.users"]
    found = task(client, "AutoCreateMirror")
    assert (found["state"], found["errors"][0]["error_code"]) == ("IN_ERROR", "TOPIC_EXISTS_ERROR")
    client.call("DELETE", "topics/e.users")
    client.advance(1)
    assert client.get("links/test-link")["topic_names"] == []
    client.advance(300)
    assert client.get("links/test-link")["topic_names"] == ["e.users"]


def test_where_a_new_mirror_starts(client: Client) -> None:
    """`latest` leaves out what was there; both logs keep the same offsets."""
    client.link(**{"mirror.start.offset.spec": "latest"})
    client.mirror("test-topic")
    row = client.get("links/test-link/mirrors/test-topic")
    assert row["mirror_lags"] == [{"partition": 0, "lag": 0, "last_source_fetch_offset": 3}]


def test_mirrors_of_mirrors_follow(world: World) -> None:
    """A chain passes records on; stopping its middle lets the end follow the new topic."""
    scenario = {
        "delays": "instant",
        "clusters": [
            {"name": "a", "topics": [{"name": "t", "records": 10}]},
            {"name": "b", "links": [{"name": "l", "remote": "a", "mirrors": [{"source": "t"}]}]},
            {"name": "c", "links": [{"name": "l", "remote": "b", "mirrors": [{"source": "t"}]}]},
        ],
    }
    world = World.from_scenario(scenario, SteppedClock())
    middle, end = Client(world, "b"), world.clusters["c"]
    world.clusters["a"].produce("t", 5)
    middle.advance(1)
    assert end.end_offsets("t") == [15]
    middle.act("failover", "t", link="l")
    world.clusters["a"].produce("t", 5)
    middle.cluster.produce("t", 1)
    middle.advance(1)
    assert end.end_offsets("t") == [16]


def test_when_somebody_looks_changes_nothing() -> None:
    """Two runs of the same story, one watched at every step and one not, end in the same world."""
    from reconciler.sandbox.files.snapshot import snapshot

    def run(*, watched: bool) -> dict[str, object]:
        world = World.from_scenario({**STORY, "delays": {}}, SteppedClock())
        client = Client(world, "dst")
        client.link(**OFFSET_SYNC)
        client.mirror("users")
        client.mirror("test-topic")
        client.act("promote", "test-topic")
        for _ in range(40):
            client.advance(0.5)
            if watched:
                client.get("links/test-link/mirrors")
                client.get("links/test-link?include_tasks=true")
                client.get("consumer-groups")
        client.act("failover", "users")
        client.advance(5)
        client.cluster.produce("users", 1)
        return snapshot(world)

    assert run(watched=True) == run(watched=False)


@pytest.mark.parametrize("flavour", ["cloud", "platform", "platform-7.5"])
def test_flavours_show_what_their_servers_have(flavour: str) -> None:
    """Cluster list, link fields, verbs and replication factors differ by kind and age of the server."""
    clusters = [STORY["clusters"][0], {"name": "dst", "clusterId": "dst-id", "flavour": flavour}]
    client = Client(World.from_scenario({**STORY, "clusters": clusters}, SteppedClock()), "dst")
    assert client.link().status_code == 201
    is_cloud, is_old = flavour == "cloud", flavour == "platform-7.5"
    listed = client.call("GET", "/kafka/v3/clusters").status_code
    assert listed == (404 if is_cloud else 200)
    assert ("link_state" in client.get("links/test-link")) is not is_old
    answer = client.mirror("users", replication_factor=2)
    assert answer.status_code == (400 if is_cloud else 201)
    new = client.post(
        "links/test-link/mirrors:reverse-and-start-mirror", {"mirror_topic_names": []}
    )
    old = client.post(
        "links/test-link/mirrors:promote-local-and-start-remote-mirror",
        {"mirror_topic_names": []},
    )
    assert [new.status_code, old.status_code] == ([404, 200] if is_old else [200, 404])
    fetchers = "links/test-link/configs/num.cluster.link.fetchers"
    put = client.call("PUT", fetchers, json={"value": "2"})
    assert put.status_code == (400 if is_cloud else 204)


def test_a_cluster_without_linking_says_so(world: World) -> None:
    """Every link call answers that linking is disabled."""
    world.clusters["dst"].linking_enabled = False
    client = Client(world, "dst")
    for method, path in (
        ("GET", "links"),
        ("POST", "links?link_name=x"),
        ("GET", "links/x"),
        ("GET", "links/-/mirrors"),
        ("GET", "links/x/mirrors"),
        ("POST", "links/x/mirrors:promote"),
    ):
        answer = client.call(method, path, json={"mirror_topic_names": ["t"]})
        assert (answer.status_code, answer.json()["message"]) == (
            400,
            "Cluster linking is disabled in this cluster.",
        )


def test_both_base_paths_and_escaped_names(world: World) -> None:
    """`/v3` and `/kafka/v3` are the same; `%2F` in a name is a part of the name, not of the path."""
    client = Client(world, "dst")
    for base in ("/kafka/v3", "/v3"):
        row = client.call("GET", f"{base}/clusters/dst-id").json()
        assert row["metadata"]["self"] == f"http://dst:8090{base}/clusters/dst-id"
    world.clusters["src"].ensure_group("team/one")
    source = Client(world, "src")
    group = source.get("consumer-groups/team%2Fone")
    assert group["consumer_group_id"] == "team/one"
    assert group["metadata"]["self"].endswith("/consumer-groups/team%2Fone")
    assert source.call("GET", "consumer-groups/team/one").status_code == 404


def test_a_body_that_is_not_json_is_not_read(client: Client) -> None:
    """A form, as some tools send by default, is a 415."""
    form = {"content-type": "application/x-www-form-urlencoded"}
    answer = client.call("POST", "topics", content='{"topic_name":"t"}', headers=form)
    assert (answer.status_code, answer.json()["error_code"]) == (415, 415)
    named = {"content-type": "application/json; charset=utf-8"}
    answer = client.call("POST", "topics", content='{"topic_name":"t"}', headers=named)
    assert answer.status_code == 201


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("topics", "{", 400),
        ("topics", "[]", 400),
        ("topics", "[" * 100_000, 400),
        ("topics", '{"topic_name": 5}', 400),
        ("topics", '{"topic_name": "\\ud800"}', 400),
        ("topics", '{"topic_name": "t", "partitions_count": 1e400}', 400),
        ("topics", '{"topic_name": "t", "partitions_count": 99999999999}', 400),
        ("topics", '{"topic_name": "t", "configs": [{"name": "x", "value": {}}]}', 400),
        ("topics/users/records", '{"value": {"type": "BINARY", "data": "\u00e4"}}', 400),
        ("topics/users/records", '{"value": {"type": "STRING", "data": "\\ud800"}}', 200),
        ("topics/users/records", '{"value": {"type": "AVRO", "data": 1}}', 400),
        ("topics/users/records", "{} {", 400),
        ("topics/users/records", "", 422),
        ("links/l/mirrors:pause", '{"mirror_topic_names": ["\\ud800"]}', 200),
        ("links/l/mirrors:pause", '{"mirror_topic_name_pattern": "("}', 400),
        ("links/l/mirrors:pause", '{"mirror_topic_name_pattern": "a{99999999999}"}', 400),
        ("links/l/mirrors:pause", "{}", 400),
        (
            "links/l/mirrors:pause",
            '{"mirror_topic_names": [], "mirror_topic_name_pattern": "a"}',
            400,
        ),
    ],
)
def test_hostile_bodies_are_answered(world: World, path: str, body: str, status: int) -> None:
    """Whatever comes, the answer is one of the API's own, in JSON."""
    client = Client(world, "src")
    world.clusters["dst"].ensure_topic("own")
    configs = [{"name": "bootstrap.servers", "value": "dst:9092"}]
    assert client.post("links?link_name=l", {"configs": configs}).status_code == 201
    headers = {"content-type": "application/json"}
    answer = client.call("POST", path, content=body.encode(), headers=headers)
    assert answer.status_code == status
    assert isinstance(json.loads(answer.content), dict)
