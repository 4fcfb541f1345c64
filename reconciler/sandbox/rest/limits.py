"""What answers tell about rate limits (cluster-linking reference, section 10.1).

Cloud publishes no figures, and the sandbox has no quota: every request finds the window untouched (choice), and only a
fault throttles. A server of one's own tells nothing; the page of its DoS filter carries a header of that filter's.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reconciler.sandbox.refusals import throttled
from reconciler.sandbox.rest.call import Reply, refusal_reply

if TYPE_CHECKING:
    from reconciler.sandbox.rest.faults import Fault
    from reconciler.sandbox.world.flavours import Flavour

LIMIT = 100
WINDOW_SECONDS = 1

_PAGE = (
    b"<html><head><title>Error 429 Too Many Requests</title></head>"
    b"<body><h2>HTTP ERROR 429 Too Many Requests</h2></body></html>"
)


def refused(fault: Fault, flavour: Flavour) -> Reply:
    """The 429 of a fault, in JSON or as the page of a servlet container."""
    wait = fault.retry_after
    if wait is None and flavour.tells_limits:
        wait = WINDOW_SECONDS
    headers = [] if wait is None else [("retry-after", str(wait))]
    if not fault.html:
        return replace(refusal_reply(throttled()), headers=headers)
    if not flavour.tells_limits:
        headers.append(("dosfilter", "unavailable"))
    return Reply(429, _PAGE, "text/html;charset=utf-8", headers)


def told(reply: Reply, flavour: Flavour) -> Reply:
    """The answer with what it tells of the limit: one that succeeds, or is refused for it."""
    if not flavour.tells_limits or not (reply.status < 300 or reply.status == 429):
        return reply
    over = reply.status == 429
    reset = dict(reply.headers).get("retry-after", str(WINDOW_SECONDS))
    told = [
        ("x-ratelimit-limit", str(LIMIT)),
        ("x-ratelimit-remaining", str(0 if over else LIMIT - 1)),
        ("x-ratelimit-reset", reset),
    ]
    return replace(reply, headers=[*reply.headers, *told])
