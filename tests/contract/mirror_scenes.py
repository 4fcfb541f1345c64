"""What clients do with mirror topics: create, list, and all the verbs, refusals included."""

from __future__ import annotations

from tests.contract.estate import EAST, WEST, Estate, pairs
from tests.contract.link_scenes import GROUPS

VERBS = ("pause", "resume", "promote", "failover")


async def mirrors(estate: Estate) -> None:
    await estate.make_link(WEST, "l", EAST)
    for name in ("orders", "users"):
        await estate.make_mirror(WEST, "l", name)
    await act(estate, "pause", "users")
    for path in ("/links/l/mirrors", "/links/-/mirrors"):
        listed = await estate.call(WEST, "GET", path, 200)
        assert [row["mirror_topic_name"] for row in listed["data"]] == ["orders", "users"]
        query = {"mirror_status": "PAUSED"}
        listed = await estate.call(WEST, "GET", path, 200, query=query)
        assert [row["mirror_topic_name"] for row in listed["data"]] == ["users"]
        await estate.call(WEST, "GET", path, 400, query={"mirror_status": "paused"})
    query = {"include_state_transition_errors": "true"}
    await estate.call(WEST, "GET", "/links/l/mirrors/orders", 200, query=query)
    await estate.call(WEST, "GET", "/links/l/mirrors/local", 404)
    await estate.call(WEST, "GET", "/links/nobody/mirrors/orders", 404)
    await estate.call(WEST, "GET", "/links/nobody/mirrors", 404)


async def mirror_creation(estate: Estate) -> None:
    await estate.make_link(WEST, "l", EAST)
    await estate.make_link(WEST, "p", EAST, cluster_link_prefix="east.")
    made, base = estate.variant.made, "/links/l/mirrors"
    # Old servers do not know `mirror_topic_name`, so clients leave it out when it is the same (section 3.2).
    body: dict[str, object] = {
        "source_topic_name": "users",
        "replication_factor": 3,
        "configs": pairs({"confluent.value.schema.validation": "true"}),
    }
    await estate.call(WEST, "POST", base, made, body=body)
    await estate.make_mirror(WEST, "p", "users", prefix="east.")
    refused: list[tuple[dict[str, object], int, int]] = [
        ({"source_topic_name": "users"}, 400, 40002),
        ({"source_topic_name": "local"}, 400, 40002),
        ({"source_topic_name": "orders", "mirror_topic_name": "renamed"}, 400, 40035),
        ({"source_topic_name": "nobody"}, 404, 40403),
        ({"source_topic_name": "x" * 250}, 400, 40002),
        ({"source_topic_name": "orders", "replication_factor": 0}, 400, 40002),
        (
            {"source_topic_name": "orders", "configs": pairs({"cleanup.policy": "compact"})},
            400,
            40002,
        ),
        ({}, 400, 400),
    ]
    if estate.variant.is_cloud:
        refused.append(({"source_topic_name": "orders", "replication_factor": 1}, 400, 40002))
    for body, status, code in refused:
        await estate.call(WEST, "POST", base, status, code=code, body=body)
    body = {"source_topic_name": "orders", "mirror_topic_name": "orders"}
    await estate.call(WEST, "POST", "/links/p/mirrors", 400, code=40035, body=body)
    await estate.call(WEST, "POST", "/links/nobody/mirrors", 404, body=body)


async def verbs(estate: Estate) -> None:
    await estate.make_link(WEST, "l", EAST)
    for name in ("users", "payments", "audit"):
        await estate.make_mirror(WEST, "l", name)
    assert await act(estate, "pause", "users", "nobody") == {"users": None, "nobody": 404}
    assert await act(estate, "resume", "users") == {"users": None}
    assert await act(estate, "promote", "users", only=True) == {"users": None}
    assert await estate.status_of(WEST, "l", "users") == "ACTIVE"
    assert await act(estate, "promote", "users", "payments") == {"users": None, "payments": None}
    estate.clock.advance(30)
    assert await estate.status_of(WEST, "l", "users") == "STOPPED"
    assert await act(estate, "failover", "audit", "users") == {"audit": None, "users": 400}
    for verb in VERBS:
        path, names = f"mirrors:{verb}", {"mirror_topic_names": ["users"]}
        await estate.call(WEST, "POST", f"/links/nobody/{path}", 404, body=names)
        await estate.call(WEST, "POST", f"/links/l/{path}", 400, body={})
        wrong = {"mirror_topic_names": "users"}
        await estate.call(WEST, "POST", f"/links/l/{path}", 400, body=wrong)
        assert await act(estate, verb, "users") == {"users": 400}
    estate.clock.advance(30)
    await estate.call(WEST, "DELETE", "/links/l", estate.variant.deleted)


