"""The state machine: every status a mirror can read, every verb, and what becomes of it.

`E` marks what the reference has evidence for (sections 3.4, 4.1 and 4.2), `C` what is a choice of the sandbox. An arrow
says which status the mirror reads at once; "no" that the item of the answer carries error 400.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reconciler.sandbox import SteppedClock, World
from tests.sandbox.conftest import Client

PENDING = "PENDING_STOPPED"
STARTING = "PENDING_SYNCHRONIZE"
RESTORING = "PENDING_SETUP_FOR_RESTORE"
VERBS = (
    "pause",
    "resume",
    "promote",
    "failover",
    "reverse-and-start-mirror",
    "reverse-and-pause-mirror",
    "truncate-and-restore",
)

# fmt: off
TABLE = {
    #                         pause          resume         promote       failover      reverse-*       restore
    "ACTIVE":               ("E PAUSED",    "E no",        f"E {PENDING}", f"E {PENDING}", f"E {STARTING}", "C no"),
    "PAUSED":               ("C no",        "E ACTIVE",    f"E {PENDING}", f"E {PENDING}", "E no",         "C no"),
    "SOURCE_UNAVAILABLE":   ("C PAUSED",    "C no",        "C no",        f"E {PENDING}", "C no",         "C no"),
    "LINK_PAUSED":          ("C PAUSED",    "C no",        "C no",        f"C {PENDING}", "C no",         "C no"),
    "LINK_FAILED":          ("C PAUSED",    "C no",        "C no",        f"C {PENDING}", "C no",         "C no"),
    "FAILED":               ("C no",        "E no",        "C no",        f"E {PENDING}", "C no",         "C no"),
    PENDING:                ("C no",        "C no",        "C no",        f"C {PENDING}", "C no",         "C no"),
    "STOPPED":              ("C no",        "C no",        "E no",        "E no",        "C no",         f"E {RESTORING}"),
    STARTING:               ("C no",        "C no",        "C no",        f"C {PENDING}", "C no",         "C no"),
    "PENDING_MIRROR":       ("C no",        "C no",        "C no",        "C no",        "C no",         "C no"),
    RESTORING:              ("C no",        "C no",        "C no",        "C no",        "C no",         "C no"),
    "PENDING_RESTORE":      ("C no",        "C no",        "C no",        "C no",        "C no",         "C no"),
}
# fmt: on


def two_halves() -> tuple[Client, Client]:
    """A bidirectional link; `here` mirrors the fed topic `t` of `there`; verbs take their time."""
    scenario = {
        "delays": {"stop": 1000, "restoreSetup": 1000, "restore": 1000, "firstFetch": 0},
        "clusters": [
            {"name": "there", "topics": [{"name": "t", "records": 9, "produceRate": 5}]},
            {"name": "here"},
        ],
    }
    world = World.from_scenario(scenario, SteppedClock())
    here, there = Client(world, "here"), Client(world, "there")
    for client, other in ((here, "there"), (there, "here")):
        configs = {"link.mode": "BIDIRECTIONAL", "bootstrap.servers": f"{other}:9092"}
        body = {"configs": [{"name": name, "value": value} for name, value in configs.items()]}
        assert client.post("links?link_name=l", body).status_code == 201
    here.advance(5)
    here.mirror("t", "l")
    here.advance(5)
    return here, there


def put(client: Client, name: str, value: str) -> None:
    client.call("PUT", f"links/l/configs/{name}", json={"value": value})


def _active() -> Client:
    return two_halves()[0]


def _paused() -> Client:
    client = _active()
    client.act("pause", "t", link="l")
    return client


def _source_unavailable() -> Client:
    client = _active()
    client.world.clusters["there"].set_up(up=False)
    return client


def _link_paused() -> Client:
    client = _active()
    put(client, "cluster.link.paused", "true")
    return client


def _link_failed() -> Client:
    """The far half of a source-initiated pair is gone."""
    scenario = {
        "delays": {"linkActive": 0},
        "clusters": [{"name": "there", "topics": [{"name": "t"}]}, {"name": "here"}],
    }
    world = World.from_scenario(scenario, SteppedClock())
    here, there = Client(world, "here"), Client(world, "there")
    inbound = [{"name": "connection.mode", "value": "INBOUND"}]
    source = [
        {"name": "link.mode", "value": "SOURCE"},
        {"name": "bootstrap.servers", "value": "here:9092"},
    ]
    source_id = world.clusters["there"].cluster_id
    here.post("links?link_name=l", {"source_cluster_id": source_id, "configs": inbound})
    there.post("links?link_name=l", {"configs": source})
    assert here.mirror("t", "l").status_code == 201
    there.call("DELETE", "links/l")
    here.advance(1)
    return here


def _failed() -> Client:
    client = _active()
    client.world.clusters["there"].world.settle()
    Client(client.world, "there").call("DELETE", "topics/t")
    client.advance(302)
    return client


def _pending_stopped() -> Client:
    client = _active()
    client.act("promote", "t", link="l")
    return client


def _stopped() -> Client:
    client = _active()
    client.act("failover", "t", link="l")
    client.advance(2)
    return client


def _synchronizing() -> Client:
    client = _active()
    client.act("reverse-and-start-mirror", "t", link="l")
    return client


def _pending_mirror() -> Client:
    here, there = two_halves()
    here.act("reverse-and-start-mirror", "t", link="l")
    return there


def _restoring() -> Client:
    client = _stopped()
    client.act("truncate-and-restore", "t", link="l")
    return client


def _second_phase() -> Client:
    client = _restoring()
    client.advance(1.5)
    return client


WORLDS: dict[str, Callable[[], Client]] = {
    "ACTIVE": _active,
    "PAUSED": _paused,
    "SOURCE_UNAVAILABLE": _source_unavailable,
    "LINK_PAUSED": _link_paused,
    "LINK_FAILED": _link_failed,
    "FAILED": _failed,
    PENDING: _pending_stopped,
    "STOPPED": _stopped,
    STARTING: _synchronizing,
    "PENDING_MIRROR": _pending_mirror,
    RESTORING: _restoring,
    "PENDING_RESTORE": _second_phase,
}


def expected(status: str, verb: str) -> str:
    """The cell of the table, without its mark; the two reverse verbs share a column."""
    columns = ("pause", "resume", "promote", "failover", "reverse", "truncate-and-restore")
    column = "reverse" if verb.startswith("reverse") else verb
    return TABLE[status][columns.index(column)][2:]


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("status", list(TABLE))
def test_cell(status: str, verb: str) -> None:
    """The verb is accepted or refused as the table says, and a refused verb changes nothing."""
    client = WORLDS[status]()
    assert client.status("t", "l") == status
    outcome = expected(status, verb)
    dry = client.act(verb, "t", link="l", query="?validate_only=true")[0]
    assert client.status("t", "l") == status
    item = client.act(verb, "t", link="l")[0]
    assert (item["error_code"] is None) is (outcome != "no")
    assert dry["error_code"] == item["error_code"]
    after = client.status("t", "l")
    if outcome == "no":
        assert (item["error_code"], after) == (400, status)
    elif outcome == "PAUSED" and status.startswith("LINK"):
        assert after == "PAUSED"
    else:
        assert after == outcome


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("going", ["topics/t", "links/l?force=true"])
def test_what_is_being_deleted_takes_no_verb(going: str, verb: str) -> None:
    """While the deletion of a mirror's topic or link runs, no verb that was legal a moment before is (choice)."""
    status = next(status for status in TABLE if expected(status, verb) != "no")
    client = WORLDS[status]()
    assert client.call("DELETE", going).status_code == 204
    item = client.act(verb, "t", link="l")[0]
    assert (item["error_code"], client.status("t", "l")) == (400, status)
    assert item["error_message"].endswith("is being deleted")


