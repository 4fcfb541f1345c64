"""What is set on one live link object, as the keys of links.yaml that say so. Only what somebody has set: defaults
belong to the server.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from reconciler.model.catalogue import Catalogue, FilterFamily
from reconciler.model.filters import FilterSet, NameFilter
from reconciler.model.links import Topology
from reconciler.model.observed import Gap, ObservedConfig, Read
from reconciler.planning.configs import live_configs
from reconciler.planning.diff import is_hidden, overridden
from reconciler.planning.normalise import is_on
from reconciler.planning.world import listing
from reconciler.spec.quoting import config_value
from reconciler.spec.rules.secrets import looks_sensitive
from reconciler.spec.writing import Plain
from reconciler.spec.writing_filters import KEYS, can_be_written, filter_rows
from reconciler.workflows.exporting.names import Variables
from reconciler.workflows.exporting.omissions import Omission
from reconciler.workflows.exporting.pairing import LiveHalf

MAY_BE_EMPTY = "ssl.endpoint.identification.algorithm"
"""The one config whose empty value means something: do not compare host names. `local.` may stand before it."""


@dataclass(slots=True)
class Section:
    """What a link object has of its own, and what of it could not be written."""

    prefix: str | None = None
    configs: dict[str, Plain] = field(default_factory=dict)
    credentials: dict[str, Plain] = field(default_factory=dict)
    filters: dict[str, Plain] = field(default_factory=dict)
    omissions: list[Omission] = field(default_factory=list)

    def keys(self) -> dict[str, Plain]:
        """The keys that are not empty, in the order in which people read them."""
        keys: dict[str, Plain] = {"prefix": self.prefix} if self.prefix else {}
        if self.configs:
            keys["configs"] = self.configs
        if self.credentials:
            keys["credentials"] = self.credentials
        return {**keys, **self.filters}


def read_section(
    half: LiveHalf, topology: Topology, catalogue: Catalogue, variables: Variables
) -> Section:
    """All that is set on one link object."""
    section = Section(prefix=half.link.prefix or None)
    mute = _read_filters(half, catalogue, section) if half.hosts else frozenset[str]()
    _read_configs(half, topology, catalogue, mute, section)
    _read_credentials(half, catalogue, variables, section)
    return section


def joined(host: Section, dialler: Section) -> Section:
    """The one section of a source-initiated pair: features from one half, the connection from the other."""
    return Section(
        host.prefix,
        {**host.configs, **dialler.configs},
        dialler.credentials,
        host.filters,
        [*host.omissions, *dialler.omissions],
    )


def _read_filters(half: LiveHalf, catalogue: Catalogue, section: Section) -> frozenset[str]:
    """Filters with the switches that enable them; returns the switches that cannot stand without their filter."""
    mute: set[str] = set()
    for kind, family in sorted(catalogue.families.items()):
        rows: Read[FilterSet] = half.link.filters.get(kind, frozenset[NameFilter]())
        on = is_on(half.link.config(family.switch))
        if isinstance(rows, Gap) or (not rows and not on):
            continue
        reason = _unwritable(rows, family, on=on)
        if reason is None:
            section.filters[KEYS[kind]] = filter_rows(rows)
            continue
        section.omissions.append(Omission(half.address, f"the {kind} filter", reason))
        if on:
            mute.add(family.switch)
    return frozenset(mute)


def _unwritable(rows: FilterSet, family: FilterFamily, *, on: bool) -> str | None:
    if not on:
        return f"it has no effect while {family.switch} is off"
    if not rows:
        return f"it selects nothing although {family.switch} is on"
    if not can_be_written(family.kind, rows):
        return "it uses words that linkctl does not know"
    return None


def _read_configs(
    half: LiveHalf,
    topology: Topology,
    catalogue: Catalogue,
    mute: frozenset[str],
    section: Section,
) -> None:
    configs = live_configs(half.link)
    homeless: list[str] = []
    for name, found in sorted(configs.items()):
        if name in mute or not _is_own(found, configs, catalogue):
            continue
        if is_hidden(name, configs, catalogue) or looks_sensitive(name, catalogue):
            section.omissions.append(
                Omission(
                    half.address, f"config {name}", "it looks secret, and is no security config"
                )
            )
        elif topology is Topology.SOURCE and name.startswith("local.") is half.hosts:
            homeless.append(name)
        else:
            section.configs[name] = config_value(found.value or "", catalogue.get(name))
    if homeless:
        section.omissions.append(
            Omission(
                half.address,
                f"config {listing(homeless)}",
                "it has no effect on this half of a pair",
            )
        )


def _is_own(
    found: ObservedConfig, configs: Mapping[str, ObservedConfig], catalogue: Catalogue
) -> bool:
    """Whether somebody has set a config that belongs under `configs`."""
    known = catalogue.get(found.name)
    elsewhere = catalogue.is_security(found.name) or (known is not None and bool(known.home))
    return (
        not elsewhere
        and not found.read_only
        and (bool(found.value) or found.sensitive)
        and overridden(found.name, configs, catalogue) is True
    )


def _read_credentials(
    half: LiveHalf, catalogue: Catalogue, variables: Variables, section: Section
) -> None:
    configs = live_configs(half.link)
    names = [n for n in sorted(configs) if _is_credential(configs[n], configs, catalogue)]
    kept = [name for name in names if _has_a_home(half, name)]
    for name in kept:
        if is_hidden(name, configs, catalogue):
            section.credentials[name] = variables.reference(half.address, name)
        else:
            section.credentials[name] = config_value(configs[name].value or "", catalogue.get(name))
    _leave_out(half, set(names) - set(kept), section)


def _is_credential(
    found: ObservedConfig, configs: Mapping[str, ObservedConfig], catalogue: Catalogue
) -> bool:
    if not catalogue.is_security(found.name):
        return False
    if is_hidden(found.name, configs, catalogue):
        return found.is_set
    written = bool(found.value) or (found.value == "" and found.name.endswith(MAY_BE_EMPTY))
    return written and overridden(found.name, configs, catalogue) is True


def _has_a_home(half: LiveHalf, name: str) -> bool:
    """`local.*` is for a half that dials one that does not (cluster-linking reference, section 5.2)."""
    return half.dials and (not name.startswith("local.") or half.remote_dials is False)


def _leave_out(half: LiveHalf, names: Iterable[str], section: Section) -> None:
    if found := sorted(names):
        why = (
            "it has no effect on this link"
            if half.dials
            else "this half is dialled and does not connect"
        )
        section.omissions.append(Omission(half.address, f"credentials {listing(found)}", why))
