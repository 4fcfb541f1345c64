"""`convert`: one entry from the files of `kafka-cluster-links`, and everything that they leave open or get wrong."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from reconciler.cluster_linking import CATALOGUE
from reconciler.model.desired import DesiredState
from reconciler.model.diagnostics import Diagnostic
from reconciler.model.errors import InputError
from reconciler.model.filters import AclFilter, FilterKind, NameFilter
from reconciler.model.links import ConnectionMode, LinkGoal, LinkMode, Topology
from reconciler.spec import Source, load
from reconciler.workflows.convert import Converted, Files, Names, convert

BOOTSTRAP = "bootstrap.servers=ig-test1:9092\n"
ON = "consumer.offset.sync.enable=true\n"
TWO_WAY = "link.mode=BIDIRECTIONAL\n"
GROUPS = '{"groupFilters": [{"name": "g", "patternType": "LITERAL", "filterType": "INCLUDE"}]}'
NAMES = Names("test-link", "ig-test2")


def files(*properties: str, **filters: str) -> Files:
    return Files(
        tuple(Source(f"{n}.properties", text.encode()) for n, text in enumerate(properties, 1)),
        {
            FilterKind(kind): (Source(f"{kind}.json", text.encode()),)
            for kind, text in filters.items()
        },
    )


def two_sided(*properties: str, groups: tuple[str, ...] = ()) -> Files:
    named = tuple(Source(f"g{n}.json", text.encode()) for n, text in enumerate(groups, 1))
    return replace(files(*properties), filters={FilterKind.GROUP: named} if groups else {})


def desired(converted: Converted) -> DesiredState:
    source = Source("links.yaml", converted.text.encode())
    loaded = load([source], variables={}, catalogue=CATALOGUE, env=None)
    assert loaded.desired is not None, loaded.diagnostics
    return loaded.desired


def refused(names: Names, given: Files) -> list[tuple[str, str]]:
    with pytest.raises(InputError) as caught:
        convert(names, given)
    return [(d.where, d.code) for d in caught.value.diagnostics]


def codes(diagnostics: tuple[Diagnostic, ...]) -> list[str]:
    return [d.code for d in diagnostics]


def test_the_files_of_the_usual_tutorial() -> None:
    """Two files: the link with its address and switch, and one group; the names are the hosts."""
    converted = convert(NAMES, files(ON + BOOTSTRAP, group=GROUPS))
    assert converted.text == (
        "# yaml-language-server: $schema=./schema/links.schema.json\n"
        "# (for editors; to have that file: mkdir -p schema && linkctl schema links > schema/links.schema.json)\n"
        "version: 1\n"
        "\n"
        "clusters:\n"
        "  ig-test1:\n"
        "    bootstrapServers: ig-test1:9092\n"
        "  ig-test2:\n"
        "    restEndpoint: http://ig-test2:8090/kafka/v3  # assumed\n"
        "\n"
        "links:\n"
        "  - name: test-link\n"
        "    source: ig-test1\n"
        "    destination: ig-test2\n"
        "    configs:\n"
        "      consumer.offset.sync.enable: true\n"
        "    groupFilters:\n"
        "      - {name: g, patternType: LITERAL, filterType: INCLUDE}\n"
    )
    assert codes(converted.diagnostics) == ["convert-assumed"] * 5


def test_all_that_a_file_may_say_finds_its_place() -> None:
    """Configs, prefix, pause, filters inside the file and mirror topics; the endpoint when it is given."""
    converted = convert(
        Names("l", "b", "a", ("t1", "12"), {"b": "http://b:1/kafka/v3"}),
        files(
            BOOTSTRAP + "cluster.link.prefix=p-\ncluster.link.paused=TRUE\nconsumer.offset.sync.ms = 5000 \n"
            "auto.create.mirror.topics.enable=True\nlink.mode=destination\nlink.prefix=x\n"
            'auto.create.mirror.topics.filters={"topicFilters":[{"name":"o","patternType":"PREFIXED"}]}\n'
        ),
    )  # fmt: skip
    state = desired(converted)
    (link,) = state.links
    (half,) = link.halves
    assert (link.goal, half.prefix, half.remote) == (LinkGoal.PAUSED, "p-", "a")
    assert half.configs == {
        "auto.create.mirror.topics.enable": "true",
        "consumer.offset.sync.ms": "5000",
    }
    assert half.filters == {FilterKind.TOPIC: frozenset({NameFilter("o", "PREFIXED")})}
    assert [m.address.mirror for m in link.mirrors] == ["p-12", "p-t1"]
    assert sorted(codes(converted.diagnostics)) == ["convert-assumed"] * 2 + ["convert-dropped"]


def test_acl_words_take_our_spelling() -> None:
    """`ANY` and `DESCRIBE_CONFIGS` are what Kafka's tools print; links.yaml has one spelling."""
    row = {
        "resourceFilter": {"resourceType": "TOPIC", "patternType": "ANY", "name": "t"},
        "accessFilter": {"operation": "DESCRIBE_CONFIGS", "permissionType": "Allow", "host": "*"},
    }
    converted = convert(
        NAMES, files(BOOTSTRAP + "acl.sync.enable=true", acl=json.dumps({"aclFilters": [row]}))
    )
    (link,) = desired(converted).links
    assert link.halves[0].filters[FilterKind.ACL] == frozenset(
        {AclFilter("topic", "any", "describeConfigs", "allow", "t", "", "*")}
    )


