"""What `export` makes of live links: one entry for what belongs together, and a word on all that it leaves out."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from reconciler.model.clusters import BasicAuth, BearerAuth, Cluster, OAuth, RestEndpoint, Tls
from reconciler.model.desired import DesiredState
from reconciler.model.errors import InputError, LinkctlError
from reconciler.model.links import Topology
from reconciler.model.observed import ObservedMirror, ObservedState, ObservedTopic
from reconciler.model.secrets import Reference, ReferenceKind, Template
from reconciler.workflows.export import Exported, ExportOptions, export
from tests.export.live import config, files, link, loaded, mirror, world

DIAL_A = {"bootstrap.servers": "a:9092"}
DIAL_B = {"bootstrap.servers": "b:9092"}
TWO_WAY = {"link.mode": "BIDIRECTIONAL"}


def run(observed: ObservedState, desired: DesiredState | None = None) -> Exported:
    return export(desired or files(), observed, ExportOptions())


def left_out(exported: Exported) -> list[str]:
    return [str(d.address) for d in exported.diagnostics if d.code == "export-left-out"]


def comments(exported: Exported) -> list[str]:
    whole = re.sub(r"\n *#   ", " ", exported.text)
    lines = (line.strip() for line in whole.splitlines())
    return [line.removeprefix("# Left out: ") for line in lines if line.startswith("# Left")]


def test_an_export_reads_as_a_person_would_write_it() -> None:
    """One text in full: order, quotes, short forms, comments."""
    live = link(
        "b", "orders", "A",
        {
            **DIAL_A, "cluster.link.prefix": "a.", "consumer.offset.sync.enable": "true",
            "consumer.offset.sync.ms": "5000", "consumer.offset.group.filters":
            '{"groupFilters":[{"name":"x","patternType":"literal"},{"name":"*","patternType":"LITERAL","filterType":"exclude"}]}',
            "sasl.jaas.config": "", "security.protocol": "sasl_ssl", "mirror.start.offset.spec": "2026-01-01T00:00:00",
        },
    )  # fmt: skip
    mirrors = (
        mirror(live, "t"),
        mirror(live, "012", "PAUSED"),
        mirror(live, "old", "STOPPED"),
        mirror(live, "far", "SOURCE_UNAVAILABLE"),
        mirror(live, "ill", "FAILED"),
    )
    exported = run(world(live, mirrors=mirrors))
    assert exported.text == (
        "# yaml-language-server: $schema=./schema/links.schema.json\n"
        "# (for editors; to have that file: mkdir -p schema && linkctl schema links > schema/links.schema.json)\n"
        "#\n"
        "# Exported from live clusters: a plan of this file is empty until somebody\n"
        "# changes one or the other.\n"
        "version: 1\n"
        "\n"
        "clusters:\n"
        "  a:\n"
        "    bootstrapServers: a:9092\n"
        "    restEndpoint: http://a:8090/kafka/v3\n"
        "  b:\n"
        "    restEndpoint: http://b:8090/kafka/v3\n"
        "\n"
        "links:\n"
        "  # Left out: b/orders/a.ill: mirror topic, FAILED: no state leaves it as it is;\n"
        "  #   decide what becomes of it and add it\n"
        "  - name: orders\n"
        "    source: a\n"
        "    destination: b\n"
        "    prefix: a.\n"
        "    configs:\n"
        "      consumer.offset.sync.enable: true\n"
        "      consumer.offset.sync.ms: 5000\n"
        '      mirror.start.offset.spec: "2026-01-01T00:00:00"\n'
        "    credentials:\n"
        '      sasl.jaas.config: "${env:B_ORDERS_SASL_JAAS_CONFIG}"\n'
        "      security.protocol: SASL_SSL\n"
        "    groupFilters:\n"
        '      - {name: "*", patternType: LITERAL, filterType: EXCLUDE}\n'
        "      - {name: x, patternType: LITERAL, filterType: INCLUDE}\n"
        "    mirrorTopics:\n"
        '      - {name: "012", state: paused}\n'
        "      - far  # SOURCE_UNAVAILABLE when this was exported\n"
        "      - {name: old, state: released}\n"
        "      - t\n"
    )
    assert [(d.code, str(d.address)) for d in exported.diagnostics] == [
        ("export-left-out", "b/orders/a.ill"),
        ("export-secret", "b/orders"),
    ]


@pytest.mark.parametrize("status", ["PENDING_STOPPED", "PENDING_SYNCHRONIZE", "NEW_WORD", None])
def test_what_has_not_settled_is_left_out(status: str | None) -> None:
    """No state would leave such a mirror topic alone, and that is said in the file and on stderr."""
    live = link("b", "l", "A", DIAL_A)
    exported = run(world(live, mirrors=(mirror(live, "t", status),)))
    assert left_out(exported) == ["b/l/t"]
    assert comments(exported)[0].startswith("b/l/t: mirror topic, ")
    assert loaded(exported.text).links[0].mirrors == ()


@pytest.mark.parametrize(("status", "state"), [("LINK_PAUSED", "active"), ("PAUSED", "paused")])
def test_a_paused_link_keeps_its_mirror_topics(status: str, state: str) -> None:
    """The link is paused, and each mirror topic is what it will be when the link runs again."""
    live = link("b", "l", "A", {**DIAL_A, "cluster.link.paused": "true"})
    (entry,) = loaded(run(world(live, mirrors=(mirror(live, "t", status),))).text).links
    assert (entry.goal, entry.mirrors[0].goal) == ("paused", state)


def test_only_what_somebody_has_set_is_written() -> None:
    """No defaults, nothing read-only, nothing empty; without a flag the documented default decides."""
    live = link(
        "b", "l", "A", DIAL_A,
        config("acl.sync.ms", "6000", is_default=True),
        config("metadata.max.age.ms", "1", read_only=True),
        config("client.dns.lookup", ""),
        config("topic.config.sync.ms", "5000", is_default=None),
        config("consumer.offset.sync.ms", "5000", is_default=None),
        config("new.in.next.version", "7", is_default=None),
        config("newer.still", "${x}"),
        config("ssl.protocol", "TLSv1.3", is_default=True),
        config("sasl.jaas.config", None, is_default=True),
        config("link.prefix", "x"),
    )  # fmt: skip
    (half,) = loaded(run(world(live)).text).links[0].halves
    assert half.configs == {"consumer.offset.sync.ms": "5000", "newer.still": "${x}"}
    assert half.credentials == {}


def test_filters_come_with_their_switches() -> None:
    """A filter whose switch is off, or a switch whose filter is empty, has no form in links.yaml; nor have new words."""
    row = '{"topicFilters":[{"name":"t","patternType":"%s"}]}'
    live = link("b", "l", "A", {**DIAL_A, "acl.sync.enable": "true", "consumer.offset.sync.enable": "false", "acl.filters":
        '{"aclFilters":[{"resourceFilter":{"resourceType":"galaxy","patternType":"any"},"accessFilter":{"operation":"any","permissionType":"any"}}]}',
        "auto.create.mirror.topics.enable": "true", "auto.create.mirror.topics.filters": row % "REGEX",
        "consumer.offset.group.filters": '{"groupFilters":[{"name":"g","patternType":"LITERAL"}]}'})  # fmt: skip
    exported = run(world(live))
    (half,) = loaded(exported.text).links[0].halves
    assert half.filters == {}
    assert half.configs == {"consumer.offset.sync.enable": "false"}
    assert [line.split(": ")[1] for line in comments(exported)] == [
        "the acl filter",
        "the group filter",
        "the topic filter",
    ]


def test_secrets_in_strange_places_are_left_out() -> None:
    """A config that looks secret and is none that we know is neither shown nor written."""
    live = link("b", "l", "A", {**DIAL_A, "my.password": "m4rk3r", "local.sasl.jaas.config": ""})
    exported = run(world(live))
    assert "m4rk3r" not in repr(exported)
    assert left_out(exported) == ["b/l", "b/l"]


def test_variables_have_names_of_their_own() -> None:
    """Links whose names differ in signs only do not share a variable."""
    secret = {"sasl.jaas.config": ""}
    links = [link("b", name, "A", {**DIAL_A, **secret}) for name in ("x-y", "x.y", "1")]
    exported = run(world(*links))
    names = [d.message.split()[0] for d in exported.diagnostics]
    assert names == ["B_1_SASL_JAAS_CONFIG", "B_X_Y_SASL_JAAS_CONFIG", "B_X_Y_SASL_JAAS_CONFIG_2"]


def test_both_halves_of_a_source_initiated_link_are_one_entry() -> None:
    """Features come from the half that hosts, the connection from the half that dials."""
    inbound = link(
        "b",
        "l",
        "A",
        {"connection.mode": "INBOUND", "cluster.link.prefix": "p", "acl.sync.ms": "5001"},
    )
    outbound = link("a", "l", "B", {**DIAL_B, "link.mode": "SOURCE", "sasl.jaas.config": "", "local.sasl.jaas.config": "",
        "local.listener.name": "X", "acl.sync.ms": "5002"})  # fmt: skip
    exported = run(world(inbound, outbound))
    (entry,) = loaded(exported.text).links
    hosting, dialling = entry.halves
    assert (entry.topology, hosting.prefix) == (Topology.SOURCE, "p")
    assert hosting.configs == {"acl.sync.ms": "5001"}
    assert dialling.configs == {"local.listener.name": "X"}
    assert sorted(dialling.credentials) == ["local.sasl.jaas.config", "sasl.jaas.config"]
    assert comments(exported) == [
        "a/l: config acl.sync.ms: it has no effect on this half of a pair"
    ]


def test_both_sides_of_a_bidirectional_link_are_one_entry() -> None:
    """Each side has its own keys, and each mirror topic says where it comes from."""
    here = link("a", "l", "B", {**TWO_WAY, **DIAL_B, "cluster.link.prefix": "b."})
    there = link("b", "l", "A", {**TWO_WAY, "connection.mode": "INBOUND", "acl.sync.ms": "5009"})
    exported = run(world(here, there, mirrors=(mirror(here, "t"), mirror(there, "t"))))
    (entry,) = loaded(exported.text).links
    assert [(h.address.cluster, h.connection_mode, h.prefix, dict(h.configs)) for h in entry.halves] == [
        ("b", "INBOUND", "", {"acl.sync.ms": "5009"}),
        ("a", "OUTBOUND", "b.", {}),
    ]  # fmt: skip
    assert [str(m.address) for m in entry.mirrors] == ["a/l/b.t", "b/l/t"]


@pytest.mark.parametrize(
    ("links", "reason"),
    [
        ([link("b", "l", "A", {"connection.mode": "INBOUND"})], "b/l: the link: its other half is not on a, or"),
        ([link("b", "l", "Z", {"connection.mode": "INBOUND"})], "b/l: the link: its other half is on Z, which has no REST"),
        ([link("b", "l", None, {"connection.mode": "INBOUND"})], "b/l: the link: its other half is on none of"),
        ([link("a", "l", "B", {**DIAL_B, "link.mode": "SOURCE"})], "a/l: the link: its other half is not on b"),
        ([link("a", "l", "B", {**DIAL_B, "link.mode": "RING"})], "a/l: the link: its mode is not one"),
        ([link("a", "l", "B", {**TWO_WAY, **DIAL_B}), link("b", "l", "A", {**TWO_WAY, **DIAL_A}, link_id="M")],
         "a/l: the link: its other half is not on b, or does not belong to it"),
        ([link("a", "l", "B", {**TWO_WAY, **DIAL_B, "cluster.link.paused": "true"}),
          link("b", "l", "A", {**TWO_WAY, **DIAL_A, "cluster.link.paused": "false"})], "a/l: the link: one half is paused"),
    ],
)  # fmt: skip
def test_a_link_without_its_other_half_is_left_out(links: list[object], reason: str) -> None:
    """Half a pair has no entry that plans nothing; it is said which half is missing and where."""
    exported = run(world(*links))  # type: ignore[arg-type]
    assert comments(exported)[0].startswith(reason)
    assert loaded(exported.text).links == ()
    assert left_out(exported)


def test_a_cluster_that_no_file_names_gets_its_id_as_a_name() -> None:
    """Its address is what the links dial; a link that dials other listeners says so itself."""
    links = [
        link("b", "l1", "lkc-9", {"bootstrap.servers": "x:1"}),
        link("b", "l2", "lkc-9", {"bootstrap.servers": "y:2, x:1"}),
        link("b", "l3", "lkc-9", {"bootstrap.servers": "x:1"}),
    ]
    desired = loaded(run(world(*links)).text)
    added = desired.clusters["lkc-9"]
    assert (added.cluster_id, added.bootstrap_servers, added.rest) == ("lkc-9", "x:1", None)
    assert [entry.halves[0].bootstrap_servers for entry in desired.links] == [
        "x:1",
        "x:1,y:2",
        "x:1",
    ]


def test_a_source_without_rest_is_known_by_its_address() -> None:
    """Whether or not the server shows the id of the other side, the name in the file is used."""
    plain = Cluster("msk", bootstrap_servers="m1:9096,m2:9096")
    for remote_id in ("Z", None):
        links = [
            link("b", "l1", remote_id, {"bootstrap.servers": "m2:9096"}),
            link("b", "l2", remote_id, {"bootstrap.servers": "m1:9096,m2:9096"}),
        ]
        desired = loaded(run(world(*links), files(plain)).text)
        assert sorted(desired.clusters) == ["a", "b", "msk"]
        assert {entry.halves[0].remote for entry in desired.links} == {"msk"}


@pytest.mark.parametrize(
    ("url", "given", "written"),
    [
        ("https://pkc-1.eu.aws.confluent.cloud:443/kafka/v3", None, "B"),
        ("https://pkc-1.eu.aws.confluent.cloud:443/kafka/v3", "B", "B"),
        ("http://b:8090/kafka/v3", None, None),
        ("http://b:8090/kafka/v3", "B", "B"),
    ],
)
def test_an_id_is_written_where_it_is_given_or_needed(
    url: str, given: str | None, written: str | None
) -> None:
    """The file of a cluster on Confluent Cloud is not right without; elsewhere the given file decides."""
    desired = files(Cluster("b", rest=RestEndpoint(url), cluster_id=given))
    exported = run(world(link("b", "l", "A", DIAL_A)), desired)
    assert loaded(exported.text).clusters["b"].cluster_id == written


def test_an_address_is_the_same_with_a_protocol_before_it() -> None:
    """As consoles print it, and as Kafka's clients read it: no id is needed, and no link repeats it."""
    console = Cluster("cloud", bootstrap_servers="SASL_SSL://PKC-1.x:9092")
    live = link("b", "l", None, {"bootstrap.servers": "pkc-1.x:9092"})
    desired = loaded(run(world(live), files(console)).text)
    assert desired.clusters["cloud"].bootstrap_servers == "SASL_SSL://PKC-1.x:9092"
    (half,) = desired.links[0].halves
    assert (half.remote, half.bootstrap_servers) == ("cloud", "SASL_SSL://PKC-1.x:9092")


