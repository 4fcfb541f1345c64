"""What the API says no with: a status, a code and a text each (cluster-linking reference, sections 0.4, 2.5, 2.6, 3.2, 5.3, 8).

Where the sources disagree, section 14 of the reference decides; those rows say "choice".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Refusal(Exception):  # noqa: N818 - the API's word for it; it is an answer, not a fault of ours
    """An answer that is not a success. `code` is the number of the error body, `status` the HTTP status."""

    def __init__(
        self, status: int, code: int, message: str, headers: Sequence[tuple[str, str]] = ()
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers


def bad_request(message: str) -> Refusal:
    """The bare HTTP code: unreadable bodies and failed link validation."""
    return Refusal(400, 400, message)


def invalid(message: str) -> Refusal:
    """Kafka's generic bad request, 40002."""
    return Refusal(400, 40002, message)


def not_found(message: str = "HTTP 404 Not Found") -> Refusal:
    return Refusal(404, 404, message)


def method_not_allowed(allowed: Iterable[str]) -> Refusal:
    headers = [("allow", ", ".join(allowed))]
    return Refusal(405, 405, "HTTP 405 Method Not Allowed", headers)


def unsupported_media_type() -> Refusal:
    return Refusal(415, 415, "HTTP 415 Unsupported Media Type")


def unknown_cluster(cluster_id: str) -> Refusal:
    return not_found(f"Cluster {cluster_id} cannot be found.")


def unknown_topic() -> Refusal:
    return Refusal(404, 40403, "This server does not host this topic-partition.")


def unknown_group(group: str) -> Refusal:
    return not_found(f"Consumer group {group} cannot be found.")


def unknown_link(link: str) -> Refusal:
    return not_found(f"The cluster link doesn't exist: Cluster link '{link}' does not exist.")


def link_not_resolved(link: str) -> Refusal:
    """A link too young for its mirrors: clients are expected to try again (section 10.3)."""
    return not_found(f"Unable to resolve cluster link information for {link}")


def unknown_mirror(topic: str) -> Refusal:
    return not_found(f"Topic '{topic}' is not a mirror topic of this cluster link.")  # text: choice


def topic_exists(topic: str) -> Refusal:
    return invalid(f"Topic '{topic}' already exists.")


def topic_collides(topic: str, other: str) -> Refusal:
    """Two names that differ only in `.` and `_`, in the words of Kafka's controller."""
    return invalid(f"Topic '{topic}' collides with existing topic: {other}")


def link_exists(link: str) -> Refusal:
    return bad_request(
        "A cluster link already exists with the provided link name: "
        f"Unable to validate cluster link due to error: Cluster link '{link}' already exists."
    )


def link_in_use(link: str, live: int) -> Refusal:
    """The status is evidenced, the code inside is a choice."""
    return Refusal(
        403,
        40301,
        f"Cluster link '{link}' is in use: {live} mirror topic(s) have not been stopped.",
    )


def linking_disabled() -> Refusal:
    return invalid("Cluster linking is disabled in this cluster.")  # code: choice


def link_to_self(side: str, cluster_id: str) -> Refusal:
    """In the words of Confluent Server in 2025; `side` is what the other cluster would have been."""
    return bad_request(
        f"{side} cluster ID matches local cluster ID {cluster_id}. "
        "Cannot create cluster link to self."
    )


def link_invalid(code: str, reason: str) -> Refusal:
    """The other cluster could not be reached during the call, in the words of Cloud; `code` is one of `link_error`."""
    return bad_request(
        f"Invalid Cluster Link: Invalid cluster link. Link error code: {code}. "
        f"Link error message: {reason}. Error message: "
        "Unable to validate cluster link due to error: The provided cluster is invalid."
    )


def link_validation(reason: str) -> Refusal:
    return bad_request(f"Unable to validate cluster link due to error: {reason}")


def link_credentials_refused(mechanism: str) -> Refusal:
    """The other cluster said no to the link: HTTP 401, although the caller's own credentials are fine."""
    return Refusal(
        401,
        401,
        "Unable to validate cluster link due to error: "
        f"Authentication failed for the credentials of the link (mechanism {mechanism}).",
    )


def throttled() -> Refusal:
    return Refusal(429, 42901, "The throttling quota has been exceeded.")


def unauthenticated(scheme: str) -> Refusal:
    """The caller is nobody; the answer names what would make somebody of it, as HTTP wants it (RFC 9110)."""
    headers = [("www-authenticate", f'{scheme.capitalize()} realm="kafka"')]
    return Refusal(401, 40101, "Authentication failed", headers)


def not_authorized(message: str = "Request is not authorized") -> Refusal:
    return Refusal(403, 40301, message)


def renaming() -> Refusal:
    return Refusal(400, 40035, "Topic renaming for mirroring not yet supported.")


def mirror_config(name: str, topic: str) -> Refusal:
    return invalid(f"Cannot set configuration '{name}' for mirror topic '{topic}'")


def read_only_mirror(topic: str) -> Refusal:
    return invalid(f"Cannot append records to read-only mirror topic '{topic}'")
