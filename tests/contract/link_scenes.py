"""What clients do with links and their configs, in every topology, refusals included."""

from __future__ import annotations

from tests.contract.estate import EAST, WEST, Estate, dotted, pairs

GROUPS = '{"groupFilters":[{"name":"*","patternType":"LITERAL","filterType":"INCLUDE"}]}'
ACLS = (
    '{"aclFilters":[{"resourceFilter":{"resourceType":"any","patternType":"any"},'
    '"accessFilter":{"operation":"any","permissionType":"any"}}]}'
)
SECRET = 'org.example.LoginModule required username="k" password="hunter2";'


async def links(estate: Estate) -> None:
    await estate.call(WEST, "GET", "/links", 200)
    await estate.make_link(WEST, "l", EAST)
    await estate.make_mirror(WEST, "l", "orders")
    listed = await estate.call(WEST, "GET", "/links", 200)
    assert [row["topic_names"] for row in listed["data"]] == [["orders"]]
    row = await estate.call(WEST, "GET", "/links/l", 200)
    assert row.get("link_state") == (None if estate.variant.is_old else "ACTIVE")
    await estate.call(WEST, "GET", "/links/l", 200, query={"include_tasks": "true"})
    await estate.call(WEST, "GET", "/links/nobody", 404)
    await estate.call(WEST, "DELETE", "/links/nobody", 404)
    await estate.call(WEST, "DELETE", "/links/l", 403, code=40301)
    query = {"force": "true", "validate_only": "true"}
    await estate.call(WEST, "DELETE", "/links/l", estate.variant.deleted, query=query)
    await estate.call(WEST, "GET", "/links/l", 200)
    query = {"force": "true"}
    await estate.call(WEST, "DELETE", "/links/l", estate.variant.deleted, query=query)
    estate.clock.advance(60)
    await estate.call(WEST, "GET", "/links/l", 404)


async def link_without_source(estate: Estate) -> None:
    """A source that went away shows on the link, and on its tasks."""
    configs = {"consumer_offset_sync_enable": "true", "consumer_offset_group_filters": GROUPS}
    await estate.make_link(WEST, "l", EAST, **configs)
    await estate.make_mirror(WEST, "l", "orders")
    estate.world.clusters[EAST].set_up(up=False)
    for _ in range(3):
        estate.clock.advance(200)
        await estate.call(WEST, "GET", "/links/l", 200, query={"include_tasks": "true"})
        await estate.call(WEST, "GET", "/links/-/mirrors", 200)
    row = await estate.call(WEST, "GET", "/links/l", 200)
    assert row.get("link_state") == (None if estate.variant.is_old else "UNAVAILABLE")


async def paused_link(estate: Estate) -> None:
    await estate.make_link(WEST, "l", EAST)
    await estate.make_mirror(WEST, "l", "orders")
    path, value = "/links/l/configs/cluster.link.paused", {"value": "true"}
    await estate.call(WEST, "PUT", path, 204, body=value)
    paused = "PAUSED" if estate.variant.is_old else "LINK_PAUSED"
    assert await estate.status_of(WEST, "l", "orders") == paused
    await estate.call(WEST, "GET", "/links/l", 200, query={"include_tasks": "true"})
    await estate.call(WEST, "DELETE", path, 204)
    assert await estate.status_of(WEST, "l", "orders") == "ACTIVE"


async def link_creation_refused(estate: Estate) -> None:
    here, there = (estate.world.clusters[name].cluster_id for name in (WEST, EAST))
    good = {"source_cluster_id": there, "configs": pairs({"bootstrap.servers": "east:9092"})}
    query = {"link_name": "l"}
    made = estate.variant.made
    only = query | {"validate_only": "true"}
    response = await estate.http.post(estate.url(WEST, "/links"), params=only, json=good)
    assert response.is_success
    await estate.call(WEST, "GET", "/links/l", 404)
    # The real servers take the path with a trailing slash too (section 0.1).
    await estate.call(WEST, "POST", "/links/", made, query=query, body=good)
    await estate.call(WEST, "POST", "/links", 400, query=query, body=good)
    await estate.call(WEST, "POST", "/links", 400, body=good)
    await estate.call(WEST, "POST", "/links", 400, query={"link_name": "x"}, content=b"{")
    for name in ("", ".", "..", "a b", "a/b", "x" * 201):
        await estate.call(WEST, "POST", "/links", 400, query={"link_name": name}, body=good)
    query = {"link_name": "m"}
    for wrong in (
        good | {"source_cluster_id": here},
        good | {"source_cluster_id": "lkc-else"},
        good | {"configs": pairs({"bootstrap.servers": "nobody:9092"})},
    ):
        await estate.call(WEST, "POST", "/links", 400, query=query, body=wrong)
    unchecked = query | {"validate_link": "false"}
    await estate.call(WEST, "POST", "/links", made, query=unchecked, body=wrong)
    estate.world.clusters[EAST].set_accepts_links(accepts=False)
    # The link's own credentials are refused: HTTP 401 (section 0.4).
    query = {"link_name": "n"}
    response = await estate.http.post(estate.url(WEST, "/links"), params=query, json=good)
    assert response.status_code == 401