def test_what_most_links_dial_is_counted_by_address() -> None:
    """However each of them writes it; of the spellings the usual one is taken, as it is."""
    dialled = ("x:1", "PLAINTEXT://y:2", "Y:2", "Y:2", "x:1")
    links = [link("b", f"l{n}", "Z", {"bootstrap.servers": text}) for n, text in enumerate(dialled)]
    desired = loaded(run(world(*links)).text)
    assert desired.clusters["Z"].bootstrap_servers == "Y:2"
    assert [entry.halves[0].bootstrap_servers for entry in desired.links] == [
        "x:1",
        "Y:2",
        "Y:2",
        "Y:2",
        "x:1",
    ]


def test_an_address_never_beats_an_id() -> None:
    """A cluster that is known to be another one is not taken for the source because it has the same address."""
    live = link("b", "l", "Z", {"bootstrap.servers": "m:9096"})
    other = Cluster("msk", bootstrap_servers="m:9096", cluster_id="M")
    assert loaded(run(world(live), files(other)).text).links[0].halves[0].remote == "Z"


def test_clusters_of_the_files_stay_as_they_are() -> None:
    """Endpoints, ids, credentials as references, certificates, and what is protected."""

    def env(name: str) -> Template:
        return Template((Reference(ReferenceKind.ENV, name),))

    tls = Tls("ca.pem", "c.pem", "k.pem", env("KEY"), insecure=True)
    oauth = OAuth("https://idp/token", env("ID"), env("SECRET"), "kafka", (("X-Pool", "p"),))
    desired = DesiredState(
        {
            "a": Cluster(
                "a", "a:9092", RestEndpoint("https://a/v3", BasicAuth(env("U"), env("P")))
            ),
            "b": Cluster("b", None, RestEndpoint("https://b/v3", BearerAuth(env("T")), tls), "B"),
            "c": Cluster("c", None, RestEndpoint("https://c/v3", oauth)),
        },
        protect=("pay*", "1"),
    )
    again = loaded(run(world(link("b", "l", "A", DIAL_A)), desired).text)
    bare = {name: replace(cluster, position=None) for name, cluster in again.clusters.items()}
    assert bare == desired.clusters
    assert again.protect == ("1", "pay*")


