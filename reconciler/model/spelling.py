"""When two texts mean one thing: servers spell booleans, numbers, lists and words their own way.

The planner compares the written with the live by these forms, and the runner compares what it wrote with what it then
sees by the same ones: were they two, a change that is none for the one could be an endless wait for the other.
"""

from __future__ import annotations

from dataclasses import replace

from reconciler.model.catalogue import ConfigType, LinkConfig
from reconciler.model.filters import AclFilter, Filter, NameFilter

TRUE, FALSE = "true", "false"


def canonical(value: str, known: LinkConfig | None) -> str:
    """The normal form of a link config's value; two values mean the same when their normal forms are equal.

    Booleans whatever their case, numbers whatever their zeros, lists whatever their order and blanks, addresses also
    with the protocol before them or without, words from a closed choice whatever their case; names that the catalogue
    does not know letter by letter.
    """
    text = value.strip()
    if known is None:
        return text
    match known.type:
        case ConfigType.BOOLEAN:
            return text.lower()
        case ConfigType.INT | ConfigType.LONG:
            return _number(text)
        case ConfigType.LIST:
            return ",".join(_parts(text))
        case ConfigType.ADDRESSES:
            return ",".join(sorted(addresses(text)))
        case _:
            return text.upper() if known.choices else text


def addresses(text: str | None) -> frozenset[str]:
    """The addresses of a bootstrap list, each in the form in which those that mean the same are equal."""
    return frozenset(map(_address, _parts(text or "")))


def same_untyped(one: str, other: str) -> bool:
    """Whether two values mean the same where no catalogue has types: what reads as a number or a boolean on both sides
    is compared as such.
    """
    first, second = one.strip(), other.strip()
    if {first.lower(), second.lower()} <= {TRUE, FALSE}:
        return first.lower() == second.lower()
    return _number(first) == _number(second)


def folded(row: Filter) -> Filter:
    """A filter row with its words in one case (`ANY` and `any`, `DESCRIBE_CONFIGS` and `describeConfigs`)."""
    match row:
        case NameFilter():
            return replace(
                row, pattern_type=_word(row.pattern_type), filter_type=_word(row.filter_type)
            )
        case AclFilter():
            return replace(
                row,
                resource_type=_word(row.resource_type),
                resource_pattern_type=_word(row.resource_pattern_type),
                operation=_word(row.operation),
                permission_type=_word(row.permission_type),
            )


def bare(row: Filter) -> Filter:
    """A filter row without the properties that we do not know."""
    return replace(row, extra=())


def _parts(text: str) -> list[str]:
    return sorted({part.strip() for part in text.split(",") if part.strip()})


def _address(text: str) -> str:
    """Host and port. Kafka's clients ignore what stands before `://` (Apache Kafka, Utils.getHost), and consoles print
    endpoints with it; names of hosts have no case.
    """
    return text.rpartition("://")[2].lower()


def _number(text: str) -> str:
    try:
        return str(int(text))
    except ValueError:
        return text


def _word(word: str) -> str:
    return word.replace("_", "").casefold()
