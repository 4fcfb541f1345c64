"""The story of `plan`: read what the planner asks for, then decide."""

from __future__ import annotations

from reconciler.model.consent import Grant
from reconciler.model.desired import DesiredState
from reconciler.model.engine import Engine
from reconciler.model.observed import ObservedState
from reconciler.model.plan import Plan
from reconciler.planning import first_reads, further_reads, make_plan
from reconciler.workflows.connect import connect
from reconciler.workflows.environment import Environment


async def plan(
    desired: DesiredState,
    environment: Environment,
    *,
    targets: tuple[str, ...] = (),
    write_secrets: tuple[str, ...] = (),
) -> Plan:
    """What has to change so that the clusters are as declared. Sends nothing but GET (P1).

    Raises:
        InputError: a reference that a cluster's `auth` needs cannot be resolved.
    """
    async with connect(desired, environment) as engine:
        return await plan_with(engine, desired, targets=targets, write_secrets=write_secrets)


async def plan_with(
    engine: Engine,
    desired: DesiredState,
    *,
    targets: tuple[str, ...] = (),
    grants: tuple[Grant, ...] = (),
    write_secrets: tuple[str, ...] = (),
) -> Plan:
    """A plan from a fresh reading, on an engine that is already connected."""
    observed = await read_world(engine, desired, targets=targets, grants=grants)
    return make_plan(
        desired,
        observed,
        engine.catalogue,
        targets=targets,
        grants=grants,
        write_secrets=write_secrets,
    )


async def read_world(
    engine: Engine,
    desired: DesiredState,
    *,
    targets: tuple[str, ...] = (),
    grants: tuple[Grant, ...] = (),
) -> ObservedState:
    """Everything that the planner wants to know, in as few requests as it can say (P12).

    Which topics must be looked up depends on the mirrors that exist, so the planner is asked again after
    each reading until it wants nothing more.
    """
    observed = await engine.observe(first_reads(desired, targets=targets))
    while wanted := further_reads(desired, observed, targets=targets, grants=grants):
        observed = observed.merge(await engine.observe(wanted))
    return observed
