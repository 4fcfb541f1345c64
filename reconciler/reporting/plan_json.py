"""A plan as JSON, complete: `linkctl.plan/1`, published as `schema/plan.schema.json`.

Steps name what they do and to which objects, never what they send: what a request carries is told by the
changes, and there secrets are references.
"""

from __future__ import annotations

from dataclasses import asdict

from reconciler.model.changes import Change, Delta, FieldDelta, FilterDelta
from reconciler.model.filters import Filter, NameFilter
from reconciler.model.plan import Plan
from reconciler.model.steps import Step
from reconciler.reporting.document import Json, as_json, diagnostic_json, gap_json, position_json
from reconciler.reporting.plan_view import count_plan
from reconciler.reporting.words import action_addresses, action_verb

FORMAT = "linkctl.plan/1"


def plan_json(plan: Plan) -> str:
    """The plan for machines."""
    return as_json(plan_document(plan))


def plan_document(plan: Plan) -> dict[str, Json]:
    """The plan as plain values, for documents that hold one."""
    return {
        "format": FORMAT,
        "pending": plan.pending,
        "summary": asdict(count_plan(plan)),
        "consents": [str(grant) for grant in plan.wanted_grants],
        "changes": [_change(change) for change in plan.changes],
        "steps": [step_json(step) for step in plan.steps],
        "diagnostics": [diagnostic_json(d) for d in plan.diagnostics],
        "gaps": [gap_json(gap) for gap in plan.gaps],
        "unmanaged": [{"address": str(u.address), "detail": u.detail} for u in plan.unmanaged],
        "identities": dict(plan.identities),
        "targets": list(plan.targets),
        "linkIds": {str(link): link_id for link, link_id in plan.link_ids.items()},
    }


def step_json(step: Step) -> Json:
    """What a step does, to what, and after what."""
    return {
        "id": step.id,
        "verb": action_verb(step.action),
        "cluster": step.action.cluster,
        "objects": [str(address) for address in action_addresses(step.action)],
        "needs": list(step.needs),
        "covers": [{"address": str(k.address), "kind": str(k.kind)} for k in step.covers],
        "irreversible": step.irreversible,
    }


def _change(change: Change) -> Json:
    consent = change.kind.consent
    exposure = change.exposure
    return {
        "address": str(change.address),
        "kind": str(change.kind),
        "irreversible": change.kind.irreversible,
        "consent": None if consent is None else str(consent),
        "before": change.before or None,
        "deltas": [_delta(delta) for delta in change.deltas],
        "exposure": None
        if exposure is None
        else {"records": exposure.records, "partitions": exposure.partitions},
        "position": position_json(change.position),
    }


def _delta(delta: Delta) -> Json:
    match delta:
        case FieldDelta():
            return {
                "type": "field",
                "name": delta.name,
                "before": None if delta.hidden else delta.before,
                "after": None if delta.hidden else delta.after,
                "secret": delta.hidden,
                "reference": delta.reference or None,
                "resent": None if delta.resent is None else str(delta.resent),
            }
        case FilterDelta():
            return {
                "type": "filter",
                "filter": str(delta.kind),
                "added": [filter_json(row) for row in delta.added],
                "removed": [filter_json(row) for row in delta.removed],
            }


def filter_json(row: Filter) -> Json:
    """A filter row under the names that the YAML uses; properties that are new to us under `extra`, as JSON text."""
    extra: dict[str, Json] = dict(row.extra)
    if isinstance(row, NameFilter):
        return {
            "name": row.name,
            "patternType": row.pattern_type,
            "filterType": row.filter_type,
            "extra": extra,
        }
    return {
        "resourceType": row.resource_type,
        "resourcePatternType": row.resource_pattern_type,
        "resourceName": row.resource_name,
        "principal": row.principal,
        "host": row.host,
        "operation": row.operation,
        "permissionType": row.permission_type,
        "extra": extra,
    }
