"""P7: what was secret when it was sent is secret when a server sends it back."""

from __future__ import annotations

import base64
import json
import traceback
from collections.abc import Callable
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.cluster_linking.secret_values import MASK, SecretValues
from reconciler.model.address import LinkAddress
from reconciler.model.clusters import BasicAuth
from reconciler.model.errors import EngineError
from reconciler.model.mirrors import MirrorVerb
from reconciler.model.observed import Gap
from reconciler.model.reads import ClusterReads
from reconciler.model.secrets import Quoted, Reference, ReferenceKind, Template
from reconciler.model.steps import AlterLink, ChangeMirrors
from tests.cluster_linking.wire import HOME, Wire, cluster, engine, refusal, run

MARKER = 'hunter2-"quoted"\\slash'
KEY = Reference(ReferenceKind.ENV, "KEY")
PEM = "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49\nAgEGCCqGSM49AwEHBG0w\n-----END PRIVATE KEY-----\n"
LINK = LinkAddress("ig-test2", "l")


def marker(_reference: Reference) -> str:
    """Every reference is the marker."""
    return MARKER


def shapes(value: str) -> list[str]:
    """How servers may spell a value back."""
    return [
        value,
        json.dumps(value),
        value.replace("\\", "\\\\").replace('"', '\\"'),
        quote(value, safe=""),
        base64.b64encode(value.encode()).decode(),
    ]


@settings(deadline=None)
@given(st.text(min_size=4, max_size=20), st.text(max_size=8))
def test_a_known_value_is_masked_in_every_shape(value: str, around: str) -> None:
    """Plain, escaped, encoded: none of it is left."""
    secrets = SecretValues(lambda _: value)
    assert secrets.reveal(Template((around, KEY))) == around + value
    for shape in shapes(value):
        # What is left may repeat the value only where the surroundings or the mask already hold it.
        scrubbed = secrets.scrub(f"<{shape}>")
        assert value in MASK + "<>" or value not in scrubbed


def test_a_quoted_value_is_masked_as_it_was_sent() -> None:
    """A gateway that repeats the request's body shows the line as it was composed, escaped once more for JSON."""
    secrets = SecretValues(marker)
    line = secrets.reveal(Template(("x.Module required password=", Quoted((KEY,)), ";")))
    body = json.dumps({"configs": [{"name": "sasl.jaas.config", "value": line}]})
    scrubbed = secrets.scrub(f"cannot handle body {body}")
    assert "hunter2" not in scrubbed
    assert "slash" not in scrubbed


AWKWARD = [
    'm4rk3r"us\\er',
    "m4rk3r\tus'\"er",
    'm4rk3r\nus"er',
    "m4rk3r'us\\er",
    "\\m4rk3r\x01us/er\\",
    'm4rk3r\u00e9"\U0001f600us',
]


def backslashes_alone(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


@pytest.mark.parametrize("value", AWKWARD)
@pytest.mark.parametrize(
    "escape", [repr, json.dumps, ascii, backslashes_alone, lambda t: repr(t.encode())]
)
@pytest.mark.parametrize("again", [str, repr, json.dumps, backslashes_alone])
def test_a_quoted_value_is_masked_however_often_it_was_escaped(
    value: str, escape: Callable[[str], str], again: Callable[[str], str]
) -> None:
    """Composed for JAAS, then escaped by a server, then by its log: nothing of it is left."""
    secrets = SecretValues(lambda _: value)
    line = secrets.reveal(Template(("x.Module required password=", Quoted((KEY,)), ";")))
    scrubbed = secrets.scrub(f"refused: {again(escape(line))}")
    assert "m4rk3r" not in scrubbed
    assert "us" not in scrubbed.replace("refused", "")


def test_a_text_of_backslashes_costs_no_time() -> None:
    """What a server sends is searched once, however it is made."""
    secrets = SecretValues(lambda _: '\\"-x')
    secrets.reveal(Template((KEY,)))
    text = "\\" * 200_000 + "y"
    assert secrets.scrub(text) == text


def test_a_line_of_a_key_is_masked_too() -> None:
    """A server that quotes one line of a PEM shows nothing."""
    secrets = SecretValues(lambda _: PEM)
    secrets.reveal(Template((KEY,)))
    assert "MIGH" not in secrets.scrub("Invalid PEM: MIGHAgEAMBMGByqGSM49 is not base64")


PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule required"


@pytest.mark.parametrize(
    ("value", "echo"),
    [
        (f'{PLAIN} username="u" password="MARKER";', "login of u with MARKER failed"),
        (f"{PLAIN} username='MARKER' password='p';", "login of MARKER failed"),
        (f"{PLAIN} username=u password=MARKER;", "login with MARKER failed"),
        (f'{PLAIN}\n  username="u"\n  password = "MARKER";\n', "login with MARKER failed"),
        (f'{PLAIN} password="MARK\\"ER";', 'login with MARK"ER failed'),
        (f'{PLAIN} password="MARK\\\\ER";', r"login with MARK\\ER failed"),
        (f'{PLAIN} password="MARK/ER";', "login with MARK%2FER failed"),
        (f'{PLAIN} password="MARKER";', "login with TUFSS0VS failed"),
        ('{"client_id": "me", "client_secret": "MARKER"}', "the secret MARKER is wrong"),
        ("-----BEGIN X-----\\nMARKERMARKER\\n-----END X-----", "MARKERMARKER is not base64"),
    ],
)
def test_p7_a_part_of_a_compound_secret_is_masked(value: str, echo: str) -> None:
    """P7: what a server quotes out of a JAAS line, a JSON document or a key is as secret as the whole."""
    secrets = SecretValues(lambda _: value)
    secrets.reveal(Template((KEY,)))
    shown = secrets.scrub(echo)
    assert MASK in shown
    assert not any(word in shown for word in ("MARK", "ER", "TUFSS0VS"))


@pytest.mark.parametrize("cut", ["...", "…", "... (70000 more)"])
@pytest.mark.parametrize("length", [8, 12, 20])
def test_p7_a_shortened_secret_is_masked(cut: str, length: int) -> None:
    """P7: a server that quotes only the beginning of a long value shows nothing of it."""
    value = "MARKER-of-a-very-long-password" + "x" * 70_000
    secrets = SecretValues(lambda _: value)
    secrets.reveal(Template((KEY,)))
    shown = secrets.scrub(f"value '{value[:length]}{cut}' exceeded max limit, not MARKER-of")
    assert shown == f"value '{MASK}{cut}' exceeded max limit, not MARKER-of"


def test_what_is_ordinary_in_a_compound_secret_stays_readable() -> None:
    """Modules, flags and switches are no secrets, and a text without them would help nobody."""
    secrets = SecretValues(lambda _: f'{PLAIN} storeKey=true debug="false" password="x9";')
    secrets.reveal(Template((KEY,)))
    text = f"No LoginModule found for {PLAIN}: storeKey is true, debug is false"
    assert secrets.scrub(text) == text


def test_the_values_do_not_print() -> None:
    """Neither the store nor an empty secret gives anything away."""
    secrets = SecretValues(lambda _: "")
    secrets.reveal(Template((KEY,)))
    assert secrets.scrub("text") == "text"
    assert repr(secrets) == "SecretValues(0 hidden)"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 500, 503])
