"""Reading the inputs: files, folders of `*.yaml`, standard input; and looking at files that references name. The only
place of this room that reads.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from reconciler.model.diagnostics import Diagnostic, Severity
from reconciler.spec.text import MAX_BYTES

STDIN = "-"


@dataclass(frozen=True, slots=True)
class Source:
    """One input, by the name that positions show, with its bytes as they are."""

    name: str
    data: bytes = field(repr=False)


def read_sources(
    paths: Iterable[str], stdin: Callable[[], bytes]
) -> tuple[tuple[Source, ...], tuple[Diagnostic, ...]]:
    """Read what `-f` names: a file (or pipe), a folder with its `*.yaml` in the order of their names, or `-`.

    A file that is named twice is read once. Of inputs above 16 MiB only as much is read as it takes to refuse
    them. What cannot be read becomes an error finding; nothing is raised.
    """
    sources: dict[str, Source] = {}
    problems: list[Diagnostic] = []
    paths = tuple(paths)
    for path in paths:
        for name in _expand(path, problems):
            key = _identity(name)
            if key in sources:
                continue
            source = _read(name, stdin)
            if isinstance(source, Diagnostic):
                problems.append(source)
            else:
                sources[key] = source
    problems += [finding for path in paths for finding in _passed_over(path, sources.keys())]
    return tuple(sources.values()), tuple(problems)


def _identity(name: str) -> str:
    """What two names of one file have in common."""
    if name == STDIN or "\0" in name:
        return name
    try:
        return str(Path(name).resolve())
    except (OSError, RuntimeError):  # links that lead round in a circle
        return name


def _expand(path: str, problems: list[Diagnostic]) -> Iterator[str]:
    if not path:
        problems.append(
            _problem(
                code="unreadable-file",
                subject=path,
                message="an input has an empty name",
                cure="name a file or folder; a variable in the command may be empty",
            )
        )
        return
    folder = Path(path)
    if path == STDIN or "\0" in path or not folder.is_dir():
        yield path
        return
    names = _own_files(folder)
    if not names:
        problems.append(
            _problem(
                code="empty-folder",
                subject=path,
                message="the folder holds no `*.yaml` file",
                cure="check the path; files that end in `.yml`, and folders below it, are named one by one",
            )
        )
    yield from names


def _own_files(folder: Path) -> list[str]:
    return sorted(str(p) for p in folder.glob("*.yaml") if not p.name.startswith("."))


def _passed_over(path: str, read: Container[str]) -> Iterator[Diagnostic]:
    """Files in a folder, and in folders right below it, that look as if they were to be read, and are not."""
    if not path or path == STDIN or "\0" in path or not Path(path).is_dir():
        return
    folder = Path(path)
    unread = sorted(
        str(found)
        for pattern in ("*.yml", "*/*.yml", "*/*.yaml")
        for found in folder.glob(pattern)
        if not any(part.startswith(".") for part in found.relative_to(folder).parts)
        and _identity(str(found)) not in read
    )
    if unread and _own_files(folder):
        others = f" and {len(unread) - 1:,} more" if len(unread) > 1 else ""
        yield _problem(
            code="passed-over",
            subject=path,
            message=f"of a folder, only its own `*.yaml` files are read: not `{unread[0]}`{others}",
            cure="let the name end in `.yaml`, or name the file or its folder with a `-f` of its own",
            severity=_weight(folder, unread),
        )


def _weight(folder: Path, unread: list[str]) -> Severity:
    """A `*.yml` beside what is read is a slip; a folder below may hold the YAML of quite other programs."""
    slip = any(Path(path).parent == folder for path in unread)
    return Severity.WARNING if slip else Severity.NOTE


def file_fault(path: str) -> str | None:
    """What keeps a file from being read as a secret, as far as that can be told without opening it: a pipe may hold
    what can be read only once, or wait for its writer for ever. None when nothing is seen to be wrong.
    """
    try:
        found = Path(path).stat()
    except FileNotFoundError:
        return "is not there"
    except (OSError, ValueError):
        return "cannot be read"
    if stat.S_ISDIR(found.st_mode):
        return "is a folder"
    if not os.access(path, os.R_OK):
        return "may not be read"
    return "is empty" if stat.S_ISREG(found.st_mode) and found.st_size == 0 else None


def _read(name: str, stdin: Callable[[], bytes]) -> Source | Diagnostic:
    if name == STDIN:
        return Source("<stdin>", stdin())
    try:
        with Path(name).open("rb") as file:
            return Source(name, file.read(MAX_BYTES + 1))
    except FileNotFoundError:
        reason, cure = "is not there", "check the path, or name a file with `-f`"
    except PermissionError:
        reason, cure = "may not be read", "check its permissions"
    except (OSError, ValueError):
        reason, cure = "cannot be read", "check that it is a file, a folder or a pipe"
    return _problem(code="unreadable-file", subject=name, message=f"the file {reason}", cure=cure)


def _problem(
    *, code: str, subject: str, message: str, cure: str, severity: Severity = Severity.ERROR
) -> Diagnostic:
    return Diagnostic(code, severity, message, cure, subject=subject)