async def link_configs_refused_at_creation(estate: Estate) -> None:
    await estate.make_link(WEST, "first", EAST, cluster_link_prefix="p.")
    refused = [
        {"cluster.link.prefix": "p."},
        {"cluster.link.prefix": "x" * 249},
        {"security.protocol": "BOGUS"},
        {"nothing.known": "1"},
        {"consumer.offset.sync.enable": "maybe"},
        {"consumer.offset.sync.ms": "often"},
        {"consumer.offset.sync.ms": "999"},
        {"consumer.offset.group.filters": "{"},
        {"consumer.offset.group.filters": '{"groupFilters":null}'},
        {"acl.sync.enable": "true", "acl.filters": ACLS, "cluster.link.prefix": "q."},
        {"consumer.group.prefix.enable": "true"},
        {"link.mode": "SOURCE", "connection.mode": "INBOUND"},
        {"link.mode": "SIDEWAYS"},
        {"mirror.start.offset.spec": "yesterday"},
        {"topic.config.sync.include": "retention.ms"},
    ]
    if estate.variant.is_cloud:
        refused += [{"replica.fetch.max.bytes": "1"}, {"ssl.keystore.location": "/k"}]
    if estate.variant.is_old:
        refused.append({"acl.sync.enable": "true"})
    for configs in refused:
        body = {"configs": pairs({"bootstrap.servers": "east:9092"} | configs)}
        query = {"link_name": "second"}
        await estate.call(WEST, "POST", "/links", 400, code=40002, query=query, body=body)


async def link_configs(estate: Estate) -> None:
    await estate.make_link(WEST, "l", EAST, sasl_jaas_config=SECRET)
    base = "/links/l/configs"
    listed = await estate.call(WEST, "GET", base, 200)
    rows = {row["name"]: row for row in listed["data"]}
    assert rows["sasl.jaas.config"]["value"] is None
    assert rows["ssl.key.password"]["source"] == "DEFAULT_CONFIG"
    assert b"hunter2" not in b"".join(exchange.received for exchange in estate.exchanges)
    await estate.call(WEST, "PUT", f"{base}/acl.sync.ms", 204, body={"value": "6000"})
    row = await estate.call(WEST, "GET", f"{base}/acl.sync.ms", 200)
    assert row["value"] == "6000"
    await estate.call(WEST, "DELETE", f"{base}/acl.sync.ms", 204)
    row = await estate.call(WEST, "GET", f"{base}/acl.sync.ms", 200)
    assert row["value"] == "5000"
    data = [
        {"name": "consumer.offset.group.filters", "value": GROUPS, "operation": "SET"},
        {"name": "consumer.offset.sync.enable", "value": "true"},
        {"name": "acl.filters", "value": None, "operation": "DELETE"},
    ]
    for only in ({"validate_only": True}, {}):
        await estate.call(WEST, "PUT", f"{base}:alter", 204, body={"data": data, **only})
        row = await estate.call(WEST, "GET", f"{base}/consumer.offset.sync.enable", 200)
        assert row["value"] == ("false" if only else "true")
    query = {"validate_only": "true"}
    await estate.call(WEST, "PUT", f"{base}:alter", 204, body={"data": data[2:]}, query=query)