def test_links_that_dial_one_unknown_address_lead_to_one_cluster() -> None:
    """A server that does not show ids leaves only the address to go by, and it is the same."""
    first = link("b", "l", None, {"bootstrap.servers": "m:9092,n:9092"})
    second = link("b", "m", None, {"bootstrap.servers": "n:9092"}, link_id="M")
    third = link("b", "o", None, {"bootstrap.servers": "o:9092"}, link_id="O")
    state = loaded(run(world(first, second, third)).text)
    assert [entry.halves[0].remote for entry in state.links] == ["l-remote", "l-remote", "o-remote"]


def test_a_link_without_an_id_is_matched_by_what_others_dial() -> None:
    """Where one link shows whom it reaches at an address, so does another one that dials there."""
    telling = link("b", "z", "A", {"bootstrap.servers": "m:9092"})
    silent = link("b", "l", None, {"bootstrap.servers": "m:9092"}, link_id="M")
    state = loaded(run(world(telling, silent)).text)
    assert [entry.halves[0].remote for entry in state.links] == ["a", "a"]


def test_one_cluster_under_two_names_is_refused() -> None:
    """Each of its links would be there twice."""
    observed = world()
    twin = replace(observed.clusters["b"], cluster_id="A")
    with pytest.raises(InputError) as caught:
        run(ObservedState({**observed.clusters, "b": twin}))
    assert [d.code for d in caught.value.diagnostics] == ["export-same-cluster"]


