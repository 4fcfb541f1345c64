"""Secrets on the wire: a new mechanism takes its login along, a rotated key is written on request, and none is printed."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from reconciler.cli.embedded import EmbeddedClock
from reconciler.cli.main import execute
from reconciler.sandbox import SteppedClock, World, application
from reconciler.workflows.environment import Environment
from tests.contract.exchanges import Recorder
from tests.scenarios.conftest import Ran

HEAD = """\
version: 1
clusters:
  one: {bootstrapServers: "one:9092", restEndpoint: "http://one:1/kafka/v3"}
  two: {bootstrapServers: "two:9092", restEndpoint: "http://two:2/kafka/v3"}
links:
  - name: l
    source: one
    destination: two
    credentials:
      tls: {trust: "${env:CA}"}
      sasl: """
OAUTH = '{mechanism: OAUTHBEARER, clientId: "${env:ID}", clientSecret: "${env:CLIENT}", tokenUrl: "https://idp/t"}\n'
SCRAM = '{mechanism: SCRAM-SHA-512, username: "${env:USER}", password: "${env:PW}"}\n'
SECOND = '  - {name: m, source: one, destination: two, prefix: m., credentials: {tls: {trust: "${env:CA}"}}}\n'
SECRETS = {"CA": "m4rk3r-ca", "ID": "m4rk3r-id", "CLIENT": "m4rk3r-c", "USER": "m4rk3r-u", "PW": "m4rk3r-old"}  # fmt: skip
JAAS, TRUST = "sasl.jaas.config", "ssl.truststore.certificates"
LOGIN = 'org.apache.kafka.common.security.scram.ScramLoginModule required username="m4rk3r-u" password="{}";'


@dataclass
class Estate:
    """Two clusters, the command line before them, and what was written."""

    folder: Path
    capsys: pytest.CaptureFixture[str]
    clock: SteppedClock
    recorder: Recorder
    variables: dict[str, str] = field(default_factory=lambda: dict(SECRETS))

    def wants(self, sasl: str) -> None:
        """Write links.yaml with that login."""
        (self.folder / "links.yaml").write_text(HEAD + sasl, "utf-8")

    def run(self, *arguments: str) -> Ran:
        """A command, which never prints a secret (P7)."""
        environment = Environment(
            variables=self.variables,
            clock=EmbeddedClock(self.clock),
            transports=lambda _: self.recorder,
        )
        code = execute(list(arguments), environment)
        ran = Ran(code, *self.capsys.readouterr())
        kept = "".join(p.read_text("utf-8") for p in self.folder.rglob("*") if p.is_file())
        assert "m4rk3r" not in ran.out + ran.err + kept
        return ran

    def written(self) -> list[dict[str, str | None]]:
        """The configs of each batch that was sent since the last look; None is back to the default."""
        sent = [e for e in self.recorder.exchanges if e.method != "GET"]
        self.recorder.exchanges.clear()
        assert all((e.method, e.path.rpartition("/")[2]) == ("PUT", "configs:alter") for e in sent)
        batches = [json.loads(e.sent)["data"] for e in sent]
        return [{row["name"]: row["value"] for row in batch} for batch in batches]


@pytest.fixture
def estate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Estate:
    """A live link that logs in with OAUTHBEARER."""
    monkeypatch.chdir(tmp_path)
    clock = SteppedClock()
    world = World.from_scenario({"clusters": [{"name": "one"}, {"name": "two"}]}, clock)
    app = application(world, {"one:1": "one", "two:2": "two"})
    made = Estate(tmp_path, capsys, clock, Recorder(httpx.ASGITransport(app=app)))
    made.wants(OAUTH)
    assert made.run("apply", "--yes").code == 0
    made.recorder.exchanges.clear()
    return made


def test_a_new_mechanism_takes_its_login_along(estate: Estate) -> None:
    """One batch: the mechanism, its login and the trust beside it, and what only OAUTHBEARER used goes."""
    estate.wants(SCRAM)
    planned = " ".join(estate.run("plan").out.split())
    assert "sasl.mechanism: OAUTHBEARER -> SCRAM-SHA-512" in planned
    because = "sent again because security configs beside it change)"
    assert f"{JAAS}: (secret, from ${{env:USER}} ${{env:PW}}, {because}" in planned
    assert "sasl.oauthbearer.token.endpoint.url: https://idp/t -> server default" in planned
    assert estate.written() == []

    applied = estate.run("apply", "--yes")
    assert (applied.code, "Nothing remains" in applied.out) == (0, True)
    assert estate.written() == [
        {
            JAAS: LOGIN.format("m4rk3r-old"),
            "sasl.mechanism": "SCRAM-SHA-512",
            TRUST: "m4rk3r-ca",
            "sasl.login.callback.handler.class": None,
            "sasl.oauthbearer.token.endpoint.url": None,
        }
    ]
    assert estate.run("apply", "--yes").code == 0
    assert estate.written() == []


def test_a_check_of_host_names_that_was_off_is_turned_on_again(estate: Estate) -> None:
    """`verifyHostname: true` is no default that says nothing: the plan shows it, and the link has it afterwards."""
    check, trust = "ssl.endpoint.identification.algorithm", '{trust: "${env:CA}"'
    links = (estate.folder / "links.yaml").read_text("utf-8")

    def wants(said: str) -> None:
        text = links.replace(trust, f"{trust}, verifyHostname: {said}")
        (estate.folder / "links.yaml").write_text(text, "utf-8")

    assert estate.run("plan", "--detailed-exitcode").code == 0
    for said, algorithm in (("false", ""), ("true", "https")):
        wants(said)
        assert estate.run("plan", "--detailed-exitcode").code == 2
        assert estate.run("apply", "--yes").code == 0
        (batch,) = estate.written()
        assert batch[check] == algorithm
        assert estate.run("plan", "--detailed-exitcode").code == 0


def test_a_key_is_rotated_on_request(estate: Estate) -> None:
    """New value into the environment, one option: one write of the secrets, nothing remains, and no second write."""
    estate.wants(SCRAM)
    assert estate.run("apply", "--yes").code == 0
    estate.recorder.exchanges.clear()

    estate.variables["PW"] = "m4rk3r-new"
    quiet = estate.run("plan", "--detailed-exitcode")
    assert (quiet.code, "`--write-secrets two/l`" in " ".join(quiet.out.split())) == (0, True)
    planned = estate.run("plan", "--detailed-exitcode", "--format", "json", "--write-secrets", "two/l")  # fmt: skip
    assert planned.code == 2
    (change,) = json.loads(planned.out)["changes"]
    assert {d["name"]: d["resent"] for d in change["deltas"]} == {JAAS: "requested", TRUST: "requested"}  # fmt: skip
    assert not change["irreversible"]

    applied = estate.run("apply", "--yes", "--write-secrets", "two/*")
    assert (applied.code, "Nothing remains" in applied.out) == (0, True)
    assert estate.written() == [{JAAS: LOGIN.format("m4rk3r-new"), TRUST: "m4rk3r-ca"}]
    assert estate.run("apply", "--yes").code == 0
    assert estate.written() == []


def test_a_reference_that_is_missing_is_said_before_the_first_write(estate: Estate) -> None:
    """What the request would send is looked up first: exit 1, and nothing was written."""
    del estate.variables["CLIENT"]
    refused = estate.run("apply", "--yes", "--write-secrets", "two/l")
    assert (refused.code, "CLIENT" in refused.err) == (1, True)
    assert estate.written() == []


@pytest.mark.parametrize("command", [("plan",), ("apply", "--yes")])
def test_an_address_that_names_nothing_is_an_error(
    estate: Estate, command: tuple[str, ...]
) -> None:
    """A slip ends with 1 and the addresses that there are."""
    refused = estate.run(*command, "--write-secrets", "one/l")
    assert refused.code == 1
    assert "[secrets-unmatched]" in refused.out + refused.err
    assert "two/l" in refused.out + refused.err
    assert estate.written() == []


def test_the_line_to_paste_asks_for_the_same(estate: Estate) -> None:
    """Where consent is missing, the command that is offered holds the request too."""
    with (estate.folder / "links.yaml").open("a", encoding="utf-8") as file:
        file.write("    state: absent\n" + SECOND)
    assert estate.run("apply", "--yes", "--target", "two/m").code == 0
    refused = estate.run("apply", "--yes", "--write-secrets", "two/m")
    assert refused.code == 3
    assert "linkctl apply --write-secrets two/m --allow delete-link=two/l" in refused.out
