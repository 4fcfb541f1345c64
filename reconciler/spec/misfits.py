"""What does not fit the schema, in our words. The validator's own messages are never shown: they print values,
and values may be secrets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping as Dict
from collections.abc import Sequence as List

from reconciler.model.diagnostics import Diagnostic, Position
from reconciler.model.secrets import Template
from reconciler.spec.findings import closest, did_you_mean, either, error, shown
from reconciler.spec.nodes import Mapping, Node, Scalar, Sequence, position
from reconciler.spec.secrecy import REFERENCE_CURE, SECRET_KEYS, beside_secrets, secret_cure
from reconciler.spec.validators import Json, Misfit

# In the order in which a message names them.
_TYPE_NAMES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "`true` or `false`",
    "array": "a list",
    "object": "a mapping",
}
_NO_FORM = "compare it with `linkctl schema`"


def unknown_key(
    file: str, node: Mapping, name: str, misfit: Misfit, homes: List[str]
) -> Diagnostic:
    """A key that nobody knows; `homes` are the places that would know it."""
    known = misfit.known_keys()
    if glued := glued_key(name, known):
        return _no_space(position(file, node.keys[name]), f"`{glued}`")
    if is_itself_the_name(node, misfit):
        return error(
            code="unknown-key",
            at=position(file, node.keys[name]),
            message=f"{shown(name)} is not known{_where(misfit.path)}",
            cure="write a name alone (`- NAME`), or `{name: NAME, …}` with what is said of it",
        )
    near = closest(name, known)
    # Beside secrets even a key may be one: a missing colon or quote turns values into keys.
    hidden = near is None and beside_secrets(misfit.path)
    if near:
        cure = f"did you mean `{near}`?{_as_reference(near, node.values[name])}"
    elif homes:
        cure = f"it belongs {' or '.join(homes)}"
    elif "." in name and "configs" in known:
        cure = "link configs belong under `configs`, security configs under `credentials`"
    else:
        cure = f"known here: {', '.join(known)}" if known else "remove it"
    return error(
        code="unknown-key",
        at=position(file, node.keys[name]),
        message=f"{'this key' if hidden else shown(name)} is not known{_where(misfit.path)}",
        cure=cure,
    )


def is_itself_the_name(node: Mapping, misfit: Misfit) -> bool:
    """Whether the first key of an item that may be a name alone is most likely that name: `- orders: paused`."""
    types = misfit.parent.get("type")
    known = misfit.known_keys()
    return (
        isinstance(types, list)
        and "string" in types
        and "name" in known
        and {"name", "match"}.isdisjoint(node.keys)
        and not any(
            glued_key(key, known) or closest(key, known) in {"name", "match"} for key in node.keys
        )
        and next(iter(node.keys)) in misfit.words
    )


def _as_reference(key: str, value: Node) -> str:
    """What to add where a key that is meant takes a reference, and something else stands there."""
    literal = isinstance(value, Scalar) and not isinstance(value.value, Template)
    return (
        f" {REFERENCE_CURE[0].upper()}{REFERENCE_CURE[1:]}"
        if literal and key in SECRET_KEYS
        else ""
    )


def glued_key(name: str, known: List[str]) -> str | None:
    """The known key that a value is glued to: in braces, `password:x` is one key without a value."""
    head, colon, _ = name.partition(":")
    return head if colon and head in known else None


def _no_space(at: Position, subject: str) -> Diagnostic:
    return error(
        code="no-space-after-colon",
        at=at,
        message=f"{subject} has no space after its `:`, so that key and value are one word",
        cure="write `key: value`",
    )


def missing_key(file: str, node: Mapping, misfit: Misfit) -> Iterator[Diagnostic]:
    """A key that has to be there."""
    (name,) = misfit.words
    mode_refused = "mode" in node.values and node.values["mode"].broken
    if name in node.values or ("else" in misfit.schema_path and mode_refused):
        return
    if "then" in misfit.schema_path and {"source", "destination"} <= node.values.keys():
        return  # an entry for one way with a slip in its mode: a rule says so
    if "then" in misfit.schema_path:
        cure = "with `mode: bidirectional`, name the two clusters: `between: [a, b]`"
    else:
        cure = "begin the file with `version: 1`" if name == "version" else f"add `{name}: …`"
    yield error(
        code="missing-key",
        at=position(file, node),
        message=f"the key `{name}` is missing{_where(misfit.path)}",
        cure=cure,
    )


def bad_names(file: str, node: Mapping, misfit: Misfit) -> Iterator[Diagnostic]:
    """A key whose form is wrong where keys are names of the user's choice."""
    name = next(iter(misfit.words), None)
    if name is None or name not in node.keys or node.values[name].broken:
        return
    node.values[name].broken = True
    yield error(
        code="bad-form",
        at=position(file, node.keys[name]),
        message=f"this key does not have the form that keys have{_where(misfit.path)}",
        cure=_form(misfit),
    )


