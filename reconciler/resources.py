"""Files that ship beside the code: the published schemas and the example.

They live at the top of the checkout, where users look for them. The wheel carries the same files under
`reconciler/_bundled` (see `pyproject.toml`); a checkout and an editable install read the originals.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def resource(name: str) -> bytes:
    """Content of `schema/….json` or `links.example.yaml`.

    Raises:
        FileNotFoundError: the installation is incomplete.
    """
    bundled = _PACKAGE / "_bundled" / name
    return (bundled if bundled.is_file() else _PACKAGE.parent / name).read_bytes()


def schema(name: str) -> bytes:
    """A published schema by its file name, such as `links.schema.json`."""
    return resource(f"schema/{name}")
