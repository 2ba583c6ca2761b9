"""Limited access (LAO): who is barred from a case, or who alone may see it (DOMAIN.md §7)."""

from typing import Annotated, ClassVar

from schemas.base import Record, Section
from schemas.kinds import Kind

ACCESS = Section("access")


class LimitedAccess(Record):
    """Exclusion bars the named users; restriction bars everyone but the named users.

    Users are the source's user names or mail addresses, compared without case. A `None` list
    means the source did not say who: a restricted case with unknown users is closed to all.
    """

    kind: ClassVar[Kind] = Kind.LIMITED_ACCESS

    excluded: Annotated[bool, ACCESS] = False
    restricted: Annotated[bool, ACCESS] = False
    excluded_users: Annotated[list[str] | None, ACCESS] = None
    restricted_to_users: Annotated[list[str] | None, ACCESS] = None
    exclusion_message: Annotated[str | None, ACCESS] = None
    restriction_message: Annotated[str | None, ACCESS] = None
