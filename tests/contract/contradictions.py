"""Where real servers are known to part from the API document, each with the evidence that says so.

The sandbox follows the servers. A row that no answer needs any more fails the tests: the list must stay as short as
the truth. Sections are those of the cluster-linking reference.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.contract.facts import Complaint

_CLUSTER = "/kafka/v3/clusters/{cluster_id}"
_LINKS = r"\w+ /links.*"
_LINK_ROWS = r"GET /links(/\{link_name\})?"
_LINK_CONFIG_ROWS = r"GET /links/\{link_name\}/configs(/\{config_name\})?"
_MIRROR_ROWS = r"GET /links/(-|\{link_name\})/mirrors(/\{mirror_topic_name\})?"


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Complaints that are expected. `operations`, `place` and `seen` are patterns for the whole text."""

    name: str
    section: str
    why: str
    operations: str
    place: str
    rule: str
    statuses: tuple[int, ...] = ()
    seen: str = ".*"

    def explains(self, complaint: Complaint) -> bool:
        """Whether this is why a server answers so."""
        return (
            self.rule == complaint.rule
            and (not self.statuses or complaint.status in self.statuses)
            and re.fullmatch(self.operations, complaint.operation) is not None
            and re.fullmatch(self.place, complaint.place) is not None
            and re.fullmatch(self.seen, complaint.seen) is not None
        )


@dataclass(frozen=True, slots=True)
class Undocumented:
    """An operation that servers have and the document has not; it answers like `like_path`."""

    method: str
    path: str
    like_path: str
    section: str


UNDOCUMENTED = (
    Undocumented(
        "POST",
        f"{_CLUSTER}/links/{{link_name}}/mirrors:promote-local-and-start-remote-mirror",
        f"{_CLUSTER}/links/{{link_name}}/mirrors:reverse-and-start-mirror",
        "3.1, M12",
    ),
    Undocumented(
        "POST",
        f"{_CLUSTER}/links/{{link_name}}/mirrors:promote-local-and-pause-remote-mirror",
        f"{_CLUSTER}/links/{{link_name}}/mirrors:reverse-and-pause-mirror",
        "3.1, M13",
    ),
)

#: Paths of Platform's own documents, of 2024 and 2026; this one is of Cloud and lists none of them.
OF_PLATFORM = (
    ("/kafka/v3/clusters", "1.1"),
    (f"{_CLUSTER}/topics/{{topic_name}}/partitions/{{partition_id}}/offset", "1.3"),
    (f"{_CLUSTER}/topics/{{topic_name}}/partitions/{{partition_id}}/replicas", "1.2"),
    (f"{_CLUSTER}/topics/{{topic_name}}/partitions/{{partition_id}}/replicas/{{broker_id}}", "1.2"),
    (f"{_CLUSTER}/topics/{{topic_name}}/partitions/{{partition_id}}/replica-status", "1.2"),
    (f"{_CLUSTER}/topics/{{topic_name}}/partitions/-/replica-status", "1.2"),
    (f"{_CLUSTER}/topics/-/partitions/-/replica-status", "1.2"),
)

CONTRADICTIONS = (
    Contradiction(
        "a link is made with 201",
        "2.1, L3",
        "the document says 204; the Terraform provider, its stubs and kcp have seen 201",
        r"POST /links",
        "status",
        "undeclared",
        (201,),
    ),
    Contradiction(
        "a mirror is made with 201",
        "3.1, M4",
        "the document says 204; the Terraform provider has seen 201",
        r"POST /links/\{link_name\}/mirrors",
        "status",
        "undeclared",
        (201,),
    ),
    Contradiction(
        "a link is deleted with 204",
        "2.1, L4",
        "the document says 200; the command line's and the Terraform provider's stubs answer 204",
        r"DELETE /links/\{link_name\}",
        "status",
        "undeclared",
        (204,),
    ),
    Contradiction(
        "403 on links and mirrors",
        "0.4",
        "undeclared, but what a link with live mirrors answers to its deletion, and missing rights",
        _LINKS,
        "status",
        "undeclared",
        (403,),
    ),
    Contradiction(
        "404 on links and mirrors",
        "0.4",
        "undeclared, but every client takes it for a link or mirror that is not there",
        _LINKS,
        "status",
        "undeclared",
        (404,),
    ),
    Contradiction(
        "404 for a cluster, a group or a partition count",
        "0.4, 1.1",
        "a wrong cluster id gives 404 on every path; these operations do not declare it",
        r"GET /(|topics|topics/-/configs|consumer-groups.*)|POST /topics|PATCH /topics/\{topic_name\}",
        "status",
        "undeclared",
        (404,),
    ),
    Contradiction(
        "429 in JSON",
        "0.4",
        "the document shows the page of a filter; the servers' own quota answers with an error body",
        r".*",
        "content type",
        "undeclared",
        (429,),
        "application/json",
    ),
    Contradiction(
        "link configs without a value",
        "2.7",
        "declared as text; null for secrets and for keys that were never set, in a captured answer",
        _LINK_CONFIG_ROWS,
        r"body(/data/\*)?/value",
        "type",
        seen="null",
    ),
    Contradiction(
        "link configs that were never set",
        "2.7",
        "one word is declared; a captured answer says DEFAULT_CONFIG for values never set",
        _LINK_CONFIG_ROWS,
        r"body(/data/\*)?/source",
        "enum",
        seen='"DEFAULT_CONFIG"',
    ),
    Contradiction(
        "what is left of a pair",
        "2.3",
        "not among the states that the document lists; kcp and the command line know it",
        r"GET /links",
        r"body/data/\*/link_state",
        "enum",
        seen='"UNMANAGED_SOURCE"',
    ),
    Contradiction(
        "7.5 names the flags of link configs otherwise",
        "2.7",
        "the document of that time has `default`, `read_only`, `sensitive`",
        _LINK_CONFIG_ROWS,
        r"body(/data/\*)?/(default|read_only|sensitive)",
        "undeclared",
    ),
    Contradiction(
        "7.5 lacks today's names of the flags",
        "2.7",
        "the document of that time has `default`, `read_only`, `sensitive`",
        _LINK_CONFIG_ROWS,
        r"body(/data/\*)?/is_(default|read_only|sensitive)",
        "required",
    ),
    Contradiction(
        "7.5 has no kind of group",
        "1.3",
        "the document of that time lacks `type` and `is_mixed_consumer_group`",
        r"GET /consumer-groups(/\{consumer_group_id\})?",
        r"body(/data/\*)?/(type|is_mixed_consumer_group)",
        "required",
    ),
)


def unexplained(complaints: Iterable[Complaint]) -> list[str]:
    """The complaints that no contradiction explains, each once."""
    return sorted(
        {
            str(complaint)
            for complaint in complaints
            if not any(row.explains(complaint) for row in CONTRADICTIONS)
        }
    )
