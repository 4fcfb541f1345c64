"""The rest of the language: credentials, filters, references, anchors, and what is only worth a warning."""

from __future__ import annotations

import pytest

from reconciler.cluster_linking.catalogue import CATALOGUE
from reconciler.model.clusters import BasicAuth, BearerAuth, NoAuth, OAuth, RestEndpoint
from reconciler.model.desired import DesiredHalf, DesiredMirror
from reconciler.model.diagnostics import Severity
from reconciler.model.filters import AclFilter, FilterKind, FilterSet, NameFilter
from reconciler.model.mirrors import MirrorGoal
from reconciler.model.secrets import Reference
from reconciler.spec import Source, load
from tests.spec.harness import SECRET, desired, document, errors, lines, link, mirror, read

VALUES = {"LINES": "one\r\ntwo", "U": 'us"er', "P": 'pa\\ss"word', "S": "s", "I": "i"}


def look_up(reference: Reference) -> str:
    """Values with everything in them that needs a backslash."""
    return VALUES.get(reference.name, f"<{reference.name}>")


def half(body: str) -> DesiredHalf:
    """The one link object of a link with these keys."""
    return desired(link(body)).links[0].halves[0]


def sent(body: str) -> dict[str, str]:
    """The credentials of a link as they are sent."""
    return {
        n: t.render(look_up).reveal() for n, t in half(f"credentials: {body}").credentials.items()
    }


def test_plain_in_short() -> None:
    """The JAAS line is composed, and values are quoted when they are sent."""
    assert sent('{sasl: {mechanism: PLAIN, username: "${env:U}", password: "${env:P}"}}') == {
        "security.protocol": "SASL_SSL",
        "sasl.mechanism": "PLAIN",
        "sasl.jaas.config": "org.apache.kafka.common.security.plain.PlainLoginModule required "
        'username="us\\"er" password="pa\\\\ss\\"word";',
    }


def test_scram_without_encryption() -> None:
    """`tls: false` is said in the protocol."""
    found = sent(
        '{sasl: {mechanism: SCRAM-SHA-512, username: "${env:I}", password: "${env:S}"}, tls: false}'
    )
    assert found["security.protocol"] == "SASL_PLAINTEXT"
    assert found["sasl.jaas.config"] == (
        'org.apache.kafka.common.security.scram.ScramLoginModule required username="i" password="s";'
    )


def test_oauth_in_short() -> None:
    """Token endpoint, handler and extensions go where Kafka wants them."""
    found = sent(
        '{sasl: {mechanism: OAUTHBEARER, clientId: "${env:I}", clientSecret: "${env:S}", tokenUrl: "https://i/t", '
        "scope: kafka, extensions: {logicalCluster: lkc-1, identityPoolId: pool-1}}}"
    )
    assert found == {
        "security.protocol": "SASL_SSL",
        "sasl.mechanism": "OAUTHBEARER",
        "sasl.oauthbearer.token.endpoint.url": "https://i/t",
        "sasl.login.callback.handler.class": "org.apache.kafka.common.security.oauthbearer."
        "OAuthBearerLoginCallbackHandler",
        "sasl.jaas.config": "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required "
        'clientId="i" clientSecret="s" scope="kafka" extension_identityPoolId="pool-1" '
        'extension_logicalCluster="lkc-1";',
    }


def test_kerberos_in_short() -> None:
    """GSSAPI needs no secret in the file: the key tab is on the brokers."""
    found = sent("{sasl: {mechanism: GSSAPI, principal: link@EX, keyTab: /k}, tls: false}")
    assert found == {
        "security.protocol": "SASL_PLAINTEXT",
        "sasl.mechanism": "GSSAPI",
        "sasl.kerberos.service.name": "kafka",
        "sasl.jaas.config": "com.sun.security.auth.module.Krb5LoginModule required useKeyTab=true storeKey=true "
        'keyTab="/k" principal="link@EX";',
    }


