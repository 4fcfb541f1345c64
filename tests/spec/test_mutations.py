"""Whatever is done to a valid document: it is answered, in the file, above the change, and without a secret."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from typing import NamedTuple, NoReturn

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.cluster_linking.catalogue import CATALOGUE
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.spec import CODES, Loaded, Source, load
from tests.spec.harness import FILE, lines, link

MARKER = "s3cr3t-MARKER-v4lue"
_FRAGMENT = re.compile("MARKER|s3cr3t|v4lue")

VALID = [
    """\
# yaml-language-server: $schema=./schema/links.schema.json
version: 1
x-common: &common
  acl.sync.ms: 7000
clusters:
  ig-test1:
    bootstrapServers: ig-test1:9092
    restEndpoint: http://ig-test1:8090/kafka/v3
  ig-test2:
    restEndpoint: https://ig-test2:8090/kafka/v3
    clusterId: 3hVQ2k0nQ2S0Xv0m5m4x7A
    auth: {basic: {username: "${env:IG2_KEY}", password: "${env:IG2_SECRET}"}}
    tls: {caFile: ./ca.pem}
defaults:
  configs: {consumer.offset.sync.ms: 5000}
protect: ["payments*"]
links:
  - name: test-link
    source: ig-test1
    destination: ig-test2
    configs: {<<: *common, consumer.offset.sync.enable: true}
    credentials: {security.protocol: SASL_SSL, sasl.mechanism: PLAIN, sasl.jaas.config: "${file:/run/secrets/jaas}"}
    groupFilters:
      - {name: connect-FileStreamSinkConnectorConnector_1, patternType: LITERAL, filterType: INCLUDE}
    mirrorTopics:
      - test-topic
      - {name: users, state: paused, maxLag: 10000}
      - payments.eu
""",
    """\
version: 1
clusters:
  on-prem:
    bootstrapServers: on-prem:9092
    restEndpoint: https://on-prem:8090/kafka/v3
    auth:
      bearer:
        token: ${file:token}
  cloud:
    bootstrapServers: pkc-1.confluent.cloud:9092
    restEndpoint: https://pkc-1.confluent.cloud:443/kafka/v3
    clusterId: lkc-abc123
    auth:
      oauth:
        tokenUrl: https://login.example.com/token
        clientId: ${env:CLIENT_ID}
        clientSecret: ${env:CLIENT_SECRET}
        scope: kafka
links:
  - name: out
    mode: source
    source: on-prem
    destination: cloud
    prefix: prem.
    configs:
      auto.create.mirror.topics.enable: true
      topic.config.sync.ms: 5000
    resetConfigs:
      - acl.sync.ms
    credentials:
      sasl:
        mechanism: PLAIN
        username: ${env:CLOUD_KEY}
        password: ${env:CLOUD_SECRET}
      local:
        sasl:
          mechanism: SCRAM-SHA-512
          username: ${env:LOCAL_USER}
          password: ${env:LOCAL_PASSWORD}
    topicFilters:
      - name: orders
        patternType: PREFIXED
        filterType: INCLUDE
      - name: orders.tmp
        filterType: EXCLUDE
    mirrorTopics:
      - name: users
        state: failed_over
        configs:
          confluent.value.schema.validation: false
      - match: "audit*"
        except:
          - "*-old"
""",
    """\
version: 1
clusters:
  east: {bootstrapServers: "east:9092", restEndpoint: "https://east:8090/kafka/v3"}
  west: {bootstrapServers: "west:9092", restEndpoint: "https://west:8090/kafka/v3"}
links:
  - name: pair
    mode: bidirectional
    between: [east, west]
    state: paused
    configs: {acl.sync.enable: true}
    sides:
      east:
        connectionMode: inbound
        aclFilters:
          - resourceFilter: {resourceType: topic, patternType: prefixed, name: orders}
            accessFilter: {operation: read, permissionType: allow, principal: "User:billing"}
      west:
        bootstrapServers: east-inside:9093
        aclFilters:
          - resourceFilter: {resourceType: any, patternType: any}
            accessFilter: {operation: any, permissionType: any}
        credentials:
          tls: {trust: "${file:ca.pem}", certificate: "${file:c.pem}", key: "${file:k.pem}"}
          local.security.protocol: SSL
    mirrorTopics:
      - {name: orders, from: east, replicationFactor: 3}
      - {name: users, from: west, state: promoted}
