"""Bad servers: one finding that names the cluster and the URL, and never an empty scope in place of an unreadable one."""

from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from reconciler.model.address import LinkAddress
from reconciler.model.clusters import Cluster, OAuth, Tls
from reconciler.model.diagnostics import Position, Severity
from reconciler.model.errors import (
    AnswerLostError,
    EngineError,
    InputError,
    NotSentError,
    RejectedError,
    ServerFaultError,
    ThrottledError,
    UnreadableError,
)
from reconciler.model.observed import Gap
from reconciler.model.reads import ClusterReads
from reconciler.model.secrets import Reference, ReferenceKind, Template
from reconciler.model.steps import DeleteLink
from tests.cluster_linking.wire import (
    BASE,
    HOME,
    ID,
    Answer,
    Wire,
    cluster,
    engine,
    listing,
    refusal,
    run,
)

LINKS = f"GET {HOME}/links"
LINK = f"DELETE {HOME}/links/l"
PAGE = "<!DOCTYPE html><html><body>Sign in</body></html>"
TLS = Path(__file__).parent / "tls"
DELETE = DeleteLink(LinkAddress("ig-test2", "l"))


def html(status: int) -> httpx.Response:
    """A page of a proxy or login form."""
    return httpx.Response(status, html=PAGE)


def raw(content: bytes, status: int = 200, **headers: str) -> httpx.Response:
    """A body as it is."""
    return httpx.Response(
        status, content=content, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )


def caused(error: httpx.TransportError, cause: BaseException) -> httpx.TransportError:
    """An error of httpx with the operating system's error behind it."""
    error.__cause__ = cause
    return error


WRONG_GZIP = httpx.Response(
    200, stream=httpx.ByteStream(b"plain"), headers={"content-encoding": "gzip"}
)
VERIFY = ssl.SSLCertVerificationError("bad")
VERIFY.verify_message = "self-signed certificate"

DEMAND = ssl.SSLError()
DEMAND.reason = "TLSV13_ALERT_CERTIFICATE_REQUIRED"

NO_RIGHTS = (
    "Not authorized: the authenticated user didn't have the right access to the resource: Cluster "
    "authorization failed."
)

