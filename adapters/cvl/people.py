"""Whom a licence is about, and who supervises them."""

from adapters.base import Subject
from adapters.json_adapter import identifiers_of
from adapters.reading import Node
from schemas.case_team import CaseTeam, TeamMember
from schemas.identifiers import Scheme
from schemas.kinds import Agency
from schemas.person import Identifier, Name, Person


def identifiers(node: Node, subject: Subject | None) -> list[Identifier]:
    """All identifiers a licence carries. `bookingId` is a database key and names nobody."""
    named = [
        (Scheme.NOMS, node.first("prisonNumber", "nomsId", "nomisId")),
        (Scheme.CRN, node["crn"]),
        (Scheme.PNC, node["pnc"]),
        (Scheme.CRO, node["cro"]),
        (Scheme.BOOKING, node["bookingNo"]),
    ]
    return identifiers_of("cvl", named, subject)


def person(node: Node, known_as: list[Identifier]) -> Person | None:
    """The person, where the licence names them; the public interface does not."""
    surname = node["surname"].text()
    if surname is None:
        return None
    forenames = (node["forename"].text(), *(node["middleNames"].text() or "").split())
    return Person(
        name=Name(forenames=[name for name in forenames if name], surname=surname),
        date_of_birth=node["dateOfBirth"].day(),
        identifiers=known_as,
    )


def case_team(node: Node, status: str | None) -> CaseTeam | None:
    """The community offender manager by user name, since that gives access.

    None from an inactive licence: whoever supervised it then need not do so now.
    """
    staff_id = node["comUsername"].text()
    if staff_id is None or status == "INACTIVE":
        return None
    member = TeamMember(
        agency=Agency.PROBATION,
        role="responsible-officer",
        staff_id=staff_id,
        name=node["responsibleComFullName"].text(),
        team=node["probationTeamDescription"].text(),
        team_code=node["probationTeamCode"].text(),
        area=node["probationAreaCode"].text(),
        email=node["comEmail"].text(),
    )
    return CaseTeam(members=[member])
