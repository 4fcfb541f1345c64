"""links.yaml with one thing wrong: each with its code, its place and its cure, and no second complaint."""

from __future__ import annotations

import re
from textwrap import indent

import pytest

from tests.spec.harness import (
    CLUSTERS,
    ENDS,
    MARK,
    SECRET,
    Broken,
    document,
    errors,
    lines,
    link,
    marked,
    mirror,
    pair,
    read,
)


def auth(text: str) -> str:
    """A document with `auth` of a cluster."""
    return document(clusters=f'west: {{restEndpoint: "https://w/v3", auth: {text}}}\n')


def tls(text: str) -> str:
    """A document with `tls` of a cluster."""
    return document(clusters=f'west: {{restEndpoint: "https://w/v3", tls: {text}}}\n')


def credentials(text: str) -> str:
    """A document with `credentials` of a link."""
    return link(f"credentials: {text}")


def configs(text: str) -> str:
    """A document with `configs` of a link."""
    return link(f"configs: {{{text}}}")


GROUPS_ON = "configs: {consumer.offset.sync.enable: true}\n"
MTLS = "${file:a.pem}"
PLAIN = 'mechanism: PLAIN, username: "${env:U}", password: "${env:P}"'

SHAPE = [
    Broken("no version", "▸clusters: {}\n", "missing-key", "begin the file"),
    Broken("version 2", document(version="version: ▸2\n"), "not-a-choice", "write `1`"),
    Broken(
        "version as text", document(version='version: ▸"1"\n'), "not-a-choice", "remove the quotes"
    ),
    Broken("version without value", "version:▸\n", "not-a-choice", "write `1`"),
    Broken(
        "unknown key at the top",
        document(top="▸cluster: {}\n"),
        "unknown-key",
        "did you mean `clusters`",
    ),
    Broken(
        "key of a link at the top",
        document(top="▸mirrorTopics: []\n"),
        "unknown-key",
        "under a link",
    ),
    Broken(
        "key of a mirror at the top",
        document(top="▸maxLag: 1\n"),
        "unknown-key",
        "under a mirror topic",
    ),
    Broken(
        "key of nowhere", document(top="▸frobnicate: 1\n"), "unknown-key", "known here: clusters"
    ),
    Broken("clusters as a list", "version: 1\nclusters: ▸[]\n", "wrong-type", "a mapping"),
    Broken("clusters without value", "version: 1\nclusters:▸\n", "missing-value", "a mapping"),
    Broken("links as a mapping", document(top="links: ▸{}\n"), "wrong-type", "a list"),
    Broken("a link as text", document(top="links: [▸test-link]\n"), "wrong-type", "a mapping"),
    Broken("a cluster as text", document(clusters="west: ▸none\n"), "wrong-type", "a mapping"),
    Broken(
        "cluster name with a slash", document(clusters="▸a/b: {}\n"), "bad-form", "letters, digits"
    ),
    Broken(
        "bootstrap without port",
        document(clusters="a: {bootstrapServers: ▸kafka}\n"),
        "bad-form",
        "host:port",
    ),
    Broken(
        "bootstrap as a list",
        document(clusters='a: {bootstrapServers: ▸["a:1"]}\n'),
        "wrong-type",
        "text",
    ),
    Broken(
        "port of nobody",
        document(clusters='a: {bootstrapServers: ▸"a:70000"}\n'),
        "bad-port",
        "correct the port",
    ),
    Broken(
        "port 0",
        document(clusters='a: {restEndpoint: ▸"http://a:0/v3"}\n'),
        "bad-port",
        "correct the port",
    ),
    Broken(
        "endpoint without scheme",
        document(clusters='a: {restEndpoint: ▸"a:8090"}\n'),
        "bad-form",
        "https://",
    ),
    Broken(
        "password in the endpoint",
        document(clusters=f'a: {{restEndpoint: ▸"https://u:{SECRET}@a:8090/v3"}}\n'),
        "bad-form",
        "without user, password",
    ),
    Broken(
        "endpoint with letters that no host has",
        document(clusters='a: {restEndpoint: ▸"https://kafk\u00e4/v3"}\n'),
        "bad-form",
        "https://",
    ),
    Broken(
        "endpoint with a query",
        document(clusters='a: {restEndpoint: ▸"http://a/v3?x=1"}\n'),
        "bad-form",
        "`?`",
    ),
    Broken(
        "cluster id with a space",
        document(clusters="a: {clusterId: ▸lkc 1}\n"),
        "bad-form",
        "cluster id",
    ),
    Broken(
        "cluster id as a number",
        document(clusters="a: {clusterId: ▸123}\n"),
        "wrong-type",
        "quotes",
    ),
    Broken(
        "misspelt endpoint",
        document(clusters='a: {▸restendpoint: "http://a/v3"}\n'),
        "unknown-key",
        "`restEndpoint`",
    ),
    Broken(
        "snake case",
        document(clusters='a: {▸bootstrap_servers: "a:1"}\n'),
        "unknown-key",
        "`bootstrapServers`",
    ),
    Broken("link without name", link(name="", ends="▸" + ENDS), "missing-key", "`name: …`"),
    Broken(
        "link without source",
        link(ends="destination: east\n", name="▸name: l\n"),
        "missing-key",
        "`source: …`",
    ),
    Broken(
        "link without destination",
        link(ends="source: west\n", name="▸name: l\n"),
        "missing-key",
        "`destination: …`",
    ),
    Broken("link name with a slash", link(name="name: ▸a/b\n"), "bad-form", "link name"),
    Broken("link name of dots", link(name="name: ▸..\n"), "bad-form", "link name"),
    Broken("link name that means all links", link(name='name: ▸"-"\n'), "bad-form", "all links"),
    Broken("link name too long", link(name=f"name: ▸{'l' * 201}\n"), "bad-form", "1 to 200"),
    Broken("link name as a number", link(name="name: ▸7\n"), "wrong-type", "quotes"),
    Broken(
        "misspelt source",
        link(ends="▸sorce: west\ndestination: east\n"),
        "unknown-key",
        "did you mean `source`",
    ),
    Broken("unknown mode", link("mode: ▸target"), "not-a-choice", "write one of them"),
    Broken("mode in capitals", link("mode: ▸SOURCE"), "not-a-choice", "did you mean `source`"),
    Broken(
        "misspelt mode", link("mode: ▸destinaton"), "not-a-choice", "did you mean `destination`"
    ),
    Broken("link state promoted", link("state: ▸promoted"), "not-a-choice", "write one of them"),
    Broken(
        "config right under a link",
        link("▸consumer.offset.sync.ms: 5000"),
        "unknown-key",
        "under `configs`",
    ),
    Broken(
        "config without value", configs("consumer.offset.sync.ms: ▸"), "missing-value", "remove it"
    ),
    Broken("config as a list", configs("topic.config.sync.include: ▸[a, b]"), "wrong-type", "text"),
    Broken("reset as a mapping", link("resetConfigs: ▸{a: b}"), "wrong-type", "a list"),
    Broken("prefix too long", link(f"prefix: ▸{'p' * 249}"), "bad-form", "1 to 248"),
    Broken(
        "prefix too long for Cloud",
        link("prefix: ▸longer-than-12").replace(
            'restEndpoint: "http://east:8090/',
            'clusterId: lkc-1, restEndpoint: "https://pkc-1.aws.confluent.cloud/',
        ),
        "prefix-too-long",
        "shorter",
    ),
    Broken("prefix with a slash", link("prefix: ▸a/"), "bad-form", "1 to 248"),
    Broken("empty prefix", link('prefix: ▸""'), "bad-form", "leave it out"),
    Broken("empty protect glob", document(top='protect: [▸""]\n'), "empty-value", "write a value"),
    Broken("protect as text", document(top="protect: ▸payments\n"), "wrong-type", "a list"),
    Broken("topic with a space", mirror("▸my topic"), "bad-form", "topic name"),
    Broken("topic as a glob", mirror('▸"orders*"'), "bad-form", "match"),
    Broken("topic as a number", mirror("▸2024"), "wrong-type", "quotes"),
    Broken("topic as null", mirror("▸~"), "missing-value", "remove it"),
    Broken("topic too long", mirror("▸" + "t" * 250), "bad-form", "1 to 249"),
    Broken("topic of one dot", mirror("▸."), "bad-form", "`.` or `..`"),
    Broken("topic name in a mapping", mirror("{name: ▸a b}"), "bad-form", "topic name"),
    Broken("misspelt state key", mirror("{name: a, ▸stat: paused}"), "unknown-key", "`state`"),
    Broken(
        "misspelt state",
        mirror("{name: a, state: ▸pasued}"),
        "not-a-choice",
        "did you mean `paused`",
    ),
    Broken(
        "failed over with a dash",
        mirror("{name: a, state: ▸failed-over}"),
        "not-a-choice",
        "`failed_over`",
    ),
    Broken("lag as text", mirror("{name: a, maxLag: ▸many}"), "wrong-type", "a whole number"),
    Broken("negative lag", mirror("{name: a, maxLag: ▸-1}"), "out-of-range", "from 0"),
    Broken(
        "lag with a fraction", mirror("{name: a, maxLag: ▸1.5}"), "wrong-type", "a whole number"
    ),
    Broken("no replicas", mirror("{name: a, replicationFactor: ▸0}"), "out-of-range", "from 1"),
    Broken("except as text", mirror('{match: "a*", except: ▸"b*"}'), "wrong-type", "a list"),
    Broken(
        "filter without name",
        link(GROUPS_ON + "groupFilters: [▸{patternType: LITERAL}]"),
        "missing-key",
        "`name: …`",
    ),
    Broken(
        "filter as text", link(GROUPS_ON + "groupFilters: [▸billing]"), "wrong-type", "a mapping"
    ),
    Broken(
        "filter type in small letters",
        link(GROUPS_ON + "groupFilters: [{name: a, filterType: ▸include}]"),
        "not-a-choice",
        "did you mean `INCLUDE`",
    ),
    Broken(
        "filter type of old",
        link(GROUPS_ON + "groupFilters: [{name: a, filterType: ▸WHITELIST}]"),
        "not-a-choice",
        "write one of them",
    ),
    Broken("filters as JSON text", link(GROUPS_ON + "groupFilters: ▸'{}'"), "wrong-type", "a list"),
    Broken(
        "misspelt filter property",
        link(GROUPS_ON + "groupFilters: [{name: a, ▸patterntype: PREFIXED}]"),
        "unknown-key",
        "`patternType`",
    ),
    Broken(
        "ACL filter without rights",
        link(
            "configs: {acl.sync.enable: true}\naclFilters: [▸{resourceFilter: {resourceType: any, patternType: any}}]"
        ),
        "missing-key",
        "`accessFilter: …`",
    ),
    Broken(
        "ACL operation",
        link(
            "configs: {acl.sync.enable: true}\naclFilters: [{resourceFilter: {resourceType: any, patternType: any}, "
            "accessFilter: {operation: ▸READ, permissionType: any}}]"
        ),
        "not-a-choice",
        "did you mean `read`",
    ),
    Broken(
        "between of one", link(ends="mode: bidirectional\nbetween: ▸[west]\n"), "bad-form", "[a, b]"
    ),
    Broken(
        "between of twins",
        link(ends="mode: bidirectional\nbetween: ▸[west, west]\n"),
        "bad-form",
        "[a, b]",
    ),
    Broken(
        "bidirectional without between",
        link(ends="mode: bidirectional\n", name="▸name: l\n"),
        "missing-key",
        "between: [a, b]",
    ),
    Broken(
        "connection mode in capitals",
        pair("west: {connectionMode: ▸INBOUND}"),
        "not-a-choice",
        "`inbound`",
    ),
    Broken(
        "mirrors under a side", pair("west: {▸mirrorTopics: []}"), "unknown-key", "under a link"
    ),
]

