"""The codes of this room: what keeps a command from starting."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

CODES: Mapping[str, str] = MappingProxyType(
    {
        "bad-variable": "A `--var` or a line of a variables file is not NAME=VALUE. Write a name, an equals sign and a value.",
        "no-journal": "The journal of a run cannot be written, so nothing was sent. Run it where you may write.",
        "not-one-file": "A scenario is a single file. Name one YAML or JSON file, not a folder.",
        "unknown-cluster": "A name given on the command line is not one of the clusters. Use a name that stands under `clusters`.",
    }
)
