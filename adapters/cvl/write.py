"""A licence as the licence system's own interface gives it, with the person and their officer.

Nothing is decided here: what is missing was withheld or never known. Where the licence itself is
not told but its conditions are, those are written.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from adapters.cvl.curfew import FIRST_NIGHT
from adapters.cvl.mapping import (
    CONDITION,
    CURFEW,
    DAYS,
    NUMBERS,
    OFFICER,
    PLAIN,
    TIMES,
    UPLOAD,
)
from adapters.json_writing import Told, bare, numbers, payload
from adapters.reading import LONDON
from adapters.writing import Case, Export
from schemas.kinds import Agency, Kind

_ZONES = {"exclusion-zone": "EXCLUSION_ZONE", "restriction-zone": "RESTRICTION_ZONE"}
_LISTS = {
    ("standard", "AP"): "standardLicenceConditions",
    ("standard", "PSS"): "standardPssConditions",
    ("additional", "AP"): "additionalLicenceConditions",
    ("additional", "PSS"): "additionalPssConditions",
    ("bespoke", "AP"): "bespokeConditions",
}


def write(case: Case) -> bytes:
    """One licence, wrapped with a subject where no number of its own names the person."""
    told = case.documents
    licence = told.get(Kind.LICENCE) or told.get(Kind.LICENCE_CONDITIONS) or {}
    row = _licence(licence) | _person(told.get(Kind.PERSON, {}))
    row |= {place: numbers(case).get(scheme, [None])[0] for scheme, place in NUMBERS.items()}
    row |= _officer(told.get(Kind.CASE_TEAM, {}))
    recognised = {"id": None, "typeCode": None, "statusCode": None}
    return payload(recognised | bare(row), case, list(NUMBERS))


def _named(document: Told, places: Mapping[str, str]) -> dict[str, Any]:
    return {place: document.get(field) for field, place in places.items()}


def _licence(licence: Told) -> dict[str, Any]:
    row = _named(licence, PLAIN)
    row |= {place: _day(licence.get(field)) for field, place in DAYS.items()}
    row |= {place: _time(licence.get(field)) for field, place in TIMES.items()}
    for field in ("id", "variationOf"):
        row[field] = _number(row[field])
    curfew = licence.get("curfew") or []
    row["firstNightCurfewTimes"] = next(
        (_named(one, CURFEW) for one in curfew if one.get("fromDay") == FIRST_NIGHT), None
    )
    weekly = [_named(one, CURFEW) for one in curfew if one.get("fromDay") != FIRST_NIGHT]
    row["weeklyCurfewTimes"] = weekly
    row["curfewAddress"] = {"addressLine1": licence.get("curfewAddress")}
    for condition in licence.get("conditions") or []:
        kind = condition.get("type")
        listed = kind if kind in ("standard", "bespoke") else "additional"
        regime = condition.get("regime") or "AP"
        name = _LISTS.get((listed, regime), "bespokeConditions")
        row.setdefault(name, []).append(_condition(condition))
    return row


def _condition(condition: Told) -> dict[str, Any]:
    data = condition.get("data") or {}
    return {
        **_named(condition, CONDITION),
        "type": _ZONES.get(condition.get("type") or ""),
        "data": [{"field": field, "value": value} for field, value in data.items()],
        "uploadSummary": [_named(one, UPLOAD) for one in condition.get("geometry") or []],
    }


def _person(person: Told) -> dict[str, Any]:
    name = person.get("name") or {}
    first, *middle = name.get("forenames") or [None]
    return {
        "forename": first,
        "middleNames": " ".join(one for one in middle if one),
        "surname": name.get("surname"),
        "dateOfBirth": _day(person.get("dateOfBirth")),
    }


def _officer(team: Told) -> dict[str, Any]:
    """The first officer of probation whom the system can name by a user name."""
    for member in team.get("members") or []:
        if member.get("role") == "responsible-officer" and member.get("agency") == Agency.PROBATION:
            return _named(member, OFFICER)
    return {}


def _number(text: str | None) -> int | str | None:
    """An identity of the system as the number that it is; any other as it came."""
    return int(text) if text and text.isdecimal() and str(int(text)) == text else text


def _day(text: str | None) -> str | None:
    return date.fromisoformat(text).strftime("%d/%m/%Y") if text else None


def _time(text: str | None) -> str | None:
    if not text:
        return None
    moment = datetime.fromisoformat(text).astimezone(LONDON)
    return moment.strftime("%d/%m/%Y %H:%M:%S")


EXPORTS = (
    Export(
        "licence.json",
        "application/json",
        (Kind.PERSON, Kind.CASE_TEAM, Kind.LICENCE, Kind.LICENCE_CONDITIONS),
        write,
    ),
)
