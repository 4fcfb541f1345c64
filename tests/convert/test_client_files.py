"""`convert` takes the files that people have: those of clients, Java's and librdkafka's, which say more than a link
wants, or the same in other words.
"""

from __future__ import annotations

import pytest

from reconciler.cluster_linking import CATALOGUE
from reconciler.model.desired import DesiredHalf
from reconciler.model.diagnostics import Severity
from reconciler.model.errors import InputError
from reconciler.spec import Source, load
from reconciler.workflows.convert import Converted, Files, Names, convert
from reconciler.workflows.converting.client_settings import is_for_clients

SECRETS = ("m4rk3r-user", "m4rk3r-pass")
ADDRESS = "bootstrap.servers=pkc-1.eu.aws.confluent.cloud:9092\n"
OF_JAVA = f"""\
# Required connection configs for Kafka producer, consumer, and admin
{ADDRESS}security.protocol=SASL_SSL
sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username='{SECRETS[0]}' password='{SECRETS[1]}';
sasl.mechanism=PLAIN
# Required for correctness in Apache Kafka clients prior to 2.6
client.dns.lookup=use_all_dns_ips

# Best practice for higher availability in Apache Kafka clients prior to 3.0
session.timeout.ms=45000

# Best practice for Kafka producer to prevent data loss
acks=all

client.id=ccloud-java-client-1

# Required connection configs for Confluent Cloud Schema Registry
schema.registry.url=https://psrc-1.eu.aws.confluent.cloud
basic.auth.credentials.source=USER_INFO
basic.auth.user.info={":".join(SECRETS)}
"""
LOGIN = f"sasl.username={SECRETS[0]}\nsasl.password={SECRETS[1]}\n"
OF_LIBRDKAFKA = f"""\
{ADDRESS}security.protocol=SASL_SSL
sasl.mechanisms=PLAIN
{LOGIN}
session.timeout.ms=45000
client.id=ccloud-python-client-1
"""
PLAIN = "security.protocol=SASL_SSL\nsasl.mechanisms=PLAIN\n" + LOGIN
OAUTH = f"""\
security.protocol=SASL_SSL
sasl.mechanisms=OAUTHBEARER
sasl.oauthbearer.method=oidc
sasl.oauthbearer.client.id={SECRETS[0]}
sasl.oauthbearer.client.secret={SECRETS[1]}
sasl.oauthbearer.token.endpoint.url=https://idp/token
"""


def converted(text: str) -> Converted:
    found = convert(
        Names("l", "b", "a", ("t",)), Files((Source("client.properties", text.encode()),))
    )
    assert not any(secret in repr(found) for secret in SECRETS)
    return found


def half(found: Converted) -> DesiredHalf:
    source = Source("links.yaml", found.text.encode())
    loaded = load([source], variables={}, catalogue=CATALOGUE, env=None)
    assert loaded.desired is not None, loaded.diagnostics
    assert loaded.diagnostics == ()
    (link,) = loaded.desired.links
    return link.halves[0]


def lines(found: Converted, code: str) -> list[int]:
    return [d.position.line for d in found.diagnostics if d.code == code and d.position]


def credentials(text: str) -> str:
    """What stands below `credentials`, on as many lines as it has."""
    below = converted(text).text.partition("    credentials:\n")[2]
    return below.partition("    mirrorTopics:")[0]


def test_the_file_that_confluent_cloud_offers_for_java() -> None:
    """Its login is that of the link; what is for producers, consumers and Schema Registry is left out, and said."""
    found = converted(OF_JAVA)
    assert lines(found, "convert-dropped") == [10, 13, 15, 18, 19, 20]
    assert lines(found, "convert-secret") == [4]
    link = half(found)
    assert link.configs == {"client.dns.lookup": "use_all_dns_ips"}
    assert sorted(link.credentials) == ["sasl.jaas.config", "sasl.mechanism", "security.protocol"]