def test_configs_of_mirror_topics() -> None:
    """What was set on the mirror topic itself, not what follows the source; replication factors only when asked."""
    live = link(
        "b", "l", "A", {**DIAL_A, "topic.config.sync.include": "retention.ms, cleanup.policy"}
    )
    topics = {
        "t": {
            row.name: row
            for row in (
                config("cleanup.policy", "compact"),
                config("retention.ms", "1"),
                config("segment.ms", "2"),
                config("min.insync.replicas", "2", is_default=True),
                config("confluent.tier.enable", "true"),
                config("confluent.placement.constraints", ""),
            )
        },
        "old": {"segment.ms": config("segment.ms", "3")},
    }
    observed = world(link("b", "l", "A", {**DIAL_A, "topic.config.sync.include":
        "retention.ms,cleanup.policy,max.message.bytes,message.timestamp.type,message.timestamp.difference.max.ms"}),
        mirrors=(mirror(live, "t"), mirror(live, "old", "STOPPED")))  # fmt: skip
    there = replace(
        observed.clusters["b"], topic_configs=topics, topics={"t": ObservedTopic("t", 1, 3)}
    )
    observed = ObservedState({**observed.clusters, "b": there})
    old, new = loaded(run(observed).text).links[0].mirrors
    assert (dict(new.configs), new.replication_factor) == (
        {"confluent.tier.enable": "true", "segment.ms": "2"},
        None,
    )
    assert old.configs == {}
    asked = export(files(), observed, ExportOptions(with_replication=True))
    assert [m.replication_factor for m in loaded(asked.text).links[0].mirrors] == [None, 3]