def test_mutual_tls_in_short() -> None:
    """PEM texts come from files that lie beside the YAML."""
    found = sent(
        '{tls: {trust: "${file:ca.pem}", certificate: "${file:c.pem}", key: "${file:/k.pem}", '
        'keyPassword: "${env:S}", verifyHostname: false}}'
    )
    assert found == {
        "security.protocol": "SSL",
        "ssl.truststore.type": "PEM",
        "ssl.truststore.certificates": "<ca.pem>",
        "ssl.keystore.type": "PEM",
        "ssl.keystore.certificate.chain": "<c.pem>",
        "ssl.keystore.key": "</k.pem>",
        "ssl.key.password": "s",
        "ssl.endpoint.identification.algorithm": "",
    }


@pytest.mark.parametrize(("said", "algorithm"), [("true", "https"), ("false", "")])
def test_whether_host_names_are_compared_is_declared_either_way(said: str, algorithm: str) -> None:
    """What is written out is compared with the link, so that a check that was turned off can be turned on again."""
    found = sent(f"{{tls: {{verifyHostname: {said}}}}}")
    assert found == {
        "security.protocol": "SSL",
        "ssl.endpoint.identification.algorithm": algorithm,
    }


def test_references_inside_a_jaas_line_are_quoted_too() -> None:
    """No value ends its string or adds an option; a line end would close the quotes, so it is escaped as well."""
    login = '{security.protocol: SASL_SSL, sasl.jaas.config: "m required username=%s password=%s;"}'
    assert sent(login % (r"\"a\\\"${env:U}\"", "'${env:P}'"))["sasl.jaas.config"] == (
        'm required username="a\\"us\\"er" password="pa\\\\ss\\"word";'
    )
    assert sent(login % (r"\"${env:LINES}\"", "${env:S}"))["sasl.jaas.config"] == (
        'm required username="one\\r\\ntwo" password="s";'
    )


def test_a_bare_reference_in_a_jaas_line_cannot_add_options() -> None:
    """A value that nobody quoted is quoted for its author: blanks and semicolons in it stay a value."""
    login = '{security.protocol: SASL_SSL, sasl.jaas.config: "m required password=${env:P} username= ${env:U};"}'
    escaped = {name: v.replace("\\", "\\\\").replace('"', '\\"') for name, v in VALUES.items()}
    assert sent(login)["sasl.jaas.config"] == (
        f'm required password="{escaped["P"]}" username= "{escaped["U"]}";'
    )


def test_a_whole_jaas_line_is_sent_as_it_is() -> None:
    """What comes from outside in one piece was quoted there."""
    assert sent('{security.protocol: SASL_SSL, sasl.jaas.config: "${env:U}"}')[
        "sasl.jaas.config"
    ] == ('us"er')


def test_harmless_options_of_a_jaas_line_may_be_written_out() -> None:
    """A user name, a path or a switch is no secret."""
    line = 'm Required username="me" clientId=me useKeyTab=true keyTab="/k" password = "${env:S}" ;'
    text = f"credentials: {{security.protocol: SASL_SSL, sasl.jaas.config: '{line}'}}"
    assert read(link(text)).diagnostics == ()


@pytest.mark.parametrize(
    "options",
    [
        'useKeyTab=true storeKey=true keyTab="/etc/link.keytab" principal="link@EXAMPLE.COM"',
        "useTicketCache=true",
    ],
)
def test_a_login_without_a_secret_may_be_written_out(options: str) -> None:
    """Kerberos has its key in a file on the brokers."""
    line = f"com.sun.security.auth.module.Krb5LoginModule required {options};"
    login = "security.protocol: SASL_SSL, sasl.mechanism: GSSAPI"
    assert read(link(f"credentials: {{{login}, sasl.jaas.config: '{line}'}}")).diagnostics == ()


def test_where_credentials_come_from_is_no_secret() -> None:
    """It is a word like USER_INFO; that linkctl does not know the config is said."""
    [finding] = read(link("configs: {basic.auth.credentials.source: USER_INFO}")).diagnostics
    assert finding.code == "unknown-config"


