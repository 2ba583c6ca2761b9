"""Scheme status, victim liaison officers and requests, victim by victim (DOMAIN.md §6)."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from adapters.base import Caution, MappedPerson, MappedRecord, Subject
from adapters.json_adapter import identifiers_of
from adapters.published import PublishedSchema
from adapters.reading import Node
from adapters.vcms import words
from schemas.case_team import CaseTeam, TeamMember
from schemas.identifiers import Scheme
from schemas.kinds import Agency
from schemas.person import Identifier
from schemas.victim_contact import VictimCase, VictimContact

SYSTEM: Final = "vcms"
SCHEMA: Final = PublishedSchema(Path(__file__).with_name("schema.json"))


def recognises(node: Node) -> bool:
    """By the members that every payload has."""
    return node.has("system", "cases")


def read(node: Node, subject: Subject | None) -> list[MappedPerson]:
    """One person's scheme state and officers. Raises `AdapterError` (`schema`,
    `victim-contact-details`)."""
    SCHEMA.check(node)
    words.pseudonymous(one for case in node["cases"] for one in _texts(case))
    person = node["person"]
    named = [
        (Scheme.CRN, person["crn"]),
        (Scheme.NOMS, person["nomsNumber"]),
        (Scheme.PNC, person["pnc"]),
        (Scheme.VCMS, person["vcmsReference"]),
    ]
    identifiers = identifiers_of(SYSTEM, named, subject)
    victims = [_victim(case) for case in node["cases"]]
    return mapped(identifiers, victims, node["writtenAt"].time(), node.cautions)


def mapped(
    identifiers: list[Identifier],
    victims: list[VictimCase],
    written: datetime | None,
    cautions: list[Caution],
) -> list[MappedPerson]:
    """One person with the scheme's state and the officers that it names."""
    team = CaseTeam(members=_officers(victims))
    records = [
        MappedRecord(one, "current", written) for one in (VictimContact(victims=victims), team)
    ]
    return [MappedPerson(identifiers, records, cautions)]


def _texts(case: Node) -> Iterator[Node]:
    """All that is not about the officer."""
    yield from (case["victimRef"], case["status"], case["representations"])
    for part in ("requests", "consultations", "informationGiven"):
        for one in case[part]:
            yield from (one[name] for name in one.value)


def _victim(case: Node) -> VictimCase:
    vlo = case["vlo"]
    status, code = words.status(case["status"])
    return VictimCase(
        victim_ref=case["victimRef"].value,
        status=status,
        status_code=code,
        since=case["statusSince"].day(),
        vlo_staff_id=vlo["staffId"].text(),
        vlo_name=vlo["name"].text(),
        vlo_telephone=vlo["telephone"].text(),
        vlo_email=vlo["email"].text(),
        requests=[
            words.request(one["type"], one["requested"], one["outcome"], one["reason"])
            for one in case["requests"]
        ],
        consultations=[
            words.consultation(one["decision"], one["answer"], one["consulted"], one["outcome"])
            for one in case["consultations"]
        ],
        information_given=[
            words.told(one["topic"], one["given"]) for one in case["informationGiven"]
        ],
        representations=case["representations"].text(),
    )


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
