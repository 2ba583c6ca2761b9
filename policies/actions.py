"""What can be asked of the gateway, and of what besides records."""

from enum import StrEnum


class Action(StrEnum):
    """What a request does. The value is the action's name in the policies and in the log."""

    READ = "read"
    EXPORT = "export"
    SEARCH = "search"
    LIST = "list"
    PUSH = "push"
    REPLAY = "replay"
    READ_AUDIT = "read-audit"
    DECIDE = "decide"


class Service(StrEnum):
    """What an action can be about that is no record of one person."""

    PERSONS = "persons"
    INGEST = "ingest"
    QUARANTINE = "quarantine"
    AUDIT_ENTRIES = "audit-entries"
    IDENTITY_REVIEWS = "identity-reviews"
