"""Health: which words count, and what unknown words mean."""

from __future__ import annotations

import pytest

from reconciler.cluster_linking.health import link_health, mirror_health
from reconciler.model.mirrors import MirrorStatus
from reconciler.model.observed import Health, HealthLevel, LinkTask, TaskError

HEALTHY, UNHEALTHY, UNKNOWN = HealthLevel.HEALTHY, HealthLevel.UNHEALTHY, HealthLevel.UNKNOWN


@pytest.mark.parametrize(
    ("error", "level"),
    [
        ("NO_ERROR", HEALTHY),
        ("AUTHENTICATION_ERROR", UNHEALTHY),
        ("BOOTSTRAP_TCP_CONNECTION_FAILED_ERROR", UNHEALTHY),
        ("UNKNOWN", UNKNOWN),
        ("SOMETHING_NEW", UNKNOWN),
        (None, UNKNOWN),
    ],
)
def test_a_link_is_judged_by_its_error_word(error: str | None, level: HealthLevel) -> None:
    """Known errors are ill, new words and silence are neither."""
    assert link_health(error, None).level is level


@pytest.mark.parametrize(
    ("task", "level"),
    [
        (LinkTask("AclSync", "NOT_CONFIGURED"), HEALTHY),
        (LinkTask("ConsumerOffsetSync", "ACTIVE"), HEALTHY),
        (LinkTask("ConsumerOffsetSync", "LINK_PAUSED"), HEALTHY),
        (LinkTask("ConsumerOffsetSync", "IN_ERROR"), UNHEALTHY),
        (LinkTask("ConsumerOffsetSync", "RESTING"), UNKNOWN),
        (LinkTask("ConsumerOffsetSync", ""), UNKNOWN),
        (LinkTask("X", "ACTIVE", (TaskError("CONSUMER_GROUP_IN_USE_ERROR", "g"),)), UNHEALTHY),
        (LinkTask("X", "ACTIVE", (TaskError("NO_ERROR", ""),)), HEALTHY),
    ],
)
def test_a_link_is_judged_by_its_tasks_too(task: LinkTask, level: HealthLevel) -> None:
    """A task in error makes its link ill, although the link itself has no error."""
    assert link_health("NO_ERROR", None, (task,)).level is level


@pytest.mark.parametrize(
    ("status", "error", "level"),
    [
        ("ACTIVE", "NO_ERROR", HEALTHY),
        ("ACTIVE", None, HEALTHY),
        ("ACTIVE", "NOT_SET", HEALTHY),
        ("PAUSED", None, HEALTHY),
        ("STOPPED", None, HEALTHY),
        ("LINK_PAUSED", None, HEALTHY),
        ("PENDING_STOPPED", None, HEALTHY),
        ("FAILED", None, UNHEALTHY),
        ("SOURCE_UNAVAILABLE", "NO_ERROR", UNHEALTHY),
        ("LINK_FAILED", None, UNHEALTHY),
        ("ACTIVE", "SOURCE_TOPIC_MAY_BE_DELETED", UNHEALTHY),
        ("ACTIVE", "SOMETHING_NEW", UNKNOWN),
        ("LEVITATING", "NO_ERROR", UNKNOWN),
        (None, "NO_ERROR", UNKNOWN),
        ("FAILED", "SOMETHING_NEW", UNHEALTHY),
    ],
)
def test_a_mirror_is_judged_by_status_and_error(
    status: str | None, error: str | None, level: HealthLevel
) -> None:
    """What a person chose is healthy, what went wrong is not, and a new word is neither."""
    assert mirror_health(status, error).level is level


def test_every_known_status_is_judged() -> None:
    """No status of the model counts as unknown."""
    assert all(mirror_health(status, None).level is not UNKNOWN for status in MirrorStatus)


def test_reasons_do_not_depend_on_order() -> None:
    """The same findings in another order are the same judgement."""
    errors = (TaskError("B", "second"), TaskError("A", "first"))
    forward = mirror_health("FAILED", None, errors)
    assert forward == mirror_health("FAILED", None, errors[::-1])
    assert forward == Health(
        UNHEALTHY, ("FAILED", "change of state: A: first", "change of state: B: second")
    )