@pytest.mark.parametrize(
    ("row", "names"),
    [
        ('{name: x, ".a": 1}', {".a"}),
        ("{name: x, a: {c: 1}, a.b: 1}", {"a", "a.b"}),
        ("{name: x, retention.ms: 5}", {"retention.ms"}),
    ],
)
def test_unknown_properties_of_a_row_may_have_dots(row: str, names: set[str]) -> None:
    """They are kept as they are, and each is told where it stands."""
    text = link(f"{GROUPS}[{row}]")
    [rows] = half(f"{GROUPS}[{row}]").filters.values()
    assert {name for each in rows for name, _ in each.extra} == names
    found = read(text).diagnostics
    assert [d.code for d in found] == ["unknown-filter-property"] * len(names)
    line = text.split("\n")[found[0].position.line - 1] if found[0].position else ""
    for finding in found:
        assert finding.position is not None
        assert line[finding.position.column - 1 :].lstrip('"').startswith(tuple(names))


def test_unknown_properties_are_sorted_over_the_whole_row() -> None:
    """So that a row equals the live one, however the file puts them."""
    acl = "{resourceFilter: {resourceType: any, patternType: any, b: 1}, zone: 1, accessFilter: {operation: any, permissionType: any, c: 1}}"
    [rows] = half(f"configs: {{acl.sync.enable: true}}\naclFilters: [{acl}]").filters.values()
    [row] = rows
    assert [name for name, _ in row.extra] == ["accessFilter.c", "resourceFilter.b", "zone"]


def test_a_link_that_is_to_go_is_not_judged_as_if_it_stayed() -> None:
    """Of its configs, switches and filters nothing is sent."""
    text = link(
        "state: absent\nconfigs: {acl.sync.enable: true}\ntopicFilters: [{name: a}]\n"
        "mirrorTopics: [{name: a, state: absent}]"
    ).replace(
        "version: 1\n",
        "version: 1\ndefaults: {configs: {auto.create.mirror.topics.enable: true}}\n",
    )
    assert read(text).diagnostics == ()


def test_an_exclude_over_many_includes_is_told_once() -> None:
    """The slip is the EXCLUDE."""
    includes = ", ".join(f"{{name: g{number}}}" for number in range(9))
    [finding] = read(link(f'{GROUPS}[{includes}, {{name: "*", filterType: EXCLUDE}}]')).diagnostics
    assert (finding.code, len(finding.related)) == ("dead-filter", 5)
    assert "9 INCLUDEs" in finding.message


def test_a_secret_header_is_a_reference() -> None:
    """It is resolved when it is sent; other headers may be written out."""
    auth = endpoint(
        'auth: {oauth: {tokenUrl: "https://i/t", clientId: "${env:I}", clientSecret: "${env:S}", '
        'headers: {X-Api-Key: "${env:K}", X-Pool: p}}}'
    ).auth
    assert isinstance(auth, OAuth)
    (key, reference), pool = auth.headers
    assert (key, str(reference), pool) == ("X-Api-Key", "${env:K}", ("X-Pool", "p"))


def test_a_token_url_of_a_link_may_be_a_reference() -> None:
    """Like everything under `credentials`."""
    found = sent(
        '{sasl: {mechanism: OAUTHBEARER, clientId: "${env:I}", clientSecret: "${env:S}", tokenUrl: "${env:URL}"}}'
    )
    assert found["sasl.oauthbearer.token.endpoint.url"] == "<URL>"


def test_the_kerberos_service_name_is_known() -> None:
    """What the short form writes can be written by name as well, and is compared."""
    text = 'credentials: {security.protocol: SASL_SSL, sasl.jaas.config: "${file:j}", sasl.kerberos.service.name: kafka}'
    assert read(link(text)).diagnostics == ()
    assert not CATALOGUE.is_sensitive("sasl.kerberos.service.name")


def test_raw_keys_are_sent_as_they_stand() -> None:
    """Kafka's own names work beside the short forms; a switch takes Kafka's spelling."""
    assert sent(
        "{security.protocol: SASL_SSL, sasl.jaas.config: 'm required password=\"${env:S}\";', "
        'ssl.endpoint.identification.algorithm: ""}'
    ) == {
        "security.protocol": "SASL_SSL",
        "sasl.jaas.config": 'm required password="s";',
        "ssl.endpoint.identification.algorithm": "",
    }


def endpoint(cluster: str) -> RestEndpoint:
    """The REST endpoint of a cluster with these keys."""
    text = document(clusters=f'c: {{restEndpoint: "https://c/kafka/v3", {cluster}}}\n')
    rest = desired(text).clusters["c"].rest
    assert rest is not None
    return rest


