"""Addresses: how a link or a mirror topic is named in plans, consents and reports.

A link is `cluster/link`, a mirror topic `cluster/link/mirror`, by the names that hold on that cluster (so
a mirror is named with its prefix). Neither link names nor topic names may hold a slash
(cluster-linking reference, sections 2.5 and 8), so the text form can be parsed back.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TypeAlias


@dataclass(frozen=True, slots=True, order=True)
class LinkAddress:
    """A cluster link object on one cluster."""

    cluster: str
    link: str

    def mirror(self, name: str) -> MirrorAddress:
        """The address of a mirror topic on this link."""
        return MirrorAddress(self.cluster, self.link, name)

    def __str__(self) -> str:
        return f"{self.cluster}/{self.link}"


@dataclass(frozen=True, slots=True, order=True)
class MirrorAddress:
    """A mirror topic of one link."""

    cluster: str
    link: str
    mirror: str

    @property
    def link_address(self) -> LinkAddress:
        """The link that the mirror topic hangs on."""
        return LinkAddress(self.cluster, self.link)

    def __str__(self) -> str:
        return f"{self.cluster}/{self.link}/{self.mirror}"


Address: TypeAlias = LinkAddress | MirrorAddress


def address_order(address: Address) -> tuple[str, ...]:
    """Sort key: a link comes right before its own mirror topics."""
    return tuple(str(address).split("/"))


def parse_address(text: str) -> Address:
    """Read the text form back.

    Raises:
        ValueError: the text has not two or three non-empty parts.
    """
    match text.split("/"):
        case [cluster, link] if cluster and link:
            return LinkAddress(cluster, link)
        case [cluster, link, mirror] if cluster and link and mirror:
            return MirrorAddress(cluster, link, mirror)
        case _:
            raise ValueError(f"{text!r} is not CLUSTER/LINK or CLUSTER/LINK/MIRROR")


def matches(address: Address, glob: str) -> bool:
    """Whether a glob over whole addresses selects this one (`*` crosses slashes, case counts)."""
    return fnmatchcase(str(address), glob)
