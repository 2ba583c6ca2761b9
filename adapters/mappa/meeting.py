"""Minutes of one meeting, and the registration that follows from its decision (DOMAIN.md §2)."""

from datetime import datetime
from pathlib import Path
from typing import Any, Final

from adapters.base import AdapterError, MappedPerson, MappedRecord, Subject
from adapters.json_adapter import identifiers_of
from adapters.mappa.headings import (
    actions,
    agency_updates,
    attendance,
    code,
    missing_headings,
    risk,
)
from adapters.published import PublishedSchema
from adapters.reading import Node
from schemas.identifiers import Scheme
from schemas.mappa import MappaRegistration
from schemas.minutes import MappaMinutes

SCHEMA: Final = PublishedSchema(Path(__file__).with_name("schema.json"))

_TEXTS = {
    "form": "form",
    "edition": "edition",
    "area": "area",
    "chair": "chair",
    "confidentiality": "confidentiality",
    "legal_status": "legalStatus",
    "reason": "reason",
    "victim_issues": "victimIssues",
    "diversity": "diversity",
    "human_rights": "humanRights",
    "risk_management_plan": "riskManagementPlan",
    "contingency": "contingency",
    "media": "media",
    "executive_summary": "executiveSummary",
}


def recognises(node: Node) -> bool:
    """By the members that every payload has."""
    return node.has("system", "meetingId", "meetingDate")


def read(node: Node, subject: Subject | None) -> list[MappedPerson]:
    """The minutes, and the registration where a level was decided. Raises `AdapterError`:
    `schema`, or `unreadable-date` where the day of the meeting cannot be read."""
    SCHEMA.check(node)
    if (met := node["meetingDate"].time()) is None or node["meetingDate"].day() is None:
        raise AdapterError("unreadable-date", "send an ISO date", "/meetingDate")
    missing_headings(node)
    minutes = _minutes(node)
    written = node["issued"].time() if minutes.issued else met
    records = [MappedRecord(minutes, minutes.meeting_id, written)]
    if node["levelDecision"]["level"]:
        records.append(_registration(node, met))
    return [MappedPerson(_identifiers(node["person"], subject), records, node.cautions)]


def _identifiers(person: Node, subject: Subject | None) -> list[Any]:
    named = [
        (Scheme.CRN, person["crn"]),
        (Scheme.NOMS, person["nomsNumber"]),
        (Scheme.PNC, person["pnc"]),
        (Scheme.CRO, person["cro"]),
        (Scheme.VISOR, person["visor"]),
    ]
    return identifiers_of("mappa", named, subject)


def _minutes(node: Node) -> MappaMinutes:
    decision, disclosure = node["levelDecision"], node["disclosure"]
    fields: dict[str, Any] = {
        field: node[member].text() for field, member in _TEXTS.items()
    } | risk(node["risk"])
    return MappaMinutes.model_validate(
        fields
        | {
            "meeting_id": node["meetingId"].value,
            "meeting_date": node["meetingDate"].day(),
            "category": code(node["category"], 4)[0],
            "level": code(node["level"], 3)[0],
            "issued": node["issued"].day(),
            "next_review": node["nextReview"].day(),
            "attendance": attendance(node["attendance"]),
            "previous_actions": actions(node["previousActions"]),
            "agency_updates": agency_updates(node["agencyUpdates"]),
            "disclosure_decision": disclosure["decision"].text(),
            "disclosure_rationale": disclosure["rationale"].text(),
            "visor_updated": node["visorUpdated"].flag(),
            "level_decision": code(decision["level"], 3)[0],
            "level_rationale": decision["rationale"].text(),
            "dissenting_views": decision["dissentingViews"].text(),
            "actions": actions(node["actions"]),
        }
    )


def _registration(node: Node, met: datetime) -> MappedRecord:
    """Category as minuted and level as decided; nothing else is known of the registration."""
    category, category_code = code(node["category"], 4)
    level, level_code = code(node["levelDecision"]["level"], 3)
    if category == 3 and level == 1:
        node["levelDecision"]["level"].warn("category-3-level-1")
    record = MappaRegistration.model_validate(
        {
            "category": category,
            "category_code": category_code,
            "level": level,
            "level_code": level_code,
            "review_due": node["nextReview"].day(),
            "area": node["area"].text(),
        }
    )
    return MappedRecord(record, "current", met)
