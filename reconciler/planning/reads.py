"""Which reads a plan needs: the cheap lists first, and more only where the first look shows a need (P12).

Per destination: one list of links, one of mirror topics, the configs of each declared link. One more each, where
needed: the cluster id when the file does not give it, the topic list, the topic configs.
"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.catalogue import Catalogue
from reconciler.model.changes import ChangeKind
from reconciler.model.consent import Grant
from reconciler.model.desired import DesiredHalf, DesiredLink, DesiredMirror, DesiredState
from reconciler.model.links import LinkGoal
from reconciler.model.mirrors import MirrorGoal
from reconciler.model.observed import Gap, ObservedState
from reconciler.model.reads import ClusterReads, Reads, union_reads
from reconciler.planning.patterns import expand, needs_source_topics
from reconciler.planning.scope import selects_mirror, touches
from reconciler.planning.world import World, look

_EMPTY_VOCABULARY = Catalogue(configs={}, families={})


def first_reads(desired: DesiredState, *, targets: tuple[str, ...] = ()) -> Reads:
    """What has to be read before anything else is known."""
    return _sorted(
        union_reads(
            part
            for entry in desired.links
            if touches(targets, entry)
            for half in entry.halves
            for part in _first(desired, half)
        )
    )


def further_reads(
    desired: DesiredState,
    observed: ObservedState,
    *,
    targets: tuple[str, ...] = (),
    grants: tuple[Grant, ...] = (),
) -> Reads:
    """What else has to be read, now that `observed` is known; empty when nothing is missing. Nothing is asked
    for twice: not what was read, and not what could not be read.
    """
    world = look(desired, observed, _EMPTY_VOCABULARY, grants)
    wanted = union_reads(
        part
        for entry in desired.links
        if touches(targets, entry)
        for part in _further(world, entry, targets)
    )
    missing = {name: _unasked(world, name, reads) for name, reads in wanted.items()}
    return _sorted({name: reads for name, reads in missing.items() if reads != ClusterReads()})


def _first(desired: DesiredState, half: DesiredHalf) -> Iterator[Reads]:
    for name in (half.address.cluster, half.remote):
        cluster = desired.clusters.get(name)
        if cluster is not None and cluster.rest is not None and cluster.cluster_id is None:
            yield {name: ClusterReads(identity=True)}
    here = desired.clusters.get(half.address.cluster)
    if here is not None and here.rest is not None:
        yield {
            half.address.cluster: ClusterReads(
                links=True,
                mirrors=half.hosts_mirrors,
                link_configs=frozenset({half.address.link}),
            )
        }


def _further(world: World, entry: DesiredLink, targets: tuple[str, ...]) -> Iterator[Reads]:
    for source in needs_source_topics(entry):
        yield {source: ClusterReads(topics=True)}
    remotes = {half.address: half.remote for half in entry.halves}
    for mirror in expand(world, entry).mirrors:
        if not selects_mirror(targets, entry, mirror.address):
            continue
        here = mirror.address.cluster
        if not isinstance(world.mirrors(here), Gap):
            yield {here: _for_mirror(world, mirror)}
            if entry.goal is not LinkGoal.ABSENT and _may_be_created(world, mirror):
                yield {remotes[mirror.address.link_address]: ClusterReads(topics=True)}


def _for_mirror(world: World, mirror: DesiredMirror) -> ClusterReads:
    row = world.row(mirror)
    lives_on = mirror.goal in {MirrorGoal.ACTIVE, MirrorGoal.PAUSED}
    return ClusterReads(
        topics=row is None or (lives_on and mirror.replication_factor is not None),
        topic_configs=row is not None and lives_on and bool(mirror.configs),
    )


def _may_be_created(world: World, mirror: DesiredMirror) -> bool:
    row = world.row(mirror)
    if row is None:
        return mirror.goal in {MirrorGoal.ACTIVE, MirrorGoal.PAUSED}
    return world.granted(ChangeKind.RECREATE_MIRROR, row.address)


def _unasked(world: World, name: str, reads: ClusterReads) -> ClusterReads:
    """A cluster that is gone is not asked again: in a disaster every timeout counts."""
    if not world.has_rest(name) or world.gone(name):
        return ClusterReads()
    seen = world.observed.cluster(name)
    return ClusterReads(
        topics=reads.topics and seen.topics is None,
        topic_configs=reads.topic_configs and seen.topic_configs is None,
    )


def _sorted(reads: Reads) -> Reads:
    return dict(sorted(reads.items()))
