"""All properties files as the settings of a link: each key once, and which topology they describe."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Sequence as List
from dataclasses import dataclass, replace
from typing import NamedTuple

from reconciler.model.diagnostics import Diagnostic, Position, Severity
from reconciler.model.links import ConnectionMode, LinkMode, Topology
from reconciler.planning.normalise import is_on
from reconciler.spec.sources import Source
from reconciler.workflows.converting.notes import dropped
from reconciler.workflows.converting.properties import Property, read_properties
from reconciler.workflows.exporting.names import BOOTSTRAP
from reconciler.workflows.exporting.sections import MAY_BE_EMPTY

MODE, CONNECTION = "link.mode", "connection.mode"
REMOTE_CONNECTION, PAUSED = "remote.link.connection.mode", "cluster.link.paused"
_TWO_WAY = LinkMode.BIDIRECTIONAL.value
_ROLE = frozenset({MODE, CONNECTION})
"""What tells the two files of a pair apart."""
_ALIASES = {"metadata.broker.list": BOOTSTRAP}
"""Names that librdkafka has besides, and others do not know."""
_KEPT_EMPTY = (MAY_BE_EMPTY, BOOTSTRAP)
"""An empty value of these means something, or is missed at its place."""


@dataclass(frozen=True, slots=True)
class Side:
    """What is said of one link object; of a one-way link, what all files together say. `values` are without the keys
    that tell the topology, `connection` is the one that says who dials, where it is given. `at` is where it is told
    about as a whole.
    """

    at: Position
    values: Mapping[str, Property]
    connection: Property | None = None
    told: bool = True
    """Whether a file speaks of it, or only that of the other side."""

    @property
    def dials(self) -> bool:
        """Whether it connects to the other cluster."""
        return self.connection is None or word_of(self.connection) != ConnectionMode.INBOUND

    @property
    def paused(self) -> bool:
        """Whether it is to be made paused."""
        return PAUSED in self.values and is_on(self.values[PAUSED].value)

    @property
    def dialled_host(self) -> str:
        """The host that it dials first, without the protocol that may stand before it; empty where it names none."""
        found = self.values.get(BOOTSTRAP)
        first = found.value.split(",")[0].strip() if found is not None else ""
        return first.rpartition("://")[2].rpartition(":")[0]


@dataclass(frozen=True, slots=True)
class Settings:
    """What the files say. A bidirectional link has as many sides as there are files, in their order; any other link
    has one.
    """

    topology: Topology
    sides: tuple[Side, ...]


class _File(NamedTuple):
    start: Position
    values: Mapping[str, Property]


def read_settings(sources: Iterable[Source], findings: list[Diagnostic]) -> Settings | None:
    """Join the files of a one-way link, and tell those of a bidirectional one apart; what is wrong with them goes to
    `findings`, and then there are no settings.
    """
    files = [_read(source, findings) for source in sources]
    if any(finding.severity is Severity.ERROR for finding in findings):
        return None
    topology = _topology(files, findings)
    if topology is None:
        return None
    if topology is not Topology.BIDIRECTIONAL:
        return Settings(topology, (Side(files[-1].start, _values(files, findings)),))
    if not _are_sides(files, findings):
        return None
    sides = (
        Side(file.values[MODE].at, _values([file], findings), file.values.get(CONNECTION))
        for file in files
    )
    return Settings(topology, tuple(sides))


def _values(files: List[_File], findings: list[Diagnostic]) -> dict[str, Property]:
    values: dict[str, Property] = {}
    for name, found in ((n, p) for file in files for n, p in file.values.items()):
        if name in _ROLE:
            continue
        if not found.value and not name.endswith(_KEPT_EMPTY):
            findings.append(_empty(found))
            continue
        first = values.setdefault(name, found)
        if first.value != found.value:
            findings.append(_contradiction(name, found.at, first.at))
    return values


def _are_sides(files: List[_File], findings: list[Diagnostic]) -> bool:
    """Whether each file is a side of a bidirectional link, and there are no more than two."""
    modes = [file.values.get(MODE) for file in files]
    first = next(mode.at for mode in modes if mode is not None and word_of(mode) == _TWO_WAY)
    other = [
        _contradiction(MODE, mode.at if mode else file.start, first)
        for file, mode in zip(files, modes, strict=True)
        if mode is None or word_of(mode) != _TWO_WAY
    ]
    findings.extend(other)
    if not other and len(files) > 2:
        findings.append(_third_side(files[2].start))
    return not other and len(files) <= 2


def _read(source: Source, findings: list[Diagnostic]) -> _File:
    properties, problems = read_properties(source)
    findings.extend(problems)
    values: dict[str, Property] = {}
    for found in properties:
        name = _ALIASES.get(found.name, found.name)
        if name in values:
            findings.append(dropped(values[name], "the same key stands again further down"))
        # Kafka trims what it reads.
        values[name] = Property(name, found.value.strip(), found.at)
    return _File(Position(source.name, 1, 1), values)


def _topology(files: List[_File], findings: list[Diagnostic]) -> Topology | None:
    modes = [file.values[MODE] for file in files if MODE in file.values]
    connections = [file.values[CONNECTION] for file in files if CONNECTION in file.values]
    unknown = [
        *(_not_a_choice(p, LinkMode) for p in modes if word_of(p) not in set(LinkMode)),
        *(
            _not_a_choice(p, ConnectionMode)
            for p in connections
            if word_of(p) not in set(ConnectionMode)
        ),
    ]
    findings.extend(unknown)
    if unknown:
        return None
    if any(word_of(p) == _TWO_WAY for p in modes):
        return Topology.BIDIRECTIONAL
    if any(word_of(p) == LinkMode.SOURCE for p in modes):
        return Topology.SOURCE
    if dialled := [p for p in connections if word_of(p) == ConnectionMode.INBOUND]:
        findings.append(_other_half(dialled[0].at))
        return None
    return Topology.DESTINATION


def word_of(found: Property) -> str:
    """A value of a closed choice, which Kafka takes in any case."""
    return found.value.upper()


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


def _third_side(at: Position) -> Diagnostic:
    return Diagnostic(
        code="convert-two-way",
        severity=Severity.ERROR,
        message="this is a third file, and a bidirectional link has two sides",
        cure="give the file of each side once: first that of `--destination`, then that of `--source`",
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
