"""Who supervises the person: the community manager, or the offender managers of the search.

Only a named officer's own username or staff code gives access. An unallocated or placeholder
manager is shown without one; a manager who was removed or is no longer active is not shown.
"""

import re

from adapters.base import MappedRecord
from adapters.delius.naming import nested_name, spoken, texts
from adapters.reading import Node
from schemas.case_team import CaseTeam, TeamMember
from schemas.kinds import Agency
from schemas.person import Name

ROLE = "responsible-officer"
_PLACEHOLDER_STAFF = re.compile(r"[A-Z0-9]{3}UATU", re.IGNORECASE)


def case_team(members: list[TeamMember | None]) -> MappedRecord:
    """The team as Delius has it now; an empty one says that nobody is responsible."""
    return MappedRecord(CaseTeam(members=[one for one in members if one]), "current")


def community_manager(node: Node) -> TeamMember | None:
    """The manager of `/supervisions`, and the older one with `staffCode` and `provider`."""
    name, team = nested_name(node["name"]), node["team"]
    provider = node["provider"] if node["provider"] else team["provider"]
    staff = next(iter(texts(node[field] for field in ("username", "code", "staffCode"))), None)
    allocated = _allocated(node["allocated"].flag(), name, node.first("code", "staffCode"))
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
            team_email=team["email"].text(),
        )
    )


def offender_manager(node: Node) -> TeamMember | None:
    """A row of `offenderManagers`; nobody where it is inactive or deleted."""
    if node["softDeleted"].flag() or node["active"].flag() is False:
        return None
    staff, team = node["staff"], node["team"]
    name = Name(forenames=texts([staff["forenames"]]), surname=staff["surname"].text())
    unallocated = staff["unallocated"].flag()
    allocated = _allocated(None if unallocated is None else not unallocated, name, staff["code"])
    return _member(
        TeamMember(
            agency=Agency.PROBATION,
            role=ROLE,
            staff_id=staff["code"].text() if allocated is not False else None,
            name=spoken(name),
            team=team["description"].text(),
            team_code=team["code"].text(),
            area=node["probationArea"]["code"].text(),
            allocated=allocated,
            start=node["fromDate"].day(),
            end=node["toDate"].day(),
            team_telephone=team["telephone"].text(),
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