def test_rest_calls_authenticate_as_the_file_says() -> None:
    """None, basic, bearer and OAuth2 client credentials, with references only."""
    assert endpoint("auth: none").auth == NoAuth()
    basic = endpoint('auth: {basic: {username: "${env:U}", password: "${env:P}"}}').auth
    assert isinstance(basic, BasicAuth)
    assert basic.password.render(look_up).reveal() == VALUES["P"]
    bearer = endpoint('auth: {bearer: {token: "${file:token}"}}').auth
    assert isinstance(bearer, BearerAuth)
    assert str(bearer.token) == "${file:token}"
    oauth = endpoint(
        'auth: {oauth: {tokenUrl: "https://i/t", clientId: "${env:I}", clientSecret: "${env:S}", scope: kafka, '
        "headers: {Confluent-Identity-Pool-Id: pool-1}}}"
    ).auth
    assert isinstance(oauth, OAuth)
    assert (oauth.token_url, oauth.scope) == ("https://i/t", "kafka")
    assert oauth.headers == (("Confluent-Identity-Pool-Id", "pool-1"),)


def test_certificates_are_found_beside_their_file() -> None:
    """Paths are relative to the file that names them."""
    text = 'version: 1\nclusters: {c: {restEndpoint: "https://c/v3", tls: {caFile: ./ca.pem, certFile: c, keyFile: /k}}}\n'
    loaded = load(
        [Source("conf/links.yaml", text.encode())], variables={}, catalogue=CATALOGUE, env=None
    )
    assert loaded.desired is not None
    rest = loaded.desired.clusters["c"].rest
    assert rest is not None
    assert (rest.tls.ca_file, rest.tls.cert_file, rest.tls.key_file) == (
        "conf/ca.pem",
        "conf/c",
        "/k",
    )


def test_everything_under_auth_and_tls_may_be_a_reference() -> None:
    """It stays one until a request needs it; what a path's reference stands for is relative to the file."""
    text = (
        "version: 1\nclusters: {c: {restEndpoint: 'https://c/v3', auth: {oauth: {tokenUrl: '${env:BASE}/token', clientId: "
        "'${env:I}', clientSecret: '${env:S}', scope: 'a ${env:SCOPE}', headers: {X-A: '${env:H}'}}}, "
        "tls: {caFile: '${env:CA}', certFile: '${file:cert-path}', keyFile: 'keys/${env:K}', keyPassword: '${env:W}'}}}\n"
    )
    loaded = load(
        [Source("conf/links.yaml", text.encode())], variables={}, catalogue=CATALOGUE, env=None
    )
    assert loaded.desired is not None, lines(loaded.diagnostics)
    cluster = loaded.desired.clusters["c"]
    names = ["BASE", "I", "S", "SCOPE", "H", "CA", "conf/cert-path", "K", "W"]
    assert [reference.name for reference in cluster.references()] == names
    assert cluster.rest is not None
    assert cluster.rest.tls.folder == "conf"
    assert str(cluster.rest.tls.ca_file) == "${env:CA}"


@pytest.mark.parametrize("url", ["${env:URL}", "${env:BASE}/token", "https://${env:HOST}/token"])
def test_a_token_url_may_hold_references(url: str) -> None:
    """As a whole or in part, for REST calls and for links."""
    own = f"{{tokenUrl: '{url}', clientId: '${{env:I}}', clientSecret: '${{env:S}}'}}"
    assert isinstance(endpoint(f"auth: {{oauth: {own}}}").auth, OAuth)
    assert sent(f"{{sasl: {{mechanism: OAUTHBEARER, {own[1:-1]}}}}}")


def test_filters_are_sets() -> None:
    """Order and repetition mean nothing; missing words have Kafka's defaults; unknown properties are kept."""
    first = half(
        "configs: {consumer.offset.sync.enable: true}\ngroupFilters: [{name: a}, {name: b, patternType: PREFIXED, "
        "filterType: EXCLUDE, topicTypes: [x, 1]}]"
    )
    wanted: FilterSet = frozenset(
        {
            NameFilter("a"),
            NameFilter("b", "PREFIXED", "EXCLUDE", (("topicTypes", '["x",1]'),)),
        }
    )
    assert first.filters[FilterKind.GROUP] == wanted


