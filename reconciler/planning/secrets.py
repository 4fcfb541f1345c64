"""Secrets that are set on a live link: when they are written nevertheless, and what goes when their mechanism does.

A secret can be seen to be set, and never to be the right one. So it is not compared, and it is written again

    with a change beside it    where visible security configs of its direction are written: a login belongs to its
                               mechanism, a key to the type of its store
    on request                 where somebody asks for it (`--write-secrets`): the way to rotate a key

There are two directions: plain keys for reaching the other cluster, `local.*` for what comes back from there
(cluster-linking reference, section 5.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.model.catalogue import Catalogue, LinkConfig
from reconciler.model.changes import FieldDelta, Resent
from reconciler.model.desired import DesiredHalf
from reconciler.model.spelling import canonical
from reconciler.planning.diff import LiveConfigs, is_hidden, is_set, literal, origin

_LOCAL = "local."
_MECHANISM = "sasl.mechanism"


def secrets_of(half: DesiredHalf, live: LiveConfigs, catalogue: Catalogue) -> frozenset[str]:
    """Names of what a half declares and nobody can compare: hidden by the server, or known by reference only."""
    return frozenset(name for name in half.configs if is_hidden(name, live, catalogue)) | {
        name
        for name, template in half.credentials.items()
        if is_hidden(name, live, catalogue) or literal(template) is None
    }


def set_secrets(half: DesiredHalf, live: LiveConfigs, catalogue: Catalogue) -> tuple[str, ...]:
    """Names of declared secrets that are set on the server, so that nobody can say whether they are the same."""
    return tuple(name for name in sorted(secrets_of(half, live, catalogue)) if is_set(name, live))


def resent_deltas(
    half: DesiredHalf,
    live: LiveConfigs,
    catalogue: Catalogue,
    written: Iterable[FieldDelta],
    *,
    requested: bool,
) -> tuple[FieldDelta, ...]:
    """Secrets that are set and are written again, given what else is `written`."""
    moved = {
        _direction(delta.name)
        for delta in written
        if catalogue.is_security(delta.name) and not delta.hidden
    }

    def reason(name: str) -> Resent | None:
        if catalogue.is_security(name) and _direction(name) in moved:
            return Resent.BESIDE_CHANGE
        return Resent.REQUESTED if requested else None

    return tuple(
        FieldDelta(name, hidden=True, reference=_reference(half, name), resent=why)
        for name in set_secrets(half, live, catalogue)
        if (why := reason(name)) is not None
    )


def left_behind(
    half: DesiredHalf, written: Iterable[FieldDelta], catalogue: Catalogue
) -> frozenset[str]:
    """Names of what only the mechanism that a direction leaves has a use for. They go back to the server's default,
    unless the file declares them: they were made for a login that is no more, and a handler that stays keeps the
    new one from working. Where the mechanism stays, they are as little our business as any config that the file does
    not name.
    """
    return frozenset(
        name
        for delta in written
        if delta.name.removeprefix(_LOCAL) == _MECHANISM
        for name in _of_mechanism(delta, catalogue)
        if name not in half.credentials
    )


def _of_mechanism(change: FieldDelta, catalogue: Catalogue) -> Iterator[str]:
    """What the mechanism before a change uses and the one after it does not, in one direction."""
    known = catalogue.get(change.name)
    before, after = (_mechanism(value, known) for value in (change.before, change.after))
    for name, config in catalogue.configs.items():
        if (
            _direction(name) == _direction(change.name)
            and before in config.mechanisms
            and after not in config.mechanisms
        ):
            yield name


def _mechanism(value: str | None, known: LinkConfig | None) -> str:
    """A mechanism by its one spelling; where none is set, the server's default."""
    default = known.default if known else None
    return canonical(value or default or "", known)


def _direction(name: str) -> str:
    return _LOCAL if name.startswith(_LOCAL) else ""


def _reference(half: DesiredHalf, name: str) -> str:
    template = half.credentials.get(name)
    return "" if template is None else origin(template)
