"""A case as Delius's own answers: the person of the search, the register, a page of the log.

Nothing is decided here: what is missing was withheld or never known. Limited access and custody
are for others to say, and no other system's level of risk becomes a registration of Delius's.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from adapters.delius.addresses import LINES
from adapters.delius.team import PARTNER, ROLE
from adapters.reading import PLACEHOLDER
from adapters.writing import Case, Export
from schemas.identifiers import Scheme, canonical
from schemas.kinds import Agency, Kind

Told = Mapping[str, Any]
_NUMBERS = {
    Scheme.CRN: "crn",
    Scheme.NOMS: "nomsNumber",
    Scheme.PNC: "pncNumber",
    Scheme.CRO: "croNumber",
    Scheme.BOOKING: "mostRecentPrisonerNumber",
}
_SUBJECTS = (Scheme.CRN, Scheme.NOMS, Scheme.PNC, Scheme.CRO)
_STATUS = {"deleted-at-source": True, "current": False}


def write(case: Case) -> bytes:
    """A batch of payloads about one person, each with its subject where a number is told."""
    told = case.documents
    subject = _subject(told.get(Kind.PERSON, {}))
    payloads = [{"otherIds": {}, **_bare(_person_row(told))}, *_register(told), *_log(told)]
    batch = [{"subject": subject, "payload": one} if subject else one for one in payloads]
    return json.dumps(batch, ensure_ascii=False, indent=2).encode()


def _bare(value: Any) -> Any:
    """Without members that say nothing; a row of a list keeps its place."""
    if isinstance(value, dict):
        parts = {key: _bare(part) for key, part in value.items()}
        return {key: part for key, part in parts.items() if part not in (None, "", [], {})}
    return [_bare(one) for one in value] if isinstance(value, list) else value


def _identifiers(person: Told) -> Iterator[tuple[Scheme, str]]:
    rows = person.get("identifiers") or []
    for one in sorted(rows, key=lambda row: not row.get("verified")):
        if one.get("scheme") and one.get("value"):
            yield Scheme(one["scheme"]), one["value"]


def _subject(person: Told) -> str | None:
    valid = [(s, text) for s, text in _identifiers(person) if canonical(s, text) == text]
    for scheme in _SUBJECTS:
        for text in (text for s, text in valid if s is scheme):
            return f"{scheme}:{text}"
    return None


def _other_ids(person: Told) -> dict[str, str]:
    """The first number of each scheme, checked ones before others; a second case reference."""
    found: dict[str, str] = {}
    for scheme, text in _identifiers(person):
        field = _NUMBERS.get(scheme, "")
        if found.get(field, text) != text and scheme is Scheme.CRN:
            field = "previousCrn"
        if field:
            found.setdefault(field, text)
    return found


def _person_row(told: Mapping[Kind, Told]) -> dict[str, Any]:
    person, name = told.get(Kind.PERSON, {}), told.get(Kind.PERSON, {}).get("name") or {}
    nationalities = [*(person.get("nationalities") or []), None, None]
    return {
        "otherIds": _other_ids(person),
        **_name(name),
        "dateOfBirth": person.get("dateOfBirth"),
        "gender": person.get("gender"),
        "offenderAliases": [
            _name(one) | {"dateOfBirth": one.get("dateOfBirth")}
            for one in person.get("aliases") or []
        ],
        "contactDetails": {
            "addresses": [_address(one) for one in person.get("addresses") or []],
            "phoneNumbers": [{"number": one} for one in person.get("telephoneNumbers") or []],
            "emailAddresses": person.get("emailAddresses"),
        },
        "offenderProfile": {
            "ethnicity": person.get("ethnicity"),
            "nationality": nationalities[0],
            "secondaryNationality": nationalities[1],
            "religion": person.get("religion"),
            "offenderLanguages": {
                "primaryLanguage": person.get("language"),
                "requiresInterpreter": person.get("interpreterRequired"),
            },
        },
        "softDeleted": _STATUS.get(person.get("status") or ""),
        "offenderManagers": [_manager(one) for one in _managers(told.get(Kind.CASE_TEAM, {}))],
        "mappa": _mappa(told.get(Kind.MAPPA, {})),
    }


def _name(name: Told) -> dict[str, Any]:
    given = name.get("forenames") or [None]
    return {"firstName": given[0], "middleNames": given[1:], "surname": name.get("surname")}


def _address(address: Told) -> dict[str, Any]:
    """Which line is a street or a town is not known: they take the five places in order."""
    lines = address.get("lines") or []
    head, rest = lines[: len(LINES) - 1], lines[len(LINES) - 1 :]
    return {
        **dict(zip(LINES, [*head, ", ".join(rest)], strict=False)),
        "postcode": address.get("postcode"),
        "noFixedAbode": address.get("noFixedAbode"),
        "type": {"description": address.get("type")},
        "from": address.get("start"),
        "to": address.get("end"),
    }


def _managers(team: Told) -> Iterator[Told]:
    agencies = (Agency.PROBATION, Agency.PRISON)
    return (one for one in team.get("members") or [] if one.get("agency") in agencies)


def _manager(member: Told) -> dict[str, Any]:
    prison, allocated = member["agency"] == Agency.PRISON, member.get("allocated")
    responsible = {ROLE: True, PARTNER: False}.get(member.get("role") or "")
    forenames, surname = _parted(member.get("name"))
    return {
        "staff": {
            "code": member.get("staffId"),
            "forenames": forenames,
            "surname": surname,
            "unallocated": None if allocated is None else not allocated,
            "email": member.get("email"),
            "phoneNumber": member.get("telephone"),
        },
        "team": {
            "code": member.get("teamCode"),
            "description": member.get("team"),
            "telephone": member.get("teamTelephone"),
            "emailAddress": member.get("teamEmail"),
        },
        "probationArea": {"code": member.get("area")},
        "fromDate": member.get("start"),
        "toDate": member.get("end"),
        "isPrisonOffenderManager": True if prison else None,
        "isResponsibleOfficer": None if prison else responsible,
    }


def _parted(name: str | None) -> tuple[str | None, str | None]:
    """A spoken name before and after its last space, where both parts say something."""
    forenames, _, surname = (name or "").rpartition(" ")
    if all(part and not PLACEHOLDER.fullmatch(part) for part in (forenames, surname)):
        return forenames, surname
    return None, name


def _mappa(mappa: Told) -> dict[str, Any]:
    """Category and level as numbers; of what is not one of them, the source's code."""
    return {
        "category": mappa.get("category") or mappa.get("categoryCode"),
        "level": mappa.get("level") or mappa.get("levelCode"),
        "startDate": mappa.get("start"),
        "reviewDate": mappa.get("reviewDue"),
        "probationArea": {"code": mappa.get("area")},
        "notes": mappa.get("notes"),
    }