BAD_READS: list[tuple[str, Answer, str]] = [
    ("401", refusal(401, "Authentication failed", 40101), "not-authenticated"),
    ("401 html", html(401), "not-authenticated"),
    ("401 of rights", refusal(401, NO_RIGHTS, 401), "not-authorized"),
    ("403", refusal(403, "Request is not authorized", 40301), "not-authorized"),
    ("404 cluster", refusal(404, f"Cluster {ID} cannot be found."), "wrong-cluster-id"),
    ("404 path", refusal(404, "HTTP 404 Not Found"), "no-such-path"),
    ("404 html", html(404), "no-such-path"),
    ("404 empty", raw(b"", 404), "no-such-path"),
    ("404 list", refusal(404, "The cluster link doesn't exist: no 'l'"), "no-such-path"),
    ("405", refusal(405, "HTTP 405 Method Not Allowed"), "not-offered"),
    ("418", refusal(418, None), "rejected"),
    ("429 html", html(429), "throttled"),
    ("429 json", refusal(429, "slow down", 42901), "throttled"),
    ("500", refusal(500, "Internal", 50002), "server-fault"),
    ("501", refusal(501, "no"), "not-offered"),
    ("502 html", html(502), "server-fault"),
    ("503 gzip without header", raw(gzip.compress(b'{"error_code":50302}'), 503), "server-fault"),
    ("500 truncated gzip", raw(gzip.compress(PAGE.encode())[:20], 500), "server-fault"),
    ("301", raw(b"", 301, location="https://u:pw@login/x?token=t"), "redirected"),
    ("302 html", raw(PAGE.encode(), 302, location="/login"), "redirected"),
    ("307 nowhere", raw(b"", 307), "redirected"),
    ("200 html", html(200), "html-answer"),
    ("200 html unlabelled", raw(PAGE.encode()), "html-answer"),
    ("200 empty", raw(b""), "empty-answer"),
    ("200 blank", raw(b"\n \n"), "empty-answer"),
    ("204", raw(b"", 204), "empty-answer"),
    ("200 text", raw(b"Service is up"), "not-json"),
    ("200 latin-1", raw('{"data":[{"link_name":"\xe9"}]}'.encode("latin-1")), "not-json"),
    ("200 truncated", raw(b'{"data":[{"link_name":"a"},{"li'), "answer-cut-off"),
    ("200 short", raw(b'{"data":[]}', content_length="500"), "answer-cut-off"),
    ("200 truncated gzip", raw(gzip.compress(b'{"data":[]}')[:-4]), "answer-cut-off"),
    ("200 wrong gzip", WRONG_GZIP, "wrong-encoding"),
    ("200 null", raw(b"null"), "unexpected-answer"),
    ("200 list", raw(b"[]"), "unexpected-answer"),
    ("200 object", raw(b'{"hello":"world"}'), "unexpected-answer"),
    ("200 error body", raw(b'{"error_code":500,"message":"x"}'), "unexpected-answer"),
    ("200 data null", raw(b'{"data":null}'), "unexpected-answer"),
    ("200 row of another type", raw(b'{"data":[{"link_name":7}]}'), "unexpected-answer"),
    ("200 deep", raw(b'{"data":' + b"[" * 50_000), "unexpected-answer"),
    ("200 deep unknown", raw(b'{"data":[{"x":' + b"[" * 50_000), "not-json"),
    ("500 deep", raw(b'{"x":' + b"[" * 50_000, 500), "server-fault"),
    ("a plain error of the system", ConnectionResetError(), "connection-lost"),
    ("refused", caused(httpx.ConnectError("x"), ConnectionRefusedError()), "nobody-listening"),
    ("unknown host", caused(httpx.ConnectError("x"), socket.gaierror()), "unknown-host"),
    ("untrusted", caused(httpx.ConnectError("x"), VERIFY), "certificate-refused"),
    ("tls", caused(httpx.ConnectError("x"), ssl.SSLError()), "tls-failed"),
    ("unreachable", caused(httpx.ConnectError("x"), OSError()), "no-connection"),
    ("connect timeout", httpx.ConnectTimeout("x"), "connect-timeout"),
    ("read timeout", httpx.ReadTimeout("x"), "no-answer"),
    ("demand", caused(httpx.ReadError("x"), DEMAND), "client-certificate-required"),
    ("reset", httpx.ReadError("x"), "connection-lost"),
    ("closed", httpx.RemoteProtocolError("x"), "connection-lost"),
    ("proxy", httpx.ProxyError("x"), "proxy-failed"),
    ("idna", UnicodeError("label too long"), "request-impossible"),
    ("header", httpx.LocalProtocolError("Illegal header value b'secret'"), "request-impossible"),
]


@pytest.mark.parametrize(
    ("answer", "code"), [row[1:] for row in BAD_READS], ids=[row[0] for row in BAD_READS]
)
def test_p6_a_bad_answer_is_a_gap(answer: Answer, code: str) -> None:
    """P6: whatever a server does, the scope is unreadable, and the finding names cluster, URL, cause and cure."""

    async def story() -> Gap:
        async with engine(Wire({LINKS: answer})) as e:
            seen = (await e.observe({"ig-test2": ClusterReads(links=True)})).cluster("ig-test2")
        assert isinstance(seen.links, Gap)
        return seen.links

    gap = run(story())
    found = gap.diagnostic
    assert (found.code, found.severity) == (code, Severity.ERROR)
    assert gap.scope == "ig-test2: cluster links"
    assert found.subject == f"ig-test2 (GET {BASE}/clusters/{ID}/links)"
    assert found.message
    assert found.cure
    assert "token=t" not in found.message
    assert "secret" not in found.message


@pytest.mark.parametrize(
    ("base", "hint"),
    [("/v3", "end restEndpoint with /kafka/v3"), ("/kafka/v3", "/v3 for the standalone proxy")],
)
def test_a_wrong_base_path_is_hinted_at(base: str, hint: str) -> None:
    """A 404 for the path itself says which base paths there are."""

    async def story() -> str:
        async with engine(Wire(), cluster(url=f"http://ig-test2:8090{base}")) as e:
            seen = (await e.observe({"ig-test2": ClusterReads(links=True)})).cluster("ig-test2")
        assert isinstance(seen.links, Gap)
        return seen.links.diagnostic.cure

    assert hint in run(story())


