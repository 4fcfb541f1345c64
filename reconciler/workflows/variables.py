"""Values of `${var:NAME}` that are given on the command line, and in files."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.model.errors import InputError
from reconciler.spec.references import VARIABLE_NAME

_NAME = re.compile(VARIABLE_NAME)
_EXPORT = re.compile(r"\Aexport[ \t]+")
_QUOTES = ("'", '"')
_REMARK_BEHIND = re.compile(r"[ \t]#")


class _Fault(NamedTuple):
    message: str
    cure: str


_NO_ASSIGNMENT = _Fault(
    "this is not NAME=VALUE", "write the name of the variable, an equals sign and its value"
)
_NO_NAME = _Fault(
    "no `${var:NAME}` can have the name that stands before the `=`",
    "a name has letters, digits, `_`, `.` and `-`, and begins with a letter or `_`",
)
_OPEN_QUOTE = _Fault(
    "the value begins with a quote, and that is not closed at its end only",
    "put the whole value into quotes, or write it without",
)
_REMARK = _Fault(
    "a `#` stands behind a blank: shells begin a remark there, and others go on with the value",
    "put the remark on a line of its own, or the whole value into quotes if it is a part of it",
)


def parse_variables(assignments: Sequence[str], files: Mapping[str, str]) -> dict[str, str]:
    """Values of `${var:NAME}` from `--var-file` texts (by path) and `--var` assignments; the latter win.

    A file holds one NAME=VALUE per line; empty lines and lines that begin with `#` do not count. Files are shared with
    shells, so `export` may stand before a name, and quotes around a value are not part of it; all else is taken as it
    stands, and a remark behind a value is refused, as not all who read such files know it for one. Quotes of an assignment were the shell's already, and it is taken as it is.

    Raises:
        InputError: with one diagnostic for each line or assignment that is not NAME=VALUE, has quotes that are not
            closed, or a remark behind its value.
    """
    rows: list[tuple[str, str, Callable[[str], str | _Fault]]] = [
        (f"{path}:{number}", _EXPORT.sub("", line.strip()), _unquoted)
        for path, text in files.items()
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    rows += [("--var", text, str) for text in assignments]
    values: dict[str, str] = {}
    problems: list[Diagnostic] = []
    for where, row, value_of in rows:
        name, separator, text = row.partition("=")
        value = value_of(text)
        if not separator or not name.strip():
            problems.append(_told(where, _NO_ASSIGNMENT))
        elif not _NAME.fullmatch(name.strip()):
            problems.append(_told(where, _NO_NAME))
        elif isinstance(value, _Fault):
            problems.append(_told(where, value))
        else:
            values[name.strip()] = value
    if problems:
        raise InputError(*problems)
    return values


def _unquoted(text: str) -> str | _Fault:
    """What stands between the quotes, if there are any; or what is wrong with them, or behind them."""
    value = text.strip()
    if not value.startswith(_QUOTES):
        return _REMARK if _REMARK_BEHIND.search(text) else value
    inner, closed, behind = value[1:].partition(value[0])
    if _REMARK_BEHIND.search(behind):
        return _REMARK
    return inner if closed and not behind else _OPEN_QUOTE


def _told(where: str, fault: _Fault) -> Diagnostic:
    return Diagnostic(
        code="bad-variable",
        severity=Severity.ERROR,
        message=fault.message,
        cure=fault.cure,
        subject=where,
    )
