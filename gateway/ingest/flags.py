"""Risk flags from several documents: the newest list, and what single registrations said since.

Probation's register comes whole or one registration at a time (`registration-…`). One on its own
adds to the list or corrects a line of it; it never stands in front of the list.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from schemas.rosh import RiskFlag

_SINGLE = "registration-"


class Flagged(NamedTuple):
    """The flags of one document, and as of when."""

    system: str
    source_ref: str
    as_of: str
    flags: Sequence[RiskFlag]


def joined(told: Sequence[Flagged]) -> list[RiskFlag]:
    """The flags of the first document that lists some, and of later single ones of its system."""
    flagged = [one for one in told if one.flags]
    if not flagged:
        return []
    listing = next((one for one in flagged if not one.source_ref.startswith(_SINGLE)), None)
    system, since = (listing or flagged[0]).system, listing.as_of if listing else ""
    later = [
        one
        for one in flagged
        if one.source_ref.startswith(_SINGLE) and one.system == system and one.as_of > since
    ]
    later.sort(key=lambda one: one.as_of)
    singles = {_known(flag): flag for one in later for flag in one.flags}
    listed = listing.flags if listing else ()
    return [*singles.values(), *(flag for flag in listed if _known(flag) not in singles)]


def _known(flag: RiskFlag) -> tuple[str | None, date | None]:
    return flag.code or flag.description, flag.start
