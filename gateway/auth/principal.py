"""The authenticated caller: a client of an agency, and the member of staff behind it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Principal:
    """Claims of a verified token.

    `users` are the names by which a limited-access list may mean this person, in lower case.
    `expires` is in seconds since 1970.
    """

    agency: str
    client: str
    staff: str | None
    roles: tuple[str, ...]
    unit: str | None
    area: str | None
    vetting: str | None
    systems: tuple[str, ...]
    token_id: str
    issuer: str
    expires: int
    users: tuple[str, ...] = ()


ANONYMOUS = Principal(
    agency="unknown",
    client="unknown",
    staff=None,
    roles=(),
    unit=None,
    area=None,
    vetting=None,
    systems=(),
    token_id="",
    issuer="",
    expires=0,
)
"""Who the log names when nobody could be authenticated."""
