"""Lets pytest explain the assertions of the modules beside the tests, too."""

from __future__ import annotations

import pytest

for _name in ("estate", "topic_scenes", "link_scenes", "mirror_scenes"):
    pytest.register_assert_rewrite(f"tests.contract.{_name}")
