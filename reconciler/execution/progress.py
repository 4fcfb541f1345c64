"""Progress of one step: what its objects are waiting for, said when it changes and not at every look."""

from __future__ import annotations

from collections.abc import Callable

from reconciler.execution.settled import addresses_of
from reconciler.model.address import Address, MirrorAddress
from reconciler.model.events import Event, StepWaiting
from reconciler.model.steps import Step

NAMED = 3


class Progress:
    """Collects details per object and says them as one line per step."""

    def __init__(self, step: Step, emit: Callable[[Event], None]) -> None:
        self._step = step
        self._alone = len(addresses_of(step.action)) == 1
        self._emit = emit
        self._details: dict[Address, str] = {}
        self._said = ""

    def waits(self, address: Address, detail: str) -> None:
        """An object is not there yet."""
        self._details[address] = detail

    def ends(self, address: Address) -> None:
        """An object needs no more waiting."""
        self._details.pop(address, None)

    def detail(self, address: Address) -> str:
        """What was last seen of an object."""
        return self._details.get(address, "")

    def say(self) -> None:
        """Emit the line, unless it would be the last one again."""
        text = self._text()
        if text and text != self._said:
            self._emit(StepWaiting(self._step, text))
        self._said = text

    def _text(self) -> str:
        """What is waited for; whoever reads it knows the step, and so its link, and its object where it has only one."""
        waiting = sorted(self._details, key=str)
        if self._alone:
            return "".join(self._details.values())
        named = [f"{_short(address)}: {self._details[address]}" for address in waiting[:NAMED]]
        more = len(waiting) - len(named)
        return "; ".join(named) + (f"; and {more} more" if more else "")


def _short(address: Address) -> str:
    return address.mirror if isinstance(address, MirrorAddress) else address.link
