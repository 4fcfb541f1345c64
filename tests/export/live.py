"""Live clusters as they may be read, written down by hand: what the sandbox would not show."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.cluster_linking import CATALOGUE
from reconciler.cluster_linking.filters import parse_filters
from reconciler.model.address import LinkAddress, MirrorAddress
from reconciler.model.clusters import Cluster, RestEndpoint
from reconciler.model.desired import DesiredState
from reconciler.model.filters import FilterKind
from reconciler.model.observed import (
    ObservedCluster,
    ObservedConfig,
    ObservedLink,
    ObservedMirror,
    ObservedState,
)
from reconciler.spec import load
from reconciler.spec.sources import Source


def config(
    name: str, value: str | None, *, is_default: bool | None = False, read_only: bool = False
) -> ObservedConfig:
    """A config as a server lists it; a secret shows no value."""
    sensitive = CATALOGUE.is_sensitive(name)
    shown = None if sensitive else value
    return ObservedConfig(name, shown, is_default, read_only=read_only, sensitive=sensitive)


def link(
    cluster: str,
    name: str,
    remote_id: str | None,
    configs: Mapping[str, str] | None = None,
    *rows: ObservedConfig,
    link_id: str | None = "L",
) -> ObservedLink:
    """A live link; mode, prefix and filters are those of its configs."""
    listed = [config(n, value) for n, value in (configs or {}).items()]
    every = {row.name: row for row in (*listed, *rows)}
    values = {n: row.value for n, row in every.items()}
    paused = values.get("cluster.link.paused")
    return ObservedLink(
        LinkAddress(cluster, name),
        link_id=link_id,
        remote_cluster_id=remote_id,
        configs=every,
        filters={k: parse_filters(k, values.get(CATALOGUE.families[k].config)) for k in FilterKind},
        link_mode=values.get("link.mode"),
        connection_mode=values.get("connection.mode"),
        prefix=values.get("cluster.link.prefix") or "",
        paused=None if paused is None else paused == "true",
    )


def mirror(on: ObservedLink, source: str, status: str | None = "ACTIVE") -> ObservedMirror:
    """A live mirror topic of a link."""
    address = on.address.mirror((on.prefix or "") + source)
    assert isinstance(address, MirrorAddress)
    return ObservedMirror(address, source, status)


def world(*links: ObservedLink, mirrors: tuple[ObservedMirror, ...] = ()) -> ObservedState:
    """Two clusters, `a` with the id A and `b` with the id B."""
    return ObservedState(
        {
            name: ObservedCluster(
                name,
                cluster_id=name.upper(),
                links={x.address.link: x for x in links if x.address.cluster == name},
                mirrors={m.address.mirror: m for m in mirrors if m.address.cluster == name},
                topic_configs={},
            )
            for name in ("a", "b")
        }
    )


def files(*more: Cluster) -> DesiredState:
    """What a file says of the clusters: `a` and `b` have REST endpoints."""
    clusters = [
        Cluster(name, rest=RestEndpoint(f"http://{name}:8090/kafka/v3")) for name in ("a", "b")
    ]
    return DesiredState({cluster.name: cluster for cluster in (*clusters, *more)})


def loaded(text: str) -> DesiredState:
    """What an exported text means."""
    found = load([Source("x.yaml", text.encode())], variables={}, catalogue=CATALOGUE, env=None)
    assert found.desired is not None, found.diagnostics
    return found.desired
