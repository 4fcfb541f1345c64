"""The words for changes, steps and filters: one place, so that plan, progress and run report say the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.model.address import Address, LinkAddress, MirrorAddress
from reconciler.model.changes import ChangeKind, FieldDelta, Resent
from reconciler.model.diagnostics import Severity
from reconciler.model.events import Outcome
from reconciler.model.filters import AclFilter, Filter, NameFilter
from reconciler.model.mirrors import MirrorVerb
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
from reconciler.reporting.layout import counted
from reconciler.reporting.paint import Style

SERVER_DEFAULT = "server default"
NOT_SET = "(not set)"


@dataclass(frozen=True, slots=True)
class Phrase:
    """How a kind of change is said: `+ create mirror topic`."""

    symbol: str
    verb: str
    noun: str
    style: Style

    def __str__(self) -> str:
        return f"{self.symbol} {self.verb} {self.noun}"

    def many(self, count: int) -> str:
        """`+ create 5,000 mirror topics`."""
        return f"{self.symbol} {self.verb} {counted(count, self.noun)}"


PHRASES = {
    ChangeKind.CREATE_LINK: Phrase("+", "create", "link", Style.GOOD),
    ChangeKind.CONFIGURE_LINK: Phrase("~", "configure", "link", Style.CHANGED),
    ChangeKind.PAUSE_LINK: Phrase("~", "pause", "link", Style.CHANGED),
    ChangeKind.RESUME_LINK: Phrase("~", "resume", "link", Style.CHANGED),
    ChangeKind.DELETE_LINK: Phrase("!", "delete", "link", Style.DANGER),
    ChangeKind.CREATE_MIRROR: Phrase("+", "create", "mirror topic", Style.GOOD),
    ChangeKind.CONFIGURE_MIRROR: Phrase("~", "configure", "mirror topic", Style.CHANGED),
    ChangeKind.PAUSE_MIRROR: Phrase("~", "pause", "mirror topic", Style.CHANGED),
    ChangeKind.RESUME_MIRROR: Phrase("~", "resume", "mirror topic", Style.CHANGED),
    ChangeKind.PROMOTE: Phrase("!", "promote", "mirror topic", Style.DANGER),
    ChangeKind.FAILOVER: Phrase("!", "fail over", "mirror topic", Style.DANGER),
    ChangeKind.DELETE_TOPIC: Phrase("!", "delete", "topic", Style.DANGER),
    ChangeKind.DELETE_RELEASED: Phrase("!", "delete", "released topic", Style.DANGER),
    ChangeKind.RECREATE_MIRROR: Phrase("!", "recreate", "mirror topic", Style.DANGER),
}

CREATIONS = frozenset({ChangeKind.CREATE_LINK, ChangeKind.CREATE_MIRROR})

SEVERITY_STYLES = {
    Severity.ERROR: Style.DANGER,
    Severity.BLOCKED: Style.BAD,
    Severity.WAITING: Style.WARNING,
    Severity.WARNING: Style.WARNING,
    Severity.NOTE: Style.QUIET,
}

OUTCOME_WORDS = {
    Outcome.SUCCEEDED: "ok",
    Outcome.FAILED: "FAILED",
    Outcome.TIMED_OUT: "TIMED OUT",
    Outcome.UNFINISHED: "unfinished",
    Outcome.SKIPPED: "skipped",
}

OUTCOME_STYLES = {
    Outcome.SUCCEEDED: Style.GOOD,
    Outcome.FAILED: Style.DANGER,
    Outcome.TIMED_OUT: Style.DANGER,
    Outcome.UNFINISHED: Style.WARNING,
    Outcome.SKIPPED: Style.WARNING,
}

RESENT_WORDS = {
    Resent.BESIDE_CHANGE: "sent again because security configs beside it change",
    Resent.REQUESTED: "sent again on request",
}

_VERBS = {
    MirrorVerb.PAUSE: "pause",
    MirrorVerb.RESUME: "resume",
    MirrorVerb.PROMOTE: "promote",
    MirrorVerb.FAILOVER: "fail over",
}


def short_name(address: Address) -> str:
    """The last part of an address, for places where the link is said already."""
    return address.mirror if isinstance(address, MirrorAddress) else address.link


def action_verb(action: Action) -> str:  # noqa: PLR0911 - one answer per kind of action
    """The stable word for an action in JSON."""
    match action:
        case CreateLink():
            return "create-link"
        case AlterLink():
            return "configure-link"
        case SetLinkPaused(paused=paused):
            return "pause-link" if paused else "resume-link"
        case DeleteLink():
            return "delete-link"
        case CreateMirror():
            return "create-mirror"
        case AlterMirror():
            return "configure-mirror"
        case ChangeMirrors(verb=verb):
            return str(verb)
        case DeleteTopic():
            return "delete-topic"


def action_addresses(action: Action) -> tuple[Address, ...]:
    """The objects that an action writes."""
    match action:
        case CreateLink(half=half):
            return (half.address,)
        case ChangeMirrors(link=link, mirrors=mirrors):
            return tuple(link.mirror(name) for name in mirrors)
        case _:
            return (action.address,)


def describe(*actions: Action) -> str:
    """Actions of one family in a few words: `create link ig-test2/test-link`, `pause 40 mirror topics of a/b`."""
    verb, noun = _words(actions[0])
    addresses = [address for action in actions for address in action_addresses(action)]
    if len(addresses) == 1:
        return f"{verb} {noun} {addresses[0]}"
    first = addresses[0]
    whose = f" of {first.link_address}" if isinstance(first, MirrorAddress) else ""
    return f"{verb} {counted(len(addresses), noun)}{whose}"


def family(action: Action) -> tuple[str, str, LinkAddress | None]:
    """What actions have in common that are told as one: what they do, and the link of their mirror topics."""
    first = action_addresses(action)[0]
    return *_words(action), first.link_address if isinstance(first, MirrorAddress) else None


def _words(action: Action) -> tuple[str, str]:  # noqa: PLR0911 - one answer per kind of action
    """What an action does, and to what."""
    match action:
        case CreateLink():
            return "create", "link"
        case AlterLink():
            return "configure", "link"
        case SetLinkPaused(paused=paused):
            return "pause" if paused else "resume", "link"
        case DeleteLink():
            return "delete", "link"
        case CreateMirror():
            return "create", "mirror topic"
        case AlterMirror():
            return "configure", "mirror topic"
        case ChangeMirrors(verb=verb):
            return _VERBS[verb], "mirror topic"
        case DeleteTopic():
            return "delete", "topic"


def field_value(delta: FieldDelta, *, creating: bool) -> tuple[str, ...]:
    """What a field was and becomes, as one piece (nothing to compare) or as two. A secret shows where it comes from, and
    why it is sent although one is set.
    """
    if delta.hidden:
        said = ["secret"]
        if delta.reference:
            said.append(f"from {delta.reference}")
        if delta.resent is not None:
            said.append(RESENT_WORDS[delta.resent])
        return (f"({', '.join(said)})",)
    after = SERVER_DEFAULT if delta.after is None else quoted_if_odd(delta.after)
    if creating and delta.before is None:
        return (after,)
    return (NOT_SET if delta.before is None else quoted_if_odd(delta.before), after)


def quoted_if_odd(value: str) -> str:
    """A value as it is, unless its edges could not be seen or it could be taken for one of our words."""
    odd = value != value.strip() or not value or value in {SERVER_DEFAULT, NOT_SET}
    return f'"{value}"' if odd else value


def filter_row(row: Filter) -> str:
    """A filter row as one line: `INCLUDE LITERAL orders`."""
    return " ".join(_filter_words(row))


def _filter_words(row: Filter) -> Iterator[str]:
    match row:
        case NameFilter():
            yield from (row.filter_type, row.pattern_type, quoted_if_odd(row.name))
        case AclFilter():
            yield from (row.permission_type, row.operation, "on", row.resource_type)
            yield from (row.resource_pattern_type, row.resource_name or "(any name)")
            yield f"principal {row.principal or '(any)'}"
            yield f"host {row.host or '(any)'}"
    yield from (f"{key}={value}" for key, value in row.extra)
