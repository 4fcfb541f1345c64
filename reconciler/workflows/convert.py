"""The story of `convert`: the files of `kafka-cluster-links --create` become one entry of links.yaml.

Nothing is judged twice: the entry is written, loaded like any links.yaml, and what is wrong with it is told about the
place in the file or the option that it comes from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from reconciler.cluster_linking import CATALOGUE
from reconciler.model.diagnostics import (
    Diagnostic,
    Position,
    Severity,
    diagnostic_order,
    has_errors,
)
from reconciler.model.errors import InputError
from reconciler.model.filters import FilterKind
from reconciler.model.links import Topology
from reconciler.spec import Source, load
from reconciler.spec.writing import Written, for_editors, write_document
from reconciler.workflows.converting.entry import Draft, convert_entry
from reconciler.workflows.converting.filled import (
    FILTER_OPTIONS,
    Filled,
    Given,
    fill,
    given_filters,
)
from reconciler.workflows.converting.librdkafka_faults import check_login
from reconciler.workflows.converting.names import Names, judged_names, strangers
from reconciler.workflows.converting.settings import Settings, Side, read_settings
from reconciler.workflows.converting.two_way import both_sides, convert_two_way, other_way_round
from reconciler.workflows.exporting.names import BOOTSTRAP
from reconciler.workflows.load import read_one

_HEADER = for_editors("links")


@dataclass(frozen=True, slots=True)
class Files:
    """What is given to `kafka-cluster-links`, read as it is; of a bidirectional link, that of both sides."""

    configs: tuple[Source, ...]
    filters: Mapping[FilterKind, tuple[Source, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Converted:
    """The text of a links.yaml, and what the files did not say."""

    text: str
    diagnostics: tuple[Diagnostic, ...]


def read_files(
    configs: Iterable[str], filters: Mapping[FilterKind, Iterable[str]], stdin: Callable[[], bytes]
) -> Files:
    """Read what is named; `-` is standard input.

    Raises:
        InputError: with everything that cannot be read, or is a folder.
    """
    problems: list[Diagnostic] = []

    def read(path: str) -> tuple[Source, ...]:
        try:
            return (read_one(path, stdin),)
        except InputError as error:
            problems.extend(error.diagnostics)
            return ()

    def each(paths: Iterable[str]) -> tuple[Source, ...]:
        return tuple(source for path in paths for source in read(path))

    found = Files(each(configs), {kind: each(paths) for kind, paths in filters.items()})
    if problems:
        raise InputError(*problems)
    return found


def convert(names: Names, files: Files) -> Converted:
    """One entry with its clusters, which `validate` accepts.

    Raises:
        InputError: with everything that is wrong with the files and names, each with its place.
    """
    slips: list[Diagnostic] = []
    usable = judged_names(names, slips)
    findings: list[Diagnostic] = []
    settings = read_settings(files.configs, findings)
    given = given_filters(files.filters, findings)
    filled = () if settings is None else _filled(usable, settings, given, findings)
    if settings is None or has_errors(tuple(findings)):
        raise InputError(*_in_order(slips + findings))
    draft = _draft(usable, settings.topology, filled)
    written = write_document(draft.document(), header=_HEADER)
    findings += _judged(written)
    findings += slips or strangers(names, draft.clusters)
    if has_errors(tuple(findings)):
        raise InputError(*_in_order(findings))
    return Converted(written.text, (*_in_order(findings), *draft.notes))


def _in_order(findings: list[Diagnostic]) -> list[Diagnostic]:
    return sorted(findings, key=diagnostic_order)


def _draft(names: Names, topology: Topology, filled: tuple[Filled, ...]) -> Draft:
    match filled:
        case (here, there):
            return convert_two_way(names, here, there, CATALOGUE)
        case _:
            (only,) = filled
            return convert_entry(names, topology, only.side, only.filters, CATALOGUE)


def _filled(
    names: Names, settings: Settings, given: Given, findings: list[Diagnostic]
) -> tuple[Filled, ...]:
    """The sides with their filters, that of the destination first; of a one-way link there is one. None where the
    files do not say enough, which is then among the findings.
    """
    sides: tuple[Side, ...] | None = settings.sides
    turned = False
    if settings.topology is Topology.BIDIRECTIONAL:
        turned = other_way_round(names, settings.sides, findings)
        sides = both_sides(settings.sides, findings)
    if sides is None:
        return ()
    for side in sides:
        _check_address(side, findings)
        if side.dials:
            findings += check_login(side.values)
    filled = fill(sides, given, 1 if turned else 0, findings)
    return tuple(reversed(filled) if turned else filled)


def _check_address(side: Side, findings: list[Diagnostic]) -> None:
    found = side.values.get(BOOTSTRAP)
    if not side.dials or (found is not None and found.value):
        return
    findings.append(
        Diagnostic(
            code="convert-bad-properties",
            severity=Severity.ERROR,
            message="nothing says which cluster is dialled",
            cure=f"add `{BOOTSTRAP}=HOST:PORT`, as `kafka-cluster-links` needs it too",
            position=found.at if found else Position(side.at.file, 1, 1),
        )
    )


def _judged(written: Written) -> list[Diagnostic]:
    """What `validate` says of the result, at the places that it comes from."""
    source = Source("links.yaml", written.text.encode())
    loaded = load([source], variables={}, catalogue=CATALOGUE, env=None)
    return [_placed(diagnostic, written) for diagnostic in loaded.diagnostics]


def _placed(diagnostic: Diagnostic, written: Written) -> Diagnostic:
    """The same finding about the file or option, with a cure that fits it."""
    related = [_origin(written, at) for at in diagnostic.related]
    moved = replace(
        diagnostic,
        cure=_cure(diagnostic),
        related=tuple(at for at in related if isinstance(at, Position)),
    )
    origin = _origin(written, diagnostic.position)
    if isinstance(origin, Position):
        return replace(moved, position=origin)
    return replace(moved, position=None, subject=origin or "convert")


def _origin(written: Written, at: Position | None) -> Position | str | None:
    return written.origin(at.line) if at else None


def _cure(diagnostic: Diagnostic) -> str:
    """`links.yaml` is not there yet: what is missing is missing from the files and options."""
    if diagnostic.code == "cloud-needs-cluster-id":
        return "give it with `--cluster-id NAME=ID`; the cluster's settings page shows it"
    switches = {family.switch: kind for kind, family in CATALOGUE.families.items()}
    kind = next((k for name, k in switches.items() if f"`{name}`" in diagnostic.message), None)
    if kind is not None and diagnostic.code == "switch-without-filter":
        return f"add its file with `{FILTER_OPTIONS[kind]}`, or set the config to false"
    if kind is not None and diagnostic.code == "filter-without-switch":
        switch = CATALOGUE.families[kind].switch
        if diagnostic.related:
            return f"set `{switch}=true` in the properties file, or leave out the filters"
        return f"add `{switch}=true` to the properties file, or leave out the filters"
    return diagnostic.cure


__all__ = ["FILTER_OPTIONS", "Converted", "Files", "Names", "convert", "read_files"]