async def link_config_refusals(estate: Estate) -> None:
    await estate.make_link(WEST, "l", EAST, cluster_link_prefix="p.")
    base = "/links/l/configs"
    value = {"value": "1000"}
    await estate.call(WEST, "GET", f"{base}/nothing.known", 404)
    await estate.call(WEST, "PUT", f"{base}/nothing.known", 400, code=40002, body=value)
    await estate.call(WEST, "DELETE", f"{base}/nothing.known", 400, code=40002)
    # What only a client has a use for is kept and shown.
    await estate.call(WEST, "GET", f"{base}/session.timeout.ms", 404)
    await estate.call(WEST, "PUT", f"{base}/session.timeout.ms", 204, body=value)
    await estate.call(WEST, "GET", f"{base}/session.timeout.ms", 200)
    await estate.call(WEST, "DELETE", f"{base}/session.timeout.ms", 204)
    await estate.call(WEST, "PUT", f"{base}/acl.sync.ms", 400, body={})
    await estate.call(WEST, "PUT", f"{base}/acl.sync.ms", 400, body={"value": 1000})
    await estate.call(WEST, "PUT", f"{base}/acl.sync.ms", 400, code=40002, body={"value": "x"})
    for name, other in dotted(
        {"link_mode": "SOURCE", "connection_mode": "INBOUND", "cluster_link_prefix": "q."}
    ).items():
        body = {"value": other}
        await estate.call(WEST, "PUT", f"{base}/{name}", 400, code=40002, body=body)
    # `link.prefix` takes a write in silence and stays what it is (section 5.1).
    await estate.call(WEST, "PUT", f"{base}/link.prefix", 204, body={"value": "q."})
    assert (await estate.call(WEST, "GET", f"{base}/link.prefix", 200))["value"] == "p."
    for path in ("/configs", "/configs/acl.sync.ms", "/mirrors"):
        await estate.call(WEST, "GET", f"/links/nobody{path}", 404)
    await estate.call(WEST, "PUT", "/links/nobody/configs/acl.sync.ms", 404, body=value)
    await estate.call(WEST, "DELETE", "/links/nobody/configs/acl.sync.ms", 404)
    data = {"data": [{"name": "acl.sync.ms", "value": "6000"}]}
    await estate.call(WEST, "PUT", "/links/nobody/configs:alter", 404, body=data)
    await estate.call(WEST, "PUT", f"{base}:alter", 400, body={})
    # One wrong entry, and none is taken.
    mixed = {"data": [*data["data"], {"name": "nothing.known", "value": "1"}]}
    await estate.call(WEST, "PUT", f"{base}:alter", 400, code=40002, body=mixed)
    row = await estate.call(WEST, "GET", f"{base}/acl.sync.ms", 200)
    assert row["is_default" if not estate.variant.is_old else "default"]
    # PUT for links, POST for topics (sections 0.4 and 1.2).
    await estate.call(WEST, "POST", f"{base}:alter", 405, body=data)


async def source_initiated(estate: Estate) -> None:
    """The listening half first, then the half that dials; both show one id (section 7)."""
    there, here = estate.world.clusters[EAST].cluster_id, estate.world.clusters[WEST].cluster_id
    inbound = {"link.mode": "DESTINATION", "connection.mode": "INBOUND"}
    outbound = {"link.mode": "SOURCE", "bootstrap.servers": "west:9092"}
    query = {"link_name": "pair"}
    dialling = {"destination_cluster_id": here, "configs": pairs(outbound)}
    early = await estate.call(EAST, "POST", "/links", 400, query=query, body=dialling)
    assert "does not have a link named" in early["message"]
    body = {"source_cluster_id": there, "configs": pairs(inbound)}
    await estate.call(WEST, "POST", "/links", estate.variant.made, query=query, body=body)
    estate.clock.advance(5)
    await estate.call(EAST, "POST", "/links", estate.variant.made, query=query, body=dialling)
    estate.clock.advance(5)
    halves = [await estate.call(name, "GET", "/links/pair", 200) for name in (WEST, EAST)]
    assert halves[0]["cluster_link_id"] == halves[1]["cluster_link_id"]
    assert halves[1]["destination_cluster_id"] == here
    await estate.make_mirror(WEST, "pair", "orders")
    mirror = {"source_topic_name": "local"}
    await estate.call(EAST, "POST", "/links/pair/mirrors", 400, code=40002, body=mirror)


async def unmanaged_leftover(estate: Estate) -> None:
    """When one half of a pair is deleted, the other cluster lists a row without a name (section 2.3)."""
    await source_initiated(estate)
    await estate.call(EAST, "DELETE", "/links/pair", estate.variant.deleted)
    estate.clock.advance(60)
    await estate.call(EAST, "GET", "/links", 200)
    await estate.call(WEST, "GET", "/links", 200)


SCENES = (
    links,
    link_without_source,
    paused_link,
    link_creation_refused,
    link_configs_refused_at_creation,
    link_configs,
    link_config_refusals,
    source_initiated,
    unmanaged_leftover,
)
