"""Which prison offender manager (POM) has the case, as prisons allocate it.

The answer to "who is the POM" names the prisoner only in its address, so it usually comes wrapped
with its subject: `{"primary_pom": {"staff_id", "name"}, "secondary_pom": {…}, "prison": "LEI"}`,
or `{"manager": {"code", "forename", "surname"}, "prison": {"code"}}` for the primary one alone.
"""

from adapters.base import MappedPerson, MappedRecord, Subject
from adapters.json_adapter import identifiers_of
from adapters.reading import Node
from schemas.case_team import CaseTeam, TeamMember
from schemas.identifiers import Scheme
from schemas.kinds import Agency

ROLES = {
    "primary_pom": "prison-offender-manager",
    "manager": "prison-offender-manager",
    "secondary_pom": "prison-offender-manager-coworking",
}


def is_allocation(node: Node) -> bool:
    """By the manager it must have, if only as null."""
    return node.has("primary_pom") or node.has("manager", "prison")


def allocation(node: Node, subject: Subject | None) -> MappedPerson:
    """Map the managers; an answer without one says that nobody has the case now."""
    identifiers = identifiers_of("nomis", [(Scheme.NOMS, node["prisonerNumber"])], subject)
    prison = node["prison"]["code"] if isinstance(node["prison"].value, dict) else node["prison"]
    members = [
        TeamMember(
            agency=Agency.PRISON,
            role=role,
            staff_id=staff_id,
            name=_name(node[key]),
            team_code=prison.text(),
            start=node["from"].day(),
        )
        for key, role in ROLES.items()
        if (staff_id := node[key].first("staff_id", "code").text())
    ]
    records = [MappedRecord(CaseTeam(members=members), "allocation")]
    return MappedPerson(identifiers, records, node.cautions)


def _name(node: Node) -> str | None:
    parts = (node["forename"].text(), node["surname"].text())
    return node["name"].text() or " ".join(part for part in parts if part) or None
