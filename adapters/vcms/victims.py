"""Scheme status, victim liaison officers and requests, victim by victim (DOMAIN.md §6)."""

from pathlib import Path
from typing import Final, Literal

from adapters.base import MappedPerson, MappedRecord, Subject
from adapters.json_adapter import identifiers_of
from adapters.published import PublishedSchema
from adapters.reading import Node
from schemas.case_team import CaseTeam, TeamMember
from schemas.identifiers import Scheme
from schemas.kinds import Agency
from schemas.victim_contact import ConditionRequest, InformationGiven, VictimCase, VictimContact

SCHEMA: Final = PublishedSchema(Path(__file__).with_name("schema.json"))

Status = Literal["opted-in", "opted-out", "not-yet-contacted", "unknown"]
RequestType = Literal["no-contact", "exclusion-zone", "other"]

_STATUS: dict[str, Status] = {
    "OPTED_IN": "opted-in",
    "OPTED_OUT": "opted-out",
    "NOT_YET_CONTACTED": "not-yet-contacted",
}
_REQUEST: dict[str, RequestType] = {
    "NO_CONTACT": "no-contact",
    "EXCLUSION_ZONE": "exclusion-zone",
    "OTHER": "other",
}
TOPICS = frozenset(
    {
        "SENTENCE",
        "SENTENCE_CHANGE",
        "OPEN_CONDITIONS",
        "RELEASE_CONSIDERATION",
        "RELEASE_MONTH",
        "RECALL",
        "CONDITIONS_EXIST",
        "CONTACT_CONDITIONS",
        "CONDITIONS_END",
        "VICTIM_PERSONAL_STATEMENT",
    }
)
"""What a victim may be told. Another topic is kept with a caution, for somebody to look at."""


def recognises(node: Node) -> bool:
    """By the members that every payload has."""
    return node.has("system", "cases")


def read(node: Node, subject: Subject | None) -> list[MappedPerson]:
    """One person's scheme state and officers. Raises `AdapterError` (`schema`)."""
    SCHEMA.check(node)
    written = node["writtenAt"].time()
    person = node["person"]
    named = [
        (Scheme.CRN, person["crn"]),
        (Scheme.NOMS, person["nomsNumber"]),
        (Scheme.PNC, person["pnc"]),
        (Scheme.VCMS, person["vcmsReference"]),
    ]
    contact = VictimContact(victims=[_victim(case) for case in node["cases"]])
    team = CaseTeam(members=_officers(contact.victims))
    records = [MappedRecord(one, "current", written) for one in (contact, team)]
    return [MappedPerson(identifiers_of("vcms", named, subject), records, node.cautions)]


def _victim(case: Node) -> VictimCase:
    vlo, status = case["vlo"], case["status"].text()
    if status not in _STATUS:
        case["status"].warn("unknown-code")
    return VictimCase(
        victim_ref=case["victimRef"].value,
        status=_STATUS.get(status or "", "unknown"),
        status_code=status,
        since=case["statusSince"].day(),
        vlo_staff_id=vlo["staffId"].text(),
        vlo_name=vlo["name"].text(),
        vlo_telephone=vlo["telephone"].text(),
        vlo_email=vlo["email"].text(),
        requests=[_request(one) for one in case["requests"]],
        information_given=[_told(one) for one in case["informationGiven"]],
        representations=case["representations"].text(),
    )


def _request(one: Node) -> ConditionRequest:
    """An unknown type has no field of its own: its word is kept in front of the reason."""
    word, reason = one["type"].value, one["reason"].text()
    if word not in _REQUEST:
        one["type"].warn("unknown-code")
        reason = f"type as received: {word}" + (f"\n{reason}" if reason else "")
    return ConditionRequest(
        type=_REQUEST.get(word, "other"),
        requested=one["requested"].day(),
        outcome=one["outcome"].text(),
        reason=reason,
    )


def _told(one: Node) -> InformationGiven:
    topic = one["topic"].value
    if topic not in TOPICS:
        one["topic"].warn("unknown-code")
    return InformationGiven(topic=topic, given=one["given"].day())


def _officers(victims: list[VictimCase]) -> list[TeamMember]:
    """Each officer once, however many victims they look after."""
    found = [
        TeamMember(
            agency=Agency.VICTIM_LIAISON,
            role="victim-liaison-officer",
            staff_id=one.vlo_staff_id,
            name=one.vlo_name,
            telephone=one.vlo_telephone,
            email=one.vlo_email,
        )
        for one in victims
        if one.vlo_staff_id or one.vlo_name
    ]
    return [one for rank, one in enumerate(found) if one not in found[:rank]]
