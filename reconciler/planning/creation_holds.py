"""What keeps a missing link object from being created: what it needs and nobody can see, or what contradicts it."""

from __future__ import annotations

from reconciler.model.desired import DesiredHalf, DesiredLink
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.links import ConnectionMode, LinkGoal
from reconciler.model.observed import Gap, ObservedLink
from reconciler.planning.world import World, counted


def creation_holds(
    world: World, entry: DesiredLink, lives: tuple[ObservedLink | Gap | None, ...]
) -> tuple[Diagnostic, ...]:
    """Why the missing halves of an entry cannot be created. One hold holds all: half a pair serves nobody."""
    missing = [h for h, live in zip(entry.halves, lives, strict=True) if live is None]
    if entry.goal is LinkGoal.ABSENT or not missing:
        return ()
    hidden = [h for h, live in zip(entry.halves, lives, strict=True) if isinstance(live, Gap)]
    outbound_lives = any(
        isinstance(live, ObservedLink) and half.connection_mode is ConnectionMode.OUTBOUND
        for half, live in zip(entry.halves, lives, strict=True)
    )
    return (
        *(_other_half_unreadable(missing[0], half) for half in hidden),
        *(
            _inbound_missing(entry, half)
            for half in missing
            if half.connection_mode is ConnectionMode.INBOUND and outbound_lives
        ),
        *(_remote_unreadable(half) for half in missing if _remote_hidden(world, half)),
        *(_unlisted(half, rows) for half in missing if (rows := len(world.rows_of(half.address)))),
        *(_to_itself(half) for half in missing[:1] if _one_cluster(world, half)),
    )


def _remote_hidden(world: World, half: DesiredHalf) -> bool:
    """A remote that can be asked has to be known: the link is bound to its id for good."""
    return world.has_rest(half.remote) and (
        world.gone(half.remote) is not None or world.cluster_id(half.remote) is None
    )


def _one_cluster(world: World, half: DesiredHalf) -> bool:
    """Whether both names lead to one cluster; a server refuses such a link (cluster-linking reference, section 2.5)."""
    own = world.cluster_id(half.address.cluster)
    return own is not None and own == world.cluster_id(half.remote)


def _other_half_unreadable(missing: DesiredHalf, hidden: DesiredHalf) -> Diagnostic:
    return Diagnostic(
        code="half-unreadable",
        severity=Severity.BLOCKED,
        message=f"{missing.address} is missing, but its other half {hidden.address} could not be read, so it is not created",
        cure=f"make {hidden.address.cluster} readable and plan again",
        position=missing.position,
        address=missing.address,
    )


def _inbound_missing(entry: DesiredLink, half: DesiredHalf) -> Diagnostic:
    other = next(h for h in entry.halves if h is not half)
    return Diagnostic(
        code="inbound-missing",
        severity=Severity.BLOCKED,
        message=f"{half.address}, the half that is dialled, is missing under the live {other.address}; the halves of a "
        "link can only be made in the other order",
        cure=f"delete {other.address} by hand and plan again: both halves are then created in order",
        position=half.position,
        address=half.address,
    )


def _unlisted(half: DesiredHalf, rows: int) -> Diagnostic:
    return Diagnostic(
        code="link-unlisted",
        severity=Severity.BLOCKED,
        message=f"{half.address.cluster} lists {counted(rows, 'mirror topic')} on {half.address} but no such link, so it "
        "is not created: one of the two lists is wrong or out of date",
        cure="plan again; if it stays so, look at both lists with the vendor's tools",
        position=half.position,
        address=half.address,
    )


def _to_itself(half: DesiredHalf) -> Diagnostic:
    here, remote = half.address.cluster, half.remote
    return Diagnostic(
        code="link-to-itself",
        severity=Severity.BLOCKED,
        message=f"{half.address} is not created, because {here} and {remote} have the same cluster id: they are one "
        "cluster, which no server links to itself",
        cure=f"check the `restEndpoint` of {here} and of {remote}, or any --endpoint given for them: one leads to the "
        "other's cluster",
        position=half.position,
        address=half.address,
    )


def _remote_unreadable(half: DesiredHalf) -> Diagnostic:
    return Diagnostic(
        code="remote-unreadable",
        severity=Severity.BLOCKED,
        message=f"{half.address} is not created, because {half.remote}, the cluster on its other side, could not be read",
        cure=f"make {half.remote} readable and plan again, or remove its `restEndpoint` if it has none",
        position=half.position,
        address=half.address,
    )
