"""The pitfalls of the API (cluster-linking reference, section 13), each reproduced; numbers are those of the table."""

from __future__ import annotations

import gzip
import json
import re
from typing import Any

import pytest

from reconciler.sandbox import Options, SteppedClock, World
from tests.sandbox.conftest import GROUP, STORY, Client, group_filter


def client_of(cluster: str = "dst", **changes: Any) -> Client:
    """A client of the story's world with some top-level keys changed."""
    return Client(World.from_scenario({**STORY, **changes}, SteppedClock()), cluster)


def flavoured(flavour: str, **cluster: Any) -> Client:
    scenario = {
        "delays": "instant",
        "clusters": [
            STORY["clusters"][0],
            {"name": "dst", "clusterId": "dst-id", "flavour": flavour, **cluster},
        ],
    }
    return Client(World.from_scenario(scenario, SteppedClock()), "dst")


def config(client: Client, name: str, link: str = "test-link") -> dict[str, Any]:
    row: dict[str, Any] = client.get(f"links/{link}/configs/{name}")
    return row


def put(client: Client, name: str, value: str) -> int:
    return client.call("PUT", f"links/test-link/configs/{name}", json={"value": value}).status_code


@pytest.mark.parametrize(
    ("strict", "made", "deleted"), [(False, 201, 204), (True, 204, 200)], ids=["server", "document"]
)
def test_01_success_codes_of_document_and_server_differ(
    strict: bool, made: int, deleted: int
) -> None:
    """Creating and deleting answer with the codes of real servers, or with those of the document; never with a body."""
    client = Client(World.from_scenario(STORY, SteppedClock()), "dst", Options(strict_codes=strict))
    answers = [client.link(), client.mirror("users"), client.call("DELETE", "topics/users")]
    client.advance(1)
    answers.append(client.call("DELETE", "links/test-link"))
    assert [answer.status_code for answer in answers] == [made, made, 204, deleted]
    assert all(answer.content == b"" for answer in answers)


def test_02_actions_answer_200_with_failing_items(client: Client) -> None:
    """Each topic has its own outcome; accepted is not finished."""
    client.link()
    client.mirror("users")
    items = client.act("promote", "users", "nobody")
    assert [item["error_code"] for item in items] == [None, 404]
    assert client.status("users") == "PENDING_STOPPED"


def test_03_batches_are_put_for_links_and_post_for_topics(client: Client) -> None:
    """The other verb is a 405."""
    client.link()
    body = {"data": [{"name": "consumer.offset.sync.ms", "value": "9000"}]}
    assert client.call("PUT", "links/test-link/configs:alter", json=body).status_code == 204
    assert client.call("POST", "links/test-link/configs:alter", json=body).status_code == 405
    client.post("topics", {"topic_name": "own"})
    body = {"data": [{"name": "retention.ms", "value": "1"}]}
    assert client.call("POST", "topics/own/configs:alter", json=body).status_code == 204
    assert client.call("PUT", "topics/own/configs:alter", json=body).status_code == 405


def test_04_flag_names_differ_by_age() -> None:
    """Platform 7.5 says `read_only`; later servers say `is_read_only`."""
    for flavour, name, other in (
        ("platform", "is_read_only", "read_only"),
        ("platform-7.5", "read_only", "is_read_only"),
    ):
        client = flavoured(flavour)
        client.link()
        row = config(client, "link.mode")
        assert name in row
        assert other not in row


def test_05_secrets_come_back_null(client: Client) -> None:
    """That a secret is set can be seen, what it is cannot: not in an answer, not in a message, not in a snapshot."""
    from reconciler.sandbox.files.snapshot import snapshot

    unset = {"value": None, "is_default": True, "is_sensitive": True, "source": "DEFAULT_CONFIG"}
    client.link()
    assert unset.items() <= config(client, "sasl.jaas.config").items()
    assert put(client, "sasl.jaas.config", "hunter2;") == 204
    found = {
        "value": None,
        "is_default": False,
        "is_sensitive": True,
        "source": "DYNAMIC_CLUSTER_LINK_CONFIG",
    }
    assert found.items() <= config(client, "sasl.jaas.config").items()
    assert "hunter2" not in repr(snapshot(client.world))


def test_06_all_defaults_are_listed(client: Client) -> None:
    """A link made with one config lists every key; only that one is not a default."""
    client.link()
    rows = client.get("links/test-link/configs")["data"]
    assert len(rows) >= 56
    assert [row["name"] for row in rows] == sorted(row["name"] for row in rows)
    assert [row["name"] for row in rows if not row["is_default"]] == ["bootstrap.servers"]


