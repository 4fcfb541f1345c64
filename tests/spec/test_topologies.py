"""What each topology means: its link objects, who dials whom, and where each key ends up."""

from __future__ import annotations

from reconciler.model.address import LinkAddress
from reconciler.model.desired import DesiredHalf, DesiredLink, DesiredState
from reconciler.model.filters import FilterKind
from reconciler.model.links import ConnectionMode, LinkGoal, LinkMode, Topology
from tests.spec.harness import desired, document, errors, link, pair, read

OUT, IN = ConnectionMode.OUTBOUND, ConnectionMode.INBOUND


def only(text: str) -> DesiredLink:
    """The one link of a document."""
    (found,) = desired(text).links
    return found


def roles(link: DesiredLink) -> list[tuple[str, str, LinkMode, ConnectionMode, bool, str | None]]:
    """What its halves are, in the order of their creation."""
    return [
        (
            half.address.cluster,
            half.remote,
            half.link_mode,
            half.connection_mode,
            half.hosts_mirrors,
            half.bootstrap_servers,
        )
        for half in link.halves
    ]


def test_the_destination_dials_by_default() -> None:
    """One link object on the destination, dialling the source's own address."""
    found = only(link())
    assert roles(found) == [("east", "west", LinkMode.DESTINATION, OUT, True, "west:9092")]
    assert found.halves[0].remote_connection_mode is None
    assert (found.topology, found.goal) == (Topology.DESTINATION, LinkGoal.ACTIVE)


def test_a_source_without_rest_needs_only_an_address() -> None:
    """Plain Kafka or MSK: `bootstrapServers` and, if wanted, the expected cluster id."""
    state = desired(
        document(
            "- {name: l, source: msk, destination: east}\n",
            clusters='msk: {bootstrapServers: "b-1:9096, b-2:9096", clusterId: msk-id}\n'
            'east: {restEndpoint: "http://east:8090/kafka/v3/"}\n',
        )
    )
    assert state.clusters["msk"].rest is None
    assert state.clusters["msk"].cluster_id == "msk-id"
    assert state.clusters["east"].rest is not None
    assert state.clusters["east"].rest.url == "http://east:8090/kafka/v3"
    assert state.links[0].halves[0].bootstrap_servers == "b-1:9096,b-2:9096"


def test_a_link_may_dial_another_listener() -> None:
    """`bootstrapServers` of a link beat those of the cluster."""
    assert (
        only(link('bootstrapServers: "inside:9093"')).halves[0].bootstrap_servers == "inside:9093"
    )


SOURCE_INITIATED = """
mode: source
prefix: w.
configs: {consumer.offset.sync.enable: true, local.listener.name: INTERNAL}
resetConfigs: [acl.sync.ms, local.listener]
credentials:
  sasl: {mechanism: PLAIN, username: "${env:U}", password: "${env:P}"}
  local: {tls: true}
groupFilters: [{name: billing}]
mirrorTopics: [users]
"""


def test_one_source_initiated_entry_makes_both_halves() -> None:
    """INBOUND on the destination first, with features and mirrors; OUTBOUND on the source, with credentials."""
    found = only(link(SOURCE_INITIATED))
    assert roles(found) == [
        ("east", "west", LinkMode.DESTINATION, IN, True, None),
        ("west", "east", LinkMode.SOURCE, OUT, False, "east:9092"),
    ]
    inbound, outbound = found.halves
    assert (inbound.remote_connection_mode, outbound.remote_connection_mode) == (OUT, IN)
    assert (inbound.prefix, outbound.prefix) == ("w.", "")
    assert (set(inbound.configs), set(outbound.configs)) == (
        {"consumer.offset.sync.enable"},
        {"local.listener.name"},
    )
    assert inbound.reset_configs == frozenset({"acl.sync.ms"})
    assert outbound.reset_configs == frozenset({"local.listener"})
    assert (set(inbound.filters), set(outbound.filters)) == ({FilterKind.GROUP}, set())
    assert set(inbound.credentials) == set()
    assert set(outbound.credentials) == {
        "security.protocol",
        "sasl.mechanism",
        "sasl.jaas.config",
        "local.security.protocol",
    }
    assert str(found.mirrors[0].address) == "east/a-link/w.users"


def test_a_bidirectional_link_has_everything_per_side() -> None:
    """Each side dials the other with its own keys, and each mirror topic hangs on the side away from its data."""
    found = only(
        pair(
            """
            west: {prefix: e., configs: {acl.sync.ms: 1000}, bootstrapServers: "east-inside:1", credentials: {tls: true}}
            east: {prefix: w., resetConfigs: [acl.sync.ms]}
            """,
            """
            configs: {acl.sync.ms: 2000, topic.config.sync.ms: 3000}
            mirrorTopics: [{name: orders, from: west}, {name: orders, from: east}, {match: "a*", from: east}]
            """,
        )
    )
    assert roles(found) == [
        ("east", "west", LinkMode.BIDIRECTIONAL, OUT, True, "west:9092"),
        ("west", "east", LinkMode.BIDIRECTIONAL, OUT, True, "east-inside:1"),
    ]
    east, west = found.halves
    assert west.configs == {"acl.sync.ms": "1000", "topic.config.sync.ms": "3000"}
    assert east.configs == {"topic.config.sync.ms": "3000"}
    assert east.reset_configs == {"acl.sync.ms"}
    assert (set(west.credentials), set(east.credentials)) == ({"security.protocol"}, set())
    assert [str(m.address) for m in found.mirrors] == [
        "east/a-link/w.orders",
        "west/a-link/e.orders",
    ]
    assert [(p.link, p.prefix) for p in found.patterns] == [(LinkAddress("west", "a-link"), "e.")]


