"""Schemathesis over the link and mirror paths: what the document allows, and what it does not, sent at random."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from random import Random
from typing import Any, cast

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation

from reconciler.sandbox import SteppedClock, World, application
from tests.contract.contradictions import unexplained
from tests.contract.exchanges import Exchange, Recorder
from tests.contract.facts import complaints_about_answer, facts

SOAK = bool(os.environ.get("LINKCTL_SOAK"))
fuzzed = settings(
    max_examples=1500 if SOAK else 25,
    deadline=None,
    derandomize=not SOAK,
    database=None,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)

SCENARIO = {
    "clusters": [
        {"name": "east", "clusterId": "lkc-east", "topics": [{"name": "orders", "produceRate": 1}]},
        {
            "name": "west",
            "clusterId": "lkc-west",
            "links": [
                {
                    "name": "l",
                    "remote": "east",
                    "mirrors": [{"source": "orders"}],
                    "configs": {"consumer.offset.sync.enable": "true"},
                }
            ],
        },
    ]
}
#: Names that lead somewhere; random ones never would.
KNOWN = {
    "cluster_id": "lkc-west",
    "link_name": "l",
    "mirror_topic_name": "orders",
    "config_name": "consumer.offset.sync.ms",
}
#: What a random text becomes half of the time, by the key that it stands under: words that mean something there.
WORDS: dict[str, tuple[object, ...]] = {
    "source_topic_name": ("orders", "users"),
    "mirror_topic_name": ("orders", "users", "p.users"),
    "mirror_topic_names": (["orders"], ["orders", "nobody"], []),
    "mirror_topic_name_pattern": (".*", "o.+", "("),
    "link_name": ("fresh", "l", ".."),
    "mirror_status": ("ACTIVE", "STOPPED", "active"),
    "name": (
        "bootstrap.servers",
        "cluster.link.paused",
        "consumer.offset.group.filters",
        "consumer.offset.sync.enable",
        "consumer.offset.sync.ms",
        "link.mode",
        "mirror.start.offset.spec",
    ),
    "value": ("true", "5000", "east:9092", "SOURCE", "latest", '{"groupFilters":[]}', None),
    "operation": ("SET", "DELETE", None),
}


def _operations() -> dict[str, APIOperation[Any, Any, Any, Any]]:
    schema = schemathesis.openapi.from_dict(facts())
    found = [result.ok() for result in schema.get_all_operations() if isinstance(result, Ok)]
    return {operation.label: operation for operation in found if "/links" in operation.path}


OPERATIONS = _operations()


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as running:
        yield running


@pytest.mark.parametrize("label", sorted(OPERATIONS))
def test_answers_conform_whatever_is_sent(runner: asyncio.Runner, label: str) -> None:
    """No 5xx, and no answer that the document and the list of contradictions do not explain."""

    @fuzzed
    @given(case=_cases(label))
    def conforms(case: Case[Any]) -> None:
        exchange = runner.run(_send(case))
        assert exchange.status < 500, exchange
        assert unexplained(complaints_about_answer(exchange)) == [], exchange

    conforms()


def _cases(label: str) -> st.SearchStrategy[Case[Any]]:
    """Good and bad requests, to things that exist and to things that do not."""
    operation = OPERATIONS[label]
    here = {"cluster_id": KNOWN["cluster_id"]}
    cases = st.one_of(
        *(
            operation.as_strategy(generation_mode=mode, path_parameters=names)
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
            for names in (_known(operation.path), _known(operation.path), here)
        )
    )
    return st.builds(_with_words, cases, st.randoms(use_true_random=False))


def _with_words(case: Case[Any], random: Random) -> Case[Any]:
    case.body = _worded(case.body, random)
    if isinstance(case.query, dict):
        case.query = _worded(case.query, random)
    return case


def _worded(value: Any, random: Random) -> Any:
    """The same value, with words that mean something at half of the places that have any."""
    if isinstance(value, list):
        return [_worded(part, random) for part in value]
    if not isinstance(value, dict):
        return value
    return {
        key: random.choice(WORDS[key])
        if key in WORDS and random.random() < 0.5
        else _worded(part, random)
        for key, part in value.items()
    }


def _known(path: str) -> dict[str, str]:
    return {name: value for name, value in KNOWN.items() if f"{{{name}}}" in path}


async def _send(case: Case[Any]) -> Exchange:
    """Send a case to a fresh world; requests writes it down, because that is whom schemathesis writes for."""
    written = requests.Request(**case.as_transport_kwargs(base_url="http://west:8090")).prepare()
    body = cast("bytes | str | None", written.body)
    world = World.from_scenario(SCENARIO, SteppedClock())
    app = application(world, {"west:8090": "west"})
    recorder = Recorder(httpx.ASGITransport(app=app, raise_app_exceptions=False))
    async with httpx.AsyncClient(transport=recorder) as http:
        await http.request(
            str(written.method),
            str(written.url),
            content=body.encode() if isinstance(body, str) else body,
            headers={"content-type": "application/json"},
        )
    return recorder.exchanges[0]