def test_the_file_that_confluent_cloud_offers_for_librdkafka() -> None:
    """User and password become references in the short form, which composes the JAAS line."""
    found = converted(OF_LIBRDKAFKA)
    assert lines(found, "convert-dropped") == [7, 8]
    assert lines(found, "convert-secret") == [4, 5]
    assert credentials(OF_LIBRDKAFKA) == (
        "      sasl:\n"
        "        mechanism: PLAIN\n"
        '        username: "${env:B_L_SASL_USERNAME}"\n'
        '        password: "${env:B_L_SASL_PASSWORD}"\n'
    )
    link = half(found)
    assert link.configs == {}
    assert sorted(link.credentials) == ["sasl.jaas.config", "sasl.mechanism", "security.protocol"]
    assert str(link.credentials["sasl.jaas.config"]).count("${env:") == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PLAIN.replace("mechanisms", "mechanism").replace("SASL_SSL", "sasl_ssl"), {"security.protocol": "SASL_SSL", "sasl.mechanism": "PLAIN"}),
        (PLAIN.replace("SASL_SSL", "sasl_plaintext").replace("PLAIN\n", "SCRAM-SHA-512\n"), {"security.protocol": "SASL_PLAINTEXT", "sasl.mechanism": "SCRAM-SHA-512"}),
        (PLAIN + "ssl.ca.location=/etc/ca.pem\n", {"ssl.truststore.type": "PEM"}),
        (PLAIN + "ssl.ca.location=probe\nssl.cipher.suites=DEFAULT\n", {"security.protocol": "SASL_SSL"}),
        ("security.protocol=ssl\nssl.certificate.location=c.pem\nssl.key.location=k.pem\nssl.key.password=m4rk3r-pass\n", {"security.protocol": "SSL", "ssl.keystore.type": "PEM"}),
        ("ssl.ca.location=ca.pem\n", {"security.protocol": "PLAINTEXT"}),
        ("security.protocol=SSL\nssl.ca.location=probe\n", {"security.protocol": "SSL"}),
        ("security.protocol=SASL_SSL\nsasl.mechanisms=OAUTHBEARER\nsasl.oauthbearer.method=oidc\nsasl.oauthbearer.client.id=m4rk3r-user\nsasl.oauthbearer.client.secret=m4rk3r-pass\nsasl.oauthbearer.token.endpoint.url=https://idp/token\nsasl.oauthbearer.scope=kafka\n", {"sasl.mechanism": "OAUTHBEARER", "sasl.oauthbearer.token.endpoint.url": "https://idp/token"}),
        ("security.protocol=SASL_SSL\nsasl.mechanisms=GSSAPI\nsasl.kerberos.principal=link@EXAMPLE.COM\nsasl.kerberos.keytab=/etc/link.keytab\nsasl.kerberos.service.name=kafka\n", {"sasl.mechanism": "GSSAPI", "sasl.kerberos.service.name": "kafka"}),
    ],
)  # fmt: skip
def test_what_librdkafka_says_in_its_words(text: str, expected: dict[str, str]) -> None:
    """Each way to connect that a link has too is converted, without a warning of the result."""
    link = half(converted(ADDRESS + text))
    shown = {name: str(link.credentials[name]) for name in expected}
    assert {n: "".join(map(str, link.credentials[n].parts)) for n in expected} == expected, shown


def test_a_name_check_that_is_off_stays_off() -> None:
    """And is warned of, as in any links.yaml."""
    found = converted(ADDRESS + PLAIN + "ssl.endpoint.identification.algorithm=none\n")
    assert "      tls:\n        verifyHostname: false\n" in found.text
    assert [d.code for d in found.diagnostics if d.severity is Severity.WARNING] == ["insecure-tls"]


def test_a_name_check_that_is_said_to_be_on_is_said_of_the_link() -> None:
    """A link that has it off would keep it so otherwise."""
    name = "ssl.endpoint.identification.algorithm"
    link = half(converted(f"{ADDRESS}{PLAIN}{name}=HTTPS\n"))
    assert "".join(map(str, link.credentials[name].parts)) == "https"


def test_a_keytab_is_on_the_brokers() -> None:
    """A client has it on its own disk, and a link does not read it there: that is said."""
    kerberos = "sasl.kerberos.principal=p@R\nsasl.kerberos.keytab=/k\n"
    found = converted(f"{ADDRESS}security.protocol=SASL_SSL\nsasl.mechanisms=GSSAPI\n{kerberos}")
    assert lines(found, "convert-assumed") == [5]


def test_files_that_librdkafka_names_are_referred_to() -> None:
    """A path is kept as a reference to what the file holds; one that no reference can name gets a variable."""
    assert '        trust: "${file:/etc/ca.pem}"\n' in credentials(
        ADDRESS + PLAIN + "ssl.ca.location=/etc/ca.pem"
    )
    assert '        trust: "${env:B_L_SSL_CA_LOCATION}"\n' in credentials(
        ADDRESS + PLAIN + "ssl.ca.location=/etc/{ca}.pem"
    )


def test_the_address_has_another_name_there() -> None:
    """`metadata.broker.list` is `bootstrap.servers`."""
    given = OF_LIBRDKAFKA.replace("bootstrap.servers", "metadata.broker.list")
    assert converted(given).text == converted(OF_LIBRDKAFKA).text


