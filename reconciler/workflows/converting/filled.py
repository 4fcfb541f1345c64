"""Which filters belong to which side of a link: those of the filter files, and those inside the properties files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeAlias

from reconciler.cluster_linking import CATALOGUE
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.filters import FilterKind
from reconciler.planning.normalise import is_on
from reconciler.spec import Source
from reconciler.workflows.converting.filter_files import FilterFile, parse_rows, read_filters
from reconciler.workflows.converting.settings import Side

FILTER_OPTIONS = {
    FilterKind.GROUP: "--consumer-group-filters-json-file",
    FilterKind.TOPIC: "--topic-filters-json-file",
    FilterKind.ACL: "--acl-filters-json-file",
}
Given: TypeAlias = Mapping[FilterKind, Sequence[FilterFile]]
"""The filter files of each kind, in the order in which they are given."""


class Filled(NamedTuple):
    """A side with its filters."""

    side: Side
    filters: Mapping[FilterKind, FilterFile]


def given_filters(
    files: Mapping[FilterKind, Sequence[Source]], findings: list[Diagnostic]
) -> Given:
    """The filter files, read; what is wrong with them goes to `findings`."""
    given: dict[FilterKind, list[FilterFile]] = {}
    for kind, sources in files.items():
        for source in sources:
            found = read_filters(kind, source)
            if isinstance(found, FilterFile):
                given.setdefault(kind, []).append(found)
            else:
                findings.extend(found)
    return given


def fill(
    sides: Sequence[Side], given: Given, destination: int, findings: list[Diagnostic]
) -> list[Filled]:
    """Each side with its filters; `destination` is the place of the destination's among them."""
    filled: list[Filled] = []
    for side, share in zip(sides, _shared_out(given, sides, destination, findings), strict=True):
        rest, inline = _without_filters(side, findings)
        filled.append(Filled(rest, _together(share, inline, findings)))
    return filled


def _shared_out(
    given: Given, sides: Sequence[Side], destination: int, findings: list[Diagnostic]
) -> list[dict[FilterKind, FilterFile]]:
    """Which side gets which filter files: as many as there are sides go in the order of the properties files. One alone
    goes where it is waited for, or to the destination when that does not tell.
    """
    shares: list[dict[FilterKind, FilterFile]] = [{} for _ in sides]
    for kind, found in given.items():
        if len(found) > len(sides):
            findings.append(_too_many(kind, found, len(sides)))
        elif len(found) > 1:
            for share, each in zip(shares, found, strict=True):
                share[kind] = each
        else:
            waiting = [n for n, side in enumerate(sides) if _waits_for(kind, side)]
            shares[waiting[0] if len(waiting) == 1 else destination][kind] = found[0]
    return shares


def _waits_for(kind: FilterKind, side: Side) -> bool:
    """Whether the switch of these filters is on, and their config is not in the file."""
    family = CATALOGUE.families[kind]
    switch = side.values.get(family.switch)
    return switch is not None and is_on(switch.value) and family.config not in side.values


def _too_many(kind: FilterKind, found: Sequence[FilterFile], sides: int) -> Diagnostic:
    what = (
        "one file of these filters"
        if sides == 1
        else f"{sides} files of these filters, one for each side"
    )
    return Diagnostic(
        code="convert-contradiction",
        severity=Severity.ERROR,
        message=f"`{FILTER_OPTIONS[kind]}` is given {len(found)} times, and this link takes {what}",
        cure="join them, or leave out those of other links",
        position=found[sides].at,
        related=tuple(each.at for each in found[:sides]),
    )


def _without_filters(
    side: Side, findings: list[Diagnostic]
) -> tuple[Side, dict[FilterKind, FilterFile]]:
    """Filters that stand in a properties file, as the value of their config."""
    filters: dict[FilterKind, FilterFile] = {}
    values = dict(side.values)
    for kind, family in CATALOGUE.families.items():
        found = values.pop(family.config, None)
        if found is not None:
            rows = parse_rows(kind, found.value, found.at, whole_file=False)
            if isinstance(rows, FilterFile):
                filters[kind] = rows
            else:
                findings.extend(rows)
    return replace(side, values=values), filters


def _together(
    files: dict[FilterKind, FilterFile],
    inline: dict[FilterKind, FilterFile],
    findings: list[Diagnostic],
) -> dict[FilterKind, FilterFile]:
    findings.extend(
        Diagnostic(
            code="convert-contradiction",
            severity=Severity.ERROR,
            message=f"{CATALOGUE.families[kind].config} is given here and with `{FILTER_OPTIONS[kind]}`",
            cure="keep one of the two",
            position=inline[kind].at,
            related=(files[kind].at,),
        )
        for kind in sorted(files.keys() & inline.keys())
    )
    return {**inline, **files}
