"""A case as prisoner search gives a prisoner, with the days that NOMIS has for each alert.

Nothing is decided here: what is missing was withheld or never known. A registration becomes no
alert, and who has the case is for the prison to say.
"""

from collections.abc import Mapping
from typing import Any

from adapters.json_writing import Told, bare, numbers, payload
from adapters.nomis.dates import PLACES
from adapters.nomis.mapping import ALERT, CUSTODY, PERSON
from adapters.writing import Case, Export
from schemas.base import Canonical
from schemas.custody import SentenceDates
from schemas.identifiers import Scheme
from schemas.kinds import Kind


def write(case: Case) -> bytes:
    """One prisoner, wrapped with a subject where no prison number is told."""
    person, custody = (case.documents.get(kind, {}) for kind in (Kind.PERSON, Kind.CUSTODY))
    row = _person(person) | _custody(custody) | _numbers(case, custody)
    name = {"prisonerNumber": None, "lastName": None}
    return payload(name | bare(row), case, [Scheme.NOMS])


def _named(document: Told, places: Mapping[str, str]) -> dict[str, Any]:
    return {place: document.get(field) for field, place in places.items()}


def _person(person: Told) -> dict[str, Any]:
    spoken = {"code": person.get("language")}
    spoken["interpreterRequested"] = person.get("interpreterRequired")
    return {
        **_named(person, PERSON),
        **_name(person.get("name") or {}),
        "nationality": next(iter(person.get("nationalities") or []), None),
        "languages": [{"type": "PRIM", **spoken}] if bare(spoken) else [],
        "aliases": [
            _name(alias) | {"dateOfBirth": alias.get("dateOfBirth")}
            for alias in person.get("aliases") or []
        ],
        "addresses": [_address(one) for one in person.get("addresses") or []],
        "phoneNumbers": [{"number": one} for one in person.get("telephoneNumbers") or []],
        "emailAddresses": [{"email": one} for one in person.get("emailAddresses") or []],
    }


def _name(name: Told) -> dict[str, Any]:
    first, *middle = name.get("forenames") or [None]
    return {
        "firstName": first,
        "middleNames": " ".join(one for one in middle if one),
        "lastName": name.get("surname"),
    }


def _address(address: Told) -> dict[str, Any]:
    return {
        "fullAddress": ", ".join(address.get("lines") or []),
        "postalCode": address.get("postcode"),
        "noFixedAddress": address.get("noFixedAbode"),
        "primaryAddress": True if address.get("type") == "primary" else None,
        "startDate": address.get("start"),
    }


def _numbers(case: Case, custody: Told) -> dict[str, Any]:
    """The first number of each scheme in its own field, the rest among the identifiers."""
    held = numbers(case)
    first = {scheme: values[0] for scheme, values in held.items()}
    return {
        "prisonerNumber": first.get(Scheme.NOMS),
        "pncNumber": first.get(Scheme.PNC),
        "croNumber": first.get(Scheme.CRO),
        "bookNumber": custody.get("bookingNumber") or first.get(Scheme.BOOKING),
        "identifiers": [
            {"type": scheme.name, "value": value}
            for scheme in (Scheme.PNC, Scheme.CRO)
            for value in held.get(scheme, [])[1:]
        ],
    }


def _custody(custody: Told) -> dict[str, Any]:
    dates = custody.get("sentenceDates") or {}
    starts = [one.get("start") for one in custody.get("temporaryReleases") or []]
    return {
        **_named(custody, CUSTODY),
        **{place: dates.get(_alias(SentenceDates, field)) for field, place in PLACES.items()},
        "prisonId": custody.get("prison") or custody.get("locationCode"),
        "releaseOnTemporaryLicenceDate": next(iter(starts), None),
        "alerts": [_named(alert, ALERT) for alert in custody.get("alerts") or []],
    }


def _alias(model: type[Canonical], field: str) -> str:
    return model.model_fields[field].alias or field


_KINDS = (Kind.PERSON, Kind.CUSTODY)
EXPORTS = (Export("case.json", "application/json", _KINDS, write, alone=True),)
