"""Names of clusters that no file names, and of the variables that stand for secrets."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count

from reconciler.model.address import LinkAddress
from reconciler.model.clusters import Cluster
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.errors import InputError
from reconciler.model.observed import ObservedLink
from reconciler.model.secrets import Reference, ReferenceKind, Template
from reconciler.model.spelling import addresses

BOOTSTRAP = "bootstrap.servers"


@dataclass(frozen=True, slots=True)
class Remotes:
    """Which cluster is on the other side of each link, and all clusters that there are then."""

    of: Mapping[LinkAddress, str]
    clusters: Mapping[str, Cluster]
    ids: Mapping[str, str]
    """Cluster names by id."""


def name_remotes(
    clusters: Mapping[str, Cluster], live_ids: Mapping[str, str], links: Iterable[ObservedLink]
) -> Remotes:
    """Match the other side of each link by its id, by the address that is dialled, or by the half there that carries
    the same link id; make a cluster of what is none of them. `live_ids` are ids by cluster name.

    Raises:
        InputError: two names stand for one cluster, so that each of its links would be there twice.
    """
    # Those that show the id of the other side first: they tell at which address it answers.
    every = sorted(links, key=lambda link: (link.remote_cluster_id is None, link.address))
    names = _names_by_id(clusters, live_ids)
    places = {name: addresses(cluster.bootstrap_servers) for name, cluster in clusters.items()}
    for link in every:
        found = _dialled(places, frozenset(names.values()), link)
        if found is not None and link.remote_cluster_id is not None:
            names.setdefault(link.remote_cluster_id, found)
    known, remotes = dict(clusters), {}
    for link in every:
        name = names.get(link.remote_cluster_id or "")
        if name is None:
            # A version that does not show the id leaves only the address to go by.
            taken = frozenset(names.values()) if link.remote_cluster_id else frozenset[str]()
            name = _dialled(places, taken, link) or _with_other_half(every, link)
        if name is None:
            name = _free(link.remote_cluster_id or f"{link.address.link}-remote", known)
            known[name] = Cluster(name, cluster_id=link.remote_cluster_id)
        if link.remote_cluster_id is not None:
            names.setdefault(link.remote_cluster_id, name)
        places[name] = places.get(name, frozenset()) | addresses(link.config(BOOTSTRAP))
        remotes[link.address] = name
    return Remotes(remotes, known, names)


def _names_by_id(clusters: Mapping[str, Cluster], live_ids: Mapping[str, str]) -> dict[str, str]:
    names: dict[str, str] = {}
    for name, cluster in sorted(clusters.items()):
        found = live_ids.get(name, cluster.cluster_id)
        if found is None:
            continue
        if found in names:
            raise InputError(_same_cluster(names[found], name))
        names[found] = name
    return names


def _same_cluster(one: str, other: str) -> Diagnostic:
    return Diagnostic(
        code="export-same-cluster",
        severity=Severity.ERROR,
        message=f"{one} and {other} are one and the same cluster",
        cure="keep one of the two names, so that each link is exported once",
        subject=other,
    )


def _dialled(
    places: Mapping[str, frozenset[str]], taken: Container[str], link: ObservedLink
) -> str | None:
    """The cluster at whose address the link dials, of those that are not known by id."""
    wanted = addresses(link.config(BOOTSTRAP))
    found = [
        name
        for name, place in sorted(places.items())
        if name not in taken and name != link.address.cluster and wanted & place
    ]
    return found[0] if len(found) == 1 else None


def _with_other_half(links: Iterable[ObservedLink], link: ObservedLink) -> str | None:
    """The cluster with the other half of a link that neither dials nor says who dials it."""
    if link.link_id is None:
        return None
    found = [
        other.address.cluster
        for other in links
        if other.link_id == link.link_id and other.address.cluster != link.address.cluster
    ]
    return found[0] if len(found) == 1 else None


def _free(wanted: str, taken: Container[str], mark: str = "-") -> str:
    names = (wanted if number == 1 else f"{wanted}{mark}{number}" for number in count(1))
    return next(name for name in names if name not in taken)


@dataclass(slots=True)
class Variables:
    """Environment variables that stand for secrets: each gets a name of its own, the same in every export."""

    meanings: dict[str, tuple[LinkAddress, str]] = field(default_factory=dict)

    def reference(self, link: LinkAddress, config: str) -> Template:
        """A reference to a variable named after the link object and the config."""
        words = re.sub(r"[^A-Z0-9]+", "_", f"{link.cluster}_{link.link}_{config}".upper())
        name = _free(words if words[0].isalpha() else f"_{words}", self.meanings, "_")
        self.meanings[name] = (link, config)
        return Template((Reference(ReferenceKind.ENV, name),))

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Which variable stands for what."""
        return tuple(
            Diagnostic(
                code="export-secret",
                severity=Severity.NOTE,
                message=f"{name} stands for {config}, which is set and never shown",
                cure=f"set {name} before an `apply` that has to write it; `plan` does not need it",
                address=link,
            )
            for name, (link, config) in sorted(self.meanings.items())
        )