def test_no_filters_is_not_the_same_as_unmanaged_filters() -> None:
    """`[]` owns the list and wants it empty; a missing list is left alone."""
    found = half("topicFilters: []")
    assert found.filters == {FilterKind.TOPIC: frozenset()}


def test_acl_filters_are_typed() -> None:
    """The vendor's nested form, flattened; what is missing means any."""
    found = half(
        "configs: {acl.sync.enable: true}\naclFilters:\n"
        "  - {resourceFilter: {resourceType: topic, patternType: prefixed, name: o}, "
        "accessFilter: {operation: read, permissionType: allow, principal: 'User:a'}}\n"
    )
    wanted: FilterSet = frozenset(
        {AclFilter("topic", "prefixed", "read", "allow", resource_name="o", principal="User:a")}
    )
    assert found.filters[FilterKind.ACL] == wanted


def mirrors(*items: str) -> tuple[DesiredMirror, ...]:
    """The mirror topics of a link with these items."""
    return (
        desired(link("mirrorTopics:\n" + "".join(f"  - {item}\n" for item in items)))
        .links[0]
        .mirrors
    )


def test_mirror_topics_have_a_short_and_a_long_form() -> None:
    """A name alone means active; all states and properties are kept."""
    plain, full = mirrors(
        "plain",
        '{name: "full", state: failed_over, maxLag: 5, replicationFactor: 3, configs: {a.b: true, c.d: 0x10}}',
    )[::-1]
    assert (plain.source_topic, plain.goal, plain.max_lag) == ("plain", MirrorGoal.ACTIVE, None)
    assert (full.goal, full.max_lag, full.replication_factor) == (MirrorGoal.FAILED_OVER, 5, 3)
    assert full.configs == {"a.b": "true", "c.d": "16"}


def test_patterns_stay_patterns() -> None:
    """`match` is for planning to expand: files alone cannot know the topics."""
    (found,) = (
        desired(mirror('{match: "orders*", except: ["*-tmp", "*-old"], state: paused}'))
        .links[0]
        .patterns
    )
    assert (found.match, found.excludes, found.goal) == (
        "orders*",
        ("*-old", "*-tmp"),
        MirrorGoal.PAUSED,
    )


def test_configs_take_kafkas_spelling() -> None:
    """Switches in small letters, whole numbers in decimal, everything else as it was written."""
    found = half(
        "configs: {consumer.offset.sync.enable: FALSE, acl.sync.ms: 0x1000, a.b: 1.50, c.d: 1e3, e.f: Mixed}"
    )
    assert found.configs == {
        "consumer.offset.sync.enable": "false",
        "acl.sync.ms": "4096",
        "a.b": "1.50",
        "c.d": "1e3",
        "e.f": "Mixed",
    }


def test_anchors_and_merge_keys_work() -> None:
    """Own keys beat merged ones, earlier merges beat later ones, and `x-` keys are a home for anchors."""
    text = (
        link("configs: {<<: [*one, *two], acl.sync.ms: 3000}")
        .replace(
            "version: 1\n",
            "version: 1\nx-one: &one {acl.sync.ms: 1000, topic.config.sync.ms: 1000}\n"
            "x-two: &two {topic.config.sync.ms: 2000, consumer.offset.sync.ms: 2000, surely: [not, checked]}\n",
        )
        .replace(", surely: [not, checked]", "")
    )
    assert desired(text).links[0].halves[0].configs == {
        "acl.sync.ms": "3000",
        "topic.config.sync.ms": "1000",
        "consumer.offset.sync.ms": "2000",
    }


def test_x_keys_are_not_looked_into() -> None:
    """Whatever is under them: no complaint."""
    assert read(document(top='x-junk: {a: [1, {b: "${env:A}"}], name: 7}\n')).diagnostics == ()


def test_variables_are_plain_text_anywhere() -> None:
    """Names, keys and numbers; what a variable holds is never read as a reference."""
    text = link(
        "configs:\n  acl.sync.ms: ${var:MS}\n  a.b: \"${var:MS}\"\n  c.d: '${var:RAW}'\n  e.f: x$${env:Y}",
        name="name: ${var:STAGE}-link\n",
    ).replace("west", "${var:STAGE}")
    state = desired(text, variables={"MS": "0x1000", "STAGE": "prod", "RAW": "${env:SECRET}"})
    assert set(state.clusters) == {"prod", "east"}
    assert state.links[0].name == "prod-link"
    assert state.links[0].halves[0].configs == {
        "acl.sync.ms": "4096",
        "a.b": "0x1000",
        "c.d": "${env:SECRET}",
        "e.f": "x${env:Y}",
    }


