"""What counts where several layers speak of one thing: the defaults, the link, and a side of it.

Each config is as the topmost layer that names it says, set or reset. So nothing is ever both on one link object, and a
second apply has nothing to turn back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from reconciler.model.catalogue import Catalogue
from reconciler.model.diagnostics import Position
from reconciler.spec.credentials import layered_configs, security_configs
from reconciler.spec.written import (
    Credential,
    CredentialsEntry,
    SectionEntry,
    SecurityEntry,
    Setting,
)


@dataclass(frozen=True, slots=True)
class Layered:
    """What is wanted of the configs of one link object, all layers taken together."""

    configs: Mapping[str, Setting]
    credentials: Mapping[str, Credential]
    resets: Mapping[str, Position]
    refused_configs: frozenset[str]


def layered(
    defaults: SectionEntry | None,
    link: SectionEntry,
    section: SectionEntry,
    catalogue: Catalogue,
    *,
    answered: bool,
) -> Layered:
    """The layers of a link object: `section` is its side's, or the link's own where it has no sides. `answered` says
    whether something comes back through its connection, so that `local` credentials from the defaults have a use.
    """
    layers = [defaults] if defaults else []
    layers += [link] if section is link else [link, section]
    configs: dict[str, Setting] = {}
    resets: dict[str, Position] = {}
    for layer in layers:
        configs = {n: s for n, s in configs.items() if n not in layer.resets} | dict(layer.configs)
        resets = {n: at for n, at in resets.items() if n not in layer.configs} | dict(layer.resets)
    own = security_configs(section.credentials) if section.credentials else {}
    for name in own:
        resets.pop(name, None)
    below = defaults.credentials if defaults else None
    if below is not None and not answered:
        below = _one_way(below)
    credentials = layered_configs(below, section.credentials)
    return Layered(
        configs,
        {
            name: credential
            for name, credential in credentials.items()
            if name not in resets
            and (name in own or not _of_other_mechanism(name, credentials, catalogue))
        },
        resets,
        frozenset().union(*(layer.refused_configs for layer in layers)),
    )


def _of_other_mechanism(
    name: str, credentials: Mapping[str, Credential], catalogue: Catalogue
) -> bool:
    """Whether a config from below is of use to a mechanism only that is not the one that a layer above names."""
    known = catalogue.get(name)
    prefix = "local." if name.startswith("local.") else ""
    mechanism = credentials.get(f"{prefix}sasl.mechanism")
    word = mechanism.literal if mechanism else None
    return bool(known and known.mechanisms and word and word not in known.mechanisms)


def _one_way(credentials: CredentialsEntry) -> CredentialsEntry:
    remote = {n: c for n, c in credentials.raw.items() if not n.startswith("local.")}
    return replace(credentials, raw=remote, local=SecurityEntry())
