"""Who may call: none, basic and bearer."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.sandbox import SteppedClock, World
from reconciler.sandbox.files.snapshot import restore, snapshot
from tests.sandbox.conftest import Client


def guarded(**auth: Any) -> World:
    scenario = {"clusters": [{"name": "c", "clusterId": "c-id", "auth": auth}]}
    return World.from_scenario(scenario, SteppedClock())


BASIC = {"basic": {"username": "u", "password": "pa:ss"}}
BEARER = {"bearer": "tok-1"}


@pytest.mark.parametrize(
    ("auth", "header"),
    [(BASIC, "Basic dTpwYTpzcw=="), (BEARER, "Bearer tok-1"), (BEARER, "bearer tok-1")],
)
def test_the_right_credentials_are_let_in(auth: Any, header: str) -> None:
    """The scheme's name is free of case, the secret is not."""
    client = Client(guarded(**auth), "c")
    assert client.call("GET", "links", headers={"authorization": header}).status_code == 200


@pytest.mark.parametrize("auth", [BASIC, BEARER])
@pytest.mark.parametrize(
    "header",
    ["", "Basic dTp3cm9uZw==", "Basic ***", "Bearer wrong", "Bearer", "Basic tok-1"],
)
def test_anything_else_is_a_401(auth: Any, header: str) -> None:
    """Wrong, missing and unreadable credentials are answered alike, with 40101."""
    client = Client(guarded(**auth), "c")
    answer = client.call("GET", "links", headers={"authorization": header})
    assert (answer.status_code, answer.json()) == (
        401,
        {"error_code": 40101, "message": "Authentication failed"},
    )
    scheme, _, realm = answer.headers["www-authenticate"].partition(" ")
    assert (scheme.lower(), realm) == (*auth, 'realm="kafka"')


def test_a_snapshot_asks_for_the_same_credentials_and_holds_none() -> None:
    """Credentials survive a snapshot as a digest only."""
    document = snapshot(guarded(**BASIC))
    assert "pa:ss" not in repr(document)
    client = Client(restore(document, SteppedClock()), "c")
    assert client.call("GET", "links").status_code == 401
    header = {"authorization": "Basic dTpwYTpzcw=="}
    assert client.call("GET", "links", headers=header).status_code == 200
