"""Running a plan: order, retries, waiting, the promote gate and the journal. Sees the `Engine` protocol only."""

from reconciler.execution.codes import CODES
from reconciler.execution.journal import Journal
from reconciler.execution.retries import RetryPolicy
from reconciler.execution.runner import run

__all__ = ["CODES", "Journal", "RetryPolicy", "run"]
