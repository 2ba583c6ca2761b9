"""A canonical record as the JSON payload of its form: `PLACES` says where each field goes.

Several fields may share a place: a value, and the word that stands there where there is none.
"""

from collections.abc import Mapping
from typing import Any

from adapters.writing import Case
from schemas.kinds import Kind

_SCHEMES = {"crn": "crn", "noms": "nomsNumber", "pnc": "pnc", "cro": "cro", "visor": "visor"}
_RISK = {
    "riskAssessment": "risk/text",
    "roshOverall": "risk/overall",
    "rosh": "risk/groups",
    "roshInCustody": "risk/groupsInCustody",
    "scores": "risk/scores",
}
_SAME = ("form", "edition", "area", "category", "legalStatus", "reason", "riskManagementPlan")
PLACES: dict[Kind, dict[str, str]] = {
    Kind.MINUTES: {name: name for name in _SAME}
    | _RISK
    | {
        name: name
        for name in (
            "meetingId",
            "meetingDate",
            "level",
            "chair",
            "issued",
            "nextReview",
            "attendance",
            "confidentiality",
            "previousActions",
            "agencyUpdates",
            "victimIssues",
            "diversity",
            "humanRights",
            "contingency",
            "media",
            "visorUpdated",
            "actions",
            "executiveSummary",
            "otherHeadings",
        )
    }
    | {
        "disclosureDecision": "disclosure/decision",
        "disclosureRationale": "disclosure/rationale",
        "levelDecision": "levelDecision/level",
        "levelRationale": "levelDecision/rationale",
        "dissentingViews": "levelDecision/dissentingViews",
    },
    Kind.REFERRAL: {name: name for name in _SAME}
    | _RISK
    | {
        name: name
        for name in (
            "reference",
            "referred",
            "levelRequested",
            "release",
            "offences",
            "addedValue",
            "victimConcerns",
            "agenciesInvolved",
            "diversity",
            "otherHeadings",
        )
    }
    | {
        "categoryCode": "category",
        "levelRequestedCode": "levelRequested",
        "agency": "referrer/agency",
        "agencyWord": "referrer/agency",
        "officer": "referrer/officer",
        "officerRole": "referrer/officerRole",
        "telephone": "referrer/telephone",
        "email": "referrer/email",
        "endorsedBy": "referrer/endorsedBy",
        "status": "outcome/status",
        "decided": "outcome/decided",
        "levelDecided": "outcome/level",
        "levelDecidedCode": "outcome/level",
        "outcomeReason": "outcome/reason",
    },
}


def payload(case: Case, kind: Kind) -> dict[str, Any]:
    """What the case holds of this kind; nothing where it holds none."""
    document = case.documents.get(kind)
    if document is None:
        return {}
    told: dict[str, Any] = {"system": "mappa"}
    if kind is Kind.REFERRAL:
        told |= {"levelRequested": None}
    if identifiers := _identifiers(case):
        told["person"] = identifiers
    for name, place in PLACES[kind].items():
        value = document.get(name)
        if value is not None and not (name == "agency" and document.get("agencyWord")):
            _put(told, place, _rows(value) if isinstance(value, list) else value)
    return told


def _put(told: dict[str, Any], place: str, value: Any) -> None:
    *above, last = place.split("/")
    for step in above:
        told = told.setdefault(step, {})
    if told.get(last) is None:
        told[last] = value


def _rows(rows: list[Any]) -> list[Any]:
    return [_row(row) if isinstance(row, Mapping) else row for row in rows]


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    """Words in place of a due date stand where the date would. Who told the gateway of a score
    is the gateway's to say, not the form's."""
    words = {"due": row["dueWords"]} if row.get("dueWords") and not row.get("due") else {}
    return {
        name: value for name, value in row.items() if name not in ("dueWords", "system")
    } | words


def _identifiers(case: Case) -> dict[str, str]:
    """One identifier of each scheme, a verified one before others."""
    held = case.documents.get(Kind.PERSON, {}).get("identifiers") or []
    told = [one for one in held if one.get("scheme") in _SCHEMES and one.get("value")]
    found: dict[str, str] = {}
    for one in sorted(told, key=lambda one: not one.get("verified")):
        found.setdefault(_SCHEMES[one["scheme"]], one["value"])
    return found