@pytest.mark.parametrize("shape", shapes(MARKER))
def test_an_echoed_link_secret_is_masked(status: int, shape: str) -> None:
    """A server that quotes the value it was sent is quoted without it, traceback included."""
    text = f"Config property 'sasl.jaas.config' with value '{shape}' exceeded max limit of 1."
    wire = Wire({f"PUT {HOME}/links/l/configs:alter": refusal(status, text)})
    jaas = Template(("x password=", Quoted((KEY,)), ";"))

    async def story() -> None:
        async with engine(wire, lookup=marker) as e:
            await e.perform(AlterLink(LINK, credentials={"sasl.jaas.config": jaas}))

    with pytest.raises(EngineError) as caught:
        run(story())
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value.diagnostics)
    assert "hunter2" not in shown
    assert MASK in shown


def test_echoed_credentials_of_the_call_are_masked() -> None:
    """The same holds for our own credentials, in a list, in an item and in a health text."""
    pair = base64.b64encode(f"{MARKER}:{MARKER}".encode()).decode()
    row = {"link_name": "l", "link_error": "AUTHENTICATION_ERROR", "link_error_message": MARKER}
    wire = Wire(
        {
            f"GET {HOME}/links": httpx.Response(200, json={"data": [row]}),
            f"GET {HOME}/links/-/mirrors": refusal(401, f"bad header: Basic {pair}"),
            f"POST {HOME}/links/l/mirrors:pause": httpx.Response(
                200,
                json={
                    "data": [{"mirror_topic_name": "m", "error_code": 400, "error_message": MARKER}]
                },
            ),
        }
    )
    auth = BasicAuth(Template((KEY,)), Template((KEY,)))

    async def story() -> str:
        async with engine(wire, cluster(auth=auth), lookup=marker) as e:
            seen = await e.observe({"ig-test2": ClusterReads(links=True, mirrors=True)})
            answers = await e.perform(ChangeMirrors(LINK, MirrorVerb.PAUSE, ("m",)))
        assert isinstance(seen.cluster("ig-test2").mirrors, Gap)
        return repr(seen) + repr(answers)

    shown = run(story())
    assert shown.count(MASK) == 4
    assert "hunter2" not in shown
    assert pair not in shown


def test_user_information_in_a_url_is_not_shown() -> None:
    """An endpoint that holds a password by mistake shows it nowhere."""
    known = cluster(url="http://me:hunter2@ig-test2:8090/kafka/v3")
    wire = Wire()

    async def story() -> str:
        async with engine(wire, known) as e:
            seen = await e.observe({"ig-test2": ClusterReads(links=True)})
            return repr(seen) + repr(e.requests(AlterLink(LINK, {"a": "b"})))

    assert "hunter2" not in run(story())


@pytest.mark.parametrize("text", ["a\x1b[31mb", "a\nb\r\nc", "x" * 5000])
def test_a_servers_text_cannot_disturb_a_terminal(text: str) -> None:
    """Server texts come on one line, without control characters and not endless."""
    wire = Wire({f"GET {HOME}/links": refusal(400, text)})

    async def story() -> str:
        async with engine(wire) as e:
            seen = (await e.observe({"ig-test2": ClusterReads(links=True)})).cluster("ig-test2")
        assert isinstance(seen.links, Gap)
        return seen.links.diagnostic.message

    message = run(story())
    assert message.isprintable()
    assert len(message) < 500
