"""A referral to MAPPA (DOMAIN.md §2): what is asked for, by whom and why."""

from pathlib import Path
from typing import Any, Final

from adapters.base import MappedPerson, MappedRecord, Subject
from adapters.mappa.headings import agency, agency_updates, risk
from adapters.mappa.meeting import identifiers, others
from adapters.mappa.words import CATEGORY, LEVEL, code, day
from adapters.published import PublishedSchema
from adapters.reading import Node
from schemas.referral import MappaReferral

SCHEMA: Final = PublishedSchema(Path(__file__).with_name("schema.json"), "referral")

TEXTS = {
    "form": "form",
    "edition": "edition",
    "area": "area",
    "officer": "referrer/officer",
    "officer_role": "referrer/officerRole",
    "telephone": "referrer/telephone",
    "email": "referrer/email",
    "endorsed_by": "referrer/endorsedBy",
    "legal_status": "legalStatus",
    "offences": "offences",
    "reason": "reason",
    "added_value": "addedValue",
    "risk_management_plan": "riskManagementPlan",
    "victim_concerns": "victimConcerns",
    "diversity": "diversity",
    "status": "outcome/status",
    "outcome_reason": "outcome/reason",
}
_EXPECTED = ("reason", "addedValue", "offences", "risk", "victimConcerns", "levelRequested")
"""Without these no meeting can decide; a caution each."""


def recognises(node: Node) -> bool:
    """By the members that every payload has."""
    return node.has("system", "reference", "levelRequested")


def read(node: Node, subject: Subject | None) -> list[MappedPerson]:
    """The referral. What was asked for is no registration. Raises `AdapterError` (`schema`)."""
    SCHEMA.check(node)
    for member in _EXPECTED:
        if node[member].value in (None, ""):
            node[member].warn("missing-heading")
    record = MappaReferral.model_validate(_fields(node))
    referred = node["referred"]
    text = record.referred.isoformat() if record.referred else None
    written = Node(text, referred.pointer, referred.cautions).time()
    mapped = MappedRecord(record, record.reference, written)
    return [MappedPerson(identifiers(node["person"], subject), [mapped], node.cautions)]


def _fields(node: Node) -> dict[str, Any]:
    referrer, outcome = node["referrer"], node["outcome"]
    referred, referred_words = day(node["referred"])
    release, release_words = day(node["release"])
    decided, decided_words = day(outcome["decided"])
    category, category_word = code(node["category"], CATEGORY)
    wanted, wanted_word = code(node["levelRequested"], LEVEL)
    agreed, agreed_word = code(outcome["level"], LEVEL)
    known, agency_word = agency(referrer["agency"])
    unread = {
        "Date of referral": referred_words,
        "Release date": release_words,
        "Decided on": decided_words,
    }
    return (
        {field: at(node, member).text() for field, member in TEXTS.items()}
        | risk(node["risk"])
        | {
            "reference": node["reference"].value,
            "referred": referred,
            "release": release,
            "category": category,
            "category_code": category_word,
            "level_requested": wanted,
            "level_requested_code": wanted_word,
            "agency": known,
            "agency_word": agency_word,
            "agencies_involved": agency_updates(node["agenciesInvolved"]),
            "decided": decided,
            "level_decided": agreed,
            "level_decided_code": agreed_word,
            "other_headings": others(node, unread),
        }
    )


def at(node: Node, member: str) -> Node:
    """The node at a path of members."""
    for step in member.split("/"):
        node = node[step]
    return node
