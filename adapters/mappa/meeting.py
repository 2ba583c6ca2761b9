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
    missing_headings,
    risk,
)
from adapters.mappa.words import CATEGORY, LEVEL, british, code, day, yes
from adapters.published import PublishedSchema
from adapters.reading import Node
from schemas.identifiers import Scheme
from schemas.mappa import MappaRegistration
from schemas.minutes import MappaMinutes
from schemas.person import Identifier

SCHEMA: Final = PublishedSchema(Path(__file__).with_name("schema.json"), "minutes")

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
    met = _time(node["meetingDate"])
    if met is None:
        raise AdapterError("unreadable-date", "the day of the meeting, as a date", "/meetingDate")
    missing_headings(node)
    minutes = _minutes(node)
    written = _time(node["issued"]) if minutes.issued else met
    records = [MappedRecord(minutes, minutes.meeting_id, written)]
    if node["levelDecision"]["level"]:
        records.append(_registration(node, met))
    return [MappedPerson(identifiers(node["person"], subject), records, node.cautions)]


def _time(node: Node) -> datetime | None:
    """A day's midnight in London, or the time itself where it is one."""
    found, said = day(node)[0], british(str(node.value))
    text = said[0].isoformat() if said else node.value
    return Node(text, node.pointer, node.cautions).time() if found else None


def identifiers(person: Node, subject: Subject | None) -> list[Identifier]:
    """Whom the form is about."""
    named = [
        (Scheme.CRN, person["crn"]),
        (Scheme.NOMS, person["nomsNumber"]),
        (Scheme.PNC, person["pnc"]),
        (Scheme.CRO, person["cro"]),
        (Scheme.VISOR, person["visor"]),
    ]
    return identifiers_of("mappa", named, subject)


def others(node: Node, unread: dict[str, str | None]) -> list[dict[str, str]]:
    """The headings that are none of ours, and words that could not be read under one of ours."""
    found = [
        {"heading": one["heading"].text() or "", "text": one["text"].text() or ""}
        for one in node["otherHeadings"]
    ]
    return found + [{"heading": title, "text": text} for title, text in unread.items() if text]


def _minutes(node: Node) -> MappaMinutes:
    decision, disclosure = node["levelDecision"], node["disclosure"]
    fields: dict[str, Any] = {
        field: node[member].text() for field, member in _TEXTS.items()
    } | risk(node["risk"])
    issued, issued_words = day(node["issued"])
    review, review_words = day(node["nextReview"])
    category, category_word = code(node["category"], CATEGORY)
    level, level_word = code(node["level"], LEVEL)
    decided, decided_word = code(decision["level"], LEVEL)
    updated = yes(node["visorUpdated"])
    unread = {
        "Minutes issued": issued_words,
        "Next review": review_words,
        "Category": category_word,
        "Level": level_word,
        "Level decided": decided_word,
        "ViSOR updated": node["visorUpdated"].text() if updated is None else None,
    }
    return MappaMinutes.model_validate(
        fields
        | {
            "meeting_id": node["meetingId"].value,
            "meeting_date": day(node["meetingDate"])[0],
            "category": category,
            "level": level,
            "issued": issued,
            "next_review": review,
            "attendance": attendance(node["attendance"]),
            "previous_actions": actions(node["previousActions"]),
            "agency_updates": agency_updates(node["agencyUpdates"]),
            "disclosure_decision": disclosure["decision"].text(),
            "disclosure_rationale": disclosure["rationale"].text(),
            "visor_updated": updated,
            "level_decision": decided,
            "level_rationale": decision["rationale"].text(),
            "dissenting_views": decision["dissentingViews"].text(),
            "actions": actions(node["actions"]),
            "other_headings": others(node, unread),
        }
    )


def _registration(node: Node, met: datetime) -> MappedRecord:
    """Category as minuted and level as decided; nothing else is known of the registration."""
    category, category_code = code(node["category"], CATEGORY)
    level, level_code = code(node["levelDecision"]["level"], LEVEL)
    if category == 3 and level == 1:
        node["levelDecision"]["level"].warn("category-3-level-1")
    record = MappaRegistration.model_validate(
        {
            "category": category,
            "category_code": category_code,
            "level": level,
            "level_code": level_code,
            "review_due": day(node["nextReview"])[0],
            "area": node["area"].text(),
        }
    )
    return MappedRecord(record, "current", met)
