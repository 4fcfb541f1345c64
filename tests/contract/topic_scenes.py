"""What clients do with clusters, topics, records and groups, refusals included."""

from __future__ import annotations

from tests.contract.estate import EAST, NORTH, Estate


async def clusters(estate: Estate) -> None:
    await estate.call(EAST, "GET", "", 200)
    await estate.call(EAST, "GET", "", 404, cluster_id="lkc-nobody")
    await estate.call(EAST, "GET", "/nothing", 404)


async def topics(estate: Estate) -> None:
    listed = await estate.call(EAST, "GET", "/topics", 200)
    assert "orders" in {row["topic_name"] for row in listed["data"]}
    await estate.call(EAST, "GET", "/topics/orders", 200)
    query = {"include_authorized_operations": "true"}
    await estate.call(EAST, "GET", "/topics/orders", 200, query=query)
    await estate.call(EAST, "GET", "/topics/nobody", 404, code=40403)
    await estate.call(EAST, "PATCH", "/topics/orders", 200, body={"partitions_count": 5})
    for count in (5, 2, 0):
        body = {"partitions_count": count}
        await estate.call(EAST, "PATCH", "/topics/orders", 400, code=40002, body=body)
    await estate.call(EAST, "PATCH", "/topics/orders", 400, body={})
    body = {"partitions_count": 5}
    await estate.call(EAST, "PATCH", "/topics/nobody", 404, code=40403, body=body)
    await estate.call(EAST, "DELETE", "/topics/stock", 204)
    estate.clock.advance(60)
    await estate.call(EAST, "DELETE", "/topics/stock", 404, code=40403)


async def topic_creation(estate: Estate) -> None:
    wanted = {
        "topic_name": "fresh",
        "partitions_count": 4,
        "replication_factor": 3,
        "configs": [{"name": "retention.ms", "value": "1000"}],
    }
    only = wanted | {"validate_only": True}
    await estate.call(EAST, "POST", "/topics", 200, body=only)
    await estate.call(EAST, "GET", "/topics/fresh", 404, code=40403)
    await estate.call(EAST, "POST", "/topics", 201, body=wanted)
    await estate.call(EAST, "POST", "/topics", 400, code=40002, body=wanted)
    await estate.call(EAST, "POST", "/topics", 400, code=40002, body=wanted | {"topic_name": "a b"})
    for change in (
        {"partitions_count": 0},
        {"partitions_count": -1},
        {"topic_name": "x" * 250},
        {"topic_name": ""},
        {"configs": [{"name": "nothing.known", "value": "1"}]},
        {"configs": [{"name": "retention.ms", "value": "soon"}]},
    ):
        body = wanted | {"topic_name": "other"} | change
        await estate.call(EAST, "POST", "/topics", 400, code=40002, body=body)
    if estate.variant.is_cloud:
        body = {"topic_name": "other", "replication_factor": 2}
        await estate.call(EAST, "POST", "/topics", 400, code=40002, body=body)
    await estate.call(EAST, "POST", "/topics", 400, body={"partitions_count": 1})
    await estate.call(EAST, "POST", "/topics", 400, body={"topic_name": 7})
    await estate.call(EAST, "POST", "/topics", 400, content=b"{")
    # Half of a surrogate pair is JSON, but no text that could be said back.
    half = b'{"topic_name": "\\ud800"}'
    await estate.call(EAST, "POST", "/topics", 400, code=40002, content=half)
    await estate.call(EAST, "POST", "/topics", 400, content=b"[]")


async def partitions(estate: Estate) -> None:
    await estate.call(EAST, "GET", "/topics/orders/partitions", 200)
    await estate.call(EAST, "GET", "/topics/orders/partitions/2", 200)
    await estate.call(EAST, "GET", "/topics/nobody/partitions", 404, code=40403)
    for partition in ("3", "-1", "first", "9" * 5000):
        path = f"/topics/orders/partitions/{partition}"
        await estate.call(EAST, "GET", path, 404, code=40403)


async def topic_configs(estate: Estate) -> None:
    base = "/topics/orders/configs"
    await estate.call(EAST, "GET", base, 200)
    await estate.call(EAST, "GET", "/topics/-/configs", 200)
    await estate.call(EAST, "GET", "/topics/orders/default-configs", 200)
    await estate.call(EAST, "PUT", f"{base}/retention.ms", 204, body={"value": "5000"})
    row = await estate.call(EAST, "GET", f"{base}/retention.ms", 200)
    assert (row["value"], row["is_default"]) == ("5000", False)
    await estate.call(EAST, "DELETE", f"{base}/retention.ms", 204)
    row = await estate.call(EAST, "GET", f"{base}/retention.ms", 200)
    assert row["is_default"]
    changes = [{"name": "cleanup.policy", "value": "compact"}]
    await estate.call(
        EAST, "POST", f"{base}:alter", 204, body={"data": changes, "validate_only": True}
    )
    row = await estate.call(EAST, "GET", f"{base}/cleanup.policy", 200)
    assert row["value"] == "delete"
    changes.append({"name": "retention.ms", "operation": "DELETE"})
    await estate.call(EAST, "POST", f"{base}:alter", 204, body={"data": changes})