def test_secrets_are_not_copied() -> None:
    """A secret becomes a reference, and so does a security config that nobody knows; open ones are copied."""
    converted = convert(
        NAMES,
        files(
            BOOTSTRAP + "security.protocol=sasl_ssl\nsasl.mechanism=PLAIN\n"
            'sasl.jaas.config=x required \\\n  password="m4rk3r";\nssl.truststore.password=m4rk3r\n'
            "sasl.something.new=m4rk3r\n"
        ),
    )
    (link,) = desired(converted).links
    credentials = {name: str(t) for name, t in link.halves[0].credentials.items()}
    assert credentials == {
        "sasl.jaas.config": "${env:IG_TEST2_TEST_LINK_SASL_JAAS_CONFIG}",
        "sasl.mechanism": "(literal)",
        "sasl.something.new": "${env:IG_TEST2_TEST_LINK_SASL_SOMETHING_NEW}",
        "security.protocol": "(literal)",
        "ssl.truststore.password": "${env:IG_TEST2_TEST_LINK_SSL_TRUSTSTORE_PASSWORD}",
    }
    assert "security.protocol: SASL_SSL" in converted.text
    assert "m4rk3r" not in repr(converted)
    secrets = [d for d in converted.diagnostics if d.code == "convert-secret"]
    assert [str(d.position) for d in secrets] == ["1.properties:4:1", "1.properties:6:1", "1.properties:7:1"]  # fmt: skip


def test_the_two_files_of_a_source_initiated_link() -> None:
    """The source's file gives address and credentials, the destination's the features; one entry makes both."""
    dialling = (
        "link.mode=SOURCE\nbootstrap.servers=b:9092\nlocal.sasl.jaas.config=s\nsasl.jaas.config=s\n"
    )
    dialled = f"link.mode=DESTINATION\nconnection.mode=INBOUND\n{ON}"
    converted = convert(Names("l", "b", "a"), files(dialling, dialled, group=GROUPS))
    (link,) = desired(converted).links
    inbound, outbound = link.halves
    assert link.topology is Topology.SOURCE
    assert (inbound.address.cluster, inbound.link_mode, inbound.connection_mode) == (
        "b",
        LinkMode.DESTINATION,
        ConnectionMode.INBOUND,
    )
    assert inbound.configs == {"consumer.offset.sync.enable": "true"}
    assert outbound.bootstrap_servers == "b:9092"
    assert sorted(outbound.credentials) == ["local.sasl.jaas.config", "sasl.jaas.config"]
    assert "A_L_LOCAL_SASL_JAAS_CONFIG" in converted.text
    assert sum("REST endpoint" in d.message for d in converted.diagnostics) == 2


