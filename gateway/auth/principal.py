"""The authenticated caller: a client of an agency, and the member of staff behind it."""

from dataclasses import dataclass, field

from gateway.store.persons import Seeker
from policies.attributes import Asker


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
    asker: Asker = field(init=False)
    """The caller as policies know them."""
    seeker: Seeker = field(init=False)
    """The caller as the store must know them."""

    def __post_init__(self) -> None:
        """Worked out once: a verified token is remembered, and asked for at every request."""
        asker = Asker(self.roles, self.agency, self.vetting, self.systems)
        object.__setattr__(self, "asker", asker)
        seeker = Seeker(self.agency, self.staff, self.area, self.users)
        object.__setattr__(self, "seeker", seeker)


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