async def patterns(estate: Estate) -> None:
    """A pattern selects mirrors; 7.5 knows names only (section 3.4)."""
    await estate.make_link(WEST, "l", EAST)
    for name in ("users", "payments"):
        await estate.make_mirror(WEST, "l", name)
    body = {"mirror_topic_name_pattern": "us.*"}
    if estate.variant.is_old:
        await estate.call(WEST, "POST", "/links/l/mirrors:pause", 400, body=body)
        return
    answer = await estate.call(WEST, "POST", "/links/l/mirrors:pause", 200, body=body)
    assert [item["mirror_topic_name"] for item in answer["data"]] == ["users"]
    wrong = {"mirror_topic_name_pattern": "("}
    await estate.call(WEST, "POST", "/links/l/mirrors:pause", 400, body=wrong)


async def stuck_promote(estate: Estate) -> None:
    """A group with members here holds a promote up, and the mirror says so (section 4.2)."""
    configs = {"consumer_offset_sync_enable": "true", "consumer_offset_group_filters": GROUPS}
    await estate.make_link(WEST, "l", EAST, consumer_offset_sync_ms="1000", **configs)
    await estate.make_mirror(WEST, "l", "users")
    estate.world.clusters[WEST].ensure_group("idle", reads=["users"], members=1)
    estate.clock.advance(5)
    await act(estate, "promote", "users")
    estate.clock.advance(60)
    assert await estate.status_of(WEST, "l", "users") == "PENDING_STOPPED"
    query = {"include_state_transition_errors": "true"}
    row = await estate.call(WEST, "GET", "/links/l/mirrors/users", 200, query=query)
    errors = row.get("mirror_state_transition_errors", [])
    assert [error["error_code"] for error in errors] == (
        [] if estate.variant.is_old else ["CONSUMER_GROUP_IN_USE_ERROR"]
    )
    await estate.call(WEST, "GET", "/links/l", 200, query={"include_tasks": "true"})
    await act(estate, "failover", "users")
    estate.clock.advance(60)
    assert await estate.status_of(WEST, "l", "users") == "STOPPED"


async def read_only(estate: Estate) -> None:
    """A mirror takes no records, no partitions and no synced configs of its own (sections 4.2 and 9)."""
    await estate.make_link(WEST, "l", EAST)
    await estate.make_mirror(WEST, "l", "users")
    text = {"value": {"type": "STRING", "data": "hello"}}
    report = await estate.http.post(estate.url(WEST, "/topics/users/records"), json=text)
    assert report.json()["error_code"] != 200
    body = {"partitions_count": 9}
    await estate.call(WEST, "PATCH", "/topics/users", 400, code=40002, body=body)
    path = "/topics/users/configs/cleanup.policy"
    await estate.call(WEST, "PUT", path, 400, code=40002, body={"value": "compact"})


async def lost_source_topic(estate: Estate) -> None:
    """A source topic that goes leaves a mirror with an error, and at last a FAILED one (section 9)."""
    await estate.make_link(WEST, "l", EAST)
    await estate.make_mirror(WEST, "l", "users")
    await estate.call(EAST, "DELETE", "/topics/users", 204)
    estate.clock.advance(10)
    row = await estate.call(WEST, "GET", "/links/l/mirrors/users", 200)
    expected = None if estate.variant.is_old else "SOURCE_TOPIC_MAY_BE_DELETED"
    assert row.get("mirror_topic_error") == expected
    estate.clock.advance(600)
    assert await estate.status_of(WEST, "l", "users") == "FAILED"
    assert await act(estate, "resume", "users") == {"users": 400}
    assert await act(estate, "failover", "users") == {"users": None}


