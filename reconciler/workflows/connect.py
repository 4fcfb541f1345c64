"""From a desired state to an engine that can reach its clusters."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace

from reconciler.execution import RetryPolicy
from reconciler.model.clusters import Cluster, NoAuth, RestEndpoint, Tls
from reconciler.model.desired import DesiredState
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.engine import Engine
from reconciler.model.errors import InputError
from reconciler.model.secrets import Reference, Template
from reconciler.model.steps import Action, AlterLink, CreateLink, Step
from reconciler.spec import reference_lookup
from reconciler.workflows.environment import Environment


def retry_policy(environment: Environment) -> RetryPolicy:
    """How often and how patiently a request is repeated, for reads and writes alike."""
    return RetryPolicy(
        attempts=4,
        first_delay=0.5,
        max_delay=8.0,
        clock=environment.clock,
        random=environment.random,
    )


@asynccontextmanager
async def connect(desired: DesiredState, environment: Environment) -> AsyncIterator[Engine]:
    """An engine for the clusters of a desired state; connections are opened when a request needs one.

    Raises:
        InputError: a reference that a cluster's `auth` or `tls` needs cannot be resolved.
    """
    check_references(
        (r for cluster in desired.clusters.values() for r in cluster.references()), environment
    )
    # Only here: commands that need no cluster must not pay for an HTTP client at every start.
    from reconciler.cluster_linking import ClusterLinkingEngine  # noqa: PLC0415

    engine = ClusterLinkingEngine(
        desired.clusters,
        lookup=reference_lookup(environment.variables, environment.read_text),
        retry=retry_policy(environment),
        transports=environment.transports,
    )
    async with engine:
        yield engine


def check_references(references: Iterable[Reference], environment: Environment) -> None:
    """Resolve references without keeping their values, to find all that are missing at once.

    Raises:
        InputError: with one diagnostic for each reference that cannot be resolved.
    """
    lookup = reference_lookup(environment.variables, environment.read_text)
    missing: dict[str, Diagnostic] = {}
    for reference in references:
        try:
            lookup(reference)
        except InputError as error:
            missing.update((f"{d.where} {d.message}", d) for d in error.diagnostics)
    if missing:
        raise InputError(*(missing[key] for key in sorted(missing)))


def references_of(steps: Iterable[Step]) -> Iterable[Reference]:
    """Every reference that the requests of these steps will need."""
    for step in steps:
        for template in _credentials(step.action).values():
            yield from template.references


def _credentials(action: Action) -> Mapping[str, Template]:
    match action:
        case CreateLink(half=half):
            return half.credentials
        case AlterLink(credentials=credentials):
            return credentials
        case _:
            return {}


def with_endpoints(desired: DesiredState, endpoints: Mapping[str, str]) -> DesiredState:
    """The same wish with other REST endpoints (`--endpoint NAME=URL`); credentials stay as they are.

    Raises:
        InputError: a name is not one of the clusters.
    """
    unknown = sorted(set(endpoints) - set(desired.clusters))
    if unknown:
        known = ", ".join(sorted(desired.clusters)) or "none"
        raise InputError(
            *(
                Diagnostic(
                    code="unknown-cluster",
                    severity=Severity.ERROR,
                    message=f"no cluster is named {name!r}",
                    cure=f"use one of the names under `clusters:` ({known})",
                    subject="--endpoint",
                )
                for name in unknown
            )
        )
    clusters = {
        name: replace(cluster, rest=_moved(cluster, endpoints[name]))
        if name in endpoints
        else cluster
        for name, cluster in desired.clusters.items()
    }
    return replace(desired, clusters=clusters)


def sent_in_clear(desired: DesiredState, endpoints: Mapping[str, str]) -> tuple[Diagnostic, ...]:
    """A warning for each endpoint that would carry the credentials of the file without encryption."""
    return tuple(
        Diagnostic(
            code="endpoint-in-clear",
            severity=Severity.WARNING,
            message=f"the credentials of {name} are sent over `http`, without encryption",
            cure="give an https URL",
            subject="--endpoint",
        )
        for name, url in sorted(endpoints.items())
        if url.startswith("http:")
        and (cluster := desired.clusters.get(name)) is not None
        and cluster.rest is not None
        and not isinstance(cluster.rest.auth, NoAuth)
    )


def _moved(cluster: Cluster, url: str) -> RestEndpoint:
    url = url.rstrip("/")
    return replace(cluster.rest, url=url) if cluster.rest else RestEndpoint(url)


def without_credentials(desired: DesiredState) -> DesiredState:
    """The same wish with REST calls that show no credentials, as the embedded sandbox takes them."""
    clusters = {
        name: replace(cluster, rest=replace(cluster.rest, auth=NoAuth(), tls=Tls()))
        if cluster.rest
        else cluster
        for name, cluster in desired.clusters.items()
    }
    return replace(desired, clusters=clusters)
