"""Authentication of REST calls: what travels, how often tokens are fetched, and what a failure says."""

from __future__ import annotations

import asyncio
import base64
import socket
import ssl
from dataclasses import replace
from urllib.parse import parse_qs

import httpx
import pytest

from reconciler.model.address import LinkAddress
from reconciler.model.clusters import Auth, BasicAuth, BearerAuth, OAuth
from reconciler.model.diagnostics import Position
from reconciler.model.errors import EngineError, InputError, NotSentError
from reconciler.model.observed import Gap
from reconciler.model.reads import ClusterReads
from reconciler.model.secrets import Reference, ReferenceKind, Template
from reconciler.model.steps import DeleteLink
from tests.cluster_linking.wire import HOME, cluster, engine, listing, refusal, run

TOKENS = "https://idp.example/token?tenant=x"
OAUTH = OAuth(
    TOKENS,
    client_id=Template((Reference(ReferenceKind.ENV, "ID"),)),
    client_secret=Template((Reference(ReferenceKind.ENV, "SECRET"),)),
    scope="kafka",
    headers=(("Confluent-Identity-Pool-Id", "pool-1"),),
)
VALUES = {
    "ID": "me:too",
    "SECRET": "s/e cret",
    "TOKEN": "abc.def\n",
    "BROKEN": "two\nlines",
    "URL": "https://idp.example/token\n",
    "HOST": "idp.example",
    "SCOPE": "read write",
}
LINKS = ClusterReads(links=True)


def lookup(reference: Reference) -> str:
    """The environment of these tests."""
    return VALUES[reference.name]


def template(name: str) -> Template:
    """A reference to one variable."""
    return Template((Reference(ReferenceKind.ENV, name),))


class Server:
    """A token endpoint and a cluster in one; tokens are numbered, and some are revoked."""

    def __init__(self, *, lifetime: float | None = 3600.0, token_status: int = 200) -> None:
        self.fetched: list[httpx.Request] = []
        self.seen: list[httpx.Headers] = []
        self.revoked: set[str] = set()
        self.lifetime = lifetime
        self.token_status = token_status
        self.token_body: bytes | None = None

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "idp.example":
            return self._token(request)
        self.seen.append(httpx.Headers(request.headers))
        if request.headers.get("authorization", "").removeprefix("Bearer ") in self.revoked:
            return refusal(401, "Authentication failed", 40101)
        return listing() if request.method == "GET" else httpx.Response(204)

    def _token(self, request: httpx.Request) -> httpx.Response:
        self.fetched.append(request)
        if self.token_body is not None:
            return httpx.Response(200, content=self.token_body)
        body: dict[str, object] = {"access_token": f"token-{len(self.fetched)}"}
        if self.lifetime is not None:
            body["expires_in"] = self.lifetime
        return httpx.Response(self.token_status, json=body)

    @property
    def authorizations(self) -> list[str]:
        """The Authorization header of each request to the cluster."""
        return [headers.get("authorization", "") for headers in self.seen]


