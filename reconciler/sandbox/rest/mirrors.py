"""`/links/{link}/mirrors`: mirror topics and the verbs on them (cluster-linking reference, section 3)."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

from reconciler.sandbox.behaviour import flow
from reconciler.sandbox.operations import lifecycle, linking, mirroring, restore, reversal
from reconciler.sandbox.refusals import bad_request, linking_disabled, not_found
from reconciler.sandbox.rest import mirror_rows
from reconciler.sandbox.rest.call import Reply, empty, encode, listing, resource
from reconciler.sandbox.rest.links import error_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from reconciler.sandbox.rest.call import Call

#: A path segment after `mirrors:` and the verb that it means. Platform 7.5 has the last two in place of the three
#: before them (section 3.1).
MODERN_VERBS = {verb: verb for verb in (reversal.START, reversal.PAUSE, restore.VERB)}
OLD_VERBS = {
    "promote-local-and-start-remote-mirror": reversal.START,
    "promote-local-and-pause-remote-mirror": reversal.PAUSE,
}
VERBS = {
    **{verb: verb for verb in ("promote", "failover", "pause", "resume")},
    **MODERN_VERBS,
    **OLD_VERBS,
}


def list_mirrors(call: Call) -> Reply:
    link = linking.find(call.cluster, call.params["link"])
    return _list(call, link.name)


def list_all_mirrors(call: Call) -> Reply:
    if not call.cluster.linking_enabled:
        raise linking_disabled()
    return _list(call, mirror_rows.ALL)


def _list(call: Call, link: str) -> Reply:
    wanted = call.query.get("mirror_status")
    if wanted is not None and wanted not in call.cluster.flavour.statuses:
        raise bad_request(f"Cannot deserialize value of 'mirror_status': '{wanted}' is unknown.")
    url = call.url("links", link or "-", "mirrors")
    envelope = f'{{"kind":"KafkaMirrorDataList","metadata":{{"self":"{url}","next":null}},"data":['
    parts = call.cluster.rows.listed(call.url(), link, wanted)
    return Reply(200, rows=iter((envelope.encode(), *parts, b"]}")))


def get_mirror(call: Call) -> Reply:
    mirror = mirroring.find(call.cluster, call.params["link"], call.params["mirror"])
    row = call.cluster.rows.one(mirror, call.url())
    if call.flag("include_state_transition_errors") and call.cluster.flavour.modern_fields:
        errors = error_rows(lifecycle.transition_errors(call.cluster, mirror))
        row = row[:-1] + f',"mirror_state_transition_errors":{json.dumps(errors)}}}'.encode()
    return Reply(200, row)


def create_mirror(call: Call) -> Reply:
    body = call.body()
    request = mirroring.MirrorRequest(
        source_topic=body.required_text("source_topic_name"),
        mirror_topic=body.text("mirror_topic_name"),
        replication_factor=body.integer("replication_factor"),
        configs=body.configs(),
    )
    mirroring.create(call.cluster, call.params["link"], request)
    return empty(204 if call.options.strict_codes else 201)


def action(segment: str) -> Callable[[Call], Reply]:
    """The handler of `mirrors:<segment>`."""
    return partial(_act, segment)


def _act(segment: str, call: Call) -> Reply:
    missing = OLD_VERBS if call.cluster.flavour.modern_verbs else MODERN_VERBS
    if segment in missing:
        raise not_found()
    body, link = call.body(), call.params["link"]
    linking.find(call.cluster, link)
    names = mirroring.select(
        call.cluster,
        link,
        body.texts("mirror_topic_names"),
        body.text("mirror_topic_name_pattern") if call.cluster.flavour.modern_verbs else None,
    )
    outcomes = mirroring.act(
        call.cluster,
        link,
        VERBS[segment],
        names,
        validate_only=call.flag("validate_only"),
    )
    detailed = call.flag("include_partition_level_truncation_data")
    rows = (encode(_outcome_row(call, link, outcome, detailed=detailed)) for outcome in outcomes)
    # Whatever the verb: captured from Cloud. The document's examples have one of another kind for all of them too.
    return listing("KafkaAlterMirrorsDataList", call.url("links", link, "mirrors"), rows)


def _outcome_row(
    call: Call, link: str, outcome: mirroring.Outcome, *, detailed: bool
) -> dict[str, object]:
    code, message = outcome.error or (None, None)
    cuts = outcome.cuts
    return resource(
        "AlterMirrorsData",
        call.url("links", link, "mirrors", outcome.topic),
        mirror_topic_name=outcome.topic,
        error_code=code,
        error_message=message,
        mirror_lags=lag_rows(outcome.lags),
        messages_truncated=sum(cut.messages for cut in cuts) if cuts else None,
        partition_level_truncation_data=[
            {
                "partition_id": cut.partition,
                "offset_truncated_to": cut.to,
                "messages_truncated": cut.messages,
            }
            for cut in (cuts if detailed else ())
        ],
    )


def lag_rows(lags: list[flow.Lag]) -> list[dict[str, int]]:
    return [
        {"partition": lag.partition, "lag": lag.lag, "last_source_fetch_offset": lag.fetched}
        for lag in lags
    ]
