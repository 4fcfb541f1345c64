"""The codes of this room: what keeps a command from starting."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

CODES: Mapping[str, str] = MappingProxyType(
    {
        "bad-variable": "A `--var` or a line of a variables file is not NAME=VALUE, or its quotes are not closed. Write a name, an equals sign and a value.",
        "cloud-needs-cluster-id": "An `--endpoint` is Confluent Cloud's, whose REST API does not tell the id of a cluster. Declare the cluster in a file, with its `clusterId`.",
        "convert-assumed": "The files of `kafka-cluster-links` do not say this, so it is assumed. Check it, and correct the result.",
        "convert-bad-filters": "A filter file is not what `kafka-cluster-links` reads. Correct it at the place shown.",
        "convert-bad-name": "A name given to an option cannot be one. The message says what such a name looks like.",
        "convert-bad-properties": "A properties file cannot be read. Correct it at the place shown.",
        "convert-contradiction": "Two files say different things about one config. Keep one of them.",
        "convert-dropped": "A line has no use on a link: it has no value, a later line wins, or it is for other clients. Nothing to do.",
        "convert-librdkafka": "The file is that of a librdkafka client, and its login does not make that of a link. Correct it at the place shown.",
        "convert-other-half": "The file describes one half of a pair and does not say enough. Add the file of the half that dials.",
        "convert-secret": "A secret became a reference to an environment variable, or to its file. Set the variable, or see that the path is right.",
        "convert-two-way": "Not what a bidirectional link needs. Give two files: that of the destination's side, then that of the source's.",
        "export-left-out": "Something live cannot be written so that a plan of it is empty. It is left out and stays as it is.",
        "export-no-endpoint": "No cluster has a REST endpoint. Name clusters in a file or with `--endpoint`.",
        "export-no-such-link": "No live link has the name that `--link` asks for. Use the name or a glob of one.",
        "export-not-faithful": "A plan of the export would not be empty, so nothing was exported. Leave the link out, and report it.",
        "export-path": "A path counts from the folder of the file that names it, and the export is a new file. Check it.",
        "export-same-cluster": "Two names stand for one cluster. Keep one of them.",
        "export-secret": "A secret that is set became a reference to an environment variable. Set the variable before an apply.",
        "export-unreadable": "Something could not be read, so nothing was exported. Make it readable, or leave that cluster out.",
        "endpoint-in-clear": "Credentials would go to an `--endpoint` over http. Give an https URL.",
        "journal-broken": "The journal cannot be written any more, so the run was broken off. Make room and run the same command again.",
        "no-journal": "The journal of a run cannot be written, so nothing was sent. Run it where you may write.",
        "not-one-file": "A folder was named where a single file is wanted. Name one file.",
        "scenario-unreadable": "A copy for rehearsals needs everything, and something could not be read. Cure what is named beside it.",
        "unknown-cluster": "A name given on the command line is not one of the clusters. Use a name that stands under `clusters`.",
    }
)
