"""Values in, text out: plans, status reports, runs and findings for people and machines. No I/O, no clock.

Each report has a view, computed once (`plan_view`, `status_view`, `run_view`), and printers that only lay it
out: `…_text` for people, `…_json` for machines, `diagnostics_github` for pull requests.
"""

from reconciler.reporting.diagnostics_github import diagnostics_github
from reconciler.reporting.diagnostics_json import diagnostics_json
from reconciler.reporting.diagnostics_text import diagnostics_text
from reconciler.reporting.events_text import event_text
from reconciler.reporting.plan_json import plan_json
from reconciler.reporting.plan_text import plan_text
from reconciler.reporting.run_json import run_json
from reconciler.reporting.run_text import run_text
from reconciler.reporting.status_json import status_json
from reconciler.reporting.status_text import status_text

__all__ = [
    "diagnostics_github",
    "diagnostics_json",
    "diagnostics_text",
    "event_text",
    "plan_json",
    "plan_text",
    "run_json",
    "run_text",
    "status_json",
    "status_text",
]
