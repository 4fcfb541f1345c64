"""What stands in a properties file and has no use on the link object that it describes."""

from __future__ import annotations

from dataclasses import replace

from reconciler.model.catalogue import Catalogue
from reconciler.model.diagnostics import Diagnostic
from reconciler.workflows.converting.client_settings import is_for_clients
from reconciler.workflows.converting.notes import dropped
from reconciler.workflows.converting.settings import REMOTE_CONNECTION, Side
from reconciler.workflows.exporting.names import BOOTSTRAP

_WITHOUT_EFFECT = {
    "link.prefix": "servers ignore it; cluster.link.prefix is the one that counts",
    REMOTE_CONNECTION: "linkctl writes it by itself where it is needed",
    "enable.ssl.certificate.verification": "a link always checks certificates",
}


def without_useless(
    side: Side, catalogue: Catalogue, notes: list[Diagnostic], *, comes_back: bool
) -> Side:
    """A side without what has no effect there; `comes_back`: whether the other cluster sends requests through the
    connection that this side opens (cluster-linking reference, section 5.2).
    """

    def useless(name: str) -> str | None:
        if name in _WITHOUT_EFFECT:
            return _WITHOUT_EFFECT[name]
        if is_for_clients(name):
            return "it is for clients that read or write records"
        if name != BOOTSTRAP and not catalogue.is_security(name):
            return None
        if not side.dials:
            return "this side is dialled and does not connect"
        if name.startswith("local.") and not comes_back:
            return "nothing comes back through the connection of this link"
        return None

    reasons = {name: why for name in side.values if (why := useless(name)) is not None}
    notes.extend(dropped(side.values[name], why) for name, why in reasons.items())
    return replace(side, values={n: p for n, p in side.values.items() if n not in reasons})
