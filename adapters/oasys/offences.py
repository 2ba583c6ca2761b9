"""The analysis of the offences, under the headings of both forms in use."""

from adapters.json_adapter import objects
from adapters.oasys.words import has_any, joined, listed
from adapters.reading import Node
from schemas.rosh import Offence, OffenceAnalysis, VictimDetail

_HEADINGS = (
    "offence", "patternOfOffending", "offenceInvolved", "offenceDetails", "offenceAnalysis",
    "offenceMotivation", "patternOffending", "victimPerpetratorRel", "victimInfo",
)  # fmt: skip

_LISTS = ("offenceDetails", "offences")


def is_offences(row: Node) -> bool:
    """Whether an assessment analyses the offences."""
    return has_any(row, _HEADINGS)


def offence_analysis(row: Node) -> OffenceAnalysis | None:
    """What is said of the offences; `None` where nothing is."""
    found = OffenceAnalysis(
        account=joined(row, "offence", "offenceAnalysis"),
        pattern=joined(row, "patternOfOffending", "patternOffending"),
        involved=listed(row["offenceInvolved"]),
        weapon=row["specificWeapon"].text(),
        disinhibitors=listed(row["disinhibitors"]),
        motivations=listed(row["evidencedMotivations"]),
        other_motivation=joined(row, "otherMotivation", "offenceMotivation"),
        offences=[_offence(one) for name in _LISTS for one in objects(row[name])],
        victim_relationship=joined(row, "victimPerpetratorRelationship", "victimPerpetratorRel"),
        victim_information=joined(row, "victimOtherInfo", "victimInfo", "victimImpact"),
        victims=[_victim(one) for one in objects(row["victimDetails"])],
    )
    return found if found != OffenceAnalysis() else None


def _offence(node: Node) -> Offence:
    return Offence(
        type=node["type"].text(),
        code=node["offenceCode"].text(),
        sub_code=node.first("offenceSubCode", "offenceSubcode").text(),
        description=node.first("subOffence", "offence").text(),
        committed=node["offenceDate"].day(),
    )


def _victim(node: Node) -> VictimDetail:
    return VictimDetail(
        age=node["age"].text(),
        gender=node["gender"].text(),
        ethnicity=node["ethnicCategory"].text(),
        relationship=node["victimRelation"].text(),
    )
