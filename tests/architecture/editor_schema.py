"""The schema for editors, made from the shape that linkctl judges by, from its catalogue and from its rules.

It differs from the shape in three ways. An editor sees a file before variables are put in, so `${var:NAME}` may stand
where its value may. It knows nothing of our rules, so it says as much of them as JSON Schema can: what a mode, a mechanism
or a known config takes. And it explains known configs. linkctl itself does not judge by it: of such a rule a validator says
several things at several places, and our rules say one, with a cure.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any, TypeAlias

from reconciler.cluster_linking import CATALOGUE
from reconciler.model.catalogue import ConfigType, LinkConfig
from reconciler.spec.credentials import OPTIONAL_OPTIONS, REQUIRED_OPTIONS
from reconciler.spec.rules.configs import limits
from reconciler.spec.rules.topology import PER_SIDE
from reconciler.spec.shape import shape

Part: TypeAlias = dict[str, Any]

_WIDTH = 140
_ABOUT = ("description", "examples", "$comment", "title")
_VARIABLE: Part = {"$ref": "#/$defs/variable"}
_REFERENCE: Part = {"$ref": "#/$defs/reference"}
_SECURITY = r"^(?:local\.)?(?:sasl|ssl|security)\."
_SWITCH = [True, False, "true", "false"]


def editor_schema() -> str:
    """The text of `schema/links.schema.json`."""
    document = deepcopy(shape())
    del document["$comment"]
    parts: Part = _defs(document)
    for part in (document, *parts.values()):
        _let_variables_stand(part)
    parts |= {
        "variable": {
            "$comment": "a variable, alone or in a text; what it will be is not known here",
            "type": "string",
            "pattern": r"\$\{var:[A-Za-z_][A-Za-z0-9_.-]*\}",
        },
        "reference": {
            "type": "string",
            "pattern": r"\$\{(?:env|file|var):[^{}]+\}",
        },
        "secret": {
            "$comment": "references and nothing else; what a variable holds would stand in clear",
            "type": "string",
            "pattern": r"^\s*(?:\$\{(?:env|file):[^{}]+\}\s*)+$",
        },
        "knownConfigs": _known(c for c in CATALOGUE.configs.values() if not c.home),
        "knownCredentials": _known(
            c for c in CATALOGUE.configs.values() if CATALOGUE.is_security(c.name)
        ),
    }
    _configs(parts)
    _credentials(parts)
    _modes(parts)
    order = {"$schema": document.pop("$schema"), "$id": "links.schema.json"}
    return _written({**order, **document}, 0) + "\n"


def _defs(document: Mapping[str, Any]) -> Part:
    found: Part = document["$defs"]
    return found


def _let_variables_stand(part: Part) -> None:
    """A variable beside whatever a text, number or switch may be, here and below, and in names of the user's choice."""
    for owner in ("properties", "patternProperties"):
        for below in part.get(owner, {}).values():
            _let_variables_stand(below)
    for owner in ("items", "additionalProperties", "propertyNames"):
        if isinstance(part.get(owner), dict):
            _let_variables_stand(part[owner])
    if _is_plain(part):
        rules = {name: part.pop(name) for name in list(part) if name not in _ABOUT}
        part["anyOf"] = [rules, _VARIABLE]


def _is_plain(part: Part) -> bool:
    """Whether a value may be a text, number or switch, and not any text."""
    types = part.get("type", ())
    kinds = {types} if isinstance(types, str) else set(types)
    ruled = not {"enum", "const", "pattern", "maxLength"}.isdisjoint(part)
    return ruled or bool(kinds & {"integer", "number", "boolean"} and "string" not in kinds)


def _known(configs: Iterable[LinkConfig]) -> Part:
    return {
        "$comment": "made from the catalogue of link configs",
        "properties": {c.name: _entry(c) for c in sorted(configs, key=lambda c: c.name)},
    }


def _entry(config: LinkConfig) -> Part:
    """What editors show of a config, and what values it takes."""
    summary = config.summary[:1].upper() + config.summary[1:]
    parts = [f"{summary}." if summary else f"Kafka's `{config.name}`."]
    if config.unit:
        parts.append(f"In {config.unit}." if config.unit != "count" else "A number.")
    if config.choices:
        parts.append(f"One of {', '.join(config.choices)}.")
    if config.default:
        parts.append(f"Default: {config.default}.")
    if config.read_only_on_cloud:
        parts.append("Read-only on Confluent Cloud.")
    if config.sensitive:
        parts.append("A secret: write a reference.")
    return {"description": " ".join(parts), "examples": [_example(config)], **_values(config)}


def _values(config: LinkConfig) -> Part:
    security = CATALOGUE.is_security(config.name)
    outside = _REFERENCE if security else _VARIABLE
    if config.name.endswith("sasl.jaas.config"):
        return {"type": "string", "minLength": 1}
    if config.sensitive:
        return {"$ref": "#/$defs/secret"}
    if config.type is ConfigType.BOOLEAN:
        return {"anyOf": [{"enum": _SWITCH}, outside]}
    if config.choices:
        return {"anyOf": [{"enum": list(config.choices)}, outside]}
    if (bounds := limits(config)) is not None:
        number = {"type": "integer", "minimum": bounds[0], "maximum": bounds[1]}
        return {"anyOf": [number, {"type": "string", "pattern": "^[-+]?[0-9]{1,19}$"}, outside]}
    if config.pattern:
        return {"anyOf": [{"type": "string", "pattern": _ecma(config.pattern)}, outside]}
    if security and config.name.endswith("endpoint.identification.algorithm"):
        return {"type": ["string", "number", "boolean"]}  # empty means: do not compare
    return {"type": ["string", "number", "boolean"], "pattern": r"\S"}