def test_the_extensions_of_a_token_go_along() -> None:
    """Confluent Cloud wants to know the cluster and the identity pool; one that is named like a secret is none to copy."""
    pairs = f"logicalCluster=lkc-1, identityPoolId=pool-1,apiToken={SECRETS[1]}"
    text = f"{ADDRESS}{OAUTH}sasl.oauthbearer.extensions={pairs}\n"
    assert (
        "        extensions:\n"
        "          logicalCluster: lkc-1\n"
        "          identityPoolId: pool-1\n"
        '          apiToken: "${env:B_L_SASL_OAUTHBEARER_EXTENSIONS_APITOKEN}"\n'
    ) in credentials(text)
    found = converted(text)
    assert lines(found, "convert-secret") == [5, 6, 8]
    login = half(found).credentials["sasl.jaas.config"].render(lambda r: r.name).reveal()
    assert 'extension_identityPoolId="pool-1" extension_logicalCluster="lkc-1"' in login


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (OAUTH + f"sasl.oauthbearer.extensions=a={SECRETS[0]},{SECRETS[1]}", [(8, "convert-librdkafka", "identityPoolId=")]),
        (OAUTH + "sasl.oauthbearer.extensions=a=b,a=c", [(8, "convert-librdkafka", "identityPoolId=")]),
        (PLAIN + "sasl.jaas.config=x", [(6, "convert-contradiction", "Java")]),
        (PLAIN.replace("sasl.mechanisms=PLAIN\n", ""), [(2, "convert-librdkafka", "add what the cluster takes")]),
        (PLAIN.replace("=PLAIN", "=plain"), [(3, "convert-librdkafka", "must be `PLAIN`")]),
        (PLAIN.replace("SASL_SSL", "SASL"), [(2, "convert-librdkafka", "must be `PLAINTEXT`")]),
        (PLAIN.replace("SASL_SSL", "SSL"), [(2, "convert-librdkafka", "security.protocol=SASL_SSL")]),
        (PLAIN.replace("security.protocol=SASL_SSL\n", ""), [(2, "convert-librdkafka", "its default")]),
        (PLAIN.replace(LOGIN, "sasl.username=x\n"), [(3, "convert-librdkafka", "add `sasl.password=…`")]),
        (PLAIN + "sasl.mechanism=SCRAM-SHA-512", [(6, "convert-contradiction", "sasl.mechanisms")]),
        (PLAIN + "ssl.key.password=x\nssl.certificate.location=/c", [(7, "convert-librdkafka", "add `ssl.key.location=…`")]),
        (PLAIN + "ssl.key.pem=/k", [(6, "convert-librdkafka", "add `ssl.certificate.location=…`")]),
        (PLAIN + "ssl.crl.location=/x", [(6, "convert-librdkafka", "no counterpart")]),
        (PLAIN + "ssl.keystore.location=/x.p12", [(6, "convert-librdkafka", "no counterpart")]),
    ],
)  # fmt: skip
def test_a_login_that_no_link_could_have_is_an_error(
    text: str, expected: list[tuple[int, str, str]]
) -> None:
    """Better than a link that cannot log in: the place, and what to write."""
    with pytest.raises(InputError) as caught:
        converted(ADDRESS + text)
    found = caught.value.diagnostics
    assert [(d.position.line, d.code) for d in found if d.position] == [e[:2] for e in expected]
    for diagnostic, (*_, words) in zip(found, expected, strict=True):
        assert words in f"{diagnostic.message} {diagnostic.cure}"
        assert not any(secret in repr(diagnostic) for secret in SECRETS)


def test_what_an_option_of_another_mechanism_says_is_left_out() -> None:
    """librdkafka ignores it, and so would the link."""
    found = converted(ADDRESS + PLAIN + "sasl.kerberos.service.name=kafka\n")
    assert lines(found, "convert-dropped") == [6]
    assert "serviceName" not in found.text


def test_local_credentials_have_no_use_on_a_one_way_link() -> None:
    """Nothing comes back through its connection: they are left out and said, as on a bidirectional link."""
    found = converted(ADDRESS + "local.security.protocol=SSL\nlocal.sasl.jaas.config=x\n")
    assert lines(found, "convert-dropped") == [2, 3]
    assert half(found).credentials == {}


def test_no_setting_of_a_link_is_taken_for_one_of_clients() -> None:
    """What the catalogue knows is never left out."""
    assert [name for name in CATALOGUE.configs if is_for_clients(name)] == []


def test_a_switch_that_is_off_is_to_be_set() -> None:
    """Where `…=false` stands, adding a line would not do."""
    rows = '{"groupFilters": [{"name": "g", "patternType": "LITERAL", "filterType": "INCLUDE"}]}'
    for line, word in (("consumer.offset.sync.enable=false\n", "set"), ("", "add")):
        text = f"{ADDRESS}{line}consumer.offset.group.filters={rows}"
        with pytest.raises(InputError) as caught:
            converted(text)
        (finding,) = caught.value.diagnostics
        assert finding.code == "filter-without-switch"
        assert finding.cure.startswith(f"{word} `consumer.offset.sync.enable=true`")
