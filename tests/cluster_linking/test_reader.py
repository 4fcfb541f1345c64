"""Reads -> what exists: real shapes in, the model's values out, gaps for what could not be read."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import httpx
import pytest

from reconciler.model.address import LinkAddress, MirrorAddress
from reconciler.model.clusters import Cluster
from reconciler.model.filters import FilterKind, NameFilter
from reconciler.model.mirrors import PartitionLag
from reconciler.model.observed import (
    Gap,
    GroupOffset,
    HealthLevel,
    LinkTask,
    ObservedCluster,
    ObservedConfig,
    ObservedLink,
    ObservedTopic,
    TaskError,
)
from reconciler.model.reads import ClusterReads
from tests.cluster_linking.wire import HOME, ID, Wire, cluster, engine, listing, refusal, run

T = TypeVar("T")
LINK: dict[str, Any] = {
    "kind": "KafkaLinkData",
    "metadata": {
        "self": "https://pkc-x.region.aws.confluent.cloud/kafka/v3/clusters/lkc-a/links/l"
    },
    "source_cluster_id": "lkc-b",
    "destination_cluster_id": None,
    "link_name": "test-link",
    "link_id": "ab3d070c-457e-433d-81e5-a3c5a5c59025",
    "cluster_link_id": "qz0HDEV-Qz2B5aPFpcWQJQ",
    "link_state": "ACTIVE",
    "link_error": "NO_ERROR",
    "topic_names": [],
}
LEFTOVER = {"link_name": "", "link_state": "UNMANAGED_SOURCE", "cluster_link_id": "x"}
MIRROR: dict[str, Any] = {
    "kind": "KafkaMirrorData",
    "link_name": "test-link",
    "mirror_topic_name": "users",
    "source_topic_name": "users",
    "num_partitions": 2,
    "mirror_lags": [
        {"partition": 1, "lag": 5, "last_source_fetch_offset": 1500},
        {"partition": 0, "lag": 0, "last_source_fetch_offset": -1},
    ],
    "mirror_status": "ACTIVE",
    "mirror_topic_error": "NO_ERROR",
    "state_time_ms": 1612550939300,
}
GROUP_FILTER = '{"groupFilters":[{"name":"g","patternType":"LITERAL","filterType":"INCLUDE"}]}'


def config(name: str, value: str | None, **flags: Any) -> dict[str, Any]:
    """A row of the link config list, as Cloud sends it."""
    found = {"cluster_id": "other", "name": name, "value": value, "link_name": "test-link"}
    return {**found, "is_default": False, "is_read_only": False, "is_sensitive": False, **flags}


def observe(
    wire: Wire, reads: ClusterReads, known: Cluster | None = None, **options: Any
) -> ObservedCluster:
    """What one observation says of the cluster."""

    async def story() -> ObservedCluster:
        async with engine(wire, known or cluster(), **options) as e:
            return (await e.observe({"ig-test2": reads})).cluster("ig-test2")

    return run(story())


def test_links_are_read_with_the_other_sides_id() -> None:
    """A link row of a real capture becomes a link; a leftover without a name does not."""
    seen = observe(Wire({f"GET {HOME}/links": listing(LEFTOVER, LINK)}), ClusterReads(links=True))
    assert seen.links == {
        "test-link": ObservedLink(
            LinkAddress("ig-test2", "test-link"),
            link_id="qz0HDEV-Qz2B5aPFpcWQJQ",
            remote_cluster_id="lkc-b",
            state="ACTIVE",
            error="NO_ERROR",
        )
    }
    assert seen.cluster_id == ID


@pytest.mark.parametrize(
    ("row", "remote"),
    [
        ({"source_cluster_id": "other"}, "other"),
        ({"destination_cluster_id": "other"}, "other"),
        ({"remote_cluster_id": "other"}, "other"),
        ({"source_cluster_id": "other", "destination_cluster_id": ID}, "other"),
        ({"source_cluster_id": ID, "destination_cluster_id": "other"}, "other"),
        ({"source_cluster_id": ""}, None),
    ],
)
def test_the_other_side_is_in_one_of_three_fields(row: dict[str, str], remote: str | None) -> None:
    """Whichever id field the mode of the link uses, it is the id that is not our own."""
    wire = Wire({f"GET {HOME}/links": listing({"link_name": "l", **row})})
    links = observe(wire, ClusterReads(links=True)).links
    assert isinstance(links, dict)
    assert links["l"].remote_cluster_id == remote


def test_an_old_server_tells_its_link_id_in_the_old_form() -> None:
    """Both forms of a link id are one id; a missing error word is not offered, so health is unknown."""
    row = {"link_name": "l", "link_id": "ab3d070c-457e-433d-81e5-a3c5a5c59025"}
    links = observe(Wire({f"GET {HOME}/links": listing(row)}), ClusterReads(links=True)).links
    assert isinstance(links, dict)
    assert links["l"].link_id == "qz0HDEV-Qz2B5aPFpcWQJQ"
    assert links["l"].health.level is HealthLevel.UNKNOWN


def test_configs_tell_modes_prefix_pause_and_filters() -> None:
    """What only the configs tell is read from them; secrets stay hidden, whatever the server sends."""
    rows = [
        config("link.mode", "DESTINATION"),
        config("connection.mode", "OUTBOUND"),
        config("cluster.link.prefix", None, is_default=True),
        config("cluster.link.paused", "true"),
        config("consumer.offset.group.filters", GROUP_FILTER),
        config("sasl.jaas.config", None, is_sensitive=True),
        config("ssl.key.password", "leaked"),
        config("from.another.link", "x", link_name="other"),
        config("", "nameless"),
    ]
    wire = Wire(
        {
            f"GET {HOME}/links": listing(LINK),
            f"GET {HOME}/links/test-link/configs": listing(*rows),
        }
    )
    links = observe(wire, ClusterReads(links=True, link_configs=frozenset({"test-link"}))).links
    assert isinstance(links, dict)
    link = links["test-link"]
    assert (link.link_mode, link.connection_mode) == ("DESTINATION", "OUTBOUND")
    assert (link.prefix, link.paused) == ("", True)
    assert link.filters == {
        FilterKind.GROUP: frozenset({NameFilter("g")}),
        FilterKind.TOPIC: frozenset(),
        FilterKind.ACL: frozenset(),
    }
    assert isinstance(link.configs, dict)
    assert sorted(link.configs) == sorted(row["name"] for row in rows[:7])
    assert link.configs["sasl.jaas.config"].is_set
    assert link.configs["ssl.key.password"].value is None


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            {"is_default": True, "is_read_only": True, "is_sensitive": False},
            ObservedConfig("x", "1", is_default=True, read_only=True),
        ),
        (
            {"default": True, "read_only": True, "sensitive": False},
            ObservedConfig("x", "1", is_default=True, read_only=True),
        ),
        ({"sensitive": True}, ObservedConfig("x", None, sensitive=True)),
        ({"source": "DEFAULT_CONFIG"}, ObservedConfig("x", "1", is_default=True)),
        ({"source": "DYNAMIC_CLUSTER_LINK_CONFIG"}, ObservedConfig("x", "1", is_default=False)),
        ({}, ObservedConfig("x", "1")),
    ],
)
def test_both_spellings_of_flags_are_read(row: dict[str, Any], expected: ObservedConfig) -> None:
    """Cloud's and Platform's names of the flags mean the same; a missing one is not offered."""
    wire = Wire(
        {
            f"GET {HOME}/links": listing(LINK),
            f"GET {HOME}/links/test-link/configs": listing({"name": "x", "value": "1", **row}),
        }
    )
    links = observe(wire, ClusterReads(link_configs=frozenset({"test-link"}))).links
    assert isinstance(links, dict)
    assert links["test-link"].configs == {"x": expected}


def test_a_filter_that_cannot_be_understood_is_a_gap() -> None:
    """A broken filter text is a gap of that filter alone."""
    rows = [config("acl.filters", "{"), config("consumer.offset.group.filters", GROUP_FILTER)]
    wire = Wire(
        {
            f"GET {HOME}/links": listing(LINK),
            f"GET {HOME}/links/test-link/configs": listing(*rows),
        }
    )
    seen = observe(wire, ClusterReads(links=True, link_configs=frozenset({"test-link"})))
    assert [gap.scope for gap in seen.gaps()] == ["ig-test2/test-link: acl.filters"]
    assert [gap.diagnostic.code for gap in seen.gaps()] == ["filter-unreadable"]


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [config("link.mode", "DESTINATION", link_name="other")],
        [config("", "nameless")],
        [config("link.mode", None), config("sasl.jaas.config", None, is_sensitive=True)],
    ],
    ids=["nothing", "another link's", "nameless", "no value"],
)
def test_a_list_of_configs_without_a_value_is_a_gap(rows: list[dict[str, Any]]) -> None:
    """P6: a link always has configs, so a list that shows none is not one of a link on which nothing is set."""
    wire = Wire(
        {
            f"GET {HOME}/links": listing(LINK),
            f"GET {HOME}/links/test-link/configs": listing(*rows),
        }
    )
    seen = observe(wire, ClusterReads(link_configs=frozenset({"test-link"})))
    assert [gap.scope for gap in seen.gaps()] == ["ig-test2: configs of link test-link"]
    assert [gap.diagnostic.code for gap in seen.gaps()] == ["configs-missing"]


def test_configs_are_read_only_for_links_that_exist() -> None:
    """A declared link that does not exist costs no request, and is absent."""
    wire = Wire({f"GET {HOME}/links": listing()})
    seen = observe(wire, ClusterReads(links=True, link_configs=frozenset({"test-link"})))
    assert seen.links == {}
    assert wire.lines == [f"GET {HOME}/links"]


def test_mirrors_are_read_with_lags_in_order() -> None:
    """A mirror row becomes a mirror, its lags sorted by partition."""
    wire = Wire({f"GET {HOME}/links/-/mirrors": listing(MIRROR)})
    mirrors = observe(wire, ClusterReads(mirrors=True)).mirrors
    assert isinstance(mirrors, dict)
    users = mirrors["users"]
    assert users.address == MirrorAddress("ig-test2", "test-link", "users")
    assert users.lags == (PartitionLag(0, 0, -1), PartitionLag(1, 5, 1500))
    assert (users.lag, users.never_fetched, users.partitions) == (5, True, 2)
    assert (users.status, users.error, users.since_ms) == ("ACTIVE", "NO_ERROR", 1612550939300)


def test_mirror_rows_may_lack_everything_but_their_names() -> None:
    """Missing fields are not offered, unknown words are kept, nameless rows are not ours."""
    rows: list[dict[str, Any]] = [
        {"link_name": "l", "mirror_topic_name": "a", "mirror_status": "LEVITATING"},
        {"link_name": "l", "mirror_topic_name": "b", "mirror_lags": [{"partition": 0}]},
        {"link_name": "l", "mirror_topic_name": ""},
        {"mirror_topic_name": "homeless"},
    ]
    wire = Wire({f"GET {HOME}/links/-/mirrors": listing(*rows)})
    mirrors = observe(wire, ClusterReads(mirrors=True)).mirrors
    assert isinstance(mirrors, dict)
    assert sorted(mirrors) == ["a", "b"]
    assert (mirrors["a"].status, mirrors["a"].lags, mirrors["a"].lag) == ("LEVITATING", None, None)
    assert mirrors["a"].source_topic == "a"
    assert mirrors["a"].health.level is HealthLevel.UNKNOWN
    assert mirrors["b"].lags == (PartitionLag(0, -1, -1),)
    assert mirrors["b"].lag is None


def test_of_two_rows_with_one_name_the_live_one_counts() -> None:
    """A mirror stopped on one link and made again on another is the live one, in whatever order they come."""
    stopped = {**MIRROR, "link_name": "a-link", "mirror_status": "STOPPED"}
    for rows in ((stopped, MIRROR), (MIRROR, stopped)):
        wire = Wire({f"GET {HOME}/links/-/mirrors": listing(*rows)})
        mirrors = observe(wire, ClusterReads(mirrors=True)).mirrors
        assert isinstance(mirrors, dict)
        assert mirrors["users"].address.link == "test-link"


def test_answers_in_another_order_are_the_same_reading() -> None:
    """P8: the order of rows in an answer does not show."""
    rows = [
        {**MIRROR, "mirror_topic_name": f"t{i}", "source_topic_name": f"t{i}"} for i in range(9)
    ]
    links: list[dict[str, Any]] = [{**LINK, "link_name": f"l{i}"} for i in range(5)]
    reads = ClusterReads(links=True, mirrors=True)

    def seen(seed: int) -> ObservedCluster:
        chance = random.Random(seed)
        answers: dict[str, Any] = {
            f"GET {HOME}/links/-/mirrors": listing(*chance.sample(rows, 9)),
            f"GET {HOME}/links": listing(*chance.sample(links, 5)),
        }
        return observe(Wire(answers), reads)

    assert seen(1) == seen(2)


def test_topics_groups_and_offsets_are_read() -> None:
    """The neighbouring resources become values; rows of other groups and half rows are dropped."""
    lag = {"topic_name": "users", "partition_id": 0, "current_offset": 3, "log_end_offset": 9}
    topic = {"topic_name": "users", "partitions_count": 6, "replication_factor": 3}
    wire = Wire(
        {
            f"GET {HOME}/topics": listing({**topic, "is_internal": False}, {"topic_name": ""}),
            f"GET {HOME}/topics/-/configs": listing(
                {"topic_name": "users", "name": "retention.ms", "value": "1", "is_default": False}
            ),
            f"GET {HOME}/consumer-groups": listing({"consumer_group_id": "g", "state": "STABLE"}),
            f"GET {HOME}/consumer-groups/g/lags": listing(
                {**lag, "consumer_group_id": "g"},
                {**lag, "consumer_group_id": "other"},
                {"consumer_group_id": "g", "topic_name": "users"},
            ),
            f"GET {HOME}/consumer-groups/gone/lags": refusal(
                404, "This group does not exist.", 40403
            ),
            f"GET {HOME}/consumer-groups/g/consumers": listing(
                {"consumer_group_id": "g", "consumer_id": "c-1"},
                {"consumer_group_id": "g", "consumer_id": "c-2"},
                {"consumer_group_id": "other", "consumer_id": "c-3"},
            ),
            f"GET {HOME}/consumer-groups/gone/consumers": refusal(404, "No such group.", 40403),
            f"GET {HOME}/consumer-groups/shut/consumers": refusal(403, "Not yours.", 40301),
        }
    )
    reads = ClusterReads(
        topics=True,
        topic_configs=True,
        groups=True,
        group_offsets=frozenset({"g", "gone"}),
        group_members=frozenset({"g", "gone", "shut"}),
    )
    seen = observe(wire, reads)
    assert seen.topics == {"users": ObservedTopic("users", 6, 3)}
    assert isinstance(seen.groups, dict)
    assert seen.groups["g"].has_members is True
    assert seen.group_offsets == {"g": (GroupOffset("users", 0, 3, 9),), "gone": ()}
    shut = seen.group_members["shut"]
    assert isinstance(shut, Gap)
    assert seen.group_members == {"g": 2, "gone": 0, "shut": shut}
    assert seen.gaps() == (shut,)
    assert seen.topic_configs == {
        "users": {"retention.ms": ObservedConfig("retention.ms", "1", is_default=False)}
    }


TASKS = {
    **LINK,
    "tasks": [
        {
            "task_name": "ConsumerOffsetSync",
            "state": "IN_ERROR",
            "errors": [{"error_code": "CONSUMER_GROUP_IN_USE_ERROR", "error_message": "g is\n up"}],
        },
        {"task_name": "AclSync", "state": "NOT_CONFIGURED", "errors": []},
    ],
}


def test_tasks_make_a_link_ill() -> None:
    """Tasks are read per link, sorted, and count for its health; server texts come on one line."""
    wire = Wire(
        {
            f"GET {HOME}/links": listing(LINK),
            f"GET {HOME}/links/test-link?include_tasks=true": httpx.Response(200, json=TASKS),
        }
    )
    links = observe(wire, ClusterReads(links=True, link_tasks=frozenset({"test-link"}))).links
    assert isinstance(links, dict)
    error = TaskError("CONSUMER_GROUP_IN_USE_ERROR", "g is up")
    assert links["test-link"].tasks == (
        LinkTask("AclSync", "NOT_CONFIGURED"),
        LinkTask("ConsumerOffsetSync", "IN_ERROR", (error,)),
    )
    assert links["test-link"].health.level is HealthLevel.UNHEALTHY


def test_tasks_alone_cost_one_request_and_keep_what_was_read_before() -> None:
    """A further reading of tasks neither reads the list again nor drops other links or configs."""
    wire = Wire(
        {
            f"GET {HOME}/links": listing(LINK, {"link_name": "other"}),
            f"GET {HOME}/links/test-link/configs": listing(config("link.mode", "DESTINATION")),
        }
    )
    first = observe(wire, ClusterReads(links=True, link_configs=frozenset({"test-link"})))
    later_wire = Wire(
        {f"GET {HOME}/links/test-link?include_tasks=true": httpx.Response(200, json=TASKS)}
    )
    later = observe(later_wire, ClusterReads(link_tasks=frozenset({"test-link"})))
    merged = first.merge(later)
    assert len(later_wire.requests) == 1
    assert isinstance(merged.links, dict)
    assert sorted(merged.links) == ["other", "test-link"]
    assert merged.links["test-link"].link_mode == "DESTINATION"
    assert merged.links["test-link"].health.level is HealthLevel.UNHEALTHY
    assert (later.partial_links, merged.partial_links) == (True, False)


def test_a_link_that_the_server_denies_has_no_tasks_and_is_no_gap() -> None:
    """A further reading of a link that is gone says nothing of it; other failures are gaps."""
    gone = refusal(404, "The cluster link doesn't exist: Cluster link 'test-link' does not exist.")
    wire = Wire({f"GET {HOME}/links/test-link?include_tasks=true": gone})
    reads = ClusterReads(
        link_tasks=frozenset({"test-link", "other"}), group_offsets=frozenset({"g"})
    )
    seen = observe(wire, reads)
    assert [gap.scope for gap in seen.gaps()] == [
        "ig-test2/other: tasks",
        "ig-test2: offsets of group g",
    ]


def test_p6_a_listed_link_whose_tasks_are_denied_is_not_healthy() -> None:
    """P6: a list that shows a link and a 404 on that link contradict each other: a gap, not green."""
    gone = refusal(404, "The cluster link doesn't exist: Cluster link 'test-link' does not exist.")
    wire = Wire(
        {
            f"GET {HOME}/links": listing(LINK),
            f"GET {HOME}/links/test-link?include_tasks=true": gone,
        }
    )
    seen = observe(wire, ClusterReads(links=True, link_tasks=frozenset({"test-link"})))
    assert [(gap.scope, gap.diagnostic.code) for gap in seen.gaps()] == [
        ("ig-test2/test-link: tasks", "absent")
    ]
    assert isinstance(seen.links, dict)
    assert seen.links["test-link"].health.level is HealthLevel.UNKNOWN


def test_a_whole_list_read_later_replaces_the_earlier_one() -> None:
    """A link that is gone from a later list is gone."""
    reads = ClusterReads(links=True)
    first = observe(Wire({f"GET {HOME}/links": listing(LINK, {"link_name": "b"})}), reads)
    later = observe(Wire({f"GET {HOME}/links": listing({"link_name": "b"})}), reads)
    links = first.merge(later).links
    assert isinstance(links, dict)
    assert list(links) == ["b"]


def test_unreadable_tasks_are_a_gap_that_hides_no_error() -> None:
    """Tasks that cannot be read leave the link's own error standing."""
    ill = {**LINK, "link_error": "AUTHENTICATION_ERROR"}
    path = f"GET {HOME}/links/test-link?include_tasks=true"
    wire = Wire({f"GET {HOME}/links": listing(ill), path: refusal(403, "no")})
    seen = observe(wire, ClusterReads(links=True, link_tasks=frozenset({"test-link"})))
    assert isinstance(seen.links, dict)
    assert seen.links["test-link"].health.level is HealthLevel.UNHEALTHY
    assert [gap.scope for gap in seen.gaps()] == ["ig-test2/test-link: tasks"]