def test_a_variable_may_hold_what_the_file_may_not() -> None:
    """Words of YAML 1.1 come in as text: the file's author cannot quote them there."""
    assert half_with_variable("on") == "on"
    assert half_with_variable("012") == "012"


def half_with_variable(value: str) -> str:
    """The spelling of a config that comes from a variable."""
    state = desired(link("configs:\n  a.b: ${var:V}"), variables={"V": value})
    return state.links[0].halves[0].configs["a.b"]


CLOUD = (
    ("http://east:8090", "https://pkc-1.aws.confluent.cloud:443"),
    ("east: {", "east: {clusterId: lkc-1, "),
)


def on_cloud(text: str) -> str:
    """The same document with its destination on Confluent Cloud."""
    for platform, cloud in CLOUD:
        text = text.replace(platform, cloud)
    return text


TOPICS = "configs: {auto.create.mirror.topics.enable: true}\ntopicFilters: "
GROUPS = "configs: {consumer.offset.sync.enable: true}\ngroupFilters: "
TWO_WITH_PROTECTION = mirror("users").replace(
    "version: 1\n", 'version: 1\nprotect: [user*, "paymnts*"]\n'
)
WARNINGS = {
    "unknown config": (link("configs: {consumer.ofset.sync.ms: 5}"), "unknown-config", "9:15"),
    "unknown security config": (link("credentials: {ssl.brand.new: x}"), "unknown-config", "9:19"),
    "SASL without JAAS": (
        link("credentials: {security.protocol: SASL_SSL}"),
        "credentials-incomplete",
        "9:38",
    ),
    "mechanism without JAAS": (
        link("credentials: {security.protocol: SASL_SSL, sasl.mechanism: PLAIN}"),
        "credentials-incomplete",
        "9:38",
    ),
    "JAAS without protocol": (
        link('credentials: {sasl.mechanism: PLAIN, sasl.jaas.config: "${file:j}"}'),
        "credentials-incomplete",
        "9:19",
    ),
    "JAAS with TLS alone": (
        link('credentials: {security.protocol: SSL, sasl.jaas.config: "${file:j}"}'),
        "credentials-incomplete",
        "9:43",
    ),
    "PLAIN in clear": (
        link(
            'credentials: {tls: false, sasl: {mechanism: PLAIN, username: "${env:U}", password: "${env:P}"}}'
        ),
        "credentials-in-clear",
        "9:37",
    ),
    "client secret in clear": (
        link(
            "credentials: {sasl: {mechanism: OAUTHBEARER, "
            'tokenUrl: "http://i/t", clientId: "${env:I}", clientSecret: "${env:S}"}}'
        ),
        "credentials-in-clear",
        "9:60",
    ),
    "REST client secret in clear": (
        document(
            clusters='c: {restEndpoint: "https://c/v3", auth: {oauth: {tokenUrl: "http://i/t", '
            'clientId: "${env:I}", clientSecret: "${env:S}"}}}\n'
        ),
        "credentials-in-clear",
        "3:62",
    ),
    "host names unchecked": (
        link("credentials: {tls: {verifyHostname: false}}"),
        "insecure-tls",
        "9:19",
    ),
    "a topic's own config in the sync list": (
        link(
            "configs: {topic.config.sync.include: 'cleanup.policy,max.message.bytes,message.timestamp.type,"
            "message.timestamp.difference.max.ms,confluent.placement.constraints'}"
        ),
        "never-synced",
        "9:42",
    ),
    "insecure": (
        document(clusters='c: {restEndpoint: "https://c/v3", tls: {insecure: true}}\n'),
        "insecure-tls",
        "3:43",
    ),
    "in clear": (
        document(
            clusters='c: {restEndpoint: "http://c/v3", auth: {bearer: {token: "${env:T}"}}}\n'
        ),
        "credentials-in-clear",
        "3:51",
    ),
    "auth without use": (
        document(clusters='c: {auth: {bearer: {token: "${env:T}"}}}\n'),
        "unused-key",
        "3:7",
    ),
    "odd path": (
        document(clusters='c: {restEndpoint: "http://c:8090"}\n'),
        "unusual-rest-path",
        "3:21",
    ),
    "read only on Cloud": (
        on_cloud(link("configs: {request.timeout.ms: 5}")),
        "read-only-on-cloud",
        "9:15",
    ),
    "read-only reset on Cloud": (
        on_cloud(link("resetConfigs: [availability.check.ms]")),
        "read-only-on-cloud",
        "9:20",
    ),
    "read-only credential on Cloud": (
        on_cloud(link("credentials: {security.protocol: SSL, ssl.keystore.location: /k}")),
        "read-only-on-cloud",
        "9:43",
    ),
    "two replicas on Cloud": (
        on_cloud(mirror("{name: a, replicationFactor: 2}")),
        "replicas-on-cloud",
        "10:19",
    ),
    "long prefix": (link("prefix: longer-than-12"), "long-prefix", "9:13"),
    "topic that stands for all": (mirror('"-"'), "reserved-name", "10:9"),
    "match that no name fits": (mirror('{match: "orders/*"}'), "dead-match", "10:17"),
    "match of an empty set": (mirror('{match: "a[ /]*"}'), "dead-match", "10:17"),
    "except that takes all": (
        mirror('{match: "ord*", except: ["*tmp", "or*"]}'),
        "dead-match",
        "10:17",
    ),
    "except that takes nothing": (
        mirror('{match: "ord*", except: ["*tmp", "pay*"]}'),
        "dead-except",
        "10:17",
    ),
    "topic row with a slash": (link(TOPICS + "[{name: a/b}]"), "no-such-name", "10:20"),
    "topic row too long": (
        link(TOPICS + f"[{{name: a}}, {{name: {'a' * 250}, patternType: PREFIXED}}]"),
        "no-such-name",
        "10:31",
    ),
    "glob as a literal topic": (link(TOPICS + '[{name: "a*"}]'), "star-in-name", "10:20"),
    "glob as a literal group": (link(GROUPS + '[{name: "a*"}]'), "star-in-name", "10:20"),
    "protects nothing": (TWO_WITH_PROTECTION, "protects-nothing", "2:18"),
    "repeated row": (
        link(GROUPS + "[{name: a}, {filterType: INCLUDE, name: a}]"),
        "repeated-filter",
        "10:31",
    ),
    "shadowed by everything": (
        link(GROUPS + '[{name: a}, {name: "*", filterType: EXCLUDE}]'),
        "dead-filter",
        "10:31",
    ),
    "shadowed by its twin": (
        link(GROUPS + "[{name: a}, {name: a, filterType: EXCLUDE}]"),
        "dead-filter",
        "10:31",
    ),
    "shadowed by a prefix": (
        link(
            GROUPS
            + "[{name: ab, patternType: PREFIXED}, {name: a, patternType: PREFIXED, filterType: EXCLUDE}]"
        ),
        "dead-filter",
        "10:55",
    ),
    "only excludes": (
        link(GROUPS + "[{name: a, filterType: EXCLUDE}]"),
        "nothing-included",
        "10:5",
    ),
    "star in a prefix": (
        link(GROUPS + '[{name: "a*", patternType: PREFIXED}]'),
        "star-in-prefix",
        "10:20",
    ),
    "new filter property": (
        link(GROUPS + "[{name: a, topicTypes: x}]"),
        "unknown-filter-property",
        "10:30",
    ),
}


