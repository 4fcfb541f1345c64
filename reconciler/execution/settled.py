"""What to look at to judge an action, and the judgement. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from reconciler.execution.settled_links import altered, created, link_gone, switched
from reconciler.execution.settled_mirrors import (
    mirror_altered,
    mirror_changed,
    mirror_created,
    topic_gone,
)
from reconciler.execution.verdicts import Verdict
from reconciler.model.address import Address
from reconciler.model.catalogue import Catalogue
from reconciler.model.observed import ObservedCluster
from reconciler.model.reads import ClusterReads
from reconciler.model.steps import (
    Action,
    AlterLink,
    AlterMirror,
    ChangeMirrors,
    CreateLink,
    CreateMirror,
    DeleteLink,
    DeleteTopic,
    SetLinkPaused,
)


def settled(
    action: Action, cluster: ObservedCluster, catalogue: Catalogue
) -> Mapping[Address, Verdict]:
    """The verdict of one look on every object of an action."""
    if isinstance(action, ChangeMirrors):
        names = map(action.link.mirror, action.mirrors)
        return {name: mirror_changed(name, action.verb, cluster) for name in names}
    (address,) = addresses_of(action)
    if isinstance(action, CreateMirror | AlterMirror | DeleteTopic):
        return {address: _on_mirror(action, cluster, catalogue)}
    return {address: _on_link(action, cluster, catalogue)}


def _on_link(
    action: CreateLink | AlterLink | SetLinkPaused | DeleteLink,
    cluster: ObservedCluster,
    catalogue: Catalogue,
) -> Verdict:
    match action:
        case CreateLink():
            return created(action, cluster, catalogue)
        case AlterLink():
            return altered(action, cluster, catalogue)
        case SetLinkPaused():
            return switched(action, cluster)
        case DeleteLink():
            return link_gone(action, cluster)
        case _:
            assert_never(action)


def _on_mirror(
    action: CreateMirror | AlterMirror | DeleteTopic,
    cluster: ObservedCluster,
    catalogue: Catalogue,
) -> Verdict:
    match action:
        case CreateMirror():
            return mirror_created(action, cluster)
        case AlterMirror():
            return mirror_altered(action, cluster, catalogue)
        case DeleteTopic():
            return topic_gone(action, cluster)
        case _:
            assert_never(action)


def reads_for(action: Action) -> ClusterReads:
    """The least that has to be read for `settled`."""
    match action:
        case CreateLink() | DeleteLink():
            return ClusterReads(links=True)
        case AlterLink(address=link) | SetLinkPaused(address=link):
            return ClusterReads(links=True, link_configs=frozenset({link.link}))
        case CreateMirror() | ChangeMirrors():
            return ClusterReads(mirrors=True)
        case AlterMirror():
            return ClusterReads(topic_configs=True)
        case DeleteTopic():
            return ClusterReads(mirrors=True, topics=True)
        case _:
            assert_never(action)


def reads_to_look_up(action: Action) -> ClusterReads:
    """What has to be read to tell our own object from somebody else's of the same name."""
    reads = reads_for(action)
    if isinstance(action, CreateLink):
        return replace(reads, link_configs=frozenset({action.half.address.link}))
    return reads


def addresses_of(action: Action) -> tuple[Address, ...]:
    """The objects of an action, each of which ends in one outcome."""
    match action:
        case CreateLink(half=half):
            return (half.address,)
        case ChangeMirrors(link=link, mirrors=names):
            return tuple(link.mirror(name) for name in names)
        case (
            AlterLink(address=address)
            | SetLinkPaused(address=address)
            | DeleteLink(address=address)
        ):
            return (address,)
        case (
            CreateMirror(address=mirror) | AlterMirror(address=mirror) | DeleteTopic(address=mirror)
        ):
            return (mirror,)
        case _:
            assert_never(action)