def test_07_values_are_text(client: Client) -> None:
    """Booleans and numbers are strings, unset ones null; JSON filters come back as they were written."""
    spaced = ' { "groupFilters" : [ ] } '
    client.link(**{"consumer.offset.group.filters": spaced})
    rows = client.get("links/test-link/configs")["data"]
    assert {type(row["value"]) for row in rows} == {str, type(None)}
    assert config(client, "consumer.offset.group.filters")["value"] == spaced


def test_08_a_config_can_be_reset(client: Client) -> None:
    """DELETE goes back to the default, of a dynamic key; a mandatory one cannot be deleted."""
    client.link(**{"acl.sync.ms": "7000"})
    assert client.call("DELETE", "links/test-link/configs/acl.sync.ms").status_code == 204
    assert config(client, "acl.sync.ms")["value"] == "5000"
    answer = client.call("DELETE", "links/test-link/configs/bootstrap.servers")
    assert answer.json()["error_code"] == 40002


@pytest.mark.parametrize(
    ("switch", "filters", "value"),
    [
        (
            "consumer.offset.sync.enable",
            "consumer.offset.group.filters",
            group_filter(GROUP),
        ),
        (
            "auto.create.mirror.topics.enable",
            "auto.create.mirror.topics.filters",
            '{"topicFilters":[]}',
        ),
    ],
)
def test_09_disabling_erases_filters(client: Client, switch: str, filters: str, value: str) -> None:
    """Turning a feature off empties its filter; filters first, switch last brings both back."""
    client.link(**{switch: "true", filters: value})
    put(client, switch, "false")
    assert config(client, filters)["value"] == ""
    put(client, filters, value)
    put(client, switch, "true")
    assert config(client, filters)["value"] == value


def test_10_what_exists_already_is_a_400(client: Client) -> None:
    """A link that is there is 400/400, a topic 400/40002; both say "already exists"."""
    client.link()
    client.post("topics", {"topic_name": "users"})
    for answer, code in (
        (client.link(), 400),
        (client.post("topics", {"topic_name": "users"}), 40002),
        (client.mirror("users"), 40002),
    ):
        assert (answer.status_code, answer.json()["error_code"]) == (400, code)
        assert "already exists" in answer.json()["message"]


def test_12_a_404_just_after_create() -> None:
    """With eventual consistency switched on, what was just made is not there yet, then it is."""
    delays = {"linkVisible": 2000, "linkResolved": 3000, "mirrorVisible": 1000}
    client = client_of(delays=delays)
    assert client.link().status_code == 201
    assert client.call("GET", "links/test-link").status_code == 404
    early = client.mirror("users")
    assert (early.status_code, early.json()["message"]) == (
        404,
        "Unable to resolve cluster link information for test-link",
    )
    client.advance(3)
    assert client.get("links/test-link")["link_name"] == "test-link"
    assert client.mirror("users").status_code == 201
    assert client.call("GET", "links/test-link/mirrors/users").status_code == 404
    client.advance(1)
    assert client.status("users") == "ACTIVE"


def test_13_topic_deletion_is_asynchronous() -> None:
    """Until a deletion is done the topic is still there and its name is taken."""
    client = client_of(delays={"topicGone": 5000})
    client.link()
    client.mirror("users")
    assert client.call("DELETE", "topics/users").status_code == 204
    assert client.status("users") == "ACTIVE"
    assert "already exists" in client.mirror("users").json()["message"]
    client.advance(5)
    assert client.call("GET", "topics/users").json()["error_code"] == 40403
    assert client.call("GET", "links/test-link/mirrors/users").status_code == 404
    assert client.mirror("users").status_code == 201


def test_14_a_link_with_live_mirrors_is_not_deleted(client: Client) -> None:
    """Live mirrors: 403. Mirrors that are being stopped do not hinder the deletion, and are damaged by it."""
    client.link()
    client.mirror("users")
    answer = client.call("DELETE", "links/test-link")
    assert (answer.status_code, answer.json()["error_code"]) == (403, 40301)
    client.act("promote", "users")
    assert client.status("users") == "PENDING_STOPPED"
    assert client.call("DELETE", "links/test-link").status_code == 204
    client.advance(1)
    assert client.call("GET", "links/test-link").status_code == 404
    report = client.post("topics/users/records", {"value": {"type": "JSON", "data": 1}}).json()
    assert report["error_code"] == 40002


