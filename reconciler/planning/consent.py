"""Consent to what cannot be undone: what a plan wants, what a run was given, what is missing.

`protect` is no matter of consent: it is judged while planning, and what it blocks never gets here.
"""

from __future__ import annotations

from reconciler.model.address import parse_address
from reconciler.model.changes import Change
from reconciler.model.consent import ConsentKind, Grant, narrowest
from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.plan import Plan
from reconciler.planning.world import counted, listing


def wanted_grants(plan: Plan) -> tuple[Grant, ...]:
    """The narrowest consents that a run of this plan needs, ready to paste after `--allow`."""
    return plan.wanted_grants


def missing_consents(plan: Plan, grants: tuple[Grant, ...]) -> tuple[Diagnostic, ...]:
    """What nobody has consented to, one finding per kind; empty when the plan may run.

    A grant for addresses covers these; what is left has to fit into one budget of its kind (several budgets do
    not add up, the largest counts), or needs the kind itself.
    """
    findings: list[Diagnostic] = []
    for kind in ConsentKind:
        ours = tuple(grant for grant in grants if grant.kind is kind)
        left = [c for c in _irreversible(plan, kind) if not _named(c, ours)]
        budgets = [grant.budget for grant in ours if grant.budget is not None]
        if not left or len(left) <= max(budgets, default=0):
            continue
        findings.append(_over_budget(kind, left, max(budgets)) if budgets else _missing(kind, left))
    return tuple(findings)


def parse_grant(text: str) -> Grant:
    """Read one `--allow`: `KIND`, `KIND=N` or `KIND=ADDRESS-GLOB`.

    Raises:
        ValueError: it is none of these; the text says what to write.
    """
    word, equals, limit = text.partition("=")
    kinds = {kind.value: kind for kind in ConsentKind}
    if word not in kinds:
        raise ValueError(f"{word!r} is no kind of consent; write one of {', '.join(sorted(kinds))}")
    kind = kinds[word]
    if kind.exact:
        return Grant(kind, glob=_exact_address(kind, limit))
    if not equals:
        return Grant(kind)
    if not limit:
        raise ValueError(f"{text!r} ends after '='; write {kind}, {kind}=NUMBER or {kind}=ADDRESS")
    if limit.isascii() and limit.isdigit():
        return _with_budget(kind, int(limit))
    if "/" not in limit:
        raise ValueError(f"{limit!r} is neither a number nor an address like CLUSTER/LINK/MIRROR")
    return Grant(kind, glob=limit)


def _exact_address(kind: ConsentKind, limit: str) -> str:
    try:
        address = parse_address(limit)
    except ValueError as error:
        raise ValueError(f"{kind} wants one whole address: {kind}=CLUSTER/LINK/MIRROR") from error
    if any(sign in limit for sign in "*?["):
        raise ValueError(f"{kind} wants one whole address, without * ? or [")
    return str(address)


def _with_budget(kind: ConsentKind, budget: int) -> Grant:
    if budget == 0:
        raise ValueError(f"{kind}=0 allows nothing; leave it out")
    return Grant(kind, budget=budget)


def _irreversible(plan: Plan, kind: ConsentKind) -> tuple[Change, ...]:
    return tuple(change for change in plan.changes if change.kind.consent is kind)


def _named(change: Change, grants: tuple[Grant, ...]) -> bool:
    return any(grant.budget is None and grant.covers(change.address) for grant in grants)


def _missing(kind: ConsentKind, left: list[Change]) -> Diagnostic:
    names = listing(str(change.address) for change in left)
    return Diagnostic(
        code="consent-missing",
        severity=Severity.ERROR,
        message=f"{kind} of {names} cannot be undone, and nobody has consented to it",
        cure=f"if it is meant, add {_options(kind, left)}",
        subject=kind.value,
    )


def _over_budget(kind: ConsentKind, left: list[Change], budget: int) -> Diagnostic:
    return Diagnostic(
        code="consent-budget",
        severity=Severity.ERROR,
        message=f"the plan wants {kind} {counted(len(left), 'time')} "
        f"({listing(str(change.address) for change in left)}), and the consent allows {budget}",
        cure=f"look at the plan again; if all of it is meant, allow that many: {_options(kind, left)}",
        subject=kind.value,
    )


def _options(kind: ConsentKind, left: list[Change]) -> str:
    """What to add to the consents that were given: it covers what is left, and nothing besides."""
    grants = narrowest(kind, [change.address for change in left])
    return " ".join(f"--allow {grant}" for grant in grants)
