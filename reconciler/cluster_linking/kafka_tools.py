"""`kafka-cluster-links`, `kafka-mirrors` and `kafka-configs` for Confluent Platform (cluster-linking reference, section 11.2)."""

from __future__ import annotations

from reconciler.cluster_linking.calls import altered_configs, link_configs
from reconciler.cluster_linking.catalogue import CATALOGUE
from reconciler.cluster_linking.shell import command, option, properties_file, settings
from reconciler.model.filters import FilterKind
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

_FILTER_OPTIONS = {
    FilterKind.GROUP: "--consumer-group-filters-json",
    FilterKind.TOPIC: "--topic-filters-json",
    FilterKind.ACL: "--acl-filters-json",
}


def lines(bootstrap: str, action: Action) -> tuple[str, ...]:
    """The lines that do the same as the action; `bootstrap` is of the cluster that it goes to."""
    found: tuple[str, ...]
    match action:
        case CreateLink():
            found = _create_link(bootstrap, action)
        case AlterLink():
            found = _alter_link(bootstrap, action)
        case SetLinkPaused(address, paused):
            value = f"cluster.link.paused={str(paused).lower()}"
            found = (_configs(bootstrap, "cluster-links", address.link, "--add-config", value),)
        case DeleteLink(address):
            found = (_tool("kafka-cluster-links", bootstrap, "--delete", "--link", address.link),)
        case CreateMirror():
            found = (_create_mirror(bootstrap, action),)
        case AlterMirror(address, set_configs):
            words = ("--add-config", settings(set_configs))
            found = (_configs(bootstrap, "topics", address.mirror, *words),)
        case ChangeMirrors(_, verb, mirrors):
            topics = ",".join(mirrors)
            found = (_tool("kafka-mirrors", bootstrap, f"--{verb}", "--topics", topics),)
        case DeleteTopic(address):
            found = (_tool("kafka-topics", bootstrap, "--delete", "--topic", address.mirror),)
    return found


def _create_link(bootstrap: str, action: CreateLink) -> tuple[str, ...]:
    half = action.half
    configs = link_configs(half)
    filters = [
        word
        for kind in sorted(half.filters)
        for word in (_FILTER_OPTIONS[kind], str(configs.pop(CATALOGUE.families[kind].config)))
    ]
    file = f"{half.address.link}.properties"
    create = _tool(
        "kafka-cluster-links",
        bootstrap,
        "--create",
        *option("--link", half.address.link),
        *option("--cluster-id", action.remote_cluster_id),
        *option("--config-file", file if configs else None),
        *filters,
    )
    return (properties_file(file, configs), create) if configs else (create,)


def _alter_link(bootstrap: str, action: AlterLink) -> tuple[str, ...]:
    configs = altered_configs(action)
    file = f"{action.address.link}.properties"
    alter = _configs(
        bootstrap,
        "cluster-links",
        action.address.link,
        *option("--add-config-file", file if configs else None),
        *option("--delete-config", ",".join(sorted(action.reset_configs)) or None),
    )
    return (properties_file(file, configs), alter) if configs else (alter,)


def _create_mirror(bootstrap: str, action: CreateMirror) -> str:
    configs = sorted(action.configs.items())
    return _tool(
        "kafka-mirrors",
        bootstrap,
        "--create",
        *option("--mirror-topic", action.address.mirror),
        *option("--source-topic", action.source_topic),
        *option("--link", action.address.link),
        *option("--replication-factor", action.replication_factor),
        *(word for name, value in configs for word in ("--config", f"{name}={value}")),
    )


def _configs(bootstrap: str, entity_type: str, entity: str, *words: str) -> str:
    entity_words = ("--entity-type", entity_type, "--entity-name", entity)
    return _tool("kafka-configs", bootstrap, "--alter", *entity_words, *words)


def _tool(tool: str, bootstrap: str, *words: str) -> str:
    return command(tool, "--bootstrap-server", bootstrap, *words)
