"""The vendor's command lines that do the same as an action."""

from __future__ import annotations

import pytest

from reconciler.model.filters import FilterKind
from reconciler.model.links import ConnectionMode, LinkMode
from reconciler.model.mirrors import MirrorVerb
from reconciler.model.secrets import Template
from reconciler.model.steps import (
    Action,
    AlterLink,
    AlterMirror,
    ChangeMirrors,
    CreateLink,
    CreateMirror,
    DeleteLink,
    DeleteTopic,
    SetLinkPaused,
)
from tests.cluster_linking.test_writer import GROUPS, GROUPS_TEXT, JAAS, LINK, MIRROR, half
from tests.cluster_linking.wire import cluster, engine

CREATE = CreateLink(
    half(
        configs={"consumer.offset.sync.enable": "true"},
        credentials={"security.protocol": Template.literal("SASL_SSL"), "sasl.jaas.config": JAAS},
        filters={FilterKind.GROUP: GROUPS},
    ),
    remote_cluster_id="src-id",
)
ALTER = AlterLink(
    LINK, {"acl.sync.ms": "1"}, ("retry.backoff.ms",), filters={FilterKind.GROUP: GROUPS}
)

CLOUD: list[tuple[Action, list[str]]] = [
    (
        CREATE,
        [
            (
                "printf '%s\\n' "
                f"'consumer.offset.group.filters={GROUPS_TEXT}' consumer.offset.sync.enable=true "
                "'sasl.jaas.config=${env:IG_SECRET}' security.protocol=SASL_SSL > test-link.properties"
            ),
            (
                "confluent kafka link create test-link --source-cluster src-id "
                "--source-bootstrap-server ig-test1:9092 --config test-link.properties --cluster lkc-1"
            ),
        ],
    ),
    (
        CreateLink(half(link_mode=LinkMode.SOURCE, remote_connection_mode=ConnectionMode.INBOUND)),
        [
            "printf '%s\\n' connection.mode=OUTBOUND link.mode=SOURCE > test-link.properties",
            (
                "confluent kafka link create test-link --destination-cluster '<id of ig-test1>' "
                "--destination-bootstrap-server ig-test1:9092 --config test-link.properties "
                "--cluster lkc-1"
            ),
        ],
    ),
    (
        ALTER,
        [
            (
                f"printf '%s\\n' acl.sync.ms=1 'consumer.offset.group.filters={GROUPS_TEXT}' "
                "> test-link.properties"
            ),
            (
                "confluent kafka link configuration update test-link --config test-link.properties "
                "--cluster lkc-1"
            ),
            "# no command resets retry.backoff.ms: send DELETE …/links/test-link/configs/retry.backoff.ms",
        ],
    ),
    (
        SetLinkPaused(LINK, paused=True),
        [
            (
                "confluent kafka link configuration update test-link --config cluster.link.paused=true "
                "--cluster lkc-1"
            )
        ],
    ),
    (DeleteLink(LINK), ["confluent kafka link delete test-link --cluster lkc-1"]),
    (
        CreateMirror(MIRROR, "users", 3, {"a": "b"}),
        [
            (
                "confluent kafka mirror create east.users --link test-link --source-topic users "
                "--replication-factor 3 --config a=b --cluster lkc-1"
            )
        ],
    ),
    (
        AlterMirror(MIRROR, {"retention.ms": "1"}),
        ["confluent kafka topic update east.users --config retention.ms=1 --cluster lkc-1"],
    ),
    (
        ChangeMirrors(LINK, MirrorVerb.PROMOTE, ("a", "b")),
        ["confluent kafka mirror promote a b --link test-link --cluster lkc-1"],
    ),
    (DeleteTopic(MIRROR), ["confluent kafka topic delete east.users --cluster lkc-1"]),
]

PLATFORM: list[tuple[Action, list[str]]] = [
    (
        CREATE,
        [
            (
                "printf '%s\\n' bootstrap.servers=ig-test1:9092 consumer.offset.sync.enable=true "
                "'sasl.jaas.config=${env:IG_SECRET}' security.protocol=SASL_SSL > test-link.properties"
            ),
            (
                "kafka-cluster-links --bootstrap-server ig-test2:9092 --create --link test-link "
                "--cluster-id src-id --config-file test-link.properties "
                f"--consumer-group-filters-json '{GROUPS_TEXT}'"
            ),
        ],
    ),
    (
        ALTER,
        [
            (
                f"printf '%s\\n' acl.sync.ms=1 'consumer.offset.group.filters={GROUPS_TEXT}' "
                "> test-link.properties"
            ),
            (
                "kafka-configs --bootstrap-server ig-test2:9092 --alter --entity-type cluster-links "
                "--entity-name test-link --add-config-file test-link.properties "
                "--delete-config retry.backoff.ms"
            ),
        ],
    ),
    (
        SetLinkPaused(LINK, paused=False),
        [
            (
                "kafka-configs --bootstrap-server ig-test2:9092 --alter --entity-type cluster-links "
                "--entity-name test-link --add-config cluster.link.paused=false"
            )
        ],
    ),
    (
        DeleteLink(LINK),
        ["kafka-cluster-links --bootstrap-server ig-test2:9092 --delete --link test-link"],
    ),
    (
        CreateMirror(MIRROR, "users", 3, {"a": "b"}),
        [
            (
                "kafka-mirrors --bootstrap-server ig-test2:9092 --create --mirror-topic east.users "
                "--source-topic users --link test-link --replication-factor 3 --config a=b"
            )
        ],
    ),
    (
        AlterMirror(MIRROR, {"retention.ms": "1"}),
        [
            (
                "kafka-configs --bootstrap-server ig-test2:9092 --alter --entity-type topics "
                "--entity-name east.users --add-config retention.ms=1"
            )
        ],
    ),
    (
        ChangeMirrors(LINK, MirrorVerb.FAILOVER, ("a", "b")),
        ["kafka-mirrors --bootstrap-server ig-test2:9092 --failover --topics a,b"],
    ),
    (
        DeleteTopic(MIRROR),
        ["kafka-topics --bootstrap-server ig-test2:9092 --delete --topic east.users"],
    ),
]


@pytest.mark.parametrize(("action", "lines"), CLOUD)
def test_cloud_takes_the_vendors_command_line(action: Action, lines: list[str]) -> None:
    """A cluster with a Cloud id is managed by `confluent kafka`."""
    assert list(engine(None, cluster(cluster_id="lkc-1")).command_lines(action)) == lines


@pytest.mark.parametrize(("action", "lines"), PLATFORM)
def test_platform_takes_the_tools_that_it_ships(action: Action, lines: list[str]) -> None:
    """Any other cluster is managed by the tools beside its brokers."""
    assert list(engine(None).command_lines(action)) == lines


def test_hostile_names_stay_words() -> None:
    """Whatever a name holds, a shell reads it as one word."""
    evil = ChangeMirrors(LINK, MirrorVerb.PAUSE, ("$(reboot)", "a;b"))
    (text,) = engine(None, cluster(cluster_id="lkc-1")).command_lines(evil)
    assert "'$(reboot)' 'a;b'" in text
