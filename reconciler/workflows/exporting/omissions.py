"""What is live and cannot be written down so that a plan of it is empty: said in the file and on stderr."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass

from reconciler.model.address import Address, address_order
from reconciler.model.diagnostics import Diagnostic, Severity

WIDTH = 76


@dataclass(frozen=True, slots=True)
class Omission:
    """One thing that is left out: `what` it is, and `why`."""

    address: Address
    what: str
    why: str

    @property
    def diagnostic(self) -> Diagnostic:
        """A line for stderr."""
        return Diagnostic(
            code="export-left-out",
            severity=Severity.WARNING,
            message=f"left out of the file: {self.what}: {self.why}",
            cure="nothing is lost: what a file does not speak of is reported by `plan` and never touched",
            address=self.address,
        )


def comments(omissions: Iterable[Omission]) -> tuple[str, ...]:
    """Lines for the file, which stay within 80 columns with `#` and the indent of an entry before them."""
    return tuple(
        line
        for omission in omissions
        for line in textwrap.wrap(
            f"Left out: {omission.address}: {omission.what}: {omission.why}",
            WIDTH,
            subsequent_indent="  ",
            break_long_words=False,
            break_on_hyphens=False,
        )
    )


def omission_order(omission: Omission) -> tuple[tuple[str, ...], str]:
    """Sort key: a link before its mirror topics."""
    return address_order(omission.address), omission.what
