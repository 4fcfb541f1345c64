"""What can go wrong, as one small tree.

    LinkctlError
    ├── InputError            the files, options or references that the user gave are wrong
    ├── RefusedError          consent is missing, an object is protected, or the plan is out of date; nothing was written
    ├── InterruptedRunError   the user asked to stop
    └── EngineError           a cluster could not be asked, or said no
        ├── NotSentError      nothing reached the server (name, connection, TLS): repeating is safe
        ├── AnswerLostError   the request may have taken effect and the answer is unknown: look before repeating
        ├── ThrottledError    the server asked us to come back later (429): nothing was done
        ├── ServerFaultError  5xx: it may or may not have taken effect
        ├── RejectedError     the server said no (4xx), or is not the API (a redirect, a web page)
        └── UnreadableError   an answer came that is not what the API promises (truncated, empty, not JSON)

Every error carries diagnostics, and those are what a user sees; `str()` of an error is its first line.
"""

from __future__ import annotations

from reconciler.model.diagnostics import Diagnostic


class LinkctlError(Exception):
    """Root of everything that linkctl raises on purpose."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__(*diagnostics)
        self.diagnostics: tuple[Diagnostic, ...] = diagnostics

    def __str__(self) -> str:
        return "; ".join(
            f"{d.where}: {d.message}" if d.where else d.message for d in self.diagnostics
        )


class InputError(LinkctlError):
    """The files, options or references that the user gave are wrong."""


class RefusedError(LinkctlError):
    """Consent is missing, an object is protected or the plan is out of date. Nothing was written."""


class InterruptedRunError(LinkctlError):
    """The user asked to stop."""


class EngineError(LinkctlError):
    """A cluster could not be asked, or said no."""


class NotSentError(EngineError):
    """Nothing reached the server: repeating is safe."""


class AnswerLostError(EngineError):
    """The request may have taken effect and the answer is unknown: look before repeating."""


class ThrottledError(EngineError):
    """The server asked us to come back later. Nothing was done."""

    def __init__(self, *diagnostics: Diagnostic, retry_after: float | None = None) -> None:
        super().__init__(*diagnostics)
        self.retry_after = retry_after
        """Seconds to wait as the server said, if it did."""


class ServerFaultError(EngineError):
    """The server answered 5xx: the request may or may not have taken effect."""

    def __init__(self, *diagnostics: Diagnostic, retry_after: float | None = None) -> None:
        super().__init__(*diagnostics)
        self.retry_after = retry_after
        """Seconds to wait as the server said, if it did."""


class RejectedError(EngineError):
    """The server understood the request and said no, or something that is not the API answered in its place.

    `absent` is true when it said that the link, mirror topic or topic is not there (404); `exists` when the
    name is already taken; `not_yet` when it named a condition that passes by itself shortly after a create
    (cluster-linking reference, section 10.3).
    """

    def __init__(
        self,
        *diagnostics: Diagnostic,
        status: int,
        error_code: int | None = None,
        absent: bool = False,
        exists: bool = False,
        not_yet: bool = False,
    ) -> None:
        super().__init__(*diagnostics)
        self.status = status
        self.error_code = error_code
        self.absent = absent
        self.exists = exists
        self.not_yet = not_yet


class UnreadableError(EngineError):
    """An answer came that is not what the API promises."""
