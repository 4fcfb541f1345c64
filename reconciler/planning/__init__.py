"""Planning: wanted state and live state in, a plan out. Pure: no I/O, no clock, no randomness.

first_reads -> (read) -> further_reads -> (read, merge, ask again until nothing is missing) -> make_plan
wanted_grants, missing_consents: before a run;  what_moved: before a saved plan is applied
"""

from reconciler.planning.codes import CODES
from reconciler.planning.consent import missing_consents, parse_grant, wanted_grants
from reconciler.planning.freshness import what_moved
from reconciler.planning.planner import make_plan
from reconciler.planning.reads import first_reads, further_reads

__all__ = [
    "CODES",
    "first_reads",
    "further_reads",
    "make_plan",
    "missing_consents",
    "parse_grant",
    "wanted_grants",
    "what_moved",
]
