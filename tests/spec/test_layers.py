"""Defaults, link and side: what counts where several of them speak of one thing."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from reconciler.model.desired import DesiredHalf
from tests.spec.harness import desired, link, pair, read

CA = 'trust: "${file:/ca.pem}"'
SCRAM = 'sasl: {mechanism: SCRAM-SHA-256, username: "${env:U}", password: "${env:P}"}'
PLAIN = 'sasl: {mechanism: PLAIN, username: "${env:U}", password: "${env:P}"}'
OAUTH = (
    'sasl: {mechanism: OAUTHBEARER, clientId: "${env:U}", clientSecret: "${env:P}", '
    "tokenUrl: https://login/token}"
)
RAW = 'sasl.mechanism: SCRAM-SHA-256, sasl.jaas.config: "${env:JAAS}"'


def over(defaults: str, text: str) -> str:
    """A document with defaults under its links."""
    return text.replace("version: 1\n", f"version: 1\ndefaults: {{{defaults}}}\n")


def halves(text: str) -> Mapping[str, DesiredHalf]:
    """The link objects of the one link, by cluster."""
    (found,) = desired(text).links
    return {half.address.cluster: half for half in found.halves}


def rendered(half: DesiredHalf) -> dict[str, str]:
    """The security configs of a link object, with names for secrets."""
    return {n: t.render(lambda r: r.name).reveal() for n, t in half.credentials.items()}


def sent(defaults: str, own: str) -> dict[str, str]:
    """The security configs of a link with credentials over those of the defaults."""
    text = over(f"credentials: {{{defaults}}}", link(f"credentials: {{{own}}}"))
    return rendered(halves(text)["east"])


@pytest.mark.parametrize(
    ("defaults", "own", "protocol"),
    [
        (SCRAM, f"tls: {{{CA}}}", "SASL_SSL"),
        (SCRAM, "tls: true", "SASL_SSL"),
        (SCRAM, "tls: false", "SASL_PLAINTEXT"),
        ("tls: false", SCRAM, "SASL_PLAINTEXT"),
        (f"tls: {{{CA}}}", SCRAM, "SASL_SSL"),
        (f"security.protocol: SASL_SSL, {RAW}", f"tls: {{{CA}}}", "SASL_SSL"),
        (f"security.protocol: SASL_SSL, {RAW}", "tls: false", "SASL_PLAINTEXT"),
        ("security.protocol: PLAINTEXT", SCRAM, "SASL_PLAINTEXT"),
        ("security.protocol: SSL", SCRAM, "SASL_SSL"),
        (SCRAM, "security.protocol: SASL_PLAINTEXT", "SASL_PLAINTEXT"),
    ],
)
def test_a_login_and_a_certificate_of_two_layers_make_one_connection(
    defaults: str, own: str, protocol: str
) -> None:
    """The protocol says what the defaults and the link say together."""
    found = sent(defaults, own)
    assert found["security.protocol"] == protocol
    assert found["sasl.mechanism"] == "SCRAM-SHA-256"
    assert "sasl.jaas.config" in found


@pytest.mark.parametrize(
    "defaults", [OAUTH, f"{RAW}, security.protocol: SSL, sasl.login.callback.handler.class: x.Y"]
)
def test_the_login_of_a_link_stands_in_place_of_the_default_one(defaults: str) -> None:
    """Nothing of another mechanism stays beneath it."""
    found = sent(defaults, PLAIN)
    assert set(found) == {"security.protocol", "sasl.mechanism", "sasl.jaas.config"}
    assert found["sasl.mechanism"] == "PLAIN"
    assert "PlainLoginModule" in found["sasl.jaas.config"]


def test_a_raw_mechanism_of_a_link_leaves_nothing_of_another_beneath_it() -> None:
    """Raw keys are merged one by one, and what only the default mechanism uses goes with it."""
    found = sent(OAUTH, 'sasl.mechanism: PLAIN, sasl.jaas.config: "${env:JAAS}"')
    assert set(found) == {"security.protocol", "sasl.mechanism", "sasl.jaas.config"}


def test_a_login_for_another_mechanism_is_warned_of() -> None:
    """A raw mechanism over the composed login of the defaults."""
    text = over(f"credentials: {{{PLAIN}}}", link("credentials: {sasl.mechanism: SCRAM-SHA-512}"))
    [finding] = read(text).diagnostics
    assert finding.code == "login-of-other-mechanism"
    assert "a login for `PLAIN`" in finding.message
    text = over(f"credentials: {{{SCRAM}}}", link("credentials: {sasl.mechanism: SCRAM-SHA-512}"))
    assert read(text).diagnostics == ()


def test_a_login_without_its_mechanism_is_warned_of() -> None:
    """A reset of the mechanism alone, or one that was forgotten, leaves the default, which such a login is not for."""
    reset = over(f"credentials: {{{PLAIN}}}", link("resetConfigs: [sasl.mechanism]"))
    line = 'org.apache.kafka.common.security.plain.PlainLoginModule required password="${env:J}";'
    forgotten = f"security.protocol: SASL_SSL, sasl.jaas.config: '{line}'"
    for text in (reset, link(f"credentials: {{{forgotten}}}")):
        [finding] = read(text).diagnostics
        assert finding.code == "login-of-other-mechanism"
        assert "is GSSAPI, its default, and" in finding.message


def test_the_tls_of_a_link_stands_in_place_of_the_default_one() -> None:
    """A client certificate and an unverified host name of the defaults do not stay beneath it."""
    below = 'tls: {certificate: "${file:/c}", key: "${file:/k}", verifyHostname: false}'
    assert set(sent(below, f"tls: {{{CA}}}")) == {
        "security.protocol",
        "ssl.truststore.type",
        "ssl.truststore.certificates",
    }


def test_a_link_turns_the_check_of_host_names_on_again() -> None:
    """Over defaults that turn it off."""
    found = sent(f"{SCRAM}, tls: {{verifyHostname: false}}", "tls: {verifyHostname: true}")
    assert found["ssl.endpoint.identification.algorithm"] == "https"


def test_each_direction_has_layers_of_its_own() -> None:
    """`local` of the link lies over `local` of the defaults, and the other direction is left as it is."""
    text = over(
        f"credentials: {{{PLAIN}, local: {{{SCRAM}}}}}",
        link("mode: source\ncredentials: {local: {tls: false}}"),
    )
    found = rendered(halves(text)["west"])
    assert found["security.protocol"] == "SASL_SSL"
    assert found["local.security.protocol"] == "SASL_PLAINTEXT"
    assert found["local.sasl.mechanism"] == "SCRAM-SHA-256"


def test_the_topmost_layer_says_whether_a_config_is_set_or_reset() -> None:
    """No link object is asked to have a config both set and reset, or apply would never come to an end."""
    text = pair(
        "west: {resetConfigs: [topic.config.sync.ms]}\neast: {configs: {acl.sync.ms: 7000}}",
        "configs: {topic.config.sync.ms: 9000}\nresetConfigs: [acl.sync.ms]",
    )
    west, east = halves(text)["west"], halves(text)["east"]
    assert not west.configs
    assert west.reset_configs == {"topic.config.sync.ms", "acl.sync.ms"}
    assert east.configs == {"acl.sync.ms": "7000", "topic.config.sync.ms": "9000"}
    assert east.reset_configs == frozenset()


def test_a_reset_takes_out_default_credentials() -> None:
    """A link does without the default login by resetting what it consists of."""
    login = f"security.protocol: SASL_SSL, {RAW}"
    names = "sasl.jaas.config, sasl.mechanism, security.protocol"
    text = over(f"credentials: {{{login}}}", link(f"resetConfigs: [{names}]"))
    half = halves(text)["east"]
    assert half.credentials == {}
    assert half.reset_configs == set(names.split(", "))


def test_credentials_of_a_side_win_over_a_reset_of_the_link() -> None:
    """The side says last that there is a login."""
    text = pair(f"west: {{credentials: {{{PLAIN}}}}}", "resetConfigs: [sasl.jaas.config]")
    assert halves(text)["west"].reset_configs == frozenset()
    assert "sasl.jaas.config" in halves(text)["west"].credentials
    assert halves(text)["east"].reset_configs == {"sasl.jaas.config"}


def test_resets_on_a_source_initiated_pair_go_where_the_config_is() -> None:
    """Security configs and `local.*` are on the half that dials, all others on the half that hosts the mirrors."""
    dialling = {
        "local.listener.name",
        "ssl.endpoint.identification.algorithm",
        "sasl.jaas.config",
        "local.sasl.mechanism",
    }
    text = link(f"mode: source\nresetConfigs: [acl.sync.ms, {', '.join(sorted(dialling))}]")
    found = halves(text)
    assert found["west"].reset_configs == dialling
    assert found["east"].reset_configs == {"acl.sync.ms"}


@pytest.mark.parametrize(("mode", "code"), [("plain", "not-a-choice"), (None, "missing-key")])
def test_a_refused_mechanism_is_one_finding(mode: str | None, code: str) -> None:
    """What does not fit together is not judged while it is not known what it is."""
    mechanism = f"mechanism: {mode}, " if mode else ""
    loaded = read(
        link(
            f'credentials: {{sasl: {{{mechanism}username: "${{env:U}}", password: "${{env:P}}"}}}}'
        )
    )
    assert [d.code for d in loaded.diagnostics] == [code]
