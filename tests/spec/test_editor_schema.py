"""The published schema, as an editor asks it: it says of a file what `validate` says, as far as JSON Schema can."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs
import pytest
import yaml

from reconciler.cluster_linking.catalogue import CATALOGUE
from reconciler.resources import resource, schema
from reconciler.spec import Source, load
from tests.spec.harness import FILE, document, errors, link, marked, mirror, pair, read
from tests.spec.test_broken_links import MEANING, SECRETS, SHAPE

EDITOR = jsonschema_rs.Draft202012Validator(json.loads(schema("links.schema.json")))
DOCS = Path(__file__).resolve().parents[2] / "docs" / "topologies"
ALL = {
    "H": "west",
    "N": "3",
    "S": "paused",
    "M": "destination",
    "T": "true",
    "K": "PLAIN",
    "G": "a*",
}


def in_editor(text: str) -> bool:
    """Whether an editor finds nothing wrong; it sees variables as they are written."""
    return EDITOR.is_valid(yaml.safe_load(text))


def cluster(text: str) -> str:
    """A document with one cluster more."""
    return document(clusters=f"new: {{{text}}}\n")


def credentials(text: str) -> str:
    """A document with `credentials` of a link."""
    return link(f"credentials: {{{text}}}")


WITH_VARIABLES = {
    "endpoint": cluster('restEndpoint: "https://${var:H}/kafka/v3", clusterId: "${var:N}"'),
    "addresses": cluster('restEndpoint: http://h, bootstrapServers: "${var:H}:9092"'),
    "prefix": link('prefix: "${var:H}."'),
    "name of a cluster": cluster("restEndpoint: http://h").replace("new:", '"${var:H}":'),
    "state of a link": link('state: "${var:S}"'),
    "mode": link('mode: "${var:M}"'),
    "topic": mirror('"${var:H}.orders"'),
    "topic by name": mirror('{name: "${var:H}", state: "${var:S}"}'),
    "glob": mirror('{match: "${var:G}"}'),
    "lag": link(
        "mirrorTopics:\n  - name: a\n    maxLag: ${var:N}\n    replicationFactor: ${var:N}"
    ),
    "cluster": link("", ends='source: "${var:H}"\ndestination: east\n'),
    "tls": link("credentials:\n  tls: ${var:T}"),
    "mechanism": credentials(
        'sasl: {mechanism: "${var:K}", username: "${env:U}", password: "${env:P}"}'
    ),
    "known config": link(
        'configs: {topic.config.sync.ms: "30000${var:N}", acl.sync.ms: "${var:N}000"}'
    ),
    "switch": link(
        "configs:\n  auto.create.mirror.topics.enable: ${var:T}\ntopicFilters: [{name: a, filterType: INCLUDE}]"
    ),
    "protocol": credentials(
        'security.protocol: "SASL_SSL", sasl.mechanism: "${var:K}", sasl.jaas.config: "${env:J}"'
    ),
}


@pytest.mark.parametrize("text", WITH_VARIABLES.values(), ids=WITH_VARIABLES.keys())
def test_a_variable_may_stand_wherever_validate_lets_it(text: str) -> None:
    """No file is red in an editor for what a variable will hold."""
    assert errors(read(text, variables=ALL).diagnostics) == []
    assert in_editor(text)


BIDIRECTIONAL = "mirrorTopics: [{name: a, from: west}]"
USER = 'username: "${env:U}", password: "${env:P}"'
REFUSED = {
    "between one way": link("between: [west, east]"),
    "sides one way": link("sides: {west: {prefix: a.}}"),
    "source both ways": pair(body=f"source: west\n{BIDIRECTIONAL}"),
    "prefix both ways": pair(body=f"prefix: a.\n{BIDIRECTIONAL}"),
    "name and match": mirror('{name: a, match: "b*"}'),
    "except alone": mirror('{name: a, except: ["b"]}'),
    "empty item": mirror("{}"),
    "from one way": mirror("{name: a, from: west}"),
    "no from both ways": pair(body="mirrorTopics: [{name: a}]"),
    "a bare name both ways": pair(body="mirrorTopics: [a]"),
    "three sides": pair("west: {}\neast: {}\nnorth: {}"),
    "inbound with credentials": pair(f"west: {{connectionMode: inbound, credentials: {{sasl: {{mechanism: PLAIN, {USER}}}}}}}"),
    "literal user": credentials('sasl: {mechanism: PLAIN, username: me, password: "${env:P}"}'),
    "half literal password": credentials('sasl: {mechanism: PLAIN, username: "${env:U}", password: "x${env:P}"}'),
    "a variable as a password": credentials('sasl: {mechanism: PLAIN, username: "${env:U}", password: "${var:H}"}'),
    "literal trust": credentials("tls: {trust: PEM}"),
    "literal token": cluster("restEndpoint: http://h, auth: {bearer: {token: abc}}"),
    "PLAIN without password": credentials('sasl: {mechanism: PLAIN, username: "${env:U}"}'),
    "PLAIN with a client id": credentials(f'sasl: {{mechanism: PLAIN, {USER}, clientId: "${{env:I}}"}}'),
    "a protocol in lower case": credentials("security.protocol: sasl_ssl"),
    "a protocol twice": credentials(f"security.protocol: SASL_SSL, sasl: {{mechanism: PLAIN, {USER}}}"),
    "local where nothing comes back": credentials(f"local: {{sasl: {{mechanism: PLAIN, {USER}}}}}"),
    "no security config": credentials("acl.sync.ms: 1000"),
    "a number in words": link("configs: {consumer.offset.sync.ms: abc}"),
    "too small a number": link("configs: {consumer.offset.sync.ms: -1}"),
    "a switch in words": link('configs: {acl.sync.enable: "yes"}'),
    "an unknown choice": link("configs: {client.dns.lookup: sometimes}"),
    "a config that is a key": link("configs: {link.mode: SOURCE}"),
    "a security config": link("configs: {sasl.mechanism: PLAIN}"),
    "an empty config": link('configs: {some.thing: ""}'),
    "a reference in a config": link('configs: {some.thing: "${env:X}"}'),
    "a reset of a filter": link("resetConfigs: [acl.filters]"),
    "a followed topic config": mirror("{name: a, configs: {cleanup.policy: compact}}"),
}  # fmt: skip


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED.keys())
def test_what_validate_refuses_the_editor_refuses_where_it_can(text: str) -> None:
    """Modes, mechanisms, secrets and the values of known configs."""
    assert errors(read(text, variables=ALL).diagnostics) != []
    assert not in_editor(text)


@pytest.mark.parametrize("path", sorted(DOCS.glob("*.md")), ids=lambda path: path.stem)
def test_the_examples_of_the_documents_are_right_in_an_editor(path: Path) -> None:
    """So are those that `validate` calls valid."""
    texts = [part.partition("```")[0] for part in path.read_text("utf-8").split("```yaml\n")[1:]]
    assert texts
    for text in texts:
        if text.startswith("# yaml-language-server"):
            assert in_editor(text), text


def test_the_example_is_right_in_an_editor() -> None:
    """The file that everybody starts from."""
    assert in_editor(resource("links.example.yaml").decode())


def test_an_editor_sees_most_mistakes() -> None:
    """More than half of all broken inputs are red before anybody runs anything."""
    seen = 0
    cases = [case for case in (*SHAPE, *SECRETS, *MEANING) if case.variables is None]
    for case in cases:
        text, _ = marked(case.text)
        try:
            seen += not in_editor(text)
        except (yaml.YAMLError, TypeError, ValueError):
            continue
    assert seen > len(cases) / 2


@pytest.mark.parametrize("name", sorted(CATALOGUE.configs))
def test_the_editor_and_validate_agree_on_values_of_known_configs(name: str) -> None:
    """Over values of every kind, plain and in quotes."""
    secure = CATALOGUE.is_security(name)
    for value in ("true", '"true"', "false", "yes-no", "0", "1", "-1", "-2", '"1000"', "1000", "'99999999999999999999'",
                  "PLAIN", "SASL_SSL", "latest", "'2024-01-01'", "'${env:X}'", "https", "[a]", "null"):  # fmt: skip
        text = link(f"{'credentials' if secure else 'configs'}: {{{name}: {value}}}")
        found = load([Source(FILE, text.encode())], variables={}, catalogue=CATALOGUE, env=None)
        wrong = [
            code
            for code, _ in errors(found.diagnostics)
            if code not in {"switch-without-filter", "config-needs", "sync-include-incomplete"}
        ]
        blind = name.startswith("local.") or name.endswith("jaas.config") or "bad-form" in wrong
        if not wrong:
            assert in_editor(text), (text, found)
        elif not blind:
            assert not in_editor(text), (text, wrong)