def test_configs_of_mirror_topics_of_a_server_that_lists_less() -> None:
    """Without the list of what follows the source, everything that may follow it is left to the server."""
    live = link("b", "l", "A", DIAL_A)
    rows = (config("segment.ms", "2"), config("confluent.tier.enable", "true"))
    observed = world(live, mirrors=(mirror(live, "t"),))
    there = replace(observed.clusters["b"], topic_configs={"t": {row.name: row for row in rows}})
    (found,) = loaded(run(ObservedState({**observed.clusters, "b": there})).text).links[0].mirrors
    assert found.configs == {"confluent.tier.enable": "true"}
    unasked = replace(there, topic_configs=None)
    text = run(ObservedState({**observed.clusters, "b": unasked})).text
    assert loaded(text).links[0].mirrors[0].configs == {}


def test_unknown_properties_of_filter_rows_are_kept() -> None:
    """Lists and numbers in them too."""
    rows = '{"groupFilters":[{"name":"g","patternType":"LITERAL","shard":[1,"x"]}]}'
    live = link("b", "l", "A", {**DIAL_A, "consumer.offset.sync.enable": "true", "consumer.offset.group.filters": rows})  # fmt: skip
    assert "filterType: INCLUDE, shard: [1, x]}" in run(world(live)).text