@pytest.mark.parametrize("case", WARNINGS.values(), ids=WARNINGS.keys())
def test_what_is_only_suspicious_is_warned_of(case: tuple[str, str, str]) -> None:
    """A warning has code, place and cure, and the file still loads."""
    text, code, place = case
    loaded = read(text)
    assert [(d.code, d.severity, d.where) for d in loaded.diagnostics] == [
        (code, Severity.WARNING, f"links.yaml:{place}")
    ]
    assert loaded.diagnostics[0].cure
    assert loaded.desired is not None


@pytest.mark.parametrize(
    "text",
    [
        on_cloud(mirror("{name: a, replicationFactor: 3}")),
        mirror("{name: a, replicationFactor: 2}"),
        link("prefix: w.\nmirrorTopics: ['-']"),
        mirror('{match: "*", except: ["*tmp", "_*", "[!a-z]*"]}'),
        link(GROUPS + '[{name: "a b/c"}]'),
    ],
)
def test_what_can_matter_is_not_warned_of(text: str) -> None:
    """Three replicas, a prefix before `-`, patterns that overlap in part, and whatever groups are called."""
    assert read(text).diagnostics == ()


LIVELY = {
    "an EXCLUDE inside an INCLUDE": '[{name: "*"}, {name: a, filterType: EXCLUDE}]',
    "a narrower EXCLUDE": "[{name: a, patternType: PREFIXED}, {name: ab, patternType: PREFIXED, filterType: EXCLUDE}]",
    "a literal beside a longer prefix": "[{name: a}, {name: ab, patternType: PREFIXED, filterType: EXCLUDE}]",
    "everything by a prefix": '[{name: a, patternType: PREFIXED}, {name: "b", filterType: EXCLUDE}]',
}


