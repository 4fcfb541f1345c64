"""Rules on clusters: their endpoints, and what protects the calls to them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reconciler.model.diagnostics import Diagnostic
from reconciler.spec import endpoints
from reconciler.spec.findings import error, warning
from reconciler.spec.rules.exposure import check_token_url, is_plain_http, sent_in_clear
from reconciler.spec.rules.secrets import literal_secret
from reconciler.spec.secrecy import sounds_secret
from reconciler.spec.written import ClusterEntry, Word

_PORT = re.compile(r":([0-9]+)(?=[,/\s]|$)")


def check_cluster(cluster: ClusterEntry) -> Iterator[Diagnostic]:
    """All rules on one cluster."""
    if cluster.bootstrap_servers:
        yield from check_ports(cluster.bootstrap_servers)
    if cluster.rest_endpoint:
        yield from check_ports(cluster.rest_endpoint)
        yield from _address(cluster.rest_endpoint)
        yield from _path(cluster.rest_endpoint)
    if on_cloud(cluster) and "clusterId" not in cluster.keys:
        yield error(
            code="cloud-needs-cluster-id",
            at=cluster.at,
            message="Confluent Cloud does not tell the id of a cluster, and `clusterId` is missing",
            cure="add `clusterId: lkc-…`; the cluster's settings page shows it",
        )
    yield from _secrets(cluster)
    yield from _exposed(cluster)


def on_cloud(cluster: ClusterEntry | None) -> bool:
    """Whether a cluster's REST endpoint is Confluent Cloud's."""
    if cluster is None or cluster.rest_endpoint is None:
        return False
    return endpoints.on_cloud(cluster.rest_endpoint.text)


def check_ports(word: Word) -> Iterator[Diagnostic]:
    """A port that no server can have."""
    if any(not 1 <= int(port) <= 65535 for port in _PORT.findall(word.text)):
        yield error(
            code="bad-port",
            at=word.at,
            message="a port here is not between 1 and 65535",
            cure="correct the port",
        )


def _address(endpoint: Word) -> Iterator[Diagnostic]:
    """What neither the schema nor the rule on ports has said already."""
    fault = endpoints.endpoint_fault(endpoint.text)
    if fault is not None and "IPv6" in fault:
        yield error(
            code="bad-form",
            at=endpoint.at,
            message="`restEndpoint` does not have the form that it needs",
            cure=fault,
        )


def _path(endpoint: Word) -> Iterator[Diagnostic]:
    if not endpoint.text.rstrip("/").endswith("/v3"):
        yield warning(
            code="unusual-rest-path",
            at=endpoint.at,
            message="the REST endpoint does not end with `/v3`",
            cure="Confluent Server and Cloud answer under `/kafka/v3`, a REST Proxy of its own under `/v3`",
        )


def _secrets(cluster: ClusterEntry) -> Iterator[Diagnostic]:
    secrets = dict(cluster.auth.secrets) if cluster.auth else {}
    if cluster.tls and cluster.tls.key_password:
        secrets["keyPassword"] = cluster.tls.key_password
    for name, credential in secrets.items():
        yield from literal_secret(f"`{name}`", name, credential)
    for name, credential in cluster.auth.headers.items() if cluster.auth else ():
        if name.lower() == "authorization":
            yield error(
                code="header-taken",
                at=credential.key_at,
                message="`Authorization` carries the token that linkctl fetches",
                cure="remove this header; for a token of your own use `auth: {bearer: {token: …}}`",
            )
        elif sounds_secret(name):
            yield from literal_secret("this header", name, credential)


def _exposed(cluster: ClusterEntry) -> Iterator[Diagnostic]:
    for key in ("auth", "tls"):
        if key in cluster.keys and "restEndpoint" not in cluster.keys:
            yield warning(
                code="unused-key",
                at=cluster.keys[key],
                message=f"`{key}` is for REST calls, and this cluster has no `restEndpoint`",
                cure="add `restEndpoint`, or remove it; credentials of a link belong under the link",
            )
    if cluster.tls and cluster.tls.insecure:
        yield warning(
            code="insecure-tls",
            at=cluster.tls.insecure,
            message="the server's certificate is not verified: anybody on the network path can read the credentials",
            cure="name the authority in `caFile` instead",
        )
    if cluster.auth and cluster.rest_endpoint and is_plain_http(cluster.rest_endpoint.text):
        yield sent_in_clear(cluster.auth.at)
    if cluster.auth and cluster.auth.token_url:
        yield from check_token_url(cluster.auth.token_url)
