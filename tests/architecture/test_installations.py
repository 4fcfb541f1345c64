"""The schema and the example are found from a checkout, an editable install and a wheel, and are the same bytes."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = sorted(path.name for path in (ROOT / "schema").glob("*.json"))

PROBE = """
import sys, reconciler
from reconciler.resources import resource, schema
from reconciler.spec.shape import shape
assert shape()
sys.stdout.buffer.write(reconciler.__file__.encode() + b"\\n")
sys.stdout.buffer.write(schema(sys.argv[1]) if len(sys.argv) > 1 else resource("links.example.yaml"))
"""


def run(arguments: list[str], cwd: Path, *, path: Path | None = None) -> bytes:
    """Run this interpreter outside the checkout, with one more place to import from."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    if path is not None:
        environment["PYTHONPATH"] = str(path)
    ran = subprocess.run(
        [sys.executable, *arguments], cwd=cwd, env=environment, capture_output=True, check=False
    )
    assert ran.returncode == 0, ran.stderr.decode()
    return ran.stdout


@pytest.fixture(scope="module")
def wheel() -> Iterator[Path]:
    """The wheel, built and unpacked into a folder of its own; its dependencies are those of this environment."""
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        build = ["-m", "build", "--wheel", "--no-isolation", "--outdir", scratch, str(ROOT)]
        run(build, place)
        (built,) = place.glob("*.whl")
        target = place / "site"
        pip = ["-m", "pip", "install", "--quiet", "--no-deps", "--disable-pip-version-check"]
        run([*pip, "--target", str(target), str(built)], place)
        yield target


def found(probe: bytes) -> tuple[Path, bytes]:
    """Where the package was imported from, and what it read."""
    location, _, content = probe.partition(b"\n")
    return Path(location.decode()).parent, content


@pytest.mark.parametrize("name", [None, *SCHEMAS])
def test_a_wheel_carries_schema_and_example(wheel: Path, tmp_path: Path, name: str | None) -> None:
    """Installed from a wheel, the bundled files are read, and they are the checkout's."""
    location, content = found(run(["-c", PROBE, *([name] if name else [])], tmp_path, path=wheel))
    assert location == wheel / "reconciler"
    assert content == (ROOT / "schema" / name if name else ROOT / "links.example.yaml").read_bytes()


def test_a_checkout_reads_the_originals(tmp_path: Path) -> None:
    """Imported from a checkout, or from an editable install, which is the same: the files at the top are read."""
    for path in (ROOT, None):
        location, content = found(run(["-c", PROBE, "links.schema.json"], tmp_path, path=path))
        assert location == ROOT / "reconciler"
        assert content == (ROOT / "schema" / "links.schema.json").read_bytes()


def test_a_wheel_plans_and_applies(wheel: Path, tmp_path: Path) -> None:
    """Installed elsewhere, the example is planned and applied on the embedded sandbox."""
    example = run(["-c", PROBE], tmp_path, path=wheel).partition(b"\n")[2]
    (tmp_path / "links.example.yaml").write_bytes(example)
    line = ["apply", "--yes", "--sandbox", "-f", "links.example.yaml"]
    assert b"3 succeeded" in run(["-m", "reconciler", *line], tmp_path, path=wheel)