@pytest.mark.parametrize("answer", [{}, {"link_name": "other", "tasks": []}])
def test_another_object_is_not_the_one_that_was_asked_for(answer: dict[str, Any]) -> None:
    """P6: an answer about something else leaves the scope unread."""
    path = f"GET {HOME}/links/test-link?include_tasks=true"
    wire = Wire({path: httpx.Response(200, json=answer)})
    seen = observe(wire, ClusterReads(link_tasks=frozenset({"test-link"})))
    assert [gap.diagnostic.code for gap in seen.gaps()] == ["unexpected-answer"]


def test_transition_errors_are_laid_over_the_list() -> None:
    """The reason of a stuck promote comes with the row of that mirror; the other rows stay."""
    stuck = {
        **MIRROR,
        "mirror_status": "PENDING_STOPPED",
        "mirror_state_transition_errors": [{"error_code": "CONSUMER_GROUP_IN_USE_ERROR"}],
    }
    other = {**MIRROR, "mirror_topic_name": "orders", "source_topic_name": "orders"}
    detail = f"GET {HOME}/links/test-link/mirrors/users?include_state_transition_errors=true"
    wire = Wire(
        {
            f"GET {HOME}/links/-/mirrors": listing(MIRROR, other),
            detail: httpx.Response(200, json=stuck),
        }
    )
    wanted = frozenset({("test-link", "users")})
    mirrors = observe(wire, ClusterReads(mirrors=True, transition_errors=wanted)).mirrors
    assert isinstance(mirrors, dict)
    assert mirrors["users"].transition_errors == (TaskError("CONSUMER_GROUP_IN_USE_ERROR", ""),)
    assert mirrors["orders"].transition_errors is None


