"""How a Kafka client reaches a secured cluster: the keys of its ConfigDef, which that of a link takes over whole.

The names, types, ranges and defaults are those of Apache Kafka (`SslConfigs.addClientSslSupport`,
`SaslConfigs.addClientSaslSupport`); that a link supports both is visible in the broker sources of 2020. Those that a
captured answer lists are listed here (cluster-linking reference, section 5.2), the others once they are set (choice).
"""

from __future__ import annotations

from dataclasses import replace

from reconciler.sandbox.configs.config_keys import NOT_IN_7_5, ConfigKey, Kind

_OAUTH = "sasl.oauthbearer"
_PACKAGE = "org.apache.kafka.common.security.oauthbearer"


def _secret(name: str) -> ConfigKey:
    return ConfigKey(name, sensitive=True)


def _ranged(name: str, kind: Kind, default: str, low: float, high: float) -> ConfigKey:
    return ConfigKey(name, default, kind, minimum=low, maximum=high)


_CAPTURED = (
    ConfigKey(
        "security.protocol",
        "PLAINTEXT",
        words=frozenset({"PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"}),
    ),
    ConfigKey("sasl.mechanism", "GSSAPI"),
    _secret("sasl.jaas.config"),
    _secret("ssl.keystore.key"),
    _secret("ssl.keystore.certificate.chain"),
    _secret("ssl.key.password"),
    _secret("ssl.truststore.certificates"),
    ConfigKey("ssl.keystore.type", "JKS"),
    ConfigKey("ssl.truststore.type", "JKS"),
    ConfigKey("ssl.protocol", "TLSv1.3"),
    ConfigKey("ssl.enabled.protocols", "TLSv1.2,TLSv1.3", Kind.LIST),
    ConfigKey("ssl.cipher.suites", kind=Kind.LIST),
    ConfigKey("ssl.endpoint.identification.algorithm", "https"),
)

_EVERYWHERE = (
    ConfigKey("ssl.provider"),
    ConfigKey("ssl.keymanager.algorithm", "SunX509"),
    ConfigKey("ssl.trustmanager.algorithm", "PKIX"),
    ConfigKey("ssl.secure.random.implementation"),
    ConfigKey("ssl.engine.factory.class", kind=Kind.CLASS),
    ConfigKey("sasl.client.callback.handler.class", kind=Kind.CLASS),
    ConfigKey("sasl.login.callback.handler.class", kind=Kind.CLASS),
    ConfigKey("sasl.login.class", kind=Kind.CLASS),
    _ranged("sasl.login.refresh.window.factor", Kind.DOUBLE, "0.8", 0.5, 1.0),
    _ranged("sasl.login.refresh.window.jitter", Kind.DOUBLE, "0.05", 0.0, 0.25),
    _ranged("sasl.login.refresh.min.period.seconds", Kind.SHORT, "60", 0, 900),
    _ranged("sasl.login.refresh.buffer.seconds", Kind.SHORT, "300", 0, 3600),
    ConfigKey("sasl.login.connect.timeout.ms", kind=Kind.INT),
    ConfigKey("sasl.login.read.timeout.ms", kind=Kind.INT),
    ConfigKey("sasl.login.retry.backoff.max.ms", "10000", Kind.LONG),
    ConfigKey("sasl.login.retry.backoff.ms", "100", Kind.LONG),
    ConfigKey(f"{_OAUTH}.scope.claim.name", "scope"),
    ConfigKey(f"{_OAUTH}.sub.claim.name", "sub"),
    ConfigKey(f"{_OAUTH}.token.endpoint.url"),
    ConfigKey(f"{_OAUTH}.jwks.endpoint.url"),
    ConfigKey(f"{_OAUTH}.jwks.endpoint.refresh.ms", "3600000", Kind.LONG),
    ConfigKey(f"{_OAUTH}.jwks.endpoint.retry.backoff.max.ms", "10000", Kind.LONG),
    ConfigKey(f"{_OAUTH}.jwks.endpoint.retry.backoff.ms", "100", Kind.LONG),
    ConfigKey(f"{_OAUTH}.clock.skew.seconds", "30", Kind.INT),
    ConfigKey(f"{_OAUTH}.expected.audience", kind=Kind.LIST),
    ConfigKey(f"{_OAUTH}.expected.issuer"),
)

_AFTER_7_5 = (
    ConfigKey(f"{_OAUTH}.header.urlencode", "false", Kind.BOOLEAN),
    ConfigKey(f"{_OAUTH}.jwt.retriever.class", f"{_PACKAGE}.DefaultJwtRetriever", Kind.CLASS),
    ConfigKey(f"{_OAUTH}.jwt.validator.class", f"{_PACKAGE}.DefaultJwtValidator", Kind.CLASS),
    ConfigKey(f"{_OAUTH}.scope"),
    ConfigKey(f"{_OAUTH}.client.credentials.client.id"),
    _secret(f"{_OAUTH}.client.credentials.client.secret"),
    ConfigKey(f"{_OAUTH}.assertion.algorithm", "RS256", words=frozenset({"ES256", "RS256"})),
    ConfigKey(f"{_OAUTH}.assertion.claim.aud"),
    _ranged(f"{_OAUTH}.assertion.claim.exp.seconds", Kind.INT, "300", 0, 86400),
    ConfigKey(f"{_OAUTH}.assertion.claim.iss"),
    ConfigKey(f"{_OAUTH}.assertion.claim.jti.include", "false", Kind.BOOLEAN),
    _ranged(f"{_OAUTH}.assertion.claim.nbf.seconds", Kind.INT, "60", 0, 3600),
    ConfigKey(f"{_OAUTH}.assertion.claim.sub"),
)

_OWN_BROKERS = (
    ConfigKey("ssl.keystore.location"),
    _secret("ssl.keystore.password"),
    ConfigKey("ssl.truststore.location"),
    _secret("ssl.truststore.password"),
    ConfigKey("sasl.kerberos.service.name"),
    ConfigKey("sasl.kerberos.kinit.cmd", "/usr/bin/kinit"),
    ConfigKey("sasl.kerberos.ticket.renew.window.factor", "0.8", Kind.DOUBLE),
    ConfigKey("sasl.kerberos.ticket.renew.jitter", "0.05", Kind.DOUBLE),
    ConfigKey("sasl.kerberos.min.time.before.relogin", "60000", Kind.LONG),
)

_OWN_BROKERS_AFTER_7_5 = (
    ConfigKey(f"{_OAUTH}.assertion.file"),
    ConfigKey(f"{_OAUTH}.assertion.private.key.file"),
    _secret(f"{_OAUTH}.assertion.private.key.passphrase"),
    ConfigKey(f"{_OAUTH}.assertion.template.file"),
)

_UNLISTED = (
    *_EVERYWHERE,
    *(replace(key, lacking=NOT_IN_7_5) for key in (*_AFTER_7_5, *_OWN_BROKERS_AFTER_7_5)),
    *_OWN_BROKERS,
)
_ON_OWN_BROKERS = frozenset(key.name for key in (*_OWN_BROKERS, *_OWN_BROKERS_AFTER_7_5))


def security(prefix: str) -> tuple[ConfigKey, ...]:
    """All keys: how to reach the other cluster, or with `local.` how the other one's requests reach this one."""
    unlisted = (
        replace(key, listed=False, on_own_brokers=key.name in _ON_OWN_BROKERS) for key in _UNLISTED
    )
    return tuple(replace(key, name=prefix + key.name) for key in (*_CAPTURED, *unlisted))