def _ecma(pattern: str) -> str:
    """A pattern of ours for a whole value, as JSON Schema writes it: without letters of either case in a group."""

    def either_case(group: re.Match[str]) -> str:
        return "(?:" + re.sub("[a-z]", lambda m: f"[{m[0].upper()}{m[0]}]", group[1]) + ")"

    return f"^(?:{re.sub(r'[(][?]i:([a-z|]+)[)]', either_case, pattern)})$"


def _example(config: LinkConfig) -> str | int | bool:
    if config.sensitive:
        return "${env:NAME}"
    value = config.default or next(iter(config.choices), "")
    match config.type:
        case ConfigType.BOOLEAN:
            return True
        case ConfigType.INT | ConfigType.LONG:
            return int(value or 1)
        case _:
            return value or ("/etc/kafka/secrets/store" if "location" in config.name else "text")


def _configs(parts: Part) -> None:
    """`configs` and `resetConfigs` take what has no other home, and no references."""
    elsewhere = sorted(c.name for c in CATALOGUE.configs.values() if c.home)
    parts["configs"] |= {
        "allOf": [{"$ref": "#/$defs/knownConfigs"}],
        "propertyNames": {"not": {"anyOf": [{"enum": elsewhere}, {"pattern": _SECURITY}]}},
        "additionalProperties": _no_reference(parts["configs"]["additionalProperties"]),
    }
    homes = sorted(n for n in elsewhere if not CATALOGUE.is_security(n))
    parts["resetConfigs"]["items"]["not"] = {"enum": homes}
    own = parts["mirrorTopic"]["anyOf"][0]["properties"]["configs"]
    own["propertyNames"] = {"not": {"enum": sorted(CATALOGUE.synced_topic_configs)}}
    own["additionalProperties"] = _no_reference(own["additionalProperties"])


def _no_reference(value: Part) -> Part:
    reference = {"type": "string", "pattern": r"(?:^|[^$])\$\{(?:env|file):"}
    return {**value, "minLength": 1, "not": reference}


def _credentials(parts: Part) -> None:
    """Security configs only, none of them said twice, and of each mechanism what it needs and takes."""
    parts["credentials"]["allOf"] = [
        {"$ref": "#/$defs/knownCredentials"},
        *(_instead(short, names) for short, names in _STANDS_FOR.items()),
    ]
    raw = parts["credentials"]["patternProperties"].pop(r"\.")
    parts["credentials"]["patternProperties"][_SECURITY] = raw
    options = {o for by in (REQUIRED_OPTIONS, OPTIONAL_OPTIONS) for v in by.values() for o in v}
    parts["sasl"]["allOf"] = [
        _when(
            {"mechanism": mechanism},
            {
                "required": list(required),
                **_without(
                    options - {*required, *OPTIONAL_OPTIONS.get(mechanism, ())}
                    | ({"extensions"} if mechanism != "OAUTHBEARER" else set())
                ),
            },
        )
        for mechanism, required in REQUIRED_OPTIONS.items()
    ]


_STANDS_FOR = {
    "sasl": ("security.protocol", "sasl.mechanism", "sasl.jaas.config"),
    "tls": ("security.protocol",),
}


def _instead(short: str, names: Iterable[str]) -> Part:
    return {"if": {"required": [short]}, "then": _without(names)}


def _modes(parts: Part) -> None:
    """Each mode with the keys that it takes; what holds of a mode that is a variable is not known."""
    link = parts["link"]
    for name in ("if", "then", "else"):
        del link[name]
    no_local = {"propertyNames": {"not": {"pattern": r"^local(?:\.|$)"}}}
    link["allOf"] = [
        _when(
            {"mode": "bidirectional"},
            {
                "required": ["between"],
                **_without(("source", "destination", *PER_SIDE)),
                "properties": {"mirrorTopics": {"items": {"type": "object", "required": ["from"]}}},
            },
        ),
        {
            "if": {"properties": {"mode": {"enum": ["destination", "source"]}}},
            "then": {
                "required": ["source", "destination"],
                **_without(("between", "sides")),
                "properties": {"mirrorTopics": {"items": _without(["from"])}},
            },
        },
        {
            "if": {"properties": {"mode": {"const": "destination"}}},
            "then": {"properties": {"credentials": no_local}},
        },
    ]
    link["properties"]["sides"]["maxProperties"] = 2
    parts["side"]["allOf"] = [
        _when({"connectionMode": "inbound"}, _without(("bootstrapServers", "credentials")))
    ]
    parts["mirrorTopic"]["anyOf"][0] |= {
        "oneOf": [{"type": "string"}, _having("name"), _having("match")],
        "dependentRequired": {"except": ["match"]},
    }


def _when(words: Mapping[str, str], then: Part) -> Part:
    consts = {name: {"const": word} for name, word in words.items()}
    return {"if": {"properties": consts, "required": list(words)}, "then": then}


def _without(names: Iterable[str]) -> Part:
    return {"not": {"anyOf": [_having(name) for name in sorted(names)]}}


def _having(name: str) -> Part:
    return {"type": "object", "required": [name]}


def _written(value: Any, depth: int) -> str:
    """JSON with what fits into a line on one."""
    line = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or not value or len(line) + 2 * depth <= _WIDTH:
        return line
    if isinstance(value, dict):
        rows = [f"{json.dumps(k)}: {_written(v, depth + 1)}" for k, v in value.items()]
        opening, closing = "{", "}"
    else:
        rows = [_written(v, depth + 1) for v in value]
        opening, closing = "[", "]"
    indent = "  " * (depth + 1)
    inner = ",\n".join(f"{indent}{row}" for row in rows)
    return f"{opening}\n{inner}\n{'  ' * depth}{closing}"
