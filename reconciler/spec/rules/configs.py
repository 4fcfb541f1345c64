"""Rules on link configs and on topic configs of mirrors, from the engine's catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from reconciler.model.catalogue import Catalogue, ConfigType, LinkConfig
from reconciler.model.diagnostics import Diagnostic, Position
from reconciler.model.links import LinkMode
from reconciler.spec.credentials import security_configs
from reconciler.spec.findings import MAX_FINDINGS, closest, either, error, shown, some, warning
from reconciler.spec.halves import Half
from reconciler.spec.rules.secrets import looks_sensitive, refused
from reconciler.spec.written import Document, MirrorEntry, SectionEntry, Setting

_NUMBER = re.compile(r"[-+]?[0-9]+")
_LIMITS = {
    ConfigType.INT: (-(2**31), 2**31 - 1),
    ConfigType.LONG: (-(2**63), 2**63 - 1),
}
_SYNC_INCLUDE = "topic.config.sync.include"
_GROUP_PREFIX = "consumer.group.prefix.enable"
_PREFIX = "cluster.link.prefix"
_DOCUMENTED_PREFIX = 12


def check_section(section: SectionEntry, catalogue: Catalogue) -> Iterator[Diagnostic]:
    """What can be said of configs where they are written: under a link, a side or `defaults`."""
    for name, setting in section.configs.items():
        yield from _check_config(name, setting, catalogue)
    for name, at in section.resets.items():
        yield from _check_reset(name, at, section, catalogue)


def too_many_strangers(document: Document, catalogue: Catalogue) -> Diagnostic | None:
    """More names that nobody knows than are ever slips: to look for what was meant by each would take minutes."""
    sections = [document.defaults] if document.defaults else []
    for link in document.links:
        sections += [link.own, *link.sides.values()]
    strangers: set[str] = set()
    for section in sections:
        raw = section.credentials.raw if section.credentials else {}
        named = chain(section.configs, raw, section.resets)
        strangers.update(name for name in named if catalogue.get(name) is None)
        if len(strangers) > MAX_FINDINGS:
            return error(
                code="too-many-unknown-configs",
                at=section.at,
                message=f"with this entry, more than {MAX_FINDINGS} configs are named that linkctl does not know",
                cure="check that this is the right file; these are not the configs of cluster links",
            )
    return None


def _check_config(name: str, setting: Setting, catalogue: Catalogue) -> Iterator[Diagnostic]:
    known = catalogue.get(name)
    if looks_sensitive(name, catalogue):
        if known is None:
            yield refused(shown(name), setting.at, _secret_cure(name, catalogue))
        else:
            yield _misplaced(name, setting.key_at, "`credentials` of the link, as a reference")
    elif known is not None and known.home:
        yield _misplaced(name, setting.key_at, known.home)
    elif catalogue.is_security(name):
        yield _misplaced(name, setting.key_at, "`credentials` of the link")
    elif setting.text.strip() == "":
        yield error(
            code="empty-value",
            at=setting.at,
            message=f"{shown(name)} is empty",
            cure="list it under `resetConfigs` to put it back to the server's default, or remove it",
        )
    elif known is None:
        yield _unknown(name, setting.key_at, catalogue)
    else:
        yield from _check_value(known, setting)


def _secret_cure(name: str, catalogue: Catalogue) -> str:
    near = closest(name, (known for known in catalogue.configs if catalogue.is_sensitive(known)))
    if near or catalogue.is_security(name):
        meant = f" (did you mean `{near}`?)" if near else ""
        return (
            f"move it to `credentials` of the link{meant}, as `${{env:NAME}}` or `${{file:PATH}}`"
        )
    return "remove it: linkctl sends secrets in `credentials` only, and change the secret if the file was shared"


def _misplaced(name: str, at: Position, home: str) -> Diagnostic:
    return error(
        code="config-elsewhere",
        at=at,
        message=f"`{name}` cannot be written under `configs`",
        cure=f"it belongs into {home}",
    )


def _unknown(name: str, at: Position, catalogue: Catalogue) -> Diagnostic:
    near = closest(name, (known for known, config in catalogue.configs.items() if not config.home))
    cure = (
        f"did you mean `{near}`?"
        if near
        else "check the name; servers learn new ones, so it is sent as it is"
    )
    return warning(
        code="unknown-config",
        at=at,
        message=f"{shown(name)} is not a link config that linkctl knows",
        cure=cure,
    )


def _check_value(config: LinkConfig, setting: Setting) -> Iterator[Diagnostic]:
    wanted = _wanted(config, setting.text)
    if wanted:
        yield error(
            code="bad-config-value",
            at=setting.at,
            message=f"`{config.name}` must be {wanted}",
            cure=f"for example its default, `{config.default}`"
            if config.default
            else "correct the value",
        )


def _wanted(config: LinkConfig, text: str) -> str | None:
    """What a value should have been, or None when it is right."""
    if config.type is ConfigType.BOOLEAN:
        return None if text in {"true", "false"} else "`true` or `false`"
    if config.choices:
        return None if text in config.choices else either(config.choices)
    if config.pattern:
        return None if re.fullmatch(config.pattern, text) else config.shape
    bounds = limits(config)
    if bounds is None:
        return None
    low, high = bounds
    if _NUMBER.fullmatch(text) and len(text) < 21 and low <= int(text) <= high:
        return None
    unit = f" ({config.unit})" if config.unit else ""
    return f"a whole number{unit} from {low} to {high}"


def limits(config: LinkConfig) -> tuple[int, int] | None:
    """The smallest and the largest value of a config that is a whole number; None for others."""
    if config.type not in _LIMITS:
        return None
    low, high = _LIMITS[config.type]
    return (low if config.minimum is None else config.minimum), high


def _check_reset(
    name: str, at: Position, section: SectionEntry, catalogue: Catalogue
) -> Iterator[Diagnostic]:
    known = catalogue.get(name)
    written = security_configs(section.credentials) if section.credentials else {}
    setting = section.configs.get(name) or written.get(name)
    if setting is not None:
        home = "configs" if name in section.configs else "credentials"
        yield error(
            code="set-and-reset",
            at=at,
            message=f"{shown(name)} is both set and reset",
            cure=f"remove it from `{home}` or from `resetConfigs`",
            related=(setting.key_at,),
        )
    elif known is not None and known.immutable:
        yield error(
            code="config-elsewhere",
            at=at,
            message=f"`{name}` is fixed when a link is created and cannot be reset",
            cure=f"it belongs into {known.home}",
        )
    elif known is not None and known.type is ConfigType.FILTERS:
        yield error(
            code="config-elsewhere",
            at=at,
            message=f"`{name}` is a filter and is not reset",
            cure=f"write an empty list (`[]`) into {known.home}",
        )
    elif known is not None and known.home and not catalogue.is_security(name):
        yield error(
            code="config-elsewhere",
            at=at,
            message=f"`{name}` cannot be reset here",
            cure=f"it belongs into {known.home}",
        )
    elif known is None and not catalogue.is_security(name):
        yield _unknown(name, at, catalogue)


def check_half(half: Half, catalogue: Catalogue, *, on_cloud: bool) -> Iterator[Diagnostic]:
    """What can only be said of a link object as a whole, with the defaults applied."""
    if on_cloud:
        yield from _read_only(half, catalogue)
    for name, setting in half.configs.items():
        known = catalogue.get(name)
        if known is not None and setting.text == "true":
            yield from _needs(known, setting, half, catalogue)
    yield from _sync_include(half, catalogue)
    yield from _prefix_length(half, on_cloud=on_cloud)
    prefixed = half.configs.get(_GROUP_PREFIX)
    if half.link_mode is LinkMode.BIDIRECTIONAL and prefixed and prefixed.text == "true":
        yield error(
            code="not-on-bidirectional",
            at=prefixed.key_at,
            message=f"`{_GROUP_PREFIX}` is refused on bidirectional links",
            cure="remove it, or use two links that each have one direction",
        )


def _read_only(half: Half, catalogue: Catalogue) -> Iterator[Diagnostic]:
    written = [(name, setting.key_at) for name, setting in half.configs.items()]
    written += [(name, c.key_at) for name, c in half.credentials.items() if c.as_written]
    written += half.resets.items()
    for name, at in written:
        known = catalogue.get(name)
        if known is not None and known.read_only_on_cloud:
            yield warning(
                code="read-only-on-cloud",
                at=at,
                message=f"`{name}` cannot be set on Confluent Cloud",
                cure="remove it; Confluent Cloud chooses the value",
            )


def _prefix_length(half: Half, *, on_cloud: bool) -> Iterator[Diagnostic]:
    """The documented length of a prefix, which Cloud holds to and today's Confluent Server does not.

    Source: cluster-linking reference, sections 5.1 and 8 (documentation); the integration tests of confluentinc/kcp
    make links with prefixes of 18 characters on Confluent Server 8.1.2.
    """
    if half.prefix is None or len(half.prefix.text) <= _DOCUMENTED_PREFIX:
        return
    long = f"this prefix has {len(half.prefix.text)} characters"
    if on_cloud:
        yield error(
            code="prefix-too-long",
            at=half.prefix.at,
            message=f"{long}; Confluent Cloud takes at most {_DOCUMENTED_PREFIX}",
            cure="use a shorter prefix",
        )
    else:
        yield warning(
            code="long-prefix",
            at=half.prefix.at,
            message=f"{long}; {_DOCUMENTED_PREFIX} are documented, and older servers refuse more",
            cure="use a shorter prefix, unless the link is there already or your server takes it",
        )


def _needs(
    config: LinkConfig, setting: Setting, half: Half, catalogue: Catalogue
) -> Iterator[Diagnostic]:
    for needed in config.needs:
        if config.name == _GROUP_PREFIX and half.link_mode is LinkMode.BIDIRECTIONAL:
            continue  # refused there whatever else is set
        if needed == _PREFIX:
            given = half.prefix is not None or "prefix" in half.section.keys
        else:
            given = needed in half.configs
        if not given:
            home = catalogue.configs[needed].home if needed in catalogue.configs else ""
            yield error(
                code="config-needs",
                at=setting.key_at,
                message=f"`{config.name}` needs `{needed}`",
                cure=f"set {home}" if home else f"add `{needed}`",
            )


def _sync_include(half: Half, catalogue: Catalogue) -> Iterator[Diagnostic]:
    setting = half.configs.get(_SYNC_INCLUDE)
    if setting is None:
        return
    missing = sorted(catalogue.synced_topic_configs - _listed(setting))
    if missing:
        yield error(
            code="sync-include-incomplete",
            at=setting.at,
            message=f"`{_SYNC_INCLUDE}` lacks {', '.join(f'`{name}`' for name in missing)}, which always follow the source",
            cure="add them to the list",
        )
    strange = sorted(
        _listed(setting) - catalogue.synced_topic_configs - catalogue.optional_topic_configs
    )
    if strange:
        yield warning(
            code="never-synced",
            at=setting.at,
            message=f"`{_SYNC_INCLUDE}` lists {some(strange)}, which linkctl does not know to follow a source",
            cure="check the name; servers refuse topic configs here that are each topic's own",
        )


def check_mirror_configs(
    mirror: MirrorEntry, half: Half | None, catalogue: Catalogue
) -> Iterator[Diagnostic]:
    """Topic configs that follow the source cannot be set on the mirror (cluster-linking reference, section 9)."""
    include = half.configs.get(_SYNC_INCLUDE) if half else None
    followed = _listed(include) if include else frozenset()
    for name, setting in mirror.configs.items():
        if name in catalogue.synced_topic_configs:
            reason, cure = "always follows the source", "set it on the source topic"
        elif name in followed:
            reason = f"follows the source (`{_SYNC_INCLUDE}` lists it)"
            cure = f"set it on the source topic, or take it out of `{_SYNC_INCLUDE}`"
        elif setting.text == "":
            yield error(
                code="empty-value",
                at=setting.at,
                message=f"{shown(name)} is empty",
                cure="write a value, or remove the key",
            )
            continue
        else:
            continue
        yield error(
            code="synced-topic-config",
            at=setting.key_at,
            message=f"`{name}` {reason} and cannot be set on a mirror topic",
            cure=cure,
        )


def _listed(setting: Setting) -> frozenset[str]:
    return frozenset(name.strip() for name in setting.text.split(","))