def test_a_fault_of_our_own_is_not_taken_for_a_gap() -> None:
    """Only what servers and networks do becomes a gap; a programming error stays one."""

    def broken(_request: httpx.Request) -> httpx.Response:
        raise ZeroDivisionError

    async def story() -> None:
        async with engine(broken) as e:
            await e.observe({"ig-test2": ClusterReads(links=True)})

    with pytest.raises(ZeroDivisionError):
        run(story())


def test_a_wrong_cluster_id_makes_the_whole_cluster_a_gap() -> None:
    """When the server is another cluster, not even the id that was given counts as read."""
    no = refusal(404, f"Cluster {ID} cannot be found.")
    wire = Wire({LINKS: no, f"GET {HOME}/links/-/mirrors": no})

    async def story() -> tuple[Any, ...]:
        async with engine(wire) as e:
            seen = await e.observe({"ig-test2": ClusterReads(links=True, mirrors=True)})
        found = seen.cluster("ig-test2")
        return found.cluster_id, found.links, found.mirrors

    gaps = run(story())
    assert [gap.diagnostic.code for gap in gaps] == ["wrong-cluster-id"] * 3


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (b"[]", "cluster-id-needed"),
        (b'[{"cluster_id":"a"},{"cluster_id":"b"}]', "cluster-id-needed"),
    ],
)
def test_an_id_that_cannot_be_told_is_a_gap(rows: bytes, code: str) -> None:
    """Without exactly one cluster id nothing of the cluster is read."""
    wire = Wire({"GET /kafka/v3/clusters": raw(b'{"data":' + rows + b"}")})

    async def story() -> list[str]:
        async with engine(wire, cluster(cluster_id=None)) as e:
            reads = ClusterReads(identity=True, links=True, group_offsets=frozenset({"g"}))
            return [gap.diagnostic.code for gap in (await e.observe({"ig-test2": reads})).gaps()]

    assert run(story()) == [code] * 3
    assert len(wire.requests) == 1


WRITE_ERRORS: list[tuple[str, Answer, type[EngineError]]] = [
    ("refused", caused(httpx.ConnectError("x"), ConnectionRefusedError()), NotSentError),
    ("connect timeout", httpx.ConnectTimeout("x"), NotSentError),
    ("closed", httpx.RemoteProtocolError("x"), AnswerLostError),
    ("write error", httpx.WriteError("x"), AnswerLostError),
    ("read timeout", httpx.ReadTimeout("x"), AnswerLostError),
    ("429", refusal(429, "x"), ThrottledError),
    ("503", refusal(503, "x"), ServerFaultError),
    ("501", refusal(501, "x"), RejectedError),
    ("404", refusal(404, "no such link"), RejectedError),
    ("302", raw(b"", 302), RejectedError),
    ("html", html(200), RejectedError),
    ("truncated gzip", raw(gzip.compress(b"{}")[:-4]), UnreadableError),
]


@pytest.mark.parametrize(
    ("answer", "kind"), [row[1:] for row in WRITE_ERRORS], ids=[row[0] for row in WRITE_ERRORS]
)
def test_a_write_says_whether_it_may_have_taken_effect(
    answer: Answer, kind: type[EngineError]
) -> None:
    """Repeating is safe, must be looked up first, or is pointless: the class of the error tells."""

    async def story() -> None:
        async with engine(Wire({LINK: answer})) as e:
            await e.perform(DELETE)

    with pytest.raises(EngineError) as caught:
        run(story())
    assert type(caught.value) is kind
    assert caught.value.__context__ is None


IN_DOUBT: list[Answer] = [
    httpx.ReadTimeout("x"),
    httpx.RemoteProtocolError("x"),
    refusal(500, "Internal"),
]