def test_the_two_files_of_a_bidirectional_link() -> None:
    """One file for each side: each keeps what it says, and the mirror topics say where they come from."""
    here = (
        f"{TWO_WAY}bootstrap.servers=a:9092\ncluster.link.prefix=a.\n{ON}sasl.jaas.config=m4rk3r\n"
    )
    there = f"{TWO_WAY}bootstrap.servers=b:9092\nacl.sync.ms=7000\ncluster.link.prefix=b.\n"
    converted = convert(Names("l", "b", "a", ("t",)), files(here, there, group=GROUPS))
    _, _, body = converted.text.partition("clusters:\n")
    assert body == (
        "  a:\n"
        "    bootstrapServers: a:9092\n"
        "    restEndpoint: http://a:8090/kafka/v3  # assumed\n"
        "  b:\n"
        "    bootstrapServers: b:9092\n"
        "    restEndpoint: http://b:8090/kafka/v3  # assumed\n"
        "\n"
        "links:\n"
        "  - name: l\n"
        "    mode: bidirectional\n"
        "    between: [a, b]\n"
        "    sides:\n"
        "      b:\n"
        "        prefix: a.\n"
        "        configs:\n"
        "          consumer.offset.sync.enable: true\n"
        "        credentials:\n"
        '          sasl.jaas.config: "${env:B_L_SASL_JAAS_CONFIG}"\n'
        "        groupFilters:\n"
        "          - {name: g, patternType: LITERAL, filterType: INCLUDE}\n"
        "      a:\n"
        "        prefix: b.\n"
        "        configs:\n"
        "          acl.sync.ms: 7000\n"
        "    mirrorTopics:\n"
        "      - {name: t, from: a}\n"
    )
    said = [d.message for d in converted.diagnostics if d.code == "convert-assumed"]
    assert (
        "which file is whose: 1.properties is taken for the link on b, 2.properties is taken for the link on a"
        in said
    )
    assert "which topics are mirrored to a" in said
    (link,) = desired(converted).links
    assert {half.address.cluster: half.bootstrap_servers for half in link.halves} == {
        "a": "b:9092",
        "b": "a:9092",
    }


@pytest.mark.parametrize("turned", [False, True])
def test_the_hosts_that_are_dialled_tell_whose_file_it_is(turned: bool) -> None:
    """A file that dials a cluster by its name is not the file of that cluster, whatever the order."""
    given = [
        TWO_WAY + "bootstrap.servers=a:9092\nacl.sync.ms=1",
        TWO_WAY + "bootstrap.servers=B:9092\nacl.sync.ms=2",
    ]
    own = (GROUPS, GROUPS.replace('"g"', '"h"'))
    texts = [text + "\n" + ON for text in given]
    order = (1, 0) if turned else (0, 1)
    found = two_sided(*(texts[n] for n in order), groups=tuple(own[n] for n in order))
    (link,) = desired(convert(Names("l", "b", "a"), found)).links
    assert {h.address.cluster: (h.configs["acl.sync.ms"], [r.name for r in h.filters[FilterKind.GROUP] if isinstance(r, NameFilter)])
            for h in link.halves} == {"b": ("1", ["g"]), "a": ("2", ["h"])}  # fmt: skip


def test_the_destination_tells_where_the_source_has_no_name() -> None:
    """The second file dials it, so the first dials the source, which is called by its host."""
    given = files(TWO_WAY + "bootstrap.servers=ig-test2:1", TWO_WAY + "bootstrap.servers=far:1")
    (link,) = desired(convert(NAMES, given)).links
    assert {h.address.cluster: h.bootstrap_servers for h in link.halves} == {
        "ig-test2": "far:1",
        "far": "ig-test2:1",
    }


@pytest.mark.parametrize("switch_of", [0, 1])
def test_one_filter_file_goes_where_it_is_waited_for(switch_of: int) -> None:
    """A filter without its switch is a mistake, so the switch tells whose it is."""
    texts = [TWO_WAY + "bootstrap.servers=x:1\n", TWO_WAY + "bootstrap.servers=y:1\n"]
    texts[switch_of] += ON
    (link,) = desired(convert(Names("l", "b", "a"), files(*texts, group=GROUPS))).links
    hosts = [half.address.cluster for half in link.halves if half.filters]
    assert hosts == [("b", "a")[switch_of]]


INBOUND = (
    TWO_WAY
    + "connection.mode=INBOUND\ncluster.link.prefix=a.\nbootstrap.servers=a:1\nsasl.jaas.config=s\n"
)
OUTBOUND = (
    TWO_WAY
    + "bootstrap.servers=b:9092\nremote.link.connection.mode=INBOUND\nsasl.jaas.config=s\nlocal.sasl.jaas.config=s\n"
)


