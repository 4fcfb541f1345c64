"""The vocabulary: what checks and comparisons may rely on."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

import reconciler.cluster_linking as room
from reconciler.cluster_linking import CATALOGUE
from reconciler.model.catalogue import ConfigType
from reconciler.model.filters import FilterKind
from reconciler.model.spelling import canonical

CONFIGS = CATALOGUE.configs.values()


def test_every_config_has_its_name_summary_and_source() -> None:
    """Nothing is in the catalogue without saying what it is and who says so."""
    assert all(name == config.name for name, config in CATALOGUE.configs.items())
    assert [c.name for c in CONFIGS if not c.summary or "reference, section" not in c.source] == []


def test_every_filter_family_names_known_configs() -> None:
    """A filter list and its switch are both in the catalogue, with the right types."""
    assert set(CATALOGUE.families) == set(FilterKind)
    for family in CATALOGUE.families.values():
        assert CATALOGUE.configs[family.config].type is ConfigType.FILTERS
        assert CATALOGUE.configs[family.switch].type is ConfigType.BOOLEAN


def test_defaults_fit_their_types() -> None:
    """A default could be written as a value of its config."""
    for config in CONFIGS:
        if config.default is None:
            continue
        if config.type in {ConfigType.INT, ConfigType.LONG}:
            assert str(int(config.default)) == config.default
            assert int(config.default) >= (0 if config.minimum is None else config.minimum)
        if config.pattern:
            assert re.fullmatch(config.pattern, config.default)
        if config.type is ConfigType.BOOLEAN:
            assert config.default in {"true", "false"}
        if config.choices:
            assert config.default in config.choices


def test_every_number_has_a_minimum_and_every_pattern_its_words() -> None:
    """A refused value can be told what it should have been, in words and without an absurd range."""
    numbers = [c for c in CONFIGS if c.type in {ConfigType.INT, ConfigType.LONG}]
    assert numbers
    assert {config.minimum for config in numbers} == {-1, 0, 1_000}
    assert [c.name for c in CONFIGS if bool(c.pattern) != bool(c.shape)] == []


@pytest.mark.parametrize(
    ("name", "value", "fits"),
    [
        ("mirror.start.offset.spec", "latest", True),
        ("mirror.start.offset.spec", "EARLIEST", True),
        ("mirror.start.offset.spec", "2024-02-29", True),
        ("mirror.start.offset.spec", "2026-01-01T00:00:00", True),
        ("mirror.start.offset.spec", "2026-01-01T23:59:59.999Z", True),
        ("mirror.start.offset.spec", "2026-01-01T00:00+02:00", True),
        ("mirror.start.offset.spec", "nope", False),
        ("mirror.start.offset.spec", "2024-13-45", False),
        ("mirror.start.offset.spec", "2024-01-01 00:00:00", False),
        ("mirror.start.offset.spec", "1700000000000", False),
        ("client.dns.lookup", "resolve_canonical_bootstrap_servers_only", True),
        ("client.dns.lookup", "default", True),
        ("client.dns.lookup", "foo", False),
    ],
)
def test_a_pattern_takes_what_servers_take(name: str, value: str, fits: bool) -> None:
    """Texts with a form of their own can be checked without a server."""
    assert bool(re.fullmatch(CATALOGUE.configs[name].pattern, value)) is fits


def test_cloud_decides_on_fetching_and_availability() -> None:
    """What Cloud shows as read-only is known before it refuses it (cluster-linking reference, section 5.1)."""
    fixed = {config.name for config in CONFIGS if config.read_only_on_cloud}
    assert {"availability.check.ms", "num.cluster.link.fetchers", "request.timeout.ms"} <= fixed
    assert not fixed & {"acl.sync.ms", "consumer.offset.sync.ms", "client.dns.lookup"}


def test_what_a_config_needs_is_known() -> None:
    """A config never needs one that nobody has heard of."""
    assert {need for c in CONFIGS for need in c.needs} <= set(CATALOGUE.configs)


@pytest.mark.parametrize(
    "name",
    [
        "link.mode",
        "connection.mode",
        "remote.link.connection.mode",
        "bootstrap.servers",
        "cluster.link.prefix",
        "link.prefix",
        "cluster.link.paused",
        "consumer.offset.group.filters",
        "auto.create.mirror.topics.filters",
        "acl.filters",
        "sasl.jaas.config",
        "local.security.protocol",
    ],
)
def test_keys_that_have_a_home_say_where(name: str) -> None:
    """A key that may not be written under `configs` says where it belongs."""
    assert "`" in CATALOGUE.configs[name].home


@pytest.mark.parametrize("prefix", ["", "local."])
@pytest.mark.parametrize(
    ("name", "sensitive"),
    [
        ("sasl.jaas.config", True),
        ("ssl.keystore.key", True),
        ("ssl.keystore.certificate.chain", True),
        ("ssl.key.password", True),
        ("ssl.truststore.certificates", True),
        ("ssl.truststore.password", True),
        ("security.protocol", False),
        ("sasl.mechanism", False),
        ("ssl.keystore.type", False),
    ],
)
def test_sensitive_is_what_servers_hide(prefix: str, name: str, sensitive: bool) -> None:
    """Secrets are known by name, plain and local, before any server is asked."""
    assert CATALOGUE.is_sensitive(prefix + name) is sensitive
    assert CATALOGUE.is_security(prefix + name)


def test_what_belongs_to_one_mechanism_is_known() -> None:
    """Each tie is to a mechanism that there is, in both directions, and nothing secret is tied: nobody could bring it
    back.
    """
    tied = {config.name: config.mechanisms for config in CONFIGS if config.mechanisms}
    assert tied == {
        prefix + name: (mechanism,)
        for prefix in ("", "local.")
        for name, mechanism in (
            ("sasl.kerberos.service.name", "GSSAPI"),
            ("sasl.login.callback.handler.class", "OAUTHBEARER"),
            ("sasl.oauthbearer.token.endpoint.url", "OAUTHBEARER"),
        )
    }
    assert {m for (m,) in tied.values()} <= set(CATALOGUE.configs["sasl.mechanism"].choices)
    assert not any(map(CATALOGUE.is_sensitive, tied))


def test_always_synced_topic_configs_are_the_four() -> None:
    """The four configs that always follow the source are not among those that may."""
    assert len(CATALOGUE.synced_topic_configs) == 4
    assert not CATALOGUE.synced_topic_configs & CATALOGUE.optional_topic_configs


def test_the_catalogue_comes_without_an_http_client() -> None:
    """P1: `validate` needs only files, so the vocabulary does not load what talks to clusters."""
    code = "import sys, reconciler.cluster_linking as c; c.CATALOGUE; print('httpx' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_room_shows_three_names() -> None:
    """What other rooms may use is what the package names."""
    assert all(hasattr(room, name) for name in room.__all__)
    with pytest.raises(AttributeError, match="has no attribute"):
        room.nonsense  # noqa: B018


def test_bootstrap_servers_are_read_as_addresses() -> None:
    """Endpoints as a console prints them, protocol first, are the addresses that a file has without it."""
    known = CATALOGUE.configs["bootstrap.servers"]
    assert canonical("SASL_SSL://pkc-1.x.cloud:9092", known) == canonical(
        "pkc-1.x.cloud:9092", known
    )
