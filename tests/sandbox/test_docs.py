"""The worked example of docs/sandbox.md, step by step."""

from __future__ import annotations

import json
import re
import shlex
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from reconciler.sandbox import AnswerLost, SteppedClock, World
from tests.sandbox.conftest import Client

PAGE = Path(__file__).parents[2].joinpath("docs", "sandbox.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)


def contained(expected: Any, actual: Any) -> bool:
    """Whether everything that the page shows is in the answer; it leaves out the rest."""
    if isinstance(expected, dict):
        return all(key in actual and contained(expected[key], actual[key]) for key in expected)
    if isinstance(expected, list):
        return len(expected) == len(actual) and all(map(contained, expected, actual))
    return bool(expected == actual)


def curl(clients: dict[str, Client], words: list[str]) -> Any:
    """The JSON of the answer, or what the command prints when the connection breaks."""
    options = dict(pairwise(words))
    place, _, path = next(word for word in words if word.startswith("$")).partition("/")
    body = options.get("--json")
    headers = {"content-type": "application/json"} if body else {}
    method = "POST" if body else "GET"
    try:
        return clients[place].call(method, path, content=body, headers=headers).json()
    except AnswerLost as lost:
        return "curl: (56) Recv failure: Connection reset by peer" if lost.hard else ""


def test_the_failover_is_rehearsed_as_the_page_tells() -> None:
    """Every command of the page, in order, answers what the page shows."""
    (scenario,) = blocks("yaml")
    world = World.from_scenario(yaml.safe_load(scenario), SteppedClock())
    clients = {f"${name.upper()}": Client(world, name) for name in world.clusters}
    answer: Any = None
    lines = [line for block in blocks("console") for line in block.splitlines()]
    for line in lines:
        if line.startswith("$ sleep "):
            clients["$STANDBY"].advance(float(line.split()[-1]))
        elif line.startswith("$ curl "):
            answer = curl(clients, shlex.split(line)[2:])
        else:
            shown = line if line.startswith("curl: ") else json.loads(line)
            assert contained(shown, answer), (line, answer)
    assert len(lines) > 20
