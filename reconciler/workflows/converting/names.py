"""The names that the user gives things, judged before anything is made of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import NamedTuple

from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.spec.shape import text_form


@dataclass(frozen=True, slots=True)
class Names:
    """What the user calls things. `endpoints` are REST endpoints and `ids` cluster ids, by cluster name."""

    link: str
    destination: str
    source: str | None = None
    mirrors: tuple[str, ...] = ()
    endpoints: Mapping[str, str] = field(default_factory=dict)
    ids: Mapping[str, str] = field(default_factory=dict)


class _Form(NamedTuple):
    """What the schema asks of a name, and how it says so."""

    pattern: re.Pattern[str]
    words: str


def judged_names(names: Names, findings: list[Diagnostic]) -> Names:
    """The names with a stand-in for each that cannot be one, so that the files are judged all the same. What is wrong
    with a name goes to `findings`, once, however often the entry would repeat it.
    """
    forms = _forms()

    def judged(option: str, name: str, form: _Form, stand_in: str) -> str:
        if form.pattern.fullmatch(name):
            return name
        findings.append(_bad_name(option, name, form))
        return stand_in

    source = names.source
    return replace(
        names,
        link=judged("--link", names.link, forms["link"], "unnamed"),
        destination=judged(
            "--destination", names.destination, forms["cluster"], "unnamed-destination"
        ),
        source=None
        if source is None
        else judged("--source", source, forms["cluster"], "unnamed-source"),
        mirrors=tuple(m for m in names.mirrors if judged("--mirror", m, forms["topic"], "")),
    )


def strangers(names: Names, clusters: Mapping[str, object]) -> list[Diagnostic]:
    """Options that speak of a cluster that the entry does not have."""
    spoken = {"--endpoint": names.endpoints, "--cluster-id": names.ids}
    return [
        Diagnostic(
            code="unknown-cluster",
            severity=Severity.ERROR,
            message=f"no cluster is named {name!r}",
            cure=f"the clusters are {' and '.join(clusters)}",
            subject=option,
        )
        for option, given in spoken.items()
        for name in sorted(given.keys() - clusters.keys())
    ]


def _bad_name(option: str, name: str, form: _Form) -> Diagnostic:
    return Diagnostic(
        code="convert-bad-name",
        severity=Severity.ERROR,
        message=f"{name!r} does not have the form that this name needs",
        cure=form.words if name else f"{form.words}; a variable in the command may be empty",
        subject=option,
    )


@cache
def _forms() -> Mapping[str, _Form]:
    forms = {
        "cluster": text_form("$defs", "clusterName"),
        "link": text_form("$defs", "link", "properties", "name"),
        "topic": text_form("$defs", "topicName"),
    }
    return {what: _Form(re.compile(pattern), words) for what, (pattern, words) in forms.items()}