@pytest.mark.parametrize("links", [1, 7])
def test_p12_a_plan_costs_a_request_per_link_and_two(links: int) -> None:
    """P12: L + 2 requests, however many mirror topics there are."""
    names = [f"l{i}" for i in range(links)]
    mirrors = [{**MIRROR, "mirror_topic_name": f"t{i}"} for i in range(300)]
    answers: dict[str, Any] = {
        f"GET {HOME}/links": listing(*({"link_name": n} for n in names)),
        f"GET {HOME}/links/-/mirrors": listing(*mirrors),
    }
    configs = listing({"name": "link.mode", "value": "DESTINATION"})
    answers |= {f"GET {HOME}/links/{n}/configs": configs for n in names}
    wire = Wire(answers)
    reads = ClusterReads(identity=True, links=True, mirrors=True, link_configs=frozenset(names))
    assert observe(wire, reads).gaps() == ()
    assert len(wire.requests) == links + 2


def test_p12_an_unknown_cluster_id_costs_one_more_once() -> None:
    """P12: an id that is not given is asked for once per engine."""
    wire = Wire(
        {
            "GET /kafka/v3/clusters": listing({"cluster_id": ID}),
            f"GET {HOME}/links": listing(LINK),
        }
    )

    async def story() -> None:
        async with engine(wire, cluster(cluster_id=None)) as e:
            for _ in range(3):
                seen = await e.observe({"ig-test2": ClusterReads(links=True)})
                assert seen.cluster("ig-test2").cluster_id == ID

    run(story())
    assert len(wire.requests) == 1 + 3


