"""Who is responsible in each agency, how to reach them, and since when."""

from datetime import date
from typing import Annotated, ClassVar

from schemas.base import PARTS, Canonical, Record, Section
from schemas.kinds import Agency, Kind

MEMBERS = Section("members")
CONTACT_DETAILS = Section("contact-details")


class TeamMember(Canonical):
    """One responsible person or team. `staff_id` is the agency's own id and links to access.

    A member without `staff_id` is shown but gives nobody access: nothing is guessed from a name.
    """

    agency: Annotated[Agency, MEMBERS]
    role: Annotated[str, MEMBERS]
    staff_id: Annotated[str | None, MEMBERS] = None
    name: Annotated[str | None, MEMBERS] = None
    team: Annotated[str | None, MEMBERS] = None
    team_code: Annotated[str | None, MEMBERS] = None
    area: Annotated[str | None, MEMBERS] = None
    allocated: Annotated[bool | None, MEMBERS] = None
    start: Annotated[date | None, MEMBERS] = None
    end: Annotated[date | None, MEMBERS] = None
    telephone: Annotated[str | None, CONTACT_DETAILS] = None
    email: Annotated[str | None, CONTACT_DETAILS] = None
    team_telephone: Annotated[str | None, CONTACT_DETAILS] = None
    team_email: Annotated[str | None, CONTACT_DETAILS] = None


class CaseTeam(Record):
    """The members each system names. A record from one system replaces that system's members only.

    Roles are `responsible-officer`, `offender-manager` (police), `prison-offender-manager`,
    `victim-liaison-officer`, `partner`.
    """

    kind: ClassVar[Kind] = Kind.CASE_TEAM

    members: Annotated[list[TeamMember], PARTS] = []