""",
]


class Leaf(NamedTuple):
    """A value in a text, by its place."""

    start: int
    end: int
    line: int
    column: int


def leaves(node: yaml.Node) -> Iterator[Leaf]:
    """Every scalar value below a node, as PyYAML sees it; keys are not values."""
    if isinstance(node, yaml.ScalarNode):
        assert node.start_mark is not None
        assert node.end_mark is not None
        yield Leaf(
            node.start_mark.index,
            node.end_mark.index,
            node.start_mark.line + 1,
            node.start_mark.column + 1,
        )
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from leaves(item)
    elif isinstance(node, yaml.MappingNode):
        for _, value in node.value:
            yield from leaves(value)


def leaves_of(text: str) -> list[Leaf]:
    """The values of a text, in their order; those under an alias once."""
    root = yaml.compose(text, yaml.SafeLoader)
    assert root is not None
    return sorted(set(leaves(root)))


LEAVES = [(text, leaf) for text in VALID for leaf in leaves_of(text)]
SECRETS = [(text, leaf) for text, leaf in LEAVES if "${" in text[leaf.start : leaf.end]]

ODD = [
    *(
        "x",
        "0",
        "-1",
        "1.5",
        "true",
        "null",
        '""',
        "on",
        "012",
        "a b",
        "a/b",
        "[]",
        "{}",
        "[a]",
        "{a: b}",
        "*x",
    ),
    *(
        "!!str a",
        '"${env:A}"',
        '"${var:A}"',
        '"${x}"',
        "source",
        "bidirectional",
        "absent",
        "inbound",
        "INBOUND",
    ),
    *(
        "EXCLUDE",
        "PREFIXED",
        "cloud",
        "east",
        "ig-test1",
        "9223372036854775808",
        "'",
        '"',
        "a: b",
        "- a",
        "# a",
    ),
]
REPLACEMENTS = st.one_of(st.sampled_from(ODD), st.text(max_size=12).map(json.dumps))


def run(text: str) -> Loaded:
    """Load one file with an empty environment."""
    return load(
        [Source(FILE, text.encode("utf-8", "replace"))], variables={}, catalogue=CATALOGUE, env={}
    )


def assert_sound(loaded: Loaded, text: str) -> None:
    """What holds for every answer: positions inside the file, known codes, cures, and a state or an error."""
    rows = re.split("\r\n|[\r\n\x85\u2028\u2029]", text)
    for diagnostic in loaded.diagnostics:
        at = diagnostic.position
        assert at is not None
        assert at.file == FILE
        assert 1 <= at.line <= len(rows), diagnostic
        assert 1 <= at.column <= len(rows[at.line - 1]) + 1, diagnostic
        assert diagnostic.code in CODES
        assert diagnostic.message
        assert diagnostic.cure
    has_error = any(d.severity is Severity.ERROR for d in loaded.diagnostics)
    assert (loaded.desired is None) == has_error


def new(after: Loaded, before: Loaded) -> list[Diagnostic]:
    """What was not said before."""
    return [d for d in after.diagnostics if d not in before.diagnostics]


def test_the_documents_are_valid() -> None:
    """The mutations start from documents without an error."""
    for text in VALID:
        assert run(text).desired is not None, lines(run(text).diagnostics)
    assert len(LEAVES) > 60


def test_nothing_is_dialled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Validation is offline by construction: with the network blocked, each document still loads."""

    def refused(*_: object, **__: object) -> NoReturn:
        raise AssertionError("the network was used")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refused)
    for text in VALID:
        assert run(text).desired is not None


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(LEAVES), REPLACEMENTS)
def test_a_changed_value_is_answered_at_or_above_it(case: tuple[str, Leaf], value: str) -> None:
    """Every new finding stands in the file, and not below the value that was changed."""
    text, leaf = case
    changed = text[: leaf.start] + value + text[leaf.end :]
    after = run(changed)
    assert_sound(after, changed)
    for diagnostic in new(after, run(text)):
        assert diagnostic.position is not None
        place = (diagnostic.position.line, diagnostic.position.column)
        row = diagnostic.position.line
        inside_value = leaf.line <= row <= leaf.line + value.count("\n") + 1
        broken_yaml = diagnostic.code in {"yaml-syntax", "bad-alias"}
        assert place <= (leaf.line, leaf.column) or broken_yaml or inside_value, lines([diagnostic])


