"""Who supervises the person: the community manager, or the managers of the older interface.

Only a named officer's own username or staff code gives access. An unallocated or placeholder
manager is shown without one; a manager who was removed or is no longer active is not shown.
"""

import re

from adapters.base import MappedRecord
from adapters.delius.naming import nested_name, spoken, told
from adapters.json_adapter import objects
from adapters.reading import Node
from schemas.case_team import CaseTeam, TeamMember
from schemas.kinds import Agency
from schemas.person import Name

ROLE = "responsible-officer"
PRISON_ROLE = "prison-offender-manager"
PARTNER = "partner"
_PLACEHOLDER_STAFF = re.compile(r"[A-Z0-9]{3}UATU|UATALLU", re.IGNORECASE)


def case_team(members: list[TeamMember | None], ref: str = "current") -> MappedRecord:
    """The team as Delius has it now; an empty one says that nobody is responsible."""
    return MappedRecord(CaseTeam(members=[one for one in members if one]), ref)


def community_manager(node: Node) -> TeamMember | None:
    """The manager of `/supervisions`, and the others with `staffCode` and `provider`."""
    name, team = nested_name(node["name"]), node["team"]
    provider = next((one for one in _providers(node) if one), node["provider"])
    staff = next(iter(told(node[field] for field in ("username", "code", "staffCode"))), None)
    unallocated = node["unallocated"].flag()
    said = node["allocated"].flag() if unallocated is None else not unallocated
    allocated = _allocated(said, name, node.first("code", "staffCode"))
    return _member(
        TeamMember(
            agency=Agency.PROBATION,
            role=ROLE,
            staff_id=staff if allocated is not False else None,
            name=spoken(name),
            team=team.first("description", "name").text(),
            team_code=team["code"].text(),
            area=provider["code"].text(),
            allocated=allocated,
            telephone=node["telephoneNumber"].text(),
            email=node["email"].text(),
            team_telephone=team.first("telephoneNumber", "telephone").text(),
            team_email=team.first("email", "emailAddress").text(),
        )
    )


def _providers(node: Node) -> tuple[Node, ...]:
    return node["provider"], node["team"]["provider"], node["probationArea"]


def offender_managers(rows: Node) -> list[TeamMember | None]:
    """`offenderManagers` of a person, or the list of all managers, of prisons as well."""
    return [offender_manager(row) for row in objects(rows)]


def offender_manager(node: Node) -> TeamMember | None:
    """One manager; nobody where the row is inactive or deleted.

    A manager who is said not to be the responsible officer is on the case as a partner.
    """
    if node["softDeleted"].flag() or node["active"].flag() is False:
        return None
    staff, team = node["staff"], node["team"]
    code = staff["code"] if staff["code"] else node["staffCode"]
    name, unallocated = nested_name(staff), staff["unallocated"].flag()
    unallocated = node["isUnallocated"].flag() if unallocated is None else unallocated
    allocated = _allocated(None if unallocated is None else not unallocated, name, code)
    prison = bool(node["isPrisonOffenderManager"].flag())
    role = PARTNER if node["isResponsibleOfficer"].flag() is False else ROLE
    return _member(
        TeamMember(
            agency=Agency.PRISON if prison else Agency.PROBATION,
            role=PRISON_ROLE if prison else role,
            staff_id=code.text() if allocated is not False else None,
            name=spoken(name),
            team=team["description"].text(),
            team_code=team["code"].text(),
            area=node["probationArea"]["code"].text(),
            allocated=allocated,
            start=node["fromDate"].day(),
            end=node["toDate"].day(),
            telephone=staff["phoneNumber"].text(),
            email=staff["email"].text(),
            team_telephone=team["telephone"].text(),
            team_email=team["emailAddress"].text(),
        )
    )


def staff_contact(node: Node) -> TeamMember | None:
    """A manager as the case view shows one: in words, without any code."""
    prison = bool(node["prisonOffenderManager"].flag())
    role = ROLE if node["responsibleOfficer"].flag() else PARTNER
    return _member(
        TeamMember(
            agency=Agency.PRISON if prison else Agency.PROBATION,
            role=PRISON_ROLE if prison else role,
            name=node["name"].text(),
            team=node["team"].text(),
            start=node["allocatedDate"].day(),
            telephone=node["telephoneNumber"].text(),
            email=node["email"].text(),
        )
    )


def _allocated(said: bool | None, name: Name, code: Node) -> bool | None:
    """Delius fills an empty post with a made-up officer, whatever its flag says."""
    words = (spoken(name) or "").lower().split()
    if "unallocated" in words or _PLACEHOLDER_STAFF.fullmatch(str(code.value)):
        return False
    return said


def _member(member: TeamMember) -> TeamMember | None:
    return member if member.staff_id or member.name or member.team or member.team_code else None
