"""Changes: what a person reads. One per (address, kind)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from reconciler.model.address import Address, address_order
from reconciler.model.consent import ConsentKind
from reconciler.model.diagnostics import Position
from reconciler.model.filters import Filter, FilterKind


class ChangeKind(StrEnum):
    """What happens to one link or mirror topic."""

    CREATE_LINK = "create-link"
    CONFIGURE_LINK = "configure-link"
    PAUSE_LINK = "pause-link"
    RESUME_LINK = "resume-link"
    DELETE_LINK = "delete-link"
    CREATE_MIRROR = "create-mirror"
    CONFIGURE_MIRROR = "configure-mirror"
    PAUSE_MIRROR = "pause-mirror"
    RESUME_MIRROR = "resume-mirror"
    PROMOTE = "promote"
    FAILOVER = "failover"
    DELETE_TOPIC = "delete-topic"
    DELETE_RELEASED = "delete-released"
    RECREATE_MIRROR = "recreate-mirror"

    @property
    def consent(self) -> ConsentKind | None:
        """The consent that this change needs, if it cannot be undone."""
        return _CONSENT.get(self)

    @property
    def irreversible(self) -> bool:
        """Whether it cannot be undone."""
        return self in _CONSENT


_CONSENT = {
    ChangeKind.DELETE_LINK: ConsentKind.DELETE_LINK,
    ChangeKind.PROMOTE: ConsentKind.PROMOTE,
    ChangeKind.FAILOVER: ConsentKind.FAILOVER,
    ChangeKind.DELETE_TOPIC: ConsentKind.DELETE_TOPIC,
    ChangeKind.DELETE_RELEASED: ConsentKind.DELETE_RELEASED,
    ChangeKind.RECREATE_MIRROR: ConsentKind.RECREATE,
}


class Resent(StrEnum):
    """Why a secret is written that is set already: whether it is the right one, nobody can see."""

    BESIDE_CHANGE = "beside-change"
    """Visible security configs of its direction change, and it belongs to what they say."""
    REQUESTED = "requested"


@dataclass(frozen=True, slots=True)
class FieldDelta:
    """One property before and after. None before: not set; None after: back to the server's default.

    `hidden` marks a secret: then both values are None, `reference` says where the new one comes from, and `resent` why
    it is written although one is set.
    """

    name: str
    before: str | None = None
    after: str | None = None
    hidden: bool = False
    reference: str = ""
    resent: Resent | None = None


@dataclass(frozen=True, slots=True)
class FilterDelta:
    """Rows that a filter gains and loses, each sorted."""

    kind: FilterKind
    added: tuple[Filter, ...] = ()
    removed: tuple[Filter, ...] = ()


Delta: TypeAlias = FieldDelta | FilterDelta


@dataclass(frozen=True, slots=True)
class Exposure:
    """Records by which the mirror is behind: what a failover could lose, a promotion has to wait for, or a deletion
    would delete.

    `records` is None when the lag is not known.
    """

    records: int | None
    partitions: int | None = None


@dataclass(frozen=True, slots=True)
class ChangeKey:
    """Identity of a change inside a plan."""

    address: Address
    kind: ChangeKind


@dataclass(frozen=True, slots=True)
class Change:
    """One change to one object."""

    address: Address
    kind: ChangeKind
    deltas: tuple[Delta, ...] = ()
    exposure: Exposure | None = None
    before: str = ""
    """The live status word that the change starts from, where there is one."""
    position: Position | None = None
    """The entry in the YAML that asks for it."""

    @property
    def key(self) -> ChangeKey:
        """Identity inside the plan."""
        return ChangeKey(self.address, self.kind)


def change_order(change: Change) -> tuple[tuple[str, ...], str]:
    """Sort key for reading: by address, then by kind."""
    return address_order(change.address), change.kind
