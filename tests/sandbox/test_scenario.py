"""Scenario files: what they may say, and what is said about the wrong ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from reconciler.sandbox import ScenarioError, SteppedClock, World
from tests.sandbox.conftest import Client

SCHEMA = json.loads(
    Path(__file__).parents[2].joinpath("schema", "scenario.schema.json").read_text(encoding="utf-8")
)

#: Uses every key that there is.
EVERYTHING: dict[str, Any] = {
    "version": 1,
    "seed": 7,
    "catchUpRate": 100,
    "successCodes": "document",
    "admin": True,
    "delays": {
        "linkActive": 1,
        "firstFetch": 2,
        "stop": 3,
        "topicGone": 4,
        "linkGone": 5,
        "linkVisible": 6,
        "linkResolved": 0,
        "mirrorVisible": 7,
        "restoreSetup": 8,
        "restore": 9,
    },
    "clusters": [
        {
            "name": "a",
            "clusterId": "a-id",
            "bootstrapServers": "a1:9092, a2:9092",
            "flavour": "platform",
            "linking": True,
            "up": True,
            "restAnswers": False,
            "acceptsLinks": True,
            "advertises": True,
            "port": 0,
            "auth": {"basic": {"username": "u", "password": "p"}},
            "tls": {"certificate": "certificate.pem", "key": "key.pem"},
            "topics": [
                {
                    "name": "t",
                    "partitions": 2,
                    "records": 10,
                    "produceRate": 0.5,
                    "replicationFactor": 1,
                    "describable": True,
                    "configs": {"retention.ms": 1000, "preallocate": True},
                },
                {"name": "u"},
                {"name": "v"},
            ],
            "groups": [
                {
                    "name": "g",
                    "members": 1,
                    "topics": {"t": {"rate": 2, "lag": 3}, "u": 0},
                    "from": "end",
                }
            ],
        },
        {
            "name": "b",
            "auth": {"bearer": "x"},
            "links": [
                {
                    "name": "l",
                    "remote": "a",
                    "linkId": "A" * 22,
                    "configs": {"consumer.offset.sync.ms": 9000},
                    "mirrors": [
                        {
                            "source": "t",
                            "state": "paused",
                            "lag": 1,
                            "replicationFactor": 2,
                            "configs": {},
                        },
                        {"source": "u", "state": "stopped"},
                        {"source": "v", "state": "failed"},
                    ],
                }
            ],
        },
    ],
    "faults": [
        {
            "kind": "error",
            "cluster": "*",
            "method": "POST",
            "path": "links*",
            "skip": 1,
            "times": 2,
            "probability": 0.5,
            "seconds": 1,
            "secondsTo": 2,
            "status": 500,
            "code": 50003,
            "message": "m",
            "html": False,
            "retryAfter": 1,
            "afterEffect": True,
            "contentType": "text/plain",
            "bytes": 5,
            "old": "x",
            "new": "y",
            "location": "http://x/",
            "from": 1,
            "until": 2,
        },
        {"kind": "clusterAway", "cluster": "a", "restAnswers": True, "from": 1, "until": 2},
        {"kind": "groupActive", "cluster": "b", "group": "g", "from": 1, "until": 2},
    ],
}


KEY = {"authorization": "Basic dTpw"}


def keys_of(value: Any) -> set[str]:
    if isinstance(value, list):
        return set().union(*map(keys_of, value))
    if isinstance(value, dict):
        return set(value) | keys_of(list(value.values()))
    return set()


def test_the_schema_is_one() -> None:
    """It is a JSON Schema of 2020-12, and every property of it has a description."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    for name, shape in [("top", SCHEMA), *SCHEMA["$defs"].items()]:
        for key, prop in shape.get("properties", {}).items():
            assert "description" in prop or "$ref" in prop, f"{name}.{key}"


def test_everything_is_understood_by_schema_and_reader() -> None:
    """A scenario with every key passes both, and no key of the schema is missing from it."""
    jsonschema.Draft202012Validator(SCHEMA).validate(EVERYTHING)
    World.from_scenario(EVERYTHING, SteppedClock())
    known = set(SCHEMA["properties"]).union(
        *(shape["properties"] for shape in SCHEMA["$defs"].values())
    )
    assert known <= keys_of(EVERYTHING)


