"""What is live and no file speaks of: reported, never touched."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from reconciler.model.address import Address, LinkAddress, address_order
from reconciler.model.desired import DesiredHalf
from reconciler.model.filters import FilterKind, NameFilter, selects
from reconciler.model.observed import Gap, ObservedLink, known
from reconciler.model.plan import Unmanaged
from reconciler.planning.configs import live_configs
from reconciler.planning.diff import overridden
from reconciler.planning.filters import final_filter
from reconciler.planning.outlook import HalfOutlook
from reconciler.planning.world import World, counted


def find_unmanaged(
    world: World, outlooks: Iterable[HalfOutlook], spoken_of: Collection[Address]
) -> tuple[Unmanaged, ...]:
    """Links, mirror topics and config overrides that no file speaks of, by address."""
    judged = tuple(outlooks)
    found = [*_links(world, {o.half.address.cluster for o in judged})]
    for outlook in judged:
        found += _mirrors(world, outlook, spoken_of)
        if outlook.live is not None:
            found += _configs(world, outlook.half, outlook.live)
    return tuple(sorted(found, key=lambda item: (address_order(item.address), item.detail)))


def _links(world: World, clusters: set[str]) -> Iterator[Unmanaged]:
    declared = {half.address for _, half in world.desired.halves()}
    for cluster in sorted(clusters):
        for name in known(world.observed.cluster(cluster).links) or {}:
            address = LinkAddress(cluster, name)
            if address not in declared:
                rows = counted(len(world.rows_of(address)), "mirror topic")
                yield Unmanaged(address, f"link with {rows}")


def _mirrors(
    world: World, outlook: HalfOutlook, spoken_of: Collection[Address]
) -> Iterator[Unmanaged]:
    """Mirror topics that the link's own topic filter selects are expected; while it is hidden, nobody knows."""
    rows = final_filter(
        outlook.half, world.link(outlook.half.address), FilterKind.TOPIC, world.catalogue
    )
    if rows is None:
        return
    names = [row for row in rows if isinstance(row, NameFilter)]
    for row in world.rows_of(outlook.half.address):
        if row.address not in spoken_of and not selects(names, row.source_topic):
            yield Unmanaged(row.address, f"mirror topic, {row.status or 'no status'}")


def _configs(world: World, half: DesiredHalf, live: ObservedLink) -> Iterator[Unmanaged]:
    """Names only: the value of a config that we do not know could be a secret."""
    configs, catalogue = live_configs(live), world.catalogue
    declared = {*half.configs, *half.reset_configs, *half.credentials}
    for name in sorted(set(configs) - declared):
        entry = catalogue.get(name)
        elsewhere = entry is not None and (entry.immutable or bool(entry.home))
        if not elsewhere and overridden(name, configs, catalogue):
            yield Unmanaged(half.address, f"config {name} is set")
    for kind in FilterKind:
        rows = live.filters.get(kind)
        if kind not in half.filters and rows and not isinstance(rows, Gap):
            yield Unmanaged(half.address, f"{kind} filter with {counted(len(rows), 'row')} is set")
