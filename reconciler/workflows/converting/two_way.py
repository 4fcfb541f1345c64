"""A bidirectional link from the files of its two sides: which file is whose, what they say of each other, one entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Sequence as List

from reconciler.model.address import LinkAddress
from reconciler.model.catalogue import Catalogue
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.filters import FilterKind
from reconciler.model.links import ConnectionMode, Topology
from reconciler.spec.writing import Noted, Plain, Row
from reconciler.workflows.converting.entry import (
    Draft,
    section,
    source_name,
    write_clusters,
)
from reconciler.workflows.converting.filled import Filled
from reconciler.workflows.converting.names import Names
from reconciler.workflows.converting.notes import unsaid
from reconciler.workflows.converting.settings import (
    PAUSED,
    REMOTE_CONNECTION,
    Side,
    word_of,
)
from reconciler.workflows.converting.useless import without_useless
from reconciler.workflows.exporting.names import BOOTSTRAP, Variables


def other_way_round(names: Names, sides: List[Side], findings: list[Diagnostic]) -> bool:
    """Whether the first file is that of the source, and not that of the destination: a link object dials the other
    cluster, so a file that dials a cluster by its name is not the file of that cluster.
    """
    on_source = [_is_on_source(names, side) for side in sides]
    match on_source:
        case [bool(one), bool(other)] if one is other:
            findings.append(_same_side(sides[0], sides[1]))
            return False
        case [bool(first), *_]:
            return first
        case [_, bool(second)]:
            return not second
        case _:
            return False


def _is_on_source(names: Names, side: Side) -> bool | None:
    host = side.dialled_host.lower()
    if host == names.destination.lower():
        return True
    return False if names.source is not None and host == names.source.lower() else None


def both_sides(sides: List[Side], findings: list[Diagnostic]) -> tuple[Side, Side] | None:
    """The two sides, where the files say enough of each. That of the other side can be missing where it is dialled by
    the one that is there: then nothing has to be known of it to write a valid entry.
    """
    if len(sides) == 2:
        one, other = sides
        found = [*_disagreements(one, other), *_disagreements(other, one)]
        if one.paused is not other.paused:
            found.append(_half_paused(one if one.paused else other))
        findings.extend(found)
        return None if found else (one, other)
    (only,) = sides
    remote = only.values.get(REMOTE_CONNECTION)
    if remote is None or word_of(remote) != ConnectionMode.INBOUND or not only.dials:
        findings.append(_other_side_missing(only))
        return None
    return only, Side(remote.at, {}, connection=remote, told=False)


def convert_two_way(names: Names, here: Filled, there: Filled, catalogue: Catalogue) -> Draft:
    """One entry from the link object on the destination (`here`) and that on the source (`there`)."""
    draft = Draft()
    source = source_name(names, here.side.dialled_host if here.side.dials else "")
    dialled = {
        cluster: filled.side
        for cluster, filled in ((source, here), (names.destination, there))
        if filled.side.dials
    }
    write_clusters(names, source, dialled, {source, names.destination}, draft)
    draft.link["name"] = Noted(names.link, origin="--link")
    draft.link["mode"] = Topology.BIDIRECTIONAL.value
    draft.link["between"] = Noted(Row([source, names.destination]), origin="--source")
    if paused := next((f.side.values[PAUSED] for f in (here, there) if f.side.paused), None):
        draft.link["state"] = Noted("paused", origin=paused.at)
    variables = Variables()
    sides: dict[str, Plain] = {}
    for cluster, filled, other in ((names.destination, here, there), (source, there, here)):
        useful = without_useless(
            filled.side, catalogue, draft.notes, comes_back=not other.side.dials
        )
        link = LinkAddress(cluster, names.link)
        mode = filled.side.connection
        keys: dict[str, Plain] = {}
        if not filled.side.dials and mode is not None:
            keys["connectionMode"] = Noted("inbound", origin=mode.at)
        keys |= section(link, useful, filled.filters, catalogue, variables, draft.notes)
        if keys:
            sides[cluster] = Noted(keys, origin=filled.side.at)
    if sides:
        draft.link["sides"] = sides
    if names.mirrors:
        rows = [Row({"name": topic, "from": source}) for topic in names.mirrors]
        draft.link["mirrorTopics"] = Noted(rows, origin="--mirror")
    on = {names.destination: here, source: there}
    draft.notes += [_whose({cluster: filled.side for cluster, filled in on.items()})]
    draft.notes += _topics_unsaid(names, on)
    return draft


def _whose(sides: Mapping[str, Side]) -> Diagnostic:
    files = [
        f"{side.at.file} is taken for the link on {name}"
        for name, side in sides.items()
        if side.told
    ]
    silent = [name for name, side in sides.items() if not side.told]
    if silent:
        return unsaid(
            f"what is set on the link on {silent[0]}: {files[0]}",
            "add its `--config-file`, or write it under `sides`",
        )
    return unsaid(
        f"which file is whose: {', '.join(files)}",
        "give the `--config-file` of the destination first, then that of the source",
    )


def _topics_unsaid(names: Names, on: Mapping[str, Filled]) -> Iterator[Diagnostic]:
    told = {names.destination} if names.mirrors else set[str]()
    told |= {cluster for cluster, filled in on.items() if FilterKind.TOPIC in filled.filters}
    if open_ends := [cluster for cluster in on if cluster not in told]:
        yield unsaid(
            f"which topics are mirrored to {' and to '.join(open_ends)}",
            "name those of the source with `--mirror`, and others under `mirrorTopics` with their `from`",
        )


def _disagreements(one: Side, other: Side) -> list[Diagnostic]:
    """What a side says of how the other one connects, and the other does not."""
    told = one.values.get(REMOTE_CONNECTION)
    connects = ConnectionMode.OUTBOUND if other.dials else ConnectionMode.INBOUND
    if told is None or word_of(told) == connects:
        return []
    at = other.connection.at if other.connection else other.at
    return [
        Diagnostic(
            code="convert-contradiction",
            severity=Severity.ERROR,
            message=f"{REMOTE_CONNECTION} says that the other side is not what it is at {at}",
            cure="keep the value that the link really has",
            position=told.at,
            related=(at,),
        )
    ]


def _half_paused(paused: Side) -> Diagnostic:
    return Diagnostic(
        code="convert-contradiction",
        severity=Severity.ERROR,
        message="one side is paused and the other is not, and an entry has one `state`",
        cure="pause both or none",
        position=paused.values[PAUSED].at,
    )


def _same_side(one: Side, other: Side) -> Diagnostic:
    return Diagnostic(
        code="convert-contradiction",
        severity=Severity.ERROR,
        message=f"this file dials the same cluster as {one.at.file}, so both are of one side",
        cure="give the file of each side once: first that of `--destination`, then that of `--source`",
        position=other.values[BOOTSTRAP].at,
        related=(one.values[BOOTSTRAP].at,),
    )


def _other_side_missing(only: Side) -> Diagnostic:
    return Diagnostic(
        code="convert-two-way",
        severity=Severity.ERROR,
        message="this is one side of a bidirectional link, and nothing says how the other side connects",
        cure="add a second `--config-file`: that of the link on the other cluster; or use `linkctl export` once it is live",
        position=only.at,
    )
