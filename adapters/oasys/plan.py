"""The risk management plan, under the headings of OASys's generations and of its interface."""

from adapters.base import MappedRecord
from adapters.oasys.assessment import assessment, check_timeline
from adapters.oasys.words import joined
from adapters.reading import Node
from schemas.plan import RiskManagementPlan

CURRENT_SITUATION = (
    "keyInformationCurrentSituation",
    "keyConsiderationsCurrentSituation",
    "keyInformationAboutCurrentSituation",
)
FURTHER = ("furtherConsiderationsCurrentSituation", "furtherConsiderations", "additionalComments")
HEADINGS = {
    "supervision": "supervision",
    "monitoring_and_control": "monitoringAndControl",
    "interventions_and_treatment": "interventionsAndTreatment",
    "victim_safety_planning": "victimSafetyPlanning",
    "contingency_plans": "contingencyPlans",
}


def is_plan(row: Node) -> bool:
    """Whether an assessment has any heading of a plan."""
    return any(row.has(name) for name in (*CURRENT_SITUATION, *FURTHER, *HEADINGS.values()))


def plan(row: Node, timeline: Node, of: Node | None = None) -> MappedRecord:
    """One plan, `of` the assessment around it; a heading left empty is `None`."""
    head = assessment(of or row)
    check_timeline(timeline, head)
    record = RiskManagementPlan(
        assessment_id=head.pk,
        assessment_type=head.type,
        assessment_status=head.status,
        initiated=head.initiated,
        completed=head.completed,
        signed=head.signed,
        newer_in_progress=head.newer_in_progress,
        newer_awaiting_signature=head.newer_awaiting_signature,
        newer_part_completed=head.newer_part_completed,
        newer_completed=head.newer_completed,
        key_information=row.first(*CURRENT_SITUATION).text(),
        further_considerations=joined(row, *FURTHER),
        **{field: row[name].text() for field, name in HEADINGS.items()},
    )
    return MappedRecord(record, head.ref(), head.written_at)
