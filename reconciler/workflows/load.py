"""From files to a desired state, or to everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from reconciler.cluster_linking import CATALOGUE
from reconciler.model.diagnostics import Diagnostic, Severity, diagnostic_order, has_errors
from reconciler.model.errors import InputError
from reconciler.spec import Loaded, Source, load, read_sources
from reconciler.spec.endpoints import endpoint_fault
from reconciler.spec.plain import PlainDocument, load_plain
from reconciler.spec.sources import file_fault
from reconciler.spec.text import MAX_BYTES

VARIABLE_PREFIX = "LINKCTL_VAR_"


def load_files(
    paths: Sequence[str],
    *,
    variables: Mapping[str, str],
    environ: Mapping[str, str],
    stdin: Callable[[], bytes],
    credentials: bool = True,
) -> Loaded:
    """Read and check files; needs nothing but files (P1). `environ` is only looked at for warnings of unset
    references and for `LINKCTL_VAR_…`, and files that references name are looked at and not opened; explicit
    `variables` win over those. Where nobody will ask for `credentials`, no reference is looked at.
    """
    sources, problems = read_sources(paths, stdin)
    from_environ = {
        name.removeprefix(VARIABLE_PREFIX): value
        for name, value in environ.items()
        if name.startswith(VARIABLE_PREFIX)
    }
    loaded = load(
        sources,
        variables={**from_environ, **variables},
        catalogue=CATALOGUE,
        env=environ if credentials else None,
        file_fault=file_fault,
    )
    everything = tuple(sorted((*problems, *loaded.diagnostics), key=diagnostic_order))
    return Loaded(None if has_errors(problems) else loaded.desired, everything)


def read_one(path: str, stdin: Callable[[], bytes]) -> Source:
    """A single file, or standard input for `-`.

    Raises:
        InputError: it cannot be read, or is a folder.
    """
    sources, problems = (
        ((), (_one_file(path),)) if Path(path).is_dir() else read_sources([path], stdin)
    )
    if problems:
        raise InputError(*problems)
    return sources[0]


def load_scenario(path: str, stdin: Callable[[], bytes]) -> PlainDocument:
    """A scenario file (YAML or JSON) as plain values that know their places; the sandbox judges what it says.

    Raises:
        InputError: the file cannot be read, or is not a YAML mapping.
    """
    scenario, problems = load_plain(read_one(path, stdin))
    if scenario is None:
        raise InputError(*problems)
    return scenario


def _one_file(path: str) -> Diagnostic:
    return Diagnostic(
        code="not-one-file",
        severity=Severity.ERROR,
        message="this is a folder, and a single file is wanted",
        cure="name one file",
        subject=path,
    )


__all__ = [
    "MAX_BYTES",
    "Loaded",
    "PlainDocument",
    "endpoint_fault",
    "load_files",
    "load_scenario",
    "read_one",
]
