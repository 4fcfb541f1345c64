"""Whether a look shows the configs, credentials and filters that an action wrote. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from reconciler.model.catalogue import Catalogue, LinkConfig
from reconciler.model.filters import Filter, FilterKind, FilterSet
from reconciler.model.observed import Gap, ObservedConfig, Read
from reconciler.model.secrets import Template
from reconciler.model.spelling import bare, canonical, folded, same_untyped

ConfigsSeen = Mapping[str, ObservedConfig]


def unlike(wanted: Mapping[str, str], seen: ConfigsSeen, catalogue: Catalogue) -> Iterator[str]:
    """Names of the configs that do not show the wanted value."""
    for name, value in sorted(wanted.items()):
        shown = seen.get(name)
        if shown is None or not _shows(shown, value, catalogue):
            yield name


def not_reset(names: Iterable[str], seen: ConfigsSeen, catalogue: Catalogue) -> Iterator[str]:
    """Names of the configs that still show a value of somebody's own."""
    for name in sorted(names):
        shown = seen.get(name)
        if shown is None or shown.is_default or shown.value is None:
            continue
        known = catalogue.get(name)
        if known is not None and known.default is not None:
            if not _same(shown.value, known.default, known):
                yield name
        elif shown.is_default is False:
            yield name


def unlike_credentials(
    wanted: Mapping[str, Template], seen: ConfigsSeen, catalogue: Catalogue
) -> Iterator[str]:
    """Names of the security configs that do not show what was written.

    A hidden value, or one that comes from a reference, can only be seen to be set.
    """
    for name, template in sorted(wanted.items()):
        shown = seen.get(name)
        plain = _plain(template)
        if shown is None or not shown.is_set:
            yield name
            continue
        if not _hidden(name, plain, seen, catalogue) and not _shows(shown, plain or "", catalogue):
            yield name


def all_hidden(
    configs: Mapping[str, str],
    credentials: Mapping[str, Template],
    seen: ConfigsSeen,
    catalogue: Catalogue,
) -> bool:
    """Whether nothing of what was written can be read, so that set before and set after look the same."""
    written = {**configs, **{name: _plain(template) for name, template in credentials.items()}}
    return all(_hidden(name, value, seen, catalogue) for name, value in written.items())


def unlike_filters(
    wanted: Mapping[FilterKind, FilterSet],
    switches: Mapping[str, str],
    seen: Mapping[FilterKind, Read[FilterSet]],
    catalogue: Catalogue,
) -> Iterator[str]:
    """Config names of the filters that do not show the wanted rows.

    A switch that is turned off clears its filters on the server (cluster-linking reference, section 5.3),
    whatever rows were sent beside it.
    """
    for kind, rows in sorted(wanted.items()):
        family = catalogue.families[kind]
        accepted = [_rows(rows)]
        if switches.get(family.switch, "").lower() == "false":
            accepted.append(frozenset())
        shown = seen.get(kind, frozenset())
        if isinstance(shown, Gap) or _rows(shown) not in accepted:
            yield family.config


def _hidden(name: str, value: str | None, seen: ConfigsSeen, catalogue: Catalogue) -> bool:
    """Whether a look cannot tell one value from another: the server does not show it, or we do not know it."""
    shown = seen.get(name)
    server_hides = shown is not None and shown.sensitive
    return server_hides or catalogue.is_sensitive(name) or value is None


def _plain(template: Template) -> str | None:
    """The text of a template without references; None when there are any."""
    if template.references or not all(isinstance(part, str) for part in template.parts):
        return None
    return "".join(str(part) for part in template.parts)


def _shows(shown: ObservedConfig, wanted: str, catalogue: Catalogue) -> bool:
    if shown.value is None:
        return shown.sensitive and shown.is_set
    return _same(shown.value, wanted, catalogue.get(shown.name))


def _same(shown: str, wanted: str, known: LinkConfig | None) -> bool:
    if known is None:
        return same_untyped(shown, wanted)
    return canonical(shown, known) == canonical(wanted, known)


def _rows(filters: FilterSet) -> frozenset[Filter]:
    """Filter rows without what a server may add or spell differently: unknown properties, the case of words."""
    return frozenset(bare(folded(row)) for row in filters)
