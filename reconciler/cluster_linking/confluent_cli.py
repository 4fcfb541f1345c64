"""`confluent kafka …` for clusters on Cloud (cluster-linking reference, section 11.1)."""

from __future__ import annotations

from reconciler.cluster_linking.calls import altered_configs, link_configs
from reconciler.cluster_linking.shell import command, option, properties_file, settings
from reconciler.model.links import LinkMode
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

_OTHER_SIDE = {
    LinkMode.DESTINATION: "source",
    LinkMode.SOURCE: "destination",
    LinkMode.BIDIRECTIONAL: "remote",
}


def lines(cluster_id: str, action: Action) -> tuple[str, ...]:
    """The lines that do the same as the action."""
    found: tuple[str, ...]
    match action:
        case CreateLink():
            found = _create_link(cluster_id, action)
        case AlterLink():
            found = _alter_link(cluster_id, action)
        case SetLinkPaused(address, paused):
            value = f"cluster.link.paused={str(paused).lower()}"
            found = (_link(cluster_id, "configuration", "update", address.link, "--config", value),)
        case DeleteLink(address):
            found = (_link(cluster_id, "delete", address.link),)
        case CreateMirror():
            found = (_create_mirror(cluster_id, action),)
        case AlterMirror(address, set_configs):
            words = ("update", address.mirror, "--config", settings(set_configs))
            found = (_kafka(cluster_id, "topic", *words),)
        case ChangeMirrors(link, verb, mirrors):
            found = (_kafka(cluster_id, "mirror", verb, *mirrors, "--link", link.link),)
        case DeleteTopic(address):
            found = (_kafka(cluster_id, "topic", "delete", address.mirror),)
    return found


def _create_link(cluster_id: str, action: CreateLink) -> tuple[str, ...]:
    half = action.half
    configs = link_configs(half)
    configs.pop("bootstrap.servers", None)
    side = _OTHER_SIDE[half.link_mode]
    file = f"{half.address.link}.properties"
    create = _link(
        cluster_id,
        "create",
        half.address.link,
        *option(f"--{side}-cluster", action.remote_cluster_id or f"<id of {half.remote}>"),
        *option(f"--{side}-bootstrap-server", half.bootstrap_servers),
        *option("--config", file if configs else None),
    )
    return (properties_file(file, configs), create) if configs else (create,)


def _alter_link(cluster_id: str, action: AlterLink) -> tuple[str, ...]:
    configs = altered_configs(action)
    link = action.address.link
    file = f"{link}.properties"
    found: list[str] = []
    if configs:
        found.append(properties_file(file, configs))
        found.append(_link(cluster_id, "configuration", "update", link, "--config", file))
    # The command line can set configs and cannot reset them (cluster-linking reference, section 11.1).
    found.extend(
        f"# no command resets {name}: send DELETE …/links/{link}/configs/{name}"
        for name in sorted(action.reset_configs)
    )
    return tuple(found)


def _create_mirror(cluster_id: str, action: CreateMirror) -> str:
    return _kafka(
        cluster_id,
        "mirror",
        "create",
        action.address.mirror,
        *option("--link", action.address.link),
        *option("--source-topic", action.source_topic),
        *option("--replication-factor", action.replication_factor),
        *option("--config", settings(action.configs) or None),
    )


def _link(cluster_id: str, *words: str) -> str:
    return _kafka(cluster_id, "link", *words)


def _kafka(cluster_id: str, *words: str) -> str:
    return command("confluent", "kafka", *words, "--cluster", cluster_id)
