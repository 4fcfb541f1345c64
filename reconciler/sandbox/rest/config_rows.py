"""The JSON rows of topic configs: thousands of topics share each of them but for the topic's name.

So a row is written once for each config and value, in the three pieces between which the name stands: in the URL, and
by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.sandbox.configs import topic_configs
from reconciler.sandbox.rest.call import encode, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from reconciler.sandbox.rest.call import Call


class ConfigRows:
    """The rows of one answer."""

    def __init__(self, call: Call) -> None:
        url = call.url("topics")
        self._head = f'{{"kind":"KafkaTopicConfig","metadata":{{"self":"{url}/'.encode()
        self._cluster_id = encode(call.cluster.cluster_id)
        self._pieces: dict[tuple[str, str | None], tuple[bytes, bytes, bytes]] = {}

    def of(
        self, topic: str, own: Mapping[str, str], configs: Iterable[str] = topic_configs.DEFAULTS
    ) -> bytes:
        """The rows of a topic that sets `own`, separated by commas."""
        in_url, by_itself = quoted(topic).encode(), encode(topic)
        rows = []
        for config in configs:
            head, between, rest = self._written(config, own.get(config))
            rows.append(b"".join((head, in_url, between, by_itself, rest)))
        return b",".join(rows)

    def _written(self, config: str, own: str | None) -> tuple[bytes, bytes, bytes]:
        """A row without its topic; `own` is None where the default holds."""
        pieces = self._pieces.get((config, own))
        if pieces is None:
            between = b'/configs/%b"},"cluster_id":%b,"topic_name":'
            rest = b"," + encode(_described(config, own))[1:]
            pieces = self._head, between % (config.encode(), self._cluster_id), rest
            self._pieces[config, own] = pieces
        return pieces


def _described(config: str, own: str | None) -> dict[str, object]:
    """What a row says of a config, whichever topic it belongs to."""
    default = topic_configs.DEFAULTS[config]
    synonyms = [{"name": config, "value": default, "source": "DEFAULT_CONFIG"}]
    if own is not None:
        synonyms.insert(0, {"name": config, "value": own, "source": "DYNAMIC_TOPIC_CONFIG"})
    return {
        "name": config,
        "value": default if own is None else own,
        "is_default": own is None,
        "is_read_only": False,
        "is_sensitive": False,
        "source": synonyms[0]["source"],
        "synonyms": synonyms,
    }
