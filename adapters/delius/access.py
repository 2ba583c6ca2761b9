"""Limited access. The flags or lists of users decide; a message alone never does.

A record is written whenever Delius states its flags, also when both are false, so that a
limitation can be lifted. Flags come without names, so the newest lists of users keep a document
of their own (`named-users`) beside the newest statement (`current`).
"""

from adapters.base import MappedRecord
from adapters.reading import Node
from schemas.limited_access import LimitedAccess


def from_flags(node: Node) -> list[MappedRecord]:
    """`currentExclusion` and `currentRestriction`, or nothing where neither is stated."""
    if node["accessDenied"].flag():
        node["accessDenied"].warn("limited-access")
    if not (node["currentExclusion"] or node["currentRestriction"]):
        return []
    record = LimitedAccess(
        excluded=_closed(node["currentExclusion"]),
        restricted=_closed(node["currentRestriction"]),
        exclusion_message=node["exclusionMessage"].text(),
        restriction_message=node["restrictionMessage"].text(),
    )
    return [MappedRecord(record, "current")]


def _closed(node: Node) -> bool:
    """A flag that cannot be read closes the case until somebody has looked."""
    return bool(node) and node.flag() is not False


def from_lists(node: Node) -> list[MappedRecord]:
    """`excludedFrom` and `restrictedTo`: a list that holds anybody is in force."""
    excluded, restricted = node["excludedFrom"], node["restrictedTo"]
    record = LimitedAccess(
        excluded=_holds(excluded),
        restricted=_holds(restricted),
        excluded_users=_users(excluded),
        restricted_to_users=_users(restricted),
        exclusion_message=node["exclusionMessage"].text(),
        restriction_message=node["restrictionMessage"].text(),
    )
    return [MappedRecord(record, "current"), MappedRecord(record, "named-users")]


def _holds(node: Node) -> bool:
    return node.value not in (None, [])


def _users(node: Node) -> list[str] | None:
    """The users, or `None` where the list does not say who: then the case is closed to all."""
    if node.value is None or not isinstance(node.value, list):
        return None
    emails = [user for one in node if (user := one["email"].text())]
    return emails if len(emails) == len(node.value) else None
