"""The security settings of a properties file as `credentials`: secrets become references."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.address import LinkAddress
from reconciler.model.catalogue import Catalogue
from reconciler.model.diagnostics import Diagnostic
from reconciler.spec.quoting import config_value
from reconciler.spec.rules.secrets import looks_sensitive
from reconciler.spec.writing import Noted, Plain
from reconciler.workflows.converting import librdkafka
from reconciler.workflows.converting.notes import became_reference
from reconciler.workflows.converting.properties import Property
from reconciler.workflows.exporting.names import Variables


def write_credentials(
    link: LinkAddress,
    values: Mapping[str, Property],
    catalogue: Catalogue,
    variables: Variables,
    notes: list[Diagnostic],
) -> dict[str, Plain]:
    """By the names of the file where they are Kafka's; librdkafka's are said by the short form. Its secrets are named
    after `link`.
    """
    login: dict[str, Plain] = {}
    if librdkafka.is_spoken(values):
        login = librdkafka.write_login(link, values, variables, notes)
        values = {name: found for name, found in values.items() if name.startswith("local.")}
    return {
        **login,
        **{name: _raw(link, p, catalogue, variables, notes) for name, p in values.items()},
    }


def _raw(
    link: LinkAddress,
    found: Property,
    catalogue: Catalogue,
    variables: Variables,
    notes: list[Diagnostic],
) -> Plain:
    """A secret is never copied; of a security config that nobody knows, it is not known whether it is one."""
    if catalogue.get(found.name) is not None and not looks_sensitive(found.name, catalogue):
        return Noted(config_value(found.value, catalogue.get(found.name)), origin=found.at)
    reference = variables.reference(link, found.name)
    cure = f"set {reference.references[0].name} to the value that stands here before an `apply`"
    notes.append(became_reference(found, reference, cure))
    return Noted(reference, origin=found.at)
