"""Every code that this room says is explained, and every explained code is said."""

from __future__ import annotations

import re
from pathlib import Path

import reconciler.cluster_linking as room
from reconciler.cluster_linking import CODES

SAID = re.compile(r'(?:code=|\.error\(\s*)"([a-z0-9-]+)"')


def test_codes_said_and_codes_explained_are_the_same() -> None:
    """No finding without an explanation, no explanation without a finding."""
    folder = Path(room.__file__).parent
    said = {code for file in folder.glob("*.py") for code in SAID.findall(file.read_text("utf-8"))}
    assert said == set(CODES)
