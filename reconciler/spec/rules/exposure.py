"""Warnings of credentials that others on the network path could read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reconciler.model.clusters import is_token_url
from reconciler.model.diagnostics import Diagnostic, Position
from reconciler.model.secrets import ReferenceKind
from reconciler.spec.findings import error, warning
from reconciler.spec.written import Credential


def is_plain_http(url: str) -> bool:
    """Whether requests to a URL are not encrypted."""
    return url.lower().startswith("http:")


def check_token_url(url: Credential) -> Iterator[Diagnostic]:
    """Rules on a token endpoint that is written out. One behind a reference is judged when it is resolved."""
    if url.literal is None:
        return
    if not is_token_url(url.literal):
        yield error(
            code="bad-form",
            at=url.at,
            message="this token URL does not have the form that it needs",
            cure="a token URL is `https://host/path`, without user and password; a port is a number from 1 to 65535",
        )
    elif is_plain_http(url.literal):
        yield sent_in_clear(url.at)


def check_resolved(url: Credential, variables: Mapping[str, str]) -> Iterator[Diagnostic]:
    """A token endpoint behind references, as far as the variables that are set now tell."""
    if url.literal is not None or any(
        reference.kind is not ReferenceKind.ENV or reference.name not in variables
        for reference in url.template.references
    ):
        return
    resolved = url.template.render(lambda reference: variables[reference.name])
    if is_plain_http(resolved.reveal()):
        yield sent_in_clear(url.at)


def sent_in_clear(at: Position) -> Diagnostic:
    """The finding for credentials that go over `http`."""
    return warning(
        code="credentials-in-clear",
        at=at,
        message="credentials are sent over `http`, without encryption",
        cure="use `https`",
    )
