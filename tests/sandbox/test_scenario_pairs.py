"""Scenarios of pairs: the order of the clusters in the file means nothing."""

from __future__ import annotations

import pytest

from reconciler.sandbox import SteppedClock, World

SOURCE = {
    "name": "a",
    "topics": [{"name": "t", "records": 5}],
    "links": [
        {
            "name": "l",
            "remote": "b",
            "configs": {"link.mode": "SOURCE", "connection.mode": "OUTBOUND"},
        }
    ],
}
DESTINATION = {
    "name": "b",
    "links": [
        {
            "name": "l",
            "remote": "a",
            "configs": {"link.mode": "DESTINATION", "connection.mode": "INBOUND"},
            "mirrors": [{"source": "t"}],
        }
    ],
}


@pytest.mark.parametrize("clusters", [[SOURCE, DESTINATION], [DESTINATION, SOURCE]])
def test_the_dialled_half_is_made_first(clusters: list[dict[str, object]]) -> None:
    """Both halves of a source-initiated pair and the mirrors on it, whichever cluster is described first."""
    world = World.from_scenario({"clusters": clusters, "delays": "instant"}, SteppedClock())
    halves = [world.clusters[name].links["l"] for name in "ab"]
    assert halves[0].link_id == halves[1].link_id
    assert world.clusters["b"].end_offsets("t") == [5]
