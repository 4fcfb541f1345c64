"""TLS of a REST endpoint: what it trusts and what it shows."""

from __future__ import annotations

import ssl

import httpx

from reconciler.cluster_linking.secret_values import SecretValues
from reconciler.cluster_linking.values import path_of
from reconciler.model.clusters import Cluster, Tls
from reconciler.model.diagnostics import Diagnostic, Position, Severity
from reconciler.model.errors import InputError
from reconciler.model.secrets import Template


def cluster_context(cluster: Cluster, tls: Tls, secrets: SecretValues) -> ssl.SSLContext:
    """The context for requests to a cluster. A `ca_file` replaces the system's authorities, as with `curl --cacert`.

    Raises:
        InputError: a file cannot be read, or does not hold what it should.
    """
    ca_file = path_of(tls.ca_file, tls, secrets) if tls.ca_file else None
    try:
        context = ssl.create_default_context(cafile=ca_file) if ca_file else public_trust()
    except (OSError, ValueError):
        raise _unusable(cluster, "the CA file", tls.ca_file) from None
    if tls.insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if tls.cert_file:
        _show_certificate(cluster, context, tls, secrets)
    return context


def token_context(cluster: Cluster, tls: Tls, secrets: SecretValues) -> ssl.SSLContext:
    """The context for a token endpoint: often somebody else's, so it is always verified, shown no client
    certificate, and both public authorities and the cluster's own CA are trusted.

    Raises:
        InputError: the CA file cannot be read.
    """
    context = public_trust()
    if tls.ca_file:
        ca_file = path_of(tls.ca_file, tls, secrets)
        try:
            context.load_verify_locations(cafile=ca_file)
        except (OSError, ValueError):
            raise _unusable(cluster, "the CA file", tls.ca_file) from None
    return context


def public_trust() -> ssl.SSLContext:
    """The public authorities, or those that SSL_CERT_FILE and SSL_CERT_DIR name."""
    return httpx.create_ssl_context()


def unused_context() -> ssl.SSLContext:
    """A context for plain http: loading the authorities for it would cost tens of milliseconds."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _show_certificate(
    cluster: Cluster, context: ssl.SSLContext, tls: Tls, secrets: SecretValues
) -> None:
    # A password is always given, even an empty one: without it OpenSSL would ask on the terminal.
    password = secrets.reveal(tls.key_password) if tls.key_password else ""
    cert_file = path_of(tls.cert_file or "", tls, secrets)
    key_file = path_of(tls.key_file, tls, secrets) if tls.key_file else None
    try:
        context.load_cert_chain(cert_file, key_file, password)
    except (OSError, ValueError):
        raise _unusable(
            cluster, "the client certificate or its key", tls.key_file or tls.cert_file
        ) from None


def _unusable(cluster: Cluster, what: str, path: str | Template | None) -> InputError:
    return InputError(
        Diagnostic(
            code="tls-file-unusable",
            severity=Severity.ERROR,
            message=f"{what} of cluster {cluster.name} cannot be used: {path}",
            cure="check that the file exists, is readable, holds PEM, and that keyPassword fits the key"
            if isinstance(path, str) or path is None
            else "a reference stands for the path here, not for what the file holds: check that it names a file that "
            "is readable and holds PEM, and that keyPassword fits the key",
            position=_place(path) or cluster.position,
            subject=cluster.name,
        )
    )


def _place(path: str | Template | None) -> Position | None:
    """Where a path that is a reference stands."""
    references = path.references if isinstance(path, Template) else ()
    return references[0].position if references else None
