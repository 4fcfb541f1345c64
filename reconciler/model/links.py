"""Words of cluster links that both the wanted and the live side use."""

from __future__ import annotations

from enum import StrEnum


class LinkMode(StrEnum):
    """`link.mode` of a link object (cluster-linking reference, section 5.1)."""

    DESTINATION = "DESTINATION"
    SOURCE = "SOURCE"
    BIDIRECTIONAL = "BIDIRECTIONAL"


class ConnectionMode(StrEnum):
    """`connection.mode` of a link object: does it dial, or is it dialled."""

    OUTBOUND = "OUTBOUND"
    INBOUND = "INBOUND"


class Topology(StrEnum):
    """The `mode` of an entry in links.yaml."""

    DESTINATION = "destination"
    SOURCE = "source"
    BIDIRECTIONAL = "bidirectional"


class LinkGoal(StrEnum):
    """The wanted state of a link."""

    ACTIVE = "active"
    PAUSED = "paused"
    ABSENT = "absent"
