"""Words and files of a shell command line."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from reconciler.cluster_linking.calls import ConfigValue


def command(*words: str) -> str:
    """Words as one line, quoted where a shell would read more into them."""
    return shlex.join(words)


def option(name: str, value: str | int | None) -> tuple[str, ...]:
    """An option with its value; nothing where there is no value."""
    return () if value is None else (name, str(value))


def settings(configs: Mapping[str, ConfigValue]) -> str:
    """`name=value` pairs, with commas between them."""
    return ",".join(f"{name}={value}" for name, value in sorted(configs.items()))


def properties_file(name: str, configs: Mapping[str, ConfigValue]) -> str:
    """A line that writes configs into a properties file: their values may hold commas, quotes and line breaks."""
    pairs = (f"{name}={_escaped(str(value))}" for name, value in sorted(configs.items()))
    write = command("printf", r"%s\n", *pairs)
    return f"{write} > {shlex.quote(name)}"


def _escaped(value: str) -> str:
    """A value as Java reads it from a properties file."""
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
