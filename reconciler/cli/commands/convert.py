"""`linkctl convert`: the files of `kafka-cluster-links`, as a links.yaml."""

from __future__ import annotations

from typing import Annotated

import typer

from reconciler.cli.console import Console
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.inputs import parse_endpoints, stdin_bytes
from reconciler.cli.options import Endpoints
from reconciler.model.filters import FilterKind
from reconciler.workflows.convert import FILTER_OPTIONS, Names, read_files
from reconciler.workflows.convert import convert as convert_files

Link = Annotated[str, typer.Option("--link", metavar="NAME", help="Name of the link.")]
ConfigFiles = Annotated[
    list[str],
    typer.Option(
        "--config-file",
        metavar="PATH",
        help="Properties of the link, or of a client of the source; of a source-initiated link, those of both halves; of a "
        "bidirectional link, first those of the destination's side, then those of the source's.",
    ),
]
Destination = Annotated[
    str, typer.Option("--destination", metavar="NAME", help="Name for the destination cluster.")
]
SourceName = Annotated[
    str | None,
    typer.Option(
        "--source",
        metavar="NAME",
        help="Name for the source cluster. Without it, the host that is dialled.",
    ),
]
GroupFilters = Annotated[
    list[str] | None,
    typer.Option(
        FILTER_OPTIONS[FilterKind.GROUP],
        metavar="PATH",
        help="Filters of consumer groups; of a bidirectional link, one for each side.",
    ),
]
TopicFilters = Annotated[
    list[str] | None,
    typer.Option(
        FILTER_OPTIONS[FilterKind.TOPIC], metavar="PATH", help="Filters of topics, likewise."
    ),
]
AclFilters = Annotated[
    list[str] | None,
    typer.Option(FILTER_OPTIONS[FilterKind.ACL], metavar="PATH", help="Filters of ACLs, likewise."),
]
Mirrors = Annotated[
    list[str] | None,
    typer.Option(
        "--mirror", metavar="NAME", help="Source topics to mirror: --mirror a b c, or repeated."
    ),
]
ClusterIds = Annotated[
    list[str] | None,
    typer.Option(
        "--cluster-id", metavar="NAME=ID", help="Id of a cluster; Confluent Cloud needs it."
    ),
]
MoreMirrors = Annotated[
    list[str] | None,
    typer.Argument(metavar="[NAME]...", help="More source topics, as in --mirror a b c."),
]


def convert(
    link: Link,
    config_file: ConfigFiles,
    destination: Destination,
    source: SourceName = None,
    groups: GroupFilters = None,
    topics: TopicFilters = None,
    acls: AclFilters = None,
    mirror: Mirrors = None,
    endpoint: Endpoints = None,
    cluster_id: ClusterIds = None,
    more: MoreMirrors = None,
) -> int:
    """Turn the files of kafka-cluster-links into a links.yaml; says on stderr what they leave open."""
    console = Console.standard()
    chosen = {FilterKind.GROUP: groups, FilterKind.TOPIC: topics, FilterKind.ACL: acls}
    files = read_files(
        config_file, {kind: paths for kind, paths in chosen.items() if paths}, stdin_bytes
    )
    names = Names(
        link,
        destination,
        source,
        _mirrors(mirror or [], more or []),
        parse_endpoints(endpoint or ()),
        dict(map(_id, cluster_id or ())),
    )
    converted = convert_files(names, files)
    console.problems(converted.diagnostics)
    console.result(converted.text)
    return ExitCode.OK


def _mirrors(mirror: list[str], more: list[str]) -> tuple[str, ...]:
    """The names after `--mirror`, each once; a name that follows no `--mirror` is a slip."""
    if more and not mirror:
        raise typer.BadParameter("names of mirror topics follow --mirror", param_hint="NAME")
    return tuple(dict.fromkeys((*mirror, *more)))


def _id(text: str) -> tuple[str, str]:
    """NAME=ID; `kafka-cluster-links` has only one cluster whose id it could mean, and takes the id alone."""
    name, separator, found = text.partition("=")
    if not separator:
        raise typer.BadParameter(
            "say whose id it is, as in ig-test2=lkc-abc123", param_hint="--cluster-id"
        )
    return name, found