def test_14_force_deletes_all_the_same(client: Client) -> None:
    """With force the check is skipped; a dry run changes nothing."""
    client.link()
    client.mirror("users")
    forced = "links/test-link?force=true"
    assert client.call("DELETE", f"{forced}&validate_only=true").status_code == 204
    assert client.status("users") == "ACTIVE"
    assert client.call("DELETE", forced).status_code == 204
    assert client.get("links")["data"] == []
    assert client.get("links/-/mirrors")["data"] == []


def test_15_promoted_and_failed_over_look_the_same(client: Client) -> None:
    """Both are STOPPED; nothing tells which it was."""
    client.link()
    for topic, verb in (("users", "failover"), ("test-topic", "promote")):
        client.mirror(topic)
        client.act(verb, topic)
    client.advance(1)
    rows = client.get("links/test-link/mirrors")["data"]
    words = ("mirror_status", "mirror_topic_error")
    assert [[row[word] for word in words] for row in rows] == [["STOPPED", "NO_ERROR"]] * 2


def test_16_deleting_the_topic_of_a_stopped_mirror_deletes_productive_data(
    client: Client,
) -> None:
    """The server does not protect what became an ordinary topic."""
    client.link()
    client.mirror("users")
    client.act("failover", "users")
    client.advance(1)
    client.cluster.produce("users", 5)
    assert client.call("DELETE", "topics/users").status_code == 204
    client.advance(1)
    assert client.call("GET", "topics/users").status_code == 404


def test_18_old_credentials_make_a_link_unavailable(client: Client, world: World) -> None:
    """A source that no longer takes the link's key: UNAVAILABLE, AUTHENTICATION_ERROR, and back."""
    client.link()
    client.advance(1)
    world.clusters["src"].set_accepts_links(accepts=False)
    link = client.get("links/test-link")
    assert (link["link_state"], link["link_error"]) == ("UNAVAILABLE", "AUTHENTICATION_ERROR")
    world.clusters["src"].set_accepts_links(accepts=True)
    assert client.get("links/test-link")["link_state"] == "ACTIVE"


def test_20_link_prefix_is_ignored_in_silence(client: Client) -> None:
    """A write of `link.prefix` succeeds and does nothing; it reads as the prefix that the link was made with."""
    client.link()
    assert put(client, "link.prefix", "x.") == 204
    row = client.get("links/test-link/configs/link.prefix")
    assert (row["value"], row["is_default"], row["is_read_only"]) == (None, True, True)
    client.link("east", **{"cluster.link.prefix": "east.", "link.prefix": "x."})
    assert client.get("links/east/configs/link.prefix")["value"] == "east."
    assert client.mirror("users", mirror_topic_name="x.users").json()["error_code"] == 40035


def test_21_names_follow_the_prefix(client: Client) -> None:
    """A mirror is called prefix + source; anything else is 40035."""
    client.link(**{"cluster.link.prefix": "east."})
    for name in ("users", "west.users"):
        answer = client.mirror("users", mirror_topic_name=name)
        assert (answer.status_code, answer.json()["error_code"]) == (400, 40035)
        assert answer.json()["message"] == "Topic renaming for mirroring not yet supported."
    assert client.mirror("users", mirror_topic_name="east.users").status_code == 201


def test_22_a_prefix_is_taken_once(client: Client) -> None:
    """A second link with the same prefix is refused; so are prefixes that no name can begin with."""
    assert client.link("one", **{"cluster.link.prefix": "east."}).status_code == 201
    for name, prefix in (("two", "east."), ("three", "x" * 249), ("four", "a/b")):
        answer = client.link(name, **{"cluster.link.prefix": prefix})
        assert (answer.status_code, answer.json()["error_code"]) == (400, 40002)


def test_23_a_source_topic_that_may_not_be_described() -> None:
    """Without the right to read its configs a topic cannot be mirrored: 403/40301."""
    topics = [{"name": "secret", "describable": False}]
    client = client_of(
        clusters=[{"name": "src", "topics": topics}, {"name": "dst", "clusterId": "dst-id"}]
    )
    client.link()
    answer = client.mirror("secret")
    assert (answer.status_code, answer.json()) == (
        403,
        {"error_code": 40301, "message": "Topic authorization failed"},
    )


