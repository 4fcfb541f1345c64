"""The codes of this room: what is wrong with a command line or with the sandbox."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

CODES: Mapping[str, str] = MappingProxyType(
    {
        "usage": "The command line has an option, argument or value that is not known. Ask the command for its --help.",
        "bad-consent": "An `--allow` is not KIND, KIND=N or KIND=ADDRESS. See the examples in the message.",
        "bad-endpoint": "An `--endpoint` is not NAME=URL. Give the name of a cluster and an http or https URL.",
        "bad-scenario": "A scenario says something that the sandbox does not know. Compare it with `linkctl schema scenario`.",
        "cannot-write": "The result cannot be written to stdout. Make room, or write it elsewhere.",
        "needs-yes": "There is no terminal to ask on. Add `--yes`; it is no consent to anything irreversible.",
        "sandbox-unusable": "The sandbox cannot listen or cannot read its snapshot. Choose another port or file.",
        "closed-stdin": "The input is to come from standard input, and that is closed. Pipe a file into it, or name one.",
        "system-error": "The operating system refused something. The message names the file or folder.",
        "unknown-cluster": "A name given on the command line is not one of the clusters. Use a name that stands under `clusters`.",
        "unreadable-file": "A file named on the command line cannot be read. Name a UTF-8 text file that you may read.",
        "unreadable-sandbox": "The kept embedded sandbox cannot be read. Start over with `linkctl sandbox reset`.",
    }
)