def bad_value(
    file: str, node: Node, key: Scalar | None, misfit: Misfit, *, removable: bool
) -> Diagnostic:
    """A value of the wrong kind, form or size; `key` is the one that it stands under, if any, and `removable` says
    whether a mapping may do without it.
    """
    at, subject = position(file, node), _subject(misfit.path)
    secret = secret_cure(key.text, misfit.path) if key is not None else None
    match misfit.rule:
        case "type":
            return _bad_type(file, node, key, misfit, secret, removable=removable)
        case "enum" | "const":
            return _bad_choice(at, node, subject, misfit.parent)
        case "minLength" | "minProperties":
            return error(
                code="empty-value",
                at=at,
                message=f"{subject} is empty",
                cure=secret or f"write a value{', or remove the key' if removable else ''}",
            )
        case "minimum" | "maximum":
            low, high = misfit.parent.get("minimum"), misfit.parent.get("maximum")
            return error(
                code="out-of-range",
                at=at,
                message=f"{subject} is out of range",
                cure=f"write a number from {low} to {high}",
            )
        case "maxProperties":
            return error(
                code="one-of-several",
                at=at,
                message=f"{subject} has more than one key",
                cure=f"keep exactly one of {either(misfit.known_keys())}",
            )
        case _:
            return _bad_form(at, subject, misfit)


def _bad_form(at: Position, subject: str, misfit: Misfit) -> Diagnostic:
    if misfit.rule in {"minItems", "maxItems", "uniqueItems"}:
        return error(
            code="bad-form",
            at=at,
            message=f"{subject} does not name two different clusters",
            cure="write `between: [a, b]` with the names of the two clusters",
        )
    return error(
        code="bad-form",
        at=at,
        message=f"{subject} does not have the form that it needs",
        cure=_form(misfit),
    )


def _bad_type(
    file: str,
    node: Node,
    key: Scalar | None,
    misfit: Misfit,
    secret: str | None,
    *,
    removable: bool,
) -> Diagnostic:
    at, types, subject = position(file, node), misfit.words, _subject(misfit.path)
    names = [words for name, words in _TYPE_NAMES.items() if name in types]
    wanted = " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    cure = f"write {wanted}"
    if isinstance(node, Scalar) and "integer" in types and node.text.isdecimal():
        cure = "write it without quotes; a `${var:…}` without quotes stands on a line of its own, not in `{…}`"
    elif isinstance(node, Sequence) and "string" in types and "configs" in misfit.path:
        cure = "write one text, with commas between: `a,b`"
    elif isinstance(node, Mapping) and types == ("array",) and key and key.text in node.keys:
        cure = f"write the list under its inner `{key.text}` alone"
    if secret is not None and "string" in types:
        cure, removable = secret, False
    elif isinstance(node, Scalar) and "string" in types and node.value is not None:
        cure = "put it in quotes"
    is_null = isinstance(node, Scalar) and node.value is None
    if is_null and key is not None and ":" in key.text:
        return _no_space(position(file, key), "this key")
    if is_null:
        return error(
            code="missing-value",
            at=at,
            message=f"{subject} has no value",
            cure=f"{cure}{', or remove it' if removable else ''}",
        )
    return error(
        code="wrong-type",
        at=at,
        message=f"{subject} must be {wanted}, and is {_kind(node)}",
        cure=cure,
    )


def _kind(node: Node) -> str:
    match node:
        case Sequence():
            return "a list"
        case Mapping():
            return "a mapping"
        case Scalar(value=bool()):
            return "a truth value"
        case Scalar(value=int()):
            return "a number"
        case Scalar(value=float()):
            return "a number with a fraction"
        case Scalar():
            return "text"


def _bad_choice(at: Position, node: Node, subject: str, parent: Dict[str, Json]) -> Diagnostic:
    options = parent.get("enum")
    choices = [str(o) for o in options] if isinstance(options, list) else [str(parent.get("const"))]
    written = node.text if isinstance(node, Scalar) else ""
    if written in choices:
        cure = "remove the quotes"
    elif len(choices) == 1:
        cure = f"write `{choices[0]}`"
    else:
        near = closest(written, choices)
        # `SCRAM-SHA-1` is no slip of the pen for another number.
        cure = (
            "write one of them"
            if near and _letters(near) == _letters(written) and near.lower() != written.lower()
            else did_you_mean(written, choices, "write one of them")
        )
    return error(
        code="not-a-choice", at=at, message=f"{subject} must be {either(choices)}", cure=cure
    )


def _letters(word: str) -> str:
    return re.sub("[0-9]", "", word).lower()


def _form(misfit: Misfit) -> str:
    """What the schema says about the form of a text."""
    return str(misfit.parent.get("patternErrorMessage", _NO_FORM))


def _where(path: List[str | int]) -> str:
    names = [part for part in path if isinstance(part, str)]
    if not names:
        return " at the top"
    if isinstance(path[-1], int):
        return f" in an item of {shown(names[-1])}"
    return f" under {shown(names[-1])}"


def _subject(path: List[str | int]) -> str:
    names = [part for part in path if isinstance(part, str)]
    if not names:
        return "the document"
    if isinstance(path[-1], int):
        return f"an item of {shown(names[-1])}"
    return f"{shown(names[-1])}"