def test_a_scenario_is_the_world_it_describes() -> None:
    """Links are past their start-up, mirrors in their state and with their lag."""
    clusters = [dict(cluster) for cluster in EVERYTHING["clusters"]]
    del clusters[1]["auth"]
    scenario = {"clusters": clusters}
    client = Client(World.from_scenario(scenario, SteppedClock()), "b")
    link = client.get("links/l")
    assert (link["link_state"], link["cluster_link_id"]) == ("ACTIVE", "A" * 22)
    rows = client.get("links/l/mirrors")["data"]
    statuses = {row["mirror_topic_name"]: row["mirror_status"] for row in rows}
    assert statuses == {"t": "PAUSED", "u": "STOPPED", "v": "FAILED"}
    assert [lag["lag"] for lag in rows[0]["mirror_lags"]] == [1, 1]
    assert client.get("topics/t")["replication_factor"] == 2
    assert client.world.writes == 0
    rows = (
        Client(client.world, "a").call("GET", "consumer-groups/g/lags", headers=KEY).json()["data"]
    )
    assert [(row["topic_name"], row["lag"]) for row in rows] == [("t", 3), ("t", 3), ("u", 0)]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"version": 2}, "version: this sandbox reads version 1"),
        ({"delays": "slow"}, "delays: must be one of instant, not 'slow'"),
        (
            {"delays": {"stop": -1}},
            "delays.stop: must be a whole number from 0 to 1000000000000000, not -1",
        ),
        ({"clustres": []}, "the scenario: unknown key 'clustres', did you mean 'clusters'?"),
        ({"clusters": {}}, "clusters: must be a list, not a mapping"),
        ({"clusters": [{}]}, "clusters[0]: 'name' is missing"),
        ({"clusters": ["a"]}, "clusters[0]: must be a mapping, not text"),
        ({"clusters": [{"name": "a", "flavour": "azure"}]}, "clusters[0].flavour: must be one of"),
        (
            {"clusters": [{"name": "a", "topics": [{"name": "a/b"}]}]},
            "clusters[0].topics[0].name: Topic name is invalid",
        ),
        (
            {"clusters": [{"name": "a", "groups": [{"name": "g", "topics": {"t": 1}}]}]},
            "clusters[0].groups[0].topics: there is no topic 't' on cluster 'a'",
        ),
        (
            {"clusters": [{"name": "a", "links": [{"name": "l", "remote": "b"}]}]},
            "clusters[0].links[0].remote: there is no such cluster",
        ),
        ({"faults": [{"kind": "flood"}]}, "faults[0].kind: must be one of latency"),
        (
            {"faults": [{"kind": "clusterAway", "cluster": "x"}]},
            "faults[0].cluster: there is no such cluster",
        ),
        ({"faults": [{"kind": "hang", "cluster": "x"}]}, "faults[0].cluster: there is no such"),
        (
            {"faults": [{"kind": "clusterAway", "cluster": "x", "from": 10, "until": 5}]},
            "faults[0].until: must be later than 'from'",
        ),
        ({"faults": [{"kind": "error", "status": 1000}]}, "faults[0].status: must be a whole"),
        (
            {"faults": [{"kind": "redirect", "location": "x\r\ny"}]},
            "faults[0].location: must be pri",
        ),
        (
            {"faults": [{"kind": "contentType", "contentType": "ä"}]},
            "faults[0].contentType: must be",
        ),
        (
            {"faults": [{"kind": "latency", "seconds": float("inf")}]},
            "faults[0].seconds: must be a",
        ),
        (
            {"clusters": [{"name": "a", "clusterId": "i"}, {"name": "b", "clusterId": "i"}]},
            "clusters[1].clusterId: another cluster has this id",
        ),
        ({"clusters": [{"name": ""}]}, "clusters[0].name: must be text that is not empty"),
        ({"clusters": [{"name": "a", "port": 70_000}]}, "clusters[0].port: must be a whole number"),
        (
            {"clusters": [{"name": "a", "topics": [{"name": "t", "partitions": 10**9}]}]},
            "clusters[0].topics[0].partitions: must be a whole number from 1 to 100000",
        ),
        (
            {"clusters": [{"name": "a", "topics": [{"name": "t", "produceRate": float("nan")}]}]},
            "clusters[0].topics[0].produceRate: must be a number",
        ),
        (
            {"clusters": [{"name": "a", "groups": [{"name": "g"}, {"name": "g"}]}]},
            "clusters[0].groups[1]: a group named 'g' is already there",
        ),
        (
            {"clusters": [{"name": "a", "groups": [{"name": ""}]}]},
            "clusters[0].groups[0].name: must",
        ),
        (
            {
                "clusters": [
                    {"name": "a", "links": [{"name": "l", "remote": "b", "linkId": "abc"}]},
                    {"name": "b"},
                ]
            },
            "clusters[0].links[0].linkId: must be a UUID",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place(change: dict[str, Any], complaint: str) -> None:
    """Each mistake has one complaint that begins with where it is."""
    with pytest.raises(ScenarioError) as caught:
        World.from_scenario({"clusters": [], **change}, SteppedClock())
    assert any(problem.startswith(complaint) for problem in caught.value.problems), (
        caught.value.problems
    )


def test_all_mistakes_come_at_once() -> None:
    """Nobody has to fix one to hear of the next."""
    with pytest.raises(ScenarioError) as caught:
        World.from_scenario({"seed": "x", "clusters": [{"port": -1}], "fautls": []}, SteppedClock())
    assert len(caught.value.problems) == 4


def problems(scenario: object) -> list[str]:
    """What is wrong with a scenario; nothing when it is right."""
    assert isinstance(scenario, dict)
    try:
        World.from_scenario(scenario, SteppedClock())
    except ScenarioError as error:
        return error.problems
    return []


def cluster(**fields: Any) -> dict[str, Any]:
    return {"clusters": [{"name": "a", **fields}]}


def topic(**fields: Any) -> dict[str, Any]:
    return cluster(topics=[{"name": "t", **fields}])


def mirror(**fields: Any) -> dict[str, Any]:
    links = [{"name": "l", "remote": "a", "mirrors": [{"source": "t", **fields}]}]
    both = [{"name": "a", "topics": [{"name": "t"}]}, {"name": "b", "links": links}]
    return {"clusters": both}


def fault(**fields: Any) -> dict[str, Any]:
    return {"clusters": [{"name": "a"}], "faults": [fields]}


@pytest.mark.parametrize(
    ("scenario", "complaint"),
    [
        ({"clusters": None}, "clusters: must be a list, not nothing"),
        (fault(status=500), "faults[0]: 'kind' is missing"),
        (fault(kind="replace", new="x"), "faults[0]: 'old' is missing"),
        (fault(kind="redirect", location=""), "faults[0].location: must say where to"),
        (fault(kind="latency", seconds=2, secondsTo=1), "faults[0].secondsTo: must not be less"),
        (fault(kind="reset", method="PSOT"), "faults[0].method: matches none of"),
        (fault(kind="reset", path="/links"), "faults[0].path: is what comes below"),
        (topic(configs={"retention.ms": "abc"}), "clusters[0].topics[0].configs.retention.ms: "),
        (topic(configs={"retenton.ms": 1}), "clusters[0].topics[0].configs.retenton.ms: Unknown"),
        (topic(configs={"cleanup.policy": ["compact"]}), "clusters[0].topics[0].configs.cleanup"),
        (topic(configs={"retention.ms": None}), "clusters[0].topics[0].configs.retention.ms: must"),
        (topic(configs=None), "clusters[0].topics[0].configs: must be a mapping, not nothing"),
        (topic(records=10**26), "clusters[0].topics[0].records: must be a whole number"),
        (topic(records=None), "clusters[0].topics[0].records: must be a whole number"),
        (topic(partitions=100_001), "clusters[0].topics[0].partitions: must be a whole number"),
        (
            cluster(flavour="cloud", topics=[{"name": "t", "replicationFactor": 1}]),
            "clusters[0].topics[0].replicationFactor: Topic replication factor must be 3",
        ),
        (
            mirror(configs={"min.insync.replicas": "x"}),
            "clusters[1].links[0].mirrors[0].configs.min.insync.replicas: Invalid value",
        ),
        (cluster(tls={"key": "k.pem"}), "clusters[0].tls: 'certificate' is missing"),
        (cluster(tls={"certificate": "c.pem"}), "clusters[0].tls: 'key' is missing"),
        (cluster(auth={"bearer": ""}), "clusters[0].auth.bearer: must be text that is not empty"),
        (
            cluster(auth={"basic": {"username": "u", "password": "p"}, "bearer": "t"}),
            "clusters[0].auth: must have either 'basic' or 'bearer'",
        ),
        (
            {"clusters": [{"name": "a", "port": 8090}, {"name": "b", "port": 8090}]},
            "clusters[1].port: 8090 is that of cluster 'a' already",
        ),
        (
            {
                "clusters": [
                    {"name": "a", "bootstrapServers": "x:1"},
                    {"name": "b", "bootstrapServers": "y:1, X:1"},
                ]
            },
            "clusters[1].bootstrapServers: x:1 is that of cluster 'a' already",
        ),
        (
            {"clusters": [{"name": "b"}, {"name": "a", "bootstrapServers": "b:9092"}]},
            "clusters[1].bootstrapServers: b:9092 is that of cluster 'b' already",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(scenario: dict[str, Any], complaint: str) -> None:
    """Nothing is read as something else than it says; the one complaint stands at the very place."""
    [problem] = problems(scenario)
    assert problem.startswith(complaint)


def test_what_is_no_mistake_is_taken() -> None:
    """Port 0 is nobody's, a method may be a pattern, and what is empty says nothing."""
    assert problems({"clusters": [{"name": "a", "port": 0}, {"name": "b", "port": 0}]}) == []
    assert problems(fault(kind="reset", method="P*", cluster="a")) == []
    assert problems(cluster(auth={}, topics=[], tls={"certificate": "c", "key": "k"})) == []


def test_a_chain_may_be_written_in_any_order() -> None:
    """Mirrors are made after what they mirror, wherever they stand; what cannot begin is told as ever."""
    chain = [
        {"name": "c", "links": [{"name": "l", "remote": "b", "mirrors": [{"source": "t"}]}]},
        {"name": "b", "links": [{"name": "l", "remote": "a", "mirrors": [{"source": "t"}]}]},
        {"name": "a", "topics": [{"name": "t", "records": 10}]},
    ]
    world = World.from_scenario({"clusters": chain}, SteppedClock())
    assert world.clusters["c"].end_offsets("t") == [10]
    circle = [
        {"name": "a", "links": [{"name": "l", "remote": "b", "mirrors": [{"source": "t"}]}]},
        {"name": "b", "links": [{"name": "m", "remote": "a", "mirrors": [{"source": "t"}]}]},
    ]
    assert len(problems({"clusters": circle})) == 2