@pytest.mark.parametrize("answer", IN_DOUBT, ids=["no answer", "lost", "fault"])
def test_only_a_write_may_take_effect(answer: Answer) -> None:
    """Whoever only reads, or fetches a token, is never told that something may have happened."""
    oauth = OAuth("http://idp/token", Template.literal("me"), Template.literal("word"))
    wire = Wire({LINKS: answer, LINK: answer, "POST /token": answer})

    async def story(auth: OAuth | None) -> list[str]:
        async with engine(wire, cluster(auth=auth)) as e:
            seen = await e.observe({"ig-test2": ClusterReads(links=True)})
            try:
                await e.perform(DELETE)
            except EngineError as error:
                return [d.cure for d in (*(g.diagnostic for g in seen.gaps()), *error.diagnostics)]
        return []

    read, write = run(story(None))
    assert "take effect" not in read
    assert "take effect all the same" in write
    assert not any("take effect" in cure for cure in run(story(oauth)))


def test_a_404_on_a_list_is_never_about_an_object() -> None:
    """A list is there, however empty: only the path of a link, topic or group can be about one that is not."""
    gone = refusal(404, "This does not exist.", 40403)
    answers: dict[str, Answer | list[Answer]] = {
        LINKS: listing({"link_name": "l"}),
        f"GET {HOME}/links/l/configs": gone,
        f"GET {HOME}/links/-/mirrors": gone,
        f"GET {HOME}/topics/-/configs": gone,
    }
    reads = ClusterReads(link_configs=frozenset({"l"}), mirrors=True, topic_configs=True)

    async def story() -> dict[str, str]:
        async with engine(Wire(answers)) as e:
            gaps = (await e.observe({"ig-test2": reads})).gaps()
        return {gap.scope: gap.diagnostic.code for gap in gaps}

    assert run(story()) == {
        "ig-test2: configs of link l": "absent",
        "ig-test2: mirror topics": "no-such-path",
        "ig-test2: topic configs": "no-such-path",
    }


@pytest.mark.parametrize(
    ("answer", "code", "advice"),
    [
        (refusal(401, NO_RIGHTS, 401), "not-authorized", "the account that owns the API key"),
        (refusal(403, "Request is not authorized", 40301), "not-authorized", "rights"),
        (refusal(401, "Authentication failed", 40101), "not-authenticated", "check `auth`"),
        (
            refusal(401, f"Unable to validate cluster link due to error: {NO_RIGHTS}"),
            "link-credentials-refused",
            "`credentials` of the link",
        ),
    ],
)
def test_missing_rights_are_not_told_as_bad_credentials(
    answer: httpx.Response, code: str, advice: str
) -> None:
    """Who is known and may not is told to get rights, with the status that came, and not to look at an API key."""

    async def story() -> Gap:
        async with engine(Wire({LINKS: answer})) as e:
            return (await e.observe({"ig-test2": ClusterReads(links=True)})).gaps()[0]

    gap = run(story())
    assert (gap.diagnostic.code, advice in gap.diagnostic.cure) == (code, True)
    assert f"({answer.status_code})" in gap.diagnostic.message


