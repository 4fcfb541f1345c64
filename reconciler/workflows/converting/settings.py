"""All properties files as one set of settings: each key once, and which topology they describe."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from reconciler.model.diagnostics import Diagnostic, Position, Severity
from reconciler.model.links import ConnectionMode, LinkMode, Topology
from reconciler.spec.sources import Source
from reconciler.workflows.converting.properties import Property, read_properties
from reconciler.workflows.exporting.names import BOOTSTRAP
from reconciler.workflows.exporting.sections import MAY_BE_EMPTY

MODE, CONNECTION = "link.mode", "connection.mode"
_ROLE = frozenset({MODE, CONNECTION})
"""What tells the two files of a pair apart."""
_KEPT_EMPTY = (MAY_BE_EMPTY, BOOTSTRAP)
"""An empty value of these means something, or is missed at its place."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the files say. `values` are without the keys that tell the topology."""

    topology: Topology
    values: Mapping[str, Property]


def read_settings(sources: Iterable[Source], findings: list[Diagnostic]) -> Settings | None:
    """Join the files; what is wrong with them goes to `findings`, and then there are no settings."""
    files = [_read(source, findings) for source in sources]
    if any(finding.severity is Severity.ERROR for finding in findings):
        return None
    topology = _topology(files, findings)
    if topology is None:
        return None
    values: dict[str, Property] = {}
    for name, found in ((n, p) for file in files for n, p in file.items() if n not in _ROLE):
        if not found.value and not name.endswith(_KEPT_EMPTY):
            findings.append(_empty(found))
            continue
        first = values.setdefault(name, found)
        if first.value != found.value:
            findings.append(_contradiction(name, found.at, first.at))
    return Settings(topology, values)


def _read(source: Source, findings: list[Diagnostic]) -> dict[str, Property]:
    properties, problems = read_properties(source)
    findings.extend(problems)
    values: dict[str, Property] = {}
    for found in properties:
        if found.name in values:
            findings.append(dropped(values[found.name], "the same key stands again further down"))
        # Kafka trims what it reads.
        values[found.name] = Property(found.name, found.value.strip(), found.at)
    return values


def _topology(files: list[dict[str, Property]], findings: list[Diagnostic]) -> Topology | None:
    modes = [file[MODE] for file in files if MODE in file]
    connections = [file[CONNECTION] for file in files if CONNECTION in file]
    unknown = [
        *(_not_a_choice(p, LinkMode) for p in modes if p.value.upper() not in set(LinkMode)),
        *(
            _not_a_choice(p, ConnectionMode)
            for p in connections
            if p.value.upper() not in set(ConnectionMode)
        ),
    ]
    findings.extend(unknown)
    if unknown:
        return None
    if two_way := [p for p in modes if p.value.upper() == LinkMode.BIDIRECTIONAL]:
        findings.append(_two_way(two_way[0].at))
        return None
    if any(p.value.upper() == LinkMode.SOURCE for p in modes):
        return Topology.SOURCE
    if dialled := [p for p in connections if p.value.upper() == ConnectionMode.INBOUND]:
        findings.append(_other_half(dialled[0].at))
        return None
    return Topology.DESTINATION


def dropped(found: Property, why: str) -> Diagnostic:
    """A line that has no effect on the result."""
    return Diagnostic(
        code="convert-dropped",
        severity=Severity.NOTE,
        message=f"{found.name} is left out: {why}",
        cure="nothing to do",
        position=found.at,
    )


def _empty(found: Property) -> Diagnostic:
    """An empty value sets nothing that a default does not."""
    why = "it has no value, so the server's default counts"
    return replace(
        dropped(found, why), cure="give it a value in the file if something else was meant"
    )


def _not_a_choice(found: Property, words: type[LinkMode | ConnectionMode]) -> Diagnostic:
    return Diagnostic(
        code="convert-bad-properties",
        severity=Severity.ERROR,
        message=f"{found.name} must be {' or '.join(words)}",
        cure="correct the word",
        position=found.at,
    )


def _contradiction(name: str, at: Position, first: Position) -> Diagnostic:
    return Diagnostic(
        code="convert-contradiction",
        severity=Severity.ERROR,
        message=f"{name} has another value here than at {first}",
        cure="keep the value that the link really has",
        position=at,
        related=(first,),
    )


def _two_way(at: Position) -> Diagnostic:
    return Diagnostic(
        code="convert-two-way",
        severity=Severity.ERROR,
        message="this is one side of a bidirectional link, and its two sides cannot be told apart from files",
        cure="write the entry by hand after docs/topologies/bidirectional.md, or make it with `linkctl export` once it is live",
        position=at,
    )


def _other_half(at: Position) -> Diagnostic:
    return Diagnostic(
        code="convert-other-half",
        severity=Severity.ERROR,
        message="this is the half of a source-initiated link that is dialled; it does not say how the source dials it",
        cure="add a second `--config-file`: the one of the half on the source (link.mode=SOURCE)",
        position=at,
    )
