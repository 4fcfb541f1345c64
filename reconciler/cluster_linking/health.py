"""Health of links and mirror topics, as a pure function of what servers say. Never mixed up with configuration.

What is trusted, and why (cluster-linking reference, sections 2.3, 2.4, 3.3 and 4.1):

    link      `link_error` and the tasks, not `link_state`: a new link passes through states that are not ACTIVE,
              and a paused one is meant to be.
    mirror    `mirror_topic_error`, the errors of its last change of state, and `mirror_status`.

A word that we do not know is neither healthy nor ill: UNKNOWN. A field that a server does not offer proves
nothing: a link without `link_error` is UNKNOWN; a mirror without `mirror_topic_error` still has its status.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TypeAlias

from reconciler.model.mirrors import MirrorStatus
from reconciler.model.observed import Health, HealthLevel, LinkTask, TaskError

Finding: TypeAlias = tuple[HealthLevel, str]

_NO_ERROR = frozenset({"NO_ERROR", "NOT_SET"})

_LINK_ERRORS = frozenset(
    {
        "AUTHENTICATION_ERROR",
        "UNRESOLVABLE_BOOTSTRAP_ERROR",
        "INVALID_BOOTSTRAP_INTERNAL_ENDPOINT_ERROR",
        "BOOTSTRAP_TCP_CONNECTION_FAILED_ERROR",
        "TIMEOUT_ERROR",
    }
)

_MIRROR_ERRORS = frozenset(
    {
        "SOURCE_TOPIC_MAY_BE_DELETED",
        "SOURCE_TOPIC_ID_CHANGED",
        "SOURCE_PARTITIONS_DECREASED",
        "NON_MONOTONIC_LOG_APPEND_EPOCH",
        "UNEXPECTED_TRUNCATION",
        "UNSUPPORTED_MESSAGE_FORMAT",
        "NON_MONOTONIC_SOURCE_EPOCH",
        "ILLEGAL_STATE",
        "UNSUPPORTED_MIRROR_STATE",
    }
)

_TASK_STATES = {
    "ACTIVE": HealthLevel.HEALTHY,
    "NOT_CONFIGURED": HealthLevel.HEALTHY,
    "LINK_PAUSED": HealthLevel.HEALTHY,
    "IN_ERROR": HealthLevel.UNHEALTHY,
    "LINK_FAILED": HealthLevel.UNHEALTHY,
    "LINK_UNAVAILABLE": HealthLevel.UNHEALTHY,
}

_ILL_STATUSES = frozenset(
    {MirrorStatus.FAILED, MirrorStatus.SOURCE_UNAVAILABLE, MirrorStatus.LINK_FAILED}
)
_STATUSES = frozenset(MirrorStatus)


def link_health(
    error: str | None, error_message: str | None, tasks: Iterable[LinkTask] = ()
) -> Health:
    """Judge a link by its error word and its tasks."""
    return _judgement((*_link_error(error, error_message), *_task_findings(tasks)))


# A list of 100,000 mirrors holds a handful of different judgements.
@lru_cache(maxsize=256)
def mirror_health(
    status: str | None, error: str | None, transition_errors: tuple[TaskError, ...] = ()
) -> Health:
    """Judge a mirror topic by its status, its error word and the errors of its last change of state."""
    return _judgement(
        (
            *_mirror_status(status),
            *_error_word(error, _MIRROR_ERRORS),
            *_errors("change of state", transition_errors),
        )
    )


def _judgement(findings: Iterable[Finding]) -> Health:
    """The worst level; reasons sorted, so that they do not depend on the order of an answer."""
    found = sorted(set(findings))
    levels = {level for level, _ in found}
    for level in (HealthLevel.UNHEALTHY, HealthLevel.UNKNOWN):
        if level in levels:
            return Health(level, tuple(reason for _, reason in found))
    return Health()


def _link_error(error: str | None, message: str | None) -> Iterator[Finding]:
    if error is None:
        yield HealthLevel.UNKNOWN, "this server does not say whether the link has an error"
    for level, word in _error_word(error, _LINK_ERRORS):
        yield level, f"{word}: {message}" if message else word


def _mirror_status(status: str | None) -> Iterator[Finding]:
    if status is None:
        yield HealthLevel.UNKNOWN, "the server does not say the status"
    elif status not in _STATUSES:
        yield HealthLevel.UNKNOWN, f"unknown status {status}"
    elif status in _ILL_STATUSES:
        yield HealthLevel.UNHEALTHY, str(status)


def _error_word(error: str | None, ill: frozenset[str]) -> Iterator[Finding]:
    if error is None or error in _NO_ERROR:
        return
    if error in ill:
        yield HealthLevel.UNHEALTHY, error
    else:
        yield HealthLevel.UNKNOWN, f"unknown error {error}"


def _task_findings(tasks: Iterable[LinkTask]) -> Iterator[Finding]:
    for task in tasks:
        level = _TASK_STATES.get(task.state, HealthLevel.UNKNOWN)
        if level is not HealthLevel.HEALTHY:
            yield level, f"task {task.name} is {task.state or 'without a state'}"
        yield from _errors(f"task {task.name}", task.errors)


def _errors(what: str, errors: Iterable[TaskError]) -> Iterator[Finding]:
    for error in errors:
        if error.code not in _NO_ERROR:
            detail = f"{error.code}: {error.message}" if error.message else error.code
            yield HealthLevel.UNHEALTHY, f"{what}: {detail}"