def test_a_bidirectional_link_of_which_one_side_dials() -> None:
    """`local.*` stays where something comes back through the connection; what dials nothing has no credentials."""
    converted = convert(Names("l", "b", "a"), files(INBOUND, OUTBOUND))
    (link,) = desired(converted).links
    inbound, outbound = link.halves
    assert (inbound.address.cluster, inbound.connection_mode, inbound.prefix) == (
        "b",
        "INBOUND",
        "a.",
    )
    assert (inbound.credentials, desired(converted).clusters["a"].bootstrap_servers) == ({}, None)
    assert sorted(outbound.credentials) == ["local.sasl.jaas.config", "sasl.jaas.config"]
    dropped = [str(d.position) for d in converted.diagnostics if d.code == "convert-dropped"]
    assert dropped == ["1.properties:4:1", "1.properties:5:1", "2.properties:3:1"]


def test_local_credentials_have_no_use_where_both_sides_dial() -> None:
    """They are left out, and that is said."""
    here = TWO_WAY + "bootstrap.servers=a:1\nlocal.security.protocol=SSL\nsecurity.protocol=SSL"
    converted = convert(Names("l", "b", "a"), files(here, TWO_WAY + "bootstrap.servers=b:1"))
    (link,) = desired(converted).links
    assert [sorted(half.credentials) for half in link.halves] == [[], ["security.protocol"]]
    assert [d.position.line for d in converted.diagnostics if d.code == "convert-dropped" and d.position] == [3]  # fmt: skip


@pytest.mark.parametrize("names", [Names("l", "a", "b"), Names("l", "b", "a", ("t",))])
def test_the_dialling_side_alone_is_enough(names: Names) -> None:
    """It says all that a valid entry needs; what the other side holds is asked for."""
    converted = convert(names, files(OUTBOUND))
    (link,) = desired(converted).links
    assert [(h.address.cluster, h.connection_mode) for h in link.halves] == [
        ("b", "INBOUND"),
        ("a", "OUTBOUND"),
    ]
    said = " ".join(d.message for d in converted.diagnostics)
    assert "what is set on the link on b: 1.properties is taken for the link on a" in said


def test_a_paused_bidirectional_link() -> None:
    """Both sides say so, and the entry has one state."""
    texts = [f"{TWO_WAY}bootstrap.servers={h}:1\ncluster.link.paused=true" for h in ("a", "b")]
    (link,) = desired(convert(Names("l", "b", "a"), files(*texts))).links
    assert link.goal is LinkGoal.PAUSED