def test_a_swap_needs_a_source_that_stays() -> None:
    """Neither a swap nor a restore begins with a far topic whose deletion runs (choice)."""
    here, there = two_halves()
    there.call("DELETE", "topics/t")
    assert here.act("reverse-and-start-mirror", "t", link="l")[0]["error_code"] == 400
    here, there = two_halves()
    here.act("failover", "t", link="l")
    here.advance(2)
    there.call("DELETE", "topics/t")
    item = here.act("truncate-and-restore", "t", link="l")[0]
    assert item["error_message"] == "The remote topic 't' is being deleted"


def test_what_is_being_deleted_is_not_written_to() -> None:
    """Neither records, partitions nor configs; a link that goes takes no configs and no mirrors (choice)."""
    client = _stopped()
    client.call("DELETE", "topics/t")
    record = client.post("topics/t/records", {"value": {"type": "STRING", "data": "x"}})
    grown = client.call("PATCH", "topics/t", json={"partitions_count": 9})
    altered = client.call("PUT", "topics/t/configs/retention.ms", json={"value": "1"})
    assert [answer.json()["error_code"] for answer in (record, grown, altered)] == [40403] * 3
    client = _stopped()
    client.call("DELETE", "links/l")
    paused = client.call("PUT", "links/l/configs/cluster.link.paused", json={"value": "true"})
    assert (paused.status_code, client.mirror("t", "l").status_code) == (404, 400)