OAUTH = 'tokenUrl: "https://i/t", clientId: "${env:I}", clientSecret: "${env:S}"'


def jaas(rest: str) -> str:
    """A document with a JAAS line that names the user by reference, and goes on."""
    return credentials(
        f"{{security.protocol: SASL_SSL, sasl.jaas.config: ▸'m required username=\"${{env:U}}\" {rest};'}}"
    )


SECRETS = [
    *(
        Broken(f"JAAS with {option}", jaas(option), "literal-secret", "${file:PATH}")
        for option in (
            f'passwrd="{SECRET}"',
            f"pwd={SECRET}",
            f'pass = "{SECRET}"',
            f'apikey="{SECRET}"',
            f'password "{SECRET}"',
            f'password="${{env:P}}{SECRET}"',
            f'password="${{env:P}}" {SECRET}',
            f'password="${{env:P}}"; {SECRET}',
            f'password="{SECRET}',
        )
    ),
    Broken(
        "JAAS without a flag",
        credentials("{sasl.jaas.config: ▸'m \"${env:U}\";'}"),
        "literal-secret",
        "${file:PATH}",
    ),
    Broken(
        "literal key in a header",
        auth(f"{{oauth: {{{OAUTH}, headers: {{X-Api-Key: ▸{SECRET}}}}}}}"),
        "literal-secret",
        "${env:NAME}",
    ),
    Broken(
        "header of the token",
        auth(f"{{oauth: {{{OAUTH}, headers: {{▸Authorization: Bearer {SECRET}}}}}}}"),
        "header-taken",
        "bearer",
    ),
    Broken(
        "literal in an extension",
        credentials(
            f"{{sasl: {{mechanism: OAUTHBEARER, {OAUTH}, extensions: {{apiToken: ▸{SECRET}}}}}}}"
        ),
        "literal-secret",
        "${env:NAME}",
    ),
    *(
        Broken(f"{name} as a config", configs(f"{name}: ▸{SECRET}"), "literal-secret", "remove it")
        for name in (
            "basic.auth.user.info",
            "schema.registry.basic.auth.user.info",
            "confluent.license",
            "db.pw",
            "adminPw",
        )
    ),
    *(
        Broken(
            f"JAAS line {what}",
            credentials(
                f"{{sasl.mechanism: PLAIN, security.protocol: SASL_SSL, sasl.jaas.config: ▸'{line}'}}"
            ),
            "malformed-jaas",
            "`required`",
        )
        for what, line in {
            "without a flag": 'm.LoginModule username="${env:U}" password="${env:P}";',
            "with a wrong flag": 'm.LoginModule requird username="${env:U}" password="${env:P}";',
            "without an end": 'm.LoginModule required username="${env:U}" password="${env:P}"',
            "of blanks": "  ",
        }.items()
    ),
    *(
        Broken(
            f"JAAS line {what}",
            credentials(
                f"{{sasl.mechanism: PLAIN, security.protocol: SASL_SSL, sasl.jaas.config: ▸'{line}'}}"
            ),
            "literal-secret",
            "${file:PATH}",
        )
        for what, line in {
            "of one word": "hunter2.MARKER",
            "of two words": "m hunter2",
            "with a secret and no flag": f'm.LoginModule username="u" password="{SECRET}";',
        }.items()
    ),
    Broken("token as a config", configs(f"my.api.token: ▸{SECRET}"), "literal-secret", "remove it"),
    Broken(
        "misspelt key password under configs",
        configs(f"ssl.key.passwrd: ▸{SECRET}"),
        "literal-secret",
        "`credentials` of the link (did you mean `ssl.key.password`?)",
    ),
    Broken(
        "reference to JAAS under configs",
        configs('sasl.jaas.config: ▸"${env:J}"'),
        "reference-not-allowed",
        "move `sasl.jaas.config` to `credentials`",
    ),
    Broken(
        "reference to a token under configs",
        configs('my.api.token: ▸"${env:T}"'),
        "reference-not-allowed",
        "remove it",
    ),
    Broken(
        "token URL with a port that no server has",
        auth(
            '{oauth: {tokenUrl: ▸"https://i:99999/t", clientId: "${env:I}", clientSecret: "${env:S}"}}'
        ),
        "bad-form",
        "from 1 to 65535",
    ),
    Broken(
        "token URL that only looks like a reference",
        auth('{oauth: {tokenUrl: ▸"$${env:T}", clientId: "${env:I}", clientSecret: "${env:S}"}}'),
        "bad-form",
        "https://host/path",
    ),
    Broken(
        "octal password",
        auth('{basic: {username: "${env:U}", password: ▸012345}}'),
        "ambiguous-scalar",
        "write `${env:NAME}`",
    ),
    *(
        Broken(
            f"password as {kind}",
            auth(f'{{basic: {{username: "${{env:U}}", password: ▸{text}}}}}'),
            code,
            "write `${env:NAME}`",
        )
        for kind, text, code in (
            ("a list", f"[{SECRET}]", "wrong-type"),
            ("a mapping", f"{{a: {SECRET}}}", "wrong-type"),
            ("nothing", "~", "missing-value"),
        )
    ),
    Broken(
        "no space before a password",
        credentials(f'{{sasl: {{mechanism: PLAIN, username: "${{env:U}}", ▸password:{SECRET}}}}}'),
        "no-space-after-colon",
        "key: value",
    ),
    Broken(
        "no space before JAAS",
        credentials(f"{{▸sasl.jaas.config:{SECRET}}}"),
        "no-space-after-colon",
        "key: value",
    ),
    Broken("no space in a config", configs("▸acl.sync.ms:5"), "no-space-after-colon", "key: value"),
    Broken(
        "no space before a state",
        mirror("{name: a, ▸state:paused}"),
        "no-space-after-colon",
        "key: value",
    ),
    Broken(
        "empty secret",
        credentials('{security.protocol: SSL, ssl.key.password: ▸""}'),
        "empty-value",
        "write `${env:NAME}`",
    ),
    Broken(
        "two kinds of auth",
        auth('▸{bearer: {token: "${env:T}"}, basic: {username: "${env:U}", password: "${env:P}"}}'),
        "one-of-several",
        "exactly one",
    ),
    Broken("auth of no kind", auth("▸{}"), "empty-value", "write a value"),
    Broken("auth as a word", auth("▸basic"), "bad-form", "`none`"),
    Broken(
        "basic without password",
        auth('{basic: ▸{username: "${env:U}"}}'),
        "missing-key",
        "`password: …`",
    ),
    Broken(
        "literal password",
        auth(f'{{basic: {{username: "${{env:U}}", password: ▸{SECRET}}}}}'),
        "literal-secret",
        "${env:NAME}",
    ),
    Broken(
        "literal user",
        auth(f'{{basic: {{username: ▸{SECRET}, password: "${{env:P}}"}}}}'),
        "literal-secret",
        "${env:NAME}",
    ),
    Broken(
        "literal token", auth(f"{{bearer: {{token: ▸{SECRET}}}}}"), "literal-secret", "${file:PATH}"
    ),
    Broken(
        "literal beside a reference",
        auth(f'{{bearer: {{token: ▸"{SECRET}${{env:T}}"}}}}'),
        "literal-secret",
        "${env:NAME}",
    ),
    Broken("empty token", auth('{bearer: {token: ▸""}}'), "empty-value", "write `${env:NAME}`"),
    Broken(
        "secret as a list under configs",
        configs("my.token: ▸[x]"),
        "wrong-type",
        "else remove it",
    ),
    Broken(
        "secret as a mapping under configs",
        configs("ssl.key.password: ▸{a: b}"),
        "wrong-type",
        "move it to `credentials`",
    ),
    Broken(
        "secret as nothing under configs",
        configs("my.token: ▸~"),
        "missing-value",
        "else remove it",
    ),
    Broken(
        "octal secret under configs",
        configs("my.token: ▸012345"),
        "ambiguous-scalar",
        "else remove it",
    ),
    Broken(
        "octal setting that only sounds like a key",
        configs("key: ▸012345"),
        "ambiguous-scalar",
        "in quotes",
    ),
    Broken(
        "number as password",
        auth('{basic: {username: "${env:U}", password: ▸123456}}'),
        "wrong-type",
        "${env:NAME}",
    ),
    Broken(
        "misspelt password",
        auth(f'{{basic: {{username: "${{env:U}}", ▸pasword: {SECRET}}}}}'),
        "unknown-key",
        "`password`? Write `${env:NAME}`",
    ),
    Broken(
        "secret as a key",
        auth(f'{{basic: {{username: "${{env:U}}", password: "${{env:P}}", ▸{SECRET}}}}}'),
        "unknown-key",
        "known here",
    ),
    Broken(
        "certificate under auth",
        auth("{▸certFile: a.pem}"),
        "unknown-key",
        "under `tls` of a cluster",
    ),
    Broken(
        "oauth without secret",
        auth('{oauth: ▸{tokenUrl: "https://i/t", clientId: "${env:I}"}}'),
        "missing-key",
        "`clientSecret: …`",
    ),
    Broken(
        "oauth with a password in the URL",
        auth(
            f'{{oauth: {{tokenUrl: ▸"https://u:{SECRET}@i/t", clientId: "${{env:I}}", clientSecret: "${{env:S}}"}}}}'
        ),
        "bad-form",
        "token URL",
    ),
    Broken("certificate without key", tls("▸{certFile: a.pem}"), "missing-key", "`keyFile: …`"),
    Broken(
        "literal key password",
        tls(f"{{certFile: a.pem, keyFile: a.key, keyPassword: ▸{SECRET}}}"),
        "literal-secret",
        "${env:NAME}",
    ),
    Broken(
        "reference as a switch",
        tls('{insecure: ▸"${env:I}"}'),
        "wrong-type",
        "`true` or `false`",
    ),
    Broken(
        "reference in a name", mirror('▸"${env:TOPIC}"'), "reference-not-allowed", "${var:NAME}"
    ),
    Broken(
        "reference in a config",
        configs('a.b: ▸"${file:x}"'),
        "reference-not-allowed",
        "${var:NAME}",
    ),
    Broken(
        "reference in an endpoint",
        document(clusters='a: {restEndpoint: ▸"${env:URL}"}\n'),
        "reference-not-allowed",
        "${var:NAME}",
    ),
    Broken(
        "reference without kind",
        auth(f'{{bearer: {{token: ▸"${{{SECRET}}}"}}}}'),
        "bad-reference",
        "${env:NAME}",
    ),
    Broken(
        "reference of another kind",
        auth(f'{{bearer: {{token: ▸"${{vault:{SECRET}}}"}}}}'),
        "bad-reference",
        "${env:NAME}",
    ),
    Broken(
        "reference never closed",
        auth(f'{{bearer: {{token: ▸"${{env:{SECRET}"}}}}'),
        "bad-reference",
        "${env:NAME}",
    ),
    Broken(
        "environment name with a dash",
        auth('{bearer: {token: ▸"${env:MY-TOKEN}"}}'),
        "bad-reference",
        "${env:NAME}",
    ),
    Broken(
        "file without a path",
        auth('{bearer: {token: ▸"${file:}"}}'),
        "bad-reference",
        "${file:PATH}",
    ),
    Broken("missing variable", mirror('▸"${var:TOPIC}"'), "unset-variable", "--var TOPIC=VALUE"),
    Broken(
        "empty variable",
        mirror('▸"${var:TOPIC}"'),
        "unset-variable",
        "--var TOPIC=VALUE",
        {"TOPIC": ""},
    ),
    Broken(
        "variable that does not fit",
        mirror('▸"${var:TOPIC}"'),
        "bad-form",
        "topic name",
        {"TOPIC": "a b"},
    ),
    Broken(
        "literal JAAS",
        credentials(f'{{sasl.jaas.config: ▸\'m required username="u" password="{SECRET}";\'}}'),
        "literal-secret",
        "${file:PATH}",
    ),
    Broken(
        "JAAS half literal",
        credentials(
            f'{{sasl.jaas.config: ▸\'m required username="${{env:U}}" password="{SECRET}";\'}}'
        ),
        "literal-secret",
        "${file:PATH}",
    ),
    Broken(
        "misspelt JAAS",
        credentials(f"{{sasl.jass.config: ▸{SECRET}}}"),
        "literal-secret",
        "${file:PATH}",
    ),
    Broken(
        "JAAS under configs",
        configs(f"▸sasl.jaas.config: {SECRET}"),
        "config-elsewhere",
        "`credentials`",
    ),
    Broken(
        "misspelt JAAS under configs",
        configs(f"sasl.jaas.cofnig: ▸{SECRET}"),
        "literal-secret",
        "${env:NAME}",
    ),
    Broken(
        "literal PEM",
        credentials(f"{{ssl.keystore.key: ▸{SECRET}}}"),
        "literal-secret",
        "${file:PATH}",
    ),
    Broken(
        "literal local JAAS",
        link(f"mode: source\ncredentials: {{local.sasl.jaas.config: ▸{SECRET}}}"),
        "literal-secret",
        "${file:PATH}",
    ),
    Broken(
        "empty protocol", credentials('{security.protocol: ▸""}'), "empty-value", "write a value"
    ),
    Broken(
        "unknown protocol",
        credentials("{security.protocol: ▸TLS}"),
        "bad-config-value",
        "write one of them",
    ),
    Broken(
        "not a security config", credentials("{▸acl.sync.ms: 5}"), "not-a-credential", "`configs`"
    ),
    Broken(
        "user right under credentials",
        credentials(f"{{▸username: {SECRET}}}"),
        "unknown-key",
        "under `sasl`",
    ),
    Broken(
        "sasl without mechanism",
        credentials('{sasl: ▸{username: "${env:U}", password: "${env:P}"}}'),
        "missing-key",
        "`mechanism: …`",
    ),
    Broken(
        "sasl of no mechanism",
        credentials("{sasl: {mechanism: ▸LDAP}}"),
        "not-a-choice",
        "write one of them",
    ),
    Broken(
        "sasl with a literal",
        credentials(f'{{sasl: {{mechanism: PLAIN, username: "${{env:U}}", password: ▸{SECRET}}}}}'),
        "literal-secret",
        "${env:NAME}",
    ),
    Broken(
        "sasl without password",
        credentials('{sasl: ▸{mechanism: PLAIN, username: "${env:U}"}}'),
        "missing-key",
        "`password: …`",
    ),
    Broken(
        "sasl with another's option",
        credentials(f"{{sasl: {{{PLAIN}, ▸keyTab: /k}}}}"),
        "key-of-other-mechanism",
        "`password` and `username`",
    ),
    Broken(
        "kerberos with extensions",
        credentials("{sasl: {mechanism: GSSAPI, principal: p, keyTab: /k, ▸extensions: {a: b}}}"),
        "key-of-other-mechanism",
        "OAUTHBEARER",
    ),
    Broken(
        "said twice",
        credentials(f"{{sasl: {{{PLAIN}}}, ▸sasl.mechanism: PLAIN}}"),
        "credential-twice",
        "not both",
    ),
    Broken(
        "tls of a link with a literal",
        credentials(f"{{tls: {{trust: ▸{SECRET}}}}}"),
        "literal-secret",
        "${file:PATH}",
    ),
    Broken(
        "tls of a link without key",
        credentials(f'{{tls: ▸{{certificate: "{MTLS}"}}}}'),
        "missing-key",
        "`key: …`",
    ),
    Broken("tls as a word", credentials("{tls: ▸required}"), "wrong-type", "`true` or `false`"),
    Broken(
        "local without use",
        credentials(f"{{local: {{sasl: ▸{{{PLAIN}}}}}}}"),
        "local-credentials",
        "remove them",
    ),
    Broken(
        "raw local without use",
        credentials("{▸local.security.protocol: SSL}"),
        "local-credentials",
        "remove them",
    ),
]