def test_only_links_that_are_asked_for() -> None:
    """Globs on link names; a name that nothing has is an error with the names that there are."""
    observed = world(*(link("b", name, "A", DIAL_A) for name in ("east", "west", "test")))
    exported = export(files(), observed, ExportOptions(("*est",)))
    assert [entry.name for entry in loaded(exported.text).links] == ["test", "west"]
    with pytest.raises(InputError) as caught:
        export(files(), observed, ExportOptions(("nort*",)))
    assert "east, test, west" in caught.value.diagnostics[0].cure


@pytest.mark.parametrize("folder", [".", "conf"])
def test_paths_count_from_another_file_now(folder: str) -> None:
    """Relative ones are noted; what a reference gives is warned of when the given file stands in another folder."""
    behind = Template((Reference(ReferenceKind.ENV, "CA"),))
    below = Template(("/etc/", Reference(ReferenceKind.ENV, "CERT")))
    token = Template((Reference(ReferenceKind.FILE, "conf/token"),))
    tls = Tls(behind, below, "conf/key.pem", folder=folder)
    rest = RestEndpoint("https://b:8090/kafka/v3", BearerAuth(token), tls)
    exported = run(world(), files(Cluster("b", rest=rest)))
    found = [(d.severity, d.subject, d.message) for d in exported.diagnostics]
    assert found[:1] == [
        ("note", "export", "relative paths in the file count from the current folder: conf/key.pem, conf/token"),
    ]  # fmt: skip
    warned = [message for severity, subject, message in found[1:] if subject == "b"]
    assert len(warned) == len(found) - 1
    assert [m.partition(",")[0] for m in warned] == (
        [] if folder == "." else ["a relative path in ${env:CA} counted from conf"]
    )


def test_absolute_paths_need_no_note() -> None:
    """They are right wherever the file is put."""
    rest = RestEndpoint("https://b:8090/kafka/v3", tls=Tls("/etc/ca.pem", folder="conf"))
    assert run(world(), files(Cluster("b", rest=rest))).diagnostics == ()


def test_what_links_yaml_cannot_say_is_not_exported() -> None:
    """A text whose plan would change something is never handed out, whatever we have not thought of."""
    with pytest.raises(LinkctlError) as caught:
        run(world(link("b", "l", "A", {"bootstrap.servers": "no-port"})))
    assert [d.code for d in caught.value.diagnostics] == ["export-not-faithful", "bad-form"]
    twins = world(live := link("b", "m", "A", DIAL_A))
    rows = {
        name: ObservedMirror(live.address.mirror(name), "t", "ACTIVE" if name == "t" else "PAUSED")
        for name in ("t", "u")
    }
    observed = ObservedState({**twins.clusters, "b": replace(twins.clusters["b"], mirrors=rows)})
    with pytest.raises(LinkctlError) as caught:
        run(observed)
    assert caught.value.diagnostics[0].code == "export-not-faithful"


def test_nothing_live_is_an_empty_list() -> None:
    """No links, no comments, and still a valid file."""
    exported = run(world())
    assert exported.text.endswith("\nlinks: []\n")
    assert loaded(exported.text).links == ()
