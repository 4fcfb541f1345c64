"""A run as JSON: `linkctl.run/1`, published as `schema/run.schema.json`."""

from __future__ import annotations

from reconciler.model.events import ItemOutcome, Outcome, RunResult, StepOutcome
from reconciler.reporting.document import Json, as_json, diagnostic_json
from reconciler.reporting.plan_json import plan_document, step_json

FORMAT = "linkctl.run/1"


def run_json(result: RunResult) -> str:
    """The report of a run for machines: every step and every object, and the plan that remains."""
    return as_json(
        {
            "format": FORMAT,
            "succeeded": result.succeeded,
            "interrupted": result.interrupted,
            "summary": {str(outcome): result.count(outcome) for outcome in Outcome},
            "items": {str(outcome): result.count_items(outcome) for outcome in Outcome},
            "outcomes": [_step(outcome) for outcome in result.outcomes],
            "remaining": None if result.remaining is None else plan_document(result.remaining),
        }
    )


def _step(result: StepOutcome) -> Json:
    return {
        "step": step_json(result.step),
        "outcome": str(result.outcome),
        "items": [_item(item) for item in result.items],
        "diagnostics": [diagnostic_json(d) for d in result.diagnostics],
    }


def _item(item: ItemOutcome) -> Json:
    return {
        "address": str(item.address),
        "outcome": str(item.outcome),
        "accepted": item.accepted,
        "diagnostic": None if item.diagnostic is None else diagnostic_json(item.diagnostic),
    }
