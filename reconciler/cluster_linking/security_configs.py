"""Security configs of a link, plain and `local.*` (cluster-linking reference, section 5.2).

Plain keys say how this side reaches the other cluster; `local.*` keys how requests that are tunnelled through
an outbound connection authenticate on this cluster. All of them belong under `credentials`.
"""

from __future__ import annotations

from dataclasses import replace

from reconciler.model.catalogue import ConfigType, LinkConfig

_SOURCE = "cluster-linking reference, section 5.2"
_HOME = "`credentials` of the link"


def _open(
    name: str,
    default: str | None,
    summary: str,
    *,
    kind: ConfigType = ConfigType.STRING,
    choices: tuple[str, ...] = (),
    mechanisms: tuple[str, ...] = (),
    read_only_on_cloud: bool = False,
) -> LinkConfig:
    return LinkConfig(
        name,
        kind,
        default=default,
        mechanisms=mechanisms,
        choices=choices,
        read_only_on_cloud=read_only_on_cloud,
        home=_HOME,
        summary=summary,
        source=_SOURCE,
    )


def _hidden(name: str, summary: str, *, read_only_on_cloud: bool = False) -> LinkConfig:
    return LinkConfig(
        name,
        ConfigType.PASSWORD,
        sensitive=True,
        read_only_on_cloud=read_only_on_cloud,
        home=_HOME,
        summary=summary,
        source=_SOURCE,
    )


_SASL = (
    _open(
        "security.protocol",
        "PLAINTEXT",
        "how the connection is encrypted and authenticated",
        choices=("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"),
    ),
    _open(
        "sasl.mechanism",
        "GSSAPI",
        "how SASL authenticates; GSSAPI on Platform only",
        choices=("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER", "GSSAPI"),
    ),
    _hidden("sasl.jaas.config", "login module with its options; one text that ends with `;`"),
    _open(
        "sasl.kerberos.service.name",
        None,
        "GSSAPI: Kerberos service name of the other brokers",
        mechanisms=("GSSAPI",),
    ),
    _open(
        "sasl.oauthbearer.token.endpoint.url",
        None,
        "where OAUTHBEARER fetches its tokens",
        mechanisms=("OAUTHBEARER",),
    ),
    _open(
        "sasl.login.callback.handler.class",
        None,
        "class that handles the SASL login",
        kind=ConfigType.CLASS,
        # Any mechanism could have one. Apache Kafka brings one for OAUTHBEARER alone, and it refuses all others.
        mechanisms=("OAUTHBEARER",),
    ),
)

_TLS = (
    _hidden("ssl.keystore.key", "private key, inline PEM"),
    _hidden("ssl.keystore.certificate.chain", "certificate chain, inline PEM"),
    _hidden("ssl.key.password", "password of the private key"),
    _hidden("ssl.truststore.certificates", "trusted certificates, inline PEM"),
    _open("ssl.keystore.type", "JKS", "format of the key store; PEM for inline keys"),
    _open("ssl.truststore.type", "JKS", "format of the trust store; PEM for inline certificates"),
    _open("ssl.protocol", "TLSv1.3", "TLS version to start with"),
    _open("ssl.enabled.protocols", "TLSv1.2,TLSv1.3", "TLS versions allowed", kind=ConfigType.LIST),
    _open("ssl.cipher.suites", None, "cipher suites allowed", kind=ConfigType.LIST),
    _open(
        "ssl.endpoint.identification.algorithm",
        "https",
        "how the server's name is checked; empty turns the check off",
    ),
    _open(
        "ssl.keystore.location",
        None,
        "key store file, at the same path on every broker",
        read_only_on_cloud=True,
    ),
    _hidden("ssl.keystore.password", "password of the key store file", read_only_on_cloud=True),
    _open(
        "ssl.truststore.location",
        None,
        "trust store file, at the same path on every broker",
        read_only_on_cloud=True,
    ),
    _hidden("ssl.truststore.password", "password of the trust store file", read_only_on_cloud=True),
)


def _local(config: LinkConfig) -> LinkConfig:
    return replace(
        config,
        name=f"local.{config.name}",
        summary=f"{config.summary}; for requests tunnelled to this cluster",
    )


SECURITY_CONFIGS = (*_SASL, *_TLS, *(_local(config) for config in (*_SASL, *_TLS)))
"""Plain keys, then the same with the `local.` prefix."""
