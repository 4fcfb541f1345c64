"""A document that is judged in pieces is judged as if it were whole."""

from __future__ import annotations

import pytest

from reconciler.spec.validators import Compiled, Json, Misfit
from reconciler.spec.windows import WINDOW, misfits

VALIDATOR = Compiled(
    {
        "type": "object",
        "required": ["name"],
        "properties": {
            "name": {"type": "string"},
            "rows": {
                "type": "array",
                "items": {
                    "type": ["object", "integer"],
                    "required": ["cells"],
                    "properties": {"cells": {"type": "array", "items": {"type": "integer"}}},
                },
            },
        },
    }
)
LONG = 2 * WINDOW + 3
CELLS: list[Json] = [1] * LONG
DOCUMENTS: dict[str, Json] = {
    "nothing wrong": {"name": "a", "rows": [1] * LONG},
    "around": {"rows": [1] * LONG},
    "in items": {"name": "a", "rows": [*([1] * WINDOW), "x", *([1] * WINDOW), "y", {}]},
    "in a short list below": {"name": "a", "rows": [1] * WINDOW + [{"cells": [1, "x"]}]},
    "in a long list below": {"name": "a", "rows": [1] * WINDOW + [{"cells": [*CELLS, "x"]}]},
    "below a short list": {"rows": [{"cells": ["x", *CELLS, "y"]}, {"cells": [*CELLS, {}]}, {}]},
}


def places(found: Misfit) -> tuple[str, str]:
    """What makes a misfit: its rule and its path."""
    return found.rule, str(found.path)


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS.keys())
def test_pieces_have_the_misfits_of_the_whole(document: Json) -> None:
    """The same rules are broken at the same places."""
    whole = sorted(map(places, VALIDATOR.misfits(document)))
    assert sorted(map(places, misfits(VALIDATOR, document))) == whole