def test_a_link_that_is_being_deleted_makes_no_mirrors() -> None:
    """Auto-create looks at its source no more, however long the deletion takes."""
    topics = '{"topicFilters":[{"name":"*","patternType":"LITERAL","filterType":"INCLUDE"}]}'
    configs = {
        "auto.create.mirror.topics.enable": True,
        "auto.create.mirror.topics.filters": topics,
    }
    there = {"name": "there", "topics": [{"name": "t"}]}
    here = {"name": "here", "links": [{"name": "l", "remote": "there", "configs": configs}]}
    scenario = {"delays": {"linkGone": 900_000}, "clusters": [there, here]}
    client = Client(World.from_scenario(scenario, SteppedClock()), "here")
    client.call("DELETE", "links/l")
    client.advance(600)
    assert client.get("links/l")["topic_names"] == []


def test_the_table_has_every_status() -> None:
    """Nothing that the API can show is missing."""
    from reconciler.sandbox.world.mirrors import STATUSES

    assert set(TABLE) == set(STATUSES) == set(WORLDS)


def test_a_stopped_mirror_says_so_in_the_documented_words() -> None:
    """The one text for which there is a sample."""
    item = _stopped().act("promote", "t", link="l")[0]
    assert item["error_message"] == "Topic 't' has already stopped its mirror from 'l'"


def test_failover_is_the_way_out_of_a_stuck_promote() -> None:
    """A promote under a producer never ends; a failover of the same mirror does."""
    client = _pending_stopped()
    client.advance(600)
    assert client.status("t", "l") == PENDING
    client.act("failover", "t", link="l")
    client.advance(2)
    assert client.status("t", "l") == "STOPPED"


def test_a_failover_ends_a_swap_and_frees_the_far_side() -> None:
    """After it both topics are ordinary and writable."""
    here, there = two_halves()
    here.act("reverse-and-start-mirror", "t", link="l")
    here.act("failover", "t", link="l")
    here.advance(2)
    assert here.status("t", "l") == "STOPPED"
    assert there.call("GET", "links/l/mirrors/t").status_code == 404
    assert there.cluster.produce("t") >= 0


def test_unreachable_sources_recover_by_themselves() -> None:
    """SOURCE_UNAVAILABLE and LINK_PAUSED give way to ACTIVE when what caused them ends."""
    client = _source_unavailable()
    client.world.clusters["there"].set_up(up=True)
    assert client.status("t", "l") == "ACTIVE"
    client = _link_paused()
    put(client, "cluster.link.paused", "false")
    assert client.status("t", "l") == "ACTIVE"


def test_a_mirror_paused_on_its_own_stays_so_under_a_paused_link() -> None:
    """PAUSED is stored, LINK_PAUSED only laid over ACTIVE."""
    client = _paused()
    put(client, "cluster.link.paused", "true")
    assert client.status("t", "l") == "PAUSED"
    put(client, "cluster.link.paused", "false")
    assert client.status("t", "l") == "PAUSED"
