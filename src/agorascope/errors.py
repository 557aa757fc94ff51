"""Every exception Agorascope raises on purpose.

    AgorascopeError
    ├── UsageError            the call is wrong: exit 2
    │   ├── UnknownName       an analysis, source, table or parameter nobody has
    │   └── BadValue          a value out of its range, or of the wrong type
    ├── InputError            a file cannot be read: exit 2
    │   └── Unrecognised      no source knows the format
    ├── CaseError             the case folder: exit 2
    │   ├── NotACase          no case there, or one from a later version
    │   └── CaseBusy          another process is writing
    ├── BadRecord             one record cannot be mapped: goes to quarantine, never to the user
    └── InvalidFinding        a finding breaks its own contract: a fault of ours, exit 1

A message says what was wrong, what was seen, and what to do.
"""

from agorascope.texts import Message


class AgorascopeError(Exception):
    """Be the root of every error raised on purpose."""


class UsageError(AgorascopeError):
    """Say that the call itself is wrong."""


class UnknownName(UsageError):
    """Say that a name is unknown and list the known ones."""

    def __init__(self, what: str, seen: str, known: list[str]) -> None:
        """Build the message from the kind of name, the name seen and the valid ones."""
        super().__init__(f"unknown {what} {seen!r}; use one of: {', '.join(sorted(known)) or 'none'}")


class BadValue(UsageError):
    """Say that a value is out of range or of the wrong type."""


class InputError(AgorascopeError):
    """Say that a file cannot be read."""


class Unrecognised(InputError):
    """Say that no source knows a file's format, with the formats tried and why each failed."""


class CaseError(AgorascopeError):
    """Say that a case folder cannot be used as asked."""


class NotACase(CaseError):
    """Say that a folder holds no case this version can open."""


class CaseBusy(CaseError):
    """Say that another process is writing to the case."""


class BadRecord(AgorascopeError):
    """Say why one record cannot be mapped, in any language; the reader sends the record to quarantine."""

    def __init__(self, reason: Message) -> None:
        """Keep the reason as a message of the catalogue; as text, the error is that sentence in English."""
        super().__init__(reason)
        self.reason = reason


class InvalidFinding(AgorascopeError):
    """Say that a finding breaks its own contract."""