async def topic_config_refusals(estate: Estate) -> None:
    base = "/topics/orders/configs"
    await estate.call(EAST, "GET", "/topics/nobody/configs", 404, code=40403)
    await estate.call(EAST, "GET", f"{base}/nothing.known", 404)
    await estate.call(EAST, "GET", "/topics/nobody/configs/retention.ms", 404, code=40403)
    value = {"value": "1"}
    await estate.call(EAST, "PUT", f"{base}/nothing.known", 400, code=40002, body=value)
    await estate.call(EAST, "PUT", f"{base}/retention.ms", 400, code=40002, body={"value": "x"})
    nobody = "/topics/nobody/configs"
    await estate.call(EAST, "PUT", f"{nobody}/retention.ms", 404, code=40403, body=value)
    await estate.call(EAST, "DELETE", f"{nobody}/retention.ms", 404, code=40403)
    await estate.call(EAST, "DELETE", f"{base}/nothing.known", 400, code=40002)
    data = {"data": [{"name": "retention.ms", "value": "1"}]}
    await estate.call(EAST, "POST", f"{nobody}:alter", 404, code=40403, body=data)
    await estate.call(EAST, "POST", f"{base}:alter", 400, body={})
    wrong = {"data": [{"name": "retention.ms", "operation": "TOGGLE", "value": "1"}]}
    await estate.call(EAST, "POST", f"{base}:alter", 400, body=wrong)
    # POST for topics, PUT for links (section 1.2).
    await estate.call(EAST, "PUT", f"{base}:alter", 405, body=data)


async def records(estate: Estate) -> None:
    path = "/topics/payments/records"
    text = {"value": {"type": "STRING", "data": "hello"}}
    await estate.call(EAST, "POST", path, 200, body=text)
    await estate.call(EAST, "POST", path, 200, body=text | {"partition_id": 0})
    both = (
        b'{"key": {"type": "BINARY", "data": "AAE="}, "value": {"type": "JSON", "data": {"a": 1}}}'
    )
    await estate.call(EAST, "POST", path, 200, content=both + both)
    await estate.call(EAST, "POST", path, 422, content=b"")
    await estate.call(EAST, "POST", path, 400, content=b"nonsense")
    for data in ("=", "\u00e4"):
        wrong = {"value": {"type": "BINARY", "data": data}}
        await estate.call(EAST, "POST", path, 400, body=wrong)
    nobody = "/topics/nobody/records"
    await estate.call(EAST, "POST", nobody, 404, code=40403, body=text)


async def groups(estate: Estate) -> None:
    listed = await estate.call(EAST, "GET", "/consumer-groups", 200)
    assert {row["consumer_group_id"] for row in listed["data"]} == {"billing", "idle", "empty"}
    base = "/consumer-groups/billing"
    await estate.call(EAST, "GET", base, 200)
    members = await estate.call(EAST, "GET", f"{base}/consumers", 200)
    consumer = members["data"][0]["consumer_id"]
    await estate.call(EAST, "GET", f"{base}/consumers/{consumer}", 200)
    await estate.call(EAST, "GET", f"{base}/consumers/nobody", 404)
    for group in ("billing", "idle"):
        await estate.call(EAST, "GET", f"/consumer-groups/{group}/lag-summary", 200)
        await estate.call(EAST, "GET", f"/consumer-groups/{group}/lags", 200)
    await estate.call(EAST, "GET", "/consumer-groups/empty/lags", 200)
    await estate.call(EAST, "GET", f"{base}/lags/orders/partitions/1", 200)
    await estate.call(EAST, "GET", f"{base}/lags/orders/partitions/7", 404)
    for path in ("", "/consumers", "/consumers/x", "/lag-summary", "/lags"):
        await estate.call(EAST, "GET", f"/consumer-groups/nobody{path}", 404)


async def disabled_linking(estate: Estate) -> None:
    """Linking that is switched off still leaves the rest of the cluster (section 0.2)."""
    await estate.call(NORTH, "GET", "/topics", 200)
    for path in ("/links", "/links/-/mirrors", "/links/x", "/links/x/configs", "/links/x/mirrors"):
        await estate.call(NORTH, "GET", path, 400, code=40002)


SCENES = (
    clusters,
    topics,
    topic_creation,
    partitions,
    topic_configs,
    topic_config_refusals,
    records,
    groups,
    disabled_linking,
)