class Ticker:
    """A monotonic clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def observed(server: Server, auth: Auth | None, times: int = 1) -> Gap | None:
    """Read the links; the gap, if they cannot be read."""

    async def story() -> Gap | None:
        gap = None
        async with engine(server, cluster(auth=auth), lookup=lookup) as e:
            for _ in range(times):
                links = (await e.observe({"ig-test2": LINKS})).cluster("ig-test2").links
                gap = links if isinstance(links, Gap) else None
        return gap

    return run(story())


def test_without_auth_nothing_is_sent() -> None:
    """No credentials, no header."""
    server = Server()
    observed(server, None)
    assert server.authorizations == [""]


def test_basic_sends_key_and_secret() -> None:
    """HTTP Basic as RFC 7617 has it, resolved when the request is made."""
    server = Server()
    observed(server, BasicAuth(template("ID"), template("SECRET")))
    assert server.authorizations == ["Basic " + base64.b64encode(b"me:too:s/e cret").decode()]


def test_bearer_sends_the_token_without_its_line_break() -> None:
    """A token from a file ends with a line break more often than not."""
    server = Server()
    observed(server, BearerAuth(template("TOKEN")))
    assert server.authorizations == ["Bearer abc.def"]


def test_a_token_that_fits_no_header_is_wrong_input() -> None:
    """Such a token is refused before anything is sent, and not quoted."""
    with pytest.raises(InputError) as caught:
        observed(Server(), BearerAuth(template("BROKEN")))
    (found,) = caught.value.diagnostics
    assert found.code == "unusable-token"
    assert "${env:BROKEN}" in found.cure
    assert "lines" not in str(caught.value)


def test_oauth_fetches_one_token_for_all_requests() -> None:
    """Client credentials as RFC 6749 has them, once; the identity headers go to the cluster only."""
    server = Server()
    observed(server, OAUTH, times=3)
    assert server.authorizations == ["Bearer token-1"] * 3
    (request,) = server.fetched
    assert parse_qs(request.content.decode()) == {
        "grant_type": ["client_credentials"],
        "scope": ["kafka"],
    }
    expected = base64.b64encode(b"me%3Atoo:s%2Fe+cret").decode()
    assert request.headers["authorization"] == f"Basic {expected}"
    assert server.seen[0]["confluent-identity-pool-id"] == "pool-1"
    assert "confluent-identity-pool-id" not in request.headers


PLACES = (template("URL"), Template(("https://", *template("HOST").parts, "/token?a=b")))


@pytest.mark.parametrize("url", PLACES)
def test_a_token_url_and_a_scope_are_resolved_when_the_token_is_fetched(url: Template) -> None:
    """Whole or in part; the cluster needs these references like all others."""
    server = Server()
    named = replace(OAUTH, token_url=url, scope=template("SCOPE"))
    observed(server, named)
    (request,) = server.fetched
    assert request.url.path == "/token"
    assert parse_qs(request.content.decode())["scope"] == ["read write"]
    wanted = {str(reference) for reference in cluster(auth=named).references()}
    assert {str(url), "${env:SCOPE}"} <= wanted


@pytest.mark.parametrize("value", ["ftp://i/t", "idp", "https://u:p@i/t", "https://i:0/", "a b"])
def test_a_reference_that_is_no_token_url_is_wrong_input(value: str) -> None:
    """Said at the reference, and nothing of its value; nothing is sent."""
    at = Position("links.yaml", 7, 9)
    url = Template((Reference(ReferenceKind.ENV, "U", at),))
    values = {**VALUES, "U": value}
    server = Server()

    async def story() -> None:
        known = cluster(auth=replace(OAUTH, token_url=url))
        async with engine(server, known, lookup=lambda r: values[r.name]) as e:
            await e.observe({"ig-test2": LINKS})

    with pytest.raises(InputError) as caught:
        run(story())
    (found,) = caught.value.diagnostics
    assert (found.code, found.position) == ("bad-token-url", at)
    assert "${env:U}" in found.cure
    assert value not in str(caught.value)
    assert server.fetched == server.seen == []


def test_a_failure_at_a_token_url_behind_a_reference_names_the_reference() -> None:
    """A host that was given as a secret is not told, whatever the network says of it."""

    def refuses(request: httpx.Request) -> httpx.Response:
        mismatch = ssl.SSLCertVerificationError("x")
        mismatch.verify_message = "Hostname mismatch, certificate is not valid for 'idp.example'."
        raise httpx.ConnectError("x") from mismatch

    async def story() -> Gap:
        known = cluster(auth=replace(OAUTH, token_url=template("URL")))
        async with engine(refuses, known, lookup=lookup) as e:
            links = (await e.observe({"ig-test2": LINKS})).cluster("ig-test2").links
        assert isinstance(links, Gap)
        return links

    found = run(story()).diagnostic
    assert (found.code, found.subject) == ("certificate-refused", "ig-test2 (POST ${env:URL})")
    assert found.message.startswith("the certificate of ${env:URL} is not trusted")
    assert found.message.endswith("not valid for '${env:URL}'.")
    assert "idp.example" not in found.message + found.cure


def test_a_secret_header_is_resolved_when_it_is_sent() -> None:
    """Its reference is one that the cluster needs, and the token endpoint never sees its value."""
    server = Server()
    keyed = replace(OAUTH, headers=(("X-Api-Key", template("SECRET")),))
    observed(server, keyed)
    assert server.seen[0]["x-api-key"] == VALUES["SECRET"]
    assert "x-api-key" not in server.fetched[0].headers
    assert "${env:SECRET}" in map(str, cluster(auth=keyed).references())


def test_a_secret_header_that_does_not_fit_names_its_reference() -> None:
    """The finding says which variable to correct, and nothing of its value."""
    keyed = replace(OAUTH, headers=(("X-Api-Key", template("BROKEN")),))
    with pytest.raises(InputError) as caught:
        observed(Server(), keyed)
    (found,) = caught.value.diagnostics
    assert "X-Api-Key" in found.message
    assert "${env:BROKEN}" in found.cure
    assert "lines" not in str(caught.value)


def test_oauth_fetches_once_for_concurrent_requests() -> None:
    """Requests that start together share one fetch."""
    server = Server()

    async def story() -> None:
        async with engine(server, cluster(auth=OAUTH), lookup=lookup) as e:
            wanted = {"ig-test2": ClusterReads(links=True, mirrors=True, topics=True, groups=True)}
            await asyncio.gather(e.observe(wanted), e.observe(wanted))

    run(story())
    assert len(server.fetched) == 1
    assert len(server.seen) == 8


@pytest.mark.parametrize(
    ("url", "setting"),
    [
        ("https://idp.example/token", "tokenUrl"),
        (template("URL"), "${env:URL}"),
        (Template(("https://", *template("HOST").parts, "/token?a=b")), "${env:HOST}"),
    ],
)
@pytest.mark.parametrize(
    ("cause", "words"),
    [
        (socket.gaierror(), "check {} for a typing error"),
        (ConnectionRefusedError(), "check the port in {}, and that the token endpoint is up"),
        (None, "check {}, and the credentials"),
    ],
)
def test_a_failure_on_the_way_to_the_token_names_its_setting(
    url: str | Template, setting: str, cause: OSError | None, words: str
) -> None:
    """Who corrects restEndpoint when the token endpoint cannot be reached corrects the wrong line."""

    def fails(_: httpx.Request) -> httpx.Response:
        raise httpx.LocalProtocolError("x") if cause is None else httpx.ConnectError("x") from cause

    async def story() -> Gap:
        known = cluster(auth=replace(OAUTH, token_url=url))
        async with engine(fails, known, lookup=lookup) as e:
            links = (await e.observe({"ig-test2": LINKS})).cluster("ig-test2").links
        assert isinstance(links, Gap)
        return links

    cure = run(story()).diagnostic.cure
    assert cure.startswith(words.format(setting))
    assert "restEndpoint" not in cure


@pytest.mark.parametrize(
    ("lifetime", "good", "used_up"),
    [(3600.0, 3569.0, 3570.0), (40.0, 19.0, 20.0), (None, 269.0, 270.0)],
)
def test_oauth_renews_shortly_before_the_end(
    lifetime: float | None, good: float, used_up: float
) -> None:
    """A token is used until half a minute before its end, a short one for half its life."""
    server = Server(lifetime=lifetime)
    clock = Ticker()

    async def story() -> None:
        async with engine(server, cluster(auth=OAUTH), lookup=lookup, monotonic=clock) as e:
            for clock.now in (0.0, good, used_up):
                await e.observe({"ig-test2": LINKS})

    run(story())
    assert server.authorizations == ["Bearer token-1", "Bearer token-1", "Bearer token-2"]


def test_oauth_renews_once_when_a_token_is_refused() -> None:
    """A revoked token costs one repeat, of a write too: a 401 means that nothing was done."""
    server = Server()
    server.revoked = {"token-1"}

    async def story() -> None:
        async with engine(server, cluster(auth=OAUTH), lookup=lookup) as e:
            await e.perform(DeleteLink(LinkAddress("ig-test2", "l")))

    run(story())
    assert server.authorizations == ["Bearer token-1", "Bearer token-2"]


def test_oauth_does_not_repeat_for_ever() -> None:
    """When the fresh token is refused too, that is the answer."""
    server = Server()
    server.revoked = {"token-1", "token-2"}
    gap = observed(server, OAUTH)
    assert gap is not None
    assert gap.diagnostic.code == "not-authenticated"
    assert len(server.fetched) == 2


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"{}", b'{"access_token":""}', b'{"access_token":"a\\nb"}']
)
def test_a_token_endpoint_that_gives_no_token_is_a_gap(body: bytes) -> None:
    """The finding names the token endpoint, without its query."""
    server = Server()
    server.token_body = body
    gap = observed(server, OAUTH)
    assert gap is not None
    assert gap.diagnostic.code == "no-token"
    assert gap.diagnostic.subject == "ig-test2 (POST https://idp.example/token)"
    assert server.seen == []


def test_a_refused_client_is_a_gap() -> None:
    """Wrong client credentials are said as such."""
    gap = observed(Server(token_status=401), OAUTH)
    assert gap is not None
    assert gap.diagnostic.code == "no-token"
    assert "401" in gap.diagnostic.message


def test_an_unreachable_token_endpoint_is_a_gap() -> None:
    """A network failure on the way to the token names the token endpoint too."""

    def down(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectTimeout("x")

    async def story() -> Gap:
        async with engine(down, cluster(auth=OAUTH), lookup=lookup) as e:
            links = (await e.observe({"ig-test2": LINKS})).cluster("ig-test2").links
        assert isinstance(links, Gap)
        return links

    found = run(story()).diagnostic
    assert (found.code, found.subject) == (
        "connect-timeout",
        "ig-test2 (POST https://idp.example/token)",
    )


@pytest.mark.parametrize("fault", [httpx.ReadTimeout("x"), 429, 503])
def test_a_write_that_got_no_token_was_not_sent(fault: httpx.HTTPError | int) -> None:
    """When the token endpoint fails, repeating is safe, whatever the request was to do."""
    paths: list[str] = []

    def broken(request: httpx.Request) -> httpx.Response:
        paths.append(request.url.path)
        if isinstance(fault, int):
            return httpx.Response(fault)
        raise fault

    async def story() -> None:
        async with engine(broken, cluster(auth=OAUTH), lookup=lookup) as e:
            await e.perform(DeleteLink(LinkAddress("ig-test2", "l")))

    with pytest.raises(NotSentError):
        run(story())
    assert paths == ["/token"]


def test_credentials_do_not_follow_a_redirect() -> None:
    """A redirect is an error; nobody else sees the header."""
    hosts: list[str] = []

    def elsewhere(request: httpx.Request) -> httpx.Response:
        hosts.append(request.url.host)
        return httpx.Response(307, headers={"location": f"https://other.example{HOME}/links"})

    async def story() -> None:
        auth = BasicAuth(template("ID"), template("SECRET"))
        async with engine(elsewhere, cluster(auth=auth), lookup=lookup) as e:
            await e.perform(DeleteLink(LinkAddress("ig-test2", "l")))

    with pytest.raises(EngineError):
        run(story())
    assert hosts == ["ig-test2"]


def test_wrong_input_of_several_clusters_is_said_at_once() -> None:
    """P9: both clusters' findings come in one error."""
    broken = BearerAuth(template("BROKEN"))

    async def story() -> None:
        both = (cluster("a", auth=broken), cluster("b", auth=broken))
        async with engine(Server(), *both, lookup=lookup) as e:
            await e.observe({"a": LINKS, "b": LINKS})

    with pytest.raises(InputError) as caught:
        run(story())
    assert [d.subject for d in caught.value.diagnostics] == ["a", "b"]