async def bidirectional(estate: Estate) -> None:
    """Roles swap and come back: reverse, fail over, restore (section 4.2)."""
    await make_bidirectional_pair(estate)
    await estate.make_mirror(WEST, "both", "users", prefix="e.")
    await estate.make_mirror(WEST, "both", "audit", prefix="e.")
    words = (
        ("promote-local-and-start-remote-mirror", "promote-local-and-pause-remote-mirror")
        if estate.variant.is_old
        else ("reverse-and-start-mirror", "reverse-and-pause-mirror")
    )
    for word, name in zip(words, ("e.users", "e.audit"), strict=True):
        assert await act(estate, word, name, link="both", only=True) == {name: None}
        assert await act(estate, word, name, "nobody", link="both") == {name: None, "nobody": 404}
    for _ in range(4):
        await estate.call(WEST, "GET", "/links/both/mirrors", 200)
        await estate.call(EAST, "GET", "/links/-/mirrors", 200)
        estate.clock.advance(15)
    assert await estate.status_of(WEST, "both", "e.users") == "STOPPED"
    assert await estate.status_of(EAST, "both", "users") == "ACTIVE"
    assert await estate.status_of(EAST, "both", "audit") == "PAUSED"


async def restore(estate: Estate) -> None:
    """After a failover the former primary gives up what was not mirrored, and follows (section 4.2)."""
    verb = "mirrors:truncate-and-restore"
    if estate.variant.is_old:
        names = {"mirror_topic_names": ["users"]}
        await estate.call(EAST, "POST", f"/links/both/{verb}", 404, body=names)
        return
    await make_bidirectional_pair(estate)
    for name in ("users", "stock"):
        await estate.make_mirror(WEST, "both", name, prefix="e.")
    await act(estate, "failover", "e.users", "e.stock", link="both")
    estate.clock.advance(30)
    query = {"include_partition_level_truncation_data": "true"}
    # Somebody still reads `users` (section 4.2).
    body = {"mirror_topic_names": ["users", "stock"]}
    for more in ({"validate_only": "true"}, {}):
        answer = await estate.call(
            EAST, "POST", f"/links/both/{verb}", 200, body=body, query=query | more
        )
        assert [item["error_code"] for item in answer["data"]] == [400, None]
        assert len(answer["data"][1]["partition_level_truncation_data"]) == 1
    seen = set()
    for _ in range(30):
        seen.add(await estate.status_of(EAST, "both", "stock"))
        estate.clock.advance(3)
    assert seen == {"PENDING_SETUP_FOR_RESTORE", "PENDING_RESTORE", "ACTIVE"}


async def reversal_refused(estate: Estate) -> None:
    """Roles can be swapped on a bidirectional link only (section 4.2)."""
    await estate.make_link(WEST, "l", EAST)
    await estate.make_mirror(WEST, "l", "users")
    if estate.variant.is_old:
        return
    for verb in ("reverse-and-start-mirror", "reverse-and-pause-mirror", "truncate-and-restore"):
        outcome = await act(estate, verb, "users")
        assert outcome == {"users": 400}
        body = {"mirror_topic_names": ["users"]}
        await estate.call(WEST, "POST", f"/links/nobody/mirrors:{verb}", 404, body=body)


async def make_bidirectional_pair(estate: Estate) -> None:
    """Two dialling halves, one after the other; mirrors on `west` are called `e.…` (section 7)."""
    for here, there, prefix in ((WEST, EAST, {"cluster.link.prefix": "e."}), (EAST, WEST, {})):
        configs = {"link.mode": "BIDIRECTIONAL", "bootstrap.servers": f"{there}:9092"} | prefix
        remote = estate.world.clusters[there].cluster_id
        body = {"remote_cluster_id": remote, "configs": pairs(configs)}
        query = {"link_name": "both"}
        await estate.call(here, "POST", "/links", estate.variant.made, query=query, body=body)
        estate.clock.advance(5)
    halves = [await estate.call(name, "GET", "/links/both", 200) for name in (WEST, EAST)]
    assert halves[0]["cluster_link_id"] == halves[1]["cluster_link_id"]


async def act(
    estate: Estate, verb: str, *names: str, link: str = "l", only: bool = False
) -> dict[str, int | None]:
    """Perform a verb on mirrors of `west`; the error code of each."""
    path, body = f"/links/{link}/mirrors:{verb}", {"mirror_topic_names": list(names)}
    query = {"validate_only": "true"} if only else None
    answer = await estate.call(WEST, "POST", path, 200, body=body, query=query)
    return {item["mirror_topic_name"]: item["error_code"] for item in answer["data"]}


SCENES = (
    mirrors,
    mirror_creation,
    verbs,
    patterns,
    stuck_promote,
    read_only,
    lost_source_topic,
    bidirectional,
    restore,
    reversal_refused,
)
