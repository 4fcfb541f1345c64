"""The two halves of a source-initiated or bidirectional link (cluster-linking reference, section 7).

Both carry one name and, once they have met, one id. An INBOUND half cannot dial: it waits for the other one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.sandbox import refusals
from reconciler.sandbox.configs import link_configs as keys

if TYPE_CHECKING:
    from reconciler.sandbox.operations.linking import LinkRequest
    from reconciler.sandbox.world.cluster import Cluster
    from reconciler.sandbox.world.links import Link


def partner(cluster: Cluster, link: Link) -> tuple[Cluster, Link] | None:
    """The other half, wherever it is; None when there is none that fits."""
    remote = cluster.world.by_id.get(link.remote_id or "")
    other = remote.links.get(link.name) if remote else None
    if remote is None or other is None or not _fits(cluster, link, other):
        return None
    return remote, other


def introduce(cluster: Cluster, link: Link) -> None:
    """A half is new: one that was made without naming this cluster learns who has come, and nothing is left over."""
    cluster.leftovers.pop(link.link_id, None)
    remote = cluster.world.by_id.get(link.remote_id or "")
    other = remote.links.get(link.name) if remote else None
    if other is not None and other.remote_id is None and other.link_id == link.link_id:
        other.remote_id = cluster.cluster_id


def part(cluster: Cluster, link: Link, pair: tuple[Cluster, Link] | None) -> None:
    """A half is gone. The source of a pair keeps a row without a name until the other half is gone too (section 7)."""
    if pair is not None and link.mode == "SOURCE":
        cluster.leftovers[link.link_id] = pair[0].cluster_id
    elif link.remote_id in cluster.world.by_id:
        cluster.world.by_id[link.remote_id].leftovers.pop(link.link_id, None)


def _fits(cluster: Cluster, link: Link, other: Link) -> bool:
    modes = {link.mode, other.mode}
    if modes not in ({"SOURCE", "DESTINATION"}, {"BIDIRECTIONAL"}):
        return False
    if link.is_inbound and other.is_inbound:
        return False
    # A source-initiated pair needs the destination to be dialled; a destination that dials is nobody's half.
    if modes != {"BIDIRECTIONAL"} and not (link.is_inbound or other.is_inbound):
        return False
    return other.remote_id in {cluster.cluster_id, None} and link.link_id == other.link_id


def id_for(cluster: Cluster, remote: Cluster, request: LinkRequest, configs: dict[str, str]) -> str:
    """The id of a new half: that of the other one where it is visible, else a fresh one. Raises Refusal."""
    mode = keys.value_of(configs, keys.MODE).upper()
    inbound = keys.value_of(configs, keys.CONNECTION).upper() == "INBOUND"
    other = _visible(cluster, remote, request.name)
    if mode == "SOURCE":
        if other is None or not (other.mode == "DESTINATION" and other.is_inbound):
            raise _no_such_link(request.name)
        return other.link_id
    if mode == "BIDIRECTIONAL":
        return _bidirectional_id(cluster, other, request, inbound=inbound)
    return cluster.world.new_id()


def _bidirectional_id(
    cluster: Cluster, other: Link | None, request: LinkRequest, *, inbound: bool
) -> str:
    expected = request.cluster_link_id
    if inbound and expected is not None:
        raise refusals.invalid(
            "Unexpected cluster link id. Should not be provided for bi-directional cluster link "
            "with inbound connections."
        )
    # `remote.link.connection.mode=INBOUND` asks for nothing here: the Terraform provider sends it with every half
    # that dials, also with the first one of a pair in which both do.
    if other is None and expected is not None:
        raise _no_such_link(request.name)
    if other is None or inbound:
        return cluster.world.new_id()
    if other.mode != "BIDIRECTIONAL":
        raise refusals.link_validation(
            f"The link '{request.name}' of the remote cluster is not bidirectional."
        )
    if expected not in {None, other.link_id}:
        raise refusals.link_validation(
            f"Expected cluster link ID '{expected}' does not match the remote link's ID "
            f"'{other.link_id}'."
        )
    return other.link_id


def _visible(cluster: Cluster, remote: Cluster, name: str) -> Link | None:
    """The remote link of that name, once the cluster over there has told everybody about it (section 10.3)."""
    other = remote.links.get(name)
    if other is None or other.remote_id not in {cluster.cluster_id, None}:
        return None
    known_from = other.created_ms + cluster.world.delays.link_resolved
    return other if cluster.world.now_ms() >= known_from else None


def _no_such_link(name: str) -> refusals.Refusal:
    """The text that clients retry on: the other half may not be visible yet (section 2.5)."""
    return refusals.link_validation(f"the destination cluster does not have a link named {name}")
