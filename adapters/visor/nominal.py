"""Mapping one checked `nominal` to canonical records (DOMAIN.md §3)."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from adapters.base import AdapterError, Caution, MappedPerson, MappedRecord, Subject
from adapters.json_adapter import identifiers_of, unique
from adapters.reading import Node
from adapters.visor import elements
from adapters.visor.risk import read_rosh
from adapters.visor.walk import Place
from schemas import Record
from schemas.case_team import CaseTeam
from schemas.identifiers import Scheme, canonical
from schemas.kinds import Agency
from schemas.mappa import MappaRegistration
from schemas.person import Identifier, Person

SYSTEM = "visor"
ANSWERS = (
    "risk-management-plan",
    "licence-conditions",
    "custody",
    "mappa-minutes",
    "activity",
    "residence",
    "withheld",
)


def read_nominal(place: Place, subject: Subject | None) -> MappedPerson:
    """One person's share. Raises `AdapterError` (`subject-mismatch`, `no-subject`)."""
    identifiers = identifiers_of(SYSTEM, _named(place), subject)
    if not identifiers:
        raise AdapterError("no-subject", "send the ViSOR reference", place.node.pointer)
    if subject is not None and canonical(subject.scheme, subject.value) is None:
        place.node.cautions.append(Caution("unverified-identifier", ""))
    for tag in ANSWERS:
        if found := place.child(tag):
            found.node.warn("unknown-field")
    records = _records(place, identifiers)
    return MappedPerson(identifiers, records, unique(place.node.cautions))


def _named(place: Place) -> Iterator[tuple[Scheme, Node]]:
    """The register's own reference first, then every identifier of the person."""
    yield Scheme.VISOR, place.attribute("reference")
    person = place.child("person")
    for one in person.children("identifier") if person else []:
        scheme, value = one.child("scheme"), one.child("value")
        if scheme and value:
            yield Scheme(str(scheme.node.value).strip()), value.node


def _records(place: Place, identifiers: list[Identifier]) -> list[MappedRecord]:
    written = place.attribute("updated").time()
    sections: list[tuple[str, str, Callable[[Place], Record]]] = [
        ("person", "current", lambda part: _person(part, identifiers)),
        ("team", "current", _team),
        ("mappa", "current", _mappa),
    ]
    records = [
        MappedRecord(read(part), source_ref, _written(part, written))
        for tag, source_ref, read in sections
        if (part := place.child(tag))
    ]
    if rosh := read_rosh(place):
        part = place.child("rosh")
        records.append(
            MappedRecord(rosh, "police-scores", _written(part, written) if part else written)
        )
    return records


def _written(part: Place, whole: datetime | None) -> datetime | None:
    return part.attribute("updated").time() or whole


def _person(place: Place, identifiers: list[Identifier]) -> Person:
    values = place.read(elements.PERSON)
    return Person.model_validate({"name": {}} | values | {"identifiers": identifiers})


def _team(place: Place) -> CaseTeam:
    both = [*place.children("manager"), *place.children("partner")]
    by_element = {one.element: one for one in both}
    members = [by_element[element] for element in place.element]
    return CaseTeam.model_validate({"members": [_member(one) for one in members]})


def _member(place: Place) -> dict[str, Any]:
    """An agency the gateway does not know is `other`, and its word is kept in the role."""
    manager = place.element.tag.endswith("}manager")
    values = place.read(elements.MEMBER)
    word = values.pop("agency", "police" if manager else "")
    role = values.pop("role", "offender-manager" if manager else "partner")
    if word not in set(Agency):
        place.node.warn("unknown-code")
        word, role = Agency.OTHER, f"{role} ({word})" if word else role
    return values | {"agency": word, "role": role}


def _mappa(place: Place) -> MappaRegistration:
    read = MappaRegistration.model_validate(place.read(elements.MAPPA))
    if read.category == 3 and read.level == 1:
        place.node.warn("category-3-level-1")
    return read
