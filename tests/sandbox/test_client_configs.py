"""The configs by which a link reaches a secured cluster: those of a Kafka client, plain and with `local.`."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.sandbox import SteppedClock, World
from reconciler.sandbox.configs.client_configs import security
from reconciler.sandbox.files.snapshot import snapshot
from tests.sandbox.conftest import STORY, Client

#: Every key of `SslConfigs` and `SaslConfigs` that no captured list shows, with a value that its type takes.
UNLISTED = {
    "ssl.provider": "BC",
    "ssl.keymanager.algorithm": "PKIX",
    "ssl.trustmanager.algorithm": "SunX509",
    "ssl.secure.random.implementation": "DRBG",
    "ssl.engine.factory.class": "com.example.Engine",
    "ssl.keystore.location": "/etc/kafka/keystore.jks",
    "ssl.keystore.password": "hunter2",
    "ssl.truststore.location": "/etc/kafka/truststore.jks",
    "ssl.truststore.password": "hunter2",
    "sasl.client.callback.handler.class": "com.example.Handler",
    "sasl.login.callback.handler.class": "com.example.Handler$Inner",
    "sasl.login.class": "com.example.Login",
    "sasl.login.refresh.window.factor": "0.9",
    "sasl.login.refresh.window.jitter": "0.1",
    "sasl.login.refresh.min.period.seconds": "900",
    "sasl.login.refresh.buffer.seconds": "0",
    "sasl.login.connect.timeout.ms": "1",
    "sasl.login.read.timeout.ms": "1",
    "sasl.login.retry.backoff.max.ms": "20000",
    "sasl.login.retry.backoff.ms": "200",
    "sasl.kerberos.service.name": "kafka",
    "sasl.kerberos.kinit.cmd": "/opt/kinit",
    "sasl.kerberos.ticket.renew.window.factor": "0.5",
    "sasl.kerberos.ticket.renew.jitter": "0.1",
    "sasl.kerberos.min.time.before.relogin": "1",
    "sasl.oauthbearer.scope.claim.name": "scp",
    "sasl.oauthbearer.sub.claim.name": "client",
    "sasl.oauthbearer.token.endpoint.url": "https://idp.example/token",
    "sasl.oauthbearer.jwks.endpoint.url": "https://idp.example/keys",
    "sasl.oauthbearer.jwks.endpoint.refresh.ms": "1",
    "sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms": "1",
    "sasl.oauthbearer.jwks.endpoint.retry.backoff.ms": "1",
    "sasl.oauthbearer.clock.skew.seconds": "5",
    "sasl.oauthbearer.expected.audience": "kafka,streams",
    "sasl.oauthbearer.expected.issuer": "https://idp.example",
    "sasl.oauthbearer.header.urlencode": "true",
    "sasl.oauthbearer.jwt.retriever.class": "com.example.Retriever",
    "sasl.oauthbearer.jwt.validator.class": "com.example.Validator",
    "sasl.oauthbearer.scope": "kafka",
    "sasl.oauthbearer.client.credentials.client.id": "me",
    "sasl.oauthbearer.client.credentials.client.secret": "hunter2",
    "sasl.oauthbearer.assertion.algorithm": "es256",
    "sasl.oauthbearer.assertion.claim.aud": "x",
    "sasl.oauthbearer.assertion.claim.exp.seconds": "86400",
    "sasl.oauthbearer.assertion.claim.iss": "x",
    "sasl.oauthbearer.assertion.claim.jti.include": "true",
    "sasl.oauthbearer.assertion.claim.nbf.seconds": "0",
    "sasl.oauthbearer.assertion.claim.sub": "x",
    "sasl.oauthbearer.assertion.file": "/etc/kafka/assertion",
    "sasl.oauthbearer.assertion.private.key.file": "/etc/kafka/key.pem",
    "sasl.oauthbearer.assertion.private.key.passphrase": "hunter2",
    "sasl.oauthbearer.assertion.template.file": "/etc/kafka/template.json",
}
FILES = ("ssl.keystore.location", "ssl.truststore.password", "sasl.oauthbearer.assertion.file")


def client_of(flavour: str) -> Client:
    """A client of a destination of that flavour."""
    source, destination = STORY["clusters"]
    clusters = [source, {**destination, "flavour": flavour}]
    return Client(World.from_scenario({**STORY, "clusters": clusters}, SteppedClock()), "dst")


def rows(client: Client) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in client.get("links/test-link/configs")["data"]}


def test_the_list_of_the_test_is_whole() -> None:
    """Each key that is not listed until it is set has a value here."""
    assert {key.name for key in security("") if not key.listed} == set(UNLISTED)


@pytest.mark.parametrize("prefix", ["", "local."])
def test_a_link_takes_what_a_client_takes(client: Client, prefix: str) -> None:
    """Each is taken at creation, listed from then on, and read back unless it is a secret."""
    client.link("bare")
    bare = {row["name"] for row in client.get("links/bare/configs")["data"]}
    given = {prefix + name: value for name, value in UNLISTED.items()}
    assert bare.isdisjoint(given)
    assert client.link(**given).status_code == 201
    listed = rows(client)
    for name, value in given.items():
        row = listed[name]
        assert row["value"] == (None if row["is_sensitive"] else value)
        assert row["is_sensitive"] is (value == "hunter2")
        assert (row["is_default"], row["source"]) == (False, "DYNAMIC_CLUSTER_LINK_CONFIG")
    assert "hunter2" not in str(snapshot(client.world))


def test_what_is_not_set_has_the_default_of_kafka(client: Client) -> None:
    """A single read shows it, although no list does."""
    client.link()
    for name, value in (
        ("ssl.trustmanager.algorithm", "PKIX"),
        ("local.sasl.login.refresh.window.factor", "0.8"),
        ("sasl.kerberos.kinit.cmd", "/usr/bin/kinit"),
        ("sasl.oauthbearer.expected.issuer", None),
    ):
        row = client.get(f"links/test-link/configs/{name}")
        assert (row["value"], row["is_default"]) == (value, True)


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("security.protocol", "BOGUS", "Expected one of PLAINTEXT, SASL_PLAINTEXT"),
        ("local.security.protocol", "", "Expected one of"),
        ("sasl.login.class", "not a class", "could not be found"),
        ("sasl.login.refresh.window.factor", "0.49", "Value must be at least 0.5"),
        ("sasl.login.refresh.window.jitter", "0.26", "Value must be no more than 0.25"),
        ("sasl.login.refresh.window.jitter", "a tenth", "Not a number of type DOUBLE"),
        ("sasl.login.refresh.window.jitter", "0_1", "Not a number of type DOUBLE"),
        ("sasl.login.refresh.min.period.seconds", "901", "Value must be no more than 900"),
        ("sasl.login.refresh.buffer.seconds", "32768", "Not a number of type SHORT"),
        ("sasl.login.retry.backoff.ms", "soon", "Not a number of type LONG"),
        ("sasl.oauthbearer.assertion.algorithm", "none", "Expected one of ES256, RS256"),
        ("client.dns.lookup", "USE_ALL_DNS_IPS", "Expected one of resolve_canonical"),
        ("ssl.keystore.passwort", "x", "Unknown cluster link configuration"),
    ],
)
def test_what_the_type_does_not_take_is_refused(
    client: Client, name: str, value: str, text: str
) -> None:
    """At creation and later, as invalid configuration, and nothing is changed."""
    made = client.link(**{name: value})
    assert (made.status_code, made.json()["error_code"]) == (400, 40002)
    client.link()
    put = client.call("PUT", f"links/test-link/configs/{name}", json={"value": value})
    assert (put.status_code, put.json()["error_code"]) == (400, 40002)
    assert text in made.json()["message"]
    assert text in put.json()["message"]


def test_words_come_in_any_case_and_numbers_as_long_as_their_type(client: Client) -> None:
    """As Kafka reads them: a protocol in small letters, space around a switch, 64 bits where it has them."""
    given = {
        "security.protocol": "sasl_ssl",
        "retry.backoff.ms": str(1 << 40),
        "connections.max.idle.ms": " 1 ",
        "cluster.link.paused": " True ",
        "sasl.login.refresh.window.factor": ".75d",
    }
    assert client.link(**given).status_code == 201
    assert client.get("links/test-link")["link_state"] == "PAUSED"


def test_cloud_has_no_files_and_no_kerberos() -> None:
    """There a key that speaks of the broker's own files cannot be set."""
    client = client_of("cloud")
    client.link()
    for name in (*FILES, "sasl.kerberos.service.name"):
        for prefixed in (name, f"local.{name}"):
            put = client.call("PUT", f"links/test-link/configs/{prefixed}", json={"value": "x"})
            assert (put.status_code, put.json()["error_code"]) == (400, 40002)
            assert client.call("GET", f"links/test-link/configs/{prefixed}").status_code == 404
            assert client.call("DELETE", f"links/test-link/configs/{prefixed}").status_code == 400
    oauth = {"sasl.mechanism": "OAUTHBEARER", "sasl.oauthbearer.token.endpoint.url": "https://i/t"}
    assert client.link("oauth", **oauth).status_code == 201


def test_7_5_does_not_know_what_came_later() -> None:
    """Its Kafka is 3.5: such a key has no type, no default and no effect there, and a secret is one all the same."""
    client = client_of("platform-7.5")
    credentials = "sasl.oauthbearer.client.credentials"
    young = {f"{credentials}.client.secret": "hunter2", "sasl.oauthbearer.header.urlencode": "so"}
    assert client.link(**young, **{"ssl.keystore.location": "/k"}).status_code == 201
    shown = {name: rows(client)[name]["value"] for name in young}
    assert shown == {
        f"{credentials}.client.secret": None,
        "sasl.oauthbearer.header.urlencode": "so",
    }
    unset = client.call("GET", f"links/test-link/configs/{credentials}.client.id")
    assert unset.status_code == 404