def _register(told: Mapping[Kind, Told]) -> Iterator[dict[str, Any]]:
    flags = told.get(Kind.ROSH, {}).get("flags") or []
    if flags:
        yield {"registrations": [_bare(_registration(one)) for one in flags]}


def _registration(flag: Told) -> dict[str, Any]:
    return {
        "type": {"code": flag.get("code"), "description": flag.get("description")},
        "registerLevel": {"description": flag.get("level")},
        "startDate": flag.get("start"),
        "nextReviewDate": flag.get("reviewDue"),
        "endDate": flag.get("end"),
        "notes": flag.get("notes"),
    }


def _log(told: Mapping[Kind, Told]) -> Iterator[dict[str, Any]]:
    log = told.get(Kind.CONTACTS, {})
    lists = (("visorContacts", True), ("otherContacts", False))
    rows = [_bare(_contact(one, mark)) for key, mark in lists for one in log.get(key) or []]
    if rows:
        yield {"content": rows, "totalPages": 1, "totalResults": len(rows)}


def _contact(entry: Told, mark: bool) -> dict[str, Any]:
    forenames, surname = _parted(entry.get("writtenBy"))
    return {
        "id": entry.get("reference"),
        "contactDate": entry.get("at"),
        "type": {"code": entry.get("typeCode"), "description": entry.get("type")},
        "outcome": {"code": entry.get("outcomeCode"), "description": entry.get("outcome")},
        "description": entry.get("description"),
        "notes": entry.get("notes"),
        "sensitive": entry.get("sensitive"),
        "officer": {"name": {"forename": forenames, "surname": surname}},
        "visorContact": mark,
    }


CASE_JSON = Export(
    "case.json",
    "application/json",
    (Kind.PERSON, Kind.CASE_TEAM, Kind.MAPPA, Kind.ROSH, Kind.CONTACTS),
    write,
    alone=True,
)