def test_an_inbound_side_comes_first() -> None:
    """The side that is dialled is made before the one that dials, whatever their names."""
    found = only(pair("west: {connectionMode: inbound}"))
    assert [(h.address.cluster, h.connection_mode) for h in found.halves] == [
        ("west", IN),
        ("east", OUT),
    ]
    assert found.halves[1].remote_connection_mode is IN


def test_local_credentials_go_with_an_inbound_other_side() -> None:
    """What comes back through the connection may authenticate on the dialling side."""
    found = only(
        pair("west: {connectionMode: inbound}\neast: {credentials: {local.security.protocol: SSL}}")
    )
    assert set(found.halves[1].credentials) == {"local.security.protocol"}


def test_turning_between_round_changes_nothing_but_positions() -> None:
    """The order of the two names means nothing."""
    text = pair("west: {prefix: e.}")
    turned = text.replace("[west, east]", "[east, west]")
    assert only(text) == only(turned)


def halves_of(text: str) -> dict[str, DesiredHalf]:
    """Halves by cluster."""
    return {half.address.cluster: half for half in only(text).halves}


DEFAULTS = """defaults:
  configs: {acl.sync.ms: 1000, topic.config.sync.ms: 2000}
  credentials: {security.protocol: SSL, local.security.protocol: SSL}
"""


def test_defaults_lie_under_every_link() -> None:
    """A link's own keys win, a reset takes a default out, and `local` goes only where it has a use."""
    text = link("configs: {acl.sync.ms: 9000}\nresetConfigs: [topic.config.sync.ms]").replace(
        "version: 1\n", "version: 1\n" + DEFAULTS
    )
    half = halves_of(text)["east"]
    assert half.configs == {"acl.sync.ms": "9000"}
    assert half.reset_configs == {"topic.config.sync.ms"}
    assert set(half.credentials) == {"security.protocol"}


def test_default_credentials_pass_by_halves_that_do_not_dial() -> None:
    """The dialled half of a source-initiated pair has no credentials, defaults or not."""
    halves = halves_of(link("mode: source").replace("version: 1\n", "version: 1\n" + DEFAULTS))
    assert set(halves["east"].credentials) == set()
    assert set(halves["west"].credentials) == {"security.protocol", "local.security.protocol"}


def test_several_files_are_one_declaration() -> None:
    """Clusters of one file serve the links of another, defaults and protection included."""
    state = desired(
        document(),
        "version: 1\nlinks: [{name: l, source: west, destination: east, mirrorTopics: [users]}]\n",
        "version: 1\ndefaults: {configs: {acl.sync.ms: 1000}}\nprotect: [users]\n",
    )
    assert state.links[0].halves[0].configs == {"acl.sync.ms": "1000"}
    assert state.links[0].position is not None
    assert state.links[0].position.file == "more-1.yaml"
    assert state.protect == ("users",)


def test_the_same_thing_in_two_files_is_refused_with_both_places() -> None:
    """Cluster, default, credentials of defaults and mirror topic: one owner each, over all files."""
    first = link("mirrorTopics: [users]").replace(
        "version: 1\n",
        "version: 1\ndefaults: {configs: {acl.sync.ms: 1000}, credentials: {tls: true}}\n",
    )
    second = (
        "version: 1\nclusters: {west: {}}\n"
        "defaults: {configs: {acl.sync.ms: 1000}, credentials: {tls: true}}\n"
        "links: [{name: other, source: west, destination: east, mirrorTopics: [users]}]\n"
    )
    diagnostics = read(first, second).diagnostics
    assert errors(diagnostics) == [
        ("declared-twice", "more-1.yaml:2:18"),
        ("declared-twice", "more-1.yaml:3:22"),
        ("declared-twice", "more-1.yaml:3:55"),
        ("mirror-declared-twice", "more-1.yaml:4:71"),
    ]
    assert all(d.related and d.related[0].file == "links.yaml" for d in diagnostics)


def test_a_broken_file_silences_only_what_needs_all_files() -> None:
    """What another file can say by itself is still said; references between files are not judged."""
    loaded = read(
        "a: [\n", "version: 1\nlinks: [{name: l, source: a, destination: b, state: gone}]\n"
    )
    assert [code for code, _ in errors(loaded.diagnostics)] == ["yaml-syntax", "not-a-choice"]


def test_nothing_to_read_is_nothing_wanted() -> None:
    """No input at all wants nothing, and is no mistake here."""
    assert read().desired == DesiredState({})


def test_roles_may_be_reversed_and_mirrors_chained() -> None:
    """After a failover the old direction is released; a mirror may be the source of another; filters may exclude."""
    assert desired(
        pair(
            body="mirrorTopics: [{name: users, from: west, state: released}, {name: users, from: east}]"
        )
    )
    assert desired(
        pair("west: {prefix: e.}", "mirrorTopics: [{name: a, from: west}, {name: a, from: east}]")
    )
    assert desired(
        document(
            "- {name: k, source: a, destination: b, mirrorTopics: [users]}\n"
            "- {name: l, source: b, destination: c, mirrorTopics: [users]}\n",
            clusters="".join(
                f'{n}: {{bootstrapServers: "{n}:1", restEndpoint: "http://{n}/v3"}}\n'
                for n in "abc"
            ),
        )
    )
    assert desired(
        link(
            "configs: {auto.create.mirror.topics.enable: true}\n"
            'topicFilters: [{name: "*"}, {name: users, filterType: EXCLUDE}]\n'
            "mirrorTopics: [{name: users, state: absent}]"
        )
    )