def test_every_read_goes_through_the_retry() -> None:
    """Each request of a reading is one attempt of the injected policy, which may repeat it alone."""
    wire = Wire(
        {
            f"GET {HOME}/links": [httpx.Response(503), listing(LINK)],
            f"GET {HOME}/links/-/mirrors": listing(MIRROR),
        }
    )

    async def twice(attempt: Callable[[], Awaitable[T]]) -> T:
        try:
            return await attempt()
        except Exception:  # noqa: BLE001 - the policy under test repeats whatever comes
            return await attempt()

    assert observe(wire, ClusterReads(links=True, mirrors=True), retry=twice).gaps() == ()
    assert len(wire.requests) == 3


def test_pages_are_followed_to_the_end() -> None:
    """A list that names a next page on its own origin is read to its end."""
    wire = Wire(
        {
            f"GET {HOME}/links": listing({"link_name": "a"}, following=f"{HOME}/links?page=2"),
            f"GET {HOME}/links?page=2": listing(
                {"link_name": "b"}, following=f"http://ig-test2:8090{HOME}/links?page=3"
            ),
            f"GET {HOME}/links?page=3": listing({"link_name": "c"}, following=""),
        }
    )
    links = observe(wire, ClusterReads(links=True)).links
    assert isinstance(links, dict)
    assert sorted(links) == ["a", "b", "c"]