def test_24_wrong_link_credentials_are_a_401(client: Client, world: World) -> None:
    """The caller's key is fine, the link's is not: 401, and only the text tells."""
    world.clusters["src"].set_accepts_links(accepts=False)
    answer = client.link(**{"sasl.mechanism": "PLAIN"})
    assert answer.status_code == 401
    assert answer.json()["message"].startswith("Unable to validate cluster link due to error")
    assert client.get("links")["data"] == []


def test_25_errors_may_be_gzip_or_html() -> None:
    """An error body may be compressed without a word; a 429 may be a page."""
    packed = client_of(faults=[{"kind": "gzip"}]).call("GET", "links/nobody")
    assert packed.status_code == 404
    assert json.loads(gzip.decompress(packed.content))["error_code"] == 404
    page = client_of(faults=[{"kind": "throttle", "html": True}]).call("GET", "links")
    assert page.text.startswith("<html>")


def test_26_brokers_that_advertise_the_wrong_address() -> None:
    """The link comes up ACTIVE, its mirrors do not."""
    src = {**STORY["clusters"][0], "advertises": False}
    client = client_of(clusters=[src, {"name": "dst", "clusterId": "dst-id"}])
    assert client.link().status_code == 201
    client.mirror("users")
    client.advance(5)
    assert client.get("links/test-link")["link_state"] == "ACTIVE"
    assert client.status("users") == "SOURCE_UNAVAILABLE"
    assert client.cluster.end_offsets("users") == [0, 0]


def test_29_names_that_are_taken(client: Client) -> None:
    """A plain topic, and another link's mirror, keep their name."""
    client.post("topics", {"topic_name": "users"})
    client.link()
    client.link("other")
    assert client.mirror("test-topic", "other").status_code == 201
    for topic in ("users", "test-topic"):
        assert client.mirror(topic).json()["error_code"] == 40002
    assert client.get("links/test-link/mirrors")["data"] == []


def test_30_words_that_nobody_knows() -> None:
    """A status word of tomorrow can be shown today."""
    fault = {"kind": "replace", "old": '"mirror_status":"ACTIVE"', "new": '"mirror_status":"NEW"'}
    client = client_of(faults=[fault])
    client.link()
    client.mirror("users")
    assert client.status("users") == "NEW"


@pytest.mark.parametrize(
    ("what", "word", "old"),
    [
        ("paused", "LINK_PAUSED", "PAUSED"),
        ("source away", "SOURCE_UNAVAILABLE", "ACTIVE"),
    ],
)
def test_7_5_has_fewer_words_for_a_mirror(what: str, word: str, old: str) -> None:
    """It shows what lies over an ACTIVE mirror in the words of its own document, and knows no filter by the others."""
    for flavour, shown in (("platform", word), ("platform-7.5", old)):
        client = flavoured(flavour)
        client.link()
        client.mirror("users")
        if what == "paused":
            assert put(client, "cluster.link.paused", "true") == 204
        else:
            client.world.clusters["src"].set_up(up=False)
        assert client.status("users") == shown
        assert len(client.get(f"links/-/mirrors?mirror_status={shown}")["data"]) == 1
        strange = client.call("GET", f"links/-/mirrors?mirror_status={word}").status_code
        assert strange == (200 if shown == word else 400)
        assert client.act("pause", "users")[0]["error_code"] is None


def test_cloud_gives_ids_of_its_own_kind() -> None:
    """A cluster of Cloud whose id nobody chose is called as Cloud would call it, each run alike."""
    clusters = [{"name": "a", "flavour": "cloud"}, {"name": "b"}]
    world = World.from_scenario({"clusters": clusters}, SteppedClock())
    cloud, platform = (world.clusters[name].cluster_id for name in "ab")
    assert re.fullmatch("lkc-[a-z0-9]{6}", cloud)
    assert re.fullmatch(r"[\w-]{22}", platform)
    again = World.from_scenario({"clusters": clusters}, SteppedClock())
    assert again.clusters["a"].cluster_id == cloud


@pytest.mark.parametrize(
    ("flavour", "taken"), [("cloud", False), ("platform-7.5", False), ("platform", True)]
)
def test_todays_platform_takes_longer_prefixes(flavour: str, taken: bool) -> None:
    """Twelve characters are the documentation's limit; 8.1.2 has been seen with more."""
    client = flavoured(flavour)
    answer = client.link(**{"cluster.link.prefix": "thirteen-char"})
    assert answer.status_code == (201 if taken else 400)