@pytest.mark.parametrize(
    ("answer", "absent", "exists", "not_yet"),
    [
        (refusal(404, "The cluster link doesn't exist: x"), True, False, False),
        (
            refusal(404, "This server does not host this topic-partition.", 40403),
            True,
            False,
            False,
        ),
        (refusal(404, "HTTP 404 Not Found"), False, False, False),
        (refusal(404, f"Cluster {ID} cannot be found."), False, False, False),
        (refusal(404, "Unable to resolve cluster link information for l"), False, False, True),
        (refusal(400, "the destination cluster does not have a link named l"), False, False, True),
        (refusal(400, "Topic 'orders' already exists.", 40002), False, True, False),
        (refusal(400, "Cluster link 'l' already exists."), False, True, False),
        (refusal(400, "prefix already exists", 40002), False, False, False),
        (refusal(409, "Cluster link 'l' already exists.", 40902), False, True, False),
        (refusal(400, "no"), False, False, False),
    ],
)
def test_a_refusal_says_what_it_is_about(
    answer: Answer, absent: bool, exists: bool, not_yet: bool
) -> None:
    """Absent, taken, not yet visible, or plainly wrong: told apart by status, code and known texts."""

    async def story() -> None:
        async with engine(Wire({LINK: answer})) as e:
            await e.perform(DELETE)

    with pytest.raises(RejectedError) as caught:
        run(story())
    error = caught.value
    assert (error.absent, error.exists, error.not_yet) == (absent, exists, not_yet)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": "-3"}, 0.0),
        ({"x-ratelimit-reset": "12"}, 12.0),
        (
            {
                "retry-after": "Sun, 06 Nov 1994 08:49:47 GMT",
                "date": "Sun, 06 Nov 1994 08:49:37 GMT",
            },
            10.0,
        ),
        ({"retry-after": "Sun, 06 Nov 1994 08:49:47 GMT"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "inf"}, None),
        ({}, None),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_the_server_says_when_to_come_back(
    status: int, headers: dict[str, str], seconds: float | None
) -> None:
    """Retry-After is read in both its forms, without a clock of ours."""

    async def story() -> None:
        async with engine(Wire({LINK: httpx.Response(status, headers=headers, html=PAGE)})) as e:
            await e.perform(DELETE)

    with pytest.raises(EngineError) as caught:
        run(story())
    assert isinstance(caught.value, ThrottledError | ServerFaultError)
    assert caught.value.retry_after == seconds


Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def listening(handler: Handler, context: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """A real server on loopback; gives its port."""
    server = await asyncio.start_server(handler, "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


def says(answer: bytes) -> Handler:
    """A server that takes the request, says this, and closes."""

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(65536)
        writer.write(answer)
        await writer.drain()
        writer.close()

    return handler


async def never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A server that takes the request and says nothing until the client leaves."""
    await reader.read()
    writer.close()


async def code_of(known: Cluster, **options: Any) -> str:
    """The code of the gap that a real connection ends in; empty when all is well."""
    async with engine(None, known, **options) as e:
        seen = (await e.observe({"ig-test2": ClusterReads(links=True)})).cluster("ig-test2")
    return seen.links.diagnostic.code if isinstance(seen.links, Gap) else ""


def at(port: int, scheme: str = "http", tls: Tls | None = None) -> Cluster:
    """A cluster on that port of loopback."""
    return cluster(url=f"{scheme}://127.0.0.1:{port}/kafka/v3", tls=tls)


OK = b'HTTP/1.1 200 OK\r\nContent-Length: 11\r\nConnection: close\r\n\r\n{"data":[]}'


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (OK, ""),
        (b"", "connection-lost"),
        (b"HTTP/1.1 200 OK\r\nContent-Le", "connection-lost"),
        (b'HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{"data":[', "connection-lost"),
        (b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{"data":[', "connection-lost"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "connection-lost"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "empty-answer"),
    ],
)
def test_a_real_connection_may_break_anywhere(answer: bytes, code: str) -> None:
    """A closed connection, in the head or in the body, is a lost answer and never a short list."""

    async def story() -> str:
        async with listening(says(answer)) as port:
            return await code_of(at(port))

    assert run(story()) == code


@pytest.mark.parametrize("host", ["xn--", "xn--a", "\N{SNOWMAN}.example"])
def test_a_host_name_that_idna_refuses_is_said(host: str) -> None:
    """A name that cannot even be looked up is one finding, for a cluster and for its token endpoint."""
    url = f"http://{host}/kafka/v3"
    oauth = OAuth(url, Template.literal("me"), Template.literal("word"))
    codes = [run(code_of(cluster(url=url))), run(code_of(cluster(auth=oauth)))]
    assert codes == ["request-impossible"] * 2


def test_nobody_listening_is_said() -> None:
    """A refused connection on a real socket is told from every other failure."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        assert run(code_of(at(held.getsockname()[1]))) == "nobody-listening"


def test_a_hanging_server_is_left_after_the_timeout() -> None:
    """A server that never answers costs the timeout and no more."""

    async def story() -> str:
        async with listening(never) as port:
            return await code_of(at(port), timeout=0.05)

    assert run(story()) == "no-answer"


def test_tls_to_a_plain_port_is_said() -> None:
    """https:// to a port that speaks http is a TLS failure, and nothing was sent."""

    async def story() -> str:
        async with listening(says(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as port:
            return await code_of(at(port, "https"))

    assert run(story()) == "tls-failed"


def served_with(*, demand: bool = False) -> ssl.SSLContext:
    """A server's side of TLS with the test certificate, which may demand one in return."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(TLS / "cert.pem", TLS / "key.pem")
    if demand:
        # With 1.3 the client learns of it only when it reads, and may see a reset first.
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(TLS / "cert.pem")
    return context


@pytest.mark.parametrize(
    ("ca_file", "insecure", "code"),
    [
        (str(TLS / "cert.pem"), False, ""),
        (None, False, "certificate-refused"),
        (None, True, "certificate-refused"),
    ],
)
def test_a_token_endpoint_is_always_verified(
    ca_file: str | None, insecure: bool, code: str
) -> None:
    """`insecure` is about the cluster: the client secret goes to nobody who is not trusted."""
    body = b'{"access_token":"t"}'
    token = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body)

    async def story() -> str:
        async with listening(says(token + body), served_with()) as idp, listening(says(OK)) as port:
            oauth = OAuth(
                f"https://localhost:{idp}/token", Template.literal("me"), Template.literal("word")
            )
            url = f"http://127.0.0.1:{port}/kafka/v3"
            known = cluster(url=url, auth=oauth, tls=Tls(ca_file=ca_file, insecure=insecure))
            return await code_of(known)

    assert run(story()) == code


CA = str(TLS / "cert.pem")
KEY = str(TLS / "key.pem")


@pytest.mark.parametrize(
    ("tls", "demand", "code"),
    [
        (Tls(), False, "certificate-refused"),
        (Tls(ca_file=CA), False, ""),
        (Tls(insecure=True), False, ""),
        (Tls(ca_file=CA), True, "tls-failed"),
        (Tls(ca_file=CA, cert_file=CA, key_file=KEY), True, ""),
    ],
)
def test_tls_trusts_and_shows_what_the_yaml_says(tls: Tls, demand: bool, code: str) -> None:
    """Own authority, client certificate and insecure work against a real handshake; anything else is said."""

    async def story() -> str:
        async with listening(says(OK), served_with(demand=demand)) as port:
            return await code_of(at(port, "https", tls))

    assert run(story()) == code


@pytest.mark.parametrize(
    "tls",
    [
        Tls(ca_file="/nonexistent.pem"),
        Tls(ca_file=KEY),
        Tls(cert_file="/nonexistent.pem"),
        Tls(cert_file=CA, key_file=CA),
    ],
)
def test_tls_files_that_cannot_be_used_are_wrong_input(tls: Tls) -> None:
    """A missing or wrong file is the user's to correct, so it is no gap."""
    with pytest.raises(InputError) as caught:
        run(code_of(at(1, "https", tls)))
    assert [d.code for d in caught.value.diagnostics] == ["tls-file-unusable"]


def named(name: str) -> Template:
    """A path behind a variable."""
    return Template((Reference(ReferenceKind.ENV, name, Position("conf/links.yaml", 4, 2)),))


PATHS = {"CA": "cert.pem\n", "KEY": KEY, "GONE": "secret-place.pem", "PEM": "-----BEGIN\n\0"}


def test_paths_behind_references_are_relative_to_their_file() -> None:
    """An absolute one stays what it is."""
    tls = Tls(named("CA"), named("CA"), named("KEY"), folder=str(TLS))

    async def story() -> str:
        async with listening(says(OK), served_with(demand=True)) as port:
            return await code_of(at(port, "https", tls), lookup=lambda r: PATHS[r.name])

    assert run(story()) == ""


@pytest.mark.parametrize(
    "tls",
    [
        Tls(named("GONE")),
        Tls(named("PEM")),
        Tls(cert_file=named("CA"), key_file=named("GONE"), folder=str(TLS)),
    ],
)
def test_a_path_behind_a_reference_is_not_told(tls: Tls) -> None:
    """The finding stands at the reference and names it; where the file is may be nobody's business."""
    with pytest.raises(InputError) as caught:
        run(code_of(at(1, "https", tls), lookup=lambda r: PATHS[r.name]))
    (found,) = caught.value.diagnostics
    assert (found.code, found.where) == ("tls-file-unusable", "conf/links.yaml:4:2")
    assert "${env:" in found.message
    assert "secret-place" not in str(caught.value)
