"""Verdicts on link objects. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.execution.configs import (
    all_hidden,
    not_reset,
    unlike,
    unlike_credentials,
    unlike_filters,
)
from reconciler.execution.verdicts import Failed, Pending, Settled, Unseen, Verdict
from reconciler.model.address import LinkAddress
from reconciler.model.catalogue import Catalogue
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.links import ConnectionMode
from reconciler.model.observed import Gap, ObservedCluster, ObservedLink
from reconciler.model.steps import AlterLink, CreateLink, DeleteLink, SetLinkPaused

RUNNING = frozenset({None, "ACTIVE", "AVAILABLE", "PAUSED"})
"""States of a created link that need no more waiting (cluster-linking reference, section 2.3)."""
NO_LINK_ERROR = frozenset({None, "", "NO_ERROR"})


def created(action: CreateLink, cluster: ObservedCluster, catalogue: Catalogue) -> Verdict:
    """Whether the link is there, is ours, and has come up.

    A dialled (INBOUND) half cannot come up before the other half exists, so there its presence is enough.
    Its health afterwards is a matter of reports, not of this step.
    """
    row = find(action.half.address, cluster)
    if not isinstance(row, ObservedLink):
        return row or Pending("the link is not listed yet")
    if isinstance(row.configs, Gap):
        return unseen(f"configs of {row.address}", row.configs)
    unlike_ours = tuple(differences(action, row, catalogue))
    if unlike_ours:
        return Failed(_taken(action, unlike_ours))
    if action.half.connection_mode is ConnectionMode.INBOUND:
        return Settled()
    return _come_up(row)


def _come_up(row: ObservedLink) -> Verdict:
    words = " ".join(word for word in (row.state, row.error, row.error_message) if word)
    if row.error in NO_LINK_ERROR and row.state in RUNNING:
        return Settled()
    if row.error not in NO_LINK_ERROR and row.state == "FAILED":
        return Failed(
            Diagnostic(
                code="link-failed",
                severity=Severity.ERROR,
                message=f"the link was created and has failed: {words}",
                cure="check bootstrap servers, credentials and the way from this cluster to the other one, "
                "then apply again",
                address=row.address,
            )
        )
    return Pending(words, begun=True)


def differences(action: CreateLink, row: ObservedLink, catalogue: Catalogue) -> Iterator[str]:
    """In what a live link differs from the one to be created, as far as it was read."""
    half = action.half
    facts = (
        ("link mode", half.link_mode, row.link_mode),
        ("connection mode", half.connection_mode, row.connection_mode),
        ("prefix", half.prefix, row.prefix),
        ("cluster on the other side", action.remote_cluster_id, row.remote_cluster_id),
        ("cluster_link_id", action.link_id, row.link_id),
    )
    for name, wanted, shown in facts:
        if wanted is not None and shown is not None and wanted != shown:
            yield name
    if row.configs is not None and not isinstance(row.configs, Gap):
        yield from unlike(half.configs, row.configs, catalogue)
        yield from unlike_credentials(half.credentials, row.configs, catalogue)
        yield from unlike_filters(half.filters, half.configs, row.filters, catalogue)


def altered(action: AlterLink, cluster: ObservedCluster, catalogue: Catalogue) -> Verdict:
    """Whether the configs, credentials and filters show what was written."""
    row = find(action.address, cluster)
    if not isinstance(row, ObservedLink):
        return row or _vanished(action.address)
    if row.configs is None or isinstance(row.configs, Gap):
        return unseen(f"configs of {action.address}", row.configs)
    behind = (
        *unlike(action.set_configs, row.configs, catalogue),
        *not_reset(action.reset_configs, row.configs, catalogue),
        *unlike_credentials(action.credentials, row.configs, catalogue),
        *unlike_filters(action.filters, action.set_configs, row.filters, catalogue),
    )
    return Pending(f"not shown yet: {', '.join(behind)}") if behind else Settled()


def tells_nothing(action: AlterLink, cluster: ObservedCluster, catalogue: Catalogue) -> bool:
    """Whether a look that shows all as written proves nothing: secrets that were set before are set, too."""
    row = find(action.address, cluster)
    configs = row.configs if isinstance(row, ObservedLink) else None
    seen = {} if configs is None or isinstance(configs, Gap) else configs
    visible = action.filters or action.reset_configs
    return not visible and all_hidden(action.set_configs, action.credentials, seen, catalogue)


def switched(action: SetLinkPaused, cluster: ObservedCluster) -> Verdict:
    """Whether the link is paused, or runs again."""
    row = find(action.address, cluster)
    if not isinstance(row, ObservedLink):
        return row or _vanished(action.address)
    if row.configs is None or isinstance(row.configs, Gap):
        return unseen(f"configs of {action.address}", row.configs)
    if row.paused is action.paused:
        return Settled()
    return Pending("the link still runs" if action.paused else "the link is still paused")


def link_gone(action: DeleteLink, cluster: ObservedCluster) -> Verdict:
    """Whether the link is not listed any more."""
    row = find(action.address, cluster)
    if not isinstance(row, ObservedLink):
        return row or Settled()
    return Pending("the link is still listed")


def find(address: LinkAddress, cluster: ObservedCluster) -> ObservedLink | Unseen | None:
    """The row of a link; None when the list was read and holds none."""
    if cluster.links is None or isinstance(cluster.links, Gap):
        return unseen(f"links of {cluster.name}", cluster.links)
    return cluster.links.get(address.link)


def unseen(what: str, gap: Gap | None) -> Unseen:
    """The verdict on something that could not be read."""
    why = gap.diagnostic.message if gap else "the server did not say"
    return Unseen(f"{what} could not be read: {why}")


def _vanished(address: LinkAddress) -> Failed:
    return Failed(
        Diagnostic(
            code="link-vanished",
            severity=Severity.ERROR,
            message="the link is not there any more: somebody else must have deleted it during this run",
            cure="plan again to see what is left to do",
            address=address,
        )
    )


def _taken(action: CreateLink, unlike_ours: tuple[str, ...]) -> Diagnostic:
    return Diagnostic(
        code="link-taken",
        severity=Severity.ERROR,
        message="a link of this name appeared during this run and is not as declared: "
        f"{', '.join(unlike_ours)}",
        cure="plan again: the next plan compares the live link with the YAML",
        address=action.half.address,
        position=action.half.position,
    )
