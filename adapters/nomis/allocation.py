"""Which prison offender manager (POM) has the case, as prisons allocate it.

The answer to "who is the POM" names the prisoner only in its address, so it usually comes wrapped
with its subject: `{"primary_pom": {"staff_id", "name"}, "secondary_pom": {…}, "prison": "LEI"}`.
"""

from adapters.base import MappedPerson, MappedRecord, Subject
from adapters.json_adapter import identifiers_of
from adapters.reading import Node
from schemas.case_team import CaseTeam, TeamMember
from schemas.identifiers import Scheme
from schemas.kinds import Agency

ROLES = {
    "primary_pom": "prison-offender-manager",
    "secondary_pom": "prison-offender-manager-coworking",
}


def is_allocation(node: Node) -> bool:
    """By the manager it must have."""
    return node.has("primary_pom")


def allocation(node: Node, subject: Subject | None) -> MappedPerson:
    """Map the managers; an answer without one says that nobody has the case now."""
    identifiers = identifiers_of("nomis", [(Scheme.NOMS, node["prisonerNumber"])], subject)
    members = [
        TeamMember(
            agency=Agency.PRISON,
            role=role,
            staff_id=staff_id,
            name=node[key]["name"].text(),
            team_code=node["prison"].text(),
            start=node["from"].day(),
        )
        for key, role in ROLES.items()
        if (staff_id := node[key]["staff_id"].text())
    ]
    records = [MappedRecord(CaseTeam(members=members), "allocation")]
    return MappedPerson(identifiers, records, node.cautions)