def test_a_destination_on_confluent_cloud_wants_its_id() -> None:
    """The files do not have it; the cure names the option that gives it, and giving it is enough."""
    on_cloud = {"ig-test2": "https://pkc-1.eu.aws.confluent.cloud:443/kafka/v3"}
    with pytest.raises(InputError) as caught:
        convert(Names("l", "ig-test2", endpoints=on_cloud), files(BOOTSTRAP))
    (missing,) = caught.value.diagnostics
    assert (missing.subject, missing.code) == ("--endpoint", "cloud-needs-cluster-id")
    assert "--cluster-id NAME=ID" in missing.cure
    ids = {"ig-test2": "lkc-1", "ig-test1": "0x"}
    converted = convert(Names("l", "ig-test2", endpoints=on_cloud, ids=ids), files(BOOTSTRAP))
    state = desired(converted)
    assert {name: cluster.cluster_id for name, cluster in state.clusters.items()} == ids
    assert not any("ids of the clusters" in d.message for d in converted.diagnostics)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (files("link.mode=BIDIRECTIONAL\n" + BOOTSTRAP), [("1.properties:1:1", "convert-two-way")]),
        (files("a=1\nlink.mode=BIDIRECTIONAL\nconnection.mode=INBOUND"), [("1.properties:2:1", "convert-two-way")]),
        (files(TWO_WAY + BOOTSTRAP, BOOTSTRAP), [("2.properties:1:1", "convert-contradiction")]),
        (files(BOOTSTRAP + "link.mode=source", TWO_WAY + BOOTSTRAP), [("1.properties:2:1", "convert-contradiction")]),
        (files(TWO_WAY + BOOTSTRAP, TWO_WAY, TWO_WAY), [("3.properties:1:1", "convert-two-way")]),
        (files(TWO_WAY + BOOTSTRAP, TWO_WAY), [("2.properties:1:1", "convert-bad-properties")]),
        (files(TWO_WAY + "bootstrap.servers=ig-test2:1", TWO_WAY + "bootstrap.servers=ig-test2:2"), [("2.properties:2:1", "convert-contradiction")]),
        (files(TWO_WAY + BOOTSTRAP + "remote.link.connection.mode=INBOUND", TWO_WAY + "bootstrap.servers=x:1"), [("1.properties:3:1", "convert-contradiction")]),
        (files(TWO_WAY + "connection.mode=INBOUND", TWO_WAY + "connection.mode=inbound"), [("1.properties:2:1", "nobody-dials")]),
        (files(TWO_WAY + BOOTSTRAP + "cluster.link.paused=true", TWO_WAY + "bootstrap.servers=x:1"), [("1.properties:3:1", "convert-contradiction")]),
        (files(TWO_WAY + BOOTSTRAP + ON, TWO_WAY + ON + "bootstrap.servers=x:1", group=GROUPS), [("2.properties:2:1", "switch-without-filter")]),
        (files(TWO_WAY + BOOTSTRAP + "acl.sync.ms=soon", TWO_WAY + "bootstrap.servers=x:1\ncluster.link.prefix=of two words"), [("1.properties:3:1", "bad-config-value"), ("2.properties:3:1", "bad-form")]),
        (two_sided(BOOTSTRAP + ON, groups=(GROUPS, GROUPS)), [("g2.json:1:1", "convert-contradiction")]),
        (two_sided(TWO_WAY + BOOTSTRAP + ON, TWO_WAY + ON + "bootstrap.servers=x:1", groups=(GROUPS,) * 3), [("g3.json:1:1", "convert-contradiction")]),
        (files("a=1\nconnection.mode=inbound"), [("1.properties:2:1", "convert-other-half")]),
        (files("link.mode=BOTH\nconnection.mode=x"), [("1.properties:1:1", "convert-bad-properties"), ("1.properties:2:1", "convert-bad-properties")]),
        (files(ON, group=GROUPS), [("1.properties:1:1", "convert-bad-properties")]),
        (files("bootstrap.servers=\n"), [("1.properties:1:1", "convert-bad-properties")]),
        (files(BOOTSTRAP, "bootstrap.servers=x:1\n"), [("2.properties:1:1", "convert-contradiction")]),
        (files(BOOTSTRAP + "consumer.offset.sync.ms=soon"), [("1.properties:2:1", "bad-config-value")]),
        (files(BOOTSTRAP + ON), [("1.properties:2:1", "switch-without-filter")]),
        (files(BOOTSTRAP, group=GROUPS), [("group.json:1:1", "filter-without-switch")]),
        (files(BOOTSTRAP + ON + f"consumer.offset.group.filters={GROUPS}", group=GROUPS), [("1.properties:3:1", "convert-contradiction")]),
        (files(BOOTSTRAP + ON + "consumer.offset.group.filters={"), [("1.properties:3:1", "convert-bad-filters")]),
        (files(BOOTSTRAP + ON, group='{"groupFilters": [\n  {"name": "g"},\n  {"nam": "h"}\n]}'), [("group.json:3:3", "convert-bad-filters")]),
        (files(BOOTSTRAP + ON, group='{"groupFilters": [\n  {"name": "g" "x": 1}]}'), [("group.json:2:16", "convert-bad-filters")]),
        (files(BOOTSTRAP + ON, group='{"topicFilters": []}'), [("group.json:1:1", "convert-bad-filters")]),
        (files(BOOTSTRAP + ON, group='{"groupFilters": [], "more": 1}'), [("group.json:1:1", "convert-bad-filters")]),
        (files(BOOTSTRAP + ON, group="[" * 100_000), [("group.json:1:1", "convert-bad-filters")]),
        (files(BOOTSTRAP + ON, group='{"groupFilters": [{"name": "g",\n "filterType": "WHITELIST"}]}'), [("group.json:1:19", "not-a-choice")]),
        (files(BOOTSTRAP + "a=\\u00"), [("1.properties:2:1", "convert-bad-properties")]),
        (Files((Source("1.properties", BOOTSTRAP.encode()),), {FilterKind.ACL: (Source("acl.json", b"{\xff}"),)}), [("acl.json:1:1", "convert-bad-filters")]),
        (files(BOOTSTRAP + "my.password=m4rk3r"), [("1.properties:2:1", "literal-secret")]),
        (files(BOOTSTRAP + "cluster.link.prefix=of two words"), [("1.properties:2:1", "bad-form")]),
    ],
)  # fmt: skip
def test_mistakes_are_told_at_their_place(given: Files, expected: list[tuple[str, str]]) -> None:
    """Whatever is wrong with a file is said with its line and column, with our rules or those of links.yaml."""
    assert refused(NAMES, given) == expected


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (Names("a/b", "d"), [("--link", "convert-bad-name")]),
        (Names("l", "d e"), [("--destination", "convert-bad-name")]),
        (Names("l", ""), [("--destination", "convert-bad-name")]),
        (Names("l", "d\n"), [("--destination", "convert-bad-name")]),
        (Names("l", "d", "s s"), [("--source", "convert-bad-name")]),
        (Names("l", "d", ""), [("--source", "convert-bad-name")]),
        (Names("l", "d", mirrors=("a b", "t", "x*")), [("--mirror", "convert-bad-name")] * 2),
        (Names("", "", ""), [("--destination", "convert-bad-name"), ("--link", "convert-bad-name"), ("--source", "convert-bad-name")]),
        (Names("l", "d e", endpoints={"d e": "http://x:1"}), [("--destination", "convert-bad-name")]),
        (Names("l", "d", "d"), [("--source", "same-cluster")]),
        (Names("l", "d", mirrors=("t", "t")), [("--mirror", "mirror-declared-twice")]),
        (Names("l", "d", endpoints={"d": "nowhere"}), [("--endpoint", "bad-form")]),
        (Names("l", "d", endpoints={"e": "http://x:1"}), [("--endpoint", "unknown-cluster")]),
        (Names("l", "d", ids={"e": "i"}), [("--cluster-id", "unknown-cluster")]),
        (Names("l", "d", ids={"d": "i i"}), [("--cluster-id", "bad-form")]),
    ],
)  # fmt: skip
def test_a_slip_in_an_option_is_one_finding_about_that_option(
    names: Names, expected: list[tuple[str, str]]
) -> None:
    """However often the entry repeats a name, and whatever we make of it."""
    assert refused(names, files(BOOTSTRAP)) == expected


