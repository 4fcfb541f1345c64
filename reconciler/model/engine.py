"""What a replication engine offers to the rest of the house.

Confluent Cluster Linking is the first (`cluster_linking`); the planner, the runner and the printers know only
this protocol.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from reconciler.model.address import Address
from reconciler.model.catalogue import Catalogue
from reconciler.model.diagnostics import Diagnostic
from reconciler.model.observed import ObservedState
from reconciler.model.reads import Reads
from reconciler.model.steps import Action

T = TypeVar("T")


class Retry(Protocol):
    """Repeats a read while that is safe and may help. The policy is `execution`'s; engines get it as an argument."""

    async def __call__(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """Run `attempt` until it succeeds; the last error passes through."""
        ...


@dataclass(frozen=True, slots=True)
class ItemAnswer:
    """The server's word on one object of an action: accepted (no refusal), or why not.

    Accepted is not done: the wanted state has to be observed (P10).
    """

    address: Address
    refusal: Diagnostic | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request as people may read it: secrets are shown as their references."""

    method: str
    url: str
    body: str = ""


class Engine(Protocol):
    """Reads and writes of one kind of replication."""

    @property
    def catalogue(self) -> Catalogue:
        """The engine's vocabulary."""
        ...

    async def observe(self, reads: Reads) -> ObservedState:
        """Read the named scopes, all clusters at once. What cannot be read comes back as a `Gap`; never raises
        for what a server, a network or a cluster did.
        """
        ...

    async def perform(self, action: Action) -> tuple[ItemAnswer, ...]:
        """Send one action once, without retries, and return the server's word per object.

        Raises:
            EngineError: the action as a whole was not accepted, or nobody knows; the subclass says which.
        """
        ...

    def requests(self, action: Action) -> tuple[Request, ...]:
        """The requests that `perform` would send."""
        ...

    def command_lines(self, action: Action) -> tuple[str, ...]:
        """The vendor's command lines that do the same, ready to paste; secrets as references."""
        ...
