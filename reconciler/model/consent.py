"""Consent to what cannot be undone. It names its kind, belongs to one run, and is never stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from reconciler.model.address import Address, matches


class ConsentKind(StrEnum):
    """What may be consented to. The last two want an exact address."""

    PROMOTE = "promote"
    FAILOVER = "failover"
    DELETE_TOPIC = "delete-topic"
    DELETE_LINK = "delete-link"
    RECREATE = "recreate"
    DELETE_RELEASED = "delete-released"

    @property
    def exact(self) -> bool:
        """Whether only `KIND=ADDRESS` with the whole address will do, without a budget or a glob."""
        return self in {ConsentKind.RECREATE, ConsentKind.DELETE_RELEASED}


@dataclass(frozen=True, slots=True)
class Grant:
    """One `--allow`: a kind alone, with a budget (`promote=3`), or with an address glob (`promote=dst/l/*`)."""

    kind: ConsentKind
    budget: int | None = None
    glob: str | None = None

    def covers(self, address: Address) -> bool:
        """Whether this grant speaks of that address; budgets are counted by whoever holds all changes."""
        if self.kind.exact:
            return self.glob == str(address)
        return self.glob is None or matches(address, self.glob)

    def __str__(self) -> str:
        limit = self.glob if self.glob is not None else self.budget
        return f"{self.kind}" if limit is None else f"{self.kind}={limit}"


def narrowest(kind: ConsentKind, addresses: Sequence[Address]) -> tuple[Grant, ...]:
    """The consents of one kind that cover exactly these objects: a lone one by its address, several by their number;
    where only exact addresses will do, each by its own.
    """
    if kind.exact or len(addresses) == 1:
        return tuple(Grant(kind, glob=str(address)) for address in addresses)
    return (Grant(kind, budget=len(addresses)),) if addresses else ()
