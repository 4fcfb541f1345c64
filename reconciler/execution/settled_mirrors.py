"""Verdicts on mirror topics. Pure.

Per verb: the words that mean done, the words that prove that the server has begun, and the words from which
the wanted state cannot be reached any more. Every other word, known or not, means "not yet"
(cluster-linking reference, sections 4.1 and 4.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.execution.configs import unlike
from reconciler.execution.settled_links import unseen
from reconciler.execution.verdicts import Failed, Pending, Settled, Unseen, Verdict
from reconciler.model.address import MirrorAddress
from reconciler.model.catalogue import Catalogue
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.mirrors import MirrorStatus, MirrorVerb
from reconciler.model.observed import Gap, ObservedCluster, ObservedMirror
from reconciler.model.steps import AlterMirror, CreateMirror, DeleteTopic


@dataclass(frozen=True, slots=True)
class _Words:
    done: frozenset[str]
    begun: frozenset[str] = frozenset()
    dead: frozenset[str] = frozenset()


_ENDED = frozenset({MirrorStatus.STOPPED, MirrorStatus.FAILED})

# A link that is paused covers the status of its mirrors, so LINK_PAUSED is as far as a resume or a creation
# can be seen to get. FAILED is a legal start of a failover, so there it is no end.
_VERBS: Mapping[MirrorVerb, _Words] = {
    MirrorVerb.PAUSE: _Words(done=frozenset({MirrorStatus.PAUSED}), dead=_ENDED),
    MirrorVerb.RESUME: _Words(
        done=frozenset({MirrorStatus.ACTIVE, MirrorStatus.LINK_PAUSED}), dead=_ENDED
    ),
    MirrorVerb.PROMOTE: _Words(
        done=frozenset({MirrorStatus.STOPPED}),
        begun=frozenset({MirrorStatus.PENDING_STOPPED}),
        dead=frozenset({MirrorStatus.FAILED}),
    ),
    MirrorVerb.FAILOVER: _Words(
        done=frozenset({MirrorStatus.STOPPED}), begun=frozenset({MirrorStatus.PENDING_STOPPED})
    ),
}
# Old servers show PAUSED for a mirror whose link is paused (cluster-linking reference, section 4.1).
_CREATION = _Words(
    done=frozenset({MirrorStatus.ACTIVE, MirrorStatus.LINK_PAUSED, MirrorStatus.PAUSED}),
    dead=_ENDED,
)


def mirror_created(action: CreateMirror, cluster: ObservedCluster) -> Verdict:
    """Whether the mirror is there, is ours, and mirrors."""
    row = find(action.address, cluster)
    if not isinstance(row, ObservedMirror):
        return row or Pending("the mirror topic is not listed yet")
    if row.address != action.address or row.source_topic != action.source_topic:
        return Failed(_taken(action, row))
    verdict = _judge(row, _CREATION)
    return Pending(verdict.detail, begun=True) if isinstance(verdict, Pending) else verdict


def mirror_changed(address: MirrorAddress, verb: MirrorVerb, cluster: ObservedCluster) -> Verdict:
    """Whether a mirror is where the verb leads."""
    row = find(address, cluster)
    if isinstance(row, Unseen):
        return row
    if row is None or row.address != address:
        return Failed(_vanished(address))
    return _judge(row, _VERBS[verb])


def mirror_altered(action: AlterMirror, cluster: ObservedCluster, catalogue: Catalogue) -> Verdict:
    """Whether the topic shows the configs that were written."""
    configs = cluster.topic_configs
    if configs is None or isinstance(configs, Gap):
        return unseen(f"topic configs of {cluster.name}", configs)
    shown = configs.get(action.address.mirror)
    if shown is None:
        return Pending("the topic's configs are not listed")
    behind = tuple(unlike(action.set_configs, shown, catalogue))
    return Pending(f"not shown yet: {', '.join(behind)}") if behind else Settled()


def topic_gone(action: DeleteTopic, cluster: ObservedCluster) -> Verdict:
    """Whether neither a mirror row nor a topic of that name is listed any more: a deletion takes its time, and
    until it is over the name cannot be used again (cluster-linking reference, section 10.3).
    """
    row = find(action.address, cluster)
    if isinstance(row, Unseen):
        return row
    if cluster.topics is None or isinstance(cluster.topics, Gap):
        return unseen(f"topics of {cluster.name}", cluster.topics)
    if row is not None:
        return Pending("the mirror topic is still listed")
    if action.address.mirror in cluster.topics:
        return Pending("the topic is still listed")
    return Settled()


def find(address: MirrorAddress, cluster: ObservedCluster) -> ObservedMirror | Unseen | None:
    """The row of a mirror name, whatever its link; None when the list was read and holds none."""
    if cluster.mirrors is None or isinstance(cluster.mirrors, Gap):
        return unseen(f"mirror topics of {cluster.name}", cluster.mirrors)
    return cluster.mirrors.get(address.mirror)


def shown(row: ObservedMirror) -> str:
    """What a server says of a mirror, as people read it in a progress line."""
    words = [row.status or "no status"]
    if row.lag:
        words.append(f"lag {row.lag}")
    if row.error not in {None, "", "NO_ERROR", "NOT_SET"}:
        words.append(str(row.error))
    words += [f"{error.code}: {error.message}" for error in row.transition_errors or ()]
    return ", ".join(words)


def _judge(row: ObservedMirror, words: _Words) -> Verdict:
    if row.status in words.done:
        return Settled()
    if row.status in words.dead:
        return Failed(_ended(row))
    return Pending(shown(row), begun=row.status in words.begun)


def _ended(row: ObservedMirror) -> Diagnostic:
    return Diagnostic(
        code="mirror-ended",
        severity=Severity.ERROR,
        message=f"the mirror topic is {shown(row)} and cannot get to the wanted state from there",
        cure="plan again: the plan names what is possible from this state",
        address=row.address,
    )


def _vanished(address: MirrorAddress) -> Diagnostic:
    return Diagnostic(
        code="mirror-vanished",
        severity=Severity.ERROR,
        message="the link does not list this mirror topic any more: somebody else must have deleted it or its link",
        cure="look whether the topic still exists, then plan again",
        address=address,
    )


def _taken(action: CreateMirror, row: ObservedMirror) -> Diagnostic:
    return Diagnostic(
        code="mirror-taken",
        severity=Severity.ERROR,
        message=f"the name appeared during this run as a mirror of {row.source_topic} on link {row.address.link}",
        cure="plan again: the plan says who owns the name",
        address=action.address,
    )
