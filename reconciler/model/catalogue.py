"""The shape of an engine's vocabulary: which link configs exist, and what is known of each.

The content is the engine's (`cluster_linking/catalogue.py`); the rooms that check and compare configs get it
as an argument.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from reconciler.model.filters import FilterKind


class ConfigType(StrEnum):
    """Kafka's config types, as far as link and topic configs use them, and two kinds of text that have a form of their
    own: bootstrap addresses and filters.
    """

    BOOLEAN = "boolean"
    INT = "int"
    LONG = "long"
    STRING = "string"
    LIST = "list"
    PASSWORD = "password"  # noqa: S105 - Kafka's name of the type
    CLASS = "class"
    ADDRESSES = "addresses"
    FILTERS = "filters"


class Unit(StrEnum):
    """What a number counts."""

    MILLISECONDS = "ms"
    BYTES = "bytes"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class LinkConfig:
    """One link config.

    `default` is None where no source states it. `home` says where a key that may not be written under
    `configs` belongs instead ("`mode` of the link"); an empty `home` means that it may. `pattern` is a regular expression
    that a whole value matches, and `shape` says the same in words, as the end of "must be …"; both are empty where
    any text will do. `mechanisms` are the SASL mechanisms that alone have a use for it; empty where it is not a matter of
    the mechanism.
    """

    name: str
    type: ConfigType
    default: str | None = None
    unit: Unit | None = None
    sensitive: bool = False
    read_only_on_cloud: bool = False
    immutable: bool = False
    choices: tuple[str, ...] = ()
    minimum: int | None = None
    pattern: str = ""
    shape: str = ""
    needs: tuple[str, ...] = ()
    mechanisms: tuple[str, ...] = ()
    home: str = ""
    summary: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class FilterFamily:
    """How one kind of filter is stored on a link: the config that holds it and the switch that enables it."""

    kind: FilterKind
    config: str
    switch: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All link configs that an engine knows, and the rules on configs of mirror topics."""

    configs: Mapping[str, LinkConfig]
    families: Mapping[FilterKind, FilterFamily]
    synced_topic_configs: frozenset[str] = frozenset()
    """Topic configs that a mirror always takes from its source and that may not be set on it."""
    optional_topic_configs: frozenset[str] = frozenset()
    """Topic configs that follow the source only when `topic.config.sync.include` lists them."""
    security_prefixes: tuple[str, ...] = field(default=("sasl.", "ssl.", "security."))

    def get(self, name: str) -> LinkConfig | None:
        """What is known of a config; None for names that are new to us."""
        return self.configs.get(name)

    def is_sensitive(self, name: str) -> bool:
        """Whether servers hide the value of this config."""
        known = self.configs.get(name)
        return known is not None and known.sensitive

    def is_security(self, name: str) -> bool:
        """Whether a key belongs under `credentials` (also with the `local.` prefix)."""
        return name.removeprefix("local.").startswith(self.security_prefixes)