MEANING = [
    Broken(
        "unknown source",
        link(ends="source: ▸wset\ndestination: east\n"),
        "unknown-cluster",
        "did you mean `west`",
    ),
    Broken(
        "unknown destination",
        link(ends="source: west\ndestination: ▸moon\n"),
        "unknown-cluster",
        "declared: `east`, `west`",
    ),
    Broken(
        "onto itself",
        link(ends="source: ▸west\ndestination: west\n"),
        "same-cluster",
        "correct one",
    ),
    Broken(
        "between for one way",
        link("▸between: [west, east]"),
        "key-of-other-mode",
        "mode: bidirectional",
    ),
    Broken("sides for one way", link("▸sides: {}"), "key-of-other-mode", "mode: bidirectional"),
    Broken(
        "source for both ways",
        pair(body="source: west").replace("mode:", "▸mode:"),
        "key-of-other-mode",
        "`between`",
    ),
    Broken(
        "prefix for both sides",
        pair(body="prefix: a.").replace("mode:", "▸mode:"),
        "key-of-other-mode",
        "under `sides`",
    ),
    Broken("unknown side", pair("▸wst: {}"), "unknown-side", "did you mean `west`"),
    Broken(
        "both inbound",
        pair("west: {▸connectionMode: inbound}\neast: {connectionMode: inbound}"),
        "nobody-dials",
        "outbound",
    ),
    Broken(
        "inbound with credentials",
        pair("west: {connectionMode: inbound, ▸credentials: {tls: true}}"),
        "inbound-does-not-dial",
        "outbound side",
    ),
    Broken(
        "inbound with an address",
        pair('west: {connectionMode: inbound, ▸bootstrapServers: "e:1"}'),
        "inbound-does-not-dial",
        "outbound side",
    ),
    Broken(
        "mirror without from", pair(body="mirrorTopics: [▸users]"), "missing-key", "from: CLUSTER"
    ),
    Broken(
        "mirror from nowhere",
        pair(body="mirrorTopics: [{name: users, from: ▸north}]"),
        "unknown-side",
        "one of the two",
    ),
    Broken(
        "from for one way", mirror("{name: users, ▸from: west}"), "key-of-other-mode", "`source`"
    ),
    Broken(
        "destination without REST",
        document(
            f"- name: l\n{indent(ENDS.replace('destination: ', 'destination: ▸'), '  ')}",
            clusters='west: {bootstrapServers: "w:1"}\neast: {}\n',
        ),
        "cluster-without-rest",
        "add `restEndpoint`",
    ),
    Broken(
        "source of a pair without REST",
        document(
            f"- name: l\n  mode: source\n{indent(ENDS.replace('source: ', 'source: ▸'), '  ')}",
            clusters=CLUSTERS.replace(', restEndpoint: "http://west:8090/kafka/v3"', ""),
        ),
        "cluster-without-rest",
        "add `restEndpoint`",
    ),
    Broken(
        "nobody knows the address",
        document(
            f"- ▸name: l\n{indent(ENDS, '  ')}",
            clusters=CLUSTERS.replace('bootstrapServers: "west:9092", ', ""),
        ),
        "no-bootstrap-servers",
        "add `bootstrapServers`",
    ),
    Broken(
        "two links of one name",
        document(f"- name: l\n{indent(ENDS, '  ')}- name: ▸l\n{indent(ENDS, '  ')}"),
        "declared-twice",
        "one entry",
    ),
    Broken(
        "two links of one prefix",
        document(
            f"- name: k\n  prefix: a.\n{indent(ENDS, '  ')}- name: l\n  prefix: ▸a.\n{indent(ENDS, '  ')}"
        ),
        "prefix-taken",
        "of its own",
    ),
    Broken(
        "mode as a config", configs("▸link.mode: SOURCE"), "config-elsewhere", "`mode` of the link"
    ),
    Broken(
        "prefix as a config",
        configs("▸cluster.link.prefix: a."),
        "config-elsewhere",
        "`prefix` of the link",
    ),
    Broken(
        "pause as a config",
        configs("▸cluster.link.paused: true"),
        "config-elsewhere",
        "`state` of the link",
    ),
    Broken(
        "filter as a config",
        configs("▸consumer.offset.group.filters: '{}'"),
        "config-elsewhere",
        "`groupFilters`",
    ),
    Broken(
        "address as a config",
        configs('▸bootstrap.servers: "a:1"'),
        "config-elsewhere",
        "`bootstrapServers`",
    ),
    Broken(
        "protocol as a config",
        configs("▸security.protocol: SSL"),
        "config-elsewhere",
        "`credentials`",
    ),
    Broken(
        "new security config as a config",
        configs("▸sasl.brand.new: 1"),
        "config-elsewhere",
        "`credentials`",
    ),
    Broken("empty config", configs('consumer.offset.sync.ms: ▸""'), "empty-value", "resetConfigs"),
    Broken(
        "number as a word", configs("consumer.offset.sync.ms: ▸often"), "bad-config-value", "30000"
    ),
    Broken("number with a unit", configs("acl.sync.ms: ▸5s"), "bad-config-value", "5000"),
    Broken(
        "number too small", configs("consumer.offset.sync.ms: ▸10"), "bad-config-value", "30000"
    ),
    Broken("number too large", configs("acl.sync.ms: ▸99999999999"), "bad-config-value", "5000"),
    Broken(
        "switch as a number",
        configs("consumer.offset.sync.enable: ▸1"),
        "bad-config-value",
        "`false`",
    ),
    Broken("switch as a word", configs("acl.sync.enable: ▸enabled"), "bad-config-value", "`false`"),
    Broken(
        "group prefix without prefix",
        configs("▸consumer.group.prefix.enable: true"),
        "config-needs",
        "`prefix` of the link",
    ),
    Broken(
        "sync list incomplete",
        configs("topic.config.sync.include: ▸retention.ms"),
        "sync-include-incomplete",
        "add them",
    ),
    Broken(
        "set and reset",
        link("configs: {acl.sync.ms: 5000}\nresetConfigs: [▸acl.sync.ms]"),
        "set-and-reset",
        "`configs`",
    ),
    Broken(
        "credential set and reset",
        link('credentials: {sasl.jaas.config: "${file:j}"}\nresetConfigs: [▸sasl.jaas.config]'),
        "set-and-reset",
        "`credentials`",
    ),
    Broken(
        "short credential set and reset",
        link(f"credentials: {{sasl: {{{PLAIN}}}}}\nresetConfigs: [▸sasl.mechanism]"),
        "set-and-reset",
        "`credentials`",
    ),
    Broken(
        "reset of the prefix",
        link("resetConfigs: [▸cluster.link.prefix]"),
        "config-elsewhere",
        "`prefix`",
    ),
    Broken("reset of a filter", link("resetConfigs: [▸acl.filters]"), "config-elsewhere", "`[]`"),
    Broken(
        "reset of the pause",
        link("resetConfigs: [▸cluster.link.paused]"),
        "config-elsewhere",
        "`state`",
    ),
    Broken(
        "groups without switch",
        link("▸groupFilters: [{name: a}]"),
        "filter-without-switch",
        "consumer.offset.sync.enable: true",
    ),
    Broken(
        "groups with the switch off",
        link("configs: {▸consumer.offset.sync.enable: false}\ngroupFilters: [{name: a}]"),
        "filter-without-switch",
        "set `consumer.offset.sync.enable: true`",
    ),
    Broken(
        "topics without switch",
        link("▸topicFilters: [{name: a}]"),
        "filter-without-switch",
        "auto.create",
    ),
    Broken(
        "switch without groups",
        configs("▸consumer.offset.sync.enable: true"),
        "switch-without-filter",
        "groupFilters",
    ),
    Broken(
        "switch with no groups",
        link("configs: {▸consumer.offset.sync.enable: true}\ngroupFilters: []"),
        "switch-without-filter",
        "groupFilters",
    ),
    Broken(
        "ACL sync without filters",
        configs("▸acl.sync.enable: true"),
        "switch-without-filter",
        "aclFilters",
    ),
    Broken(
        "ACL sync with a prefix",
        link(
            "▸prefix: a.\nconfigs: {acl.sync.enable: true}\naclFilters: [{resourceFilter: {resourceType: any, "
            "patternType: any}, accessFilter: {operation: any, permissionType: any}}]"
        ).replace("▸prefix: a.", "prefix: ▸a."),
        "acl-sync-with-prefix",
        "leave the prefix out",
    ),
    Broken("item without keys", mirror("▸{}"), "missing-key", "match: GLOB"),
    Broken(
        "both ways with the keys of one way",
        link("▸mode: bidirectional\nprefix: a."),
        "key-of-other-mode",
        "`between`",
    ),
    Broken(
        "group prefix both ways without prefix",
        link(
            "configs: {▸consumer.group.prefix.enable: true}",
            ends="mode: bidirectional\nbetween: [west, east]\n",
        ),
        "not-on-bidirectional",
        "two links",
    ),
    Broken(
        "a link and its mirror topics twice",
        document(
            f"- name: l\n{indent(ENDS, '  ')}  mirrorTopics: [a, b]\n"
            f"- name: ▸l\n{indent(ENDS, '  ')}  mirrorTopics: [a, b]"
        ),
        "declared-twice",
        "one entry",
    ),
    Broken(
        "groups with the default switch off",
        link("▸groupFilters: [{name: a}]").replace(
            "version: 1\n",
            "version: 1\ndefaults: {configs: {auto.create.mirror.topics.enable: false}}\n",
        ),
        "filter-without-switch",
        "add `consumer.offset.sync.enable: true` to `configs`",
    ),
    Broken(
        "groups on one side without switch",
        pair("west: {▸groupFilters: [{name: a}]}"),
        "filter-without-switch",
        "under `sides`, at `west`",
    ),
    Broken(
        "switch for both sides with groups on one",
        pair(
            "west: {groupFilters: [{name: a}]}",
            "configs: {▸consumer.offset.sync.enable: true}",
        ),
        "switch-without-filter",
        "add `groupFilters` under `sides`, at `east`",
    ),
    Broken(
        "endpoint in capitals",
        document(clusters="new: {restEndpoint: ▸HTTP://h:1/k}\n"),
        "bad-form",
        "small letters",
    ),
    Broken(
        "a quoted number from a variable",
        mirror('{name: a, replicationFactor: ▸"${var:RF}"}'),
        "wrong-type",
        "without quotes",
        {"RF": "3"},
    ),
    Broken(
        "a list as a config",
        configs("topic.config.sync.include: ▸[a, b]"),
        "wrong-type",
        "with commas between",
    ),
    Broken(
        "filters as servers write them",
        link(GROUPS_ON + "groupFilters: ▸{groupFilters: [{name: a}]}"),
        "wrong-type",
        "write the list under its inner `groupFilters` alone",
    ),
    *(
        Broken(
            f"a topic as a key: {item}",
            mirror(f"▸{item}").replace("▸{", "{▸"),
            "unknown-key",
            "`{name: NAME, …}`",
        )
        for item in ("{orders: paused}", "{orders: {state: paused}}", "orders:", "{topic: t}")
    ),
    Broken("neither name nor match", mirror("▸{state: paused}"), "missing-key", "match: GLOB"),
    Broken("name and match", mirror('{name: a, ▸match: "a*"}'), "name-and-match", "two items"),
    Broken(
        "except without match",
        mirror('{name: a, ▸except: ["b*"]}'),
        "except-without-match",
        "remove it",
    ),
    Broken(
        "same topic twice",
        link("mirrorTopics: [users, ▸users]"),
        "mirror-declared-twice",
        "keep one",
    ),
    Broken(
        "same topic in both forms",
        link("mirrorTopics: [users, {name: ▸users}]").replace("name: ▸users}", "▸name: users}"),
        "mirror-declared-twice",
        "keep one",
    ),
    Broken(
        "same match twice",
        link('mirrorTopics: [{match: "a*"}, {match: ▸"a*"}]'),
        "mirror-declared-twice",
        "keep one",
    ),
    Broken(
        "dot beside underscore", link("mirrorTopics: [a.b, ▸a_b]"), "mirror-names-collide", "prefix"
    ),
    Broken(
        "too long with its prefix",
        link(f"prefix: west.\nmirrorTopics: [▸{'t' * 245}]"),
        "mirror-name-too-long",
        "shorter prefix",
    ),
    Broken(
        "goes on without its link",
        link("▸state: absent\nmirrorTopics: [users]"),
        "mirror-outlives-link",
        "`released`",
    ),
    Broken(
        "synced topic config",
        mirror("{name: a, configs: {▸cleanup.policy: compact}}"),
        "synced-topic-config",
        "source topic",
    ),
    Broken(
        "topic config that is made to follow",
        link(
            "configs: {topic.config.sync.include: 'cleanup.policy,max.message.bytes,message.timestamp.type,"
            "message.timestamp.difference.max.ms,retention.ms'}\n"
            "mirrorTopics: [{name: a, configs: {▸retention.ms: 1}}]"
        ),
        "synced-topic-config",
        "topic.config.sync.include",
    ),
    Broken(
        "several go on without their link",
        link(
            "▸state: absent\nmirrorTopics: [a, {name: b, state: paused}, {name: c, state: released}]"
        ),
        "mirror-outlives-link",
        "their `state`",
    ),
    Broken(
        "Cloud without an id",
        document(clusters='a: ▸{restEndpoint: "https://pkc-1.eu.aws.confluent.cloud/kafka/v3"}\n'),
        "cloud-needs-cluster-id",
        "lkc-",
    ),
    Broken(
        "auto-create would bring it back",
        link(
            "configs: {auto.create.mirror.topics.enable: true}\n"
            "▸topicFilters: [{name: us, patternType: PREFIXED}]\n"
            "mirrorTopics: [{name: users, state: absent}]"
        ),
        "comes-back",
        "EXCLUDE",
    ),
    Broken(
        "group prefix both ways",
        pair("west: {prefix: e., configs: {▸consumer.group.prefix.enable: true}}"),
        "not-on-bidirectional",
        "two links",
    ),
    Broken(
        "one topic both ways",
        pair(body="mirrorTopics: [▸{name: users, from: west}, {name: users, from: east}]"),
        "mirror-cycle",
        "`released`",
    ),
    Broken(
        "one topic in a circle of links",
        document(
            "- {name: k, source: west, destination: east, mirrorTopics: [▸users]}\n"
            "- {name: l, source: east, destination: west, mirrorTopics: [users]}\n"
        ),
        "mirror-cycle",
        "prefixes",
    ),
    Broken(
        "empty topic config",
        mirror('{name: a, configs: {a.b: ▸""}}'),
        "empty-value",
        "remove the key",
    ),
]


