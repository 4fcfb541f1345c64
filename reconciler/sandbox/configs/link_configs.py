"""The configs of a link: every key a server lists, its default, and who may change it (cluster-linking reference, section 5).

The first 56 rows and their defaults are those of a captured Confluent Cloud answer; section 14 adds the rest.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from reconciler.sandbox.configs import topic_configs
from reconciler.sandbox.configs.client_configs import security
from reconciler.sandbox.configs.client_properties import CLIENT_PROPERTIES
from reconciler.sandbox.configs.config_keys import ConfigKey, Kind
from reconciler.sandbox.configs.filters import FilterError, acl_rules, name_rules
from reconciler.sandbox.refusals import bad_request, invalid

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from reconciler.sandbox.world.flavours import Flavour

GROUP_FILTERS = "consumer.offset.group.filters"
TOPIC_FILTERS = "auto.create.mirror.topics.filters"
ACL_FILTERS = "acl.filters"
OFFSET_SYNC = "consumer.offset.sync.enable"
OFFSET_SYNC_MS = "consumer.offset.sync.ms"
AUTO_CREATE = "auto.create.mirror.topics.enable"
ACL_SYNC = "acl.sync.enable"
PAUSED = "cluster.link.paused"
PREFIX = "cluster.link.prefix"
GROUP_PREFIX = "consumer.group.prefix.enable"
MODE = "link.mode"
CONNECTION = "connection.mode"
BOOTSTRAP = "bootstrap.servers"
CONFIG_SYNC_MS = "topic.config.sync.ms"
CONFIG_SYNC_INCLUDE = "topic.config.sync.include"
START_OFFSET = "mirror.start.offset.spec"
DISCOVERY_MS = "metadata.max.age.ms"
RETRY_TIMEOUT_MS = "cluster.link.retry.timeout.ms"
CHECK_MS = "availability.check.ms"
CHECK_FAILURES = "availability.check.consecutive.failure.threshold"

#: What each switch works by; turning the switch off empties the filter (section 5.3).
FILTER_OF = {OFFSET_SYNC: GROUP_FILTERS, AUTO_CREATE: TOPIC_FILTERS, ACL_SYNC: ACL_FILTERS}

#: How many rules the text of a filter has; raises FilterError when it is none.
_RULES: Mapping[str, Callable[[str], int]] = {
    GROUP_FILTERS: partial(name_rules, list_key="groupFilters"),
    TOPIC_FILTERS: partial(name_rules, list_key="topicFilters"),
    ACL_FILTERS: acl_rules,
}

_MAX_VALUE = 65536


def _text(
    name: str, default: str | None = None, *, immutable: bool = False, listed: bool = True
) -> ConfigKey:
    return ConfigKey(name, default, immutable=immutable, listed=listed)


def _switch(name: str, *, immutable: bool = False) -> ConfigKey:
    return ConfigKey(name, "false", Kind.BOOLEAN, immutable=immutable)


def _int(name: str, default: int, minimum: int = 0, *, read_only: bool = False) -> ConfigKey:
    return ConfigKey(name, str(default), Kind.INT, minimum=minimum, read_only=read_only)


def _long(name: str, default: int) -> ConfigKey:
    return ConfigKey(name, str(default), Kind.LONG, minimum=0, read_only=True)


def _words(name: str, default: str | None, *words: str) -> ConfigKey:
    return ConfigKey(name, default, immutable=True, words=frozenset(words))


#: The topic configs that follow the source unless a link says otherwise (section 9; the default set is a choice).
SYNCED_BY_DEFAULT = (
    "cleanup.policy,compression.type,delete.retention.ms,max.compaction.lag.ms,max.message.bytes,"
    "message.timestamp.difference.max.ms,message.timestamp.type,min.compaction.lag.ms,"
    "retention.bytes,retention.ms"
)

_KEYS = (
    _words(MODE, "DESTINATION", "DESTINATION", "SOURCE", "BIDIRECTIONAL"),
    _words(CONNECTION, "OUTBOUND", "OUTBOUND", "INBOUND"),
    ConfigKey(
        "remote.link.connection.mode",
        immutable=True,
        listed=False,
        words=frozenset({"OUTBOUND", "INBOUND"}),
    ),
    ConfigKey(BOOTSTRAP, "", Kind.LIST),
    _switch(PAUSED),
    _text(PREFIX, immutable=True),
    _switch(OFFSET_SYNC),
    _int(OFFSET_SYNC_MS, 30000, 1000),
    _text(GROUP_FILTERS, ""),
    _switch(GROUP_PREFIX, immutable=True),
    _switch(ACL_SYNC),
    _int("acl.sync.ms", 5000, 1000),
    _text(ACL_FILTERS, ""),
    _switch(AUTO_CREATE),
    _text(TOPIC_FILTERS, ""),
    _int(CONFIG_SYNC_MS, 5000, 1000),
    ConfigKey(CONFIG_SYNC_INCLUDE, SYNCED_BY_DEFAULT, Kind.LIST),
    _text(START_OFFSET, "earliest"),
    _int(CHECK_MS, 60000, 1000, read_only=True),
    _int(CHECK_FAILURES, 5, 1, read_only=True),
    _int(RETRY_TIMEOUT_MS, 300000, read_only=True),
    _int("num.cluster.link.fetchers", 1, 1, read_only=True),
    _int("replica.fetch.backoff.ms", 1000, read_only=True),
    _int("replica.fetch.max.bytes", 5242880, read_only=True),
    _int("replica.fetch.min.bytes", 1, read_only=True),
    _int("replica.fetch.response.max.bytes", 10485760, read_only=True),
    _int("replica.fetch.wait.max.ms", 500, read_only=True),
    _int("replica.socket.timeout.ms", 30000, read_only=True),
    _int("replica.socket.receive.buffer.bytes", -1, -1),
    _long(DISCOVERY_MS, 300000),
    _int("request.timeout.ms", 30000, read_only=True),
    _long("retry.backoff.ms", 100),
    _long("connections.max.idle.ms", 600000),
    _long("socket.connection.setup.timeout.ms", 10000),
    _long("socket.connection.setup.timeout.max.ms", 30000),
    ConfigKey(
        "client.dns.lookup",
        "use_all_dns_ips",
        words=frozenset({"use_all_dns_ips", "resolve_canonical_bootstrap_servers_only"}),
        any_case=False,
    ),
    # A write of it is taken without complaint and has no effect, as observed on 8.1.2 (section 5.1).
    ConfigKey("link.prefix", read_only=True, listed=False, reads_as=PREFIX),
    _text("local.listener", listed=False),
    _text("local.listener.name", listed=False),
    *security(""),
    *security("local."),
)

KEYS: dict[str, ConfigKey] = {key.name: key for key in sorted(_KEYS, key=lambda key: key.name)}

#: Must stay inside `topic.config.sync.include` (section 9).
ALWAYS_SYNCED = frozenset(
    {
        "cleanup.policy",
        "max.message.bytes",
        "message.timestamp.difference.max.ms",
        "message.timestamp.type",
    }
)


def value_of(configs: dict[str, str], name: str) -> str:
    """The value in force: what was set, else the default, else the empty text."""
    return configs.get(name) or KEYS[name].default or ""


def is_on(configs: dict[str, str], name: str) -> bool:
    return value_of(configs, name).strip().lower() == "true"


def millis(configs: dict[str, str], name: str) -> int:
    return int(value_of(configs, name))


def unfiltered(configs: dict[str, str], switch: str) -> bool:
    """Whether a switch is on that has nothing to work by."""
    name = FILTER_OF[switch]
    return is_on(configs, switch) and not _RULES[name](value_of(configs, name))


def missing_filter(switch: str) -> str:
    """What a server says of a switch that is on without its filter: the words about ACLs, for the others too (choice)."""
    feature = "ACL migration" if switch == ACL_SYNC else switch
    name = FILTER_OF[switch]
    return (
        f"{feature} is enabled but {name} is not set. Please set {name} to proceed with {feature}."
    )


def listed(flavour: Flavour, configs: Mapping[str, str]) -> list[ConfigKey]:
    """The keys that a list shows, by name: those that it always shows and those that are set."""
    always = {key.name for key in KEYS.values() if key.listed and _is_defined(flavour, key)}
    return [find(flavour, name) for name in sorted(always | configs.keys())]


def find(flavour: Flavour, name: str) -> ConfigKey:
    """The key of that name; one that no definition has is any text (`is_defined`)."""
    key = KEYS.get(name)
    if key is not None and _is_defined(flavour, key):
        return key
    return ConfigKey(name, sensitive=key is not None and key.sensitive, listed=False)


def is_defined(flavour: Flavour, name: str) -> bool:
    """Whether a flavour's servers have a definition of a key.

    What else passes they keep and show, and it has no effect: properties of Kafka's clients, and what those of a later
    Kafka know (`check_settable`).
    """
    return name in KEYS and _is_defined(flavour, KEYS[name])


def _is_defined(flavour: Flavour, key: ConfigKey) -> bool:
    return flavour.name not in key.lacking and (flavour.own_brokers or not key.on_own_brokers)


def check_settable(flavour: Flavour, name: str) -> None:
    """Refuse a key that nobody may set there. Raises Refusal (400/40002)."""
    key = KEYS.get(name)
    if key is None:
        if name not in CLIENT_PROPERTIES:
            raise invalid(f"Unknown cluster link configuration '{name}'.")
        return
    if key.reads_as is not None:
        return
    if flavour.read_only_configs and key.read_only:
        raise invalid(f"Cluster link configuration '{name}' is read-only.")
    if key.on_own_brokers and not flavour.own_brokers:
        raise invalid(f"Cluster link configuration '{name}' is not supported.")


def check_value(flavour: Flavour, name: str, value: str) -> None:
    """Refuse a value that the type of its key does not take. Raises Refusal (400)."""
    key = find(flavour, name)
    shown = _shown(key, value)
    if len(value) > _MAX_VALUE:
        raise bad_request(
            f"Config property '{name}' with value '{shown[:32]}...' exceeded max limit of {_MAX_VALUE}."
        )
    reason = key.objection(value) or _content_objection(name, value)
    if reason is not None:
        raise invalid(f"Invalid value {shown} for configuration {name}: {reason}.")


def _shown(key: ConfigKey, value: str) -> str:
    """A value as a complaint may quote it: a secret must not come back, not even then."""
    return "[hidden]" if key.sensitive else value


def _content_objection(name: str, value: str) -> str | None:
    try:
        if name in _RULES:
            _RULES[name](value)
    except FilterError as error:
        return str(error)
    if name == START_OFFSET:
        return _start_objection(value)
    if name == CONFIG_SYNC_INCLUDE:
        return _include_objection({part.strip() for part in value.split(",")} - {""})
    return None


def _start_objection(value: str) -> str | None:
    if value in {"earliest", "latest"}:
        return None
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return "Expected earliest, latest or a timestamp"
    return None


def _include_objection(listed: set[str]) -> str | None:
    """What a link copies: the four that every link does, nothing that no link does (section 9)."""
    missing = sorted(ALWAYS_SYNCED - listed)
    if missing:
        return f"'{missing[0]}' is always synced and must be listed"
    independent = sorted(filter(topic_configs.is_independent, listed))
    if independent:
        return f"'{independent[0]}' is never synced and must not be listed"
    unknown = sorted(listed - topic_configs.DEFAULTS.keys())
    return f"'{unknown[0]}' is not a topic configuration" if unknown else None


def check_together(flavour: Flavour, configs: dict[str, str]) -> None:
    """Refuse combinations that no server accepts (sections 5.1, 6.2, 7, 8). Raises Refusal (400/40002)."""
    mode, connection = value_of(configs, MODE).upper(), value_of(configs, CONNECTION).upper()
    prefix = value_of(configs, PREFIX)
    if mode == "SOURCE" and connection == "INBOUND":
        raise invalid("A cluster link with link.mode=SOURCE cannot have connection.mode=INBOUND.")
    # Who does not dial may do without an address, at creation and ever after.
    if connection != "INBOUND" and not value_of(configs, BOOTSTRAP).strip(", "):
        raise invalid(f"Missing required configuration '{BOOTSTRAP}' which has no default value.")
    if prefix and is_on(configs, ACL_SYNC):
        raise invalid(f"{ACL_SYNC} cannot be used together with {PREFIX}.")
    if flavour.checks_acl_filters and unfiltered(configs, ACL_SYNC):
        raise invalid(missing_filter(ACL_SYNC))
    if is_on(configs, GROUP_PREFIX) and not prefix:
        raise invalid(f"{GROUP_PREFIX} needs {PREFIX}.")
    if is_on(configs, GROUP_PREFIX) and mode == "BIDIRECTIONAL":
        raise invalid(f"{GROUP_PREFIX} is not supported on bidirectional cluster links.")
