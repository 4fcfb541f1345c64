"""Whatever the files hold, `convert` answers with YAML that is valid, or with mistakes at their places."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from reconciler.cluster_linking import CATALOGUE
from reconciler.model.errors import InputError
from reconciler.model.filters import FilterKind
from reconciler.spec import Source, load
from reconciler.workflows.convert import Files, Names, convert
from reconciler.workflows.converting.librdkafka import SASL, TLS

SECRET = "m4rk3r"
NAMES = Names("l", "b", "a", ("t",))
KEYS = st.sampled_from(sorted({*CATALOGUE.configs, *SASL, *TLS})) | st.text(max_size=8)
VALUES = (
    st.sampled_from(("true", "false", "5000", "a:9092", "SOURCE", "BIDIRECTIONAL", "INBOUND", "SASL_SSL", "PLAIN", "/a b.pem", "b:1", "${env:HOME}", "\u2028", '{"groupFilters":[]}'))
    | st.text(max_size=8)
    | st.text("\\\\ \n\t=:#!u0", max_size=8)
)  # fmt: skip
LINES = st.tuples(KEYS, st.sampled_from(("=", ":", " ", " = ")), VALUES).map("".join)
JSON_OF_ONE = '{"groupFilters":[{"name":"g","patternType":"LITERAL","filterType":"INCLUDE"}]}'
JSON = (
    st.just(JSON_OF_ONE) | st.text('{}[]",:groupFilters nam ', max_size=30) | st.text(max_size=20)
)


def check(files: Files) -> None:
    names = {s.name for sources in (files.configs, *files.filters.values()) for s in sources}
    try:
        converted = convert(NAMES, files)
    except InputError as error:
        mistakes = error.diagnostics
    else:
        source = Source("links.yaml", converted.text.encode())
        assert load([source], variables={}, catalogue=CATALOGUE, env=None).desired is not None
        assert SECRET not in repr(converted)
        return
    assert all(d.code and d.cure for d in mistakes)
    assert {d.position.file for d in mistakes if d.position is not None} <= names
    assert SECRET not in repr(mistakes)


OPTIONS = st.lists(st.sampled_from(sorted({*SASL, *TLS})), unique=True)
WORDS = st.sampled_from(("PLAIN", "SCRAM-SHA-256", "OAUTHBEARER", "GSSAPI", "none"))
PROTOCOLS = st.sampled_from(("plaintext", "SSL", "sasl_ssl", "SASL_PLAINTEXT", "x"))


@settings(max_examples=200, deadline=None)
@given(options=OPTIONS, mechanism=WORDS, protocol=PROTOCOLS)
def test_any_login_of_librdkafka(options: list[str], mechanism: str, protocol: str) -> None:
    """Whatever a client says of its login, the link gets a valid one or none, and no secret."""
    shown = {"sasl.mechanism": mechanism, "sasl.mechanisms": mechanism, "sasl.oauthbearer.token.endpoint.url": "https://x/y", "sasl.oauthbearer.extensions": f"a=b,apiToken={SECRET}"}  # fmt: skip
    harmless = {"scope", "principal", "keyTab", "serviceName"}
    lines = [f"{o}={shown.get(o, 'x' if SASL.get(o) in harmless or o.endswith('location') else SECRET)}" for o in options]  # fmt: skip
    text = "\n".join(("bootstrap.servers=a:9092", f"security.protocol={protocol}", *lines))
    check(Files((Source("1", text.encode()),)))


@settings(max_examples=300, deadline=None)
@given(lines=st.lists(LINES, max_size=5), groups=JSON | st.none(), raw=st.binary(max_size=12))
@example(
    lines=["link.mode=BIDIRECTIONAL", "remote.link.connection.mode=INBOUND"],
    groups=JSON_OF_ONE,
    raw=b"",
)
@example(
    lines=["link.mode=BIDIRECTIONAL"],
    groups=None,
    raw=b"link.mode=BIDIRECTIONAL\nconnection.mode=INBOUND",
)
@example(lines=["cluster.link.prefix=$${"], groups=None, raw=b"")
@example(lines=["link.mode=SOURCE", "local.listener.name=x"], groups='{"groupFilters":[]}', raw=b"")
def test_any_files(lines: list[str], groups: str | None, raw: bytes) -> None:
    """No traceback, no place outside the files, no secret."""
    secrets = [name for name, config in CATALOGUE.configs.items() if config.sensitive]
    text = "\n".join(("bootstrap.servers=a:9092", f"{secrets[0]}={SECRET}", *lines))
    filters = (
        {}
        if groups is None
        else {FilterKind.GROUP: (Source("g.json", groups.encode("utf-8", "replace")),)}
    )
    check(Files((Source("1", text.encode("utf-8", "replace")),), filters))
    check(Files((Source("1", text.encode("utf-8", "replace")), Source("2", raw)), filters))
    other = text.replace("a:9092", "b:9092").encode("utf-8", "replace")
    twice = {kind: sources * 2 for kind, sources in filters.items()}
    check(Files((Source("1", text.encode("utf-8", "replace")), Source("2", other)), twice))
