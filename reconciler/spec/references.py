"""`${env:NAME}`, `${file:PATH}` and `${var:NAME}`: reading them out of text, and looking them up.

`${var:…}` is plain text and is put in at once. The other two are secrets: they stay references, in a
`Template`, until a request needs them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, TypeAlias

from reconciler.model.diagnostics import Diagnostic, Position, Severity
from reconciler.model.errors import InputError
from reconciler.model.secrets import Part, Reference, ReferenceKind, Template
from reconciler.spec.findings import Findings, error, warning

VARIABLE_NAME: Final = r"[A-Za-z_][A-Za-z0-9_.-]*"
"""What a `${var:NAME}` can name."""
_TOKEN = re.compile(r"\$\$\{|\$\{([^{}\n]*)\}|\$\{")
_BODY = re.compile(rf"(env):([A-Za-z_][A-Za-z0-9_]*)|(file):(\S(?:.*\S)?)|(var):({VARIABLE_NAME})")
_FORMS = "write `${env:NAME}`, `${file:PATH}` or `${var:NAME}`; `$${` stands for the characters themselves"


class Expander:
    """Puts variables into text and finds the references in it; what is wrong goes to `findings`. One for all files,
    as a variable that nobody has set is one slip, however often it is used.
    """

    def __init__(self, variables: Mapping[str, str], findings: Findings) -> None:
        self._variables = variables
        self._findings = findings
        self._missed: set[str] = set()

    def expand(self, text: str, at: Position) -> str | Template | None:
        """The text with its variables put in: a template when it holds secrets, else text. None when something
        in it is wrong, which has then been said.
        """
        parts: list[Part] = []
        end = 0
        for token in _TOKEN.finditer(text):
            part = self._part(token, at)
            if part is None:
                return None
            parts += (text[end : token.start()], part)
            end = token.end()
        parts.append(text[end:])
        merged = _merged(parts)
        if any(isinstance(part, Reference) for part in merged):
            return Template(merged)
        return "".join(part for part in merged if isinstance(part, str))

    def _part(self, token: re.Match[str], at: Position) -> Part | None:
        if token[0] == "$${":
            return "${"
        body = _BODY.fullmatch(token[1] or "")
        if body is None:
            # What stands between the braces may be a secret that somebody pasted there.
            self._findings.append(
                error(
                    code="bad-reference",
                    at=at,
                    message="`${` begins a reference that is not one of ours",
                    cure=_FORMS,
                )
            )
            return None
        if body[1]:
            return Reference(ReferenceKind.ENV, body[2], at)
        if body[3]:
            return Reference(ReferenceKind.FILE, beside(at.file, body[4]), at)
        return self._variable(body[6], at)

    def _variable(self, name: str, at: Position) -> str | None:
        value = self._variables.get(name)
        if not value and name not in self._missed:
            self._missed.add(name)
            state = "is not set" if value is None else "is empty"
            self._findings.append(
                error(
                    code="unset-variable",
                    at=at,
                    message=f"the variable `{name}` {state}",
                    cure=f"pass `--var {name}=VALUE`, put it into a `--var-file`, or set `LINKCTL_VAR_{name}`",
                )
            )
        return value or None


def _merged(parts: list[Part]) -> tuple[Part, ...]:
    merged: list[Part] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        elif part != "":
            merged.append(part)
    return tuple(merged)


def beside(file: str, path: str) -> str:
    """A path that was written in a file, relative to where that file is."""
    return str(Path(file).parent / path)


FileFault: TypeAlias = Callable[[str], str | None]
"""What is wrong with the file of a path as far as that is seen without opening it; None for nothing."""


def unset_references(
    references: Iterable[Reference], env: Mapping[str, str], file_fault: FileFault
) -> Iterator[Diagnostic]:
    """Warnings for variables and files that are not there yet: each once, where it is first used."""
    first: dict[Reference, Position] = {}
    for reference in references:
        if reference.position is not None:
            at = first.setdefault(reference, reference.position)
            first[reference] = min(at, reference.position)
    for reference, at in first.items():
        if reference.kind is ReferenceKind.FILE:
            fault = file_fault(reference.name)
            cure = "put the file there before a command that connects; its path is relative to the file that names it"
        else:
            fault = None if env.get(reference.name) else "is not set"
            cure = f"set {reference.name} before a command that connects"
        if fault is not None:
            yield warning(
                code="unset-reference",
                at=at,
                message=f"`{reference}` {fault} in this environment",
                cure=cure,
            )


def reference_lookup(
    env: Mapping[str, str], read_text: Callable[[str], str]
) -> Callable[[Reference], str]:
    """A function that turns references into values at the moment a request needs them.

    One line break at the end of a file does not count: editors and `echo` add it. The function raises
    `InputError`, with the reference's position, for what is not set, empty or not readable.
    """

    def lookup(reference: Reference) -> str:
        if reference.kind is ReferenceKind.ENV:
            value = env.get(reference.name)
            problem = "is not set" if value is None else "is empty"
            cure = f"set the environment variable {reference.name}"
        else:
            value, problem = _read(read_text, reference.name)
            cure = "check the path (it is relative to the file that names it) and its permissions"
        if not value:
            raise InputError(
                Diagnostic(
                    code="unresolved-reference",
                    severity=Severity.ERROR,
                    message=f"`{reference}` {problem}",
                    cure=cure,
                    position=reference.position,
                )
            )
        return value

    return lookup


def _read(read_text: Callable[[str], str], path: str) -> tuple[str | None, str]:
    try:
        return read_text(path).removesuffix("\n").removesuffix("\r"), "is empty"
    except OSError as problem:
        return None, f"cannot be read ({problem.strerror or 'no such file'})"
    except ValueError:  # not UTF-8, or a path that no file can have
        return None, "is not UTF-8 text"