@pytest.mark.parametrize(
    "following",
    [
        f"http://elsewhere:8090{HOME}/links?page=2",
        f"https://ig-test2:8090{HOME}/links?page=2",
        f"http://ig-test2:9999{HOME}/links?page=2",
        f"{HOME}/links",
        "http://[",
    ],
)
def test_a_page_elsewhere_or_in_a_circle_is_a_gap(following: str) -> None:
    """Credentials do not follow a list to another origin, and half a list is no list."""
    wire = Wire({f"GET {HOME}/links": listing(LINK, following=following)})
    links = observe(wire, ClusterReads(links=True)).links
    assert isinstance(links, Gap)
    assert links.diagnostic.code == "bad-next-page"
    assert len(wire.requests) == 1


def test_names_are_encoded_in_paths() -> None:
    """A name with odd characters stays one path segment."""
    odd = "a/b ?%2F#ü"
    encoded = "a%2Fb%20%3F%252F%23%C3%BC"
    wire = Wire({f"GET {HOME}/consumer-groups/{encoded}/lags": listing()})
    seen = observe(wire, ClusterReads(group_offsets=frozenset({odd})))
    assert seen.group_offsets == {odd: ()}
    assert wire.requests[0].url.raw_path.decode().endswith(f"/{encoded}/lags")


def test_a_cluster_without_an_endpoint_is_a_gap_with_a_cure() -> None:
    """A source that has no REST API is said to be unreadable, not empty."""
    seen = observe(
        Wire(), ClusterReads(identity=True, topics=True), Cluster("ig-test2", "ig-test2:9092")
    )
    assert isinstance(seen.topics, Gap)
    assert {gap.diagnostic.code for gap in seen.gaps()} == {"no-rest-endpoint"}


def test_several_clusters_are_read_at_once_and_fail_apart() -> None:
    """One cluster's failure is its own."""
    wire = Wire({f"GET {HOME}/links": listing(LINK)})
    broken = cluster("broken", cluster_id="another")

    async def story() -> tuple[ObservedCluster, ObservedCluster]:
        async with engine(wire, cluster(), broken) as e:
            wanted = ClusterReads(links=True)
            seen = await e.observe({"ig-test2": wanted, "broken": wanted})
            return seen.cluster("ig-test2"), seen.cluster("broken")

    good, bad = run(story())
    assert good.gaps() == ()
    assert [gap.scope for gap in bad.gaps()] == ["broken: cluster links"]