def test_slips_in_options_and_files_are_told_in_one_run() -> None:
    """A name that is none does not hide what is wrong with a file."""
    found = refused(Names("l", "d e"), files(BOOTSTRAP + "acl.sync.ms=soon"))
    assert found == [
        ("--destination", "convert-bad-name"),
        ("1.properties:2:1", "bad-config-value"),
    ]


def test_an_empty_value_is_left_out_and_said() -> None:
    """The server's default counts, for secrets too; the one empty value that means something stays."""
    given = "consumer.offset.sync.ms=\nmy=\ncluster.link.prefix=\nsasl.jaas.config=\nacl.filters=\n"
    converted = convert(NAMES, files(BOOTSTRAP + given + "ssl.endpoint.identification.algorithm="))
    dropped = [d for d in converted.diagnostics if d.code == "convert-dropped"]
    assert [str(d.position) for d in dropped] == [f"1.properties:{n}:1" for n in range(2, 7)]
    assert all("resetConfigs" not in d.cure for d in converted.diagnostics)
    (link,) = desired(converted).links
    assert [*link.halves[0].credentials] == ["ssl.endpoint.identification.algorithm"]
    assert not link.halves[0].configs


def test_a_switch_without_its_filter_names_the_option_that_adds_it() -> None:
    """The cure fits the files at hand, not a links.yaml that is not there yet."""
    with pytest.raises(InputError) as caught:
        convert(NAMES, files(BOOTSTRAP + ON))
    assert "--consumer-group-filters-json-file" in caught.value.diagnostics[0].cure


@pytest.mark.parametrize(
    ("address", "name"),
    [("ig-test1:9092,x:1", "ig-test1"), ("10.0.0.1:9092", "10.0.0.1"), ("[::1]:9092", "source"), ("ig-test2:9092", "source"), ("SASL_SSL://pkc-1.aws.confluent.cloud:9092", "pkc-1.aws.confluent.cloud")],
)  # fmt: skip
def test_a_source_without_a_name_is_called_by_its_host(address: str, name: str) -> None:
    """Unless that makes no name, or the destination has it."""
    converted = convert(NAMES, files(f"bootstrap.servers={address}"))
    assert desired(converted).links[0].halves[0].remote == name


def test_a_line_that_does_not_count_is_said() -> None:
    """Java takes the last of two equal keys, and so do we; the first one is named."""
    converted = convert(NAMES, files("acl.sync.ms=1\n" + BOOTSTRAP + "acl.sync.ms=2"))
    dropped = [d for d in converted.diagnostics if d.code == "convert-dropped"]
    assert [str(d.position) for d in dropped] == ["1.properties:1:1"]
    assert "acl.sync.ms: 2" in converted.text