@pytest.mark.parametrize("case", [*SHAPE, *SECRETS, *MEANING], ids=lambda case: case.id)
def test_each_mistake_is_answered_once_at_its_place(case: Broken) -> None:
    """One mistake gives one error: its code, its position, its cure, and no value of the input."""
    text, at = marked(case.text)
    diagnostics = read(text, variables=case.variables).diagnostics
    assert errors(diagnostics) == [(case.code, str(at))], lines(diagnostics)
    [cure] = [d.cure for d in diagnostics if d.code == case.code]
    assert case.cure in cure
    assert SECRET not in "\n".join(lines(diagnostics))


def test_another_number_is_no_slip_of_the_pen() -> None:
    """Who writes SCRAM-SHA-1 does not mean SCRAM-SHA-512."""
    login = 'mechanism: SCRAM-SHA-1, username: "${env:U}", password: "${env:P}"'
    [finding] = read(credentials(f"{{sasl: {{{login}}}}}")).diagnostics
    assert finding.cure == "write one of them"


_TOKEN = re.compile(r'"[^"\n]*"|[^\s,:}\]]+')
_ADVICE = re.compile(r"did you mean `([^`]+)`|write `([^`$… ]+)`$")


def test_a_cure_that_can_be_copied_cures() -> None:
    """What is suggested word for word is not refused in its turn."""
    tried = 0
    for case in (*SHAPE, *SECRETS, *MEANING):
        text, at = marked(case.text)
        found = read(text, variables=case.variables).diagnostics
        finding = next(d for d in found if d.position == at and d.code == case.code)
        advice = _ADVICE.match(finding.cure)
        before, _, after = case.text.partition(MARK)
        token = _TOKEN.match(after)
        if advice and token:
            cured = before + (advice[1] or advice[2]) + after[token.end() :]
            left = errors(read(cured, variables=case.variables).diagnostics)
            assert str(at) not in [place for _, place in left], (case.id, finding.cure, left)
            tried += 1
    assert tried > 15


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        (auth("{bearer: {token: ▸~}}"), True),
        (link("mirrorTopics: [{name: ▸~}]"), True),
        (tls("{caFile: ▸~}"), False),
        (configs("a.b: ▸~"), False),
    ],
)
def test_a_key_that_is_needed_is_not_to_be_removed(text: str, *, needed: bool) -> None:
    """That would be the next mistake."""
    plain, _ = marked(text)
    [finding] = read(plain).diagnostics
    assert finding.code == "missing-value"
    assert ("remove it" in finding.cure) is not needed


def test_the_table_is_as_long_as_promised() -> None:
    """At least 150 broken inputs, together with those that are not YAML."""
    from tests.spec import test_broken_yaml

    assert len([*SHAPE, *SECRETS, *MEANING, *test_broken_yaml.CASES]) >= 150