@pytest.mark.parametrize("rows", LIVELY.values(), ids=LIVELY.keys())
def test_filters_that_do_something_are_not_warned_of(rows: str) -> None:
    """An INCLUDE that lets in at least one name is not dead."""
    assert read(link(GROUPS + rows)).diagnostics == ()


def test_protection_is_not_judged_where_names_are_open() -> None:
    """With `match`, files cannot know what exists."""
    assert (
        read(
            mirror('{match: "*"}').replace("version: 1\n", "version: 1\nprotect: [payments*]\n")
        ).diagnostics
        == ()
    )


def test_unset_references_are_warned_of_once() -> None:
    """Each name and each path once, where it is first used; which files there are is somebody else's to say."""
    text = document(
        clusters='c: {restEndpoint: "https://c/v3", auth: {basic: {username: "${env:U}", password: "${env:U}"}}}\n'
        'd: {restEndpoint: "https://d/v3", auth: {basic: {username: "${env:SET}", password: "${file:p}"}}}\n'
        'e: {restEndpoint: "https://e/v3", auth: {basic: {username: "${file:q}", password: "${file:p}"}}}\n'
    )
    loaded = load(
        [Source("conf/links.yaml", text.encode())],
        variables={},
        catalogue=CATALOGUE,
        env={"SET": SECRET},
        file_fault=lambda path: "is not there" if path == "conf/p" else None,
    )
    assert [(d.code, d.where) for d in loaded.diagnostics] == [
        ("unset-reference", "conf/links.yaml:3:62"),
        ("unset-reference", "conf/links.yaml:4:86"),
    ]
    assert "`${file:conf/p}` is not there" in loaded.diagnostics[1].message
    assert loaded.desired is not None


@pytest.mark.parametrize(
    ("url", "warned"), [("http://i/t", True), ("HTTP://i", True), ("https://i/t", False)]
)
def test_a_token_url_that_is_known_to_be_http_is_warned_of(url: str, *, warned: bool) -> None:
    """The variable is set: for REST calls and for links, and without a word of its value."""
    own = "tokenUrl: '${env:URL}', clientId: '${env:URL}', clientSecret: '${env:URL}'"
    text = (
        link(f"credentials: {{sasl: {{mechanism: OAUTHBEARER, {own}}}}}")
        .replace("east: {", f"east: {{auth: {{oauth: {{{own}}}}}, ")
        .replace("http://east", "https://east")
    )
    loaded = load(
        [Source("links.yaml", text.encode())], variables={}, catalogue=CATALOGUE, env={"URL": url}
    )
    found = ["credentials-in-clear"] * 2 if warned else []
    assert [d.code for d in loaded.diagnostics] == found
    assert url not in "".join(lines(loaded.diagnostics))


def test_order_in_the_file_does_not_matter() -> None:
    """The same declarations in another order give the same state but for positions (P8)."""
    items = ["b", "{name: a, state: paused}", "{name: c, maxLag: 1}"]
    assert [m.address for m in mirrors(*items)] == [m.address for m in mirrors(*reversed(items))]
    assert errors(read(link()).diagnostics) == []
