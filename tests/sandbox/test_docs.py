"""The worked example of docs/sandbox.md, step by step."""

from __future__ import annotations

import json
import re
import shlex
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from reconciler.sandbox import SteppedClock, World
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


def curl(client: Client, words: list[str]) -> Any:
    options = dict(pairwise(words))
    path = next(word for word in words if word.startswith("$STANDBY/")).removeprefix("$STANDBY/")
    body = options.get("--json")
    headers = {"content-type": "application/json"} if body else {}
    method = "POST" if body else "GET"
    return client.call(method, path, content=body, headers=headers).json()


def test_the_failover_is_rehearsed_as_the_page_tells() -> None:
    """Every command of the page, in order, answers what the page shows."""
    (scenario,) = blocks("yaml")
    client = Client(World.from_scenario(yaml.safe_load(scenario), SteppedClock()), "standby")
    answer: Any = None
    lines = [line for block in blocks("console") for line in block.splitlines()]
    for line in lines:
        if line.startswith("$ sleep "):
            client.advance(float(line.split()[-1]))
        elif line.startswith("$ curl "):
            answer = curl(client, shlex.split(line)[2:])
        else:
            assert contained(json.loads(line), answer), (line, answer)
    assert len(lines) > 20