MANGLED = st.tuples(
    st.sampled_from(
        [
            "",
            "\n",
            " ",
            "  ",
            ":",
            ": ",
            ",",
            "'",
            '"',
            "{",
            "}",
            "[",
            "]",
            "#",
            "-",
            "\t",
            "|",
            "&a ",
            "*",
        ]
    ),
    st.integers(0, 3),
)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(SECRETS), st.data())
def test_a_secret_is_never_repeated(case: tuple[str, Leaf], data: st.DataObject) -> None:
    """A secret in place of a reference, with the text around it mangled at random, is in no output."""
    text, leaf = case
    quote = data.draw(st.sampled_from(["", '"', "'"]))
    around = data.draw(st.sampled_from(["", "x", "${env:A}", " b", "${"]))
    changed = text[: leaf.start] + quote + MARKER + around + quote + text[leaf.end :]
    for _ in range(data.draw(st.integers(0, 2))):
        what, cut = data.draw(MANGLED)
        near = data.draw(st.booleans())
        low, high = (max(0, leaf.start - 30), leaf.end + 30) if near else (0, len(changed))
        at = data.draw(st.integers(low, min(high, len(changed))))
        changed = changed[:at] + what + changed[at + cut :]
    loaded = run(changed)
    assert_sound(loaded, changed)
    said = "\n".join(lines(loaded.diagnostics)) + repr(loaded.diagnostics)
    assert not _FRAGMENT.search(said), said
    # What a Template holds does not print either.
    assert MARKER not in repr(loaded)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(SECRETS))
def test_a_secret_in_clear_is_always_an_error(case: tuple[str, Leaf]) -> None:
    """No place for references takes a literal."""
    text, leaf = case
    loaded = run(text[: leaf.start] + MARKER + text[leaf.end :])
    assert ("literal-secret", leaf.line) in [
        (d.code, d.position.line) for d in loaded.diagnostics if d.position
    ]


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_anything_at_all_is_answered(data: bytes) -> None:
    """Whatever the bytes: findings or a state, never an exception."""
    loaded = load([Source(FILE, data)], variables={}, catalogue=CATALOGUE, env={})
    assert (loaded.desired is None) == any(d.severity is Severity.ERROR for d in loaded.diagnostics)


PIECES = ["correct.horse", "my-secret.s", "correcthorse", "battery.staple:x", "x.pass"]


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(PIECES), st.sampled_from(["", ": x", ": [x]", ":"]), st.integers(0, 4))
def test_a_piece_of_a_secret_that_became_a_key_is_not_repeated(
    piece: str, after: str, place: int
) -> None:
    """A comma or quote in a secret makes keys of its pieces; a name like no other is never said."""
    places = [
        "credentials: {ssl.key.password: abc,%s}",
        "credentials: {sasl: {mechanism: PLAIN, password: abc,%s}}",
        "credentials: {sasl: {mechanism: OAUTHBEARER, extensions: {a: abc,%s}}}",
        "credentials: {tls: {keyPassword: abc,%s}}",
        "credentials: {local: {sasl: {password: abc,%s}}}",
    ]
    text = link(places[place] % (piece + after))
    said = "\n".join(lines(run(text).diagnostics))
    assert not re.search("horse|my-secret|battery|staple|x[.]pass", said), said
