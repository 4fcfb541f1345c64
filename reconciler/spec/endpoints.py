"""The form of a REST endpoint, for those that stand in a file and those that are given on the command line."""

from __future__ import annotations

import re
from functools import cache
from ipaddress import AddressValueError, IPv6Address
from urllib.parse import urlsplit

from reconciler.spec.shape import text_form

_CLOUD = re.compile(r"https?://[^/:]+\.confluent\.cloud(?=[:/]|$)", re.IGNORECASE)


def endpoint_fault(url: str) -> str | None:
    """What a REST endpoint should look like, if this is none; None when it is one.

    The schema states the form; what no pattern can say is looked at here.
    """
    pattern, form = _form()
    if not pattern.search(url):
        return form
    try:
        parts = urlsplit(url)
        if parts.port == 0:
            return "a port is a number from 1 to 65535"
        if parts.hostname is not None and ":" in parts.hostname:
            IPv6Address(parts.hostname)
    except AddressValueError:
        return "the brackets do not hold an IPv6 address"
    except ValueError:
        return "a port is a number from 1 to 65535"
    return None


def on_cloud(url: str) -> bool:
    """Whether a REST endpoint is Confluent Cloud's, which does not tell the id of its cluster."""
    return _CLOUD.match(url) is not None


@cache
def _form() -> tuple[re.Pattern[str], str]:
    pattern, words = text_form("$defs", "cluster", "properties", "restEndpoint")
    return re.compile(pattern), words
