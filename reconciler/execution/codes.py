"""The codes that this room's diagnostics carry, with when each is said and what to do."""

from __future__ import annotations

from collections.abc import Mapping

CODES: Mapping[str, str] = {
    "first-half-missing": "The second half of a link pair needs the id of the first, which could not be read: apply again.",
    "gate-shut": "A mirror topic cannot be promoted from the state it is in: plan again, or heal it first.",
    "gate-timeout": "A mirror topic did not catch up in time and was not promoted: stop producers, then apply again.",
    "group-in-use": "A group whose offsets are synced has members on the destination: stop or exclude it, then promote.",
    "interrupted": "The run was interrupted before this step was sent: apply again when ready.",
    "left-unfinished": "The run was interrupted after this was accepted: plan later to see how it ended.",
    "link-failed": "A new link failed: check bootstrap servers, credentials and routes.",
    "link-still-mirrors": "A link was not deleted because a mirror topic on it is not stopped: stop or delete that first.",
    "link-taken": "A link of this name appeared during the run and is not as declared: plan again.",
    "link-vanished": "A link disappeared during the run: plan again.",
    "mirror-ended": "A mirror topic is in a state from which the wanted one cannot be reached: plan again.",
    "mirror-taken": "The name of a mirror topic appeared during the run under another owner: plan again.",
    "mirror-vanished": "A mirror topic disappeared during the run: see whether the topic still exists, plan again.",
    "moved": "An object is not as the plan saw it, so what cannot be undone was not sent: plan again.",
    "need-failed": "A step was not sent because one that it needs did not succeed: see what is said there.",
    "not-looked": "An irreversible step was not sent because its objects could not be read first: apply again.",
    "not-settled": "Accepted, and the wanted state was not seen in time: plan again to see how it went on.",
    "nothing-fetched": "A mirror topic with lag 0 was never fetched: it is empty, or not read yet; the server decides.",
    "outcome-unknown": "An answer was lost and looking failed too: plan again when the cluster answers.",
    "taken-unseen": "The name of a new object is taken, and no list shows by what: look with the vendor's tools.",
}
