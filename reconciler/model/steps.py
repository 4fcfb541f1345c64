"""Steps: what a machine runs. One neutral verb on one object, or on many mirror topics of one link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from reconciler.model.address import LinkAddress, MirrorAddress
from reconciler.model.changes import ChangeKey
from reconciler.model.desired import DesiredHalf
from reconciler.model.filters import FilterKind, FilterSet
from reconciler.model.mirrors import MirrorVerb
from reconciler.model.secrets import Template


@dataclass(frozen=True, slots=True)
class CreateLink:
    """Create one link object.

    `link_id_from` names the half whose id the new one has to carry; the runner puts it into `link_id`
    once that half exists.
    """

    half: DesiredHalf
    remote_cluster_id: str | None = None
    link_id_from: LinkAddress | None = None
    link_id: str | None = None

    @property
    def cluster(self) -> str:
        """The cluster that the request goes to."""
        return self.half.address.cluster


@dataclass(frozen=True, slots=True)
class AlterLink:
    """Set and reset link configs, credentials and filters in one batch."""

    address: LinkAddress
    set_configs: Mapping[str, str] = field(default_factory=dict)
    reset_configs: tuple[str, ...] = ()
    credentials: Mapping[str, Template] = field(default_factory=dict)
    filters: Mapping[FilterKind, FilterSet] = field(default_factory=dict)

    @property
    def cluster(self) -> str:
        """The cluster that the request goes to."""
        return self.address.cluster


@dataclass(frozen=True, slots=True)
class SetLinkPaused:
    """Pause a link, or let it run again."""

    address: LinkAddress
    paused: bool

    @property
    def cluster(self) -> str:
        """The cluster that the request goes to."""
        return self.address.cluster


@dataclass(frozen=True, slots=True)
class DeleteLink:
    """Delete a link object; never forced."""

    address: LinkAddress

    @property
    def cluster(self) -> str:
        """The cluster that the request goes to."""
        return self.address.cluster


@dataclass(frozen=True, slots=True)
class CreateMirror:
    """Create one mirror topic."""

    address: MirrorAddress
    source_topic: str
    replication_factor: int | None = None
    configs: Mapping[str, str] = field(default_factory=dict)

    @property
    def cluster(self) -> str:
        """The cluster that the request goes to."""
        return self.address.cluster


@dataclass(frozen=True, slots=True)
class AlterMirror:
    """Set configs of one mirror topic's own."""

    address: MirrorAddress
    set_configs: Mapping[str, str]

    @property
    def cluster(self) -> str:
        """The cluster that the request goes to."""
        return self.address.cluster


@dataclass(frozen=True, slots=True)
class ChangeMirrors:
    """Pause, resume, promote or fail over mirror topics of one link; names are sorted."""

    link: LinkAddress
    verb: MirrorVerb
    mirrors: tuple[str, ...]

    @property
    def cluster(self) -> str:
        """The cluster that the request goes to."""
        return self.link.cluster


@dataclass(frozen=True, slots=True)
class DeleteTopic:
    """Delete the topic of a mirror, data included."""

    address: MirrorAddress

    @property
    def cluster(self) -> str:
        """The cluster that the request goes to."""
        return self.address.cluster


Action: TypeAlias = (
    CreateLink
    | AlterLink
    | SetLinkPaused
    | DeleteLink
    | CreateMirror
    | AlterMirror
    | ChangeMirrors
    | DeleteTopic
)


@dataclass(frozen=True, slots=True)
class Step:
    """An action with its place in the order.

    `needs` are ids of steps that must have succeeded before. `expects` is what the plan saw of each mirror
    that the step touches (status word, or None for no row): when an irreversible step finds something else, it
    is skipped and said, not sent.
    """

    id: str
    action: Action
    needs: tuple[str, ...] = ()
    covers: tuple[ChangeKey, ...] = ()
    expects: Mapping[MirrorAddress, str | None] = field(default_factory=dict)

    @property
    def irreversible(self) -> bool:
        """Whether what it does cannot be undone."""
        return any(key.kind.irreversible for key in self.covers)


def links_touched(action: Action) -> LinkAddress:
    """The one link that an action writes to or under."""
    match action:
        case CreateLink(half=half):
            return half.address
        case (
            AlterLink(address=address)
            | SetLinkPaused(address=address)
            | DeleteLink(address=address)
        ):
            return address
        case ChangeMirrors(link=link):
            return link
        case (
            CreateMirror(address=mirror) | AlterMirror(address=mirror) | DeleteTopic(address=mirror)
        ):
            return mirror.link_address
