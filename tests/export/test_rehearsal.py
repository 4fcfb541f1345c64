"""What `sandbox scenario` makes of live clusters that the sandbox would not show."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import yaml

from reconciler.model.clusters import Cluster, RestEndpoint
from reconciler.model.desired import DesiredState
from reconciler.model.observed import (
    ObservedCluster,
    ObservedGroup,
    ObservedLink,
    ObservedState,
    ObservedTopic,
)
from reconciler.sandbox import SteppedClock, World
from reconciler.workflows.rehearsal import write_scenario
from tests.export.live import config, link, mirror

DIAL = {"bootstrap.servers": "a:9092"}


def copied(live: ObservedCluster, *, id_given: bool = True) -> dict[str, Any]:
    """The cluster `b` as the scenario has it, which the sandbox takes."""
    declared = Cluster(
        "b", rest=RestEndpoint("https://b/kafka/v3"), cluster_id="lkc-b" if id_given else None
    )
    observed = ObservedState({"b": replace(live, cluster_id="lkc-b")})
    text = write_scenario(DesiredState({"b": declared}), observed)
    scenario = yaml.safe_load(text)
    assert World.from_scenario(scenario, SteppedClock()).clusters["b"].cluster_id == "lkc-b"
    found: dict[str, Any]
    (found,) = (cluster for cluster in scenario["clusters"] if cluster["name"] == "b")
    return found


def links(found: ObservedLink, state: str | None = "ACTIVE") -> dict[str, ObservedLink]:
    return {"l": replace(found, state=state, link_id="A" * 22)}


def topics(*factors: int | None) -> dict[str, ObservedTopic]:
    return {f"t{n}": ObservedTopic(f"t{n}", 1, factor) for n, factor in enumerate(factors)}


@pytest.mark.parametrize(
    ("live", "id_given", "flavour"),
    [
        (ObservedCluster("b"), True, "cloud"),
        (ObservedCluster("b", topics=topics(3, None)), True, "cloud"),
        (ObservedCluster("b", topics=topics(3, 1)), True, "platform"),
        (ObservedCluster("b"), False, "platform"),
        (ObservedCluster("b", links=links(link("b", "l", "A", DIAL))), True, "cloud"),
        (ObservedCluster("b", links=links(link("b", "l", "A", DIAL, config("replica.fetch.min.bytes", "7")))), True, "platform"),
        (ObservedCluster("b", links=links(link("b", "l", "A", DIAL), None)), True, "platform-7.5"),
    ],
)  # fmt: skip
def test_the_kind_of_server_is_read_from_what_it_does(
    live: ObservedCluster, id_given: bool, flavour: str
) -> None:
    """An id that looks like Cloud's counts only while nothing else that was seen speaks against it."""
    assert copied(live, id_given=id_given)["flavour"] == flavour


def test_groups_have_as_many_members_as_they_had() -> None:
    """A group with three consumers is copied with three; one without is EMPTY."""
    groups = {name: ObservedGroup(name, "STABLE") for name in ("busy", "idle")}
    live = ObservedCluster("b", groups=groups, group_members={"busy": 3})
    found = {row["name"]: row["members"] for row in copied(live)["groups"]}
    assert found == {"busy": 3, "idle": 0}


def test_a_mirror_topic_keeps_its_replication_factor() -> None:
    """A file may say it, and it cannot be changed: another one on the copy would block the plan."""
    on = link("b", "l", "A", DIAL)
    live = ObservedCluster(
        "b",
        links=links(on),
        mirrors={"t0": mirror(on, "t0")},
        topics=topics(2),
    )
    (found,) = copied(live)["links"]
    assert found["mirrors"] == [{"source": "t0", "replicationFactor": 2}]


def test_a_secret_is_copied_as_being_set() -> None:
    """The sandbox looks at no secret; a plan only asks whether it is there. Open values are copied, as people write them."""
    configs = {
        **DIAL,
        "security.protocol": "SASL_SSL",
        "sasl.jaas.config": "m4rk3r",
        "acl.sync.ms": "7000",
    }
    (found,) = copied(ObservedCluster("b", links=links(link("b", "l", "A", configs))))["links"]
    assert found["configs"] == {
        "acl.sync.ms": 7000,
        "sasl.jaas.config": "hidden",
        "security.protocol": "SASL_SSL",
    }


def test_a_chain_is_copied_link_by_link() -> None:
    """A mirror topic that is mirrored itself stands in the copy once, as a mirror, wherever its cluster comes in the order."""
    dials = {"bootstrap.servers": "b:9092", "cluster.link.prefix": "p."}
    first = replace(
        link("b", "l", "C", {"bootstrap.servers": "c:9092"}), state="ACTIVE", link_id="A" * 22
    )
    second = replace(link("a", "l", "B", dials), state="ACTIVE", link_id="B" * 22)
    observed = ObservedState(
        {
            "a": ObservedCluster(
                "a", "A", links={"l": second}, mirrors={"p.t": mirror(second, "t")}
            ),
            "b": ObservedCluster(
                "b",
                "B",
                links={"l": first},
                mirrors={"t": mirror(first, "t")},
                topics={"t": ObservedTopic("t", 1, 1)},
            ),
            "c": ObservedCluster("c", "C", topics={"t": ObservedTopic("t", 1, 1)}),
        }
    )
    declared = {
        name: Cluster(name, rest=RestEndpoint(f"https://{name}/kafka/v3")) for name in "abc"
    }
    scenario = yaml.safe_load(write_scenario(DesiredState(declared), observed))
    found = {row["name"]: row.get("topics", []) for row in scenario["clusters"]}
    assert {name: [topic["name"] for topic in topics] for name, topics in found.items()} == {
        "a": [],
        "b": [],
        "c": ["t"],
    }
    world = World.from_scenario(scenario, SteppedClock())
    assert set(world.clusters["a"].mirrors) == {"p.t"}


def test_a_cluster_that_nobody_dials_keeps_out_of_the_way() -> None:
    """An address that by its name would be this cluster's may be another's; the sandbox has one cluster behind each."""
    declared = {
        "b": Cluster("b", rest=RestEndpoint("https://b/kafka/v3")),
        "a": Cluster("a", cluster_id="on-a"),
    }
    found = link("b", "l", "another", DIAL)
    observed = ObservedState({"b": ObservedCluster("b", cluster_id="on-b", links=links(found))})
    scenario = yaml.safe_load(write_scenario(DesiredState(declared), observed))
    addresses = {row["name"]: row.get("bootstrapServers") for row in scenario["clusters"]}
    assert addresses == {"a": "a.not-dialled:9092", "another": "a:9092", "b": None}
    assert World.from_scenario(scenario, SteppedClock()).clusters.keys() == addresses.keys()
