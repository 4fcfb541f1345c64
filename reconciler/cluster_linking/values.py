"""Values of `auth` and `tls` that are plain text or references: what is sent or opened, and what may be shown of them.

What a reference stands for is a secret wherever it stands, be it a path: messages name the reference instead.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from reconciler.cluster_linking.exchange import harmless
from reconciler.cluster_linking.secret_values import SecretValues
from reconciler.model.clusters import Cluster, OAuth, Tls, is_token_url
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.errors import InputError
from reconciler.model.secrets import Template


def text_of(value: str | Template, secrets: SecretValues) -> str:
    """The text itself.

    Raises:
        InputError: a reference cannot be resolved.
    """
    return secrets.reveal(value) if isinstance(value, Template) else value


def path_of(value: str | Template, tls: Tls, secrets: SecretValues) -> str:
    """A path, relative to where the references of this `tls` are.

    Raises:
        InputError: a reference cannot be resolved.
    """
    if isinstance(value, str):
        return value
    return str(Path(tls.folder) / secrets.reveal(value).strip())


def token_url_of(cluster: Cluster, oauth: OAuth, secrets: SecretValues) -> str:
    """The URL of the token endpoint.

    Raises:
        InputError: a reference cannot be resolved, or stands for something that is no such URL.
    """
    template = oauth.token_url
    written = template.references if isinstance(template, Template) else ()
    url = text_of(template, secrets).strip()
    if is_token_url(url):
        return url
    raise InputError(
        Diagnostic(
            code="bad-token-url",
            severity=Severity.ERROR,
            message=f"the token URL of cluster {cluster.name} is not the URL of a token endpoint",
            cure=f"put `https://host/path`, without user and password, into what {shown_url(template)} names"
            if written
            else "write `https://host/path`, without user and password",
            position=written[0].position if written else cluster.position,
            subject=cluster.name,
        )
    )


def without_host(text: str, value: str | Template, url: str) -> str:
    """What was said of a request to a URL (OpenSSL names the host that a certificate is not for), with what the URL was
    written as in the place of its host.
    """
    host = urlsplit(url).hostname
    return text.replace(host, str(value)) if host and isinstance(value, Template) else text


def shown_url(value: str | Template) -> str:
    """A URL as messages show it."""
    return harmless(value) if isinstance(value, str) else str(value)
